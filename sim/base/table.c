#include "sim/base/table.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* A temporary file is `.NAME.`, six letters or digits, and this. */
#define TEMPORARY_SUFFIX ".part"
#define TEMPORARY_LETTERS "XXXXXX"
#define CLAIM_TRIES 100

struct Table {
    char *path;      /* in the end */
    char *temporary; /* until then */
    FILE *file;
    int failure; /* errno of the first write that failed */
    guint n_columns;
    guint n_fields; /* of the row under way */
};

static void
set_error(GError **error, int failure, const char *what, const char *path)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(failure), "%s: %s: %s", path,
                what, g_strerror(failure));
}

static bool
is_temporary(const char *name)
{
    const size_t tail = strlen("." TEMPORARY_LETTERS TEMPORARY_SUFFIX);
    const size_t length = strlen(name);

    return name[0] == '.' && length > tail + 1 && name[length - tail] == '.' &&
           g_str_has_suffix(name, TEMPORARY_SUFFIX);
}

static void
remove_temporaries(const char *folder)
{
    g_autoptr(GDir) names = g_dir_open(folder, 0, NULL);
    const char *name;

    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (is_temporary(name))
            g_unlink(path); /* one that stays does no harm */
    }
}

/* Who writes holds a shared lock; who gets an exclusive one is alone. */
int
table_claim_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        remove_temporaries(folder);
    /* briefly taken by whoever removes; a file system without locks never gives either */
    for (int i = 0; i < CLAIM_TRIES && flock(fd, LOCK_SH | LOCK_NB) != 0; i++)
        g_usleep(1000);
    return fd;
}

/* Opens an empty file of a name that nobody else uses. */
static Table *
open_table(const char *folder, const char *name, GError **error)
{
    g_autoptr(Table) table = g_new0(Table, 1);
    g_autofree char *pattern = g_strdup_printf(".%s." TEMPORARY_LETTERS TEMPORARY_SUFFIX, name);
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
    if (table->n_fields > 0)
        write_bytes(table, ",", 1);
    table->n_fields++;
}

static guint
count_columns(const char *columns)
{
    guint n = 1;

    for (const char *at = columns; *at != '\0'; at++)
        n += *at == ',';
    return n;
}

Table *
table_new(const char *folder, const char *name, const char *columns, GError **error)
{
    Table *table = open_table(folder, name, error);

    if (table == NULL)
        return NULL;
    table->n_columns = count_columns(columns);
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
    if (table->n_fields != table->n_columns)
        g_error("%s: a row of %u fields under a header of %u columns; this is a bug, please report "
                "it with the scenario",
                table->path, table->n_fields, table->n_columns);
    write_bytes(table, "\n", 1);
    table->n_fields = 0;
}

bool
table_finish(Table *table, GError **error)
{
    g_assert(table->n_fields == 0);
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
table_new_text(const char *folder, const char *name, const char *text, gsize length, GError **error)
{
    Table *table = open_table(folder, name, error);

    if (table != NULL)
        write_bytes(table, text, length);
    return table;
}

void
run_id_begin_row(const RunId *id, Table *table)
{
    table_text(table, id->scenario);
    table_integer(table, id->point);
    table_integer(table, id->replication);
}
