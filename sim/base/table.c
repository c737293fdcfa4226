#include "sim/base/table.h"

#include "sim/base/disk.h"

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

struct Table {
    char *name;
    char *path;      /* in the end */
    char *temporary; /* until then */
    FILE *file;
    GChecksum *checksum; /* of all bytes so far */
    int64_t size;        /* of them */
    int failure;         /* errno of the first write that failed */
    guint n_columns;
    guint n_fields; /* of the row under way */
};

static void
set_error(GError **error, int failure, const char *what, const char *path)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(failure), "%s: %s: %s", path,
                what, g_strerror(failure));
}

bool
table_is_temporary(const char *entry, const char *name)
{
    const size_t tail = strlen("." TEMPORARY_LETTERS TEMPORARY_SUFFIX);
    const size_t length = strlen(entry);

    return entry[0] == '.' && length > tail + 1 && entry[length - tail] == '.' &&
           g_str_has_suffix(entry, TEMPORARY_SUFFIX) &&
           (name == NULL || (length - tail - 1 == strlen(name) &&
                             strncmp(entry + 1, name, length - tail - 1) == 0));
}

void
table_remove_temporaries(const char *folder, const char *spared)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    const char *entry;

    while (entries != NULL && (entry = g_dir_read_name(entries)) != NULL) {
        g_autofree char *path = g_build_filename(folder, entry, NULL);

        if (table_is_temporary(entry, NULL) &&
            (spared == NULL || !table_is_temporary(entry, spared)))
            g_unlink(path); /* one that stays does no harm */
    }
}

int
table_claim_folder(const char *folder, GError **error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) {
        set_error(error, errno, "cannot write", folder);
        return -1;
    }
    /* a file system without locks gives none, and refuses none either */
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return fd;
    close(fd);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN,
                "%s: expected a folder that nobody else writes to, found another run at work there",
                folder);
    return -1;
}

/* The pattern of a temporary file's path. (transfer full) */
static char *
temporary_pattern(const char *folder, const char *name)
{
    g_autofree char *pattern = g_strdup_printf(".%s." TEMPORARY_LETTERS TEMPORARY_SUFFIX, name);

    return g_build_filename(folder, pattern, NULL);
}

bool
table_set_aside(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *aside = temporary_pattern(folder, name);
    int fd;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    fd = g_mkstemp_full(aside, O_WRONLY | O_CLOEXEC, 0666);
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && g_rename(path, aside) == 0)
        return true;
    set_error(error, errno, "cannot write", path);
    return false;
}

/* Opens an empty file of a name that nobody else uses. */
static Table *
open_table(const char *folder, const char *name, GError **error)
{
    g_autoptr(Table) table = g_new0(Table, 1);
    int fd;

    table->name = g_strdup(name);
    table->path = g_build_filename(folder, name, NULL);
    table->checksum = g_checksum_new(G_CHECKSUM_SHA256);
    table->temporary = temporary_pattern(folder, name);
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
    g_checksum_free(table->checksum);
    g_free(table->temporary);
    g_free(table->path);
    g_free(table->name);
    g_free(table);
}

static void
write_bytes(Table *table, const char *bytes, size_t length)
{
    if (table->failure == 0 && fwrite(bytes, 1, length, table->file) != length)
        table->failure = errno != 0 ? errno : EIO;
    g_checksum_update(table->checksum, (const guchar *)bytes, (gssize)length);
    table->size += (int64_t)length;
}

static void
write_quoted(Table *table, const char *text)
{
    const size_t length = csv_write(NULL, 0, text, strlen(text));
    g_autofree char *quoted = g_malloc(length);

    csv_write(quoted, length, text, strlen(text));
    write_bytes(table, quoted, length);
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
    else
        write_quoted(table, text);
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
table_flush(Table *table, GError **error)
{
    if (table->failure == 0 && fflush(table->file) != 0)
        table->failure = errno;
    if (table->failure != 0)
        set_error(error, table->failure, "cannot write", table->path);
    return table->failure == 0;
}

int64_t
table_size(const Table *table)
{
    return table->size;
}

bool
table_reserve(Table *table, double bytes, GError **error)
{
    const int failure = disk_reserve(fileno(table->file), table->size, bytes);
    g_autofree char *what = NULL;

    if (failure == 0)
        return true;
    what = g_strdup_printf("cannot write the %.3g MiB at least that are to come",
                           bytes / (1024 * 1024));
    set_error(error, failure, what, table->path);
    return false;
}

bool
table_finish(Table *table, GError **error)
{
    g_assert(table->n_fields == 0);
    if (table->failure == 0 && fflush(table->file) != 0)
        table->failure = errno;
    if (table->failure == 0)
        table->failure = disk_release(fileno(table->file), table->size);
    if (table->failure == 0 && fsync(fileno(table->file)) != 0)
        table->failure = errno;
    if (fclose(table->file) != 0 && table->failure == 0)
        table->failure = errno;
    table->file = NULL;
    if (table->failure != 0)
        set_error(error, table->failure, "cannot write", table->path);
    return table->failure == 0;
}

const char *
table_name(const Table *table)
{
    return table->name;
}

const char *
table_checksum(const Table *table)
{
    return g_checksum_get_string(table->checksum);
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
