/* world.h - what a replication consists of, and what a settlement does to it.
 *
 * Two ways to settle, one at the wire level and one at the decision level, work on the
 * same world and must leave it alike. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "model/keyring.h"
#include "model/population.h"
#include "model/steps.h"

#include "sim/latency.h"
#include "sim/meetings.h"
#include "sim/recorder.h"
#include "sim/revocation.h"
#include "sim/scenario.h"
#include "sim/terminals.h"
#include "sim/wire.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * World:
 * @end: of the run; what would start then or later does not happen
 * @revocation: NULL without certificates
 * @n_arrivals: so far; numbers the settlements
 */
typedef struct {
    const Scenario *scenario;
    Micros end;
    Protocol protocol;
    KeyRing *ring;
    Population *population;
    Terminals *terminals;
    Revocation *revocation;
    Wire *wire;
    Recorder *recorder;
    Latency *latency;
    uint64_t n_arrivals;
} World;

/* The date 222 of a transaction at @now. */
static inline int64_t
world_date(const World *world, Micros now)
{
    return world->scenario->start * MICROS_PER_SECOND + now;
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

/* Posts the change of a card's keys at @at. */
void world_note_keys(World *world, Micros at, const CardMemory *before, const CardMemory *after);

/* Settles a block of meetings, each decided at its arrival, byte by byte. */
void world_settle_on_wire(World *world, const MeetingBlock *block);

#endif
