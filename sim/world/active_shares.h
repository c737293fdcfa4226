/* active_shares.h - when a share of the active cards had a key, as samples show it.
 *
 * Cards that nobody uses hold a rollover up for ever and hardly matter, so a planner asks
 * about those in use. Only where the scenario says how lately a card must have been used:
 * each sample is a pass over all cards. */
#ifndef SIM_WORLD_ACTIVE_SHARES_H
#define SIM_WORLD_ACTIVE_SHARES_H

#include "sim/base/engine.h"
#include "sim/world/world.h"

#include <glib.h>

typedef struct ActiveShares ActiveShares;

/* @world, @engine: borrowed. Returns: (nullable): NULL if the scenario does not ask for it */
ActiveShares *active_shares_new(const World *world, SimEngine *engine);
void active_shares_free(ActiveShares *shares);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ActiveShares, active_shares_free)

/**
 * active_shares_add_metrics:
 * @shares: (nullable)
 *
 * Looks at the end of the run too, and appends (Metric) `time-to-share-active` of each
 * generation, once it or a newer one has appeared, and each of metric_shares: from
 * recorder_begin() to the first sample in which so large a share of the active cards held it or a
 * newer one.
 */
void active_shares_add_metrics(ActiveShares *shares, GArray *metrics);

#endif
