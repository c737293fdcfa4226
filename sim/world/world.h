/* world.h - what a replication consists of, and what both levels ask of it.
 *
 * Two ways to settle, one at the wire level and one at the decision level, work on the
 * same world and must leave it alike; settling.h chooses between them. */
#ifndef SIM_WORLD_WORLD_H
#define SIM_WORLD_WORLD_H

#include "model/protocol/keyring.h"
#include "model/protocol/population.h"
#include "model/protocol/protocol.h"

#include "sim/measure/latency.h"
#include "sim/measure/observers.h"
#include "sim/measure/recorder.h"
#include "sim/scenario/handle.h"
#include "sim/traffic/faults.h"
#include "sim/traffic/meetings.h"
#include "sim/traffic/terminals.h"
#include "sim/world/attacks.h"
#include "sim/world/revocation.h"
#include "sim/world/wire.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Decision Decision;
typedef struct World World;

/**
 * World:
 * @seed: of the scenario
 * @epoch: calendar date of time 0 in microseconds since 1970-01-01 UTC
 * @active_within: how long ago a card may have been used to count as active; SCENARIO_UNSET
 * @chips: of Chip, all that cards may have
 * @end: of the run; what would start then or later does not happen
 * @has_locks: whether a card in a settlement cannot start another; not in a trace
 * @has_merchants: whether some of those who are paid do not care how many pay them at once
 * @revocation: NULL without certificates
 * @faults: NULL if nothing is ever torn
 * @observers: who hears of what is posted, besides recorder and latency
 * @n_arrivals: so far; numbers the settlements
 */
struct World {
    const Scenario *scenario;
    uint64_t seed;
    int64_t epoch;
    Micros active_within;
    const GArray *chips;
    Micros end;
    bool has_locks;
    bool has_merchants;
    Protocol protocol;
    KeyRing *ring;
    Population *population;
    Terminals *terminals;
    Revocation *revocation;
    Faults *faults;
    Wire *wire; /* one of these two; both where somebody is rogue at the decision level */
    Decision *decision;
    Attacks *attacks; /* NULL: nobody attacks */
    Recorder *recorder;
    Latency *latency;
    Observers observers;
    uint64_t n_arrivals;
};

/* Whether a card is in a settlement that keeps it from another, or waits for one. */
static inline bool
world_is_busy(const World *world, uint32_t card, Micros now)
{
    return world->has_locks && population_is_busy(world->population, card, now);
}

/* The date 222 of a transaction at @now. */
static inline int64_t
world_date(const World *world, Micros now)
{
    return world->epoch + now;
}

/* The revocation list that a terminal holds at @arrival. */
static inline guint
world_crl(const World *world, const TerminalGroup *group, const TerminalChoice *choice,
          Micros arrival)
{
    if (world->revocation == NULL)
        return 0;
    return revocation_list_at(world->revocation, group->row->crl_period, choice->crl_phase,
                              arrival);
}

/* The ID behind a handle; 0 of no key. */
static inline uint32_t
world_id(const World *world, KeyHandle handle)
{
    return handle == 0 ? 0 : keyring_id(world->ring, handle);
}

/* The list that was published last. */
static inline guint
world_newest_crl(const World *world)
{
    return world->revocation == NULL ? 0 : revocation_newest(world->revocation);
}

/* A number for the seats that two cards have in a group of terminals. */
uint32_t world_setting(const World *world, guint group, const Seat seats[static N_SIDES]);

/* Cards enter with these keys at @at, see recorder_cards_enter(). */
void world_note_cards(World *world, Micros at, uint64_t n, const CardMemory *memory);

/* Posts a meeting by what it left on both cards, and tells it. */
void world_note_settlement(World *world, const ObservedSettlement *settlement);

/* Posts what both cards were credited of an older payment that had been torn: its value had been
 * posted as destroyed. */
void world_note_restored(World *world, Micros at, const Cents restored[static N_SIDES]);

/* Posts what is left on a card for good, or lost with it: money since the end of the card's term
 * if that has come by @now and an expired card pays nobody, else since @now; a debt is money that
 * others have and nobody owes any more. */
void world_note_left(World *world, Micros now, uint16_t expiry_day, Cents left);

/* Whether a card of this term pays nobody from a time before @now on. @since: (out): that time */
static inline bool
world_has_ended(const World *world, uint16_t expiry_day, Micros now, Micros *since)
{
    *since = expiry_day * MICROS_PER_DAY;
    return world->protocol.scheme.expired == EXPIRED_STOP && expiry_day != CARD_NEVER_EXPIRES &&
           *since < now;
}

/* Posts the change of a card's keys at @at, which was decided at @now, and tells it. */
void world_note_keys(World *world, Micros now, Micros at, const CardMemory *before,
                     const CardMemory *after);

#endif
