/* wire_settlements.h - settlements of a world byte by byte, and what is posted of them.
 *
 * At the wire level all are such, at the decision level those with somebody rogue. */
#ifndef SIM_WORLD_WIRE_SETTLEMENTS_H
#define SIM_WORLD_WIRE_SETTLEMENTS_H

#include "sim/traffic/meetings.h"
#include "sim/world/world.h"

#include <glib.h>
#include <stdint.h>

/**
 * WireSettlement: what became of one settlement
 * @end: of it
 * @result: memories as they are after it; of a torn one the course that it would have taken
 * @is_torn: whether @tear struck it, at @moment of that course
 */
typedef struct {
    Micros end;
    Outcome outcome;
    WireResult result;
    bool is_torn;
    Tear tear;
    Moment moment;
} WireSettlement;

/**
 * wire_settlements_settle:
 * @i: which meeting of the block
 * @number: of the meeting in the replication
 *
 * One settlement that starts at @start, byte by byte, whatever the level: what it changes and
 * what comes of an attack is posted.
 */
WireSettlement wire_settlements_settle(World *world, const MeetingBlock *block, guint i,
                                       Micros start, uint64_t number);

#endif
