#include "sim/validate.h"

#include "sim/replication.h"
#include "sim/theory.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#define ERRORS_ALLOWED 4
#define LONG_FACTOR 10
/* Of the shift in time that the first few updates of a population bring about, mean and
 * variance are of the order of 1 / m; a share, or the share of transfers with an update,
 * answers with a bias below 0.25 / m, which is this by sqrt(N m) where m is N / 100. */
#define MEAN_FIELD 2.5
#define DAY ((double)MICROS_PER_DAY)

/* ---- Lines ------------------------------------------------------------- */

/**
 * Check: one line
 * @mean: of @n values
 * @error: standard error of @mean
 * @slack: see validate_all()
 */
typedef struct {
    double exact;
    double mean;
    double error;
    double slack;
    uint64_t n;
} Check;

static void
print_header(FILE *out)
{
    fprintf(out, "%-58s %12s %12s %9s %7s %9s\n", "check", "exact", "simulated", "n", "z", "slack");
}

static void
report(Validation *validation, FILE *out, const Check *check, const char *what)
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

/* A check of the mean of @values; @sd: of one value, NAN if it is not known. */
static Check
check_mean(const GArray *values, double exact, double sd)
{
    const double *data = (const double *)(gpointer)values->data;
    double mean = gsl_stats_mean(data, 1, values->len);

    if (isnan(sd))
        sd = gsl_stats_sd_m(data, 1, values->len, mean);
    return (Check){ exact, mean, sd / sqrt(values->len), 0, values->len };
}

/* Of how often something happened, independently, in @n cases. */
static Check
check_share(double exact, uint64_t happened, uint64_t n)
{
    return (Check){ exact, (double)happened / (double)n, sqrt(exact * (1 - exact) / (double)n), 0,
                    n };
}

/* ---- Runs -------------------------------------------------------------- */

static GArray *
values_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(double));
}

static void
note(GArray *values, double value)
{
    g_array_append_val(values, value);
}

/* Takes what it wants of a replication that has not begun yet. */
typedef void (*Observe)(Replication *replication, gpointer data);

/* @n replications with each seed. */
static void
repeat(const Validation *validation, const char *text, guint n, Observe observe, gpointer data)
{
    n *= validation->is_long ? LONG_FACTOR : 1;
    for (guint i = 0; i < validation->n_seeds; i++) {
        g_autofree char *seed =
            g_strdup_printf("scenario.seed=%" G_GUINT64_FORMAT, (guint64)validation->seeds[i]);
        const char *const sets[] = { seed, "scenario.fidelity=decision", NULL };
        g_autoptr(GError) error = NULL;
        g_autoptr(Scenario) scenario = scenario_parse("validate", text, strlen(text), sets, &error);

        g_assert_no_error(error);
        for (guint k = 1; k <= n; k++) {
            g_autoptr(Replication) replication = replication_new(scenario, k);

            observe(replication, data);
        }
    }
}

/* Until @at, which must be the time of a sample or the end. */
static void
run_until(Replication *replication, Micros at)
{
    SimEngine *engine = replication_engine(replication);

    while (sim_engine_next_time(engine) < at && sim_engine_step(engine))
        continue;
}

#define ALL (METRIC_N_SHARES - 1) /* index in metric_shares */

/* Until all cards hold transfer key 2. */
static void
run_to_all(Replication *replication)
{
    const Recorder *recorder = replication_recorder(replication);

    while (recorder_time_to_share(recorder, KEY_TRANSFER, 2, ALL) < 0 &&
           sim_engine_step(replication_engine(replication)))
        continue;
}

static double
share_now(const Replication *replication)
{
    return recorder_final_share(replication_recorder(replication), KEY_TRANSFER, 2);
}

static uint64_t
updates_now(const Replication *replication)
{
    const Recorder *recorder = replication_recorder(replication);

    return recorder_updates(recorder, PATH_SYMMETRIC) + recorder_updates(recorder, PATH_PUBLIC_KEY);
}

