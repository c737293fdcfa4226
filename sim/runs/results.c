#include "sim/runs/results.h"

#include "sim/base/checksum_line.h"
#include "sim/base/file_state.h"
#include "sim/base/quantity.h"
#include "sim/input/effective.h"
#include "sim/input/load.h"
#include "sim/input/sweep.h"
#include "sim/runs/charts.h"
#include "sim/runs/earlier.h"
#include "sim/runs/replaced.h"
#include "sim/runs/space.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/stop_rule.h"
#include "sim/traffic/terminals.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(results - error - quark, results_error)

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
    Earlier *earlier;  /* what was there */
    GPtrArray *tables; /* of Table, all that are written: the recorder's, terminals.csv, others */
    Table *extras[N_EXTRAS]; /* of them; NULL: not wanted */
    GPtrArray *ensembles;    /* of Ensemble, one a point */
    bool has_ensemble;
    uint64_t n_cards; /* at the end of the replication that was added last */
    Micros end;       /* likewise: when it ends */
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

static bool
check_free(const Results *results, const char *name, GError **error)
{
    const EarlierState state = earlier_state(results->earlier, name);

    if (state == EARLIER_NOTHING || state == EARLIER_OURS)
        return true;
    g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_IN_THE_WAY,
                "%s/%s: expected nothing, or a file of an earlier run as it was written; found %s; "
                "move it away, or choose another folder with --output",
                results->folder, name,
                state == EARLIER_CHANGED ? "one that has been changed since"
                                         : "something that no run has written");
    return false;
}

/* What the run reads it must not replace, be it of an earlier run or not. */
static bool
check_is_no_input(const Results *results, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(results->folder, name, NULL);
    FileState there, input;

    if (!file_state_of(path, &there))
        return true;
    for (guint i = 0; i < results->points->len; i++) {
        const GPtrArray *inputs = ((const Scenario *)results->points->pdata[i])->inputs;

        for (guint k = 0; k < inputs->len; k++)
            if (file_state_of(inputs->pdata[k], &input) && file_state_is_of_one(&there, &input)) {
                g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_IN_THE_WAY,
                            "%s: expected no file that this run reads, found its input %s; choose "
                            "another folder with --output",
                            path, (const char *)inputs->pdata[k]);
                return false;
            }
    }
    return true;
}

/* (transfer container): of all files that a run may write. */
static GPtrArray *
all_names(void)
{
    GPtrArray *names = g_ptr_array_new();

    g_ptr_array_add(names, (gpointer)RESULTS_RUN_INI); /* which says most of what the others are */
    for (guint i = 0; i < N_FILES; i++)
        g_ptr_array_add(names, (gpointer)recorder_file_names[i]);
    for (guint i = 0; i < N_EXTRAS; i++)
        g_ptr_array_add(names, (gpointer)extras[i].name);
    g_ptr_array_add(names, (gpointer)TERMINALS_CSV);
    g_ptr_array_add(names, (gpointer)ENSEMBLE_CSV);
    g_ptr_array_add(names, (gpointer)POINTS_CSV);
    return names;
}

/* Lists of a killed run's files stay until these are replaced. */
static bool
take_folder(Results *results, GError **error)
{
    g_autoptr(GPtrArray) names = all_names();

    if (!make_folder(results->folder, error))
        return false;
    results->claim = table_claim_folder(results->folder, error);
    if (results->claim < 0)
        return false;
    results->earlier = earlier_new(results->folder, names);
    for (guint i = 0; i < names->len; i++) /* written this time or not */
        if (!check_is_no_input(results, names->pdata[i], error) ||
            !check_free(results, names->pdata[i], error))
            return false;
    table_remove_temporaries(results->folder,
                             earlier_run_ini(results->earlier) == NULL ? RESULTS_RUN_INI : NULL);
    return true;
}

static bool
add_tables(Results *results, GError **error)
{
    for (guint i = 0; i < N_FILES; i++)
        if (add_table(results, recorder_file_names[i], recorder_file_columns[i], error) == NULL)
            return false;
    return add_table(results, TERMINALS_CSV, TERMINALS_COLUMNS, error) != NULL &&
           add_extras(results, error);
}

/* Replications of a point that are run whatever they show. */
static int64_t
least_replications(const Results *results, const Scenario *point)
{
    if (!results->has_ensemble)
        return 1;
    return point->until.is_set ? point->until.least : point->replications;
}

