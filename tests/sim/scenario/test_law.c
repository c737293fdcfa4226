/* Amounts against the distributions that they are of: their whole course, the share that a cut
 * gathers, the mean. */
#include "sim/scenario/law.h"

#include "sim/scenario/limits.h"

#include <math.h>
#include <stdlib.h>

#define N 200000
#define SCALE INT64_C(1000000) /* rounding to whole units does not show */

typedef struct {
    const char *name;
    Law law;
} Case;

static const Case cases[] = {
    { "uniform", { .kind = LAW_UNIFORM, .low = 3, .high = 4 * SCALE } },
    { "exponential", { .kind = LAW_EXPONENTIAL, .scale = SCALE, .high = 1000 * SCALE } },
    { "exponential-cut", { .kind = LAW_EXPONENTIAL, .scale = SCALE, .high = 2 * SCALE } },
    { "log-normal",
      { .kind = LAW_LOG_NORMAL, .scale = SCALE, .sigma = 0.8, .high = 1000 * SCALE } },
    { "log-normal-cut",
      { .kind = LAW_LOG_NORMAL, .scale = SCALE, .sigma = 0.8, .high = 3 * SCALE / 2 } },
    /* the ends of what a scenario may ask for */
    { "exponential-largest",
      { .kind = LAW_EXPONENTIAL, .scale = SCENARIO_MONEY_MAX, .high = SCENARIO_MONEY_MAX } },
    { "log-normal-narrowest",
      { .kind = LAW_LOG_NORMAL, .scale = 1000 * SCALE, .sigma = 0.001, .high = 1007 * SCALE } },
    { "log-normal-widest",
      { .kind = LAW_LOG_NORMAL, .scale = SCALE, .sigma = 5, .high = 1000 * SCALE } },
    { "log-normal-largest",
      { .kind = LAW_LOG_NORMAL,
        .scale = SCENARIO_MONEY_MAX,
        .sigma = 5,
        .high = SCENARIO_MONEY_MAX } },
};

static double
normal(double z)
{
    return erfc(-z / sqrt(2)) / 2;
}

/* Share of all values up to @x, before the cut. */
static double
share_up_to(const Law *law, double x)
{
    if (law->kind == LAW_UNIFORM)
        return (x - (double)law->low + 1) / (double)(law->high - law->low + 1);
    if (law->kind == LAW_EXPONENTIAL)
        return -expm1(-x / (double)law->scale);
    return normal(log(x / (double)law->scale) / law->sigma);
}

/* Of the law with its cut, whatever lies above it being the cut itself. */
static double
expected_mean(const Law *law)
{
    double sigma = law->sigma;
    double scale = (double)law->scale;
    double most = (double)law->high;

    if (law->kind == LAW_UNIFORM)
        return (double)(law->low + law->high) / 2;
    if (law->kind == LAW_EXPONENTIAL)
        return scale * -expm1(-most / scale);
    return scale * exp(sigma * sigma / 2) * normal((log(most / scale) - sigma * sigma) / sigma) +
           most * (1 - share_up_to(law, most));
}

static int
compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* @N values in order, made in blocks as a run makes them. Returns: (transfer full) */
static int64_t *
draw_in_order(const Law *law)
{
    InverseCdfLaw distribution;
    g_autofree InverseCdf *quantiles =
        law_distribution(law, &distribution) ? inverse_cdf_new(&distribution) : NULL;
    int64_t *values = g_new(int64_t, N);
    Law drawn = *law;
    Stream stream;
    Stream other;

    drawn.quantiles = quantiles;
    stream_init(&stream, 1, 1, "test");
    stream_init(&other, 1, 1, "test");
    for (guint i = 0; i < N; i += N / 100)
        law_draw(&drawn, &stream, &values[i], N / 100);
    for (guint i = 0; i < N; i++)
        stream_next(&other);
    g_assert_cmpuint(stream_next(&stream), ==, stream_next(&other));
    qsort(values, N, sizeof *values, compare);
    return values;
}

