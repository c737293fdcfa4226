/* activity.h - how often cards pay, drawn for each when it is issued. */
#ifndef SIM_SCENARIO_ACTIVITY_H
#define SIM_SCENARIO_ACTIVITY_H

#include "sim/base/alias.h"
#include "sim/base/inverse_cdf.h"
#include "sim/base/stream.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * ActivityLaw:
 * @shape: of gamma and Pareto laws; of a log-normal one the deviation of the logarithm
 * @per_day: payments of one card in a day in the mean; of a law from a file known once the
 *   file has been read
 * @file: of rates, as written
 * @quantiles: borrowed; NULL with the laws that have none
 * @rates, @choice: what the file says: rates in payments a day, of double, and how often each
 */
typedef struct {
    enum {
        ACTIVITY_CONSTANT,
        ACTIVITY_GAMMA,
        ACTIVITY_LOG_NORMAL,
        ACTIVITY_PARETO,
        ACTIVITY_EMPIRICAL
    } kind;
    double shape;
    double per_day;
    char *file;
    const InverseCdf *quantiles;
    GArray *rates;
    AliasTable *choice;
} ActivityLaw;

void activity_clear(ActivityLaw *law);

/* Whether the law has a table of quantiles, and of which distribution. */
bool activity_distribution(const ActivityLaw *law, InverseCdfLaw *distribution);

/* Fills @rates, payments a day of @n cards, with draws of the law. */
void activity_draw(const ActivityLaw *law, Stream *stream, double *rates, uint32_t n);

/**
 * activity_make_dormant:
 * @share: of all
 *
 * Sets so many of the rates to 0, to the nearest number (share.h); every set of that size is
 * equally likely.
 */
void activity_make_dormant(double *rates, uint32_t n, double share, Stream *stream);

/* Orders rates, of which none is negative, up to differences of 1 in 256: so cards that pay
 * often lie together. */
void activity_sort(double *rates, uint32_t n);

#endif
