/* ensemble.h - what the replications of one point have in common: mean, interval,
 * percentiles of every metric.
 *
 * Statistics are GSL's. A replication in which a share was not reached has no value
 * for it: then there is no mean, and percentiles count it as infinite. One in which a key never
 * appeared or leaked has 0 of what is 0 then: final share and exposure. */
#ifndef SIM_MEASURE_ENSEMBLE_H
#define SIM_MEASURE_ENSEMBLE_H

#include "sim/base/table.h"
#include "sim/measure/metrics.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Ensemble Ensemble;

Ensemble *ensemble_new(void);
void ensemble_free(Ensemble *ensemble);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ensemble, ensemble_free)

/* Takes in the metrics (of Metric) of one replication. */
void ensemble_add(Ensemble *ensemble, const GArray *metrics);

/* Replications so far. */
guint ensemble_size(const Ensemble *ensemble);

/**
 * EnsembleFigure: one metric over the replications
 * @n: replications
 * @n_reached: those that have a value
 * @mean, @sd: of the values, sd with divisor n - 1; NaN unless every replication
 *   has a value (sd: and there are two)
 * @low, @high: 95 % confidence interval of the mean by Student's t; NaN likewise
 * @p05, @p50, @p95: percentiles, linear between order statistics (Hyndman and Fan's
 *   type 7); infinite where they touch a replication without a value
 */
typedef struct {
    guint n;
    guint n_reached;
    double mean;
    double sd;
    double low;
    double high;
    double p05;
    double p50;
    double p95;
} EnsembleFigure;

/**
 * ensemble_figure:
 * @name: of the metric
 * @key: KeyKind, or METRIC_NO_KEY
 * @share: index in metric_shares, or METRIC_NO_SHARE
 *
 * Returns: false if no replication knows this metric
 */
bool ensemble_figure(const Ensemble *ensemble, const char *name, int key, uint32_t generation,
                     int share, EnsembleFigure *figure);

#define ENSEMBLE_COLUMNS                                                                           \
    "scenario,point,metric,key,generation,share,unit,n,n_reached,mean,sd,ci95_low,ci95_high,"      \
    "p05,p50,p95"

/* Rows of ensemble.csv. */
void ensemble_write(const Ensemble *ensemble, const char *scenario, int64_t point, Table *table);

#endif
