/* decision_meeting.h - all that may become of one meeting at the decision level.
 *
 * What the loops of decision.c do not settle themselves: see decision_state.h. */
#ifndef SIM_WORLD_DECISION_MEETING_H
#define SIM_WORLD_DECISION_MEETING_H

#include "sim/world/decision_state.h"

/**
 * decision_meeting_settle:
 * @i: which meeting of the block
 * @boundary: the end of the interval between two samples in which they all arrive
 *
 * Settles it, if both cards are free and it starts before the end of the run; posts and tells it.
 */
void decision_meeting_settle(Decision *decision, const MeetingBlock *block, guint i,
                             Micros boundary);

#endif
