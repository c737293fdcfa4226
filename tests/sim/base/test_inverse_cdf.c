/* Tables of quantiles against the distributions they are of: every probability on an even
 * grid, and far out in both tails. */
#include "sim/base/inverse_cdf.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

/* @variance: NAN if too much of it lies with values that are too rare */
typedef struct {
    const char *name;
    InverseCdfLaw law;
    double variance;
} Case;

static const Case cases[] = {
    { "exponential", { INVERSE_CDF_EXPONENTIAL, 0 }, 1 },
    { "gamma-0.05", { INVERSE_CDF_GAMMA, 0.05 }, 20 },
    { "gamma-0.25", { INVERSE_CDF_GAMMA, 0.25 }, 4 },
    { "gamma-1", { INVERSE_CDF_GAMMA, 1 }, 1 },
    { "gamma-4", { INVERSE_CDF_GAMMA, 4 }, 0.25 },
    { "gamma-1000", { INVERSE_CDF_GAMMA, 1000 }, 0.001 },
    { "log-normal-1.23", { INVERSE_CDF_LOG_NORMAL, 1.23 }, 16.059 },
    { "log-normal-0.3", { INVERSE_CDF_LOG_NORMAL, 0.3 }, 0.10304 },
    { "log-normal-0.001", { INVERSE_CDF_LOG_NORMAL, 0.001 }, 1e-6 },
    { "log-normal-3", { INVERSE_CDF_LOG_NORMAL, 3 }, NAN },
    { "log-normal-5", { INVERSE_CDF_LOG_NORMAL, 5 }, NAN },
    { "pareto-1.001", { INVERSE_CDF_PARETO, 1.001 }, NAN },
    { "pareto-1.1", { INVERSE_CDF_PARETO, 1.1 }, NAN },
    { "pareto-1.5", { INVERSE_CDF_PARETO, 1.5 }, NAN },
    { "pareto-3", { INVERSE_CDF_PARETO, 3 }, 1.0 / 3 },
    { "pareto-1000", { INVERSE_CDF_PARETO, 1000 }, 1e-6 },
};

/* Share of all values up to @x, or beyond it. */
static double
tail(const InverseCdfLaw *law, double x, bool above)
{
    double shape = law->shape;
    double least = (shape - 1) / shape;

    switch (law->kind) {
    case INVERSE_CDF_EXPONENTIAL:
        return above ? exp(-x) : -expm1(-x);
    case INVERSE_CDF_GAMMA:
        return above ? gsl_cdf_gamma_Q(x, shape, 1 / shape) : gsl_cdf_gamma_P(x, shape, 1 / shape);
    case INVERSE_CDF_LOG_NORMAL:
        return above ? gsl_cdf_lognormal_Q(x, 0, shape) : gsl_cdf_lognormal_P(x, 0, shape);
    case INVERSE_CDF_PARETO:
        return above ? pow(x / least, -shape) : 1 - pow(x / least, -shape);
    }
    g_assert_not_reached();
}

/* Share of all values that 20 bits do not tell from @x. */
static double
share_alike(const InverseCdfLaw *law, double x)
{
    return fabs(tail(law, x * (1 + 0x1p-20), false) - tail(law, x * (1 - 0x1p-20), false));
}

static void
values_have_their_probability(gconstpointer data)
{
    const Case *this = data;
    g_autofree InverseCdf *quantiles = inverse_cdf_new(&this->law);

    for (int halvings = 1; halvings <= 32; halvings++)
        for (int above = 0; above < 2; above++)
            for (int i = 0; i < 50; i++) { /* between 2^-(halvings + 1) and twice that */
                double p = ldexp(1 + (i + 0.5) / 50, -halvings - 1);
                uint64_t bits = (uint64_t)above << 63 | (uint64_t)ldexp(p, 64);
                double x = inverse_cdf_draw(quantiles, bits);
                double alike = share_alike(&this->law, x);

                if (halvings < 32)
                    g_assert_cmpfloat_with_epsilon(tail(&this->law, x, above == 1), p,
                                                   1e-3 * p + alike);
                else
                    g_assert_cmpfloat(tail(&this->law, x, above == 1), <=, 0x1.001p-32 + alike);
            }
}

