/* batch.h - replications side by side, handed over in order.
 *
 * Each point of a sweep has its replications. Worker threads run one replication at
 * a time, each in a main loop of its own; what a replication leaves is taken in the
 * caller's thread, in the order of points and replications, whatever the number of
 * workers and whoever is faster. */
#ifndef SIM_RUNS_BATCH_H
#define SIM_RUNS_BATCH_H

#include "sim/runs/progress.h"
#include "sim/world/replication.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Called for each finished replication, in order; what it left is the caller's no longer
 * after that. @point: from 0; @number: of the replication, from 1. Returns: whether more
 * replications of this point are wanted. */
typedef bool (*BatchTake)(int64_t point, int64_t number, const ReplicationResult *result,
                          gpointer data);

/**
 * BatchTask:
 * @points: of Scenario*, borrowed: a sweep's points, or one scenario
 * @first, @last: numbers of the replications of each point
 * @jobs: worker threads, at least 1
 */
typedef struct {
    const GPtrArray *points;
    int64_t first;
    int64_t last;
    guint jobs;
} BatchTask;

/* What is run, and what may interrupt it. */
typedef struct Batch Batch;

/**
 * batch_new:
 * @task: borrowed
 * @mode: of the progress line
 *
 * SIGINT and SIGTERM interrupt the batch from now on until it has run, as interrupts.h says; one
 * that comes before batch_run() waits for it. Whoever makes the folder of results after that never
 * leaves it half-made on a signal.
 */
Batch *batch_new(const BatchTask *task, ProgressMode mode);
void batch_free(Batch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batch, batch_free)

/* To be called by what takes the replications: nothing more is to be run, since what was taken is
 * worth nothing. @failure: (transfer full): why; a first one stays */
void batch_fail(Batch *batch, GError *failure);

/**
 * batch_run:
 *
 * Runs in the default main context until all is done or SIGINT or SIGTERM comes; once a batch.
 * Interrupted, it keeps what was taken already; if that is nothing, the very first
 * replication goes on to its next sample and is taken as a run of that duration. A
 * second signal ends at once, and is listened to until the batch is freed.
 *
 * Returns: whether all is done; false: interrupted. @error is set, and nothing worth keeping,
 *   if a replication could not be run to its end, or batch_fail() was called
 */
bool batch_run(Batch *batch, BatchTake take, gpointer data, GError **error);

#endif
