/* card_terms.h - interventions: what they do to a card, and which cards they draw. */
#ifndef SIM_WORLD_CARD_TERMS_H
#define SIM_WORLD_CARD_TERMS_H

#include "model/protocol/keyring.h"
#include "model/protocol/population.h"

#include "sim/base/stream.h"
#include "sim/scenario/card_group.h"

#include <glib.h>
#include <stdint.h>

/**
 * card_terms_make_entry:
 * @terms: of a cohort
 * @cohort: its index
 *
 * Returns: the cohort entry of cards issued with these terms at @now
 */
CohortEntry card_terms_make_entry(KeyRing *ring, const CardTerms *terms, uint16_t cohort,
                                  Micros now);

/* The memory of a card issued with these terms, which never expires. */
CardMemory card_terms_make_memory(KeyRing *ring, const CardTerms *terms, Cents balance);

/* Changes an entry to what a plan action's @terms set. */
void card_terms_change_entry(KeyRing *ring, CohortEntry *entry, const CardTerms *terms, Micros now);

/* Changes a memory likewise, but for the term of validity; the balance becomes 0. */
void card_terms_change_memory(KeyRing *ring, CardMemory *memory, const CardTerms *terms);

/* Sets a card's term of validity, counted from @now, by @law; one that is not set leaves it as it
 * was. @stream: a law that draws takes one number from it */
void card_terms_change_expiry(CardMemory *memory, const ExpiryLaw *law, Stream *stream, Micros now);

/**
 * card_terms_choose_cards:
 * @stream: the action's own
 *
 * Returns: (transfer full): @n different numbers below @n_cards, of guint32; every set is
 *   equally likely, but not every order
 */
GArray *card_terms_choose_cards(Stream *stream, uint32_t n_cards, uint32_t n);

/* Puts them into random order. */
void card_terms_shuffle_cards(Stream *stream, GArray *cards);

#endif
