#include "sim/world/wire_settlements.h"

static const CohortEntry *
entry_of(const World *world, uint32_t card)
{
    return population_entry(world->population, world->population->records[card].entry);
}

static const Chip *
chip_of(const World *world, uint32_t card)
{
    return entry_of(world, card)->chip;
}

/* The terminal with the clock that it has at @start. */
static TerminalPlace
place_of(const TerminalGroup *group, const TerminalChoice *choice, Micros start)
{
    TerminalPlace place = group->place;

    place.clock_skew = terminals_clock(group, choice, start) - start;
    return place;
}

/* Where the cards of a meeting of a block sit, and what they settle. */
static WireMeeting
meeting_of(const World *world, const MeetingBlock *block, guint i, Micros start, uint64_t number)
{
    const TerminalChoice *choice = &block->terminal[i];
    const TerminalGroup *group = &world->terminals->groups[choice->group];

    return (WireMeeting){
        .place = place_of(group, choice, start),
        .crl = world_crl(world, group, choice, block->at[i]),
        .cards = { block->payer[i], block->payee[i] },
        .amount = block->amount[i],
        .date = world_date(world, start),
        .now = start,
        .number = number,
    };
}

/* What a settlement moved: off the payer's card and onto the payee's, and what it was to move. */
typedef struct {
    Cents debit;
    Cents credit;
    Cents amount;
} Moved;

static Moved
moved_by(const WireResult *result, Cents amount)
{
    return (Moved){
        .debit = result->before[SIDE_PAYER].balance - result->after[SIDE_PAYER].balance,
        .credit = result->after[SIDE_PAYEE].balance - result->before[SIDE_PAYEE].balance,
        .amount = amount,
    };
}

/* What a terminal minted, whoever's card paid there; 0 unless its attack was that, and succeeded.
 */
static Cents
minted_by(const TerminalGroup *group, const RogueReport *report, const Moved *moved)
{
    if (group->place.rogue == NULL || !report->succeeded)
        return 0;
    if (group->row->rogue == ROGUE_MINT)
        return moved->credit - moved->debit;
    return group->row->rogue == ROGUE_REPLAY ? moved->credit - moved->amount : 0;
}

/* What it took off the payer's card that nobody got. */
static Cents
burnt_by(const TerminalGroup *group, const RogueReport *report, const Moved *moved)
{
    RogueKind kind = group->row->rogue;
    bool burns = kind == ROGUE_BURN || kind == ROGUE_REPLAY_DEBIT;
    Cents lost = moved->debit - moved->credit;

    return burns && report->succeeded && lost > 0 ? lost : 0;
}

/* What rogue cards came to. One whose certificate is another's attacks whenever it settles, the
 * others when they pay. What the terminal @group minted is not theirs. */
static void
note_rogue_cards(World *world, Micros start, const TerminalGroup *group,
                 const uint32_t cards[static N_SIDES], Outcome outcome, const WireResult *result,
                 Cents amount)
{
    const Moved moved = moved_by(result, amount);
    const Cents gained[N_ROGUE_CARDS] = {
        [ROGUE_CARDS_LEAKED_KEY] =
            moved.credit - moved.debit - minted_by(group, &result->report, &moved),
        [ROGUE_CARDS_CLONE] = moved.debit,
    };

    for (Side side = 0; side < N_SIDES; side++) {
        const CohortEntry *entry = entry_of(world, cards[side]);

        if (entry->rogue != ROGUE_CARDS_NONE &&
            (side == SIDE_PAYER || entry->rogue == ROGUE_CARDS_REVOKED))
            attacker_note(attacks_find(world->attacks, ATTACKS_COHORT, entry->cohort), start, 1,
                          outcome_is_paid(outcome), gained[entry->rogue]);
    }
}

/* @restored: what came back of older payments; @course: NULL if it was torn */
static void
note(World *world, const MeetingBlock *block, guint i, Micros start, Outcome outcome,
     const uint8_t wrote[static N_SIDES], const Cents restored[static N_SIDES],
     const Course *course, const WireResult *result)
{
    const uint32_t cards[N_SIDES] = { block->payer[i], block->payee[i] };
    CardMemory before[N_SIDES];

    for (Side side = 0; side < N_SIDES; side++) {
        before[side] = result->before[side];
        before[side].balance += restored[side];
    }
    world_note_restored(world, start, restored);
    note_rogue_cards(world, start, &world->terminals->groups[block->terminal[i].group], cards,
                     outcome, result, block->amount[i]);
    world_note_settlement(world, &(ObservedSettlement){
                                     .cards = cards,
                                     .decided = block->at[i],
                                     .start = start,
                                     .outcome = outcome,
                                     .path = result->course.seen.path,
                                     .wrote = { wrote[SIDE_PAYER], wrote[SIDE_PAYEE] },
                                     .before = before,
                                     .after = result->after,
                                     .course = course,
                                 });
}

