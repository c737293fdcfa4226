#include "sim/study/compare.h"

#include "sim/base/row_reader.h"
#include "sim/base/wording.h"
#include "sim/runs/results.h"
#include "sim/study/compare_scenario.h"
#include "sim/study/compare_table.h"
#include "sim/study/tolerance.h"

#include <stdbool.h>
#include <string.h>

typedef struct {
    const char *folders[N_COMPARED];
    GPtrArray *tables;           /* of char*, names of CSV files that stand in either, sorted */
    const GPtrArray *tolerances; /* of Tolerance* */
    Differences *differences;    /* found so far */
} Comparison;

/* ---- Names --------------------------------------------------------------- */

static char *
path_of(const Comparison *comparison, int side, const char *name)
{
    return g_build_filename(comparison->folders[side], name, NULL);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds the CSV files of a folder that are not yet there. */
static bool
add_tables(GPtrArray *tables, const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    const char *name;

    if (dir == NULL)
        return false;
    while ((name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(name, ".csv") && wording_index(tables, name) < 0)
            g_ptr_array_add(tables, g_strdup(name));
    return true;
}

static bool
list_tables(Comparison *comparison, GError **error)
{
    comparison->tables = g_ptr_array_new_with_free_func(g_free);
    for (int side = 0; side < N_COMPARED; side++)
        if (!add_tables(comparison->tables, comparison->folders[side], error))
            return false;
    g_ptr_array_sort(comparison->tables, compare_names);
    if (comparison->tables->len > 0)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                "%s: no results there: no CSV file, nor in %s", comparison->folders[REFERENCE],
                comparison->folders[RESULT]);
    return false;
}

/* ---- Columns with a tolerance -------------------------------------------- */

static bool
note_columns(const GPtrArray *tolerances, const char *path, GError **error)
{
    g_autoptr(RowReader) reader = row_reader_new(path, error);
    RowField field;

    if (reader == NULL)
        return false;
    switch (row_reader_next(reader, error)) {
    case ROW_STATUS_FAILED:
        return false;
    case ROW_STATUS_END:
        return true;
    case ROW_STATUS_ROW:
        break;
    }
    for (guint i = 0; row_reader_field(reader, i, &field); i++) {
        Tolerance *tolerance = tolerance_find(tolerances, field.text);

        if (tolerance != NULL)
            tolerance->is_known = true;
    }
    return true;
}

/* A name that no file has is a slip of the hand: it would be compared exactly. */
static bool
check_tolerances(const Comparison *comparison, GError **error)
{
    for (guint i = 0; i < comparison->tables->len && comparison->tolerances->len > 0; i++)
        for (int side = 0; side < N_COMPARED; side++) {
            g_autofree char *path = path_of(comparison, side, comparison->tables->pdata[i]);

            if (g_file_test(path, G_FILE_TEST_EXISTS) &&
                !note_columns(comparison->tolerances, path, error))
                return false;
        }
    return tolerance_check_known(comparison->tolerances, error);
}

/* ---- Files --------------------------------------------------------------- */

/* Counts a file that one folder lacks. */
static void
add_lone_file(const Comparison *comparison, const char *name, bool in_reference)
{
    Difference *first = differences_add(comparison->differences, DIFFERENCE_FILE);

    if (first != NULL)
        *(in_reference ? &first->reference : &first->result) = g_string_new(name);
}

static bool
compare_file(const Comparison *comparison, const char *name, GError **error)
{
    g_autofree char *reference = path_of(comparison, REFERENCE, name);
    g_autofree char *result = path_of(comparison, RESULT, name);
    const char *const paths[N_COMPARED] = { reference, result };
    const bool in_reference = g_file_test(reference, G_FILE_TEST_EXISTS);
    const bool in_result = g_file_test(result, G_FILE_TEST_EXISTS);

    if (!in_reference && !in_result)
        return true;
    differences_begin_file(comparison->differences, name);
    if (in_reference != in_result) {
        add_lone_file(comparison, name, in_reference);
        return true;
    }
    if (g_str_equal(name, RESULTS_RUN_INI))
        return compare_scenarios(paths, comparison->differences, error);
    return compare_table(paths, comparison->tolerances, comparison->differences, error);
}

/* First the scenario: what differs there explains the rest. */
static bool
compare_all(const Comparison *comparison, GError **error)
{
    if (!compare_file(comparison, RESULTS_RUN_INI, error))
        return false;
    for (guint i = 0; i < comparison->tables->len; i++)
        if (!compare_file(comparison, comparison->tables->pdata[i], error))
            return false;
    return true;
}

static void
clear_comparison(Comparison *comparison)
{
    if (comparison->tables != NULL)
        g_ptr_array_unref(comparison->tables);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Comparison, clear_comparison)

Differences *
compare_folders(const char *reference, const char *result, const GPtrArray *tolerances,
                GError **error)
{
    g_autoptr(Differences) differences = differences_new(reference, result);
    g_auto(Comparison) comparison = {
        .folders = { reference, result },
        .tolerances = tolerances,
        .differences = differences,
    };

    if (!list_tables(&comparison, error) || !check_tolerances(&comparison, error) ||
        !compare_all(&comparison, error))
        return NULL;
    return g_steal_pointer(&differences);
}
