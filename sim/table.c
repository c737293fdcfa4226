#include "sim/table.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct Table {
    char *path;      /* in the end */
    char *temporary; /* until then */
    FILE *file;
    int failure; /* errno of the first write that failed */
    bool in_row;
};

static void
set_error(GError **error, int failure, const char *what, const char *path)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(failure), "%s: %s: %s", path, what,
                g_strerror(failure));
}

/* Opens an empty file of a name that nobody else uses. */
static Table *
open_table(const char *folder, const char *name, GError **error)
{
    g_autoptr(Table) table = g_new0(Table, 1);
    g_autofree char *pattern = g_strdup_printf(".%s.XXXXXX", name);
    int fd;

    table->path = g_build_filename(folder, name, NULL);
    table->temporary = g_build_filename(folder, pattern, NULL);
    fd = g_mkstemp_full(table->temporary, O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0) {
        set_error(error, errno, "cannot write", table->path);
        g_clear_pointer(&table->temporary, g_free);
        return NULL;
    }
    table->file = fdopen(fd, "w");
    if (table->file == NULL) {
        set_error(error, errno, "cannot write", table->path);
        close(fd);
        return NULL;
    }
    return g_steal_pointer(&table);
}

void
table_free(Table *table)
{
    if (table == NULL)
        return;
    if (table->file != NULL)
        fclose(table->file);
    if (table->temporary != NULL)
        g_unlink(table->temporary);
    g_free(table->temporary);
    g_free(table->path);
    g_free(table);
}

static void
write_bytes(Table *table, const char *bytes, size_t length)
{
    if (table->failure == 0 && fwrite(bytes, 1, length, table->file) != length)
        table->failure = errno != 0 ? errno : EIO;
}

static void
begin_field(Table *table)
{
    if (table->in_row)
        write_bytes(table, ",", 1);
    table->in_row = true;
}

Table *
table_new(const char *folder, const char *name, const char *columns, GError **error)
{
    Table *table = open_table(folder, name, error);

    if (table == NULL)
        return NULL;
    write_bytes(table, columns, strlen(columns));
    write_bytes(table, "\n", 1);
    return table;
}

void
table_text(Table *table, const char *text)
{
    begin_field(table);
    if (strpbrk(text, ",\"\r\n") == NULL)
        write_bytes(table, text, strlen(text));
    else if (table->failure == 0 && csv_fwrite(table->file, text, strlen(text)) != 0)
        table->failure = errno != 0 ? errno : EIO;
}

void
table_integer(Table *table, int64_t value)
{
    char text[24];

    begin_field(table);
    write_bytes(table, text, (size_t)g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value));
}

void
table_unsigned(Table *table, uint64_t value)
{
    char text[24];

    begin_field(table);
    write_bytes(table, text, (size_t)g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, value));
}

void
table_number(Table *table, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    begin_field(table);
    g_ascii_formatd(text, sizeof text, "%.9g", value);
    write_bytes(table, text, strlen(text));
}

void
table_empty(Table *table)
{
    begin_field(table);
}

void
table_end_row(Table *table)
{
    write_bytes(table, "\n", 1);
    table->in_row = false;
}

bool
table_finish(Table *table, GError **error)
{
    if (table->failure == 0 && (fflush(table->file) != 0 || fsync(fileno(table->file)) != 0))
        table->failure = errno;
    if (fclose(table->file) != 0 && table->failure == 0)
        table->failure = errno;
    table->file = NULL;
    if (table->failure != 0)
        set_error(error, table->failure, "cannot write", table->path);
    return table->failure == 0;
}

bool
table_publish(Table *table, GError **error)
{
    if (g_rename(table->temporary, table->path) != 0) {
        set_error(error, errno, "cannot write", table->path);
        return false;
    }
    g_clear_pointer(&table->temporary, g_free);
    return true;
}

bool
table_commit(Table *table, GError **error)
{
    return table_finish(table, error) && table_publish(table, error);
}

Table *
table_new_text(const char *folder, const char *name, const char *text, gsize length,
               GError **error)
{
    Table *table = open_table(folder, name, error);

    if (table != NULL)
        write_bytes(table, text, length);
    return table;
}