static uint64_t
meetings_now(const Replication *replication)
{
    uint64_t n = 0;

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (outcome != OUTCOME_CARD_BUSY)
            n += recorder_outcome(replication_recorder(replication), outcome);
    return n;
}

/* ---- Scenarios --------------------------------------------------------- */

/* Embodiment 1, @m of @n cards with transfer key 2. Each takes part in one transfer a day: it
 * pays in every other. */
#define RATE 1.0
#define PAYS "activity = constant 0.5/d\n"

static char *
uniform_pairs(guint n, guint m, const char *duration, const char *interval)
{
    return g_strdup_printf("[scenario]\nname = pairs\nduration = %s\nsample-interval = %s\n"
                           "[scheme]\nembodiment = 1\n"
                           "[cohort holders]\ncards = %u\ntransfer-key = 2\nupdate-key = 1\n" PAYS
                           "[cohort others]\ncards = %u\ntransfer-key = 1\nupdate-key = 1\n" PAYS,
                           duration, interval, m, n - m);
}

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

    run_to_all(replication);
    for (guint share = 0; share < METRIC_N_SHARES; share++) {
        note(values->meetings[share],
             (double)recorder_meetings_to_share(recorder, KEY_TRANSFER, 2, share));
        note(values->days[share],
             (double)recorder_time_to_share(recorder, KEY_TRANSFER, 2, share) / DAY);
    }
    note(values->updates, (double)updates_now(replication));
}

static void
report_spread(Validation *validation, FILE *out, const Spread *spread, guint share,
              const SpreadValues *values)
{
    guint to = (spread->n * metric_shares[share] + 999) / 1000;
    TheoryCount count = theory_meetings(spread->n, spread->m, to);
    double per_day = spread->n * RATE / 2;
    Check meetings = check_mean(values->meetings[share], count.mean, sqrt(count.variance));
    /* a sum of so many waits of variance 1 */
    Check days = check_mean(values->days[share], count.mean / per_day,
                            sqrt(count.variance + count.mean) / per_day);
    g_autofree char *where = g_strdup_printf("uniform pairs, %u of %u cards to %g %%", spread->m,
                                             spread->n, metric_shares[share] / 10.0);
    g_autofree char *what = g_strconcat(where, ": transfers", NULL);
    g_autofree char *when = g_strconcat(where, ": days", NULL);

    report(validation, out, &meetings, what);
    report(validation, out, &days, when);
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
    Check check = { count.variance, variance, sqrt(of_it), 0, meetings->len };
    g_autofree char *what =
        g_strdup_printf("uniform pairs, %u of %u cards to all: variance", spread->m, spread->n);

    report(validation, out, &check, what);
}

static void
check_spread(Validation *validation, FILE *out, const Spread *spread)
{
    static const guint told[] = { 1, 2, 3, ALL };
    g_autofree char *text = uniform_pairs(spread->n, spread->m, "400d", "400d");
    g_autofree char *what =
        g_strdup_printf("uniform pairs, %u of %u cards to all: updates", spread->m, spread->n);
    SpreadValues values = { .updates = values_new() };
    Check updates;

    for (guint share = 0; share < METRIC_N_SHARES; share++) {
        values.meetings[share] = values_new();
        values.days[share] = values_new();
    }
    repeat(validation, text, spread->replications, observe_spread, &values);
    for (guint i = 0; i < G_N_ELEMENTS(told); i++)
        report_spread(validation, out, spread, told[i], &values);
    report_variance(validation, out, spread, values.meetings[ALL]);
    updates = check_mean(values.updates, spread->n - spread->m, 0);
    report(validation, out, &updates, what);
    for (guint share = 0; share < METRIC_N_SHARES; share++) {
        g_array_unref(values.meetings[share]);
        g_array_unref(values.days[share]);
    }
    g_array_unref(values.updates);
}

static void
check_spreads(Validation *validation, FILE *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(spreads); i++)
        check_spread(validation, out, &spreads[i]);
}

