#include "sim/world/outcome_cache.h"

/* 0: no key */
static uint32_t
id_of(const KeyRing *ring, KeyHandle key)
{
    return key == 0 ? 0 : keyring_id(ring, key);
}

void
outcome_cache_learn(const OutcomeCache *cache, CachedOutcome *outcome, const CardRecord *payer,
                    const CardRecord *payee, int32_t day, Cents amount)
{
    const CardRecord *const before[N_SIDES] = { payer, payee };
    CardRecord after[N_SIDES] = { *payer, *payee };

    *outcome = (CachedOutcome){ .cards = { outcome_cache_card(payer), outcome_cache_card(payee) } };
    outcome->class = settle_cards(cache->settle, 0, day, &after[SIDE_PAYER], &after[SIDE_PAYEE],
                                  NULL, NULL, amount);
    for (Side side = 0; side < N_SIDES; side++) {
        outcome->transfer_key[side] = after[side].transfer_key;
        outcome->update_key[side] = after[side].update_key;
        recorder_change_add(&outcome->change, cache->recorder, KEY_TRANSFER,
                            id_of(cache->ring, before[side]->transfer_key),
                            id_of(cache->ring, after[side].transfer_key));
        recorder_change_add(&outcome->change, cache->recorder, KEY_UPDATE,
                            id_of(cache->ring, before[side]->update_key),
                            id_of(cache->ring, after[side].update_key));
    }
}
