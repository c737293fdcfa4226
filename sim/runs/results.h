/* results.h - the folder that a run writes.
 *
 * Each file is whole or absent: rows go to temporary files, which get their names
 * when the run is over. run.ini alone names version, date and fidelity, beside
 * the effective scenario. */
#ifndef SIM_RUNS_RESULTS_H
#define SIM_RUNS_RESULTS_H

#include "sim/base/table.h"
#include "sim/measure/ensemble.h"
#include "sim/measure/recorder.h"
#include "sim/world/replication.h"

#include <glib.h>
#include <stdbool.h>

#define RESULTS_RUN_INI "run.ini"
#define RESULTS_RUN_GROUP "run" /* in it: what does not count when results are compared */

typedef struct Results Results;

/**
 * results_new:
 * @points: of Scenario*, borrowed: a sweep's points, or one scenario
 * @folder: made if it is not there
 * @has_ensemble: whether ensemble.csv is written too
 *
 * Returns: NULL with @error set if the folder cannot be written
 */
Results *results_new(const GPtrArray *points, const char *folder, bool has_ensemble,
                     GError **error);
void results_free(Results *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Results, results_free)

/* Adds the rows of a replication. */
void results_add(Results *results, int64_t point, int64_t replication,
                 const ReplicationResult *result);

/* What the replications of a point have in common so far. */
const Ensemble *results_ensemble(const Results *results, int64_t point);

/* Brings all files to the disk and then gives them their names, run.ini last; an older run.ini
 * goes first, so that where there is one, the other files are of its run. Returns: false with
 * @error set if that failed; an older result is as it was unless a file that was complete could
 * not be renamed. */
bool results_commit(Results *results, bool is_complete, GError **error);

#endif
