/* effective.h - a scenario printed back. */
#ifndef SIM_INPUT_EFFECTIVE_H
#define SIM_INPUT_EFFECTIVE_H

#include "sim/scenario/handle.h"

#include <glib.h>

/**
 * scenario_to_key_file:
 *
 * Returns: (transfer full): the effective scenario, every key with its value or
 *   default, in canonical units, loadable again to the same scenario
 */
GKeyFile *scenario_to_key_file(const Scenario *scenario);

#endif
