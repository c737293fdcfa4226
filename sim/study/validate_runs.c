#include "sim/study/validate_runs.h"

#include "sim/input/load.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#define ERRORS_ALLOWED 4
#define LONG_FACTOR 10

/* ---- Lines ------------------------------------------------------------- */

void
validate_report(Validation *validation, FILE *out, const ValidateCheck *check, const char *what)
{
    double difference = check->mean - check->exact;
    bool passes = fabs(difference) <= ERRORS_ALLOWED * check->error + check->slack;

    fprintf(out, "%-58s %12.6g %12.6g %9" G_GUINT64_FORMAT, what, check->exact, check->mean,
            (guint64)check->n);
    if (check->error > 0)
        fprintf(out, " %7.2f", difference / check->error);
    else
        fprintf(out, " %7s", "equal");
    fprintf(out, " %9.2g %s\n", check->slack, passes ? "pass" : "fail");
    fflush(out);
    validation->n_checks++;
    validation->n_failed += !passes;
}

ValidateCheck
validate_mean(const GArray *values, double exact, double sd)
{
    const double *data = (const double *)(gpointer)values->data;
    double mean = gsl_stats_mean(data, 1, values->len);

    if (isnan(sd))
        sd = gsl_stats_sd_m(data, 1, values->len, mean);
    return (ValidateCheck){ exact, mean, sd / sqrt(values->len), 0, values->len };
}

ValidateCheck
validate_share(double exact, uint64_t happened, uint64_t n)
{
    return (ValidateCheck){ exact, (double)happened / (double)n,
                            sqrt(exact * (1 - exact) / (double)n), 0, n };
}

/* ---- Runs -------------------------------------------------------------- */

GArray *
validate_values_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(double));
}

void
validate_note(GArray *values, double value)
{
    g_array_append_val(values, value);
}

typedef struct {
    ValidateObserve observe; /* one of the two */
    ValidateObserveResult observe_result;
    gpointer data;
} Callback;

static void
observe_one(const Scenario *scenario, guint number, const Callback *callback)
{
    g_autoptr(Replication) replication = replication_new(scenario, number);
    g_auto(ReplicationResult) result = { 0 };

    if (callback->observe != NULL) {
        callback->observe(replication, callback->data);
        return;
    }
    validate_run_until(replication, replication_end(replication));
    result = replication_finish(g_steal_pointer(&replication));
    callback->observe_result(&result, callback->data);
}

static void
repeat(const Validation *validation, const char *text, guint n, const Callback *callback)
{
    n *= validation->is_long ? LONG_FACTOR : 1;
    for (guint i = 0; i < validation->n_seeds; i++) {
        g_autofree char *seed =
            g_strdup_printf("scenario.seed=%" G_GUINT64_FORMAT, (guint64)validation->seeds[i]);
        const char *const sets[] = { seed, "scenario.fidelity=decision", NULL };
        g_autoptr(GError) error = NULL;
        g_autoptr(Scenario) scenario = scenario_parse("validate", text, strlen(text), sets, &error);

        g_assert_no_error(error);
        for (guint k = 1; k <= n; k++)
            observe_one(scenario, k, callback);
    }
}

void
validate_repeat(const Validation *validation, const char *text, guint n, ValidateObserve observe,
                gpointer data)
{
    repeat(validation, text, n, &(Callback){ .observe = observe, .data = data });
}

void
validate_repeat_whole(const Validation *validation, const char *text, guint n,
                      ValidateObserveResult observe, gpointer data)
{
    repeat(validation, text, n, &(Callback){ .observe_result = observe, .data = data });
}

void
validate_run_until(Replication *replication, Micros at)
{
    SimEngine *engine = replication_engine(replication);

    while (sim_engine_next_time(engine) < at && sim_engine_step(engine))
        continue;
}

void
validate_run_to_all(Replication *replication)
{
    const Recorder *recorder = replication_recorder(replication);

    while (recorder_time_to_share(recorder, KEY_TRANSFER, 2, VALIDATE_ALL) < 0 &&
           sim_engine_step(replication_engine(replication)))
        continue;
}

double
validate_share_now(const Replication *replication)
{
    return recorder_final_share(replication_recorder(replication), KEY_TRANSFER, 2);
}

uint64_t
validate_updates_now(const Replication *replication)
{
    const Recorder *recorder = replication_recorder(replication);

    return recorder_updates(recorder, PATH_SYMMETRIC) + recorder_updates(recorder, PATH_PUBLIC_KEY);
}

uint64_t
validate_meetings_now(const Replication *replication)
{
    uint64_t n = 0;

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (outcome != OUTCOME_CARD_BUSY)
            n += recorder_outcome(replication_recorder(replication), outcome);
    return n;
}

static uint64_t
refused_now(const Replication *replication)
{
    uint64_t n = 0;

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (outcome_is_refused(outcome))
            n += recorder_outcome(replication_recorder(replication), outcome);
    return n;
}

void
validate_count_refused(Replication *replication, Micros from, ValidateRefusals *refusals)
{
    validate_run_until(replication, from);
    refusals->refused -= refused_now(replication);
    refusals->meetings -= validate_meetings_now(replication);
    validate_run_until(replication, replication_end(replication));
    refusals->refused += refused_now(replication);
    refusals->meetings += validate_meetings_now(replication);
}

double
validate_run_exposure(Replication *replication, Micros step)
{
    double before = 1 - validate_share_now(replication);
    double exposure = 0;

    for (Micros at = step; before > 0 && at < replication_end(replication); at += step) {
        double left;

        validate_run_until(replication, at);
        left = 1 - validate_share_now(replication);
        exposure += (before + left) / 2 * (double)step / VALIDATE_DAY;
        before = left;
    }
    return exposure;
}

typedef struct {
    const ValidateShares *shares;
    GPtrArray *values; /* of GArray, one a day */
} DayValues;

static void
observe_days(Replication *replication, gpointer data)
{
    DayValues *values = data;

    for (guint i = 0; i < values->shares->n_days; i++) {
        validate_run_until(replication, values->shares->days[i] * MICROS_PER_DAY);
        validate_note(values->values->pdata[i], validate_share_now(replication));
    }
}

void
validate_check_shares(Validation *validation, FILE *out, const ValidateShares *shares)
{
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    DayValues values = { shares, lists };

    for (guint i = 0; i < shares->n_days; i++)
        g_ptr_array_add(lists, validate_values_new());
    validate_repeat(validation, shares->text, shares->replications, observe_days, &values);
    for (guint i = 0; i < shares->n_days; i++) {
        g_autofree char *what = g_strdup_printf("%s, day %u: share", shares->name, shares->days[i]);
        ValidateCheck check =
            validate_mean(lists->pdata[i], shares->share(shares->days[i], shares->data), NAN);

        check.slack = shares->slack;
        validate_report(validation, out, &check, what);
    }
}

/* ---- Scenarios --------------------------------------------------------- */

char *
validate_uniform_pairs(guint n, guint m, const char *duration, const char *interval)
{
    return g_strdup_printf(
        "[scenario]\nname = pairs\nduration = %s\nsample-interval = %s\n"
        "[scheme]\nembodiment = 1\n"
        "[cohort holders]\ncards = %u\ntransfer-key = 2\nupdate-key = 1\n" VALIDATE_PAYS
        "[cohort others]\ncards = %u\ntransfer-key = 1\nupdate-key = 1\n" VALIDATE_PAYS,
        duration, interval, m, n - m);
}
