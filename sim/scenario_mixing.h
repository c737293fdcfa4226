/* scenario_mixing.h - what a scenario says of who meets whom, as far as keys depend on each
 * other. */
#ifndef SIM_SCENARIO_MIXING_H
#define SIM_SCENARIO_MIXING_H

#include "sim/scenario.h"
#include "sim/scenario_keys.h"

#include <stdbool.h>

/* Whether a key has an effect under a model. */
bool scenario_mixing_uses(MixingModel model, const ScenarioKey *key);

/**
 * scenario_mixing_finish:
 *
 * Numbers the regions and reads the matrix between them. Notes what is wrong: a region that
 * is missing, merchants without terminals.
 *
 * Returns: false with @error set (SCENARIO_ERROR_UNREADABLE) if the machine failed
 */
bool scenario_mixing_finish(Scenario *scenario, GError **error);

#endif