/* ---- Many cards: the logistic curve ------------------------------------ */

#define CURVE_CARDS 20000
#define CURVE_HOLDERS (CURVE_CARDS / 100)
#define CURVE_REPLICATIONS 20
#define CURVE_STEP_DAYS 0.05 /* between samples: 72 min */

/* Where the share is looked at, and around which the share of updates is counted. */
static const guint curve_steps[] = { 40, 48, 80, 92, 100, 120, 136, 160 };

typedef struct {
    GArray *shares[G_N_ELEMENTS(curve_steps)];
    GArray *updating[G_N_ELEMENTS(curve_steps)];
} CurveValues;

static Micros
curve_time(guint step)
{
    return (Micros)(step * CURVE_STEP_DAYS * DAY);
}

static void
observe_curve(Replication *replication, gpointer data)
{
    CurveValues *values = data;

    for (guint i = 0; i < G_N_ELEMENTS(curve_steps); i++) {
        uint64_t updates;
        uint64_t meetings;

        run_until(replication, curve_time(curve_steps[i] - 1));
        updates = updates_now(replication);
        meetings = meetings_now(replication);
        run_until(replication, curve_time(curve_steps[i]));
        note(values->shares[i], share_now(replication));
        run_until(replication, curve_time(curve_steps[i] + 1));
        note(values->updating[i], (double)(updates_now(replication) - updates) /
                                      (double)(meetings_now(replication) - meetings));
    }
}

static double
curve_share(guint step)
{
    return theory_logistic((double)CURVE_HOLDERS / CURVE_CARDS, RATE, step * CURVE_STEP_DAYS);
}

/* The mean of 2 x (1 - x) from the step before to the one after: x' = r x (1 - x). */
static double
curve_updating(guint step)
{
    return 2 * (curve_share(step + 1) - curve_share(step - 1)) / (RATE * 2 * CURVE_STEP_DAYS);
}

static void
report_curve(Validation *validation, FILE *out, guint i, const CurveValues *values)
{
    double slack = MEAN_FIELD / sqrt((double)CURVE_CARDS * CURVE_HOLDERS);
    double day = curve_steps[i] * CURVE_STEP_DAYS;
    Check share = check_mean(values->shares[i], curve_share(curve_steps[i]), NAN);
    Check updating = check_mean(values->updating[i], curve_updating(curve_steps[i]), NAN);
    g_autofree char *shares = g_strdup_printf("logistic curve, day %g: share", day);
    g_autofree char *updates =
        g_strdup_printf("transfers with an update, day %g: 2 x (1 - x)", day);

    share.slack = slack;
    updating.slack = slack;
    report(validation, out, &share, shares);
    report(validation, out, &updating, updates);
}

static void
check_curve(Validation *validation, FILE *out)
{
    g_autofree char *text = uniform_pairs(CURVE_CARDS, CURVE_HOLDERS, "9d", "72min");
    CurveValues values;

    for (guint i = 0; i < G_N_ELEMENTS(curve_steps); i++) {
        values.shares[i] = values_new();
        values.updating[i] = values_new();
    }
    repeat(validation, text, CURVE_REPLICATIONS, observe_curve, &values);
    for (guint i = 0; i < G_N_ELEMENTS(curve_steps); i++) {
        report_curve(validation, out, i, &values);
        g_array_unref(values.shares[i]);
        g_array_unref(values.updating[i]);
    }
}

/* ---- New cards as the source: the Bass curve ----------------------------- */

#define BASS_CARDS 20000
#define BASS_RATE 0.1 /* replacements of a card in a day */
#define BASS_REPLICATIONS 10

static const guint bass_days[] = { 1, 2, 4, 8 };

static const char bass_text[] =
    "[scenario]\nname = bass\nduration = 9d\nsample-interval = 1d\n"
    "[scheme]\nembodiment = 1\n"
    "[cohort old]\ncards = 20000\ntransfer-key = 1\nupdate-key = 1\n" PAYS
    "[plan wear]\ndo = replace\nat = 0s\nrate = 0.1/d\ntransfer-key = 2\n";

