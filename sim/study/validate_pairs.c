#include "sim/study/theory.h"
#include "sim/study/validate_runs.h"
#include "sim/study/validate_subjects.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

/* ---- Uniform pairs, exactly -------------------------------------------- */

typedef struct {
    guint n;
    guint m;
    guint replications;
} Spread;

static const Spread spreads[] = {
    { 100, 1, 1000 }, { 1000, 1, 300 }, { 1000, 10, 300 }, { 10000, 1, 60 }, { 10000, 100, 60 },
};

typedef struct {
    GArray *meetings[METRIC_N_SHARES]; /* of double */
    GArray *days[METRIC_N_SHARES];
    GArray *updates;
} SpreadValues;

static void
observe_spread(Replication *replication, gpointer data)
{
    const Recorder *recorder = replication_recorder(replication);
    SpreadValues *values = data;

    validate_run_to_all(replication);
    for (guint share = 0; share < METRIC_N_SHARES; share++) {
        validate_note(values->meetings[share],
                      (double)recorder_meetings_to_share(recorder, KEY_TRANSFER, 2, share));
        validate_note(values->days[share],
                      (double)recorder_time_to_share(recorder, KEY_TRANSFER, 2, share) /
                          VALIDATE_DAY);
    }
    validate_note(values->updates, (double)validate_updates_now(replication));
}

static void
report_spread(Validation *validation, FILE *out, const Spread *spread, guint share,
              const SpreadValues *values)
{
    guint to = (spread->n * metric_shares[share] + 999) / 1000;
    TheoryCount count = theory_meetings(spread->n, spread->m, to);
    double per_day = spread->n * VALIDATE_RATE / 2;
    ValidateCheck meetings =
        validate_mean(values->meetings[share], count.mean, sqrt(count.variance));
    /* a sum of so many waits of variance 1 */
    ValidateCheck days = validate_mean(values->days[share], count.mean / per_day,
                                       sqrt(count.variance + count.mean) / per_day);
    g_autofree char *where = g_strdup_printf("uniform pairs, %u of %u cards to %g %%", spread->m,
                                             spread->n, metric_shares[share] / 10.0);
    g_autofree char *what = g_strconcat(where, ": transfers", NULL);
    g_autofree char *when = g_strconcat(where, ": days", NULL);

    validate_report(validation, out, &meetings, what);
    validate_report(validation, out, &days, when);
}

/* The variance of the number of transfers, whose own error follows from the fourth cumulant. */
static void
report_variance(Validation *validation, FILE *out, const Spread *spread, const GArray *meetings)
{
    TheoryCount count = theory_meetings(spread->n, spread->m, spread->n);
    double variance =
        gsl_stats_variance((const double *)(gpointer)meetings->data, 1, meetings->len);
    double of_it =
        count.fourth / meetings->len + 2 * count.variance * count.variance / (meetings->len - 1.0);
    ValidateCheck check = { count.variance, variance, sqrt(of_it), 0, meetings->len };
    g_autofree char *what =
        g_strdup_printf("uniform pairs, %u of %u cards to all: variance", spread->m, spread->n);

    validate_report(validation, out, &check, what);
}

static void
check_spread(Validation *validation, FILE *out, const Spread *spread)
{
    static const guint reported[] = { 1, 2, 3, VALIDATE_ALL };
    g_autofree char *text = validate_uniform_pairs(spread->n, spread->m, "400d", "400d");
    g_autofree char *what =
        g_strdup_printf("uniform pairs, %u of %u cards to all: updates", spread->m, spread->n);
    SpreadValues values = { .updates = validate_values_new() };
    ValidateCheck updates;

    for (guint share = 0; share < METRIC_N_SHARES; share++) {
        values.meetings[share] = validate_values_new();
        values.days[share] = validate_values_new();
    }
    validate_repeat(validation, text, spread->replications, observe_spread, &values);
    for (guint i = 0; i < G_N_ELEMENTS(reported); i++)
        report_spread(validation, out, spread, reported[i], &values);
    report_variance(validation, out, spread, values.meetings[VALIDATE_ALL]);
    updates = validate_mean(values.updates, spread->n - spread->m, 0);
    validate_report(validation, out, &updates, what);
    for (guint share = 0; share < METRIC_N_SHARES; share++) {
        g_array_unref(values.meetings[share]);
        g_array_unref(values.days[share]);
    }
    g_array_unref(values.updates);
}

/* ---- Exposure of the old key ------------------------------------------- */

#define EXPOSURE_REPLICATIONS 100
#define EXPOSURE_STEP (MICROS_PER_DAY / 48)

static void
observe_exposure(Replication *replication, gpointer data)
{
    validate_note(data, validate_run_exposure(replication, EXPOSURE_STEP));
}

static void
check_exposure(Validation *validation, FILE *out)
{
    static const Spread populations[] = { { 1000, 10, 0 }, { 5000, 50, 0 } };

    for (guint i = 0; i < G_N_ELEMENTS(populations); i++) {
        const Spread *spread = &populations[i];
        g_autofree char *text = validate_uniform_pairs(spread->n, spread->m, "100d", "30min");
        g_autofree char *what =
            g_strdup_printf("exposure of the old key, %u of %u cards: days", spread->m, spread->n);
        g_autoptr(GArray) values = validate_values_new();
        double variance;
        double exact = theory_exposure(spread->n, spread->m, VALIDATE_RATE, &variance);
        ValidateCheck check;

        validate_repeat(validation, text, EXPOSURE_REPLICATIONS, observe_exposure, values);
        check = validate_mean(values, exact, sqrt(variance));
        validate_report(validation, out, &check, what);
    }
}

void
validate_pairs(Validation *validation, FILE *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(spreads); i++)
        check_spread(validation, out, &spreads[i]);
    check_exposure(validation, out);
}
