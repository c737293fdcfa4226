#include "sim/runs/results.h"

#include "sim/input/effective.h"
#include "sim/input/load.h"
#include "sim/input/sweep.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/stop_rule.h"
#include "sim/traffic/terminals.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define ENSEMBLE_CSV "ensemble.csv"
#define TERMINALS_CSV "terminals.csv"
#define POINTS_CSV "points.csv"
#define POINTS_COLUMNS "point,key,value"

/* Files that only some scenarios need. */
enum { EXTRA_EXPOSURE, EXTRA_REVOCATION, EXTRA_ATTACKS, N_EXTRAS };

static bool
can_leak(const Scenario *scenario)
{
    return plan_facts_has(scenario, PLAN_LEAK);
}

static void
write_exposure(const ReplicationResult *result, const RunId *id, Table *table)
{
    if (result->exposure != NULL)
        exposure_write(result->exposure, id, table);
}

static bool
can_revoke(const Scenario *scenario)
{
    return plan_facts_has(scenario, PLAN_REVOKE) ||
           scenario_has_rogue_cards(scenario, ROGUE_CARDS_REVOKED);
}

static void
write_revocation(const ReplicationResult *result, const RunId *id, Table *table)
{
    if (result->revoked_cards != NULL)
        revoked_cards_write(result->revoked_cards, id, table);
}

static void
write_attacks(const ReplicationResult *result, const RunId *id, Table *table)
{
    if (result->attacks != NULL)
        attacks_write(result->attacks, id, table);
}

static const struct {
    const char *name;
    const char *columns;
    bool (*is_wanted)(const Scenario *scenario); /* by any point of a sweep */
    void (*write)(const ReplicationResult *result, const RunId *id, Table *table);
} extras[N_EXTRAS] = {
    [EXTRA_EXPOSURE] = { "exposure.csv", EXPOSURE_COLUMNS, can_leak, write_exposure },
    [EXTRA_REVOCATION] = { "revocation.csv", REVOKED_CARDS_COLUMNS, can_revoke, write_revocation },
    [EXTRA_ATTACKS] = { "attacks.csv", ATTACKS_COLUMNS, attacks_occur, write_attacks },
};

struct Results {
    const GPtrArray *points;
    char *folder;
    int claim;         /* on the folder; -1: none */
    GPtrArray *tables; /* of Table, all that are written: the recorder's, terminals.csv, others */
    Table *extras[N_EXTRAS]; /* of them; NULL: not wanted */
    GPtrArray *ensembles;    /* of Ensemble, one a point */
    bool has_ensemble;
    uint64_t n_cards; /* at the end of the replication that was added last */
    int64_t n_added;
};

static const Scenario *
first_point(const Results *results)
{
    return results->points->pdata[0];
}

static Table *
add_table(Results *results, const char *name, const char *columns, GError **error)
{
    Table *table = table_new(results->folder, name, columns, error);

    if (table != NULL)
        g_ptr_array_add(results->tables, table);
    return table;
}

static bool
is_wanted(const Results *results, guint extra)
{
    for (guint i = 0; i < results->points->len; i++)
        if (extras[extra].is_wanted(results->points->pdata[i]))
            return true;
    return false;
}

static bool
add_extras(Results *results, GError **error)
{
    for (guint i = 0; i < N_EXTRAS; i++) {
        if (!is_wanted(results, i))
            continue;
        results->extras[i] = add_table(results, extras[i].name, extras[i].columns, error);
        if (results->extras[i] == NULL)
            return false;
    }
    return true;
}

static bool
make_folder(const char *folder, GError **error)
{
    int failure;

    if (g_mkdir_with_parents(folder, 0777) == 0)
        return true;
    failure = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(failure),
                "%s: cannot make the folder: %s", folder, g_strerror(failure));
    return false;
}

