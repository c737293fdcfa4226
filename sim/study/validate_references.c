#include "sim/study/validate_runs.h"
#include "sim/study/validate_subjects.h"

#include <math.h>

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
            text, "[cohort %c]\ncards = %.0f\ntransfer-key = %u\nupdate-key = %u\n" VALIDATE_PAYS,
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
    guint share = reference->what == DAYS_TO_999 ? VALIDATE_ALL - 1 : VALIDATE_ALL;

    if (reference->what == PERCENT_AT_END) {
        validate_run_until(replication, replication_end(replication));
        validate_note(reference->values, 100 * validate_share_now(replication));
        return;
    }
    validate_run_to_all(replication);
    validate_note(reference->values,
                  (double)recorder_time_to_share(recorder, KEY_TRANSFER, 2, share) / VALIDATE_DAY);
}

/* Both means have an error. */
static void
check_reference(Validation *validation, FILE *out, const Reference *reference)
{
    g_autofree char *text =
        reference_text(reference->embodiment, reference->cards, reference->days);
    g_autofree char *what = g_strdup_printf("%s, embodiment %s: %s", reference->name,
                                            reference->embodiment, reference_what[reference->what]);
    g_autoptr(GArray) values = validate_values_new();
    ReferenceValues observed = { reference->what, values };
    ValidateCheck check;
    double sd;

    validate_repeat(validation, text, REFERENCE_REPLICATIONS, observe_reference, &observed);
    check = validate_mean(values, reference->mean, NAN);
    sd = isnan(reference->sd) ? check.error * sqrt(values->len) : reference->sd;
    check.error = sqrt(check.error * check.error + sd * sd / REFERENCE_RUNS);
    check.slack = reference->digit / 2;
    validate_report(validation, out, &check, what);
}

typedef struct {
    GArray *coverage;
    ValidateRefusals refusals;
} DeadlockValues;

static void
observe_deadlock(Replication *replication, gpointer data)
{
    DeadlockValues *values = data;

    validate_count_refused(replication, 0, &values->refusals);
    validate_note(values->coverage, validate_share_now(replication));
}

/* With embodiment 5, no crossed pair ever does anything. */
static void
check_deadlock(Validation *validation, FILE *out)
{
    static const double cards[4] = { 0, 50, 50, 0 };
    g_autofree char *text = reference_text("5", cards, 10);
    g_autoptr(GArray) coverage = validate_values_new();
    DeadlockValues values = { .coverage = coverage };
    ValidateCheck check;

    validate_repeat(validation, text, 1, observe_deadlock, &values);
    check = validate_mean(coverage, 0.5, 0);
    validate_report(validation, out, &check, CROSSED ", embodiment 5: coverage");
    check = validate_share(0.5 * REFERENCE_CARDS / (REFERENCE_CARDS - 1.0), values.refusals.refused,
                           values.refusals.meetings);
    validate_report(validation, out, &check, CROSSED ", embodiment 5: refused");
}

void
validate_references(Validation *validation, FILE *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(references); i++)
        check_reference(validation, out, &references[i]);
    check_deadlock(validation, out);
}
