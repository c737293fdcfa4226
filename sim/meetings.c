#include "sim/meetings.h"

#include "sim/arrivals.h"
#include "sim/law.h"
#include "sim/stream.h"
#include "sim/trace.h"

struct Meetings {
    const Scenario *scenario;
    const Mixing *mixing;
    const Population *population;
    Terminals *terminals;
    Arrivals arrivals;
    Stream pairs;
    TraceCursor *trace; /* NULL: meetings are drawn */
    TraceRow row;       /* of the trace, the next one */
    bool has_amounts;   /* the trace says them */
    bool has_groups;    /* likewise groups of terminals */
    guint groups[MEETINGS_BLOCK];
    GError *failure;
    Micros next; /* INT64_MAX: there is none */
    Stream amounts;
    MeetingBlock block;
};

/* The next row of the trace into @row. */
static void
read_ahead(Meetings *meetings)
{
    RowStatus status = trace_cursor_next(meetings->trace, &meetings->row, &meetings->failure);

    meetings->next = status == ROW_STATUS_ROW ? meetings->row.at : INT64_MAX;
}

static void
begin_trace(Meetings *meetings)
{
    const Scenario *scenario = meetings->scenario;

    meetings->trace = trace_cursor_new(scenario->trace);
    meetings->has_amounts = trace_format_has(&scenario->trace_format, TRACE_AMOUNT);
    meetings->has_groups = trace_format_has(&scenario->trace_format, TRACE_TERMINAL);
    read_ahead(meetings);
}

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
    meetings->next = INT64_MAX;
    if (scenario->trace != NULL)
        begin_trace(meetings);
    if (scenario->amount.kind == LAW_CONSTANT) /* once for all blocks */
        law_draw(&scenario->amount, &meetings->amounts, meetings->block.amount, MEETINGS_BLOCK);
    return meetings;
}

void
meetings_free(Meetings *meetings)
{
    if (meetings == NULL)
        return;
    trace_cursor_free(meetings->trace);
    g_clear_error(&meetings->failure);
    g_free(meetings);
}

Micros
meetings_next(const Meetings *meetings)
{
    return meetings->next;
}

const GError *
meetings_failure(const Meetings *meetings)
{
    return meetings->failure;
}

void
meetings_follow_mixing(Meetings *meetings, Micros now)
{
    if (meetings->trace != NULL)
        return;
    arrivals_set_rate(&meetings->arrivals, now, meetings->mixing->total_rate);
    meetings->next = meetings->arrivals.next;
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

/* Rows of the trace before @until. Returns: how many there were */
static guint
read_rows(Meetings *meetings, Micros until, guint most)
{
    MeetingBlock *block = &meetings->block;
    guint n = 0;

    for (; n < most && meetings->next < until; n++) {
        const TraceRow *row = &meetings->row;

        block->at[n] = row->at;
        block->payer[n] = row->payer;
        block->payee[n] = row->payee;
        meetings->groups[n] = row->terminal;
        if (meetings->has_amounts)
            block->amount[n] = row->amount;
        read_ahead(meetings);
    }
    return n;
}

const MeetingBlock *
meetings_draw(Meetings *meetings, Micros until, guint most)
{
    const Law *amount = &meetings->scenario->amount;
    MeetingBlock *block = &meetings->block;

    most = MIN(most, MEETINGS_BLOCK);
    if (meetings->trace != NULL) {
        block->n = read_rows(meetings, until, most);
    } else {
        block->n = arrivals_draw(&meetings->arrivals, until, block->at, most);
        meetings->next = meetings->arrivals.next;
        draw_pairs(meetings);
    }
    if (amount->kind != LAW_CONSTANT && !meetings->has_amounts)
        law_draw(amount, &meetings->amounts, block->amount, block->n);
    terminals_draw(meetings->terminals, meetings->has_groups ? meetings->groups : NULL,
                   block->terminal, block->n);
    return block;
}
