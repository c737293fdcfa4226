/* Distributions against lists that are sorted and counted one by one. */
#include "sim/base/histogram.h"

#include "sim/base/stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The oracle -------------------------------------------------------- */

static int
compare_values(const void *a, const void *b)
{
    Micros x = *(const Micros *)a;
    Micros y = *(const Micros *)b;

    return (x > y) - (x < y);
}

/* The smallest value that @percent of all do not pass, by going through them. */
static double
nearest_rank(const Micros *sorted, guint n, guint percent)
{
    for (guint i = 0; i < n; i++)
        if ((uint64_t)(i + 1) * 100 >= (uint64_t)percent * n)
            return (double)sorted[i] / 1000.0;
    g_assert_not_reached();
}

/* In milliseconds from microseconds, twice through the list. */
static Distribution
by_hand(Micros *values, guint n)
{
    Distribution distribution = { .n = n };
    long double sum = 0;
    long double squares = 0;

    qsort(values, n, sizeof *values, compare_values);
    for (guint i = 0; i < n; i++)
        sum += (long double)values[i];
    for (guint i = 0; i < n; i++)
        squares += ((long double)values[i] - sum / n) * ((long double)values[i] - sum / n);
    distribution.mean = (double)(sum / n) / 1000;
    distribution.sd = (double)sqrtl(squares / n) / 1000;
    distribution.least = (double)values[0] / 1000;
    distribution.p50 = nearest_rank(values, n, 50);
    distribution.p90 = nearest_rank(values, n, 90);
    distribution.p99 = nearest_rank(values, n, 99);
    distribution.most = (double)values[n - 1] / 1000;
    return distribution;
}

static void
assert_close(double found, double expected)
{
    g_assert_cmpfloat_with_epsilon(found, expected, fabs(expected) * 1e-11 + 1e-12);
}

static void
assert_moments(const Distribution *found, const Distribution *expected)
{
    g_assert_cmpuint(found->n, ==, expected->n);
    assert_close(found->mean, expected->mean);
    assert_close(found->sd, expected->sd);
    g_assert_cmpfloat(found->least, ==, expected->least);
    g_assert_cmpfloat(found->most, ==, expected->most);
}

static void
assert_equal(const Distribution *found, const Distribution *expected)
{
    assert_moments(found, expected);
    g_assert_cmpfloat(found->p50, ==, expected->p50);
    g_assert_cmpfloat(found->p90, ==, expected->p90);
    g_assert_cmpfloat(found->p99, ==, expected->p99);
}

/* ---- Points ------------------------------------------------------------ */

static void
nothing_is_all_zero(void)
{
    static const Distribution nothing = { 0 };
    g_auto(Histogram) histogram = { 0 };
    Distribution of_points = distribution_of_points(NULL, 0);
    Distribution of_histogram = histogram_distribution(&histogram);

    assert_equal(&of_points, &nothing);
    assert_equal(&of_histogram, &nothing);
}

static void
one_value_is_every_quantile(void)
{
    DistributionPoint point = { .value = 1234, .count = 7 };
    Distribution distribution = distribution_of_points(&point, 1);

    assert_equal(&distribution, &(Distribution){ 7, 1.234, 0, 1.234, 1.234, 1.234, 1.234, 1.234 });
}

/* 1 to 100 ms once each, given backwards: the ranks are the values. */
static void
quantiles_are_nearest_ranks(void)
{
    DistributionPoint points[100];
    Distribution distribution;

    for (guint i = 0; i < 100; i++)
        points[i] = (DistributionPoint){ .value = 1000 * (100 - (Micros)i), .count = 1 };
    distribution = distribution_of_points(points, 100);
    assert_equal(&distribution,
                 &(Distribution){ 100, 50.5, sqrt(9999.0 / 12), 1, 50, 90, 99, 100 });
}

/* 999 of 1,000 at 1 ms: even p99 does not see the last one; 989 do. */
static void
rare_values_count_by_their_number(void)
{
    DistributionPoint points[] = { { 5000, 1 }, { 1000, 999 } };
    Distribution distribution = distribution_of_points(points, 2);

    g_assert_cmpfloat(distribution.p99, ==, 1);
    g_assert_cmpfloat(distribution.most, ==, 5);
    points[0] = (DistributionPoint){ 5000, 10 };
    points[1] = (DistributionPoint){ 1000, 990 };
    distribution = distribution_of_points(points, 2);
    g_assert_cmpfloat(distribution.p99, ==, 1);
    points[0] = (DistributionPoint){ 5000, 11 };
    points[1] = (DistributionPoint){ 1000, 989 };
    distribution = distribution_of_points(points, 2);
    g_assert_cmpfloat(distribution.p99, ==, 5);
}

