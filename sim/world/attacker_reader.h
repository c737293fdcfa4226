/* attacker_reader.h - what attackers make of what has leaked to them, at a reader of their own.
 *
 * They have an update key, or the secret of a card, or all of it. Cards come by, and their reader
 * lets an extracted card, or a copy of it, pose as the older one of a pair: newer cards prove
 * nothing on the symmetric path, and on the other one they ask for a certificate and have no
 * list of those that are revoked. So attackers learn their keys by the scheme's own update, which
 * runs to the letter. The cards themselves do not notice. */
#ifndef SIM_WORLD_ATTACKER_READER_H
#define SIM_WORLD_ATTACKER_READER_H

#include "sim/measure/exposure.h"
#include "sim/scenario/plan.h"
#include "sim/world/world.h"

#include <glib.h>
#include <stdint.h>

typedef struct AttackerReader AttackerReader;

/**
 * attacker_reader_new:
 * @world: borrowed
 * @exposure: borrowed: is told what leaks
 * @plan: borrowed: the action by which something leaks
 * @index: of the attacker in the replication; names their random numbers
 */
AttackerReader *attacker_reader_new(World *world, Exposure *exposure, const ScenarioPlan *plan,
                                    guint index);
void attacker_reader_free(AttackerReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AttackerReader, attacker_reader_free)

/* The key that the action names leaks. */
void attacker_reader_take_key(AttackerReader *reader, Micros now);

/* The secret of @card leaks, or all that it holds, as the action says. */
void attacker_reader_take_card(gpointer reader, uint32_t card, Micros now);

/* @card comes to the attacker's reader. What they learn counts as leaked from now on. */
void attacker_reader_tap(gpointer reader, uint32_t card, Micros now);

#endif