static void
observe_bass(Replication *replication, gpointer data)
{
    GArray **shares = data;

    for (guint i = 0; i < G_N_ELEMENTS(bass_days); i++) {
        run_until(replication, bass_days[i] * MICROS_PER_DAY);
        note(shares[i], share_now(replication));
    }
}

/* As if N mu / r cards had held the key at first. */
static void
check_bass(Validation *validation, FILE *out)
{
    double holders = BASS_CARDS * BASS_RATE / RATE;
    GArray *shares[G_N_ELEMENTS(bass_days)];

    for (guint i = 0; i < G_N_ELEMENTS(bass_days); i++)
        shares[i] = values_new();
    repeat(validation, bass_text, BASS_REPLICATIONS, observe_bass, shares);
    for (guint i = 0; i < G_N_ELEMENTS(bass_days); i++) {
        g_autofree char *what =
            g_strdup_printf("replacement at 0.1 a day, day %u: share", bass_days[i]);
        Check check = check_mean(shares[i], theory_replacement(BASS_RATE, RATE, bass_days[i]), NAN);

        check.slack = MEAN_FIELD / sqrt(BASS_CARDS * holders);
        report(validation, out, &check, what);
        g_array_unref(shares[i]);
    }
}

/* ---- Exposure of the old key ------------------------------------------- */

#define EXPOSURE_REPLICATIONS 100
#define EXPOSURE_STEP (MICROS_PER_DAY / 48)

/* Card-days on the old key by the number of cards, by the trapezoidal rule; the step is short
 * enough for its error, step^2 / 12 times the slopes at both ends, not to show. */
static void
observe_exposure(Replication *replication, gpointer data)
{
    double before = 1 - share_now(replication);
    double exposure = 0;

    for (Micros at = EXPOSURE_STEP; before > 0 && at < replication_end(replication);
         at += EXPOSURE_STEP) {
        double left;

        run_until(replication, at);
        left = 1 - share_now(replication);
        exposure += (before + left) / 2 * (double)EXPOSURE_STEP / DAY;
        before = left;
    }
    note(data, exposure);
}

static void
check_exposure(Validation *validation, FILE *out)
{
    static const Spread populations[] = { { 1000, 10, 0 }, { 5000, 50, 0 } };

    for (guint i = 0; i < G_N_ELEMENTS(populations); i++) {
        const Spread *spread = &populations[i];
        g_autofree char *text = uniform_pairs(spread->n, spread->m, "100d", "30min");
        g_autofree char *what =
            g_strdup_printf("exposure of the old key, %u of %u cards: days", spread->m, spread->n);
        g_autoptr(GArray) values = values_new();
        double variance;
        double exact = theory_exposure(spread->n, spread->m, RATE, &variance);
        Check check;

        repeat(validation, text, EXPOSURE_REPLICATIONS, observe_exposure, values);
        check = check_mean(values, exact, sqrt(variance));
        report(validation, out, &check, what);
    }
}

/* ---- Cards that a limit blocks ----------------------------------------- */

#define BLOCKED_CARDS 2000
#define BLOCKED_SHARE 0.3
#define BLOCKED_REPLICATIONS 10
#define BLOCKED_SPREAD (40 * MICROS_PER_DAY) /* by then all who can hold the key */

static const char blocked_text[] =
    "[scenario]\nname = blocked\nduration = 50d\nsample-interval = 1d\n"
    "[scheme]\nembodiment = 1\n"
    "[cohort holders]\ncards = 20\ntransfer-key = 2\nupdate-key = 1\n" PAYS
    "[cohort others]\ncards = 1380\ntransfer-key = 1\nupdate-key = 1\n" PAYS
    "[cohort blocked]\ncards = 600\ntransfer-key = 1\nupdate-key = 1\ntransfer-key-limit = "
    "1\n" PAYS;

