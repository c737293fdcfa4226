/* replaced.h - how the results that a run replaces differ from its own. */
#ifndef SIM_RUNS_REPLACED_H
#define SIM_RUNS_REPLACED_H

#include <glib.h>

/**
 * replaced_describe:
 * @before: the older run.ini; what stands in [run] does not count
 * @now: the effective scenario of the run
 *
 * Returns: (transfer full) (nullable): whose results are replaced, as a phrase that completes "the
 *   results of"; NULL: of the same scenario with the same seed
 */
char *replaced_describe(GKeyFile *before, GKeyFile *now);

#endif