Results *
results_new(const GPtrArray *points, const char *folder, bool has_ensemble, GError **error)
{
    g_autoptr(Results) results = g_new0(Results, 1);

    results->points = points;
    results->folder = g_strdup(folder);
    results->claim = -1;
    results->has_ensemble = has_ensemble;
    results->tables = g_ptr_array_new_with_free_func((GDestroyNotify)table_free);
    results->ensembles = g_ptr_array_new_with_free_func((GDestroyNotify)ensemble_free);
    for (guint i = 0; i < points->len; i++)
        g_ptr_array_add(results->ensembles, ensemble_new());
    if (!make_folder(folder, error))
        return NULL;
    results->claim = table_claim_folder(folder);
    for (guint i = 0; i < N_FILES; i++)
        if (add_table(results, recorder_file_names[i], recorder_file_columns[i], error) == NULL)
            return NULL;
    if (add_table(results, TERMINALS_CSV, TERMINALS_COLUMNS, error) == NULL ||
        !add_extras(results, error))
        return NULL;
    return g_steal_pointer(&results);
}

void
results_free(Results *results)
{
    if (results == NULL)
        return;
    g_ptr_array_unref(results->tables);
    g_ptr_array_unref(results->ensembles);
    if (results->claim >= 0)
        close(results->claim);
    g_free(results->folder);
    g_free(results);
}

void
results_add(Results *results, int64_t point, int64_t replication, const ReplicationResult *result)
{
    RunId id = { first_point(results)->name, point, replication };
    g_autoptr(GArray) metrics = recorder_metrics(result->recorder, result->latency);

    g_array_append_vals(metrics, result->metrics->data, result->metrics->len);
    recorder_write(result->recorder, result->latency, &id, (Table **)results->tables->pdata);
    metrics_write(metrics, &id, results->tables->pdata[FILE_SUMMARY]);
    for (guint i = 0; i < result->uses->len; i++)
        terminals_write_use(&g_array_index(result->uses, TerminalUse, i), &id,
                            results->tables->pdata[N_FILES]);
    for (guint i = 0; i < N_EXTRAS; i++)
        if (results->extras[i] != NULL)
            extras[i].write(result, &id, results->extras[i]);
    ensemble_add(results->ensembles->pdata[point], metrics);
    results->n_cards = recorder_n_cards(result->recorder);
    results->n_added++;
}

const Ensemble *
results_ensemble(const Results *results, int64_t point)
{
    return results->ensembles->pdata[point];
}

static bool
add_ensemble(Results *results, GError **error)
{
    Table *table = add_table(results, ENSEMBLE_CSV, ENSEMBLE_COLUMNS, error);

    for (guint i = 0; table != NULL && i < results->points->len; i++)
        ensemble_write(results->ensembles->pdata[i], first_point(results)->name, i, table);
    return table != NULL;
}

static bool
add_points(Results *results, GError **error)
{
    const Scenario *scenario = first_point(results);
    Table *table = add_table(results, POINTS_CSV, POINTS_COLUMNS, error);

    for (guint point = 0; table != NULL && point < results->points->len; point++)
        for (guint i = 0; i < scenario->sweep->len; i++) {
            const ScenarioAxis *axis = scenario->sweep->pdata[i];
            g_autofree char *key = g_strconcat(axis->group, ".", axis->key, NULL);

            table_integer(table, point);
            table_text(table, key);
            table_text(table, sweep_value(scenario, i, point));
            table_end_row(table);
        }
    return table != NULL;
}

/* How many replications there were at each point. */
static void
set_needed(const Results *results, GKeyFile *file)
{
    g_autofree gint *needed = g_new(gint, results->points->len);

    for (guint i = 0; i < results->points->len; i++)
        needed[i] = (gint)ensemble_size(results->ensembles->pdata[i]);
    g_key_file_set_integer_list(file, RESULTS_RUN_GROUP, "replications-needed", needed,
                                results->points->len);
}

