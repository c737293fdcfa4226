#include "sim/traffic/terminals.h"

#include "model/protocol/certificate.h"
#include "model/protocol/random_range.h"

#include "sim/base/share.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"

#include <math.h>

static void
give_each_terminal_a_phase(TerminalGroup *group, Stream *phases)
{
    for (int64_t i = 0; group->has_phase && i < group->row->count; i++)
        group->crl_phase[i] = (Micros)stream_below(phases, (uint64_t)group->row->crl_period);
}

static void
set_up_group(TerminalGroup *group, const ScenarioTerminals *row, const Scenario *scenario,
             Stream *phases)
{
    *group = (TerminalGroup){
        .row = row,
        .kind = &link_terminals[row->kind],
        .place = { { row->interface[SIDE_PAYER], row->interface[SIDE_PAYEE] },
                   row->clock_skew,
                   NULL },
        .has_phase = scheme_has_certificates(&scenario->scheme) && row->crl_period != CRL_FACTORY,
    };
    if (row->count == 0) {
        group->n_stale = row->stale_share > 0;
        return;
    }
    group->n_stale = (uint32_t)share_count(row->stale_share, (uint64_t)row->count);
    if (scenario->mixing != MIXING_TRACE)
        group->free_at = g_new0(Micros, (gsize)row->count);
    group->crl_phase = g_new0(Micros, (gsize)row->count);
    group->waits = g_new0(Histogram, 1);
    give_each_terminal_a_phase(group, phases);
}

Terminals *
terminals_new(const Scenario *scenario, uint64_t replication)
{
    guint n = scenario_n_terminals(scenario);
    Terminals *terminals = g_malloc0(sizeof *terminals + n * sizeof(TerminalGroup));
    double sum = 0;
    double up_to = 0;
    Stream phases;

    stream_init(&phases, scenario->seed, replication, "crl phases");
    stream_init(&terminals->which_group, scenario->seed, replication, "groups of terminals");
    stream_init(&terminals->which_terminal, scenario->seed, replication, "terminals");
    stream_init(&terminals->which_clock, scenario->seed, replication, "stale clocks");
    terminals->n_groups = n;
    for (guint i = 0; i < n; i++)
        sum += scenario_terminals(scenario, i)->share;
    for (guint i = 0; i < n; i++) {
        set_up_group(&terminals->groups[i], scenario_terminals(scenario, i), scenario, &phases);
        terminals->n_counted += (uint32_t)terminals->groups[i].row->count;
        terminals->has_clocks |=
            terminals->groups[i].row->count == 0 && terminals->groups[i].n_stale > 0;
        up_to += terminals->groups[i].row->share;
        terminals->groups[i].share_up_to = up_to / sum;
    }
    return terminals;
}

void
terminals_free(Terminals *terminals)
{
    if (terminals == NULL)
        return;
    for (guint i = 0; i < terminals->n_groups; i++) {
        g_free(terminals->groups[i].free_at);
        g_free(terminals->groups[i].crl_phase);
        if (terminals->groups[i].waits != NULL)
            histogram_clear(terminals->groups[i].waits);
        g_free(terminals->groups[i].waits);
    }
    g_free(terminals);
}

/* From 0 up to 1. */
static double
draw_share(Stream *stream)
{
    return (double)(int64_t)(stream_next(stream) >> 11) * 0x1p-53;
}

/* By halves: there may be thousands. The last group takes what rounding leaves. */
static guint
draw_group(Terminals *terminals)
{
    double u = draw_share(&terminals->which_group);
    guint group = 0;
    guint rest = terminals->n_groups - 1; /* behind it that may be meant */

    while (rest > 0) {
        guint half = rest / 2;
        bool is_behind = u >= terminals->groups[group + half].share_up_to;

        group += is_behind ? half + 1 : 0;
        rest = is_behind ? rest - half - 1 : half;
    }
    return group;
}

static inline __attribute__((always_inline)) void
draw_terminal(const TerminalGroup *group, Stream *stream, TerminalChoice *choice)
{
    if (group->crl_phase != NULL) {
        choice->number = random_range_below(stream_next(stream), (uint32_t)group->row->count);
        __builtin_prefetch(&group->free_at[choice->number], 1);
        if (group->has_phase)
            choice->crl_phase = group->crl_phase[choice->number];
    } else if (group->has_phase) { /* a terminal of its own, so also a phase of its own */
        choice->crl_phase =
            (Micros)((unsigned __int128)stream_next(stream) * (uint64_t)group->row->crl_period >>
                     64);
    }
}

