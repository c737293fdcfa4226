/* plan.h - interventions: what they do to a card, and which cards they draw. */
#ifndef SIM_PLAN_H
#define SIM_PLAN_H

#include "model/keyring.h"
#include "model/population.h"

#include "sim/scenario.h"
#include "sim/stream.h"

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

/* The memory of a card issued with these terms, which never expires. */
CardMemory plan_make_memory(KeyRing *ring, const CardTerms *terms, Cents balance);

/* Changes an entry to what a plan action's @terms set. */
void plan_change_entry(KeyRing *ring, CohortEntry *entry, const CardTerms *terms, Micros now);

/* Changes a memory likewise, but for the term of validity; the balance becomes 0. */
void plan_change_memory(KeyRing *ring, CardMemory *memory, const CardTerms *terms);

/* Sets a card's term of validity, counted from @now, by @law; one that is not set leaves it as it
 * was. @stream: a law that draws takes one number from it */
void plan_change_expiry(CardMemory *memory, const ExpiryLaw *law, Stream *stream, Micros now);

/**
 * plan_choose_cards:
 * @stream: the action's own
 *
 * Returns: (transfer full): @n different numbers below @n_cards, of guint32; every set is
 *   equally likely, but not every order
 */
GArray *plan_choose_cards(Stream *stream, uint32_t n_cards, uint32_t n);

/* Puts them into random order. */
void plan_shuffle_cards(Stream *stream, GArray *cards);

/* The terms with IDs, limits and preloaded IDs higher @by so many; its list of preloaded IDs
 * is the caller's. */
CardTerms plan_raise_terms(const CardTerms *terms, int64_t by);

/**
 * plan_collect_ids:
 *
 * Returns: (transfer full): the IDs of @kind that can occur in the scenario, of
 *   guint32, ascending
 */
GArray *plan_collect_ids(const Scenario *scenario, KeyKind kind);

/* Cards that the plan adds to those of the cohorts, at most. */
int64_t plan_n_issued(const Scenario *scenario);

#endif
