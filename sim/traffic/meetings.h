/* meetings.h - who pays whom when, how much and where, drawn in blocks or read from a trace.
 *
 * What is drawn does not depend on what becomes of it, so a block can be drawn
 * ahead, and the size of the blocks never shows in a result. Of a trace each row is a
 * meeting; what it does not say, amounts and terminals, is drawn. */
#ifndef SIM_TRAFFIC_MEETINGS_H
#define SIM_TRAFFIC_MEETINGS_H

#include "model/protocol/population.h"
#include "model/protocol/units.h"

#include "sim/traffic/pairs.h"
#include "sim/traffic/terminals.h"

#include <glib.h>
#include <stdint.h>

typedef struct Scenario Scenario;

#define MEETINGS_BLOCK PAIRS_BLOCK

/**
 * MeetingBlock: arrivals in order of time
 * @merchant: who is paid, if it is one, who stands at its own terminal and is never busy;
 *   else MERCHANTS_NOBODY
 * @terminal: all zero where there is nothing to choose
 */
typedef struct {
    guint n;
    Micros at[MEETINGS_BLOCK];
    uint32_t payer[MEETINGS_BLOCK];
    uint32_t payee[MEETINGS_BLOCK];
    uint32_t merchant[MEETINGS_BLOCK];
    Cents amount[MEETINGS_BLOCK];
    TerminalChoice terminal[MEETINGS_BLOCK];
} MeetingBlock;

typedef struct Meetings Meetings;

/* @scenario, @pairs, @population, @terminals: borrowed. Nobody meets before a rate is set, but
 * in a trace. */
Meetings *meetings_new(const Scenario *scenario, int64_t replication, Pairs *pairs,
                       const Population *population, Terminals *terminals);
void meetings_free(Meetings *meetings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Meetings, meetings_free)

/* The time of the next one, INT64_MAX if there is none. */
Micros meetings_next(const Meetings *meetings);

/* Cards have been added to the pairs at @now. A trace goes on as it was. */
void meetings_follow_pairs(Meetings *meetings, Micros now);

/**
 * meetings_draw:
 *
 * Draws those before @until, at most @most and MEETINGS_BLOCK.
 *
 * Returns: (transfer none): the block, until the next call
 */
const MeetingBlock *meetings_draw(Meetings *meetings, Micros until, guint most);

/* Why there are no more meetings, if the trace could not be read to its end; else NULL. */
const GError *meetings_failure(const Meetings *meetings);

#endif
