#include "sim/study/theory.h"
#include "sim/study/validate_runs.h"
#include "sim/study/validate_subjects.h"

#include <math.h>

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
    return (Micros)(step * CURVE_STEP_DAYS * VALIDATE_DAY);
}

static void
observe_curve(Replication *replication, gpointer data)
{
    CurveValues *values = data;

    for (guint i = 0; i < G_N_ELEMENTS(curve_steps); i++) {
        uint64_t updates;
        uint64_t meetings;

        validate_run_until(replication, curve_time(curve_steps[i] - 1));
        updates = validate_updates_now(replication);
        meetings = validate_meetings_now(replication);
        validate_run_until(replication, curve_time(curve_steps[i]));
        validate_note(values->shares[i], validate_share_now(replication));
        validate_run_until(replication, curve_time(curve_steps[i] + 1));
        validate_note(values->updating[i],
                      (double)(validate_updates_now(replication) - updates) /
                          (double)(validate_meetings_now(replication) - meetings));
    }
}

static double
curve_share(guint step)
{
    return theory_logistic((double)CURVE_HOLDERS / CURVE_CARDS, VALIDATE_RATE,
                           step * CURVE_STEP_DAYS);
}

/* The mean of 2 x (1 - x) from the step before to the one after: x' = r x (1 - x). */
static double
curve_updating(guint step)
{
    return 2 * (curve_share(step + 1) - curve_share(step - 1)) /
           (VALIDATE_RATE * 2 * CURVE_STEP_DAYS);
}

static void
report_curve(Validation *validation, FILE *out, guint i, const CurveValues *values)
{
    double slack = VALIDATE_MEAN_FIELD / sqrt((double)CURVE_CARDS * CURVE_HOLDERS);
    double day = curve_steps[i] * CURVE_STEP_DAYS;
    ValidateCheck share = validate_mean(values->shares[i], curve_share(curve_steps[i]), NAN);
    ValidateCheck updating =
        validate_mean(values->updating[i], curve_updating(curve_steps[i]), NAN);
    g_autofree char *shares = g_strdup_printf("logistic curve, day %g: share", day);
    g_autofree char *updates =
        g_strdup_printf("transfers with an update, day %g: 2 x (1 - x)", day);

    share.slack = slack;
    updating.slack = slack;
    validate_report(validation, out, &share, shares);
    validate_report(validation, out, &updating, updates);
}

static void
check_curve(Validation *validation, FILE *out)
{
    g_autofree char *text = validate_uniform_pairs(CURVE_CARDS, CURVE_HOLDERS, "9d", "72min");
    CurveValues values;

    for (guint i = 0; i < G_N_ELEMENTS(curve_steps); i++) {
        values.shares[i] = validate_values_new();
        values.updating[i] = validate_values_new();
    }
    validate_repeat(validation, text, CURVE_REPLICATIONS, observe_curve, &values);
    for (guint i = 0; i < G_N_ELEMENTS(curve_steps); i++) {
        report_curve(validation, out, i, &values);
        g_array_unref(values.shares[i]);
        g_array_unref(values.updating[i]);
    }
}

/* ---- New cards as the source: the Bass curve ----------------------------- */

#define BASS_CARDS 20000
#define BASS_RATE 0.1 /* replacements of a card in a day */
/* As if so many cards had held the key at first. */
#define BASS_HOLDERS (BASS_CARDS * BASS_RATE / VALIDATE_RATE)
#define BASS_REPLICATIONS 10
#define BASS_STEP (MICROS_PER_DAY / 48)

static const guint bass_days[] = { 1, 2, 4, 8 };

static const char bass_text[] =
    "[scenario]\nname = bass\nduration = 40d\nsample-interval = 30min\n"
    "[scheme]\nembodiment = 1\n"
    "[cohort old]\ncards = 20000\ntransfer-key = 1\nupdate-key = 1\n" VALIDATE_PAYS
    "[plan wear]\ndo = replace\nat = 0s\nrate = 0.1/d\ntransfer-key = 2\n";

static double
bass_share(double day, const void *data G_GNUC_UNUSED)
{
    return theory_replacement(BASS_RATE, VALIDATE_RATE, day);
}

static void
observe_bass_exposure(Replication *replication, gpointer data)
{
    validate_note(data, validate_run_exposure(replication, BASS_STEP));
}

static void
check_bass(Validation *validation, FILE *out)
{
    const ValidateShares shares = {
        .name = "replacement at 0.1 a day",
        .text = bass_text,
        .replications = BASS_REPLICATIONS,
        .days = bass_days,
        .n_days = G_N_ELEMENTS(bass_days),
        .share = bass_share,
        .slack = VALIDATE_MEAN_FIELD / sqrt(BASS_CARDS * BASS_HOLDERS),
    };
    g_autoptr(GArray) exposures = validate_values_new();
    ValidateCheck check;

    validate_check_shares(validation, out, &shares);
    validate_repeat(validation, bass_text, BASS_REPLICATIONS, observe_bass_exposure, exposures);
    check = validate_mean(exposures, theory_replacement_exposure(BASS_RATE, VALIDATE_RATE), NAN);
    check.slack = shares.slack;
    validate_report(validation, out, &check, "replacement at 0.1 a day: exposure of the old key");
}

void
validate_curves(Validation *validation, FILE *out)
{
    check_curve(validation, out);
    check_bass(validation, out);
}
