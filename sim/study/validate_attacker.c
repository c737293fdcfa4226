#include "sim/study/theory.h"
#include "sim/study/validate_runs.h"
#include "sim/study/validate_subjects.h"

#include <math.h>

#define READER_CARDS 5000
#define READER_HOLDERS (READER_CARDS / 50)
#define READER_TAPS 0.5 /* a day */
#define READER_REPLICATIONS 100

static const guint reader_days[] = { 2, 4, 6, 8 };

static void
observe_reader(Replication *replication, gpointer data)
{
    GArray **not_yet = data;

    for (guint i = 0; i < G_N_ELEMENTS(reader_days); i++) {
        validate_run_until(replication, reader_days[i] * MICROS_PER_DAY);
        validate_note(not_yet[i], !replication_has_leaked(replication, KEY_TRANSFER, 2));
    }
}

/* A whole card of the old generation is extracted as the new one comes out. */
void
validate_attacker(Validation *validation, FILE *out)
{
    g_autofree char *pairs = validate_uniform_pairs(READER_CARDS, READER_HOLDERS, "9d", "1d");
    g_autofree char *text = g_strconcat(pairs,
                                        "[plan lost]\ndo = leak\nat = 0s\nleak = whole-card\n"
                                        "from = others\ntaps = 0.5/d\n",
                                        NULL);
    double x0 = (double)READER_HOLDERS / READER_CARDS;
    GArray *not_yet[G_N_ELEMENTS(reader_days)];

    for (guint i = 0; i < G_N_ELEMENTS(reader_days); i++)
        not_yet[i] = validate_values_new();
    validate_repeat(validation, text, READER_REPLICATIONS, observe_reader, not_yet);
    for (guint i = 0; i < G_N_ELEMENTS(reader_days); i++) {
        g_autofree char *what = g_strdup_printf(
            "attacker with 0.5 taps a day, day %u: without the new key", reader_days[i]);
        double exact = theory_extraction(x0, VALIDATE_RATE, READER_TAPS, reader_days[i]);
        ValidateCheck check = validate_mean(not_yet[i], exact, sqrt(exact * (1 - exact)));

        check.slack = VALIDATE_MEAN_FIELD / sqrt((double)READER_CARDS * READER_HOLDERS);
        validate_report(validation, out, &check, what);
        g_array_unref(not_yet[i]);
    }
}
