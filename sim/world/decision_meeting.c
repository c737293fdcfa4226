#include "sim/world/decision_meeting.h"

#include "model/decision/settle_torn.h"

#include "sim/world/decision_classes.h"
#include "sim/world/wire_settlements.h"

/* ---- The day --------------------------------------------------------- */

static int32_t
find_day(DayWindow *window, Micros clock)
{
    window->day = settle_day(clock);
    window->from = window->day < 0 ? INT64_MIN : window->day * MICROS_PER_DAY;
    window->until = (window->day + INT64_C(1)) * MICROS_PER_DAY;
    return window->day;
}

static inline int32_t
day_at(DayWindow *window, Micros clock)
{
    return clock >= window->from && clock < window->until ? window->day : find_day(window, clock);
}

/* From now on, until when is a payment plain? */
static void
look_ahead(Decision *decision, guint group, Micros start, Micros boundary)
{
    const World *world = decision->world;
    DayWindow *window = &decision->windows[group];
    Micros skew = world->terminals->groups[group].place.clock_skew;

    day_at(window, start + skew);
    window->boundary = boundary;
    window->plain_until = MIN(MIN(boundary, world->end), window->until - skew);
    if (world_newest_crl(world) > 0 || world->terminals->groups[group].n_stale > 0 ||
        world->terminals->groups[group].place.rogue != NULL)
        window->plain_until = INT64_MIN; /* it is to be asked what the terminal itself knows */
}

/* ---- What is posted and told ----------------------------------------- */

/* Posts one settlement, decided at @now, of which not only the count matters. */
static void
post_one(Decision *decision, Micros now, Micros start, uint8_t class, Cents moved,
         const CardRecord *const cards[static N_SIDES], const CardMemory before[static N_SIDES])
{
    World *world = decision->world;
    const Course *course = settle_course(decision->settle, class);

    decision_classes_post(decision);
    recorder_meetings(world->recorder, start, course->seen.outcome, 1, moved);
    decision_classes_post_updates(decision, start, class, 1);
    for (Side side = 0; side < N_SIDES; side++) {
        CardMemory new = { .transfer_key = cards[side]->transfer_key,
                           .update_key = cards[side]->update_key };

        if (course->log[side].wrote != 0)
            world_note_keys(world, now, start, &before[side], &new);
    }
}

/* Whether the settlement has changed a key. */
static bool
has_changed(const CardRecord *card, const CardMemory *before)
{
    return card->transfer_key != before->transfer_key || card->update_key != before->update_key;
}

/* What may be asked of a card after its settlement: balances only if it may be torn or is told. */
static CardMemory
memory_of(const Decision *decision, uint32_t card)
{
    const World *world = decision->world;
    const CardRecord *record = &world->population->records[card];

    if (world->faults != NULL || decision->is_heard)
        return population_memory(world->population, card);
    return (CardMemory){ .transfer_key = record->transfer_key, .update_key = record->update_key };
}

/* Tells a settlement that nobody left, after it has been posted. */
static void
tell(const Decision *decision, const MeetingBlock *block, guint i, Micros start,
     const Course *course, const CardMemory before[static N_SIDES])
{
    const uint32_t cards[N_SIDES] = { block->payer[i], block->payee[i] };
    const CardRecord *records = decision->world->population->records;
    const uint16_t entries[N_SIDES] = { records[cards[SIDE_PAYER]].entry,
                                        records[cards[SIDE_PAYEE]].entry };
    const CardMemory after[N_SIDES] = { memory_of(decision, cards[SIDE_PAYER]),
                                        memory_of(decision, cards[SIDE_PAYEE]) };
    Course updated;

    if (course->seen.path != PATH_NONE) { /* no other settlement judges a limit */
        updated = *course;
        settle_note_limits(decision->settle, before, entries, &updated);
        course = &updated;
    }
    observers_tell_settlement(
        &decision->world->observers,
        &(ObservedSettlement){
            .cards = cards,
            .decided = block->at[i],
            .start = start,
            .outcome = course->seen.outcome,
            .path = course->seen.path,
            .wrote = { course->log[SIDE_PAYER].wrote, course->log[SIDE_PAYEE].wrote },
            .before = before,
            .after = after,
            .course = course,
        });
}

/* ---- Cards that keep logs, and tears --------------------------------- */

/* Before anything is decided the payee has what it is owed. */
static TornLogPayment
open_log(const Decision *decision, const MeetingBlock *block, guint i)
{
    TornLogPayment payment = { .cards = { block->payer[i], block->payee[i] },
                               .amount = block->amount[i] };
    Population *population = decision->world->population;
    CardMemory payee;

    if (decision->log == NULL)
        return payment;
    payee = population_memory(population, block->payee[i]);
    torn_log_open(decision->log, &payment, &payee);
    population_store(population, block->payee[i], &payee);
    return payment;
}

