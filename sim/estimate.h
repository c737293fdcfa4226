/* estimate.h - what a run will need, told before it starts. */
#ifndef SIM_ESTIMATE_H
#define SIM_ESTIMATE_H

#include "sim/scenario.h"

#include <stdio.h>

/**
 * Estimate:
 * @cards: at the end, issued ones included
 * @meetings: expected, of all replications
 * @bytes: of memory
 * @seconds: on a current machine, on one core; right to a factor of about two
 */
typedef struct {
    double cards;
    double meetings;
    double bytes;
    double seconds;
} Estimate;

Estimate estimate_of(const Scenario *scenario);
void estimate_print(const Scenario *scenario, FILE *out);

#endif
