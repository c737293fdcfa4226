/* pairs.h - who pays whom, by the scenario's [mixing]. */
#ifndef SIM_TRAFFIC_PAIRS_H
#define SIM_TRAFFIC_PAIRS_H

#include "model/protocol/population.h"

#include "sim/base/stream.h"
#include "sim/scenario/card_group.h"
#include "sim/traffic/merchants.h"
#include "sim/traffic/mixing.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Scenario Scenario;
typedef struct Pairs Pairs;

/* No card yet. @scenario: borrowed */
Pairs *pairs_new(const Scenario *scenario, uint64_t replication);
void pairs_free(Pairs *pairs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pairs, pairs_free)

/* Whether cards of the cohort take columns of alias tables. */
bool pairs_needs_table(const Scenario *scenario, const ScenarioCohort *cohort);

/* Which merchant's card this is; MERCHANTS_NOBODY if none's. */
uint32_t pairs_merchant(const Pairs *pairs, uint32_t card);

/* Adds @n cards of the cohort of that index, which follow those added before: their activities are
 * drawn. */
void pairs_add_cards(Pairs *pairs, guint index, uint32_t n);

/* Cards of @cohorts, of guint (none: all), that start no payments. They are kept only where the
 * plan wakes some. */
uint32_t pairs_n_dormant(const Pairs *pairs, const GArray *cohorts);

/**
 * pairs_wake:
 * @n: how many of them, or all if there are fewer
 * @stream: which ones
 *
 * From now on they pay at rates that are drawn by the laws of their cohorts.
 */
void pairs_wake(Pairs *pairs, const GArray *cohorts, int64_t n, Stream *stream);

/* Payments a day of all cards. */
double pairs_total_rate(const Pairs *pairs);

/* At once. */
#define PAIRS_BLOCK 256

/**
 * pairs_draw:
 * @merchants: see MeetingBlock; stays as it is where there are no merchants
 * @n: at most PAIRS_BLOCK
 * @records: of all cards; those of the cards that are drawn are fetched from memory
 *
 * Draws payers and payees, who are never the same. The total rate must not be 0.
 */
void pairs_draw(Pairs *pairs, uint32_t *payers, uint32_t *payees, uint32_t *merchants, guint n,
                const CardRecord *records);

#endif
