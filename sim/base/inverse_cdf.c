#include "sim/base/inverse_cdf.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define ROUNDED_BITS 20
/* A table has its law's mean if they differ by no more than one part in so many: straight lines
 * alone add up to one in 20,000. */
#define ALIKE 1000

double
inverse_cdf_round(double value)
{
    int exponent;
    double mantissa = frexp(value, &exponent);

    return ldexp(nearbyint(ldexp(mantissa, ROUNDED_BITS)), exponent - ROUNDED_BITS);
}

/* Share of a gamma distribution with mean 1 that lies beyond @x. */
static double
gamma_tail(double x, double shape, bool above)
{
    return above ? gsl_cdf_gamma_Q(x, shape, 1 / shape) : gsl_cdf_gamma_P(x, shape, 1 / shape);
}

/* The x beyond which @p lies, by halving its logarithm to base 2: GSL's own inverses do not
 * converge for each shape. What is left open is far less than what is rounded off. */
static double
solve_gamma(double p, double shape, bool above)
{
    double low = -1000;
    double high = 40;

    for (int i = 0; i < 40; i++) {
        double middle = (low + high) / 2;

        if ((gamma_tail(exp2(middle), shape, above) > p) == above)
            low = middle;
        else
            high = middle;
    }
    return exp2(low);
}

/* The value beyond which @p of all lie. */
static double
solve(const InverseCdfLaw *law, double p, bool above)
{
    switch (law->kind) {
    case INVERSE_CDF_EXPONENTIAL:
        return above ? -log(p) : -log1p(-p);
    case INVERSE_CDF_GAMMA:
        return solve_gamma(p, law->shape, above);
    case INVERSE_CDF_LOG_NORMAL:
        return exp(law->shape * (above ? gsl_cdf_ugaussian_Qinv(p) : gsl_cdf_ugaussian_Pinv(p)));
    case INVERSE_CDF_PARETO:
        return (law->shape - 1) / law->shape * pow(above ? p : 1 - p, -1 / law->shape);
    }
    g_assert_not_reached();
}

static double
smallest(const InverseCdfLaw *law)
{
    return law->kind == INVERSE_CDF_PARETO ? (law->shape - 1) / law->shape : 0;
}

/* Share of all values that lie beyond a point. */
static double
share_beyond(guint point)
{
    guint halvings = INVERSE_CDF_HALVINGS - point / INVERSE_CDF_STEPS;

    return ldexp(1 + (double)(point % INVERSE_CDF_STEPS) / INVERSE_CDF_STEPS, -(int)halvings - 1);
}

double
inverse_cdf_most(const InverseCdfLaw *law)
{
    return inverse_cdf_round(solve(law, share_beyond(0), true));
}

InverseCdf *
inverse_cdf_new(const InverseCdfLaw *law)
{
    InverseCdf *quantiles = g_new(InverseCdf, 1);

    quantiles->law = *law;
    for (guint above = 0; above < 2; above++) {
        InverseCdfHalf *half = &quantiles->half[above];

        for (guint i = 0; i < INVERSE_CDF_POINTS; i++)
            half->at[i] = inverse_cdf_round(solve(law, share_beyond(i), above == 1));
        half->end = above == 1 ? half->at[0] : inverse_cdf_round(smallest(law));
    }
    return quantiles;
}

static double
mean_of_law(const InverseCdfLaw *law)
{
    const double sigma = law->shape;

    return law->kind == INVERSE_CDF_LOG_NORMAL ? inverse_cdf_round(exp(sigma * sigma / 2)) : 1;
}

/* Of straight lines between the points, and beyond the last of them. */
static double
mean_of_half(const InverseCdfHalf *half)
{
    double sum = (half->end + half->at[0]) / 2 * share_beyond(0);

    for (guint i = 1; i < INVERSE_CDF_POINTS; i++)
        sum += (half->at[i - 1] + half->at[i]) / 2 * (share_beyond(i) - share_beyond(i - 1));
    return sum;
}

double
inverse_cdf_mean(const InverseCdf *quantiles)
{
    const double law = mean_of_law(&quantiles->law);
    const double table = mean_of_half(&quantiles->half[0]) + mean_of_half(&quantiles->half[1]);

    return fabs(table - law) < law / ALIKE ? law : inverse_cdf_round(table);
}