static void
random_points_agree_with_a_list(void)
{
    Stream stream;

    stream_init(&stream, 1, 1, "test");
    for (guint trial = 0; trial < 2000; trial++) {
        g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Micros));
        DistributionPoint points[12];
        guint n_points = 1 + (guint)stream_below(&stream, G_N_ELEMENTS(points));
        Distribution expected;
        Distribution found;

        for (guint i = 0; i < n_points; i++) {
            points[i].value = (Micros)stream_below(&stream, trial % 2 == 0 ? 10 : 2000000);
            points[i].count = 1 + stream_below(&stream, 60);
            for (uint64_t k = 0; k < points[i].count; k++)
                g_array_append_val(list, points[i].value);
        }
        found = distribution_of_points(points, n_points);
        expected = by_hand((Micros *)(void *)list->data, list->len);
        assert_equal(&found, &expected);
    }
}

/* Billions of settlements, and waits of days at terminals that are overrun. */
static void
moments_of_great_numbers_are_exact(void)
{
    DistributionPoint points[] = { { 0, 1500000000 }, { INT64_C(200000000000), 1500000000 } };
    DistributionPoint nearly_equal[] = { { 1000000000, 1 }, { 1000000001, 999999999 } };
    Distribution distribution = distribution_of_points(points, 2);

    assert_close(distribution.mean, 1e8);
    assert_close(distribution.sd, 1e8);
    distribution = distribution_of_points(nearly_equal, 2);
    assert_close(distribution.mean, 1000000.000999999999);
    g_assert_cmpfloat_with_epsilon(distribution.sd, sqrt(1e-9) / 1000, 1e-12);
}

/* ---- Histogram --------------------------------------------------------- */

/* InverseCdf may be rounded up, by less than one part in 512. */
static void
assert_within_a_bin(double found, double expected)
{
    g_assert_cmpfloat(found, >=, expected);
    if (expected < 1.024)
        g_assert_cmpfloat(found, ==, expected);
    else
        g_assert_cmpfloat(found, <, expected * (1 + 1.0 / 512));
}

static void
assert_gathers(Micros *values, guint n)
{
    g_auto(Histogram) histogram = { 0 };
    Distribution expected;
    Distribution found;

    for (guint i = 0; i < n; i++)
        histogram_add(&histogram, values[i], 1);
    found = histogram_distribution(&histogram);
    expected = by_hand(values, n);
    assert_moments(&found, &expected);
    assert_within_a_bin(found.p50, expected.p50);
    assert_within_a_bin(found.p90, expected.p90);
    assert_within_a_bin(found.p99, expected.p99);
    g_assert_cmpfloat(found.p99, <=, found.most);
}

static void
histogram_gathers_random_values(void)
{
    Stream stream;

    stream_init(&stream, 2, 1, "test");
    for (guint trial = 0; trial < 300; trial++) {
        guint n = 1 + (guint)stream_below(&stream, 1000);
        g_autofree Micros *values = g_new(Micros, n);

        /* of every size up to 2^40 us, a fortnight */
        for (guint i = 0; i < n; i++)
            values[i] = (Micros)(stream_below(&stream, UINT64_C(1) << 40) >>
                                 stream_below(&stream, 1 + trial % 41));
        assert_gathers(values, n);
    }
}

/* Each value below 1,024 us has its bin, and both sides of each power of two lie right. */
static void
histogram_is_exact_where_it_says(void)
{
    for (Micros value = 0; value < 1100; value++) {
        Micros values[] = { 0, value, value, value, INT64_C(1) << 45 };

        assert_gathers(values, G_N_ELEMENTS(values));
    }
    for (guint bits = 10; bits < 62; bits++)
        for (Micros offset = -2; offset <= 2; offset++) {
            Micros value = (INT64_C(1) << bits) + offset;
            Micros one[] = { value };
            g_auto(Histogram) histogram = { 0 };
            Distribution distribution;

            if (bits < 45)
                assert_gathers(one, 1);
            histogram_add(&histogram, value, 1);
            distribution = histogram_distribution(&histogram);
            g_assert_cmpfloat(distribution.p50, ==, (double)value / 1000);
        }
}

