/* plan.h - interventions: cards that are issued or swapped. */
#ifndef SIM_PLAN_H
#define SIM_PLAN_H

#include "model/keyring.h"
#include "model/population.h"

#include "sim/scenario.h"

#include <glib.h>
#include <stdint.h>

/**
 * plan_make_entry:
 * @terms: of a cohort
 * @cohort: its index
 *
 * Returns: the cohort entry of cards issued with these terms at @now
 */
CohortEntry plan_make_entry(KeyRing *ring, const CardTerms *terms, uint16_t cohort, Micros now);

/* The memory of a card issued with these terms at @now. */
CardMemory plan_make_memory(KeyRing *ring, const CardTerms *terms, Cents balance, Micros now);

/* Changes an entry to what a plan action's @terms set. */
void plan_change_entry(KeyRing *ring, CohortEntry *entry, const CardTerms *terms, Micros now);

/* Changes a memory likewise; the balance becomes 0. */
void plan_change_memory(KeyRing *ring, CardMemory *memory, const CardTerms *terms, Micros now);

/**
 * plan_choose_cards:
 * @seed, @replication: of the stream, which is the action's own
 *
 * Returns: (transfer full): @action->cards different cards below @n_cards, of
 *   guint32, in the order in which they are swapped
 */
GArray *plan_choose_cards(const ScenarioPlan *action, uint32_t n_cards, uint64_t seed,
                          uint64_t replication);

/**
 * plan_collect_ids:
 *
 * Returns: (transfer full): the IDs of @kind that can occur in the scenario, of
 *   guint32, ascending
 */
GArray *plan_collect_ids(const Scenario *scenario, KeyKind kind);

/* Cards that the plan adds to those of the cohorts. */
int64_t plan_n_issued(const Scenario *scenario);

#endif
