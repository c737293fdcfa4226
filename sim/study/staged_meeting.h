/* staged_meeting.h - one meeting of two cards of a scenario, set up and settled as in a run of it.
 *
 * A replication without arrivals: all cards are issued, with the keys, serial numbers and
 * certificates that they have in replication 1 of a run with that seed, and the plan takes its
 * course, but nobody meets until the two do. */
#ifndef SIM_STUDY_STAGED_MEETING_H
#define SIM_STUDY_STAGED_MEETING_H

#include "sim/world/replication.h"
#include "sim/world/wire_settlements.h"

#include <glib.h>
#include <stdint.h>

/**
 * StagedMeeting:
 * @at: when
 * @cards: their numbers
 * @terminal: where; drawn from its group as for any meeting
 */
typedef struct {
    Replication *replication;
    World *world;
    Micros at;
    uint32_t cards[N_SIDES];
    TerminalChoice terminal;
} StagedMeeting;

/**
 * staged_meeting_new:
 * @scenario: borrowed; its level is the wire level
 * @at: before the end of the run; what the plan does until then, @at included, has been done, but
 *   for what waits for a share of the cards to have a key, unless the plan alone brings it about
 * @cohorts: indices. Of each the first card, of one cohort the first two; a cohort that has none
 *   is given one, as it would be issued then
 * @terminals: index of a group
 */
StagedMeeting *staged_meeting_new(const Scenario *scenario, Micros at,
                                  const guint cohorts[static N_SIDES], guint terminals);
void staged_meeting_free(StagedMeeting *meeting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StagedMeeting, staged_meeting_free)

/* The entry of a card, and where it sits. */
const CohortEntry *staged_meeting_entry(const StagedMeeting *meeting, Side side);
Seat staged_meeting_seat(const StagedMeeting *meeting, Side side);

/* Has the payer pay @amount. @listener: hears it */
WireSettlement staged_meeting_settle(StagedMeeting *meeting, Cents amount,
                                     const WireListener *listener);

#endif
