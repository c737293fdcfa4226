/* results.h - the folder that a run writes.
 *
 * Each file is whole or absent: rows go to temporary files, which get their names
 * when the run is over. run.ini alone tells of version, date and fidelity, beside
 * the effective scenario. */
#ifndef SIM_RESULTS_H
#define SIM_RESULTS_H

#include "sim/recorder.h"
#include "sim/scenario.h"
#include "sim/table.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Results Results;

/**
 * results_new:
 * @folder: made if it is not there
 *
 * Returns: NULL with @error set if the folder cannot be written
 */
Results *results_new(const Scenario *scenario, const char *folder, GError **error);
void results_free(Results *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Results, results_free)

/* Adds the rows of a replication. */
void results_add(Results *results, int64_t replication, const Recorder *recorder,
                 const Latency *latency);

/* Brings all files to the disk and then gives them their names, run.ini last. Returns: false
 * with @error set if that failed; an older result is as it was unless a file that was
 * complete could not be renamed. */
bool results_commit(Results *results, bool is_complete, GError **error);

#endif
