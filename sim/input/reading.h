/* reading.h - a scenario while it is read and checked, with the text that it comes from.
 *
 * Mistakes are noted in the text, which goes when reading is over; the scenario stays. */
#ifndef SIM_INPUT_READING_H
#define SIM_INPUT_READING_H

#include "sim/input/text.h"
#include "sim/scenario/handle.h"

typedef struct {
    Scenario *scenario;
    ScenarioText *text; /* what was set and where */
} Reading;

#endif