typedef struct {
    GArray *coverage;
    uint64_t refused;
    uint64_t meetings;
} BlockedValues;

static uint64_t
refused_now(const Replication *replication)
{
    uint64_t n = 0;

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (outcome_is_refused(outcome))
            n += recorder_outcome(replication_recorder(replication), outcome);
    return n;
}

/* Counts what is refused from @from to the end. */
static void
count_refused(Replication *replication, Micros from, uint64_t *refused, uint64_t *meetings)
{
    run_until(replication, from);
    *refused -= refused_now(replication);
    *meetings -= meetings_now(replication);
    run_until(replication, replication_end(replication));
    *refused += refused_now(replication);
    *meetings += meetings_now(replication);
}

static void
observe_blocked(Replication *replication, gpointer data)
{
    BlockedValues *values = data;

    count_refused(replication, BLOCKED_SPREAD, &values->refused, &values->meetings);
    note(values->coverage, share_now(replication));
}

static void
check_blocked(Validation *validation, FILE *out)
{
    g_autoptr(GArray) coverage = values_new();
    BlockedValues values = { .coverage = coverage };
    double q = BLOCKED_SHARE;
    Check check;

    repeat(validation, blocked_text, BLOCKED_REPLICATIONS, observe_blocked, &values);
    check = check_mean(coverage, 1 - q, 0);
    check.slack = 1e-12; /* 0.7 is no binary fraction */
    report(validation, out, &check, "30 % blocked by their limit: coverage");
    check = check_share(2 * q * (1 - q) * BLOCKED_CARDS / (BLOCKED_CARDS - 1), values.refused,
                        values.meetings);
    report(validation, out, &check, "30 % blocked by their limit: refused, 2 q (1 - q)");
}

/* ---- Figures known from 200 runs --------------------------------------- */

#define REFERENCE_CARDS 20000
#define REFERENCE_RUNS 200
#define REFERENCE_REPLICATIONS 20

typedef enum { DAYS_TO_999, DAYS_TO_ALL, PERCENT_AT_END } ReferenceWhat;
static const char *const reference_what[] = { "days to 99.9 %", "days to all",
                                              "per cent in the end" };

/**
 * Reference:
 * @cards: per cent of (transfer key, update key) = (1, 1), (2, 1), (1, 2), (2, 2)
 * @days: how long it runs
 * @mean, @sd: of the runs; @sd NAN if it is not known
 * @digit: a unit of the last digit of @mean
 */
typedef struct {
    const char *name;
    const char *embodiment;
    double cards[4];
    guint days;
    ReferenceWhat what;
    double mean;
    double sd;
    double digit;
} Reference;

#define CROSSED "crossed pairs"
#define REPAIRED "crossed pairs and 1 % with both"
#define FOUR "four kinds of card"

static const Reference references[] = {
    { CROSSED, "2", { 0, 50, 50, 0 }, 40, DAYS_TO_999, 6.9, NAN, 0.1 },
    { CROSSED, "2", { 0, 50, 50, 0 }, 40, DAYS_TO_ALL, 10.5, 1.4, 0.1 },
    { CROSSED, "3", { 0, 50, 50, 0 }, 40, DAYS_TO_999, 6.9, NAN, 0.1 },
    { CROSSED, "3", { 0, 50, 50, 0 }, 40, DAYS_TO_ALL, 10.5, 1.4, 0.1 },
    { REPAIRED, "5", { 0, 49.5, 49.5, 1 }, 80, DAYS_TO_999, 20.0, NAN, 0.1 },
    { REPAIRED, "5", { 0, 49.5, 49.5, 1 }, 80, DAYS_TO_ALL, 27.4, 2.5, 0.1 },
    { FOUR, "1", { 40, 10, 40, 10 }, 5, PERCENT_AT_END, 75.3, 0.4, 0.1 },
    { FOUR, "2", { 40, 10, 40, 10 }, 5, PERCENT_AT_END, 97.4, 0.12, 0.1 },
    { FOUR, "3", { 40, 10, 40, 10 }, 5, PERCENT_AT_END, 97.4, 0.12, 0.1 },
    { FOUR, "5", { 40, 10, 40, 10 }, 5, PERCENT_AT_END, 93.3, 0.2, 0.1 },
};