static void
histogram_rounds_up_inside_a_bin(void)
{
    g_auto(Histogram) histogram = { 0 };
    Distribution distribution;

    histogram_add(&histogram, 1024, 1);
    histogram_add(&histogram, 1030, 1);
    distribution = histogram_distribution(&histogram);
    g_assert_cmpfloat(distribution.least, ==, 1.024);
    g_assert_cmpfloat(distribution.p50, ==, 1.025); /* bins of two microseconds here */
    g_assert_cmpfloat(distribution.p99, ==, 1.030); /* but not beyond the largest */
    g_assert_cmpfloat(distribution.most, ==, 1.030);
}

static void
waits_of_zero_are_counted(void)
{
    g_auto(Histogram) histogram = { 0 };
    Distribution distribution;

    for (guint i = 0; i < 99; i++)
        histogram_add(&histogram, 0, 1);
    histogram_add(&histogram, 500, 1);
    distribution = histogram_distribution(&histogram);
    assert_equal(&distribution, &(Distribution){ 100, 0.005, sqrt(99) * 0.005, 0, 0, 0, 0, 0.5 });
}

static void
assert_same(const Histogram *one, const Histogram *other)
{
    g_assert_true(one->least == other->least && one->most == other->most && one->n == other->n);
    g_assert_true(one->sum == other->sum && one->sum_of_squares == other->sum_of_squares);
    for (guint i = 0; i < G_N_ELEMENTS(one->blocks); i++) {
        g_assert_true((one->blocks[i] == NULL) == (other->blocks[i] == NULL));
        if (one->blocks[i] != NULL)
            g_assert_true(
                memcmp(one->blocks[i], other->blocks[i], HISTOGRAM_BLOCK * sizeof(uint64_t)) == 0);
    }
}

/* Values of all sizes, in three lots, against one at a time. */
static void
many_at_once_are_as_one_by_one(void)
{
    g_auto(Histogram) singly = { 0 };
    g_auto(Histogram) together = { 0 };
    g_auto(Histogram) rest = { 0 };
    Micros values[300];
    Stream stream;

    stream_init(&stream, 7, 1, "test");
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        values[i] = (Micros)(stream_next(&stream) >> (1 + i % 62));
        histogram_add(&singly, values[i], 1);
    }
    histogram_add_each(&rest, values, 100);
    histogram_add_each(&together, values + 100, 200);
    histogram_add_each(&together, values, 0);
    histogram_add_all(&together, &rest);
    histogram_clear(&rest);
    histogram_add_all(&together, &rest);
    assert_same(&together, &singly);
    histogram_add_all(&rest, &together);
    assert_same(&rest, &singly);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/distribution/of-points/nothing-is-all-zero", nothing_is_all_zero);
    g_test_add_func("/distribution/of-points/one-value-is-every-quantile",
                    one_value_is_every_quantile);
    g_test_add_func("/distribution/of-points/quantiles-are-nearest-ranks",
                    quantiles_are_nearest_ranks);
    g_test_add_func("/distribution/of-points/rare-values-count-by-their-number",
                    rare_values_count_by_their_number);
    g_test_add_func("/distribution/of-points/agrees-with-a-list", random_points_agree_with_a_list);
    g_test_add_func("/distribution/of-points/moments-of-great-numbers-are-exact",
                    moments_of_great_numbers_are_exact);
    g_test_add_func("/distribution/histogram/gathers-random-values",
                    histogram_gathers_random_values);
    g_test_add_func("/distribution/histogram/is-exact-where-it-says",
                    histogram_is_exact_where_it_says);
    g_test_add_func("/distribution/histogram/rounds-up-inside-a-bin",
                    histogram_rounds_up_inside_a_bin);
    g_test_add_func("/distribution/histogram/many-at-once-are-as-one-by-one",
                    many_at_once_are_as_one_by_one);
    g_test_add_func("/distribution/histogram/waits-of-zero-are-counted", waits_of_zero_are_counted);
    return g_test_run();
}
