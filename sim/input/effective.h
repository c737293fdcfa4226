/* effective.h - a scenario printed back. */
#ifndef SIM_INPUT_EFFECTIVE_H
#define SIM_INPUT_EFFECTIVE_H

#include "sim/scenario/handle.h"

#include <glib.h>

/**
 * scenario_to_key_file:
 * @points: of a sweep, or one scenario
 * @n_points: at least 1
 *
 * Returns: (transfer full): the effective scenario, every key with its value or
 *   default, in canonical units, loadable again to the same points; without defaults
 *   that differ from point to point, which follow from what the sweep moves
 */
GKeyFile *scenario_to_key_file(const Scenario *const *points, guint n_points);

#endif