static char *
reference_text(const char *embodiment, const double cards[static 4], guint days)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text,
                           "[scenario]\nname = reference\nduration = %ud\nsample-interval = 1d\n"
                           "[scheme]\nembodiment = %s\n",
                           days, embodiment);
    for (guint i = 0; i < 4; i++)
        g_string_append_printf(
            text, "[cohort %c]\ncards = %.0f\ntransfer-key = %u\nupdate-key = %u\n" PAYS,
            'a' + (char)i, cards[i] * REFERENCE_CARDS / 100, 1 + i % 2, 1 + i / 2);
    return g_string_free(text, FALSE);
}

typedef struct {
    ReferenceWhat what;
    GArray *values;
} ReferenceValues;

static void
observe_reference(Replication *replication, gpointer data)
{
    const Recorder *recorder = replication_recorder(replication);
    ReferenceValues *reference = data;
    guint share = reference->what == DAYS_TO_999 ? ALL - 1 : ALL;

    if (reference->what == PERCENT_AT_END) {
        run_until(replication, replication_end(replication));
        note(reference->values, 100 * share_now(replication));
        return;
    }
    run_to_all(replication);
    note(reference->values, (double)recorder_time_to_share(recorder, KEY_TRANSFER, 2, share) / DAY);
}

/* Both means have an error. */
static void
check_reference(Validation *validation, FILE *out, const Reference *reference)
{
    g_autofree char *text =
        reference_text(reference->embodiment, reference->cards, reference->days);
    g_autofree char *what = g_strdup_printf("%s, embodiment %s: %s", reference->name,
                                            reference->embodiment, reference_what[reference->what]);
    g_autoptr(GArray) values = values_new();
    ReferenceValues observed = { reference->what, values };
    Check check;
    double sd;

    repeat(validation, text, REFERENCE_REPLICATIONS, observe_reference, &observed);
    check = check_mean(values, reference->mean, NAN);
    sd = isnan(reference->sd) ? check.error * sqrt(values->len) : reference->sd;
    check.error = sqrt(check.error * check.error + sd * sd / REFERENCE_RUNS);
    check.slack = reference->digit / 2;
    report(validation, out, &check, what);
}

static void
observe_deadlock(Replication *replication, gpointer data)
{
    BlockedValues *values = data;

    count_refused(replication, 0, &values->refused, &values->meetings);
    note(values->coverage, share_now(replication));
}

/* With embodiment 5, no crossed pair ever does anything. */
static void
check_deadlock(Validation *validation, FILE *out)
{
    static const double cards[4] = { 0, 50, 50, 0 };
    g_autofree char *text = reference_text("5", cards, 10);
    g_autoptr(GArray) coverage = values_new();
    BlockedValues values = { .coverage = coverage };
    Check check;

    repeat(validation, text, 1, observe_deadlock, &values);
    check = check_mean(coverage, 0.5, 0);
    report(validation, out, &check, CROSSED ", embodiment 5: coverage");
    check = check_share(0.5 * REFERENCE_CARDS / (REFERENCE_CARDS - 1.0), values.refused,
                        values.meetings);
    report(validation, out, &check, CROSSED ", embodiment 5: refused");
}

static void
check_references(Validation *validation, FILE *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(references); i++)
        check_reference(validation, out, &references[i]);
    check_deadlock(validation, out);
}

/* ---- All --------------------------------------------------------------- */

static void (*const subjects[])(Validation *validation, FILE *out) = {
    check_spreads, check_curve, check_bass, check_exposure, check_blocked, check_references,
};

void
validate_all(Validation *validation, FILE *out)
{
    print_header(out);
    for (guint i = 0; i < G_N_ELEMENTS(subjects); i++)
        subjects[i](validation, out);
}
