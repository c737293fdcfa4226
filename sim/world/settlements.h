/* settlements.h - settlements of a world, at its level.
 *
 * At the wire level cards are put into readers and every byte passes; at the decision
 * level a table says what would come of it. Either way the same is posted, and told to the
 * world's observers, what is no meeting included. */
#ifndef SIM_WORLD_SETTLEMENTS_H
#define SIM_WORLD_SETTLEMENTS_H

#include "model/wire/card.h"

#include "sim/traffic/meetings.h"
#include "sim/world/world.h"

#include <stdint.h>

/* Settles a block at the level of this world. */
void settlements_run_block(World *world, const MeetingBlock *block);

/* The issuer calls a card back and writes what @memory says onto it; keys are posted. */
void settlements_recall(World *world, uint32_t card, const CardMemory *memory, Micros now);

/* The issuer would write a key onto a card, which has come to its limit: it remains as it is. */
void settlements_recall_in_vain(World *world, uint32_t card, Micros now);

/**
 * settlements_visit:
 * @kind: OBSERVED_SPECIAL or OBSERVED_INJECT
 * @special: see wire_visit()
 * @number: of the visit in the replication
 *
 * A card comes to a special card and is updated by it if the scheme lets it. Keys are posted;
 * it is no meeting.
 */
void settlements_visit(World *world, ObservedKind kind, uint32_t card, const WireOutsider *special,
                       Micros now, uint64_t number);

/**
 * settlements_tap:
 * @own: see wire_tap(); its memory is left as the settlement leaves it
 * @number: of the tap in the replication
 *
 * A card comes to the reader of an attacker. Nothing changes but their own card.
 */
void settlements_tap(World *world, uint32_t card, WireOutsider *own, Micros now, uint64_t number);

/**
 * settlements_swap:
 * @entry: cohort entry of the new card
 * @replacement: its memory when it is issued, balance 0
 * @number: of the swap in the replication
 *
 * The new card takes the old one's number and, by a settlement at a counter, its money; what
 * a refusal leaves on the old card is stranded, and a debt is lost. Keys and either are posted.
 */
void settlements_swap(World *world, uint32_t card, uint16_t entry, const CardMemory *replacement,
                      Micros now, uint64_t number);

#endif
