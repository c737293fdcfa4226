#include "sim/world/decision.h"

#include "model/decision/settle.h"
#include "model/decision/settle_torn.h"

#include "sim/world/outcome_cache.h"
#include "sim/world/torn_log.h"
#include "sim/world/wire_settlements.h"
#include "sim/world/world.h"

#include <string.h>

/* The day that the terminals of a group hold to be today, and while they do.
 * @plain_until: before this a payment that starts needs no second look: it falls into the
 *   interval that begins at @boundary's last sample, on that day, before the run's end */
typedef struct {
    int32_t day;
    Micros from;
    Micros until;
    Micros boundary;
    Micros plain_until;
} Today;

/* Payments without update between two chips in a group of terminals. */
typedef struct {
    Micros duration; /* 0: not yet known */
    uint64_t count;
} Plain;

struct Decision {
    World *world;
    Settle *settle;
    Today *today;         /* by group */
    LatencyClass ***rows; /* by setting, NULL until needed: by class, NULL until it occurs */
    Plain *plain;         /* by setting */
    guint n_chips;        /* that settings tell apart */
    uint64_t counts[SETTLE_CLASSES]; /* of settlements in the block that are not yet posted */
    uint8_t counted[SETTLE_CLASSES]; /* classes whose count is not 0 */
    guint n_counted;
    uint64_t n_unposted; /* their sum */
    uint64_t n_plain;    /* plain payments besides */
    Cents moved;         /* by all of them */
    Micros latest;
    Micros waits[MEETINGS_BLOCK];      /* of plain payments in the block that had to wait */
    guint wait_groups[MEETINGS_BLOCK]; /* where */
    Histogram *plain_waits;            /* by group, of the blocks before; handed on at the end */
    bool is_heard;                     /* somebody wants to hear of settlements one by one */
    bool is_watched;                   /* likewise, or of each change of keys */
    TornLog *log;                      /* NULL if cards keep none */
    OutcomeCache cache;
};

static guint
n_settings(const Decision *decision)
{
    return decision->world->terminals->n_groups * decision->n_chips * decision->n_chips;
}

/* A wait counts for its group and for its path: rather twice at the end than twice at once. */
static void
hand_on_waits(Decision *decision)
{
    World *world = decision->world;

    for (guint i = 0; i < world->terminals->n_groups; i++) {
        Histogram *waits = &decision->plain_waits[i];

        if (waits->n == 0)
            continue;
        latency_note_waits(world->latency, PATH_NONE, waits);
        terminals_note_waits(&world->terminals->groups[i], waits);
        *waits = (Histogram){ 0 };
    }
}

void
decision_finish(Decision *decision)
{
    hand_on_waits(decision);
    for (guint i = 0; i < n_settings(decision); i++) {
        if (decision->plain[i].count > 0)
            decision->rows[i][SETTLE_PAID]->count += decision->plain[i].count;
        decision->plain[i].count = 0;
    }
}

static void
drop_rows(Decision *decision)
{
    decision_finish(decision);
    for (guint i = 0; i < n_settings(decision); i++)
        g_free(decision->rows[i]);
    g_clear_pointer(&decision->rows, g_free);
    g_clear_pointer(&decision->plain, g_free);
}

void
decision_learn(Decision *decision)
{
    settle_learn(decision->settle, decision->world->population, decision->world->ring);
    for (guint i = 0; i < decision->world->terminals->n_groups; i++)
        decision->today[i].plain_until = INT64_MIN; /* there may be a first revocation list */
    if (decision->rows != NULL && decision->n_chips == decision->settle->chips->len)
        return;
    if (decision->rows != NULL)
        drop_rows(decision);
    decision->n_chips = decision->settle->chips->len;
    decision->rows = g_new0(LatencyClass **, n_settings(decision));
    decision->plain = g_new0(Plain, n_settings(decision));
}

