#include "sim/study/staged_meeting.h"

#include "sim/traffic/merchants.h"
#include "sim/world/issuer.h"
#include "sim/world/issuer_revocation.h"

/* The @nth card of a cohort, from 0, which is issued if there are fewer. */
static uint32_t
find_card(const StagedMeeting *meeting, guint cohort, uint32_t nth)
{
    Issuer *issuer = replication_issuer(meeting->replication);
    g_autoptr(GArray) only = g_array_new(FALSE, FALSE, sizeof(guint));

    g_array_append_val(only, cohort);
    if (issuer_n_cards(issuer, only) <= nth) {
        issuer_add_cards(issuer, cohort, 1, meeting->at);
        issuer_revocation_revoke_rogues(issuer, meeting->at);
    }
    nth = MIN(nth, issuer_n_cards(issuer, only) - 1);
    return issuer_card(issuer, only, nth);
}

StagedMeeting *
staged_meeting_new(const Scenario *scenario, Micros at, const guint cohorts[static N_SIDES],
                   guint terminals)
{
    StagedMeeting *meeting = g_new0(StagedMeeting, 1);
    SimEngine *engine;

    meeting->at = at;
    meeting->replication = replication_new(scenario, 1);
    meeting->world = replication_world(meeting->replication);
    replication_stop_meetings(meeting->replication);
    engine = replication_engine(meeting->replication);
    while (sim_engine_next_time(engine) <= at && sim_engine_step(engine))
        ;
    meeting->cards[SIDE_PAYER] = find_card(meeting, cohorts[SIDE_PAYER], 0);
    meeting->cards[SIDE_PAYEE] =
        find_card(meeting, cohorts[SIDE_PAYEE], cohorts[SIDE_PAYEE] == cohorts[SIDE_PAYER] ? 1 : 0);
    terminals_draw(meeting->world->terminals, &terminals, &meeting->terminal, 1);
    return meeting;
}

void
staged_meeting_free(StagedMeeting *meeting)
{
    if (meeting == NULL)
        return;
    replication_free(meeting->replication);
    g_free(meeting);
}

const CohortEntry *
staged_meeting_entry(const StagedMeeting *meeting, Side side)
{
    const Population *population = meeting->world->population;

    return population_entry(population, population->records[meeting->cards[side]].entry);
}

Seat
staged_meeting_seat(const StagedMeeting *meeting, Side side)
{
    const TerminalGroup *group = &meeting->world->terminals->groups[meeting->terminal.group];

    return (Seat){ staged_meeting_entry(meeting, side)->chip, group->place.interface[side] };
}

WireSettlement
staged_meeting_settle(StagedMeeting *meeting, Cents amount, const WireListener *listener)
{
    World *world = meeting->world;
    g_autofree MeetingBlock *block = g_new0(MeetingBlock, 1);
    WireSettlement settlement;

    block->n = 1;
    block->at[0] = meeting->at;
    block->payer[0] = meeting->cards[SIDE_PAYER];
    block->payee[0] = meeting->cards[SIDE_PAYEE];
    block->merchant[0] = MERCHANTS_NOBODY;
    block->amount[0] = amount;
    block->terminal[0] = meeting->terminal;
    wire_listen(world->wire, listener);
    settlement = wire_settlements_settle(world, block, 0, meeting->at, ++world->n_arrivals);
    wire_listen(world->wire, NULL);
    return settlement;
}
