/* written.h - what a writer of tables has written, read back from a folder of its own. */
#ifndef TESTS_SIM_WRITTEN_H
#define TESTS_SIM_WRITTEN_H

#include "sim/base/table.h"
#include "sim/measure/recorder.h"

#include <glib.h>
#include <glib/gstdio.h>

/* Tables under way in a temporary folder. */
typedef struct {
    char *folder;
    guint n_tables;
    const char *const *names;
    Table *tables[N_FILES];
} Written;

static inline void
written_init(Written *written, guint n_tables, const char *const *names, const char *const *columns)
{
    g_autoptr(GError) error = NULL;

    written->folder = g_dir_make_tmp("test-written-XXXXXX", &error);
    g_assert_no_error(error);
    written->n_tables = n_tables;
    written->names = names;
    for (guint i = 0; i < n_tables; i++) {
        written->tables[i] = table_new(written->folder, names[i], columns[i], &error);
        g_assert_no_error(error);
    }
}

/* Commits table @i. Returns: (transfer full): the file's text */
static inline char *
written_finish(Written *written, guint i)
{
    g_autofree char *path = g_build_filename(written->folder, written->names[i], NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_assert_true(table_commit(written->tables[i], &error));
    g_assert_no_error(error);
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_remove(path);
    return text;
}

static inline void
written_clear(Written *written)
{
    for (guint i = 0; i < written->n_tables; i++)
        table_free(written->tables[i]);
    g_assert_cmpint(g_rmdir(written->folder), ==, 0);
    g_free(written->folder);
}

/* One table with these columns. */
static inline void
written_init_one(Written *written, const char *columns)
{
    static const char *const names[] = { "rows.csv" };

    written_init(written, 1, names, &columns);
}

/* Returns: (transfer full): the text of that table, which is gone then */
static inline char *
written_finish_one(Written *written)
{
    char *text = written_finish(written, 0);

    written_clear(written);
    return text;
}

#endif
