/* attacks.h - who attacks in a scenario, and what comes of it.
 *
 * An attacker is a cohort, a group of terminals or a plan action that a scenario makes rogue.
 * Each has a key of its own, which nobody issued, for what it brings in; further keys may
 * become its own by what it does. How many cards hold one of them, or are its own, is looked
 * at in the samples. */
#ifndef SIM_WORLD_ATTACKS_H
#define SIM_WORLD_ATTACKS_H

#include "model/protocol/keyring.h"
#include "model/protocol/population.h"
#include "model/wire/rogue.h"

#include "sim/base/table.h"
#include "sim/measure/latency.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Scenario Scenario;

#define ATTACKS_COLUMNS                                                                            \
    "scenario,point,replication,time_s,attacker,attack,attempts,successes,gained,cards"

typedef enum { ATTACKS_COHORT, ATTACKS_TERMINALS, ATTACKS_PLAN } AttacksParty;

typedef struct Attacks Attacks;
typedef struct Attacker Attacker;

/* Whether anybody attacks. */
bool attacks_occur(const Scenario *scenario);

/**
 * attacks_new:
 * @protocol, @ring: borrowed
 *
 * Returns: NULL if nobody attacks
 */
Attacks *attacks_new(const Scenario *scenario, const Protocol *protocol, KeyRing *ring);
void attacks_free(Attacks *attacks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attacks, attacks_free)

/* The cohort, group of terminals or action with that index in the scenario; NULL if it is
 * honest. @attacks: may be NULL */
Attacker *attacks_find(Attacks *attacks, AttacksParty party, guint index);

/* The program of rogue terminals; NULL of others. */
Rogue *attacker_rogue(const Attacker *attacker);

/* The key that it brings in: transfer-key ID of cohort or action, and bytes of its own. */
KeyHandle attacker_key(const Attacker *attacker);

/* The update key of cards that have a leaked transfer key and no update key of the scheme's. */
KeyHandle attacker_update_key(const Attacker *attacker);

/**
 * attacker_note:
 * @at: when: a card may still wait for its turn; RECORDER_FROM_THE_START
 * @gained: minor units that it minted or destroyed, or that clones paid
 *
 * Counts @n attempts of which so many were successful.
 */
void attacker_note(Attacker *attacker, Micros at, uint64_t n, uint64_t successes, Cents gained);

/* Cards that hold @key hold one of the attacker's from now on. */
void attacks_claim(Attacks *attacks, const Attacker *attacker, KeyHandle key);

/* Takes a sample at @at, of what came before it. */
void attacks_sample(Attacks *attacks, const Population *population, Micros at);

/* Writes all samples. */
void attacks_write(const Attacks *attacks, const RunId *id, Table *table);

#endif