/* Midpoints of a million strips; the tails beyond the table are too rare to count. */
static void
moments_are_those_of_the_law(gconstpointer data)
{
    enum { N = 1 << 20 };
    const Case *this = data;
    g_autofree InverseCdf *quantiles = inverse_cdf_new(&this->law);
    double sum = 0;
    double squares = 0;
    double mean = inverse_cdf_mean(quantiles);

    for (uint64_t i = 0; i < N; i++) {
        double x = inverse_cdf_draw(quantiles, i << 44 | UINT64_C(1) << 43);

        sum += x;
        squares += x * x;
    }
    g_assert_cmpfloat_with_epsilon(sum / N, mean, 2e-3 * mean);
    g_assert_cmpfloat_with_epsilon(squares / N - sum / N * (sum / N), this->variance,
                                   (this->law.kind == INVERSE_CDF_PARETO ? 0.05 : 0.01) *
                                       this->variance);
}

/* Midpoints of all straight lines that the table consists of, and of what lies beyond them. */
static void
mean_is_that_of_all_values(gconstpointer data)
{
    const Case *this = data;
    g_autofree InverseCdf *quantiles = inverse_cdf_new(&this->law);
    const double mean = inverse_cdf_mean(quantiles);
    double sum = 0;

    for (int above = 0; above < 2; above++) {
        const uint64_t half = (uint64_t)above << 63;

        sum += ldexp(inverse_cdf_draw(quantiles, half | UINT64_C(1) << 31), -32);
        for (int halvings = 1; halvings < 32; halvings++)
            for (int i = 0; i < INVERSE_CDF_STEPS; i++) {
                const double p = ldexp(1 + (i + 0.5) / INVERSE_CDF_STEPS, -halvings - 1);

                sum += ldexp(inverse_cdf_draw(quantiles, half | (uint64_t)ldexp(p, 64)),
                             -halvings - 1) /
                       INVERSE_CDF_STEPS;
            }
    }
    g_assert_cmpfloat_with_epsilon(sum, mean, 1e-3 * mean);
}

static void
values_grow_with_their_rank(gconstpointer data)
{
    const Case *this = data;
    g_autofree InverseCdf *quantiles = inverse_cdf_new(&this->law);
    double last[2] = { INFINITY, 0 };

    /* towards the median below it, away from the median above it, is one direction */
    for (int above = 0; above < 2; above++)
        for (uint64_t i = 1; i < 100000; i++) {
            double x =
                inverse_cdf_draw(quantiles, (uint64_t)above << 63 | i * (UINT64_MAX / 200001));

            if (above == 0 && i > 1)
                g_assert_cmpfloat(x, >=, last[0]);
            if (above == 1 && i > 1)
                g_assert_cmpfloat(x, <=, last[1]);
            last[above] = x;
        }
    g_assert_cmpfloat(last[0], <=, last[1]);
}

static void
round_leaves_twenty_bits(void)
{
    g_assert_cmpfloat(inverse_cdf_round(0), ==, 0);
    g_assert_cmpfloat(inverse_cdf_round(1), ==, 1);
    g_assert_cmpfloat(inverse_cdf_round(1 + 0x1p-30), ==, 1);
    g_assert_cmpfloat(inverse_cdf_round(1 + 0x1.8p-19), ==, 1 + 0x1p-18);
    g_assert_cmpfloat(inverse_cdf_round(nextafter(0x1.23456p-70, 1)), ==,
                      inverse_cdf_round(0x1.23456p-70));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *values =
            g_strconcat("/quantiles/draw/values-have-their-probability-", cases[i].name, NULL);
        g_autofree char *moments =
            g_strconcat("/quantiles/draw/moments-are-those-of-the-law-", cases[i].name, NULL);
        g_autofree char *mean =
            g_strconcat("/quantiles/mean/is-that-of-all-values-", cases[i].name, NULL);
        g_autofree char *ranks =
            g_strconcat("/quantiles/draw/values-grow-with-their-rank-", cases[i].name, NULL);

        g_test_add_data_func(values, &cases[i], values_have_their_probability);
        if (!isnan(cases[i].variance))
            g_test_add_data_func(moments, &cases[i], moments_are_those_of_the_law);
        g_test_add_data_func(mean, &cases[i], mean_is_that_of_all_values);
        g_test_add_data_func(ranks, &cases[i], values_grow_with_their_rank);
    }
    g_test_add_func("/quantiles/round/leaves-twenty-bits", round_leaves_twenty_bits);
    return g_test_run();
}