/* What a rogue terminal gained, and the keys that it made. */
static void
note_attack(World *world, Micros start, guint place, const WireResult *result, Cents amount)
{
    Attacker *attacker = attacks_find(world->attacks, ATTACKS_TERMINALS, place);
    const TerminalGroup *group = &world->terminals->groups[place];
    const Moved moved = moved_by(result, amount);

    if (attacker == NULL)
        return;
    attacker_note(attacker, start, result->report.attempted, result->report.succeeded,
                  minted_by(group, &result->report, &moved) +
                      burnt_by(group, &result->report, &moved));
    for (Side side = 0; side < N_SIDES; side++) {
        KeyHandle key = result->after[side].transfer_key;

        if (key != result->before[side].transfer_key &&
            key != result->before[side_other(side)].transfer_key &&
            !keyring_pair(world->ring, key)->is_issued)
            attacks_claim(world->attacks, attacker, key);
    }
}

/* The end of a settlement that nobody leaves. */
static void
end_whole(World *world, const MeetingBlock *block, guint i, Micros start, LatencyClass *class,
          WireSettlement *settlement)
{
    const Course *course = &settlement->result.course;
    const uint8_t wrote[N_SIDES] = { course->log[SIDE_PAYER].wrote, course->log[SIDE_PAYEE].wrote };
    const Cents restored[N_SIDES] = { course->log[SIDE_PAYER].restored,
                                      course->log[SIDE_PAYEE].restored };

    settlement->outcome = course->seen.outcome;
    settlement->end = start + class->duration.total;
    note(world, block, i, start, settlement->outcome, wrote, restored, course, &settlement->result);
    latency_count(world->latency, class, start - block->at[i]);
    recorder_till_time(world->recorder, start, class->duration.phase[PHASE_UPDATE]);
}

/* The same again, which somebody leaves. */
static void
end_torn(World *world, const MeetingBlock *block, guint i, const WireMeeting *meeting,
         uint32_t setting, const Timeline *timeline, WireSettlement *settlement)
{
    Micros start = meeting->now;
    TornCourse torn;

    settlement->is_torn = true;
    settlement->tear = faults_draw(world->faults, timeline_end(timeline));
    settlement->moment = timeline_moment(timeline, settlement->tear.instant);
    torn = wire_tear(world->wire, meeting, timeline, &settlement->tear, &settlement->result);
    settlement->outcome = torn.outcome;
    settlement->end = start + torn.duration.total;
    note(world, block, i, start, torn.outcome, torn.wrote, torn.restored, NULL,
         &settlement->result);
    latency_count_torn(world->latency, setting, &torn, settlement->result.course.seen.path,
                       start - block->at[i]);
    recorder_till_time(world->recorder, start, torn.duration.phase[PHASE_UPDATE]);
}

WireSettlement
wire_settlements_settle(World *world, const MeetingBlock *block, guint i, Micros start,
                        uint64_t number)
{
    guint place = block->terminal[i].group;
    TerminalGroup *group = &world->terminals->groups[place];
    const Seat seats[N_SIDES] = {
        { chip_of(world, block->payer[i]), group->place.interface[SIDE_PAYER] },
        { chip_of(world, block->payee[i]), group->place.interface[SIDE_PAYEE] },
    };
    uint32_t setting = world_setting(world, place, seats);
    const WireMeeting meeting = meeting_of(world, block, i, start, number);
    WireSettlement settlement = { .result = wire_settle(world->wire, &meeting) };
    const Course *course = &settlement.result.course;
    LatencyClass *class = latency_class(world->latency, course, setting, seats, group->kind);

    if (start > block->at[i])
        terminals_note_wait(group, start - block->at[i]);
    if (group->place.rogue != NULL)
        note_attack(world, start, place, &settlement.result, block->amount[i]);
    if (group->place.rogue != NULL || world->faults == NULL ||
        faults_spare(world->faults, class->duration.total))
        end_whole(world, block, i, start, class, &settlement);
    else
        end_torn(world, block, i, &meeting, setting,
                 latency_timeline(world->latency, class, course, seats, group->kind), &settlement);
    return settlement;
}
