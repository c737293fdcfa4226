/* engine.h - clock and event queue.
 *
 * Events run in order of (time, rank, sequence): at one time, samples before plan
 * actions before arrivals, and otherwise in the order in which they were
 * scheduled. Plain C: a test steps it by hand, engine_source.h ties it to GLib. */
#ifndef SIM_BASE_ENGINE_H
#define SIM_BASE_ENGINE_H

#include "model/protocol/units.h"

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

/* The time of the event that runs, or ran last; 0 at first. Of a crowd's events that run, the
 * last one that was counted. */
Micros sim_engine_now(const SimEngine *engine);

/* Events run so far. */
uint64_t sim_engine_n_events(const SimEngine *engine);

/* Events that ran at the time of the event before them. */
uint64_t sim_engine_n_ties(const SimEngine *engine);

/**
 * sim_engine_schedule:
 * @at: not in the past
 *
 * Runs @run with @data at @at.
 */
void sim_engine_schedule(SimEngine *engine, Micros at, EngineRank rank, SimEventFunc run,
                         gpointer data);

/**
 * SimCrowd: events too many to queue one by one, of rank RANK_ARRIVAL and in order of time
 * @next: the time of the next one, INT64_MAX if there is none
 * @run: runs some of those before @until, at least the next one; tells the engine of each
 *   lot by sim_engine_count()
 */
typedef struct {
    Micros (*next)(gpointer data);
    void (*run)(SimEngine *engine, Micros until, gpointer data);
} SimCrowd;

/* An engine has one crowd at most. @crowd: borrowed. What it does must not schedule events
 * before its own next one. */
void sim_engine_set_crowd(SimEngine *engine, const SimCrowd *crowd, gpointer data);

/* @n events of the crowd have run, in order, at @times. */
void sim_engine_count(SimEngine *engine, const Micros *times, guint n);

/* Events at or after @end do not run; at first nothing ends the run. */
void sim_engine_set_end(SimEngine *engine, Micros end);

/**
 * sim_engine_next_time:
 *
 * Returns: the time of the next event, INT64_MAX if there is none
 */
Micros sim_engine_next_time(const SimEngine *engine);

/**
 * sim_engine_step:
 *
 * Runs the next event, or the next few of the crowd.
 *
 * Returns: false if there was none before the end
 */
bool sim_engine_step(SimEngine *engine);

#endif
