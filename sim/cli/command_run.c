#include "sim/base/readable.h"
#include "sim/cli/command.h"
#include "sim/input/effects.h"
#include "sim/input/load.h"
#include "sim/runs/answer.h"
#include "sim/runs/batch.h"
#include "sim/runs/estimate.h"
#include "sim/runs/results.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/stop_rule.h"

#include <stdio.h>

/* What takes in the replications, one after the other. */
typedef struct {
    const Scenario *scenario;
    Batch *batch;
    Results *results;
    Answer *answer;
    int64_t n_taken;
    Micros end; /* of the one that was taken last */
} Run;

static bool
take(int64_t point, int64_t number, const ReplicationResult *result, gpointer data)
{
    Run *run = data;
    GError *failure = NULL;

    if (!results_add(run->results, point, number, result, &failure)) {
        batch_fail(run->batch, failure);
        return false;
    }
    answer_add(run->answer, point, result);
    run->n_taken++;
    run->end = recorder_end(result->recorder);
    return !stop_rule_is_met(&run->scenario->until, results_ensemble(run->results, point));
}

static void
print_answer(const Run *run, const GPtrArray *points)
{
    for (guint i = 0; i < points->len; i++)
        answer_print(run->answer, i, results_ensemble(run->results, i), stdout);
}

/* Whether there were enough replications at each point; as many as there were to be, if nothing
 * says how precise they have to be. */
static bool
are_enough(const Run *run, guint n_points)
{
    for (guint i = 0; run->scenario->until.is_set && i < n_points; i++)
        if (!stop_rule_was_met(&run->scenario->until, results_ensemble(run->results, i)))
            return false;
    return true;
}

/* Whose results go, while it is time to keep them. */
static void
say_what_is_replaced(const Results *results)
{
    g_autofree char *whose = results_replaced(results);

    if (whose != NULL)
        fprintf(stderr, "%s: the results of %s will be replaced\n", results_folder(results), whose);
}

static void
say_what_is_left(const Results *results)
{
    g_autoptr(GPtrArray) pictures = results_pictures_left(results);

    for (guint i = 0; i < pictures->len; i++)
        fprintf(stderr, "%s/%s: stays, but may show the results that were replaced\n",
                results_folder(results), (const char *)pictures->pdata[i]);
}

/* How far an interrupted run came: of several replications those that are whole are kept; the first
 * one is cut short. */
static void
print_extent(const Run *run, const BatchTask *task)
{
    int64_t n = task->points->len * (task->last - task->first + 1);
    Micros duration = run->scenario->duration;
    bool is_cut = run->n_taken == 1 && run->end < duration;
    g_autofree char *end = readable_duration((double)run->end / MICROS_PER_SECOND);
    g_autofree char *whole = readable_duration((double)duration / MICROS_PER_SECOND);

    if (is_cut)
        printf("interrupted at %s of %s%s", end, whole, n > 1 ? ", in the first" : "");
    else
        printf("interrupted after %" G_GINT64_FORMAT, run->n_taken);
    if (n > 1 || !is_cut)
        printf(" of %s%" G_GINT64_FORMAT " replication%s",
               run->scenario->until.is_set ? "at most " : "", n, n == 1 ? "" : "s");
    printf("; ");
}

static int
run_points(const BatchTask *task, bool has_ensemble, const char *output, ProgressMode mode)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Batch) batch = batch_new(task, mode); /* it listens before there is a folder */
    g_autoptr(Results) results = results_new(task->points, output, has_ensemble, &error);
    g_autoptr(Answer) answer = answer_new(task->points);
    Run run = {
        .scenario = task->points->pdata[0],
        .batch = batch,
        .results = results,
        .answer = answer,
    };
    bool is_complete;

    if (results == NULL)
        return command_fail(error);
    say_what_is_replaced(results);
    is_complete = batch_run(batch, take, &run, &error);
    if (error != NULL)
        return command_fail(error);
    if (run.n_taken == 0) {
        printf("interrupted before the first sample; no results\n");
        return EXIT_INTERRUPTED;
    }
    if (!results_commit(results, is_complete, &error))
        return command_fail(error);
    say_what_is_left(results);
    print_answer(&run, task->points);
    if (!is_complete)
        print_extent(&run, task);
    printf("%s in %s\n", is_complete ? "results" : "partial results", output);
    if (!is_complete)
        return EXIT_INTERRUPTED;
    return !has_ensemble || are_enough(&run, task->points->len) ? EXIT_DONE : EXIT_DIFFERENT;
}

#define JOBS_MAX 1024

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

