/* results.h - the folder that a run writes.
 *
 * Each file is whole or absent: rows go to temporary files, which get their names
 * when the run is over. run.ini alone names version, date and fidelity, beside
 * the effective scenario, and lists the other files with their checksums: what is replaced or
 * removed is what an earlier run has written and nobody has changed. */
#ifndef SIM_RUNS_RESULTS_H
#define SIM_RUNS_RESULTS_H

#include "sim/base/table.h"
#include "sim/input/load.h"
#include "sim/measure/ensemble.h"
#include "sim/measure/recorder.h"
#include "sim/world/replication.h"

#include <glib.h>
#include <stdbool.h>

#define RESULTS_RUN_INI "run.ini"
#define RESULTS_RUN_GROUP                                                                          \
    SCENARIO_RUN_GROUP /* in it: what does not count when results are compared */
#define RESULTS_VERSION_KEY "version"
#define RESULTS_FILES_KEY "files" /* of char *: see checksum_line.h */

#define RESULTS_ERROR (results_error_quark())
GQuark results_error_quark(void);

typedef enum {
    RESULTS_ERROR_IN_THE_WAY, /* what stands there under a name of ours is not to be replaced */
} ResultsError;

typedef struct Results Results;

/**
 * results_new:
 * @points: of Scenario*, borrowed: a sweep's points, or one scenario
 * @folder: made if it is not there
 * @has_ensemble: whether ensemble.csv is written too
 *
 * Claims the folder until the results are freed, and sets room aside for what they take at least.
 *
 * Returns: NULL with @error set if the folder cannot be written or another run writes to it now
 *   (G_FILE_ERROR), or if a file stands there under a name of ours that no run wrote, or that has
 *   been changed since (RESULTS_ERROR)
 */
Results *results_new(const GPtrArray *points, const char *folder, bool has_ensemble,
                     GError **error);
void results_free(Results *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Results, results_free)

/* Where the files go. */
const char *results_folder(const Results *results);

/* (transfer full) (nullable): whose results are going to be replaced, as replaced_describe() says;
 * NULL: nobody's, or those of the same scenario and seed. */
char *results_replaced(const Results *results);

/* (transfer full): of char *, names of pictures that stay beside results which have replaced
 * others: they are not, or no longer, what plots/draw.sh has drawn, but may well show the others.
 */
GPtrArray *results_pictures_left(const Results *results);

/* Adds the rows of a replication, and sets room aside for those that are still to come at its
 * point. Returns: false with @error set (G_FILE_ERROR) if there is no room: nothing can come of
 * this run then */
bool results_add(Results *results, int64_t point, int64_t replication,
                 const ReplicationResult *result, GError **error);

/* What the replications of a point have in common so far. */
const Ensemble *results_ensemble(const Results *results, int64_t point);

/* Brings all files to the disk and then gives them their names, run.ini last; an older run.ini
 * goes first, so that where there is one, the other files are of its run. What else an earlier run
 * wrote, and the charts drawn of it, go too. A trace that is not what it was when it was first
 * read leaves nothing to commit. Returns: false with
 * @error set if that failed; an older result is as it was unless a file that was complete could
 * not be renamed. */
bool results_commit(Results *results, bool is_complete, GError **error);

#endif
