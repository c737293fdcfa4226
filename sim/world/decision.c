#include "sim/world/decision.h"

#include "sim/world/decision_classes.h"
#include "sim/world/decision_meeting.h"
#include "sim/world/decision_state.h"

void
decision_learn(Decision *decision)
{
    decision_classes_learn(decision);
}

void
decision_finish(Decision *decision)
{
    decision_classes_finish(decision);
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
    decision->windows = g_new0(DayWindow, world->terminals->n_groups);
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
    decision_classes_drop(decision);
    g_free(decision->windows);
    for (guint i = 0; i < decision->world->terminals->n_groups; i++)
        histogram_clear(&decision->plain_waits[i]);
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

/* ---- The loops ------------------------------------------------------- */

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
    const DayWindow *window = &decision->windows[meeting.group];
    bool is_free = kind.has_merchants && block->merchant[i] != MERCHANTS_NOBODY;

    return !(kind.has_locks && (card_record_is_busy(meeting.payer, meeting.at) ||
                                (!is_free && card_record_is_busy(meeting.payee, meeting.at)))) &&
           meeting.start < window->plain_until &&
           settle_is_untroubled(decision->settle, window->day, meeting.payer, meeting.payee,
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
    guint setting = decision_state_setting(decision, meeting.group, meeting.payer, meeting.payee);
    Micros wait = meeting.start - meeting.at;
    LatencyClass *latency;
    const CachedOutcome *outcome;

    if (decision->rows[setting] == NULL || !is_untroubled(decision, block, i, meeting, *kind))
        return false;
    outcome = outcome_cache_find(&decision->cache, meeting.payer, meeting.payee,
                                 decision->windows[meeting.group].day, meeting.amount);
    latency = decision->rows[setting][outcome->class];
    if (latency == NULL ||
        (kind->faults != NULL && !faults_spare(kind->faults, latency->duration.total)))
        return false;
    if (latency->is_completed)
        settle_plainly(meeting.payer, meeting.payee, meeting.amount);
    set_keys(meeting.payer, outcome, SIDE_PAYER);
    set_keys(meeting.payee, outcome, SIDE_PAYEE);
    decision_classes_count(decision, meeting.start, outcome->class,
                           latency->is_completed ? meeting.amount : 0);
    if (outcome->change.n > 0)
        recorder_change(world->recorder, meeting.at, meeting.start, &outcome->change,
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
    Plain *plain =
        &decision->plain[kind.is_one_place ? 0
                                           : decision_state_setting(decision, meeting.group,
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
        decision_meeting_settle(decision, block, i, boundary);
    }
    hand_in(decision, &tally);
    note_group_waits(decision, tally.n_waits);
}

/* Somebody hears of every settlement. */
static void
settle_one_by_one(Decision *decision, const MeetingBlock *block, Micros boundary)
{
    for (guint i = 0; i < block->n; i++)
        decision_meeting_settle(decision, block, i, boundary);
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
    else if (decision_state_n_settings(decision) == 1 &&
             world->terminals->groups[0].free_at == NULL)
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
    decision_classes_post(decision);
}

/* ---- Cards that need not be in circulation --------------------------- */

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

Course
decision_hand_over(Decision *decision, guint crl, Micros clock, CardMemory *payer,
                   uint16_t payer_entry, CardMemory *payee, uint16_t payee_entry)
{
    CardRecord records[N_SIDES] = { record_of(payer, payer_entry), record_of(payee, payee_entry) };
    int32_t high[N_SIDES] = { (int32_t)(payer->balance >> 32), (int32_t)(payee->balance >> 32) };
    const CardMemory before[N_SIDES] = { *payer, *payee };
    const uint16_t entries[N_SIDES] = { payer_entry, payee_entry };
    uint8_t class =
        settle_cards(decision->settle, crl, settle_day(clock), &records[SIDE_PAYER],
                     &records[SIDE_PAYEE], &high[SIDE_PAYER], &high[SIDE_PAYEE], payer->balance);
    Course course;

    take_back(payer, &records[SIDE_PAYER], high[SIDE_PAYER]);
    take_back(payee, &records[SIDE_PAYEE], high[SIDE_PAYEE]);
    course = *settle_course(decision->settle, class);
    settle_note_limits(decision->settle, before, entries, &course);
    return course;
}
