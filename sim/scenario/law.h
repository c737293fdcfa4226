/* law.h - amounts of money by the laws of a scenario. */
#ifndef SIM_SCENARIO_LAW_H
#define SIM_SCENARIO_LAW_H

#include "sim/base/inverse_cdf.h"
#include "sim/base/stream.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Law:
 * @kind: how an amount of money is drawn
 * @low: the constant, or the smallest value
 * @high: the largest value, included
 * @scale: the mean of an exponential law, the median of a log-normal one
 * @sigma: of a log-normal law, the deviation of the logarithm
 * @quantiles: borrowed; NULL with the laws that have none
 */
typedef struct {
    enum { LAW_CONSTANT, LAW_UNIFORM, LAW_EXPONENTIAL, LAW_LOG_NORMAL } kind;
    int64_t low;
    int64_t high;
    int64_t scale;
    double sigma;
    const InverseCdf *quantiles;
} Law;

/* Whether the law has a table of quantiles, and of which distribution. */
bool law_distribution(const Law *law, InverseCdfLaw *distribution);

/* The mean of the law, at most @high; to judge sizes by, not for results. */
double law_mean(const Law *law);

/* Fills @out with @n values; a constant draws nothing, the other laws one random number for each
 * value. What a law with quantiles draws is rounded to whole units, and @high where it is more. */
void law_draw(const Law *law, Stream *stream, int64_t *out, guint n);

#endif
