/* scenario_error.h - what stops the reading of a scenario. */
#ifndef SIM_INPUT_SCENARIO_ERROR_H
#define SIM_INPUT_SCENARIO_ERROR_H

#include <glib.h>

#define SCENARIO_ERROR (scenario_error_quark())
GQuark scenario_error_quark(void);
typedef enum {
    SCENARIO_ERROR_UNREADABLE, /* the file could not be read: a failure of the machine */
    SCENARIO_ERROR_INVALID,    /* its content is wrong */
} ScenarioError;

#endif
