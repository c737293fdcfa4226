/* terminals.h - the terminals of a scenario: which one takes a settlement, who
 * waits for it, and which revocation list it holds.
 *
 * A group with a number of terminals has as many queues, first come first served,
 * of which each arrival chooses one uniformly. In an unlimited group every
 * settlement finds a terminal of its own and nobody waits. */
#ifndef SIM_TERMINALS_H
#define SIM_TERMINALS_H

#include "model/link.h"

#include "sim/scenario.h"
#include "sim/wire.h"

#include <glib.h>
#include <stdint.h>

typedef struct Terminals Terminals;

/* @seed, @replication: of the phases in which terminals fetch revocation lists. */
Terminals *terminals_new(const Scenario *scenario, uint64_t seed, uint64_t replication);
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

/* Chooses by 64 random bits for the group and as many for the terminal. */
TerminalChoice terminals_choose(const Terminals *terminals, uint64_t which_group,
                                uint64_t which_terminal);

/* When a settlement that arrives at @now starts (Lindley). */
Micros terminals_start(const Terminals *terminals, const TerminalChoice *choice, Micros now);

/* The terminal is taken until @end. */
void terminals_occupy(Terminals *terminals, const TerminalChoice *choice, Micros end);

/* What a settlement needs to know of a group. */
const WirePlace *terminals_place(const Terminals *terminals, guint group);
const LinkTerminal *terminals_kind(const Terminals *terminals, guint group);
Micros terminals_crl_period(const Terminals *terminals, guint group);

#endif