/* Where the two cards of a payment sit. */
typedef struct {
    const LinkTerminal *terminal;
    uint32_t setting;
    Seat seats[N_SIDES];
} Seating;

static Seating
seating_of(const World *world, guint group, const uint32_t cards[static N_SIDES])
{
    const TerminalGroup *terminals = &world->terminals->groups[group];
    Seating seating = { .terminal = terminals->kind };

    for (Side side = 0; side < N_SIDES; side++)
        seating.seats[side] =
            decision_state_seat(world, terminals, &world->population->records[cards[side]], side);
    seating.setting = world_setting(world, group, seating.seats);
    return seating;
}

/* Nobody leaves: what the logs make of a settlement of this class, and of its course, which takes
 * longer where a card waits. Returns: its latency class. */
static LatencyClass *
follow_log(Decision *decision, TornLogPayment *payment, guint group, uint8_t class, Course *course)
{
    Seating seating = seating_of(decision->world, group, payment->cards);

    *course = *settle_course(decision->settle, class);
    for (Side side = 0; side < N_SIDES; side++)
        course->log[side].waited = payment->waited[side];
    return latency_class(decision->world->latency, course, seating.setting, seating.seats,
                         seating.terminal);
}

/* The end of a settlement that nobody left, of cards that keep logs. */
static void
close_log(Decision *decision, TornLogPayment *payment, guint group, Micros start,
          const Course *course, LatencyClass *latency, CardMemory before[static N_SIDES])
{
    World *world = decision->world;
    Seating seating = seating_of(world, group, payment->cards);
    CardMemory after[N_SIDES];

    for (Side side = 0; side < N_SIDES; side++)
        after[side] = population_memory(world->population, payment->cards[side]);
    torn_log_close(
        decision->log, payment, course,
        latency_timeline(world->latency, latency, course, seating.seats, seating.terminal), NULL,
        course->seen.outcome, before, after);
    for (Side side = 0; side < N_SIDES; side++)
        population_store(world->population, payment->cards[side], &after[side]);
    world_note_restored(world, start, payment->restored);
}

/* What becomes of a meeting that is torn apart, and what is posted of it. The records of the
 * cards are as if nobody had gone. Returns: its end. */
static Micros
tear_apart(Decision *decision, const MeetingBlock *block, guint i, Micros start,
           const Course *course, LatencyClass *latency, CardMemory before[static N_SIDES],
           TornLogPayment *payment)
{
    World *world = decision->world;
    const uint32_t *cards = payment->cards;
    const Seating seating = seating_of(world, block->terminal[i].group, cards);
    CardMemory after[N_SIDES] = { population_memory(world->population, cards[SIDE_PAYER]),
                                  population_memory(world->population, cards[SIDE_PAYEE]) };
    const Timeline *timeline =
        latency_timeline(world->latency, latency, course, seating.seats, seating.terminal);
    const Tear tear = faults_draw(world->faults, latency->duration.total);
    guint n_keys = world->ring->n_pairs;
    TornCourse torn = settle_torn(&world->protocol.scheme, world->ring, course, timeline, &tear,
                                  block->amount[i], before, after);

    if (decision->log != NULL)
        torn_log_close(decision->log, payment, course, timeline, &tear, torn.outcome, before,
                       after);
    for (Side side = 0; side < N_SIDES; side++)
        population_store(world->population, cards[side], &after[side]);
    if (world->ring->n_pairs > n_keys) /* half a key is another one */
        decision_classes_learn(decision);
    decision_classes_post(decision);
    world_note_settlement(world, &(ObservedSettlement){
                                     .cards = cards,
                                     .decided = block->at[i],
                                     .start = start,
                                     .outcome = torn.outcome,
                                     .path = course->seen.path,
                                     .wrote = { torn.wrote[SIDE_PAYER], torn.wrote[SIDE_PAYEE] },
                                     .before = before,
                                     .after = after,
                                 });
    world_note_restored(world, start, payment->restored);
    latency_count_torn(world->latency, seating.setting, &torn, course->seen.path,
                       start - block->at[i]);
    recorder_till_time(world->recorder, start, torn.duration.phase[PHASE_UPDATE]);
    return start + torn.duration.total;
}

/* ---- One meeting ----------------------------------------------------- */

/* A settlement, with a second attempt if a balance outgrows its 32 bits. */
static uint8_t
settle_pair(Decision *decision, guint crl, int32_t day, uint32_t payer, uint32_t payee,
            Cents amount)
{
    Population *population = decision->world->population;
    int32_t *high = population->balance_high;
    uint8_t class = settle_cards(decision->settle, crl, day, &population->records[payer],
                                 &population->records[payee], high == NULL ? NULL : &high[payer],
                                 high == NULL ? NULL : &high[payee], amount);

    if (class != SETTLE_NO_ROOM)
        return class;
    population_widen(population);
    high = population->balance_high;
    return settle_cards(decision->settle, crl, day, &population->records[payer],
                        &population->records[payee], &high[payer], &high[payee], amount);
}

