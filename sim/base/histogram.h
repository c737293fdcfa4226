/* histogram.h - what latency.csv says of a set of durations.
 *
 * Durations of settlements are constants of few classes, so they come as points:
 * a value and how often it occurred. Waiting times are all different; a histogram
 * gathers them: number, mean, standard deviation, smallest and largest stay
 * exact, quantiles are exact below 1,024 us and otherwise rounded up by less than
 * one part in 512. */
#ifndef SIM_BASE_HISTOGRAM_H
#define SIM_BASE_HISTOGRAM_H

#include "model/protocol/units.h"

#include <glib.h>
#include <stdint.h>

typedef struct {
    Micros value;
    uint64_t count;
} DistributionPoint;

/**
 * Distribution: milliseconds
 * @sd: of the values themselves, with divisor n
 * @p50, @p90, @p99: the smallest value that at least this share does not pass
 */
typedef struct {
    uint64_t n;
    double mean;
    double sd;
    double least;
    double p50;
    double p90;
    double p99;
    double most;
} Distribution;

/* Sorts @points by value. All zero if there is none. */
Distribution distribution_of_points(DistributionPoint *points, guint n_points);

#define HISTOGRAM_BINS 28672
#define HISTOGRAM_BLOCK 512 /* bins */

/* An empty one is all zero. @blocks: of bins; NULL as long as no value falls into one of them: few
 * do, and there may be a histogram for each of many groups of terminals. */
typedef struct {
    Micros least;
    Micros most;
    uint64_t n;
    unsigned __int128 sum;
    unsigned __int128 sum_of_squares;
    uint64_t *blocks[HISTOGRAM_BINS / HISTOGRAM_BLOCK];
} Histogram;

/* Leaves an empty one. */
void histogram_clear(Histogram *histogram);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Histogram, histogram_clear)

/* Adds @value @n times. */
void histogram_add(Histogram *histogram, Micros value, uint64_t n);

/* Adds @n values. */
void histogram_add_each(Histogram *histogram, const Micros *values, guint n);

/* Adds all that @other holds. */
void histogram_add_all(Histogram *histogram, const Histogram *other);
Distribution histogram_distribution(const Histogram *histogram);

#endif
