#include "sim/results.h"

#include <errno.h>
#include <glib/gstdio.h>

#define RUN_INI "run.ini"
#define RUN_GROUP "run"

struct Results {
    const Scenario *scenario;
    char *folder;
    Table *tables[N_FILES];
    uint64_t n_cards; /* at the end of the replication that was added last */
    int64_t n_added;
};

Results *
results_new(const Scenario *scenario, const char *folder, GError **error)
{
    g_autoptr(Results) results = g_new0(Results, 1);

    results->scenario = scenario;
    results->folder = g_strdup(folder);
    if (g_mkdir_with_parents(folder, 0777) != 0) {
        int failure = errno;

        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(failure),
                    "%s: cannot make the folder: %s", folder, g_strerror(failure));
        return NULL;
    }
    for (guint i = 0; i < N_FILES; i++) {
        results->tables[i] =
            table_new(folder, recorder_file_names[i], recorder_file_columns[i], error);
        if (results->tables[i] == NULL)
            return NULL;
    }
    return g_steal_pointer(&results);
}

void
results_free(Results *results)
{
    if (results == NULL)
        return;
    for (guint i = 0; i < N_FILES; i++)
        table_free(results->tables[i]);
    g_free(results->folder);
    g_free(results);
}

void
results_add(Results *results, int64_t replication, const Recorder *recorder, const Latency *latency)
{
    RunId id = { .scenario = results->scenario->name, .replication = replication };

    recorder_write(recorder, latency, &id, results->tables);
    results->n_cards = recorder_n_cards(recorder);
    results->n_added++;
}

static Table *
new_run_ini(const Results *results, bool is_complete, GError **error)
{
    g_autoptr(GKeyFile) file = scenario_to_key_file(results->scenario);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format_iso8601(now);
    g_autofree char *text = NULL;
    gsize length;

    g_key_file_set_string(file, RUN_GROUP, "version", PURSEROLL_VERSION);
    g_key_file_set_string(file, RUN_GROUP, "date", date);
    g_key_file_set_string(file, RUN_GROUP, "scenario-file", results->scenario->path);
    g_key_file_set_string(file, RUN_GROUP, "fidelity",
                          scenario_fidelity_names[results->scenario->fidelity]);
    g_key_file_set_string(file, RUN_GROUP, "status", is_complete ? "complete" : "partial");
    g_key_file_set_uint64(file, RUN_GROUP, "cards", results->n_cards);
    g_key_file_set_uint64(file, RUN_GROUP, "seed", results->scenario->seed);
    g_key_file_set_int64(file, RUN_GROUP, "replications", results->scenario->replications);
    g_key_file_set_int64(file, RUN_GROUP, "replications-written", results->n_added);
    text = g_key_file_to_data(file, &length, NULL);
    return table_new_text(results->folder, RUN_INI, text, length, error);
}

/* First all contents, then all names: on a full disk an older result stays whole. */
bool
results_commit(Results *results, bool is_complete, GError **error)
{
    g_autoptr(Table) run_ini = new_run_ini(results, is_complete, error);

    if (run_ini == NULL || !table_finish(run_ini, error))
        return false;
    for (guint i = 0; i < N_FILES; i++)
        if (!table_finish(results->tables[i], error))
            return false;
    for (guint i = 0; i < N_FILES; i++)
        if (!table_publish(results->tables[i], error))
            return false;
    return table_publish(run_ini, error);
}
