/* revoked_cards.h - what becomes of settlements with a card whose certificate is revoked.
 *
 * A terminal keeps accepting it until it has fetched a list that names it: half a period of
 * its refreshment in the mean, for ever if its list is from the factory. */
#ifndef SIM_MEASURE_REVOKED_CARDS_H
#define SIM_MEASURE_REVOKED_CARDS_H

#include "model/protocol/outcome.h"
#include "model/protocol/population.h"
#include "model/protocol/units.h"

#include "sim/base/table.h"
#include "sim/measure/observers.h"

#include <glib.h>
#include <stdint.h>

typedef struct RevokedCards RevokedCards;

/* No card is revoked yet. */
RevokedCards *revoked_cards_new(Micros duration, Micros sample_interval);
void revoked_cards_free(RevokedCards *revoked);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RevokedCards, revoked_cards_free)

/* Counts by itself the meetings of cards that are revoked in @population, as soon as there are
 * such; until then it joins nobody. Both are borrowed. */
void revoked_cards_watch(RevokedCards *revoked, Observers *observers, const Population *population);

/* So many more revoked cards are in circulation from @at on; below 0: they were replaced. */
void revoked_cards_cards(RevokedCards *revoked, Micros at, int64_t n);

/* A settlement that starts at @at, in which one card at least is revoked. */
void revoked_cards_settled(RevokedCards *revoked, Micros at, Outcome outcome);

/**
 * revoked_cards_close:
 * @metrics: of Metric
 *
 * The run is over at @end. Appends `revoked-settlements` and `revoked-accepted`.
 */
void revoked_cards_close(RevokedCards *revoked, Micros end, GArray *metrics);

#define REVOKED_CARDS_COLUMNS                                                                      \
    "scenario,point,replication,time_s,revoked_cards,settlements,accepted,refused_revoked"

/* Rows of revocation.csv, one an interval from the first revocation on. */
void revoked_cards_write(const RevokedCards *revoked, const RunId *id, Table *table);

#endif
