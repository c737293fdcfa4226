#include "sim/decision.h"

#include "model/settle.h"

#include "sim/world.h"

#include <string.h>

/* How many meetings ahead the records are fetched from memory. */
#define AHEAD 32

/* The day that the terminals of a group hold to be today, and while they do. */
typedef struct {
    int32_t day;
    Micros from;
    Micros until;
} Today;

struct Decision {
    World *world;
    Settle *settle;
    Today *today;           /* by group */
    LatencyClass ***rows;   /* by setting, NULL until needed: by class, NULL until it occurs */
    guint n_chips;          /* that settings tell apart */
    uint64_t counts[SETTLE_CLASSES]; /* of settlements in the block that are not yet posted */
    uint64_t n_counted;
    Cents moved; /* by them */
    Micros latest;
};

static guint
n_settings(const Decision *decision)
{
    return decision->world->terminals->n_groups * decision->n_chips * decision->n_chips;
}

static void
drop_rows(Decision *decision)
{
    for (guint i = 0; i < n_settings(decision); i++)
        g_free(decision->rows[i]);
    g_clear_pointer(&decision->rows, g_free);
}

void
decision_learn(Decision *decision)
{
    settle_learn(decision->settle, decision->world->population, decision->world->ring);
    if (decision->rows != NULL && decision->n_chips == decision->settle->chips->len)
        return;
    if (decision->rows != NULL)
        drop_rows(decision);
    decision->n_chips = decision->settle->chips->len;
    decision->rows = g_new0(LatencyClass **, n_settings(decision));
}

Decision *
decision_new(World *world)
{
    Decision *decision = g_new0(Decision, 1);

    decision->world = world;
    decision->settle = settle_new(&world->protocol);
    decision->today = g_new0(Today, world->terminals->n_groups);
    decision_learn(decision);
    return decision;
}

void
decision_free(Decision *decision)
{
    if (decision == NULL)
        return;
    drop_rows(decision);
    g_free(decision->today);
    settle_free(decision->settle);
    g_free(decision);
}

static int32_t
find_day(Today *today, Micros clock)
{
    today->day = settle_day(clock);
    today->from = today->day < 0 ? INT64_MIN : today->day * MICROS_PER_DAY;
    today->until = (today->day + INT64_C(1)) * MICROS_PER_DAY;
    return today->day;
}

static inline int32_t
day_at(Today *today, Micros clock)
{
    return clock >= today->from && clock < today->until ? today->day : find_day(today, clock);
}

/* The latency class of a settlement that occurs here for the first time. */
static LatencyClass *
make_class(Decision *decision, guint group, const CohortEntry *const entries[static N_SIDES],
           guint setting, uint8_t class)
{
    World *world = decision->world;
    const TerminalGroup *terminals = &world->terminals->groups[group];
    const Seat seats[N_SIDES] = {
        { entries[SIDE_PAYER]->chip, terminals->place.interface[SIDE_PAYER] },
        { entries[SIDE_PAYEE]->chip, terminals->place.interface[SIDE_PAYEE] },
    };

    if (decision->rows[setting] == NULL)
        decision->rows[setting] = g_new0(LatencyClass *, SETTLE_CLASSES);
    decision->rows[setting][class] =
        latency_class(world->latency, settle_course(decision->settle, class),
                      world_setting(world, group, seats), seats, terminals->kind);
    return decision->rows[setting][class];
}

static inline LatencyClass *
class_of(Decision *decision, guint group, const CardRecord *payer, const CardRecord *payee,
         uint8_t class)
{
    const SettleGate *gates = decision->settle->gates;
    guint setting = (group * decision->n_chips + gates[payer->entry].chip) * decision->n_chips +
                    gates[payee->entry].chip;
    LatencyClass **row = decision->rows[setting];
    const Population *population = decision->world->population;

    if (__builtin_expect(row != NULL && row[class] != NULL, 1))
        return row[class];
    return make_class(decision, group,
                      (const CohortEntry *const[]){ population_entry(population, payer->entry),
                                                    population_entry(population, payee->entry) },
                      setting, class);
}

/* Posts what was counted since the last time. */
static void
post_counts(Decision *decision)
{
    Recorder *recorder = decision->world->recorder;

    if (decision->n_counted == 0)
        return;
    decision->n_counted = 0;
    for (guint class = 0; class < SETTLE_CLASSES; class++) {
        if (decision->counts[class] == 0)
            continue;
        recorder_meetings(recorder, decision->latest,
                          settle_course(decision->settle, (uint8_t)class)->seen.outcome,
                          decision->counts[class], decision->moved);
        decision->counts[class] = 0;
        decision->moved = 0;
    }
}

/* Keys of a card before a settlement. */
typedef struct {
    KeyHandle transfer_key;
    KeyHandle update_key;
} Keys;

/* Posts one settlement of which not only the count matters. */
static void
post_one(Decision *decision, Micros start, uint8_t class, Cents moved,
         const CardRecord *const cards[static N_SIDES], const Keys before[static N_SIDES])
{
    World *world = decision->world;
    const Course *course = settle_course(decision->settle, class);

    post_counts(decision);
    recorder_meetings(world->recorder, start, course->seen.outcome, 1, moved);
    for (Side side = 0; side < N_SIDES; side++) {
        CardMemory old = { .transfer_key = before[side].transfer_key,
                           .update_key = before[side].update_key };
        CardMemory new = { .transfer_key = cards[side]->transfer_key,
                           .update_key = cards[side]->update_key };

        if (course->log[side].wrote == 0)
            continue;
        if (course->seen.path != PATH_NONE)
            recorder_update(world->recorder, course->seen.path);
        world_note_keys(world, start, &old, &new);
    }
}

