/* sweep.h - [sweep]: keys that take several values, one scenario a point.
 *
 * Every line GROUP.KEY = VALUE, VALUE, ... is an axis; the points are all
 * combinations, the last axis changing fastest. A point is the scenario as if its
 * values stood in the file. */
#ifndef SIM_INPUT_SWEEP_H
#define SIM_INPUT_SWEEP_H

#include "sim/input/reading.h"
#include "sim/scenario/limits.h"

#include <glib.h>
#include <stdbool.h>

#define SCENARIO_POINTS_MAX 10000

/* Reads the axes; mistakes go into the scenario's text. @before: another point, which shares them;
 * NULL at the first */
void sweep_read(const Reading *reading, const Scenario *before);

/* Puts the values of @point, below scenario->n_points, into the scenario's text. */
void sweep_apply(const Reading *reading, guint point);

/**
 * sweep_value:
 *
 * Returns: the value of an axis at a point
 */
const char *sweep_value(const Scenario *scenario, guint axis, guint point);

/* Whether a key is one of the axes. @group: what stands in its brackets */
bool sweep_moves(const Scenario *scenario, const char *group, const char *key);

/* Prints the axes into [sweep] of an effective scenario. */
void sweep_print(const Scenario *scenario, GKeyFile *file);

#endif