static bool
reserve(const Results *results, GError **error)
{
    for (guint i = 0; i < N_FILES; i++) {
        double bytes = 0;

        for (guint k = 0; k < results->points->len; k++) {
            const Scenario *point = results->points->pdata[k];

            bytes += (double)least_replications(results, point) *
                     space_least_bytes(point, (RecorderFile)i);
        }
        if (!table_reserve(results->tables->pdata[i], bytes, error))
            return false;
    }
    return true;
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
    return take_folder(results, error) && add_tables(results, error) && reserve(results, error)
               ? g_steal_pointer(&results)
               : NULL;
}

void
results_free(Results *results)
{
    if (results == NULL)
        return;
    g_ptr_array_unref(results->tables);
    g_ptr_array_unref(results->ensembles);
    earlier_free(results->earlier);
    if (results->claim >= 0)
        close(results->claim);
    g_free(results->folder);
    g_free(results);
}

const char *
results_folder(const Results *results)
{
    return results->folder;
}

static GKeyFile *
effective_scenario(const Results *results)
{
    return scenario_to_key_file((const Scenario *const *)results->points->pdata,
                                results->points->len);
}

char *
results_replaced(const Results *results)
{
    GKeyFile *before = earlier_run_ini(results->earlier);
    g_autoptr(GKeyFile) now = effective_scenario(results);

    return before == NULL ? NULL : replaced_describe(before, now);
}

GPtrArray *
results_pictures_left(const Results *results)
{
    return earlier_run_ini(results->earlier) == NULL ? g_ptr_array_new()
                                                     : charts_left(results->folder);
}

static void
add_rows(Results *results, const RunId *id, const ReplicationResult *result)
{
    g_autoptr(GArray) metrics = recorder_metrics(result->recorder, result->latency);

    g_array_append_vals(metrics, result->metrics->data, result->metrics->len);
    recorder_write(result->recorder, result->latency, id, (Table **)results->tables->pdata);
    metrics_write(metrics, id, results->tables->pdata[FILE_SUMMARY]);
    for (guint i = 0; i < result->uses->len; i++)
        terminals_write_use(&g_array_index(result->uses, TerminalUse, i), id,
                            results->tables->pdata[N_FILES]);
    for (guint i = 0; i < N_EXTRAS; i++)
        if (results->extras[i] != NULL)
            extras[i].write(result, id, results->extras[i]);
    ensemble_add(results->ensembles->pdata[id->point], metrics);
}

/* What a further replication of a point writes at least, as a part of what the first one did. */
#define LEAST_PART 0.9

/* Where there is no room for what is written or sure to come. */
static bool
check_room(Results *results, int64_t point, const int64_t *sizes, guint n_sizes, GError **error)
{
    const bool is_first = ensemble_size(results->ensembles->pdata[point]) == 1;
    const int64_t n = least_replications(results, results->points->pdata[point]) - 1;

    for (guint i = 0; i < n_sizes; i++) {
        Table *table = results->tables->pdata[i];
        const double written = (double)(table_size(table) - sizes[i]);

        if (!table_flush(table, error) ||
            (is_first && !table_reserve(table, LEAST_PART * (double)n * written, error)))
            return false;
    }
    return true;
}

bool
results_add(Results *results, int64_t point, int64_t replication, const ReplicationResult *result,
            GError **error)
{
    RunId id = { first_point(results)->name, point, replication };
    const guint n = results->tables->len;
    g_autofree int64_t *sizes = g_new0(int64_t, n);

    for (guint i = 0; i < n; i++)
        sizes[i] = table_size(results->tables->pdata[i]);
    add_rows(results, &id, result);
    results->n_cards = recorder_n_cards(result->recorder);
    results->end = recorder_end(result->recorder);
    results->n_added++;
    return check_room(results, point, sizes, n, error);
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

/* What this run has written so far, all of it finished. */
static void
set_files(const Results *results, GKeyFile *file)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < results->tables->len; i++) {
        const Table *table = results->tables->pdata[i];

        g_ptr_array_add(lines, checksum_line_new(table_checksum(table), table_name(table)));
    }
    g_key_file_set_string_list(file, RESULTS_RUN_GROUP, RESULTS_FILES_KEY,
                               (const char *const *)lines->pdata, lines->len);
}

/* From where the files that the scenario names can be found, whoever reads run.ini. A blank at the
 * end of a value would be lost; what is no text cannot stand there. */
