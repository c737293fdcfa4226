/* census.h - the cards at the end of a run, counted by what they hold and when they were used. */
#ifndef SIM_CENSUS_H
#define SIM_CENSUS_H

#include "sim/world.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether a card was in a settlement within the scenario's active-within. */
bool census_is_active(const World *world, const CardRecord *record, Micros now);

/* The ID of the key in use on a card; 0 of no key. */
uint32_t census_id(const World *world, const CardRecord *record, KeyKind kind);

/**
 * census_count_active:
 * @ids: of guint32, ascending
 * @at_least: (out): of each, how many of the active cards hold it or a newer one
 *
 * Returns: how many cards were in a settlement within the scenario's active-within, which must be
 *   set
 */
uint64_t census_count_active(const World *world, KeyKind kind, const GArray *ids,
                             uint64_t *at_least, Micros now);

/**
 * census_take:
 * @now: the end of the run
 *
 * Returns: (transfer full): of Metric: `active-cards`, which were in a settlement within the
 *   scenario's active-within; of each generation `final-share-active`, the share of them that
 *   holds it or a newer one; where keys are delivered `due-for-reclamation`, cards whose limit
 *   is below the newest transfer key in use. Empty if the scenario does not ask for it
 */
GArray *census_take(const World *world, Micros now);

#endif
