/* engine.h - clock and event queue.
 *
 * Events run in order of (time, rank, sequence): at one time, samples before plan
 * actions before arrivals, and otherwise in the order in which they were
 * scheduled. Plain C: a test steps it by hand, engine_source.h ties it to GLib. */
#ifndef SIM_ENGINE_H
#define SIM_ENGINE_H

#include "model/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What runs first at one time. */
typedef enum { RANK_SAMPLE, RANK_PLAN, RANK_ARRIVAL, N_RANKS } EngineRank;

typedef struct SimEngine SimEngine;
typedef void (*SimEventFunc)(SimEngine *engine, gpointer data);

SimEngine *sim_engine_new(void);
void sim_engine_free(SimEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimEngine, sim_engine_free)

/* The time of the event that runs, or ran last; 0 at first. */
Micros sim_engine_now(const SimEngine *engine);

/* Events run so far. */
uint64_t sim_engine_n_events(const SimEngine *engine);

/* Events that ran at the time of the event before them. */
uint64_t sim_engine_n_ties(const SimEngine *engine);

/* Names a scheduled event. */
typedef uint64_t SimEventId;

/**
 * sim_engine_schedule:
 * @at: not in the past
 *
 * Runs @run with @data at @at.
 *
 * Returns: the event, for sim_engine_cancel()
 */
SimEventId sim_engine_schedule(SimEngine *engine, Micros at, EngineRank rank, SimEventFunc run,
                               gpointer data);

/* Takes back an event; one that has run already is ignored. Looks through the
 * whole queue: not for every event. */
void sim_engine_cancel(SimEngine *engine, SimEventId id);

/* Events at or after @end do not run; at first nothing ends the run. */
void sim_engine_set_end(SimEngine *engine, Micros end);

/**
 * sim_engine_next_time:
 *
 * Returns: the time of the next event, INT64_MAX if none is scheduled
 */
Micros sim_engine_next_time(const SimEngine *engine);

/**
 * sim_engine_step:
 *
 * Runs the next event.
 *
 * Returns: false if there was none before the end
 */
bool sim_engine_step(SimEngine *engine);

#endif
