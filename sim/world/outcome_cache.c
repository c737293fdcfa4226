#include "sim/world/outcome_cache.h"

void
outcome_cache_learn(CachedOutcome *turn, const Settle *settle, const World *world,
                    const CardRecord *payer, const CardRecord *payee, int32_t day, Cents amount)
{
    const CardRecord *const before[N_SIDES] = { payer, payee };
    CardRecord after[N_SIDES] = { *payer, *payee };

    *turn = (CachedOutcome){ .cards = { outcome_cache_card(payer), outcome_cache_card(payee) } };
    turn->class =
        settle_cards(settle, 0, day, &after[SIDE_PAYER], &after[SIDE_PAYEE], NULL, NULL, amount);
    for (Side side = 0; side < N_SIDES; side++) {
        turn->transfer_key[side] = after[side].transfer_key;
        turn->update_key[side] = after[side].update_key;
        recorder_change_add(&turn->change, world->recorder, KEY_TRANSFER,
                            world_id(world, before[side]->transfer_key),
                            world_id(world, after[side].transfer_key));
        recorder_change_add(&turn->change, world->recorder, KEY_UPDATE,
                            world_id(world, before[side]->update_key),
                            world_id(world, after[side].update_key));
    }
}
