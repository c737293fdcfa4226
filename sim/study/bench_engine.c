#include "sim/study/bench_engine.h"

#include "model/protocol/units.h"

#include "sim/base/machine.h"
#include "sim/base/quantity.h"
#include "sim/input/load.h"
#include "sim/runs/estimate.h"
#include "sim/world/replication.h"

#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <time.h>

const char *const bench_scenario_names[N_BENCH_SCENARIOS] = {
    [BENCH_PLAIN] = "plain",
    [BENCH_FULL] = "full",
    [BENCH_ACTIVITY] = "activity",
    [BENCH_MERCHANTS] = "merchants",
    [BENCH_COMMUNITIES] = "communities",
    [BENCH_TORN] = "torn",
};

/* The full scenario always lasts this long, so that terms of validity of whole days end in it;
 * cards pay as often as the transfers want it. */
#define FULL_DAYS 10
/* What a settlement of the full scenario takes in the mean, and how busy terminals shall be. */
#define FULL_SETTLEMENT_SECONDS 0.12
#define FULL_LOAD 0.5

/* Embodiment 1 for as long as the transfers take, with one payment a day and card. */
static GString *
begin_simple_scenario(const BenchRun *run)
{
    GString *text = g_string_new(NULL);
    g_autofree char *duration = quantity_print_duration(
        (Micros)((double)run->transfers / (double)run->cards * (double)MICROS_PER_DAY));

    g_string_append_printf(text,
                           "[scenario]\n"
                           "name = bench-%s\n"
                           "duration = %s\n"
                           "sample-interval = %s\n"
                           "fidelity = decision\n"
                           "[scheme]\n"
                           "embodiment = 1\n",
                           bench_scenario_names[run->scenario], duration, duration);
    return text;
}

static void
add_simple_cohort(GString *text, const char *name, int64_t cards, int key, const char *terms)
{
    g_string_append_printf(text,
                           "[cohort %s]\n"
                           "cards = %" G_GINT64_FORMAT "\n"
                           "transfer-key = %d\n"
                           "update-key = 1\n"
                           "%s",
                           name, cards, key, terms);
}

static char *
plain_scenario(const BenchRun *run)
{
    GString *text = begin_simple_scenario(run);

    add_simple_cohort(text, "holders", run->cards / 100, 2, "");
    add_simple_cohort(text, "others", run->cards - run->cards / 100, 1, "");
    return g_string_free(text, FALSE);
}

static char *
activity_scenario(const BenchRun *run)
{
    GString *text = begin_simple_scenario(run);

    g_string_append(text, "[mixing]\nmodel = activity\n");
    add_simple_cohort(text, "holders", run->cards / 100, 2, "activity = gamma 0.5 1/d\n");
    add_simple_cohort(text, "others", run->cards - run->cards / 100, 1,
                      "activity = gamma 0.5 1/d\n");
    return g_string_free(text, FALSE);
}

static char *
merchants_scenario(const BenchRun *run)
{
    GString *text = begin_simple_scenario(run);
    int64_t few = run->cards / 100;

    g_string_append_printf(text,
                           "[mixing]\n"
                           "model = merchants\n"
                           "person-to-person = 20%%\n"
                           "[terminals shops]\n"
                           "count = %" G_GINT64_FORMAT "\n",
                           few);
    add_simple_cohort(text, "shops", few, 1, "role = merchant\n");
    add_simple_cohort(text, "holders", few, 2, "");
    add_simple_cohort(text, "others", run->cards - 2 * few, 1, "");
    return g_string_free(text, FALSE);
}

#define REGIONS 8

static char *
communities_scenario(const BenchRun *run)
{
    GString *text = begin_simple_scenario(run);
    int64_t each = run->cards / REGIONS;

    g_string_append(text, "[mixing]\nmodel = communities\ncross = 5%\n");
    for (int i = 0; i < REGIONS; i++) {
        g_autofree char *name = g_strdup_printf("region%d", i);
        g_autofree char *terms = g_strdup_printf("region = region%d\n", i);

        add_simple_cohort(text, name, i == 0 ? run->cards - (REGIONS - 1) * each : each,
                          i == 0 ? 2 : 1, terms);
    }
    return g_string_free(text, FALSE);
}

static char *
torn_scenario(const BenchRun *run)
{
    g_autofree char *text = plain_scenario(run);

    return g_strconcat(text, "[faults]\ntorn = 1%\n", NULL);
}

static void
add_cohort(GString *text, const char *name, int64_t cards, const char *rate, const char *terms)
{
    g_string_append_printf(text,
                           "[cohort %s]\n"
                           "cards = %" G_GINT64_FORMAT "\n"
                           "activity = constant %s\n"
                           "balance = uniform 100000 900000\n"
                           "update-key = 1\n"
                           "%s",
                           name, cards, rate, terms);
}

