/* estimate.h - what a run will need, before it starts. */
#ifndef SIM_RUNS_ESTIMATE_H
#define SIM_RUNS_ESTIMATE_H

#include <glib.h>
#include <stdio.h>

typedef struct Scenario Scenario;

/* The longest that a run whose fidelity is not asked for may take at the wire level. */
#define ESTIMATE_WIRE_SECONDS 20.0

/**
 * estimate_choose_level:
 * @points: of Scenario*
 *
 * Decides for all points at once at which level they run where the scenario leaves that
 * open: at the wire level if all of it takes less than ESTIMATE_WIRE_SECONDS and fits into
 * memory.
 */
void estimate_choose_level(const GPtrArray *points);

/* Prints what all points of a sweep need. @points: of Scenario* */
void estimate_print(const GPtrArray *points, FILE *out);

/**
 * estimate_jobs:
 *
 * Returns: how many replications to run side by side on this machine: one a processor,
 *   as far as there are so many and memory bears it
 */
guint estimate_jobs(const GPtrArray *points);

/**
 * estimate_shortage:
 *
 * Returns: (transfer full) (nullable): why @jobs replications side by side do not fit
 *   into this machine's memory; NULL if they do
 */
char *estimate_shortage(const GPtrArray *points, guint jobs);

#endif