/* Terminals that are met once may have clocks that stand, too. */
static void
draw_clocks(Terminals *terminals, TerminalChoice *choices, guint n)
{
    for (guint i = 0; terminals->has_clocks && i < n; i++) {
        const ScenarioTerminals *row = terminals->groups[choices[i].group].row;

        if (row->count == 0 && row->stale_share > 0)
            choices[i].number = draw_share(&terminals->which_clock) < row->stale_share ? 0 : 1;
    }
}

void
terminals_draw(Terminals *terminals, const guint *groups, TerminalChoice *choices, guint n)
{
    bool is_one = terminals->n_groups == 1;
    const TerminalGroup *first = &terminals->groups[0];
    Stream own = terminals->which_terminal; /* in registers */

    if (is_one && first->free_at == NULL && !first->has_phase && first->n_stale == 0)
        return;
    for (guint i = 0; is_one && i < n; i++)
        draw_terminal(first, &own, &choices[i]);
    for (guint i = 0; !is_one && i < n; i++) {
        guint group = groups != NULL ? groups[i] : draw_group(terminals);

        choices[i] = (TerminalChoice){ .group = group };
        draw_terminal(&terminals->groups[group], &own, &choices[i]);
    }
    terminals->which_terminal = own;
    draw_clocks(terminals, choices, n);
}

void
terminals_note_wait(TerminalGroup *group, Micros wait)
{
    histogram_add(group->waits, wait, 1);
}

TerminalChoice
terminals_numbered(const Terminals *terminals, uint32_t i)
{
    TerminalChoice choice = { .number = i < terminals->n_counted ? i : i % terminals->n_counted };

    while (choice.number >= terminals->groups[choice.group].row->count)
        choice.number -= (uint32_t)terminals->groups[choice.group++].row->count;
    choice.crl_phase = terminals->groups[choice.group].crl_phase[choice.number];
    return choice;
}

void
terminals_note_waits(TerminalGroup *group, const Histogram *waits)
{
    histogram_add_all(group->waits, waits);
}

/* Of the durations of settlements, what lies beyond the end of the run. */
static MicrosSum
overhang(const TerminalGroup *group, Micros end)
{
    MicrosSum sum = 0;

    for (int64_t i = 0; i < group->row->count; i++)
        sum += MAX(group->free_at[i] - end, 0);
    return sum;
}

static double
load_of(const TerminalUse *use, MicrosSum occupied, Micros end)
{
    double arrivals = (double)(use->settlements + use->unserved);

    if (use->settlements == 0)
        return 0;
    return (double)occupied / (double)use->settlements * arrivals /
           ((double)use->count * (double)end);
}

TerminalUse
terminals_use(const TerminalGroup *group, uint64_t settlements, MicrosSum occupied, Micros end)
{
    TerminalUse use = {
        .name = group->row->name,
        .count = group->row->count,
        .settlements = settlements,
        .unserved = group->unserved,
        .utilisation = NAN,
        .load = NAN,
    };
    g_auto(Histogram) all = { 0 };

    if (group->free_at == NULL) {
        use.count = 0; /* nobody waits, as if there were no end of them */
        return use;
    }
    histogram_add_all(&all, group->waits);
    use.waited = all.n;
    histogram_add(&all, 0, settlements - all.n);
    use.waits = histogram_distribution(&all);
    use.utilisation = (double)(occupied - overhang(group, end)) / ((double)use.count * (double)end);
    use.load = load_of(&use, occupied, end);
    return use;
}

static void
write_waits(const TerminalUse *use, Table *table)
{
    const Distribution *waits = &use->waits;
    const double figures[] = { waits->mean, waits->sd,  waits->p50,
                               waits->p90,  waits->p99, waits->most };

    table_number(table, (double)use->waited / (double)use->settlements);
    for (guint i = 0; i < G_N_ELEMENTS(figures); i++)
        table_number(table, figures[i]);
}

void
terminals_write_use(const TerminalUse *use, const RunId *id, Table *table)
{
    bool has_queues = use->count > 0;

    run_id_begin_row(id, table);
    table_text(table, use->name);
    if (has_queues)
        table_integer(table, use->count);
    else
        table_empty(table);
    table_unsigned(table, use->settlements);
    if (has_queues)
        table_number(table, use->utilisation);
    else
        table_empty(table);
    if (has_queues && use->settlements > 0)
        write_waits(use, table);
    else
        for (guint i = 0; i < 7; i++)
            table_empty(table);
    table_unsigned(table, use->unserved);
    table_end_row(table);
}
