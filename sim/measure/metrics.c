#include "sim/measure/metrics.h"

const guint metric_shares[METRIC_N_SHARES + 2] = { 100, 500, 900, 990, 999, 1000, 10, 1 };

static Metric
of_the_run(const char *name, const char *unit)
{
    return (Metric){
        .name = name,
        .key = METRIC_NO_KEY,
        .share = METRIC_NO_SHARE,
        .unit = unit,
        .reached = true,
    };
}

void
metrics_add_integer(GArray *metrics, const char *name, const char *unit, int64_t value)
{
    Metric metric = of_the_run(name, unit);

    metric.is_integer = true;
    metric.integer = value;
    g_array_append_val(metrics, metric);
}

void
metrics_add_number(GArray *metrics, const char *name, const char *unit, double value)
{
    Metric metric = of_the_run(name, unit);

    metric.number = value;
    g_array_append_val(metrics, metric);
}

Metric
metric_of_generation(const char *name, const char *unit, KeyKind kind, uint32_t id)
{
    return (Metric){
        .name = name,
        .key = (int)kind,
        .generation = id,
        .share = METRIC_NO_SHARE,
        .unit = unit,
        .reached = true,
    };
}

double
metric_value(const Metric *metric)
{
    return metric->is_integer ? (double)metric->integer : metric->number;
}

void
metric_write_name(const Metric *metric, Table *table)
{
    table_text(table, metric->name);
    if (metric->key == METRIC_NO_KEY) {
        table_empty(table);
        table_empty(table);
    } else {
        table_text(table, key_kind_names[metric->key]);
        table_unsigned(table, metric->generation);
    }
    if (metric->share == METRIC_NO_SHARE)
        table_empty(table);
    else
        table_number(table, metric_shares[metric->share] / 1000.0);
    table_text(table, metric->unit);
}

void
metrics_write(const GArray *metrics, const RunId *id, Table *table)
{
    for (guint i = 0; i < metrics->len; i++) {
        const Metric *metric = &g_array_index(metrics, Metric, i);

        run_id_begin_row(id, table);
        metric_write_name(metric, table);
        if (!metric->reached)
            table_empty(table);
        else if (metric->is_integer)
            table_integer(table, metric->integer);
        else
            table_number(table, metric->number);
        table_end_row(table);
    }
}

char *
metric_to_text(const Metric *metric)
{
    return g_strdup_printf("%s %d %u %d", metric->name, metric->key, metric->generation,
                           metric->share);
}
