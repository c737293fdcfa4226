/* contacts_keys.h - the trace that a scenario names: read, and what follows from it. */
#ifndef SIM_INPUT_CONTACTS_KEYS_H
#define SIM_INPUT_CONTACTS_KEYS_H

#include <glib.h>
#include <stdbool.h>

#include "sim/input/reading.h"

/**
 * contacts_keys_finish:
 * @before: another point of the same sweep, whose trace may serve again; or NULL
 *
 * Reads the trace of a scenario that has one and sets what it decides: cohorts of the rest of
 * its cards, the duration where none is given. Notes what is wrong.
 *
 * Returns: false with @error set (SCENARIO_ERROR_UNREADABLE) if the machine failed
 */
bool contacts_keys_finish(const Reading *reading, const Scenario *before, GError **error);

#endif
