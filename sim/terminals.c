#include "sim/terminals.h"

#include "model/certificate.h"
#include "model/mixing.h"

static void
give_each_terminal_a_phase(TerminalGroup *group, Stream *phases)
{
    for (int64_t i = 0; group->has_phase && i < group->row->count; i++)
        group->crl_phase[i] = (Micros)stream_below(phases, (uint64_t)group->row->crl_period);
}

static void
set_up_group(TerminalGroup *group, const ScenarioTerminals *row, const Scheme *scheme,
             Stream *phases)
{
    *group = (TerminalGroup){
        .row = row,
        .kind = &link_terminals[row->kind],
        .place = { { row->interface[SIDE_PAYER], row->interface[SIDE_PAYEE] }, row->clock_skew },
        .has_phase = scheme_has_certificates(scheme) && row->crl_period != CRL_FACTORY,
    };
    if (row->count == 0)
        return;
    group->free_at = g_new0(Micros, (gsize)row->count);
    group->crl_phase = g_new0(Micros, (gsize)row->count);
    give_each_terminal_a_phase(group, phases);
}

Terminals *
terminals_new(const Scenario *scenario, uint64_t replication)
{
    guint n = scenario->terminals->len;
    Terminals *terminals = g_malloc0(sizeof *terminals + n * sizeof(TerminalGroup));
    double sum = 0;
    double up_to = 0;
    Stream phases;

    stream_init(&phases, scenario->seed, replication, "crl phases");
    stream_init(&terminals->which_group, scenario->seed, replication, "groups of terminals");
    stream_init(&terminals->which_terminal, scenario->seed, replication, "terminals");
    terminals->n_groups = n;
    for (guint i = 0; i < n; i++)
        sum += ((const ScenarioTerminals *)scenario->terminals->pdata[i])->share;
    for (guint i = 0; i < n; i++) {
        set_up_group(&terminals->groups[i], scenario->terminals->pdata[i], &scenario->scheme,
                     &phases);
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
    }
    g_free(terminals);
}

static guint
draw_group(Terminals *terminals)
{
    double u = (double)(int64_t)(stream_next(&terminals->which_group) >> 11) * 0x1p-53;
    guint group = 0;

    while (group + 1 < terminals->n_groups && u >= terminals->groups[group].share_up_to)
        group++;
    return group;
}

static void
draw_terminal(const TerminalGroup *group, Stream *stream, TerminalChoice *choice)
{
    if (group->free_at != NULL) {
        choice->number = mixing_scale(stream_next(stream), (uint32_t)group->row->count);
        choice->crl_phase = group->crl_phase[choice->number];
    } else if (group->has_phase) { /* a terminal of its own, so also a phase of its own */
        choice->crl_phase =
            (Micros)((unsigned __int128)stream_next(stream) * (uint64_t)group->row->crl_period >>
                     64);
    }
}

void
terminals_draw(Terminals *terminals, TerminalChoice *choices, guint n)
{
    bool is_one = terminals->n_groups == 1;

    if (is_one && terminals->groups[0].free_at == NULL && !terminals->groups[0].has_phase)
        return;
    for (guint i = 0; i < n; i++) {
        choices[i] = (TerminalChoice){ .group = is_one ? 0 : draw_group(terminals) };
        draw_terminal(&terminals->groups[choices[i].group], &terminals->which_terminal,
                      &choices[i]);
    }
}
