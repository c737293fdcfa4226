/* What replications have in common, where some do not know a figure. */
#include "sim/measure/ensemble.h"

#include <math.h>

/* What replications may say of the figure. */
typedef enum { ABSENT = -2, NOT_REACHED = -1 } Said;

/* One replication: @value of one figure of transfer key 7, or what is said of it. */
static void
add(Ensemble *ensemble, bool absent_is_zero, double value)
{
    g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(Metric));
    Metric metric = metric_of_generation("figure", "share", KEY_TRANSFER, 7);

    metric.absent_is_zero = absent_is_zero;
    metric.reached = value >= 0;
    metric.number = value;
    metrics_add_integer(metrics, "meetings", "meetings", 5);
    if (value > ABSENT)
        g_array_append_val(metrics, metric);
    ensemble_add(ensemble, metrics);
}

static EnsembleFigure
figure_of(bool absent_is_zero, const double *values, guint n)
{
    g_autoptr(Ensemble) ensemble = ensemble_new();
    EnsembleFigure figure = { 0 };

    for (guint i = 0; i < n; i++)
        add(ensemble, absent_is_zero, values[i]);
    g_assert_true(
        ensemble_figure(ensemble, "meetings", METRIC_NO_KEY, 0, METRIC_NO_SHARE, &figure));
    g_assert_cmpuint(figure.n_reached, ==, n);
    g_assert_true(ensemble_figure(ensemble, "figure", KEY_TRANSFER, 7, METRIC_NO_SHARE, &figure));
    g_assert_cmpuint(figure.n, ==, n);
    return figure;
}

/* First, in between and last. */
static const double with_absent[] = { ABSENT, 8, ABSENT, ABSENT, 2, ABSENT };

static void
absent_counts_as_zero_where_it_is(void)
{
    EnsembleFigure figure = figure_of(true, with_absent, G_N_ELEMENTS(with_absent));

    g_assert_cmpuint(figure.n_reached, ==, 6);
    g_assert_cmpfloat_with_epsilon(figure.mean, 10.0 / 6, 1e-12);
    g_assert_cmpfloat(figure.p50, ==, 0);
    g_assert_true(isfinite(figure.p95));
}

static void
absent_counts_as_not_reached_otherwise(void)
{
    EnsembleFigure figure = figure_of(false, with_absent, G_N_ELEMENTS(with_absent));

    g_assert_cmpuint(figure.n_reached, ==, 2);
    g_assert_true(isnan(figure.mean));
    g_assert_true(isinf(figure.p50));
}

/* A leak after which a share of the cards keeps using the key, beside a run without it. */
static void
not_reached_is_not_absent(void)
{
    static const double values[] = { 4, NOT_REACHED, ABSENT };
    EnsembleFigure figure = figure_of(true, values, G_N_ELEMENTS(values));

    g_assert_cmpuint(figure.n_reached, ==, 2);
    g_assert_true(isnan(figure.mean));
    g_assert_cmpfloat(figure.p50, ==, 4);
    g_assert_true(isinf(figure.p95));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ensemble/absent/counts-as-zero-where-it-is",
                    absent_counts_as_zero_where_it_is);
    g_test_add_func("/ensemble/absent/counts-as-not-reached-otherwise",
                    absent_counts_as_not_reached_otherwise);
    g_test_add_func("/ensemble/absent/is-not-what-is-not-reached", not_reached_is_not_absent);
    return g_test_run();
}
