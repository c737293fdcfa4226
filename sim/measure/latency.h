/* latency.h - how long settlements take, per path and phase.
 *
 * In equal seats, settlements of one course take the same time, so they are
 * counted per class and the distribution is computed when it is written. */
#ifndef SIM_MEASURE_LATENCY_H
#define SIM_MEASURE_LATENCY_H

#include "model/protocol/tear.h"
#include "model/protocol/timeline.h"

#include "sim/base/histogram.h"
#include "sim/base/table.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * LatencyClass: settlements that take the same time
 * @timeline: NULL until it is asked for
 */
typedef struct {
    uint64_t key; /* setting << DURATION_CLASS_BITS | class of the course */
    Path path;
    bool is_completed;
    Duration duration;
    uint64_t count; /* settlements */
    Timeline *timeline;
} LatencyClass;

typedef struct Latency Latency;

Latency *latency_new(const Protocol *protocol);
void latency_free(Latency *latency);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Latency, latency_free)

#define LATENCY_SETTINGS_MAX (1U << (64 - DURATION_CLASS_BITS))

/**
 * latency_class:
 * @setting: a number for @seats and @terminal, below LATENCY_SETTINGS_MAX: equal
 *   numbers, equal seats
 *
 * Returns: the class of @course; its duration is computed when it first occurs. It stays
 *   where it is as long as @latency lives
 */
LatencyClass *latency_class(Latency *latency, const Course *course, uint32_t setting,
                            const Seat seats[static N_SIDES], const LinkTerminal *terminal);

/* Notes completed settlements that waited, all above 0. */
void latency_note_waits(Latency *latency, Path path, const Histogram *waits);

/* Counts one settlement of @class that waited @wait for its terminal. Whoever counts many
 * that did not wait may add to class->count instead. */
void latency_count(Latency *latency, LatencyClass *class, Micros wait);

/* The timeline of a class; the rest as it was given to latency_class(). */
const Timeline *latency_timeline(const Latency *latency, LatencyClass *class, const Course *course,
                                 const Seat seats[static N_SIDES], const LinkTerminal *terminal);

/**
 * latency_count_torn:
 * @path: of the settlement, as if nobody had gone
 * @wait: for its terminal
 *
 * Counts one settlement in @setting that was torn and so may have lasted as no class does. If it
 * was paid all the same, as when the payer goes after its last response, it is completed.
 */
void latency_count_torn(Latency *latency, uint32_t setting, const TornCourse *torn, Path path,
                        Micros wait);

/**
 * latency_occupation:
 * @first, @settings: the first setting that counts, and how many do
 * @n: settlements in these settings, completed or not
 *
 * Returns: the sum of their durations
 */
MicrosSum latency_occupation(const Latency *latency, uint32_t first, uint32_t settings,
                             uint64_t *n);

/* Update phases of all settlements, completed or not. */
MicrosSum latency_till_time_added(const Latency *latency);

/* Share of completed settlements that took longer than @budget, without wait. */
double latency_share_over(const Latency *latency, Micros budget);

#define LATENCY_COLUMNS                                                                            \
    "scenario,point,replication,path,phase,count,mean_ms,sd_ms,min_ms,p50_ms,p90_ms,p99_ms,max_ms"

/* Rows of latency.csv. */
void latency_write(const Latency *latency, const RunId *id, Table *table);

#endif
