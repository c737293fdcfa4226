/* terminals.h - the terminals of a scenario: which one takes a settlement, who
 * waits for it, and which revocation list it holds.
 *
 * A group with a number of terminals has as many queues, first come first served,
 * of which each arrival chooses one uniformly. In an unlimited group every
 * settlement finds a terminal of its own and nobody waits; in a trace nobody waits anywhere. */
#ifndef SIM_TRAFFIC_TERMINALS_H
#define SIM_TRAFFIC_TERMINALS_H

#include "model/protocol/link.h"
#include "model/protocol/records.h"
#include "model/protocol/rogues.h"

#include "sim/base/histogram.h"
#include "sim/base/stream.h"
#include "sim/base/table.h"
#include "sim/scenario/terminal_group.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Scenario Scenario;

/**
 * TerminalPlace: where a settlement takes place
 * @interface: of the payer's reader and of the payee's
 * @rogue: what the terminal does to the cards; NULL: nothing
 */
typedef struct {
    const LinkInterface *interface[N_SIDES];
    Micros clock_skew;
    Rogue *rogue;
} TerminalPlace;

/**
 * TerminalGroup:
 * @share_up_to: of all settlements, this group's and those before it
 * @has_phase: whether it matters when its terminals fetch the revocation list
 * @n_stale: terminals, the first ones by number, whose clocks stand; of an unlimited group the
 *   number 0 stands for all of those
 * @free_at: when each terminal is free; NULL if unlimited, and in a trace
 * @crl_phase: of each terminal; NULL if unlimited
 * @waits: of settlements that did wait; NULL if unlimited
 * @unserved: arrivals whose turn would have come at the end of the run or later
 */
typedef struct {
    const ScenarioTerminals *row;
    const LinkTerminal *kind;
    TerminalPlace place;
    double share_up_to;
    bool has_phase;
    uint32_t n_stale;
    Micros *free_at;
    Micros *crl_phase;
    Histogram *waits;
    uint64_t unserved;
} TerminalGroup;

/**
 * Terminals:
 * @groups: in the order of the scenario
 * @n_counted: terminals of all groups but the unlimited ones
 */
typedef struct {
    Stream which_group;
    Stream which_terminal;
    Stream which_clock; /* of unlimited groups */
    guint n_groups;
    bool has_clocks; /* to be drawn */
    uint32_t n_counted;
    TerminalGroup groups[];
} Terminals;

/* @scenario: borrowed */
Terminals *terminals_new(const Scenario *scenario, uint64_t replication);
void terminals_free(Terminals *terminals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Terminals, terminals_free)

/**
 * TerminalChoice: one terminal
 * @group: index of its group in the scenario
 * @crl_phase: when it first fetches the list, see crl_last_fetch()
 */
typedef struct {
    guint group;
    uint32_t number;
    Micros crl_phase;
} TerminalChoice;

/**
 * terminals_draw:
 * @groups: of each, where something else has chosen it; NULL: drawn
 * @choices: @n of them, all zero at first
 *
 * Draws a terminal for each. A number is drawn only where it decides something: a group if
 * there are several, a terminal if it has a queue or a time at which it fetches the
 * revocation list. @choices stay as they are where nothing is to be decided.
 */
void terminals_draw(Terminals *terminals, const guint *groups, TerminalChoice *choices, guint n);

/* Terminal @i, modulo their number, of those that keep people waiting, counted through; there
 * must be one. */
TerminalChoice terminals_numbered(const Terminals *terminals, uint32_t i);

/**
 * terminals_free_at:
 *
 * Returns: when the terminal is free, as known by now, to be set when it is taken (Lindley's
 *   recursion); NULL if it never keeps anybody waiting
 */
static inline Micros *
terminals_free_at(const TerminalGroup *group, const TerminalChoice *choice)
{
    return group->free_at == NULL ? NULL : &group->free_at[choice->number];
}

/* What the clock of a terminal shows at @now, from time 0. */
static inline Micros
terminals_clock(const TerminalGroup *group, const TerminalChoice *choice, Micros now)
{
    return choice->number < group->n_stale ? 0 : now + group->place.clock_skew;
}

/* Settlements at terminals of @group waited: one, or many, all above 0. */
void terminals_note_wait(TerminalGroup *group, Micros wait);
void terminals_note_waits(TerminalGroup *group, const Histogram *waits);

/**
 * TerminalUse: what a group was used for
 * @settlements: that started, completed or not
 * @utilisation: share of the terminals' time that they were taken; NaN if unlimited
 * @load: what share of it all arrivals would have taken, served or not, by the mean duration of
 *   those that were served; NaN if unlimited
 * @waits: of all settlements, those that found a free terminal included
 * @unserved: arrivals that did not have their turn before the end
 */
typedef struct {
    const char *name;
    int64_t count;
    uint64_t settlements;
    uint64_t waited;
    uint64_t unserved;
    double utilisation;
    double load;
    Distribution waits;
} TerminalUse;

/**
 * terminals_use:
 * @occupied: the sum of the durations of all @settlements of @group
 * @end: of the run
 */
TerminalUse terminals_use(const TerminalGroup *group, uint64_t settlements, MicrosSum occupied,
                          Micros end);

#define TERMINALS_COLUMNS                                                                          \
    "scenario,point,replication,terminals,count,settlements,utilisation,share_waited,"             \
    "wait_mean_ms,wait_sd_ms,wait_p50_ms,wait_p90_ms,wait_p99_ms,wait_max_ms,unserved"

/* A row of terminals.csv. */
void terminals_write_use(const TerminalUse *use, const RunId *id, Table *table);

#endif
