#include "sim/meetings.h"

#include "sim/arrivals.h"
#include "sim/law.h"
#include "sim/stream.h"

struct Meetings {
    const Scenario *scenario;
    const Mixing *mixing;
    const Population *population;
    Terminals *terminals;
    Arrivals arrivals;
    Stream pairs;
    Stream amounts;
    MeetingBlock block;
};

Meetings *
meetings_new(const Scenario *scenario, int64_t replication, const Mixing *mixing,
             const Population *population, Terminals *terminals)
{
    Meetings *meetings = g_new0(Meetings, 1);

    meetings->scenario = scenario;
    meetings->mixing = mixing;
    meetings->population = population;
    meetings->terminals = terminals;
    arrivals_init(&meetings->arrivals, scenario->seed, (uint64_t)replication);
    stream_init(&meetings->pairs, scenario->seed, (uint64_t)replication, "mixing");
    stream_init(&meetings->amounts, scenario->seed, (uint64_t)replication, "amounts");
    if (scenario->amount.kind == LAW_CONSTANT) /* once for all blocks */
        law_draw(&scenario->amount, &meetings->amounts, meetings->block.amount, MEETINGS_BLOCK);
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

/* Has the records of those who will meet brought from memory: by the time the block is drawn,
 * most are there. A macro, because gcc drops calls of a function that does nothing but this. */
#define FETCH(records, block, i)                                                                   \
    do {                                                                                           \
        __builtin_prefetch(&(records)[(block)->payer[i]], 1);                                      \
        __builtin_prefetch(&(records)[(block)->payee[i]], 1);                                      \
    } while (0)

/* A number for a payer and one for a payee, and one for the payer's class where cards are not
 * all equally active. */
static void
draw_pairs(Meetings *meetings)
{
    const Mixing *mixing = meetings->mixing;
    const CardRecord *records = meetings->population->records;
    MeetingBlock *block = &meetings->block;
    Stream own = meetings->pairs; /* in registers */

    for (guint i = 0; mixing->is_even && i < block->n; i++) {
        block->payer[i] = mixing_scale(stream_next(&own), mixing->n_cards);
        block->payee[i] = mixing_draw_payee(mixing, block->payer[i], stream_next(&own));
        FETCH(records, block, i);
    }
    for (guint i = 0; !mixing->is_even && i < block->n; i++) {
        uint64_t which = stream_next(&own);

        block->payer[i] = mixing_draw_payer(mixing, which, stream_next(&own));
        block->payee[i] = mixing_draw_payee(mixing, block->payer[i], stream_next(&own));
        FETCH(records, block, i);
    }
    meetings->pairs = own;
}

const MeetingBlock *
meetings_draw(Meetings *meetings, Micros until, guint most)
{
    const Law *amount = &meetings->scenario->amount;
    MeetingBlock *block = &meetings->block;

    block->n = arrivals_draw(&meetings->arrivals, until, block->at, MIN(most, MEETINGS_BLOCK));
    draw_pairs(meetings);
    if (amount->kind != LAW_CONSTANT)
        law_draw(amount, &meetings->amounts, block->amount, block->n);
    terminals_draw(meetings->terminals, block->terminal, block->n);
    return block;
}
