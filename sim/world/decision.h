/* decision.h - settlements of the population's cards at the decision level.
 *
 * The counterpart of wire.h: what two cards and a terminal would do, without their
 * bytes. Counts are gathered per block and per class, and only what changes a key is
 * posted one by one. */
#ifndef SIM_WORLD_DECISION_H
#define SIM_WORLD_DECISION_H

#include "model/protocol/duration.h"
#include "model/protocol/population.h"

#include "sim/traffic/meetings.h"

#include <glib.h>

typedef struct Decision Decision;
typedef struct World World;

/* @world: borrowed; its population and keys may still grow */
Decision *decision_new(World *world);
void decision_free(Decision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decision, decision_free)

/* The card with this number is another one now, which has nothing to finish. */
void decision_forget(Decision *decision, uint32_t card);

/* The run is over: the last counts are handed on. */
void decision_finish(Decision *decision);

/* Cards, keys or cohort entries have been added, or a revocation list has been published. */
void decision_learn(Decision *decision);

/* Settles a block of meetings, each decided at its arrival. They all arrive in one interval
 * between two samples. */
void decision_settle(Decision *decision, const MeetingBlock *block);

/**
 * decision_hand_over:
 * @crl: number of the terminal's revocation list
 * @clock: the terminal's
 * @payer, @payee: memories of two cards, left as the settlement leaves them
 * @payer_entry, @payee_entry: their cohort entries
 *
 * A settlement of cards that need not be in circulation: the payer pays all it has. What
 * wire_swap(), wire_visit() and wire_tap() run, at this level.
 *
 * Returns: its course
 */
Course decision_hand_over(Decision *decision, guint crl, Micros clock, CardMemory *payer,
                          uint16_t payer_entry, CardMemory *payee, uint16_t payee_entry);

#endif
