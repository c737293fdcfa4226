#include "sim/world.h"

void
world_note_keys(World *world, Micros at, const CardMemory *before, const CardMemory *after)
{
    recorder_key_changes(world->recorder, at, KEY_TRANSFER, world_id(world, before->transfer_key),
                         world_id(world, after->transfer_key));
    recorder_key_changes(world->recorder, at, KEY_UPDATE, world_id(world, before->update_key),
                         world_id(world, after->update_key));
}

uint32_t
world_setting(const World *world, guint group, const Seat seats[static N_SIDES])
{
    const GArray *all = world->scenario->chips;
    const Chip *first = &g_array_index(all, Chip, 0);
    uint32_t setting = group;

    for (Side side = 0; side < N_SIDES; side++)
        setting = setting * all->len + (uint32_t)(seats[side].chip - first);
    return setting;
}

void
world_note_settlement(World *world, const WorldSettlement *settlement)
{
    const CardMemory *before = settlement->before;
    const CardMemory *after = settlement->after;
    Cents debit = before[SIDE_PAYER].balance - after[SIDE_PAYER].balance;
    Cents credit = after[SIDE_PAYEE].balance - before[SIDE_PAYEE].balance;

    recorder_meetings(world->recorder, settlement->start, settlement->outcome, 1, credit);
    if (debit != credit)
        recorder_book(world->recorder, settlement->start,
                      debit > credit ? BOOK_DESTROYED : BOOK_MINTED, ABS(debit - credit));
    for (Side side = 0; side < N_SIDES; side++) {
        if (settlement->wrote[side] != 0 && settlement->path != PATH_NONE)
            recorder_update(world->recorder, settlement->start, settlement->path, 1);
        world_note_keys(world, settlement->start, &before[side], &after[side]);
    }
}
