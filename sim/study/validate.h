/* validate.h - theory against simulation: scenarios of which mean, variance or limit is
 * known are run at the decision level, and what they give is held against it. */
#ifndef SIM_STUDY_VALIDATE_H
#define SIM_STUDY_VALIDATE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * Validation: what to do, and what came of it
 * @seeds: @n_seeds of them, each of as many replications; their results are taken together
 * @is_long: ten times as many
 * @n_checks, @n_failed: so far
 */
typedef struct {
    const uint64_t *seeds;
    guint n_seeds;
    bool is_long;
    guint n_checks;
    guint n_failed;
} Validation;

/**
 * validate_all:
 *
 * Prints to @out a line for each check: the exact value, the simulated mean, of how many
 * values, z = difference / standard error, what may be added to it, and whether it passes.
 *
 * A check passes if the difference is at most four standard errors and that slack: 0 where
 * theory is exact; where it is a limit of many cards, of the order of 1 / sqrt(N m); where a
 * figure is rounded, half a unit of its last digit. Without an error values must be equal.
 * The same seeds always give the same lines.
 */
void validate_all(Validation *validation, FILE *out);

#endif
