#include "sim/command.h"

#include "sim/answer.h"
#include "sim/engine_source.h"
#include "sim/progress.h"
#include "sim/replication.h"
#include "sim/results.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>

/* One run of a scenario: its replications, one after the other, in a main loop. */
typedef struct {
    const Scenario *scenario;
    GMainLoop *loop;
    Results *results;
    Answer *answer;
    Progress progress;
    Replication *current;
    int64_t first;
    int64_t number; /* of the current replication */
    int64_t last;
    uint64_t n_events; /* of those before it */
    guint n_written;
    bool is_interrupted;
} Run;

static void
write_current(Run *run)
{
    replication_close(run->current);
    run->n_written++;
    results_add(run->results, run->number, replication_recorder(run->current),
                replication_latency(run->current));
    answer_add(run->answer, replication_recorder(run->current), replication_latency(run->current));
}

static void
drop_current(Run *run)
{
    run->n_events += sim_engine_n_events(replication_engine(run->current));
    g_clear_pointer(&run->current, replication_free);
}

static gboolean on_finished(gpointer data);

static void
start_next(Run *run)
{
    g_autoptr(GSource) source = NULL;

    run->current = replication_new(run->scenario, run->number);
    source = sim_engine_source_new(replication_engine(run->current), ENGINE_SOURCE_BATCH);
    g_source_set_callback(source, on_finished, run, NULL);
    g_source_attach(source, g_main_loop_get_context(run->loop));
}

static gboolean
on_finished(gpointer data)
{
    Run *run = data;

    write_current(run);
    drop_current(run);
    if (run->number++ < run->last && !run->is_interrupted)
        start_next(run);
    else
        g_main_loop_quit(run->loop);
    return G_SOURCE_REMOVE;
}

/* Finished replications are kept; if there is none, the first one goes on to its next sample.
 * Who cannot wait for that interrupts again. */
static gboolean
on_interrupt(gpointer data)
{
    Run *run = data;
    bool is_impatient = run->is_interrupted;

    run->is_interrupted = true;
    if (run->number > run->first || is_impatient)
        g_main_loop_quit(run->loop);
    else
        replication_cut(run->current);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_progress(gpointer data)
{
    Run *run = data;
    SimEngine *engine = replication_engine(run->current);
    double done = (double)(run->number - run->first) +
                  (double)sim_engine_now(engine) / (double)replication_end(run->current);
    g_autofree char *what = g_strdup_printf("replication %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                                            run->number, run->scenario->replications);

    progress_show(&run->progress, done / (double)(run->last - run->first + 1),
                  run->n_events + sim_engine_n_events(engine), what);
    return G_SOURCE_CONTINUE;
}

static bool
execute(Run *run, ProgressMode mode, GError **error)
{
    guint signals[2];
    guint timer = 0;

    run->loop = g_main_loop_new(NULL, FALSE);
    run->number = run->first;
    progress_init(&run->progress, mode);
    signals[0] = g_unix_signal_add(SIGINT, on_interrupt, run);
    signals[1] = g_unix_signal_add(SIGTERM, on_interrupt, run);
    if (progress_period_ms(&run->progress) > 0)
        timer = g_timeout_add(progress_period_ms(&run->progress), on_progress, run);
    start_next(run);
    g_main_loop_run(run->loop);
    if (timer != 0)
        g_source_remove(timer);
    g_source_remove(signals[0]);
    g_source_remove(signals[1]);
    progress_end(&run->progress);
    if (run->current != NULL)
        drop_current(run);
    g_main_loop_unref(run->loop);
    return run->n_written == 0 || results_commit(run->results, !run->is_interrupted, error);
}

static int
run_scenario(const Scenario *scenario, int64_t only, const char *folder, ProgressMode mode)
{
    g_autofree char *default_folder = g_build_filename("results", scenario->name, NULL);
    const char *output = folder != NULL ? folder : default_folder;
    g_autoptr(GError) error = NULL;
    g_autoptr(Results) results = results_new(scenario, output, &error);
    g_autoptr(Answer) answer = answer_new(scenario);
    Run run = {
        .scenario = scenario,
        .results = results,
        .answer = answer,
        .first = only > 0 ? only : 1,
        .last = only > 0 ? only : scenario->replications,
    };

    if (results == NULL || !execute(&run, mode, &error))
        return command_fail(error);
    answer_print(answer, stdout);
    if (run.n_written == 0)
        printf("interrupted before the first sample; no results\n");
    else
        printf("%s in %s\n", run.is_interrupted ? "interrupted; partial results" : "results",
               output);
    return run.is_interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}

static bool
parse_mode(const char *name, ProgressMode *mode)
{
    for (guint i = 0; i < N_PROGRESS; i++)
        if (g_str_equal(name, progress_mode_names[i])) {
            *mode = i;
            return true;
        }
    return false;
}

/* An option that is short for --set. */
static void
add_override(GStrvBuilder *overrides, const char *key, const char *value)
{
    g_autofree char *text = value == NULL ? NULL : g_strdup_printf("%s=%s", key, value);

    if (text != NULL)
        g_strv_builder_add(overrides, text);
}

/* What --replication is without a value from the command line; all are run. */
#define NOT_GIVEN G_MININT64

int
command_run(int argc, char **argv)
{
    g_auto(GStrv) sets = NULL;
    g_autofree char *seed = NULL;
    g_autofree char *replications = NULL;
    g_autofree char *folder = NULL;
    g_autofree char *progress = NULL;
    gint64 only = NOT_GIVEN;
    ProgressMode mode = PROGRESS_AUTO;
    const GOptionEntry entries[] = {
        { "set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &sets, "override or add a key",
          "GROUP.KEY=VALUE" },
        { "seed", 0, 0, G_OPTION_ARG_STRING, &seed, "short for --set scenario.seed=N", "N" },
        { "replications", 0, 0, G_OPTION_ARG_STRING, &replications,
          "short for --set scenario.replications=N", "N" },
        { "replication", 0, 0, G_OPTION_ARG_INT64, &only, "run the Kth replication alone", "K" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &folder,
          "folder for the results (default: results/NAME)", "DIR" },
        { "progress", 0, 0, G_OPTION_ARG_STRING, &progress, "auto, plain or none", "MODE" },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GStrvBuilder) overrides = g_strv_builder_new();
    g_auto(GStrv) list = NULL;
    g_autoptr(Scenario) scenario = NULL;
    g_autoptr(GError) error = NULL;

    if (!command_parse(&argc, &argv, "SCENARIO", "Runs a scenario and writes its results.",
                       entries))
        return EXIT_WRONG_INPUT;
    if (argc != 2)
        return command_misused(
            "run: expected one scenario file, found %d; see purseroll run --help", argc - 1);
    if (progress != NULL && !parse_mode(progress, &mode))
        return command_misused("run: --progress: expected auto, plain or none, found '%s'",
                               progress);
    if (sets != NULL)
        g_strv_builder_addv(overrides, (const char **)sets);
    add_override(overrides, "scenario.seed", seed);
    add_override(overrides, "scenario.replications", replications);
    list = g_strv_builder_end(overrides);
    scenario = scenario_load(argv[1], (const char *const *)list, &error);
    if (scenario == NULL)
        return command_fail(error);
    if (only != NOT_GIVEN && (only < 1 || only > scenario->replications))
        return command_misused("run: --replication: expected 1 to %" G_GINT64_FORMAT
                               ", found %" G_GINT64_FORMAT,
                               scenario->replications, only);
    return run_scenario(scenario, only, folder, mode);
}