/* A settlement, with a second attempt if a balance outgrows its 32 bits. */
static inline uint8_t
settle_pair(Decision *decision, guint crl, int32_t day, uint32_t payer, uint32_t payee,
            Cents amount)
{
    Population *population = decision->world->population;
    int32_t *high = population->balance_high;
    uint8_t class = settle_cards(decision->settle, crl, day, &population->records[payer],
                                 &population->records[payee], high == NULL ? NULL : &high[payer],
                                 high == NULL ? NULL : &high[payee], amount);

    if (__builtin_expect(class != SETTLE_NO_ROOM, 1))
        return class;
    population_widen(population);
    high = population->balance_high;
    return settle_cards(decision->settle, crl, day, &population->records[payer],
                        &population->records[payee], &high[payer], &high[payee], amount);
}

/* One meeting. @boundary: the next sample; what starts before it may be counted together. */
static inline void
meet(Decision *decision, const MeetingBlock *block, guint i, Micros boundary)
{
    World *world = decision->world;
    Population *population = world->population;
    const TerminalChoice *choice = &block->terminal[i];
    const TerminalGroup *group = &world->terminals->groups[choice->group];
    CardRecord *payer = &population->records[block->payer[i]];
    CardRecord *payee = &population->records[block->payee[i]];
    const Keys before[N_SIDES] = { { payer->transfer_key, payer->update_key },
                                   { payee->transfer_key, payee->update_key } };
    Micros at = block->at[i];
    Micros *free_at = terminals_free_at(group, choice);
    Micros start = free_at == NULL ? at : MAX(at, *free_at);
    Cents amount = block->amount[i];
    uint8_t class;
    LatencyClass *latency;
    bool is_paid;

    if (card_record_is_busy(payer, at) || card_record_is_busy(payee, at)) {
        recorder_card_busy(world->recorder, at, 1);
        return;
    }
    if (start >= world->end)
        return;
    class = settle_pair(decision, world_crl(world, group, choice, at),
                        day_at(&decision->today[choice->group], start + group->place.clock_skew),
                        block->payer[i], block->payee[i], amount);
    latency = class_of(decision, choice->group, payer, payee, class);
    is_paid = latency->is_completed;
    if (__builtin_expect(start >= boundary ||
                             (class != SETTLE_PAID && (before[SIDE_PAYER].transfer_key !=
                                                           payer->transfer_key ||
                                                       before[SIDE_PAYEE].transfer_key !=
                                                           payee->transfer_key ||
                                                       before[SIDE_PAYER].update_key !=
                                                           payer->update_key ||
                                                       before[SIDE_PAYEE].update_key !=
                                                           payee->update_key)),
                         0)) {
        post_one(decision, start, class, is_paid ? amount : 0,
                 (const CardRecord *const[]){ payer, payee }, before);
    } else {
        decision->counts[class]++;
        decision->n_counted++;
        decision->moved += is_paid ? amount : 0;
        decision->latest = MAX(decision->latest, start);
    }
    if (start > at)
        latency_count(world->latency, latency, start - at);
    else
        latency->count++;
    start += latency->duration.total;
    if (free_at != NULL)
        *free_at = start;
    card_record_set_end(payer, start);
    card_record_set_end(payee, start);
}

static inline void
fetch(const Decision *decision, const MeetingBlock *block, guint i)
{
    const CardRecord *records = decision->world->population->records;

    __builtin_prefetch(&records[block->payer[i]], 1);
    __builtin_prefetch(&records[block->payee[i]], 1);
}

void
decision_settle(Decision *decision, const MeetingBlock *block)
{
    World *world = decision->world;
    guint n = block->n;
    Micros boundary;

    if (n == 0)
        return;
    boundary = recorder_interval_end(world->recorder, block->at[0]);
    world->n_arrivals += n;
    for (guint i = 0; i < MIN(n, AHEAD); i++)
        fetch(decision, block, i);
    for (guint i = 0; i < n; i++) {
        fetch(decision, block, MIN(i + AHEAD, n - 1));
        meet(decision, block, i, boundary);
    }
    post_counts(decision);
}

static CardRecord
record_of(const CardMemory *memory, uint16_t entry)
{
    return (CardRecord){
        .transfer_key = memory->transfer_key,
        .update_key = memory->update_key,
        .entry = entry,
        .expiry_day = memory->expiry_day,
        .balance = (uint32_t)memory->balance,
    };
}

static void
take_back(CardMemory *memory, const CardRecord *record, int32_t high)
{
    memory->transfer_key = record->transfer_key;
    memory->update_key = record->update_key;
    memory->balance = high * (INT64_C(1) << 32) + record->balance;
}

void
decision_swap(Decision *decision, CardMemory *old, uint16_t old_entry, CardMemory *replacement,
              uint16_t new_entry, Micros now)
{
    CardRecord records[N_SIDES] = { record_of(old, old_entry),
                                    record_of(replacement, new_entry) };
    int32_t high[N_SIDES] = { (int32_t)(old->balance >> 32), (int32_t)(replacement->balance >> 32) };
    guint newest = world_newest_crl(decision->world);

    settle_cards(decision->settle, newest, settle_day(now), &records[SIDE_PAYER],
                 &records[SIDE_PAYEE], &high[SIDE_PAYER], &high[SIDE_PAYEE], old->balance);
    take_back(old, &records[SIDE_PAYER], high[SIDE_PAYER]);
    take_back(replacement, &records[SIDE_PAYEE], high[SIDE_PAYEE]);
}
