/* laws.h - what the laws of a scenario draw from: files of rates, tables of quantiles. */
#ifndef SIM_INPUT_LAWS_H
#define SIM_INPUT_LAWS_H

#include <glib.h>
#include <stdbool.h>

#include "sim/input/reading.h"

/**
 * laws_load:
 *
 * Reads the files of rates that cohorts name: CSV without header, a rate a line, in payments a
 * day or with a unit (0.5/d), and a weight behind it where wanted, 1 without. Notes what is
 * wrong.
 *
 * Returns: false with @error set (SCENARIO_ERROR_UNREADABLE) if the machine failed
 */
bool laws_load(const Reading *reading, GError **error);

/* Makes the tables of a scenario without mistakes, each once. */
void laws_build(Scenario *scenario);

#endif
