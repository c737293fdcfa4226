#include "sim/measure/ensemble.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#define CONFIDENCE 0.95

/* One metric and its values.
 * @n_known: replications that were counted, with a value or without */
typedef struct {
    Metric metric;
    GArray *values; /* of double */
    guint n_known;
} Series;

struct Ensemble {
    GPtrArray *series;  /* of Series, in the order of their first appearance */
    GHashTable *places; /* metric_to_text() to Series */
    guint n;
};

static void
free_series(gpointer data)
{
    g_array_unref(((Series *)data)->values);
    g_free(data);
}

Ensemble *
ensemble_new(void)
{
    Ensemble *ensemble = g_new0(Ensemble, 1);

    ensemble->series = g_ptr_array_new_with_free_func(free_series);
    ensemble->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return ensemble;
}

void
ensemble_free(Ensemble *ensemble)
{
    if (ensemble == NULL)
        return;
    g_hash_table_unref(ensemble->places);
    g_ptr_array_unref(ensemble->series);
    g_free(ensemble);
}

static Series *
series_of(Ensemble *ensemble, const Metric *metric)
{
    g_autofree char *text = metric_to_text(metric);
    Series *series = g_hash_table_lookup(ensemble->places, text);

    if (series != NULL)
        return series;
    series = g_new(Series, 1);
    series->metric = *metric;
    series->values = g_array_new(FALSE, FALSE, sizeof(double));
    series->n_known = 0;
    g_ptr_array_add(ensemble->series, series);
    g_hash_table_insert(ensemble->places, g_steal_pointer(&text), series);
    return series;
}

/* Counts @n replications, which do not have this metric. */
static void
count_absent(Series *series, guint n)
{
    const double zero = 0;

    for (guint i = 0; series->metric.absent_is_zero && i < n; i++)
        g_array_append_val(series->values, zero);
    series->n_known += n;
}

void
ensemble_add(Ensemble *ensemble, const GArray *metrics)
{
    for (guint i = 0; i < metrics->len; i++) {
        const Metric *metric = &g_array_index(metrics, Metric, i);
        Series *series = series_of(ensemble, metric);
        double value = metric_value(metric);

        if (metric->reached)
            g_array_append_val(series->values, value);
        series->n_known++;
    }
    ensemble->n++;
    for (guint i = 0; i < ensemble->series->len; i++) {
        Series *series = ensemble->series->pdata[i];

        count_absent(series, ensemble->n - series->n_known);
    }
}

guint
ensemble_size(const Ensemble *ensemble)
{
    return ensemble->n;
}

/* Quantile of n values of which the n_reached smallest stand in @sorted. */
static double
quantile(const double *sorted, guint n, guint n_reached, double share)
{
    g_autofree double *padded = NULL;
    double place = (n - 1) * share;

    if (n_reached == 0 || ceil(place) > n_reached - 1)
        return INFINITY;
    padded = g_new(double, n);
    memcpy(padded, sorted, n_reached * sizeof *padded);
    for (guint i = n_reached; i < n; i++)
        padded[i] = sorted[n_reached - 1]; /* not looked at, or with weight 0 */
    return gsl_stats_quantile_from_sorted_data(padded, 1, n, share);
}

/* Rounded, so that the last bit of a machine's mathematics does not show. */
static double
t_quantile(guint n)
{
    return round(gsl_cdf_tdist_Pinv((1 + CONFIDENCE) / 2, n - 1) * 1e9) / 1e9;
}

static EnsembleFigure
figure_of(const Ensemble *ensemble, const Series *series)
{
    guint n = ensemble->n;
    guint n_reached = series->values->len;
    const double *values = (const double *)(gpointer)series->values->data;
    g_autoptr(GArray) sorted = g_array_copy(series->values);
    double *ordered = (double *)(gpointer)sorted->data;
    EnsembleFigure figure = { n, n_reached, NAN, NAN, NAN, NAN, NAN, NAN, NAN };

    gsl_sort(ordered, 1, n_reached);
    figure.p05 = quantile(ordered, n, n_reached, 0.05);
    figure.p50 = quantile(ordered, n, n_reached, 0.5);
    figure.p95 = quantile(ordered, n, n_reached, 0.95);
    if (n_reached < n)
        return figure;
    figure.mean = gsl_stats_mean(values, 1, n);
    if (n > 1) {
        double half;

        figure.sd = gsl_stats_sd_m(values, 1, n, figure.mean);
        half = t_quantile(n) * figure.sd / sqrt(n);
        figure.low = figure.mean - half;
        figure.high = figure.mean + half;
    }
    return figure;
}

bool
ensemble_figure(const Ensemble *ensemble, const char *name, int key, uint32_t generation, int share,
                EnsembleFigure *figure)
{
    const Metric metric = { .name = name, .key = key, .generation = generation, .share = share };
    g_autofree char *text = metric_to_text(&metric);
    const Series *series = g_hash_table_lookup(ensemble->places, text);

    if (series != NULL)
        *figure = figure_of(ensemble, series);
    return series != NULL;
}

static void
write_number(double value, Table *table)
{
    if (isfinite(value))
        table_number(table, value);
    else
        table_empty(table);
}

void
ensemble_write(const Ensemble *ensemble, const char *scenario, int64_t point, Table *table)
{
    for (guint i = 0; i < ensemble->series->len; i++) {
        const Series *series = ensemble->series->pdata[i];
        EnsembleFigure figure = figure_of(ensemble, series);

        table_text(table, scenario);
        table_integer(table, point);
        metric_write_name(&series->metric, table);
        table_unsigned(table, figure.n);
        table_unsigned(table, figure.n_reached);
        write_number(figure.mean, table);
        write_number(figure.sd, table);
        write_number(figure.low, table);
        write_number(figure.high, table);
        write_number(figure.p05, table);
        write_number(figure.p50, table);
        write_number(figure.p95, table);
        table_end_row(table);
    }
}