/* Settles a meeting that starts in time between two cards that are free. Returns: its end. */
static Micros
settle(Decision *decision, const MeetingBlock *block, guint i, Micros start, Micros boundary)
{
    World *world = decision->world;
    const TerminalChoice *choice = &block->terminal[i];
    TerminalGroup *group = &world->terminals->groups[choice->group];
    CardRecord *payer = &world->population->records[block->payer[i]];
    CardRecord *payee = &world->population->records[block->payee[i]];
    TornLogPayment payment = open_log(decision, block, i);
    CardMemory before[N_SIDES] = { memory_of(decision, block->payer[i]),
                                   memory_of(decision, block->payee[i]) };
    Cents amount = block->amount[i];
    uint8_t class = settle_pair(
        decision, world_crl(world, group, choice, block->at[i]),
        day_at(&decision->windows[choice->group], terminals_clock(group, choice, start)),
        block->payer[i], block->payee[i], amount);
    LatencyClass *latency = decision_classes_find(decision, choice->group, payer, payee, class);
    const Course *course = settle_course(decision->settle, class);
    Cents moved = latency->is_completed ? amount : 0;
    Course logged;

    if (decision->log != NULL) {
        latency = follow_log(decision, &payment, choice->group, class, &logged);
        course = &logged;
    }
    if (start > block->at[i])
        terminals_note_wait(group, start - block->at[i]);
    if (world->faults != NULL && !faults_spare(world->faults, latency->duration.total))
        return tear_apart(decision, block, i, start, course, latency, before, &payment);
    if (decision->log != NULL)
        close_log(decision, &payment, choice->group, start, course, latency, before);
    if (start >= boundary || has_changed(payer, &before[SIDE_PAYER]) ||
        has_changed(payee, &before[SIDE_PAYEE]))
        post_one(decision, block->at[i], start, class, moved,
                 (const CardRecord *const[]){ payer, payee }, before);
    else
        decision_classes_count(decision, start, class, moved);
    if (decision->is_heard)
        tell(decision, block, i, start, course, before);
    latency_count(world->latency, latency, start - block->at[i]);
    recorder_till_time(world->recorder, start, latency->duration.phase[PHASE_UPDATE]);
    return start + latency->duration.total;
}

static bool
is_rogue(const World *world, const CardRecord *card)
{
    return population_entry(world->population, card->entry)->rogue != ROGUE_CARDS_NONE;
}

/* Whether the terminal or a card is rogue. No class is ever learnt for the setting of such a
 * card, so that its meetings all come to where this is asked. */
static bool
has_rogue(const World *world, guint group, const CardRecord *payer, const CardRecord *payee)
{
    return world->wire != NULL && (world->terminals->groups[group].place.rogue != NULL ||
                                   is_rogue(world, payer) || is_rogue(world, payee));
}

/* A meeting with somebody rogue: byte by byte, as nothing else says what comes of it. */
static Micros
settle_on_wire(Decision *decision, const MeetingBlock *block, guint i, Micros start)
{
    World *world = decision->world;
    uint64_t number = world->n_arrivals - block->n + i + 1;
    Micros end;

    decision_classes_post(decision);
    end = wire_settlements_settle(world, block, i, start, number).end;
    if (world->ring->n_pairs > decision->settle->n_keys)
        decision_classes_learn(decision);
    return end;
}

void
decision_meeting_settle(Decision *decision, const MeetingBlock *block, guint i, Micros boundary)
{
    World *world = decision->world;
    const TerminalChoice *choice = &block->terminal[i];
    CardRecord *payer = &world->population->records[block->payer[i]];
    CardRecord *payee = &world->population->records[block->payee[i]];
    Micros at = block->at[i];
    Micros *free_at = terminals_free_at(&world->terminals->groups[choice->group], choice);
    Micros start = free_at == NULL ? at : MAX(at, *free_at);
    Micros end;

    if (decision->windows[choice->group].boundary != boundary ||
        at >= decision->windows[choice->group].plain_until)
        look_ahead(decision, choice->group, at, boundary);
    if (world->has_locks &&
        (card_record_is_busy(payer, at) ||
         (block->merchant[i] == MERCHANTS_NOBODY && card_record_is_busy(payee, at)))) {
        recorder_card_busy(world->recorder, at, 1);
        return;
    }
    if (start >= world->end) {
        world->terminals->groups[choice->group].unserved++;
        return;
    }
    end = has_rogue(world, choice->group, payer, payee)
              ? settle_on_wire(decision, block, i, start)
              : settle(decision, block, i, start, boundary);
    if (free_at != NULL)
        *free_at = end;
    card_record_set_end(payer, end);
    card_record_set_end(payee, end);
}
