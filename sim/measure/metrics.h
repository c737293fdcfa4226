/* metrics.h - the figures of summary.csv, one list for a replication.
 *
 * What is written, what an ensemble averages and what a run says at its end all
 * come from this list: a new metric is one new entry. */
#ifndef SIM_MEASURE_METRICS_H
#define SIM_MEASURE_METRICS_H

#include "model/protocol/keyring.h"

#include "sim/base/table.h"
#include "sim/measure/latency.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The shares whose time is taken, in thousandths. */
#define METRIC_N_SHARES 6
/* Behind them stand shares below which something falls. */
#define METRIC_BELOW_1_PERCENT METRIC_N_SHARES
#define METRIC_BELOW_01_PERCENT (METRIC_N_SHARES + 1)
extern const guint metric_shares[METRIC_N_SHARES + 2]; /* 100, 500, 900, 990, 999, 1000; 10, 1 */

/* Names that are looked up. */
#define METRIC_TIME_TO_SHARE "time-to-share"
#define METRIC_MEETINGS_TO_SHARE "meetings-to-share"
#define METRIC_TIME_TO_SHARE_ACTIVE "time-to-share-active"

#define METRIC_NO_KEY (-1)
#define METRIC_NO_SHARE (-1)

/**
 * Metric:
 * @key: KeyKind, or METRIC_NO_KEY for a figure of the whole run
 * @share: index in metric_shares, or METRIC_NO_SHARE
 * @reached: false: there is no value, the share was not reached
 * @is_integer: @integer is the value, exactly; otherwise @number
 * @absent_is_zero: a replication without this metric has none of what it measures: nobody held
 *   the key, or no attacker
 */
typedef struct {
    const char *name;
    int key;
    uint32_t generation;
    int share;
    const char *unit;
    bool reached;
    bool is_integer;
    bool absent_is_zero;
    int64_t integer;
    double number;
} Metric;

/* Append to a list of Metric. */
void metrics_add_integer(GArray *metrics, const char *name, const char *unit, int64_t value);
void metrics_add_number(GArray *metrics, const char *name, const char *unit, double value);

/* A figure of one generation, without a share and a value so far. */
Metric metric_of_generation(const char *name, const char *unit, KeyKind kind, uint32_t id);

/* The value as a number. */
double metric_value(const Metric *metric);

/* Columns metric, key, generation, share, unit of a row that is under way. */
void metric_write_name(const Metric *metric, Table *table);

/* The whole list as rows of summary.csv. */
void metrics_write(const GArray *metrics, const RunId *id, Table *table);

/* What @metric is: equal texts, the same figure. (transfer full) */
char *metric_to_text(const Metric *metric);

#endif