Decision *
decision_new(World *world)
{
    Decision *decision = g_new0(Decision, 1);

    decision->world = world;
    decision->settle = settle_new(&world->protocol);
    decision->cache.settle = decision->settle;
    decision->cache.recorder = world->recorder;
    decision->cache.ring = world->ring;
    decision->today = g_new0(Today, world->terminals->n_groups);
    decision->plain_waits = g_new0(Histogram, world->terminals->n_groups);
    if (world->protocol.scheme.recovery == RECOVERY_TORN_LOG)
        decision->log = torn_log_new(&world->protocol.scheme);
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
    g_free(decision->plain_waits);
    settle_free(decision->settle);
    torn_log_free(decision->log);
    g_free(decision);
}

void
decision_forget(Decision *decision, uint32_t card)
{
    if (decision->log != NULL)
        torn_log_forget(decision->log, card);
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

static Seat
seat_of(const World *world, const TerminalGroup *terminals, const CardRecord *card, Side side)
{
    return (Seat){ population_entry(world->population, card->entry)->chip,
                   terminals->place.interface[side] };
}

/* The latency class of a settlement that occurs here for the first time. */
static LatencyClass *
make_class(Decision *decision, guint group, const CardRecord *const cards[static N_SIDES],
           guint setting, uint8_t class)
{
    World *world = decision->world;
    const TerminalGroup *terminals = &world->terminals->groups[group];
    const Seat seats[N_SIDES] = {
        seat_of(world, terminals, cards[SIDE_PAYER], SIDE_PAYER),
        seat_of(world, terminals, cards[SIDE_PAYEE], SIDE_PAYEE),
    };

    if (decision->rows[setting] == NULL)
        decision->rows[setting] = g_new0(LatencyClass *, SETTLE_CLASSES);
    decision->rows[setting][class] =
        latency_class(world->latency, settle_course(decision->settle, class),
                      world_setting(world, group, seats), seats, terminals->kind);
    if (class == SETTLE_PAID)
        decision->plain[setting].duration = decision->rows[setting][class]->duration.total;
    return decision->rows[setting][class];
}

static inline guint
setting_of(const Decision *decision, guint group, const CardRecord *payer, const CardRecord *payee)
{
    const SettleGate *gates = decision->settle->gates;

    return (group * decision->n_chips + gates[payer->entry].chip) * decision->n_chips +
           gates[payee->entry].chip;
}

static LatencyClass *
class_of(Decision *decision, guint group, const CardRecord *payer, const CardRecord *payee,
         uint8_t class)
{
    guint setting = setting_of(decision, group, payer, payee);
    LatencyClass **row = decision->rows[setting];

    if (row != NULL && row[class] != NULL)
        return row[class];
    return make_class(decision, group, (const CardRecord *const[]){ payer, payee }, setting, class);
}

/* Posts updates of @n settlements of a class. */
static void
post_updates(const Decision *decision, Micros at, uint8_t class, uint64_t n)
{
    const Course *course = settle_course(decision->settle, class);

    for (Side side = 0; side < N_SIDES; side++)
        if (course->log[side].wrote != 0 && course->seen.path != PATH_NONE)
            recorder_update(decision->world->recorder, at, course->seen.path, n);
}

/* Posts what was counted since the last time. */
static void
post_counts(Decision *decision)
{
    Recorder *recorder = decision->world->recorder;

    if (decision->n_plain > 0) {
        recorder_meetings(recorder, decision->latest, OUTCOME_PAID, decision->n_plain,
                          decision->moved);
        decision->n_plain = 0;
        decision->moved = 0;
    }
    for (guint i = 0; i < decision->n_counted; i++) {
        uint8_t class = decision->counted[i];

        recorder_meetings(recorder, decision->latest,
                          settle_course(decision->settle, class)->seen.outcome,
                          decision->counts[class], decision->moved);
        post_updates(decision, decision->latest, class, decision->counts[class]);
        decision->counts[class] = 0;
        decision->moved = 0;
    }
    decision->n_counted = 0;
    decision->n_unposted = 0;
}

static void
count_one(Decision *decision, Micros start, uint8_t class, Cents moved)
{
    if (decision->counts[class]++ == 0)
        decision->counted[decision->n_counted++] = class;
    decision->n_unposted++;
    decision->moved += moved;
    decision->latest = MAX(decision->latest, start);
}

/* Posts one settlement, decided at @now, of which not only the count matters. */
static void
post_one(Decision *decision, Micros now, Micros start, uint8_t class, Cents moved,
         const CardRecord *const cards[static N_SIDES], const CardMemory before[static N_SIDES])
{
    World *world = decision->world;
    const Course *course = settle_course(decision->settle, class);

    post_counts(decision);
    recorder_meetings(world->recorder, start, course->seen.outcome, 1, moved);
    post_updates(decision, start, class, 1);
    for (Side side = 0; side < N_SIDES; side++) {
        CardMemory new = { .transfer_key = cards[side]->transfer_key,
                           .update_key = cards[side]->update_key };

        if (course->log[side].wrote != 0)
            world_note_keys(world, now, start, &before[side], &new);
    }
}

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
            seat_of(world, terminals, &world->population->records[cards[side]], side);
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
        decision_learn(decision);
    post_counts(decision);
    world_note_settlement(world, &(WorldSettlement){
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
    latency_count_torn(world->latency, seating.setting, &torn.duration);
    recorder_till_time(world->recorder, start, torn.duration.phase[PHASE_UPDATE]);
    return start + torn.duration.total;
}

/* Tells a settlement that nobody left, after it has been posted. */
static void
tell(const Decision *decision, const MeetingBlock *block, guint i, Micros start,
     const Course *course, const CardMemory before[static N_SIDES])
{
    const uint32_t cards[N_SIDES] = { block->payer[i], block->payee[i] };
    const CardMemory after[N_SIDES] = { memory_of(decision, cards[SIDE_PAYER]),
                                        memory_of(decision, cards[SIDE_PAYEE]) };

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
    uint8_t class =
        settle_pair(decision, world_crl(world, group, choice, block->at[i]),
                    day_at(&decision->today[choice->group], terminals_clock(group, choice, start)),
                    block->payer[i], block->payee[i], amount);
    LatencyClass *latency = class_of(decision, choice->group, payer, payee, class);
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
        count_one(decision, start, class, moved);
    if (decision->is_heard)
        tell(decision, block, i, start, course, before);
    latency_count(world->latency, latency, start - block->at[i]);
    recorder_till_time(world->recorder, start, latency->duration.phase[PHASE_UPDATE]);
    return start + latency->duration.total;
}

/* From now on, until when is a payment plain? */
static void
look_ahead(Decision *decision, guint group, Micros start, Micros boundary)
{
    const World *world = decision->world;
    Today *today = &decision->today[group];
    Micros skew = world->terminals->groups[group].place.clock_skew;

    day_at(today, start + skew);
    today->boundary = boundary;
    today->plain_until = MIN(MIN(boundary, world->end), today->until - skew);
    if (world_newest_crl(world) > 0 || world->terminals->groups[group].n_stale > 0 ||
        world->terminals->groups[group].place.rogue != NULL)
        today->plain_until = INT64_MIN; /* it is to be asked what the terminal itself knows */
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

    post_counts(decision);
    end = wire_settlements_settle(world, block, i, start, number);
    if (world->ring->n_pairs > decision->settle->n_keys)
        decision_learn(decision);
    return end;
}

/* One meeting, whatever comes of it. Kept out of the loop, whose registers it would take. */
static void __attribute__((noinline))
meet(Decision *decision, const MeetingBlock *block, guint i, Micros boundary)
{
    World *world = decision->world;
    const TerminalChoice *choice = &block->terminal[i];
    CardRecord *payer = &world->population->records[block->payer[i]];
    CardRecord *payee = &world->population->records[block->payee[i]];
    Micros at = block->at[i];
    Micros *free_at = terminals_free_at(&world->terminals->groups[choice->group], choice);
    Micros start = free_at == NULL ? at : MAX(at, *free_at);
    Micros end;

    if (decision->today[choice->group].boundary != boundary ||
        at >= decision->today[choice->group].plain_until)
        look_ahead(decision, choice->group, at, boundary);
    if (world->has_locks &&
        (card_record_is_busy(payer, at) ||
         (block->merchant[i] == MERCHANTS_NOBODY && card_record_is_busy(payee, at)))) {
        recorder_card_busy(world->recorder, at, 1);
        return;
    }
    if (start >= world->end)
        return;
    end = has_rogue(world, choice->group, payer, payee)
              ? settle_on_wire(decision, block, i, start)
              : settle(decision, block, i, start, boundary);
    if (free_at != NULL)
        *free_at = end;
    card_record_set_end(payer, end);
    card_record_set_end(payee, end);
}

/* What a block of plain payments adds up to, in registers. */
typedef struct {
    uint64_t n;
    Cents moved;
    Micros latest;
    guint n_waits;
} Tally;

/* A run of waits at terminals of one group is noted at once. */
static void
note_group_waits(Decision *decision, guint n)
{
    guint from = 0;

    for (guint to = 1; to <= n; to++)
        if (to == n || decision->wait_groups[to] != decision->wait_groups[from]) {
            histogram_add_each(&decision->plain_waits[decision->wait_groups[from]],
                               &decision->waits[from], to - from);
            from = to;
        }
}

static inline void
hand_in(Decision *decision, Tally *tally)
{
    decision->n_plain += tally->n;
    decision->moved += tally->moved;
    decision->latest = MAX(decision->latest, tally->latest);
    *tally = (Tally){ .n_waits = tally->n_waits };
}

/* One meeting between two cards, and where it is. */
typedef struct {
    CardRecord *payer;
    CardRecord *payee;
    guint group;
    Micros *free_at; /* of the terminal; NULL if nobody waits */
    Micros at;
    Micros start;
    Cents amount;
} Meeting;

/* What settle_block() knows of the world before it begins.
 * @is_one_place: all terminals are alike and nobody waits, and all cards have the same chip
 * @has_locks: see World
 * @has_merchants: some payees are never busy
 * @faults: NULL if nothing is ever torn
 * @log: NULL if cards keep none */
typedef struct {
    bool is_one_place;
    bool has_locks;
    bool has_merchants;
    Faults *faults;
    const TornLog *log;
    CardRecord *records;
    const TerminalGroup *groups;
} Kind;

static inline __attribute__((always_inline)) Meeting
meeting_of(const MeetingBlock *block, guint i, Kind kind)
{
    const TerminalChoice *choice = &block->terminal[i];
    guint group = kind.is_one_place ? 0 : choice->group;
    Micros *free_at = kind.is_one_place ? NULL : terminals_free_at(&kind.groups[group], choice);
    Micros at = block->at[i];

    return (Meeting){
        .payer = &kind.records[block->payer[i]],
        .payee = &kind.records[block->payee[i]],
        .group = group,
        .free_at = free_at,
        .at = at,
        .start = free_at == NULL ? at : MAX(at, *free_at),
        .amount = block->amount[i],
    };
}

/* Whether nothing but the keys of the two cards can stand in the way. */
static inline __attribute__((always_inline)) bool
is_untroubled(const Decision *decision, const MeetingBlock *block, guint i, Meeting meeting,
              Kind kind)
{
    const Today *today = &decision->today[meeting.group];
    bool is_free = kind.has_merchants && block->merchant[i] != MERCHANTS_NOBODY;

    return !(kind.has_locks && (card_record_is_busy(meeting.payer, meeting.at) ||
                                (!is_free && card_record_is_busy(meeting.payee, meeting.at)))) &&
           meeting.start < today->plain_until &&
           settle_is_untroubled(decision->settle, today->day, meeting.payer, meeting.payee,
                                meeting.amount);
}

static inline void
lock(Meeting meeting, Micros end)
{
    if (meeting.free_at != NULL)
        *meeting.free_at = end;
    card_record_set_end(meeting.payer, end);
    card_record_set_end(meeting.payee, end);
}

static void
set_keys(CardRecord *card, const CachedOutcome *outcome, Side side)
{
    card->transfer_key = outcome->transfer_key[side];
    card->update_key = outcome->update_key[side];
}

/* One meeting, if all depends on the two cards' keys and what becomes of these is known.
 * @unposted: meetings of this block that decision->n_plain does not have yet. Returns: whether
 * it was; nothing is done if not. */
static bool __attribute__((noinline)) meet_known(Decision *decision, const MeetingBlock *block,
                                                 guint i, const Kind *kind, uint64_t unposted)
{
    World *world = decision->world;
    const Meeting meeting = meeting_of(block, i, *kind);
    guint setting = setting_of(decision, meeting.group, meeting.payer, meeting.payee);
    Micros wait = meeting.start - meeting.at;
    LatencyClass *latency;
    const CachedOutcome *outcome;

    if (decision->rows[setting] == NULL || !is_untroubled(decision, block, i, meeting, *kind))
        return false;
    outcome = outcome_cache_find(&decision->cache, meeting.payer, meeting.payee,
                                 decision->today[meeting.group].day, meeting.amount);
    latency = decision->rows[setting][outcome->class];
    if (latency == NULL ||
        (kind->faults != NULL && !faults_spare(kind->faults, latency->duration.total)))
        return false;
    if (latency->is_completed)
        settle_plainly(meeting.payer, meeting.payee, meeting.amount);
    set_keys(meeting.payer, outcome, SIDE_PAYER);
    set_keys(meeting.payee, outcome, SIDE_PAYEE);
    count_one(decision, meeting.start, outcome->class, latency->is_completed ? meeting.amount : 0);
    if (outcome->change.n > 0)
        recorder_change(world->recorder, meeting.start, &outcome->change,
                        unposted + decision->n_plain + decision->n_unposted);
    latency_count(world->latency, latency, wait);
    recorder_till_time(world->recorder, meeting.start, latency->duration.phase[PHASE_UPDATE]);
    if (wait > 0)
        terminals_note_wait(&world->terminals->groups[meeting.group], wait);
    lock(meeting, meeting.start + latency->duration.total);
    return true;
}

/* One meeting, if it is a plain payment. Returns: likewise. */
static inline __attribute__((always_inline)) bool
meet_plainly(Decision *decision, const MeetingBlock *block, guint i, Kind kind, Tally *tally)
{
    const Meeting meeting = meeting_of(block, i, kind);
    Plain *plain = &decision->plain[kind.is_one_place ? 0
                                                      : setting_of(decision, meeting.group,
                                                                   meeting.payer, meeting.payee)];

    if (__builtin_expect(meeting.payer->transfer_key != meeting.payee->transfer_key ||
                             plain->duration == 0 ||
                             !is_untroubled(decision, block, i, meeting, kind) ||
                             (kind.faults != NULL && !faults_spare(kind.faults, plain->duration)),
                         0))
        return false;
    settle_plainly(meeting.payer, meeting.payee, meeting.amount);
    plain->count++;
    tally->n++;
    tally->moved += meeting.amount;
    tally->latest = MAX(tally->latest, meeting.start);
    if (meeting.free_at != NULL) {
        /* half of a busy terminal's arrivals wait: a branch would be guessed wrong too often */
        decision->waits[tally->n_waits] = meeting.start - meeting.at;
        decision->wait_groups[tally->n_waits] = meeting.group;
        tally->n_waits += meeting.start > meeting.at;
    }
    lock(meeting, meeting.start + plain->duration);
    return true;
}

static inline __attribute__((always_inline)) void
settle_block(Decision *decision, const MeetingBlock *block, Micros boundary, Kind kind)
{
    const Population *population = decision->world->population;
    guint n = block->n;
    Tally tally = { 0 };

    kind.records = population->records;
    kind.groups = decision->world->terminals->groups;
    for (guint i = 0; i < n; i++) {
        if (population->balance_high == NULL &&
            (kind.log == NULL || !torn_log_concerns(kind.log, block->payer[i], block->payee[i])) &&
            (meet_plainly(decision, block, i, kind, &tally) ||
             (kind.log == NULL && !decision->is_watched &&
              meet_known(decision, block, i, &kind, tally.n))))
            continue;
        hand_in(decision, &tally);
        meet(decision, block, i, boundary);
    }
    hand_in(decision, &tally);
    note_group_waits(decision, tally.n_waits);
}

/* Somebody hears of every settlement. */
static void
settle_one_by_one(Decision *decision, const MeetingBlock *block, Micros boundary)
{
    for (guint i = 0; i < block->n; i++)
        meet(decision, block, i, boundary);
}

/* Each of these is a loop of its own. @faults, @log: NULL to have loops that know of none. */
static inline __attribute__((always_inline)) void
settle_kind(Decision *decision, const MeetingBlock *block, Micros boundary, Faults *faults,
            const TornLog *log)
{
    const World *world = decision->world;

    if (!world->has_locks)
        settle_block(decision, block, boundary, (Kind){ .faults = faults, .log = log });
    else if (world->has_merchants)
        settle_block(
            decision, block, boundary,
            (Kind){ .has_locks = true, .has_merchants = true, .faults = faults, .log = log });
    else if (n_settings(decision) == 1 && world->terminals->groups[0].free_at == NULL)
        settle_block(
            decision, block, boundary,
            (Kind){ .is_one_place = true, .has_locks = true, .faults = faults, .log = log });
    else
        settle_block(decision, block, boundary,
                     (Kind){ .has_locks = true, .faults = faults, .log = log });
}

void
decision_settle(Decision *decision, const MeetingBlock *block)
{
    World *world = decision->world;
    Micros boundary;

    if (block->n == 0)
        return;
    boundary = recorder_interval_end(world->recorder, block->at[0]);
    world->n_arrivals += block->n;
    decision->is_heard = world->observers.hear_settlements;
    decision->is_watched = decision->is_heard || world->observers.hear_keys;
    if (world->observers.hear_plain)
        settle_one_by_one(decision, block, boundary);
    else if (world->faults == NULL && decision->log == NULL)
        settle_kind(decision, block, boundary, NULL, NULL);
    else
        settle_kind(decision, block, boundary, world->faults, decision->log);
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

const Course *
decision_hand_over(Decision *decision, guint crl, Micros clock, CardMemory *payer,
                   uint16_t payer_entry, CardMemory *payee, uint16_t payee_entry)
{
    CardRecord records[N_SIDES] = { record_of(payer, payer_entry), record_of(payee, payee_entry) };
    int32_t high[N_SIDES] = { (int32_t)(payer->balance >> 32), (int32_t)(payee->balance >> 32) };

    uint8_t class =
        settle_cards(decision->settle, crl, settle_day(clock), &records[SIDE_PAYER],
                     &records[SIDE_PAYEE], &high[SIDE_PAYER], &high[SIDE_PAYEE], payer->balance);

    take_back(payer, &records[SIDE_PAYER], high[SIDE_PAYER]);
    take_back(payee, &records[SIDE_PAYEE], high[SIDE_PAYEE]);
    return settle_course(decision->settle, class);
}
