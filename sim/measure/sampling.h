/* sampling.h - the samples of a run: when they stand, and which one shows what.
 *
 * Sample 0 stands at time 0, sample k at k intervals, the last one at the end of the run, on the
 * grid or not. What happens in [T(k-1), T(k)) shows in sample k: interval k - 1 ends with it. */
#ifndef SIM_MEASURE_SAMPLING_H
#define SIM_MEASURE_SAMPLING_H

#include "model/protocol/units.h"

#include <glib.h>

/**
 * Sampling: @interval: between two samples; @end: of the run; @n: number of the last sample, which
 * is how many intervals there are
 */
typedef struct {
    Micros interval;
    Micros end;
    guint n;
} Sampling;

/* The samples of a run that ends at @end, or that is cut short there. */
static inline void
sampling_init(Sampling *sampling, Micros interval, Micros end)
{
    sampling->interval = interval;
    sampling->end = end;
    sampling->n = (guint)((end + interval - 1) / interval);
}

/* Number of the sample that shows what happens at @at: from 1 on. */
static inline guint
sampling_number(const Sampling *sampling, Micros at)
{
    return (guint)(at / sampling->interval) + 1;
}

/* The time of sample @k, up to the last one. */
static inline Micros
sampling_time(const Sampling *sampling, guint k)
{
    return MIN((Micros)k * sampling->interval, sampling->end);
}

/* The first time on the grid after @at, wherever the run ends. */
static inline Micros
sampling_next(const Sampling *sampling, Micros at)
{
    return (at / sampling->interval + 1) * sampling->interval;
}

#endif
