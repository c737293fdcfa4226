/* outcome_cache.h - what a settlement makes of two cards' keys, remembered.
 *
 * Unless money, a date or a revocation list stands in the way, two cards with the same keys
 * and cohort entries as two others end alike. So each combination is settled once. */
#ifndef SIM_WORLD_OUTCOME_CACHE_H
#define SIM_WORLD_OUTCOME_CACHE_H

#include "model/decision/settle.h"

#include "sim/measure/recorder.h"

#include <stdint.h>

/**
 * CachedOutcome:
 * @cards: keys and entries before it, see outcome_cache_card()
 * @class: of the settlement
 * @transfer_key, @update_key: after it
 * @change: of the counts of generations
 */
typedef struct {
    uint64_t cards[N_SIDES];
    uint8_t class;
    KeyHandle transfer_key[N_SIDES];
    KeyHandle update_key[N_SIDES];
    RecorderChange change;
} CachedOutcome;

#define OUTCOME_CACHE_BITS 8

/**
 * OutcomeCache: as many combinations as are likely to be met; one that is not there displaces
 * another
 * @settle, @recorder, @ring: borrowed: what says the outcome, whose generations it changes, and
 *   which key is of which
 */
typedef struct {
    const Settle *settle;
    const Recorder *recorder;
    const KeyRing *ring;
    CachedOutcome outcomes[1U << OUTCOME_CACHE_BITS];
} OutcomeCache;

/* Keys and entry of a card as one number; never 0, as no card is without a key. */
static inline uint64_t
outcome_cache_card(const CardRecord *card)
{
    return (uint64_t)card->entry << 32 | (uint64_t)card->update_key << 16 | card->transfer_key;
}

static inline CachedOutcome *
outcome_cache_place(OutcomeCache *cache, uint64_t payer, uint64_t payee)
{
    uint64_t bits = (payer ^ (payee << 24 | payee >> 40)) * UINT64_C(0x9E3779B97F4A7C15);

    return &cache->outcomes[bits >> (64 - OUTCOME_CACHE_BITS)];
}

/* Settles for @outcome, which has another combination or none. */
void outcome_cache_learn(const OutcomeCache *cache, CachedOutcome *outcome, const CardRecord *payer,
                         const CardRecord *payee, int32_t day, Cents amount);

/**
 * outcome_cache_find:
 * @payer, @payee: cards that settle_is_untroubled() on @day with @amount, and that no list
 *   revokes
 *
 * Returns: what becomes of them
 */
static inline const CachedOutcome *
outcome_cache_find(OutcomeCache *cache, const CardRecord *payer, const CardRecord *payee,
                   int32_t day, Cents amount)
{
    uint64_t first = outcome_cache_card(payer);
    uint64_t second = outcome_cache_card(payee);
    CachedOutcome *outcome = outcome_cache_place(cache, first, second);

    if (outcome->cards[SIDE_PAYER] != first || outcome->cards[SIDE_PAYEE] != second)
        outcome_cache_learn(cache, outcome, payer, payee, day, amount);
    return outcome;
}

#endif
