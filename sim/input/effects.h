/* effects.h - what a scenario says for nothing: keys that nothing asks for, values that change
 * nothing. Such a key is no mistake, but whoever sets it should know.
 *
 * A line is only ever about a run that is the same without it; where that cannot be told from
 * the scenario alone, there is none. */
#ifndef SIM_INPUT_EFFECTS_H
#define SIM_INPUT_EFFECTS_H

#include "sim/input/reading.h"

#include <glib.h>
#include <stdio.h>

/**
 * effects_note:
 *
 * Notes in the scenario, which has been checked, what its text sets without effect. A key at its
 * default is never meant: it says what holds anyway.
 */
void effects_note(const Reading *reading);

/**
 * effects_list:
 * @points: of Scenario *, those of a sweep
 *
 * Returns: (transfer full): of char *, in the order of the text: `[group] key: why`, of several
 *   groups `[a], [b] key: why`, or, if nothing in a group has an effect, `[group]: why`. With
 *   several points only what has none at any of them.
 */
GPtrArray *effects_list(const GPtrArray *points);

/* Each of them in a line. */
void effects_print(const GPtrArray *points, FILE *out);

#endif
