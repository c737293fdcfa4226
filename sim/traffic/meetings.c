#include "sim/traffic/meetings.h"

#include "sim/base/stream.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/law.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/scenario.h"
#include "sim/traffic/arrivals.h"

/* What the meetings of a block pay in all can be summed up as it is. */
G_STATIC_ASSERT(SCENARIO_MONEY_MAX <= INT64_MAX / MEETINGS_BLOCK);

struct Meetings {
    const Scenario *scenario;
    Pairs *pairs;
    const Population *population;
    Terminals *terminals;
    Arrivals arrivals;
    Profile *profile; /* NULL: arrivals are times of the clock; else ticks of operational time */
    Micros since;     /* with a profile: since when they come at their rate */
    ContactsCursor *trace; /* NULL: meetings are drawn */
    ContactsRow row;       /* of the trace, the next one */
    bool has_amounts;      /* the trace says them */
    bool has_groups;       /* likewise groups of terminals */
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
    RowStatus status = contacts_cursor_next(meetings->trace, &meetings->row, &meetings->failure);

    meetings->next = status == ROW_STATUS_ROW ? meetings->row.at : INT64_MAX;
}

static void
begin_trace(Meetings *meetings)
{
    const Scenario *scenario = meetings->scenario;

    meetings->trace = contacts_cursor_new(scenario->trace);
    meetings->has_amounts = contacts_format_has(&scenario->trace_format, TRACE_AMOUNT);
    meetings->has_groups = contacts_format_has(&scenario->trace_format, TRACE_TERMINAL);
    read_ahead(meetings);
}

Meetings *
meetings_new(const Scenario *scenario, int64_t replication, Pairs *pairs,
             const Population *population, Terminals *terminals)
{
    Meetings *meetings = g_new0(Meetings, 1);

    meetings->scenario = scenario;
    meetings->pairs = pairs;
    meetings->population = population;
    meetings->terminals = terminals;
    arrivals_init(&meetings->arrivals, scenario->seed, (uint64_t)replication);
    stream_init(&meetings->amounts, scenario->seed, (uint64_t)replication, "amounts");
    meetings->next = INT64_MAX;
    for (guint i = 0; i < MEETINGS_BLOCK; i++)
        meetings->block.merchant[i] = MERCHANTS_NOBODY;
    if (scenario->trace != NULL)
        begin_trace(meetings);
    else if (!profile_is_flat(scenario->day_profile) || !profile_is_flat(scenario->week_profile))
        meetings->profile =
            profile_new(scenario->day_profile, scenario->week_profile, scenario->start);
    if (scenario->amount.kind == LAW_CONSTANT) /* once for all blocks */
        law_draw(&scenario->amount, &meetings->amounts, meetings->block.amount, MEETINGS_BLOCK);
    return meetings;
}

void
meetings_free(Meetings *meetings)
{
    if (meetings == NULL)
        return;
    contacts_cursor_free(meetings->trace);
    profile_free(meetings->profile);
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

/* With a profile: the next arrival on the clock, which rounding must not put before a rate was
 * set. */
static void
look_ahead(Meetings *meetings)
{
    const int64_t tick = meetings->arrivals.next;

    meetings->next = tick == INT64_MAX
                         ? INT64_MAX
                         : MAX(profile_clock(meetings->profile, tick), meetings->since);
}

void
meetings_follow_pairs(Meetings *meetings, Micros now)
{
    const double per_day = pairs_total_rate(meetings->pairs);

    if (meetings->trace != NULL)
        return;
    if (meetings->profile == NULL) {
        arrivals_set_rate(&meetings->arrivals, now, per_day);
        meetings->next = meetings->arrivals.next;
        return;
    }
    meetings->since = now;
    arrivals_set_rate(&meetings->arrivals, profile_tick(meetings->profile, now),
                      per_day / (1 << PROFILE_TICK_BITS));
    look_ahead(meetings);
}

/* Arrivals before @until by their own clock. Those before its tick are before it in any case; of
 * the few in that tick each is asked. */
static guint
draw_by_profile(Meetings *meetings, Micros until, guint most)
{
    Micros *at = meetings->block.at;
    guint n = arrivals_draw(&meetings->arrivals, profile_tick(meetings->profile, until), at, most);

    profile_set_clock(meetings->profile, at, n);
    for (guint i = 0; i < n && at[i] < meetings->since; i++)
        at[i] = meetings->since;
    for (look_ahead(meetings); n < most && meetings->next < until; look_ahead(meetings)) {
        at[n] = meetings->next;
        arrivals_draw(&meetings->arrivals, meetings->arrivals.next + 1, &(Micros){ 0 }, 1);
        n++;
    }
    return n;
}

static guint
draw_times(Meetings *meetings, Micros until, guint most)
{
    guint n;

    if (meetings->profile != NULL)
        return draw_by_profile(meetings, until, most);
    n = arrivals_draw(&meetings->arrivals, until, meetings->block.at, most);
    meetings->next = meetings->arrivals.next;
    return n;
}

/* Rows of the trace before @until. Returns: how many there were */
static guint
read_rows(Meetings *meetings, Micros until, guint most)
{
    MeetingBlock *block = &meetings->block;
    guint n = 0;

    for (; n < most && meetings->next < until; n++) {
        const ContactsRow *row = &meetings->row;

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

/* Of merchants their own, of others drawn ones. */
static void
choose_terminals(Meetings *meetings)
{
    MeetingBlock *block = &meetings->block;

    if (meetings->scenario->person_to_person > 0)
        terminals_draw(meetings->terminals, NULL, block->terminal, block->n);
    for (guint i = 0; i < block->n; i++)
        if (block->merchant[i] != MERCHANTS_NOBODY)
            block->terminal[i] = terminals_numbered(meetings->terminals, block->merchant[i]);
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
        block->n = draw_times(meetings, until, most);
        pairs_draw(meetings->pairs, block->payer, block->payee, block->merchant, block->n,
                   meetings->population->records);
    }
    if (amount->kind != LAW_CONSTANT && !meetings->has_amounts)
        law_draw(amount, &meetings->amounts, block->amount, block->n);
    if (meetings->scenario->mixing == MIXING_MERCHANTS) {
        choose_terminals(meetings);
        return block;
    }
    terminals_draw(meetings->terminals, meetings->has_groups ? meetings->groups : NULL,
                   block->terminal, block->n);
    return block;
}
