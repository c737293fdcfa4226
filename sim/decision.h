/* decision.h - settlements of the population's cards at the decision level.
 *
 * The counterpart of wire.h: what two cards and a terminal would do, without their
 * bytes. Counts are gathered per block and per class, and only what changes a key is
 * posted one by one. */
#ifndef SIM_DECISION_H
#define SIM_DECISION_H

#include "model/population.h"

#include "sim/meetings.h"

#include <glib.h>

typedef struct Decision Decision;
typedef struct World World;

/* @world: borrowed; its population and keys may still grow */
Decision *decision_new(World *world);
void decision_free(Decision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decision, decision_free)

/* The run is over: the last counts are handed on. */
void decision_finish(Decision *decision);

/* Cards, keys or cohort entries have been added, or a revocation list has been published. */
void decision_learn(Decision *decision);

/* Settles a block of meetings, each decided at its arrival. They all arrive in one interval
 * between two samples. */
void decision_settle(Decision *decision, const MeetingBlock *block);

/**
 * decision_swap:
 * @old: memory of the card that is given back; left as the settlement leaves it
 * @replacement: of the new card, in which it takes over the money; likewise
 * @old_entry, @new_entry: their cohort entries
 *
 * What wire_swap() does, at this level.
 */
void decision_swap(Decision *decision, CardMemory *old, uint16_t old_entry,
                   CardMemory *replacement, uint16_t new_entry, Micros now);

#endif
