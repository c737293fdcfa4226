/* acceptance.h - what becomes of settlements with a card whose certificate is revoked.
 *
 * A terminal goes on accepting it until it has fetched a list that names it: half a period of
 * its refreshment in the mean, for ever if its list is from the factory. */
#ifndef SIM_ACCEPTANCE_H
#define SIM_ACCEPTANCE_H

#include "model/outcome.h"
#include "model/units.h"

#include "sim/latency.h"
#include "sim/table.h"

#include <glib.h>
#include <stdint.h>

typedef struct Acceptance Acceptance;

/* No card is revoked yet. */
Acceptance *acceptance_new(Micros duration, Micros sample_interval);
void acceptance_free(Acceptance *acceptance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Acceptance, acceptance_free)

/* So many more revoked cards are in circulation from @at on; below 0: they were replaced. */
void acceptance_cards(Acceptance *acceptance, Micros at, int64_t n);

/* A settlement that starts at @at, in which one card at least is revoked. */
void acceptance_settled(Acceptance *acceptance, Micros at, Outcome outcome);

/**
 * acceptance_close:
 * @metrics: of Metric
 *
 * The run is over at @end. Appends `revoked-settlements` and `revoked-accepted`.
 */
void acceptance_close(Acceptance *acceptance, Micros end, GArray *metrics);

#define ACCEPTANCE_COLUMNS                                                                         \
    "scenario,point,replication,time_s,revoked_cards,settlements,accepted,refused_revoked"

/* Rows of revocation.csv, one an interval from the first revocation on. */
void acceptance_write(const Acceptance *acceptance, const RunId *id, Table *table);

#endif
