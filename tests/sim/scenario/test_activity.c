/* Rates follow their law, at its ends too, and have the mean that it says; they are put in order so
 * that they may lie together, which must change nothing else. */
#include "sim/scenario/activity.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#define N 200000
#define PER_DAY 3.0
#define RAREST 0x1p-32 /* values that are rarer are not drawn */

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The laws at the ends of what a scenario may ask for, and where the mean begins to depend on
 * values that are too rare. */
typedef struct {
    const char *name;
    ActivityLaw law;
} Case;

static const Case cases[] = {
    { "gamma-0.05", { .kind = ACTIVITY_GAMMA, .shape = 0.05 } },
    { "gamma-1000", { .kind = ACTIVITY_GAMMA, .shape = 1000 } },
    { "log-normal-0.001", { .kind = ACTIVITY_LOG_NORMAL, .shape = 0.001 } },
    { "log-normal-1.23", { .kind = ACTIVITY_LOG_NORMAL, .shape = 1.23 } },
    { "log-normal-3.5", { .kind = ACTIVITY_LOG_NORMAL, .shape = 3.5 } },
    { "log-normal-5", { .kind = ACTIVITY_LOG_NORMAL, .shape = 5 } },
    { "pareto-1.001", { .kind = ACTIVITY_PARETO, .shape = 1.001 } },
    { "pareto-1.1", { .kind = ACTIVITY_PARETO, .shape = 1.1 } },
    { "pareto-1.5", { .kind = ACTIVITY_PARETO, .shape = 1.5 } },
    { "pareto-1000", { .kind = ACTIVITY_PARETO, .shape = 1000 } },
};

/* Share of the values of the law, with mean 1, that are at most @x. */
static double
share_up_to(const ActivityLaw *law, double x)
{
    const double shape = law->shape;

    if (law->kind == ACTIVITY_GAMMA)
        return gsl_cdf_gamma_P(x, shape, 1 / shape);
    if (law->kind == ACTIVITY_LOG_NORMAL)
        return gsl_cdf_lognormal_P(x, -shape * shape / 2, shape);
    return x * shape < shape - 1 ? 0 : 1 - pow(x * shape / (shape - 1), -shape);
}

/* The mean of the law if whatever is rarer than the rarest value counts as that. */
static double
mean_of_drawn(const ActivityLaw *law)
{
    const double shape = law->shape;
    const double rarest = gsl_cdf_ugaussian_Qinv(RAREST);

    if (law->kind == ACTIVITY_GAMMA)
        return 1; /* but for 1 in 10^8 */
    if (law->kind == ACTIVITY_LOG_NORMAL)
        return gsl_cdf_ugaussian_P(rarest - shape) +
               RAREST * exp(shape * rarest - shape * shape / 2);
    return 1 - pow(RAREST, 1 - 1 / shape) / shape;
}

/* @N rates in order, of PER_DAY in the mean. Returns: (transfer full) */
static double *
draw_in_order(const ActivityLaw *law)
{
    double *rates = g_new(double, N);
    InverseCdfLaw distribution;
    const bool has_table = activity_distribution(law, &distribution);
    g_autofree InverseCdf *quantiles = inverse_cdf_new(&distribution);
    ActivityLaw drawn = *law;
    Stream stream;

    g_assert_true(has_table);
    drawn.per_day = PER_DAY;
    drawn.quantiles = quantiles;
    stream_init(&stream, 1, 0, "test");
    activity_draw(&drawn, &stream, rates, N);
    qsort(rates, N, sizeof(double), compare);
    return rates;
}

/* All but what 20 bits do not tell apart, which is 1 in 500 of the narrowest laws: by the distance
 * of Kolmogorov and Smirnov, which is above 2 / sqrt(n) once in 1,500. */
static void
rates_follow_the_law(gconstpointer data)
{
    const ActivityLaw *law = &((const Case *)data)->law;
    g_autofree double *rates = draw_in_order(law);
    const double mean = mean_of_drawn(law);
    double farthest = 0;

    for (guint i = 0; i < N; i++)
        farthest = MAX(farthest, fabs((i + 0.5) / N - share_up_to(law, rates[i] / PER_DAY * mean)));
    g_assert_cmpfloat(farthest, <, 2 / sqrt(N) + 0.002);
}

/* Of laws of which a sample can tell it: no few values make up most of it. */
static void
mean_is_that_of_the_law(gconstpointer data)
{
    const ActivityLaw *law = &((const Case *)data)->law;
    g_autofree double *rates = draw_in_order(law);
    double sum = 0;
    double squares = 0;

    for (guint i = 0; i < N; i++) {
        sum += rates[i];
        squares += rates[i] * rates[i];
    }
    sum /= N;
    g_assert_cmpfloat_with_epsilon(sum, PER_DAY, 4 * sqrt((squares / N - sum * sum) / N) + 1e-5);
}

static void
assert_sorted(const double *rates, uint32_t n)
{
    g_autofree double *nearly = g_memdup2(rates, n * sizeof(double));
    g_autofree double *quite = g_memdup2(rates, n * sizeof(double));

    activity_sort(nearly, n);
    for (uint32_t i = 1; i < n; i++)
        g_assert_cmpfloat(nearly[i], >=, nearly[i - 1] * (1 - 1.0 / 256));
    qsort(quite, n, sizeof(double), compare);
    qsort(nearly, n, sizeof(double), compare);
    for (uint32_t i = 0; i < n; i++)
        g_assert_cmpfloat(nearly[i], ==, quite[i]);
}

static void
rates_are_put_in_order(void)
{
    static const double extreme[] = { DBL_MAX, 0, DBL_MIN, 1, 0, DBL_TRUE_MIN, 2, 1.5, 1e-9 };

    assert_sorted(extreme, G_N_ELEMENTS(extreme));
    assert_sorted(extreme, 1);
    for (guint seed = 0; seed < 20; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        double rates[1000];

        for (guint i = 0; i < G_N_ELEMENTS(rates); i++)
            rates[i] = g_rand_double(rand) < 0.1 ? 0 : 1 / (g_rand_double(rand) + 1e-6);
        assert_sorted(rates, G_N_ELEMENTS(rates));
    }
}

/* Half of the cards with a law of one rate: those that stay have it. */
static void
so_many_become_dormant(void)
{
    const ActivityLaw law = { .kind = ACTIVITY_CONSTANT, .per_day = 3 };
    double rates[1001];
    guint n_dormant = 0;
    Stream stream;

    stream_init(&stream, 1, 0, "test");
    activity_draw(&law, &stream, rates, G_N_ELEMENTS(rates));
    activity_make_dormant(rates, G_N_ELEMENTS(rates), 0.25, &stream);
    for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
        if (rates[i] > 0)
            g_assert_cmpfloat(rates[i], ==, 3);
        n_dormant += !(rates[i] > 0);
    }
    g_assert_cmpuint(n_dormant, ==, 250);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *values =
            g_strconcat("/activity/draw/rates-follow-the-law-", cases[i].name, NULL);
        g_autofree char *mean =
            g_strconcat("/activity/draw/mean-is-that-of-the-law-", cases[i].name, NULL);

        g_test_add_data_func(values, &cases[i], rates_follow_the_law);
        if (mean_of_drawn(&cases[i].law) > 0.9999)
            g_test_add_data_func(mean, &cases[i], mean_is_that_of_the_law);
    }
    g_test_add_func("/activity/rates-are-put-in-order", rates_are_put_in_order);
    g_test_add_func("/activity/so-many-become-dormant", so_many_become_dormant);
    return g_test_run();
}
