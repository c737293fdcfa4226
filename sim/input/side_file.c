#include "sim/input/side_file.h"

#include "sim/base/foreign_text.h"
#include "sim/base/input_file.h"
#include "sim/base/wording.h"
#include "sim/input/reading.h"
#include "sim/input/scenario_error.h"
#include "sim/input/text.h"
#include "sim/scenario/scenario.h"

#include <string.h>
#include <unistd.h>

#define BEGINNING_BYTES 4096

char *
side_file_path(const Scenario *scenario, const char *file)
{
    g_autofree char *folder = g_path_get_dirname(scenario->path);
    const char *first = scenario->files_folder;
    g_autofree char *found = first == NULL ? NULL : g_build_filename(first, file, NULL);

    if (found != NULL && !g_path_is_absolute(file) && g_file_test(found, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&found);
    if (g_path_is_absolute(file) || strcmp(folder, ".") == 0)
        return g_strdup(file);
    return g_build_filename(folder, file, NULL);
}

static void
complain(const Reading *reading, const SideFile *file, const char *path, const char *why)
{
    g_autofree char *found = wording_quoted(path);

    text_mistake(reading->text, file->group, file->key,
                 "expected a file that can be read, found %s: %s", found, why);
}

/* What the file is, if it is no text; NULL if it may be. */
static const char *
find_foreign(const char *path)
{
    char bytes[BEGINNING_BYTES];
    int file = input_file_open(path, NULL);
    ssize_t n = file < 0 ? 0 : read(file, bytes, sizeof bytes);

    if (file >= 0)
        close(file);
    return n > 0 ? foreign_text_kind(bytes, (gsize)n) : NULL;
}

/* A file that was opened. Returns: NULL if there is none, which is then noted. */
static RowReader *
open_rows(const Reading *reading, const SideFile *file, const char *path)
{
    g_autoptr(GError) error = NULL;
    RowReader *rows = NULL;
    const char *foreign;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        complain(reading, file, path, "there is none");
    else if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
        complain(reading, file, path, "that is no plain file");
    else if ((foreign = find_foreign(path)) != NULL)
        complain(reading, file, path, foreign);
    else if ((rows = row_reader_new(path, &error)) == NULL)
        complain(reading, file, path, "it cannot be opened");
    return rows;
}

static void
note_row(const Reading *reading, const SideFile *file, const char *path, guint64 line,
         const char *complaint)
{
    g_autofree char *shown = wording_shown(path, 200);
    g_autofree char *message =
        g_strdup_printf("%s:%" G_GUINT64_FORMAT ": %s", shown, line, complaint);

    text_foreign_mistake(reading->text, file->group, file->key, message);
}

/* A field that is read as text would end at a NUL. */
static char *
complain_of_nul(const RowReader *rows)
{
    const GString *bytes = row_reader_bytes(rows);
    const char *nul = memchr(bytes->str, '\0', bytes->len);

    return nul == NULL ? NULL
                       : g_strdup_printf("expected text, found a NUL as byte %" G_GSIZE_FORMAT
                                         " of the row",
                                         (gsize)(nul - bytes->str) + 1);
}

static bool
read_rows(const Reading *reading, const SideFile *file, const char *path, RowReader *rows,
          GError **error)
{
    g_autoptr(GError) cause = NULL;
    RowStatus status;

    while ((status = row_reader_next(rows, &cause)) == ROW_STATUS_ROW) {
        g_autofree char *complaint = complain_of_nul(rows);

        if (complaint == NULL)
            complaint = file->read_row(rows, file->data);
        if (complaint != NULL) {
            note_row(reading, file, path, row_reader_line(rows), complaint);
            return true;
        }
    }
    if (status == ROW_STATUS_END)
        return true;
    if (cause->domain == ROW_READER_ERROR) {
        text_foreign_mistake(reading->text, file->group, file->key, cause->message);
        return true;
    }
    g_set_error_literal(error, SCENARIO_ERROR, SCENARIO_ERROR_UNREADABLE, cause->message);
    return false;
}

bool
side_file_read(const Reading *reading, const SideFile *file, GError **error)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *path = side_file_path(scenario, file->file);
    g_autoptr(RowReader) rows = open_rows(reading, file, path);

    g_ptr_array_add(scenario->inputs, g_strdup(path));
    return rows == NULL || read_rows(reading, file, path, rows, error);
}