/* Whether they were, or just all that there were to be. */
static void
set_enough(const Results *results, GKeyFile *file)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();

    for (guint i = 0; i < results->points->len; i++)
        g_ptr_array_add(words, (gpointer)(stop_rule_was_met(&first_point(results)->until,
                                                            results->ensembles->pdata[i])
                                              ? "yes"
                                              : "no"));
    g_key_file_set_string_list(file, RESULTS_RUN_GROUP, "replications-enough",
                               (const char *const *)words->pdata, words->len);
}

static bool
add_run_ini(Results *results, bool is_complete, GError **error)
{
    const Scenario *scenario = first_point(results);
    g_autoptr(GKeyFile) file = scenario_to_key_file(scenario);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format_iso8601(now);
    g_autofree char *text = NULL;
    gsize length;
    Table *table;

    g_key_file_set_string(file, RESULTS_RUN_GROUP, "version", PURSEROLL_VERSION);
    g_key_file_set_string(file, RESULTS_RUN_GROUP, "date", date);
    g_key_file_set_string(file, RESULTS_RUN_GROUP, "scenario-file", scenario->path);
    g_key_file_set_string(file, RESULTS_RUN_GROUP, "fidelity",
                          scenario_fidelity_names[scenario->level]);
    g_key_file_set_string(file, RESULTS_RUN_GROUP, "status", is_complete ? "complete" : "partial");
    g_key_file_set_uint64(file, RESULTS_RUN_GROUP, "cards", results->n_cards);
    if (scenario->trace != NULL) {
        g_key_file_set_uint64(file, RESULTS_RUN_GROUP, "rows",
                              contacts_facts(scenario->trace)->n_rows);
        g_key_file_set_uint64(file, RESULTS_RUN_GROUP, "self-rows",
                              contacts_facts(scenario->trace)->n_self);
    }
    g_key_file_set_uint64(file, RESULTS_RUN_GROUP, "seed", scenario->seed);
    g_key_file_set_uint64(file, RESULTS_RUN_GROUP, "points", results->points->len);
    g_key_file_set_int64(file, RESULTS_RUN_GROUP, "replications", scenario->replications);
    g_key_file_set_int64(file, RESULTS_RUN_GROUP, "replications-written", results->n_added);
    if (scenario->until.is_set) {
        set_needed(results, file);
        set_enough(results, file);
    }
    text = g_key_file_to_data(file, &length, NULL);
    table = table_new_text(results->folder, RESULTS_RUN_INI, text, length, error);
    if (table != NULL)
        g_ptr_array_add(results->tables, table);
    return table != NULL;
}

static void
remove_file(const Results *results, const char *name)
{
    g_autofree char *path = g_build_filename(results->folder, name, NULL);

    g_unlink(path);
}

/* What an older run has written and this one does not, and first of all its run.ini: that must
 * not stand beside files of two runs. */
static void
remove_left_over(const Results *results)
{
    remove_file(results, RESULTS_RUN_INI);
    if (!results->has_ensemble)
        remove_file(results, ENSEMBLE_CSV);
    if (first_point(results)->sweep->len == 0)
        remove_file(results, POINTS_CSV);
    for (guint i = 0; i < N_EXTRAS; i++)
        if (results->extras[i] == NULL)
            remove_file(results, extras[i].name);
}

/* First all contents, then all names: on a full disk an older result stays whole. */
static bool
publish(Results *results, GError **error)
{
    for (guint i = 0; i < results->tables->len; i++)
        if (!table_finish(results->tables->pdata[i], error))
            return false;
    remove_left_over(results);
    for (guint i = 0; i < results->tables->len; i++)
        if (!table_publish(results->tables->pdata[i], error))
            return false;
    return true;
}

bool
results_commit(Results *results, bool is_complete, GError **error)
{
    if (results->has_ensemble && !add_ensemble(results, error))
        return false;
    if (first_point(results)->sweep->len > 0 && !add_points(results, error))
        return false;
    return add_run_ini(results, is_complete, error) && publish(results, error);
}
