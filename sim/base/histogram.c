#include "sim/base/histogram.h"

#include <math.h>
#include <stdlib.h>

#define MICROS_PER_MILLISECOND 1000.0
#define EXACT_BITS 10
#define EXACT (1U << EXACT_BITS)
#define HALF (EXACT / 2)

typedef unsigned __int128 Wide;

static int
compare_points(const void *a, const void *b)
{
    const DistributionPoint *x = a;
    const DistributionPoint *y = b;

    return (x->value > y->value) - (x->value < y->value);
}

/* Nearest rank: @percent of n points, rounded up. */
static double
quantile(const DistributionPoint *points, guint n_points, uint64_t n, guint percent)
{
    uint64_t rank = (uint64_t)(((Wide)n * percent + 99) / 100);
    uint64_t below = 0;
    guint i = 0;

    while (i + 1 < n_points && (below += points[i].count) < rank)
        i++;
    return (double)points[i].value / MICROS_PER_MILLISECOND;
}

/* Mean and standard deviation; exact sums, so the order of adding is no matter. Squares
 * are taken from the mean rounded down, so that they fit however many there are. */
static void
set_moments(Distribution *distribution, uint64_t n, Wide sum, Wide sum_of_squares)
{
    Wide mean = sum / n;
    double rest = (double)(sum % n) / (double)n;
    Wide squares = sum_of_squares - mean * (2 * sum - n * mean);

    distribution->n = n;
    distribution->mean = (double)sum / (double)n / MICROS_PER_MILLISECOND;
    distribution->sd =
        sqrt(fmax((double)squares / (double)n - rest * rest, 0.0)) / MICROS_PER_MILLISECOND;
}

Distribution
distribution_of_points(DistributionPoint *points, guint n_points)
{
    Distribution distribution = { 0 };
    uint64_t n = 0;
    Wide sum = 0;
    Wide sum_of_squares = 0;

    for (guint i = 0; i < n_points; i++) {
        Wide value = (Wide)points[i].value;

        n += points[i].count;
        sum += value * points[i].count;
        sum_of_squares += value * value * points[i].count;
    }
    if (n == 0)
        return distribution;
    qsort(points, n_points, sizeof *points, compare_points);
    set_moments(&distribution, n, sum, sum_of_squares);
    distribution.least = (double)points[0].value / MICROS_PER_MILLISECOND;
    distribution.most = (double)points[n_points - 1].value / MICROS_PER_MILLISECOND;
    distribution.p50 = quantile(points, n_points, n, 50);
    distribution.p90 = quantile(points, n_points, n, 90);
    distribution.p99 = quantile(points, n_points, n, 99);
    return distribution;
}

/* Below EXACT each value has a bin; above, each power of two has HALF of them. */
static guint
bin_of(uint64_t value)
{
    guint shift;

    if (value < EXACT)
        return (guint)value;
    shift = (guint)(63 - __builtin_clzll(value)) - (EXACT_BITS - 1);
    return EXACT + (shift - 1) * HALF + (guint)((value >> shift) - HALF);
}

static Micros
largest_of_bin(guint bin)
{
    guint shift = bin < EXACT ? 0 : (bin - EXACT) / HALF + 1;
    uint64_t lead = bin < EXACT ? bin : (bin - EXACT) % HALF + HALF;

    return (Micros)(((lead + 1) << shift) - 1);
}

/* The bins that are not empty lie from the first to before the end. */
static guint
first_bin(const Histogram *histogram)
{
    return bin_of((uint64_t)histogram->least);
}

static guint
end_of_bins(const Histogram *histogram)
{
    return histogram->n == 0 ? 0 : bin_of((uint64_t)histogram->most) + 1;
}

static inline uint64_t *
bin_at(Histogram *histogram, guint bin)
{
    uint64_t **block = &histogram->blocks[bin / HISTOGRAM_BLOCK];

    if (G_UNLIKELY(*block == NULL))
        *block = g_new0(uint64_t, HISTOGRAM_BLOCK);
    return &(*block)[bin % HISTOGRAM_BLOCK];
}

/* How many values lie in it. */
static uint64_t
count_of(const Histogram *histogram, guint bin)
{
    const uint64_t *block = histogram->blocks[bin / HISTOGRAM_BLOCK];

    return block == NULL ? 0 : block[bin % HISTOGRAM_BLOCK];
}

void
histogram_clear(Histogram *histogram)
{
    for (guint i = 0; i < G_N_ELEMENTS(histogram->blocks); i++)
        g_free(histogram->blocks[i]);
    *histogram = (Histogram){ 0 };
}

void
histogram_add(Histogram *histogram, Micros value, uint64_t n)
{
    Wide v = (Wide)value;

    g_assert(value >= 0);
    if (n == 0)
        return;
    if (histogram->n == 0 || value < histogram->least)
        histogram->least = value;
    if (value > histogram->most)
        histogram->most = value;
    histogram->n += n;
    histogram->sum += n * v;
    histogram->sum_of_squares += n * v * v;
    *bin_at(histogram, bin_of((uint64_t)value)) += n;
}

void
histogram_add_each(Histogram *histogram, const Micros *values, guint n)
{
    Micros least = histogram->n == 0 ? INT64_MAX : histogram->least;
    Micros most = histogram->most;
    Wide sum = 0; /* here and not in the histogram, so that they stay in registers */
    Wide sum_of_squares = 0;

    if (n == 0)
        return;
    for (guint i = 0; i < n; i++) {
        uint64_t value = (uint64_t)values[i];

        least = MIN(least, values[i]);
        most = MAX(most, values[i]);
        sum += value;
        sum_of_squares += (Wide)value * value;
        ++*bin_at(histogram, bin_of(value));
    }
    g_assert(least >= 0);
    histogram->least = least;
    histogram->most = most;
    histogram->n += n;
    histogram->sum += sum;
    histogram->sum_of_squares += sum_of_squares;
}

void
histogram_add_all(Histogram *histogram, const Histogram *other)
{
    if (other->n == 0)
        return;
    histogram->least = histogram->n == 0 ? other->least : MIN(histogram->least, other->least);
    histogram->most = MAX(histogram->most, other->most);
    histogram->n += other->n;
    histogram->sum += other->sum;
    histogram->sum_of_squares += other->sum_of_squares;
    for (guint bin = first_bin(other); bin < end_of_bins(other); bin++)
        if (count_of(other, bin) > 0)
            *bin_at(histogram, bin) += count_of(other, bin);
}

Distribution
histogram_distribution(const Histogram *histogram)
{
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(DistributionPoint));
    Distribution distribution;

    for (guint bin = first_bin(histogram); bin < end_of_bins(histogram); bin++) {
        DistributionPoint point = {
            .value = CLAMP(largest_of_bin(bin), histogram->least, histogram->most),
            .count = count_of(histogram, bin),
        };

        if (point.count > 0)
            g_array_append_val(points, point);
    }
    distribution = distribution_of_points((DistributionPoint *)(void *)points->data, points->len);
    if (histogram->n == 0)
        return distribution;
    set_moments(&distribution, histogram->n, histogram->sum, histogram->sum_of_squares);
    distribution.least = (double)histogram->least / MICROS_PER_MILLISECOND;
    return distribution;
}
