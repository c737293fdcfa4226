/* law.h - amounts of money by the laws of a scenario. */
#ifndef SIM_SCENARIO_LAW_H
#define SIM_SCENARIO_LAW_H

#include "sim/base/stream.h"
#include "sim/scenario/scenario.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether the law has a table of quantiles, and of which distribution. */
bool law_distribution(const Law *law, InverseCdfLaw *distribution);

/* Fills @out with @n values; a constant draws nothing. What a law with quantiles draws is
 * rounded to whole units, and at most the law's @high. */
void law_draw(const Law *law, Stream *stream, int64_t *out, guint n);

#endif