static void
set_files_folder(const Scenario *scenario, GKeyFile *file)
{
    g_autofree char *own = g_path_get_dirname(scenario->path);
    g_autofree char *folder = g_canonicalize_filename(
        scenario->files_folder != NULL ? scenario->files_folder : own, NULL);
    g_autofree char *value =
        g_strconcat(folder, g_ascii_isspace(folder[strlen(folder) - 1]) ? "/" : "", NULL);

    if (strpbrk(folder, "\r\n") == NULL && g_utf8_validate(folder, -1, NULL))
        g_key_file_set_value(file, RESULTS_RUN_GROUP, SCENARIO_RUN_FOLDER, value);
}

static bool
add_run_ini(Results *results, bool is_complete, GError **error)
{
    const Scenario *scenario = first_point(results);
    g_autoptr(GKeyFile) file = effective_scenario(results);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format_iso8601(now);
    g_autofree char *path = g_filename_display_name(scenario->path);
    g_autofree char *text = NULL;
    gsize length;
    Table *table;

    g_key_file_set_string(file, RESULTS_RUN_GROUP, RESULTS_VERSION_KEY, PURSEROLL_VERSION);
    g_key_file_set_string(file, RESULTS_RUN_GROUP, "date", date);
    g_key_file_set_string(file, RESULTS_RUN_GROUP, "scenario-file", path);
    set_files_folder(scenario, file);
    g_key_file_set_string(file, RESULTS_RUN_GROUP, "fidelity",
                          scenario_fidelity_names[scenario->level]);
    g_key_file_set_string(file, RESULTS_RUN_GROUP, "status", is_complete ? "complete" : "partial");
    if (!is_complete) {
        g_autofree char *end = quantity_print_duration(results->end);

        g_key_file_set_string(file, RESULTS_RUN_GROUP, "end", end);
    }
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
    set_files(results, file);
    text = g_key_file_to_data(file, &length, NULL);
    table = table_new_text(results->folder, RESULTS_RUN_INI, text, length, error);
    if (table != NULL)
        g_ptr_array_add(results->tables, table);
    return table != NULL;
}

/* Whether the folder is still the one that was claimed. */
static bool
check_folder(const Results *results, GError **error)
{
    struct stat claimed, there;

    if (stat(results->folder, &there) == 0 && fstat(results->claim, &claimed) == 0 &&
        there.st_dev == claimed.st_dev && there.st_ino == claimed.st_ino)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                "%s: cannot write: the folder has been removed or replaced since the run began",
                results->folder);
    return false;
}

/* First of all an older run.ini: it must not stand beside files of two runs. Its list stays until
 * they are replaced: should we be killed, the next run knows by it what is ours. */
static bool
remove_left_over(Results *results, GError **error)
{
    g_autoptr(GHashTable) kept = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < results->tables->len; i++)
        g_hash_table_add(kept, (gpointer)table_name(results->tables->pdata[i]));
    if (!table_set_aside(results->folder, RESULTS_RUN_INI, error))
        return false;
    earlier_remove(results->earlier, kept);
    charts_remove(results->folder);
    return true;
}

static bool
check_traces(const Results *results, GError **error)
{
    for (guint i = 0; i < results->points->len; i++) {
        const Contacts *trace = ((const Scenario *)results->points->pdata[i])->trace;

        if (trace != NULL && !contacts_check_unchanged(trace, error))
            return false;
    }
    return true;
}

static bool
finish_from(const Results *results, guint first, GError **error)
{
    for (guint i = first; i < results->tables->len; i++)
        if (!table_finish(results->tables->pdata[i], error))
            return false;
    return true;
}

/* All contents are on the disk by now: where it is full, an older result stays whole. */
static bool
publish(Results *results, GError **error)
{
    if (!remove_left_over(results, error))
        return false;
    for (guint i = 0; i < results->tables->len; i++)
        if (!table_publish(results->tables->pdata[i], error))
            return false;
    table_remove_temporaries(results->folder, NULL);
    return true;
}

bool
results_commit(Results *results, bool is_complete, GError **error)
{
    guint n;

    if (!check_folder(results, error) || !check_traces(results, error) ||
        (results->has_ensemble && !add_ensemble(results, error)) ||
        (first_point(results)->sweep->len > 0 && !add_points(results, error)) ||
        !finish_from(results, 0, error))
        return false;
    n = results->tables->len;
    return add_run_ini(results, is_complete, error) && finish_from(results, n, error) &&
           publish(results, error);
}