static char *
full_scenario(const BenchRun *run)
{
    int64_t few = run->cards / 100;
    int64_t half = run->cards / 2 - few;
    double per_day = (double)run->transfers / FULL_DAYS;
    double terminals = per_day / 86400 * FULL_SETTLEMENT_SECONDS / FULL_LOAD;
    g_autofree char *rate = quantity_print_rate(per_day / (double)run->cards);
    GString *text = g_string_new(NULL);

    g_string_append_printf(text,
                           "[scenario]\n"
                           "name = bench-full\n"
                           "duration = %dd\n"
                           "sample-interval = 1d\n"
                           "fidelity = decision\n"
                           "[scheme]\n"
                           "embodiment = 5\n"
                           "[terminals gates]\n"
                           "kind = gate\n"
                           "count = %.0f\n"
                           "[amount]\n"
                           "law = uniform 1 500\n",
                           FULL_DAYS, MAX(1, terminals));
    add_cohort(text, "new", few, rate, "transfer-key = 2\nchip = jcop4-p71\n");
    add_cohort(text, "early", half, rate,
               "transfer-key = 1\ntransfer-key-limit = 9\nupdate-key-limit = 9\n"
               "chip = jcop3-p60\n");
    add_cohort(text, "guests", few, rate,
               "transfer-key = 1\nexpiry = fixed 5d\nchip = smartcafe-7\n");
    add_cohort(text, "late", run->cards - 2 * few - half, rate,
               "transfer-key = 1\ntransfer-key-limit = 2\nchip = athena-idprotect\n");
    return g_string_free(text, FALSE);
}

static char *(*const writers[N_BENCH_SCENARIOS])(const BenchRun *run) = {
    [BENCH_PLAIN] = plain_scenario,
    [BENCH_FULL] = full_scenario,
    [BENCH_ACTIVITY] = activity_scenario,
    [BENCH_MERCHANTS] = merchants_scenario,
    [BENCH_COMMUNITIES] = communities_scenario,
    [BENCH_TORN] = torn_scenario,
};

/* The scenario's text. */
static char *
scenario_text(const BenchRun *run)
{
    return writers[run->scenario](run);
}

/* Processor time, so that others on the machine count little. */
static double
seconds_used(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static uint64_t
count_outcomes(const Recorder *recorder, bool all)
{
    uint64_t n = 0;

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (all || outcome_is_paid(outcome))
            n += recorder_outcome(recorder, outcome);
    return n;
}

static void
run_scenario(const Scenario *scenario, BenchSpeed *speed)
{
    ReplicationResult result;
    Replication *replication;
    SimEngine *engine;
    double resident;
    double began;
    double set_up;

#ifdef __GLIBC__
    malloc_trim(0); /* what an earlier run has freed shall not serve this one unseen */
#endif
    resident = machine_resident_bytes();
    began = seconds_used();
    replication = replication_new(scenario, 1);
    engine = replication_engine(replication);
    set_up = seconds_used();
    while (sim_engine_step(engine))
        ;
    speed->seconds = seconds_used() - set_up;
    speed->setup_seconds = set_up - began;
    speed->bytes = machine_resident_bytes() - resident;
    result = replication_finish(replication);
    speed->transfers = count_outcomes(result.recorder, true);
    speed->paid_share = (double)count_outcomes(result.recorder, false) / (double)speed->transfers;
    replication_result_clear(&result);
}

bool
bench_engine_measure(const BenchRun *run, BenchSpeed *speed, GError **error)
{
    g_autofree char *text = scenario_text(run);
    g_autofree char *shortage = NULL;
    g_autoptr(Scenario) scenario = scenario_parse("bench engine", text, strlen(text), NULL, error);
    g_autoptr(GPtrArray) points = g_ptr_array_new();

    if (scenario == NULL)
        return false;
    g_ptr_array_add(points, scenario);
    shortage = estimate_shortage(points, 1);
    if (shortage != NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOMEM, "bench engine: %s", shortage);
        return false;
    }
    run_scenario(scenario, speed);
    return true;
}

void
bench_engine_print_header(bool is_csv, FILE *out)
{
    if (is_csv)
        fprintf(out, "scenario,cards,transfers,seconds,ns_per_transfer,setup_seconds,"
                     "bytes_per_card,paid_share\n");
    else
        fprintf(out,
                "Settlements at the decision level: processor time of one thread; set-up apart;\n"
                "memory by which the program grew, resident\n"
                "%-11s %11s %12s %9s %12s %11s %9s %11s %7s\n",
                "scenario", "cards", "transfers", "s", "M/s", "ns a piece", "set-up s",
                "bytes/card", "paid %");
}

void
bench_engine_print(const BenchRun *run, const BenchSpeed *speed, bool is_csv, FILE *out)
{
    double n = (double)speed->transfers;

    fprintf(out,
            is_csv ? "%s,%" G_GINT64_FORMAT ",%" G_GUINT64_FORMAT
                   : "%-11s %11" G_GINT64_FORMAT " %12" G_GUINT64_FORMAT,
            bench_scenario_names[run->scenario], run->cards, speed->transfers);
    if (is_csv)
        fprintf(out, ",%.6f,%.4f,%.6f,%.3f,%.6f\n", speed->seconds, 1e9 * speed->seconds / n,
                speed->setup_seconds, speed->bytes / (double)run->cards, speed->paid_share);
    else
        fprintf(out, " %9.3f %12.1f %11.2f %9.3f %11.1f %7.2f\n", speed->seconds,
                1e-6 * n / speed->seconds, 1e9 * speed->seconds / n, speed->setup_seconds,
                speed->bytes / (double)run->cards, 100 * speed->paid_share);
    fflush(out);
}
