#include "sim/theory.h"

#include <math.h>

TheoryCount
theory_meetings(guint n, guint from, guint to)
{
    TheoryCount count = { 0, 0, 0 };

    for (guint k = from; k < to; k++) {
        double p = 2.0 * k * (n - k) / ((double)n * (n - 1));
        double variance = (1 - p) / (p * p);

        count.mean += 1 / p;
        count.variance += variance;
        count.fourth += variance * (6 * variance + 1); /* excess 6 + p^2 / (1 - p) */
    }
    return count;
}

double
theory_exposure(guint n, guint m, double r, double *variance)
{
    double scale = (n - 1) / (n * r);
    double mean = 0;

    *variance = 0;
    for (guint k = m; k < n; k++) {
        mean += scale / k;
        *variance += scale / k * scale / k;
    }
    return mean;
}

double
theory_logistic(double x0, double r, double t)
{
    return x0 / (x0 + (1 - x0) * exp(-r * t));
}

double
theory_replacement(double mu, double r, double t)
{
    double left = exp(-(r + mu) * t);

    return (1 - left) / (1 + r / mu * left);
}