/* The distance of Kolmogorov and Smirnov, which is above 2 / sqrt(n) once in 1,500. */
static void
values_follow_the_law(gconstpointer data)
{
    const Law *law = &((const Case *)data)->law;
    g_autofree int64_t *values = draw_in_order(law);
    const double cut = law->kind == LAW_UNIFORM ? 0 : 1 - share_up_to(law, (double)law->high);
    double farthest = 0;
    guint n_cut = 0;

    g_assert_cmpint(values[0], >=, law->low);
    g_assert_cmpint(values[N - 1], <=, law->high);
    for (guint i = 0; i < N; i++)
        if (values[i] == law->high)
            n_cut++;
        else
            farthest = MAX(farthest, fabs((i + 0.5) / N - share_up_to(law, (double)values[i])));
    g_assert_cmpfloat(farthest, <, 2 / sqrt(N));
    g_assert_cmpfloat_with_epsilon(n_cut / (double)N, cut, 4 * sqrt(cut / N) + 2.0 / N);
}

static void
mean_is_that_of_the_law(gconstpointer data)
{
    const Law *law = &((const Case *)data)->law;
    g_autofree int64_t *values = draw_in_order(law);
    double sum = 0;
    double squares = 0;

    for (guint i = 0; i < N; i++) {
        sum += (double)values[i];
        squares += (double)values[i] * (double)values[i];
    }
    sum /= N;
    g_assert_cmpfloat_with_epsilon(sum, expected_mean(law),
                                   4 * sqrt((squares / N - sum * sum) / N));
}

static void
mean_is_judged_by_the_cut_at_most(void)
{
    g_assert_cmpfloat(law_mean(&(Law){ .kind = LAW_CONSTANT, .low = 7, .high = 7 }), ==, 7);
    g_assert_cmpfloat(law_mean(&(Law){ .kind = LAW_UNIFORM, .low = 0, .high = 5 }), ==, 2.5);
    g_assert_cmpfloat(law_mean(&(Law){ .kind = LAW_EXPONENTIAL, .scale = 8, .high = 90 }), ==, 8);
    g_assert_cmpfloat(law_mean(&(Law){ .kind = LAW_EXPONENTIAL, .scale = 8, .high = 6 }), ==, 6);
    g_assert_cmpfloat_with_epsilon(
        law_mean(&(Law){ .kind = LAW_LOG_NORMAL, .scale = 10, .sigma = 2, .high = 1000 }), 73.8906,
        1e-4);
    g_assert_cmpfloat(
        law_mean(&(Law){ .kind = LAW_LOG_NORMAL, .scale = 10, .sigma = 2, .high = 50 }), ==, 50);
}

static void
constant_draws_nothing(void)
{
    const Law law = { .kind = LAW_CONSTANT, .low = 7, .high = 7 };
    int64_t values[3] = { 0 };
    Stream stream;
    Stream other;

    stream_init(&stream, 1, 1, "test");
    stream_init(&other, 1, 1, "test");
    law_draw(&law, &stream, values, G_N_ELEMENTS(values));
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        g_assert_cmpint(values[i], ==, 7);
    g_assert_cmpuint(stream_next(&stream), ==, stream_next(&other));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *values =
            g_strconcat("/law/draw/values-follow-the-law-", cases[i].name, NULL);
        g_autofree char *mean =
            g_strconcat("/law/draw/mean-is-that-of-the-law-", cases[i].name, NULL);

        g_test_add_data_func(values, &cases[i], values_follow_the_law);
        g_test_add_data_func(mean, &cases[i], mean_is_that_of_the_law);
    }
    g_test_add_func("/law/mean/is-judged-by-the-cut-at-most", mean_is_judged_by_the_cut_at_most);
    g_test_add_func("/law/draw/constant-draws-nothing", constant_draws_nothing);
    return g_test_run();
}
