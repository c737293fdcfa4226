#include "sim/study/theory.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>

#define TOLERANCE 1e-10

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

double
theory_replacement_exposure(double mu, double r)
{
    return log(1 + r / mu) / r;
}

/* A system of ordinary differential equations while it is followed. */
typedef struct {
    gsl_odeiv2_system system;
    gsl_odeiv2_driver *driver;
    double t;
} Flow;

static void
begin_flow(Flow *flow, int (*slopes)(double, const double[], double[], void *), size_t n,
           double *parameters)
{
    flow->system = (gsl_odeiv2_system){ slopes, NULL, n, parameters };
    flow->driver = gsl_odeiv2_driver_alloc_y_new(&flow->system, gsl_odeiv2_step_rk8pd, 1e-3,
                                                 TOLERANCE, TOLERANCE);
    flow->t = 0;
}

static void
follow(Flow *flow, double until, double *y)
{
    int status = gsl_odeiv2_driver_apply(flow->driver, &flow->t, until, y);

    g_assert(status == GSL_SUCCESS);
}

static void
end_flow(Flow *flow)
{
    gsl_odeiv2_driver_free(flow->driver);
}

static int
unequal_slope(double t G_GNUC_UNUSED, const double y[], double slope[], void *data)
{
    const double *shape_and_x0 = data;

    slope[0] = 1 - (1 - shape_and_x0[1]) * pow(1 + y[0] / shape_and_x0[0], -shape_and_x0[0] - 1);
    return GSL_SUCCESS;
}

double
theory_unequal(double shape, double x0, double t)
{
    double parameters[] = { shape, x0 };
    double tau = 0;
    Flow flow;

    begin_flow(&flow, unequal_slope, 1, parameters);
    follow(&flow, t, &tau);
    end_flow(&flow);
    return (1 - x0) * pow(1 + tau / shape, -shape);
}

static int
merchant_slopes(double t G_GNUC_UNUSED, const double y[], double slopes[], void *data)
{
    const double *rates = data;

    slopes[0] = rates[0] * y[1] * (1 - y[0]);
    slopes[1] = rates[1] * y[0] * (1 - y[1]);
    return GSL_SUCCESS;
}

TheoryMerchants
theory_merchants(TheoryMerchants start, double rate, double per_merchant, double t)
{
    double rates[] = { rate, rate * per_merchant };
    double shares[] = { start.consumers, start.merchants };
    Flow flow;

    begin_flow(&flow, merchant_slopes, 2, rates);
    follow(&flow, t, shares);
    end_flow(&flow);
    return (TheoryMerchants){ shares[0], shares[1] };
}

static int
community_slopes(double t G_GNUC_UNUSED, const double y[], double slopes[], void *data)
{
    const double *r_and_cross = data;
    double r = r_and_cross[0];
    double cross = r_and_cross[1];

    slopes[0] = r * (1 - y[0]) * ((1 - cross) * y[0] + cross * y[1]);
    slopes[1] = r * (1 - y[1]) * ((1 - cross) * y[1] + cross * y[0]);
    return GSL_SUCCESS;
}

/* Steps of a hundredth of the time 1 / r, and a straight line in the last one. */
double
theory_communities(double x0, double r, double cross, double level)
{
    double parameters[] = { r, cross };
    double shares[] = { x0, 0 };
    double step = 0.01 / r;
    double before = x0 / 2;
    double now = before;
    Flow flow;

    g_return_val_if_fail(x0 > 0 && cross > 0 && level < 1, NAN);
    begin_flow(&flow, community_slopes, 2, parameters);
    for (guint i = 1; now < level; i++) {
        before = now;
        follow(&flow, i * step, shares);
        now = (shares[0] + shares[1]) / 2;
    }
    end_flow(&flow);
    return now > before ? flow.t - step * (now - level) / (now - before) : 0;
}

double
theory_wait(double load, double mean, double square)
{
    return load / mean * square / (2 * (1 - load));
}

double
theory_loss(const double *hazards, const double *windows, guint n)
{
    double sum = 0;

    for (guint i = 0; i < n; i++)
        sum += hazards[i] * windows[i];
    return sum;
}

double
theory_extraction(double x0, double r, double a, double t)
{
    return pow(1 + x0 * (exp(r * t) - 1), -a / r);
}
