#include "sim/runs/earlier.h"

#include "sim/base/checksum_line.h"
#include "sim/base/row_reader.h"
#include "sim/base/table.h"
#include "sim/runs/results.h"

#include <glib/gstdio.h>
#include <string.h>

struct Earlier {
    char *folder;
    GKeyFile *run_ini; /* NULL: none */
    GHashTable *lines; /* set of char *, as in checksum_line.h */
    GHashTable *names; /* set of the names that earlier runs gave to files */
    bool has_no_list;  /* some run.ini lists nothing */
};

/* A run's own run.ini. Returns: NULL if it is none */
static GKeyFile *
load_run_ini(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GKeyFile) file = g_key_file_new();

    return g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
                   g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL) &&
                   g_key_file_has_key(file, RESULTS_RUN_GROUP, RESULTS_VERSION_KEY, NULL)
               ? g_steal_pointer(&file)
               : NULL;
}

static void
take_list(Earlier *earlier, GKeyFile *run_ini)
{
    g_auto(GStrv) lines =
        g_key_file_get_string_list(run_ini, RESULTS_RUN_GROUP, RESULTS_FILES_KEY, NULL, NULL);

    earlier->has_no_list |= lines == NULL;
    for (char **line = lines; line != NULL && *line != NULL; line++) {
        const char *name = checksum_line_name(*line);

        if (name == NULL)
            continue;
        g_hash_table_add(earlier->names, g_strdup(name));
        g_hash_table_add(earlier->lines, g_strdup(*line));
    }
}

static void
take_temporaries(Earlier *earlier)
{
    g_autoptr(GDir) entries = g_dir_open(earlier->folder, 0, NULL);
    const char *entry;

    while (entries != NULL && (entry = g_dir_read_name(entries)) != NULL) {
        g_autoptr(GKeyFile) file = table_is_temporary(entry, RESULTS_RUN_INI)
                                       ? load_run_ini(earlier->folder, entry)
                                       : NULL;

        if (file != NULL)
            take_list(earlier, file);
    }
}

Earlier *
earlier_new(const char *folder, const GPtrArray *known)
{
    Earlier *earlier = g_new0(Earlier, 1);

    earlier->folder = g_strdup(folder);
    earlier->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    earlier->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    earlier->run_ini = load_run_ini(folder, RESULTS_RUN_INI);
    if (earlier->run_ini != NULL)
        take_list(earlier, earlier->run_ini);
    else
        take_temporaries(earlier);
    for (guint i = 0; earlier->has_no_list && i < known->len; i++)
        g_hash_table_add(earlier->names, g_strdup(known->pdata[i]));
    return earlier;
}

void
earlier_free(Earlier *earlier)
{
    if (earlier == NULL)
        return;
    g_hash_table_unref(earlier->lines);
    g_hash_table_unref(earlier->names);
    g_clear_pointer(&earlier->run_ini, g_key_file_unref);
    g_free(earlier->folder);
    g_free(earlier);
}

GKeyFile *
earlier_run_ini(const Earlier *earlier)
{
    return earlier->run_ini;
}

/* Whether a file begins as ours do. */
static bool
has_our_columns(const char *path)
{
    g_autoptr(RowReader) rows = row_reader_new(path, NULL);
    RowField first;

    if (rows == NULL || row_reader_next(rows, NULL) != ROW_STATUS_ROW ||
        !row_reader_field(rows, 0, &first))
        return false;
    return strcmp(first.text, "scenario") == 0 || strcmp(first.text, "point") == 0;
}

static bool
is_ours(const Earlier *earlier, const char *name, const char *path)
{
    g_autofree char *line = NULL;

    if (strcmp(name, RESULTS_RUN_INI) == 0)
        return earlier->run_ini != NULL;
    line = checksum_line_of(earlier->folder, name);
    if (line == NULL)
        return false;
    return g_hash_table_contains(earlier->lines, line) ||
           (earlier->has_no_list && has_our_columns(path));
}

EarlierState
earlier_state(const Earlier *earlier, const char *name)
{
    g_autofree char *path = g_build_filename(earlier->folder, name, NULL);
    GStatBuf status;

    if (g_lstat(path, &status) != 0)
        return EARLIER_NOTHING;
    if (is_ours(earlier, name, path))
        return EARLIER_OURS;
    return g_hash_table_contains(earlier->names, name) ? EARLIER_CHANGED : EARLIER_FOREIGN;
}

void
earlier_remove(const Earlier *earlier, GHashTable *kept)
{
    GHashTableIter each;
    gpointer name;

    g_hash_table_iter_init(&each, earlier->names);
    while (g_hash_table_iter_next(&each, &name, NULL)) {
        g_autofree char *path = g_build_filename(earlier->folder, name, NULL);

        if (!g_hash_table_contains(kept, name) && earlier_state(earlier, name) == EARLIER_OURS)
            g_unlink(path);
    }
}
