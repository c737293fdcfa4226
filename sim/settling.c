#include "sim/settling.h"

#include "sim/decision.h"

/* Posts what a settlement changed on both cards. */
static void
note_settlement(World *world, const WireResult *result, Micros at)
{
    Cents debit = result->before[SIDE_PAYER].balance - result->after[SIDE_PAYER].balance;
    Cents credit = result->after[SIDE_PAYEE].balance - result->before[SIDE_PAYEE].balance;

    recorder_meetings(world->recorder, at, result->course.seen.outcome, 1, credit);
    recorder_book(world->recorder, debit >= credit ? BOOK_DESTROYED : BOOK_MINTED,
                  debit >= credit ? debit - credit : credit - debit);
    for (Side side = 0; side < N_SIDES; side++) {
        if (result->course.log[side].wrote == 0)
            continue;
        if (result->course.seen.path != PATH_NONE)
            recorder_update(world->recorder, result->course.seen.path, 1);
        world_note_keys(world, at, &result->before[side], &result->after[side]);
    }
}

static const Chip *
chip_of(const World *world, uint32_t card)
{
    return population_entry(world->population, world->population->records[card].entry)->chip;
}

/* One settlement at a terminal. Returns: its end. */
static Micros
settle(World *world, const MeetingBlock *block, guint i, Micros start)
{
    const TerminalChoice *choice = &block->terminal[i];
    TerminalGroup *group = &world->terminals->groups[choice->group];
    const Seat seats[N_SIDES] = {
        { chip_of(world, block->payer[i]), group->place.interface[SIDE_PAYER] },
        { chip_of(world, block->payee[i]), group->place.interface[SIDE_PAYEE] },
    };
    WireResult result =
        wire_settle(world->wire, &group->place, world_crl(world, group, choice, block->at[i]),
                    block->payer[i], block->payee[i], block->amount[i], world_date(world, start),
                    start, world->n_arrivals);
    LatencyClass *class = latency_class(world->latency, &result.course,
                                        world_setting(world, choice->group, seats), seats,
                                        group->kind);

    note_settlement(world, &result, start);
    latency_count(world->latency, class, start - block->at[i]);
    if (start > block->at[i])
        terminals_note_wait(group, start - block->at[i]);
    return start + class->duration.total;
}

static void
meet(World *world, const MeetingBlock *block, guint i)
{
    Population *population = world->population;
    const TerminalChoice *choice = &block->terminal[i];
    Micros *free_at = terminals_free_at(&world->terminals->groups[choice->group], choice);
    Micros start = free_at == NULL ? block->at[i] : MAX(block->at[i], *free_at);
    Micros end;

    world->n_arrivals++;
    if (world_is_busy(world, block->payer[i], block->at[i]) ||
        (block->merchant[i] == MERCHANTS_NOBODY &&
         world_is_busy(world, block->payee[i], block->at[i]))) {
        recorder_card_busy(world->recorder, block->at[i], 1);
        return;
    }
    if (start >= world->end)
        return;
    end = settle(world, block, i, start);
    if (free_at != NULL)
        *free_at = end;
    population_set_end(population, block->payer[i], end);
    population_set_end(population, block->payee[i], end);
}

static void
settle_on_wire(World *world, const MeetingBlock *block)
{
    for (guint i = 0; i < block->n; i++)
        meet(world, block, i);
}

void
settling_run_block(World *world, const MeetingBlock *block)
{
    if (world->decision != NULL)
        decision_settle(world->decision, block);
    else
        settle_on_wire(world, block);
}

/* Both memories after the old card has paid all it has to the new one. */
static void
hand_over(World *world, uint32_t card, uint16_t entry, CardMemory *old, CardMemory *replacement,
          Micros now, uint64_t number)
{
    uint16_t old_entry = world->population->records[card].entry;
    WireResult result;

    if (world->decision != NULL) {
        decision_learn(world->decision);
        if (old->balance > 0)
            decision_swap(world->decision, old, old_entry, replacement, entry, now);
        world->population->records[card].entry = entry;
        population_store(world->population, card, replacement);
        return;
    }
    result = wire_swap(world->wire, card, entry, replacement, world_date(world, now), now, number);
    *old = result.after[SIDE_PAYER];
    *replacement = result.after[SIDE_PAYEE];
}

void
settling_swap(World *world, uint32_t card, uint16_t entry, const CardMemory *replacement, Micros now,
           uint64_t number)
{
    const CardMemory before = population_memory(world->population, card);
    CardMemory old = before;
    CardMemory new = *replacement;

    hand_over(world, card, entry, &old, &new, now, number);
    world_note_keys(world, now, &before, &new);
    recorder_book(world->recorder, BOOK_STRANDED, before.balance - new.balance);
}

void
settling_write(World *world, uint32_t card, const CardMemory *memory, Micros now)
{
    const CardMemory before = population_memory(world->population, card);

    population_store(world->population, card, memory);
    world_note_keys(world, now, &before, memory);
    if (world->decision != NULL)
        decision_learn(world->decision);
}

void
settling_visit(World *world, uint32_t card, uint16_t entry, const CardMemory *special, Micros now,
            uint64_t number)
{
    const CardMemory before = population_memory(world->population, card);
    CardMemory giver = *special;
    CardMemory after = before;

    if (world->decision != NULL) {
        decision_learn(world->decision);
        decision_swap(world->decision, &giver, entry, &after,
                      world->population->records[card].entry, now);
        population_store(world->population, card, &after);
    } else {
        after = wire_visit(world->wire, card, entry, special, world_date(world, now), now, number)
                    .after[SIDE_PAYEE];
    }
    world_note_keys(world, now, &before, &after);
}
