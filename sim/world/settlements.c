#include "sim/world/settlements.h"

#include "sim/world/decision.h"
#include "sim/world/wire_settlements.h"

#include <string.h>

static const CohortEntry *
entry_of(const World *world, uint32_t card)
{
    return population_entry(world->population, world->population->records[card].entry);
}

/* Whether records and rules say what becomes of a card. */
static bool
is_decided(const World *world, uint32_t card)
{
    return world->decision != NULL && entry_of(world, card)->rogue == ROGUE_CARDS_NONE;
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
    if (start >= world->end) {
        world->terminals->groups[choice->group].unserved++;
        return;
    }
    end = wire_settlements_settle(world, block, i, start, world->n_arrivals).end;
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
settlements_run_block(World *world, const MeetingBlock *block)
{
    if (world->decision != NULL)
        decision_settle(world->decision, block);
    else
        settle_on_wire(world, block);
}

/* Tells what is no meeting. @is_settled: whether @result has a course */
static void
tell(const World *world, ObservedKind kind, const uint32_t cards[static N_SIDES], Micros now,
     const WireResult *result, bool is_settled)
{
    ObservedSettlement settlement = {
        .kind = kind,
        .cards = cards,
        .decided = now,
        .start = now,
        .before = result->before,
        .after = result->after,
    };

    if (is_settled) {
        settlement.outcome = result->course.seen.outcome;
        settlement.path = result->course.seen.path;
        for (Side side = 0; side < N_SIDES; side++)
            settlement.wrote[side] = result->course.log[side].wrote;
        settlement.course = &result->course;
    }
    observers_tell_settlement(&world->observers, &settlement);
}

/* By record: the old card (SIDE_PAYER) has paid all it has to the new one. */
static WireResult
swap_by_record(World *world, uint32_t card, uint16_t entry, const CardMemory *replacement,
               Micros now)
{
    WireResult result = { .before = { population_memory(world->population, card), *replacement } };
    CardRecord *record = &world->population->records[card];

    memcpy(result.after, result.before, sizeof result.after);
    if (result.before[SIDE_PAYER].balance > 0)
        result.course = decision_hand_over(world->decision, world_newest_crl(world), now,
                                           &result.after[SIDE_PAYER], record->entry,
                                           &result.after[SIDE_PAYEE], entry);
    decision_forget(world->decision, card);
    if (world->wire != NULL)
        wire_forget(world->wire, card);
    record->entry = entry;
    population_store(world->population, card, &result.after[SIDE_PAYEE]);
    return result;
}

void
settlements_swap(World *world, uint32_t card, uint16_t entry, const CardMemory *replacement,
                 Micros now, uint64_t number)
{
    const uint32_t cards[N_SIDES] = { card, card };
    WireResult result;
    Cents held;

    if (world->decision != NULL)
        decision_learn(world->decision);
    result = is_decided(world, card) ? swap_by_record(world, card, entry, replacement, now)
                                     : wire_swap(world->wire, card, entry, replacement,
                                                 world_date(world, now), now, number);
    held = result.before[SIDE_PAYER].balance;
    world_note_keys(world, now, now, &result.before[SIDE_PAYER], &result.after[SIDE_PAYEE]);
    world_note_left(world, now, result.before[SIDE_PAYER].expiry_day,
                    held - result.after[SIDE_PAYEE].balance);
    tell(world, OBSERVED_SWAP, cards, now, &result, held > 0);
}

void
settlements_recall(World *world, uint32_t card, const CardMemory *memory, Micros now)
{
    const uint32_t cards[N_SIDES] = { OBSERVED_NO_CARD, card };
    const WireResult result = { .before[SIDE_PAYEE] = population_memory(world->population, card),
                                .after[SIDE_PAYEE] = *memory };

    population_store(world->population, card, memory);
    world_note_keys(world, now, now, &result.before[SIDE_PAYEE], memory);
    if (world->decision != NULL)
        decision_learn(world->decision);
    tell(world, OBSERVED_RECALL, cards, now, &result, false);
}

void
settlements_recall_in_vain(World *world, uint32_t card, Micros now)
{
    const uint32_t cards[N_SIDES] = { OBSERVED_NO_CARD, card };
    const CardMemory memory = population_memory(world->population, card);
    const WireResult result = { .before[SIDE_PAYEE] = memory,
                                .after[SIDE_PAYEE] = memory,
                                .course = { .seen.outcome = OUTCOME_REFUSED_LIMIT,
                                            .log[SIDE_PAYEE].at_limit = true } };

    tell(world, OBSERVED_RECALL, cards, now, &result, true);
}

void
settlements_visit(World *world, ObservedKind kind, uint32_t card, const WireOutsider *special,
                  Micros now, uint64_t number)
{
    const uint32_t cards[N_SIDES] = { OBSERVED_NO_CARD, card };
    WireResult result = { .before = { special->memory,
                                      population_memory(world->population, card) } };

    if (is_decided(world, card)) {
        memcpy(result.after, result.before, sizeof result.after);
        decision_learn(world->decision);
        result.course = decision_hand_over(
            world->decision, world_newest_crl(world), now, &result.after[SIDE_PAYER],
            special->entry, &result.after[SIDE_PAYEE], world->population->records[card].entry);
        population_store(world->population, card, &result.after[SIDE_PAYEE]);
    } else {
        result = wire_visit(world->wire, card, special, world_date(world, now), now, number);
    }
    result.after[SIDE_PAYER] = result.before[SIDE_PAYER]; /* nobody keeps it */
    world_note_keys(world, now, now, &result.before[SIDE_PAYEE], &result.after[SIDE_PAYEE]);
    tell(world, kind, cards, now, &result, true);
}

void
settlements_tap(World *world, uint32_t card, WireOutsider *own, Micros now, uint64_t number)
{
    const uint32_t cards[N_SIDES] = { OBSERVED_NO_CARD, card };
    WireResult result = { .before = { own->memory, population_memory(world->population, card) } };

    if (is_decided(world, card) &&
        population_entry(world->population, own->entry)->rogue == ROGUE_CARDS_NONE) {
        memcpy(result.after, result.before, sizeof result.after);
        decision_learn(world->decision);
        result.course = decision_hand_over(
            world->decision, 0, -MICROS_PER_DAY, &result.after[SIDE_PAYER], own->entry,
            &result.after[SIDE_PAYEE], world->population->records[card].entry);
    } else {
        result = wire_tap(world->wire, card, own, world_date(world, now), now, number);
    }
    own->memory = result.after[SIDE_PAYER];
    result.after[SIDE_PAYEE] = result.before[SIDE_PAYEE]; /* the card does not notice */
    tell(world, OBSERVED_TAP, cards, now, &result, true);
}
