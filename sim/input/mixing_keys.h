/* mixing_keys.h - what a scenario says of who meets whom, as far as keys depend on each
 * other. */
#ifndef SIM_INPUT_MIXING_KEYS_H
#define SIM_INPUT_MIXING_KEYS_H

#include <glib.h>
#include <stdbool.h>

#include "sim/input/reading.h"

/**
 * mixing_keys_finish:
 *
 * Numbers the regions and reads the matrix between them. Notes what is wrong: a region that
 * is missing, merchants without terminals.
 *
 * Returns: false with @error set (SCENARIO_ERROR_UNREADABLE) if the machine failed
 */
bool mixing_keys_finish(const Reading *reading, GError **error);

#endif
