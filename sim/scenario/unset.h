/* unset.h - what a number of a scenario holds where the file sets none. */
#ifndef SIM_SCENARIO_UNSET_H
#define SIM_SCENARIO_UNSET_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A limit that is not set (`none`). */
#define SCENARIO_NO_LIMIT UINT32_MAX
/* A number that a plan action does not set. */
#define SCENARIO_UNSET INT64_MIN
/* All cards of a trace that no other cohort has (`rest`). */
#define SCENARIO_REST (INT64_MIN + 1)
/* A share that is not set. */
#define SCENARIO_SHARE_UNSET (-1.0)
/* A rate that is not set. */
#define SCENARIO_RATE_UNSET (-1.0)
/* A card that never expires, in days. */
#define SCENARIO_NEVER_EXPIRES INT64_MAX

#endif
