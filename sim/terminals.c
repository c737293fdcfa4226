#include "sim/terminals.h"

#include "model/certificate.h"
#include "model/mixing.h"

#include "sim/stream.h"

typedef struct {
    const ScenarioTerminals *row;
    double share_up_to; /* of all settlements, this group's and those before it */
    WirePlace place;
    Micros *free_at;   /* of each terminal; NULL if unlimited */
    Micros *crl_phase; /* of each terminal; NULL if unlimited */
} Group;

struct Terminals {
    guint n_groups;
    Group groups[];
};

static void
give_each_terminal_a_phase(Group *group, Stream *phases)
{
    Micros period = group->row->crl_period;

    for (int64_t i = 0; period != CRL_FACTORY && i < group->row->count; i++)
        group->crl_phase[i] = (Micros)stream_below(phases, (uint64_t)period);
}

Terminals *
terminals_new(const Scenario *scenario, uint64_t seed, uint64_t replication)
{
    guint n = scenario->terminals->len;
    Terminals *terminals = g_malloc0(sizeof *terminals + n * sizeof(Group));
    double sum = 0;
    double up_to = 0;
    Stream phases;

    stream_init(&phases, seed, replication, "crl phases");
    terminals->n_groups = n;
    for (guint i = 0; i < n; i++)
        sum += ((const ScenarioTerminals *)scenario->terminals->pdata[i])->share;
    for (guint i = 0; i < n; i++) {
        const ScenarioTerminals *row = scenario->terminals->pdata[i];
        Group *group = &terminals->groups[i];

        up_to += row->share;
        *group = (Group){
            .row = row,
            .share_up_to = up_to / sum,
            .place = { { row->interface[SIDE_PAYER], row->interface[SIDE_PAYEE] },
                       row->clock_skew },
        };
        if (row->count == 0)
            continue;
        group->free_at = g_new0(Micros, (gsize)row->count);
        group->crl_phase = g_new0(Micros, (gsize)row->count);
        give_each_terminal_a_phase(group, &phases);
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
choose_group(const Terminals *terminals, uint64_t bits)
{
    double u = (double)(bits >> 11) * 0x1p-53;
    guint group = 0;

    while (group + 1 < terminals->n_groups && u >= terminals->groups[group].share_up_to)
        group++;
    return group;
}

TerminalChoice
terminals_choose(const Terminals *terminals, uint64_t which_group, uint64_t which_terminal)
{
    TerminalChoice choice = { .group = choose_group(terminals, which_group) };
    const Group *group = &terminals->groups[choice.group];

    if (group->free_at == NULL) { /* a terminal of its own, so also a phase of its own */
        choice.crl_phase =
            (Micros)((unsigned __int128)which_terminal * (uint64_t)group->row->crl_period >> 64);
        return choice;
    }
    choice.number = mixing_scale(which_terminal, (uint32_t)group->row->count);
    choice.crl_phase = group->crl_phase[choice.number];
    return choice;
}

Micros
terminals_start(const Terminals *terminals, const TerminalChoice *choice, Micros now)
{
    const Group *group = &terminals->groups[choice->group];

    return group->free_at == NULL ? now : MAX(now, group->free_at[choice->number]);
}

void
terminals_occupy(Terminals *terminals, const TerminalChoice *choice, Micros end)
{
    Group *group = &terminals->groups[choice->group];

    if (group->free_at != NULL)
        group->free_at[choice->number] = end;
}

const WirePlace *
terminals_place(const Terminals *terminals, guint group)
{
    return &terminals->groups[group].place;
}

const LinkTerminal *
terminals_kind(const Terminals *terminals, guint group)
{
    return &link_terminals[terminals->groups[group].row->kind];
}

Micros
terminals_crl_period(const Terminals *terminals, guint group)
{
    return terminals->groups[group].row->crl_period;
}
