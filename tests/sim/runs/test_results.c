/* The folder of results: room for its files. */
#include "sim/runs/results.h"
#include "sim/runs/space.h"

#include "tests/sim/limit_files.h"
#include "tests/sim/replicated.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <sys/resource.h>

#define SCENARIO                                                                                   \
    "[scenario]\nname = %s\nduration = %s\nsample-interval = %s\nreplications = 20\n"              \
    "[scheme]\nembodiment = %s\n"                                                                  \
    "[cohort a]\ncards = 40\ntransfer-key = 1\nupdate-key = 1\npreloaded = 1,2\n"                  \
    "[cohort b]\ncards = 10\ntransfer-key = 2\nupdate-key = 1\npreloaded = 1,2\n"                  \
    "[cohort c]\ncards = 0\ntransfer-key = 3\nupdate-key = 3\npreloaded = 1,3\n"

static char *
scenario_text(const char *name, const char *duration, const char *interval, const char *embodiment)
{
    return g_strdup_printf(SCENARIO, name, duration, interval, embodiment);
}

static gsize
size_of_rows(const Rows *rows, RecorderFile file)
{
    return strlen(rows->files[file]) - strlen(recorder_file_columns[file]) - 1;
}

static void
least_bytes_are_close_below_what_is_written(void)
{
    static const struct {
        const char *name;
        const char *duration;
        const char *interval;
        const char *embodiment;
    } cases[] = {
        { "s", "10d", "1h", "3" },
        { "a-name-that-is-rather-long", "36500d", "100d", "5" },
        { "conventional", "1h", "1h", "conventional" },
        { "off-the-grid", "25h", "7h", "1" },
    };
    static const RecorderFile files[] = { FILE_PROPAGATION, FILE_VALUE };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            scenario_text(cases[i].name, cases[i].duration, cases[i].interval, cases[i].embodiment);
        g_autoptr(Scenario) scenario = parse(text, NULL);
        g_auto(Rows) rows = replicate(scenario, 1);

        for (guint k = 0; k < G_N_ELEMENTS(files); k++) {
            const double least = space_least_bytes(scenario, files[k]);
            const double written = (double)size_of_rows(&rows, files[k]);

            g_assert_cmpfloat(least, <=, written);
            g_assert_cmpfloat(least, >, written / 3);
        }
        g_assert_cmpfloat(space_least_bytes(scenario, FILE_OUTCOMES), ==, 0);
    }
}

/* Runs the first replication of a scenario that has several. Returns: whether there was room when
 * it began and, in @added, when its rows were there */
static bool
begin_with_room(const char *text, const char *const *overrides, rlim_t bytes, bool *added)
{
    g_autoptr(GPtrArray) points = g_ptr_array_new();
    g_autoptr(Scenario) scenario = parse(text, overrides);
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("test-results-XXXXXX", &error);
    Results *results;
    bool has_begun;

    g_ptr_array_add(points, scenario);
    limit_files(bytes);
    results = results_new(points, folder, true, &error);
    has_begun = results != NULL;
    if (has_begun) {
        Replication *replication = replication_new(scenario, 1);
        g_auto(ReplicationResult) result = { 0 };

        while (sim_engine_step(replication_engine(replication)))
            continue;
        result = replication_finish(replication);
        *added = results_add(results, 0, 1, &result, &error);
    }
    limit_files(RLIM_INFINITY);
    g_assert_true((has_begun && *added) == (error == NULL));
    if (error != NULL)
        g_assert_true(error->domain == G_FILE_ERROR && strstr(error->message, "cannot write"));
    results_free(results);
    g_assert_cmpint(g_rmdir(folder), ==, 0); /* nothing is left in it */
    return has_begun;
}

/* How much of all is certain before the run, how much the first replication shows to come, and what
 * it writes itself. */
static void
room_is_looked_for_as_soon_as_it_is_known(void)
{
    g_autofree char *text = scenario_text("room", "10d", "1h", "3");
    g_autoptr(Scenario) scenario = parse(text, NULL);
    g_auto(Rows) rows = replicate(scenario, 1);
    const rlim_t certain = (rlim_t)(20 * MAX(space_least_bytes(scenario, FILE_VALUE),
                                             space_least_bytes(scenario, FILE_PROPAGATION)));
    const rlim_t one = MAX(size_of_rows(&rows, FILE_VALUE), size_of_rows(&rows, FILE_PROPAGATION));
    bool added = false;

    g_assert_true(begin_with_room(text, NULL, 100 * one, &added));
    g_assert_true(added);
    g_assert_false(begin_with_room(text, NULL, certain / 2, &added));
    g_assert_true(begin_with_room(text, NULL, certain + one, &added));
    g_assert_false(added);
    g_assert_true(begin_with_room(text, SETS("scenario.replications=2"), 3 * one, &added));
    g_assert_true(added);
    g_assert_true(begin_with_room(
        text, SETS("scenario.replications=2..20 until time-to-share(transfer, 2, 90%) +- 1%"),
        3 * one, &added));
    g_assert_true(added);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/space/least-bytes/are-close-below-what-is-written",
                    least_bytes_are_close_below_what_is_written);
    g_test_add_func("/results/add/room-is-looked-for-as-soon-as-it-is-known",
                    room_is_looked_for_as_soon_as_it_is_known);
    return g_test_run();
}
