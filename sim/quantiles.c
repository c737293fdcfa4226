#include "sim/quantiles.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define ROUNDED_BITS 20

double
quantiles_round(double value)
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
solve(const QuantilesLaw *law, double p, bool above)
{
    switch (law->kind) {
    case QUANTILES_EXPONENTIAL:
        return above ? -log(p) : -log1p(-p);
    case QUANTILES_GAMMA:
        return solve_gamma(p, law->shape, above);
    case QUANTILES_LOG_NORMAL:
        return exp(law->shape * (above ? gsl_cdf_ugaussian_Qinv(p) : gsl_cdf_ugaussian_Pinv(p)));
    case QUANTILES_PARETO:
        return (law->shape - 1) / law->shape * pow(above ? p : 1 - p, -1 / law->shape);
    }
    g_assert_not_reached();
}

static double
smallest(const QuantilesLaw *law)
{
    return law->kind == QUANTILES_PARETO ? (law->shape - 1) / law->shape : 0;
}

/* Share of all values that lie beyond a point. */
static double
share_beyond(guint point)
{
    guint halvings = QUANTILES_HALVINGS - point / QUANTILES_STEPS;

    return ldexp(1 + (double)(point % QUANTILES_STEPS) / QUANTILES_STEPS, -(int)halvings - 1);
}

double
quantiles_most(const QuantilesLaw *law)
{
    return quantiles_round(solve(law, share_beyond(0), true));
}

Quantiles *
quantiles_new(const QuantilesLaw *law)
{
    Quantiles *quantiles = g_new(Quantiles, 1);

    quantiles->law = *law;
    for (guint above = 0; above < 2; above++) {
        QuantilesHalf *half = &quantiles->half[above];

        for (guint i = 0; i < QUANTILES_POINTS; i++)
            half->at[i] = quantiles_round(solve(law, share_beyond(i), above == 1));
        half->end = above == 1 ? half->at[0] : quantiles_round(smallest(law));
    }
    return quantiles;
}

double
quantiles_mean(const Quantiles *quantiles)
{
    double sigma = quantiles->law.shape;

    return quantiles->law.kind == QUANTILES_LOG_NORMAL ? quantiles_round(exp(sigma * sigma / 2))
                                                       : 1;
}
