#include "sim/world/world.h"

void
world_note_cards(World *world, Micros at, uint64_t n, const CardMemory *memory)
{
    uint32_t transfer_id = world_id(world, memory->transfer_key);
    uint32_t update_id = world_id(world, memory->update_key);

    recorder_cards_enter(world->recorder, at, n, transfer_id, update_id);
    observers_tell_cards(&world->observers, at, world->population->n_cards - (uint32_t)n, n,
                         transfer_id, update_id);
}

static void
note_key(World *world, Micros now, Micros at, KeyKind kind, KeyHandle before, KeyHandle after)
{
    uint32_t from = world_id(world, before);
    uint32_t to = world_id(world, after);

    recorder_key_changes(world->recorder, now, at, kind, from, to);
    if (before != after)
        observers_tell_keys(&world->observers, now, at, kind, from, to);
}

void
world_note_keys(World *world, Micros now, Micros at, const CardMemory *before,
                const CardMemory *after)
{
    note_key(world, now, at, KEY_TRANSFER, before->transfer_key, after->transfer_key);
    note_key(world, now, at, KEY_UPDATE, before->update_key, after->update_key);
}

uint32_t
world_setting(const World *world, guint group, const Seat seats[static N_SIDES])
{
    const GArray *all = world->chips;
    const Chip *first = &g_array_index(all, Chip, 0);
    uint32_t setting = group;

    for (Side side = 0; side < N_SIDES; side++)
        setting = setting * all->len + (uint32_t)(seats[side].chip - first);
    return setting;
}

void
world_note_restored(World *world, Micros at, const Cents restored[static N_SIDES])
{
    Cents sum = restored[SIDE_PAYER] + restored[SIDE_PAYEE];

    if (sum > 0)
        recorder_book(world->recorder, at, BOOK_DESTROYED, -sum);
}

void
world_note_left(World *world, Micros now, uint16_t expiry_day, Cents left)
{
    Micros since;

    if (left < 0)
        recorder_book(world->recorder, now, BOOK_MINTED, -left);
    else if (left > 0)
        recorder_book(world->recorder,
                      world_has_ended(world, expiry_day, now, &since) ? since : now, BOOK_STRANDED,
                      left);
}

void
world_note_settlement(World *world, const ObservedSettlement *settlement)
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
        world_note_keys(world, settlement->decided, settlement->start, &before[side], &after[side]);
    }
    observers_tell_settlement(&world->observers, settlement);
}
