#include "sim/input/scenario_error.h"

G_DEFINE_QUARK(scenario - error - quark, scenario_error)
