/* limits.h - how large the numbers of a scenario may be. */
#ifndef SIM_SCENARIO_LIMITS_H
#define SIM_SCENARIO_LIMITS_H

#include "model/protocol/units.h"

#include <stdint.h>

/* The 32-bit ID one above is never given out, so that no ID wraps. */
#define SCENARIO_ID_MAX (UINT32_MAX - INT64_C(1))
#define SCENARIO_CARDS_MAX INT64_C(4000000000)
#define SCENARIO_MONEY_MAX INT64_C(9000000000000000)
#define SCENARIO_MONEY_SUM_MAX INT64_C(9000000000000000000) /* of all cards; of all payments */
#define SCENARIO_PRELOADED_MAX 16
#define SCENARIO_REPLICATIONS_MAX 1000000
#define SCENARIO_DURATION_MAX (36500 * MICROS_PER_DAY)

/* How many of each a scenario may define: results number the pairs of chips that meet
 * in a group of terminals in LATENCY_SETTINGS_MAX. */
#define SCENARIO_CHIPS_MAX 100
#define SCENARIO_INTERFACES_MAX 100
#define SCENARIO_TERMINALS_MAX 5000

#endif
