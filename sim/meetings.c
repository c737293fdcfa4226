#include "sim/meetings.h"

#include "sim/arrivals.h"
#include "sim/law.h"
#include "sim/stream.h"

struct Meetings {
    const Scenario *scenario;
    const Mixing *mixing;
    Terminals *terminals;
    Arrivals arrivals;
    Stream pairs;
    Stream amounts;
};

Meetings *
meetings_new(const Scenario *scenario, int64_t replication, const Mixing *mixing,
             Terminals *terminals)
{
    Meetings *meetings = g_new0(Meetings, 1);

    meetings->scenario = scenario;
    meetings->mixing = mixing;
    meetings->terminals = terminals;
    arrivals_init(&meetings->arrivals, scenario->seed, (uint64_t)replication);
    stream_init(&meetings->pairs, scenario->seed, (uint64_t)replication, "mixing");
    stream_init(&meetings->amounts, scenario->seed, (uint64_t)replication, "amounts");
    return meetings;
}

void
meetings_free(Meetings *meetings)
{
    g_free(meetings);
}

Micros
meetings_next(const Meetings *meetings)
{
    return meetings->arrivals.next;
}

void
meetings_follow_mixing(Meetings *meetings, Micros now)
{
    arrivals_set_rate(&meetings->arrivals, now, meetings->mixing->total_rate);
}

/* Two numbers for a payer, of which the first decides nothing where all cards are equally
 * active, and one for a payee. */
static void
draw_pairs(Meetings *meetings, MeetingBlock *block)
{
    const Mixing *mixing = meetings->mixing;
    Stream own = meetings->pairs; /* in registers */

    for (guint i = 0; i < block->n; i++) {
        uint64_t which = stream_next(&own);
        uint64_t who = stream_next(&own);

        block->payer[i] = mixing_draw_payer(mixing, which, who);
        block->payee[i] = mixing_draw_payee(mixing, block->payer[i], stream_next(&own));
    }
    meetings->pairs = own;
}

void
meetings_draw(Meetings *meetings, Micros until, guint most, MeetingBlock *block)
{
    block->n = arrivals_draw(&meetings->arrivals, until, block->at, MIN(most, MEETINGS_BLOCK));
    draw_pairs(meetings, block);
    law_draw(&meetings->scenario->amount, &meetings->amounts, block->amount, block->n);
    terminals_draw(meetings->terminals, block->terminal, block->n);
}