/* What an option for a number is without a value from the command line. */
#define NOT_GIVEN G_MININT64

typedef struct {
    char **sets;
    char *seed;
    char *replications;
    char *folder;
    char *progress;
    gint64 only; /* replication */
    gint64 jobs;
} Options;

static GPtrArray *
load_points(const char *path, const Options *options, GError **error)
{
    g_autoptr(GStrvBuilder) overrides = g_strv_builder_new();
    g_auto(GStrv) list = NULL;

    if (options->sets != NULL)
        g_strv_builder_addv(overrides, (const char **)options->sets);
    command_add_override(overrides, "scenario.seed", options->seed);
    command_add_override(overrides, "scenario.replications", options->replications);
    list = g_strv_builder_end(overrides);
    return scenario_load_points(path, (const char *const *)list, error);
}

/* Runs what was loaded, once the options fit it. */
static int
run_with(const Options *options, const GPtrArray *points, ProgressMode mode)
{
    const Scenario *scenario = points->pdata[0];
    g_autofree char *default_folder = g_build_filename("results", scenario->name, NULL);
    const char *output = options->folder != NULL ? options->folder : default_folder;
    bool is_whole = options->only == NOT_GIVEN;
    BatchTask task = {
        .points = points,
        .first = is_whole ? 1 : options->only,
        .last = is_whole ? scenario->replications : options->only,
    };
    g_autofree char *shortage = NULL;

    if (!is_whole && (options->only < 1 || options->only > scenario->replications))
        return command_misused("run: --replication: expected 1 to %" G_GINT64_FORMAT
                               ", found %" G_GINT64_FORMAT,
                               scenario->replications, options->only);
    if (options->jobs != NOT_GIVEN && (options->jobs < 1 || options->jobs > JOBS_MAX))
        return command_misused("run: --jobs: expected 1 to %d, found %" G_GINT64_FORMAT, JOBS_MAX,
                               options->jobs);
    estimate_choose_level(points);
    task.jobs = options->jobs != NOT_GIVEN ? (guint)options->jobs : estimate_jobs(points);
    shortage = estimate_shortage(points, task.jobs);
    if (shortage != NULL) {
        fprintf(stderr, "%s: %s\n", scenario->path, shortage);
        return EXIT_COULD_NOT;
    }
    effects_print(points, stdout);
    fflush(stdout); /* before the first hour, not after the last */
    return run_points(&task, is_whole && scenario->replications > 1, output, mode);
}

int
command_run(int argc, char **argv)
{
    Options options = { .only = NOT_GIVEN, .jobs = NOT_GIVEN };
    ProgressMode mode = PROGRESS_AUTO;
    const GOptionEntry entries[] = {
        { "set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.sets, "override or add a key",
          "GROUP.KEY=VALUE" },
        { "seed", 0, 0, G_OPTION_ARG_STRING, &options.seed, "short for --set scenario.seed=N",
          "N" },
        { "replications", 0, 0, G_OPTION_ARG_STRING, &options.replications,
          "short for --set scenario.replications=N", "N" },
        { "replication", 0, 0, G_OPTION_ARG_INT64, &options.only, "run the Kth replication alone",
          "K" },
        { "jobs", 'j', 0, G_OPTION_ARG_INT64, &options.jobs,
          "replications side by side (default: one a processor, as far as memory allows)", "N" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder,
          "folder for the results (default: results/NAME)", "DIR" },
        { "progress", 0, 0, G_OPTION_ARG_STRING, &options.progress, "auto, plain or none", "MODE" },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GPtrArray) points = NULL;
    g_autoptr(GError) error = NULL;
    int status;

    if (!command_parse(
            &argc, &argv, "SCENARIO",
            "Runs a scenario and writes its results; exit status 3 if all its "
            "replications did\nnot suffice for the precision that it asks for, 130 if it "
            "was interrupted and partial\nresults are kept.",
            entries))
        status = EXIT_WRONG_INPUT;
    else if (argc != 2)
        status = command_misused(
            "run: expected one scenario file, found %d; see purseroll run --help", argc - 1);
    else if (options.progress != NULL && !parse_mode(options.progress, &mode))
        status = command_misused("run: --progress: expected auto, plain or none, found '%s'",
                                 options.progress);
    else if ((points = load_points(argv[1], &options, &error)) == NULL)
        status = command_fail(error);
    else
        status = run_with(&options, points, mode);
    g_strfreev(options.sets);
    g_free(options.seed);
    g_free(options.replications);
    g_free(options.folder);
    g_free(options.progress);
    return status;
}
