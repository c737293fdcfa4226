/* scenario_trace.h - the trace that a scenario names: read, and what follows from it. */
#ifndef SIM_SCENARIO_TRACE_H
#define SIM_SCENARIO_TRACE_H

#include "sim/scenario.h"

#include <stdbool.h>

/**
 * scenario_trace_finish:
 * @before: another point of the same sweep, whose trace may serve again; or NULL
 *
 * Reads the trace of a scenario that has one and sets what it decides: cohorts of the rest of
 * its cards, the duration where none is given. Notes what is wrong.
 *
 * Returns: false with @error set (SCENARIO_ERROR_UNREADABLE) if the machine failed
 */
bool scenario_trace_finish(Scenario *scenario, const Scenario *before, GError **error);

#endif
