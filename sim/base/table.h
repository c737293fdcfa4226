/* table.h - a CSV file that is written whole or not at all.
 *
 * Rows go to a temporary file in the same folder; committing renames it. Text is
 * quoted by libcsv where RFC 4180 needs it, numbers never; they do not depend on
 * the locale. */
#ifndef SIM_BASE_TABLE_H
#define SIM_BASE_TABLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Table Table;

/**
 * table_new:
 * @folder, @name: where the file will stand
 * @columns: the header line, comma-separated
 *
 * Returns: an open table, or NULL with @error set (G_FILE_ERROR)
 */
Table *table_new(const char *folder, const char *name, const char *columns, GError **error);

/**
 * table_claim_folder:
 *
 * Claims a folder that tables are to be written to for the caller alone, as long as the
 * descriptor is open. Where a file system knows no locks every claim is granted.
 *
 * Returns: a file descriptor to close when the last table is done; -1 with @error set
 *   (G_FILE_ERROR) if the folder cannot be opened, or another living process has claimed it
 */
int table_claim_folder(const char *folder, GError **error);

/* Whether an entry of a folder has the name of a temporary file of @name; NULL: of any. */
bool table_is_temporary(const char *entry, const char *name);

/* Removes what killed processes have left in a claimed folder, less what belongs to the file
 * @spared; NULL: all. */
void table_remove_temporaries(const char *folder, const char *spared);

/* Gives the file @name, if there is one, the name of a temporary file of its. Returns: false with
 * @error set (G_FILE_ERROR) */
bool table_set_aside(const char *folder, const char *name, GError **error);

/* Gives a table up: its temporary file is removed. */
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* Fields of the row under way, and its end. Failures are kept for the commit. A row with more or
 * fewer fields than the header has columns is a bug and stops the program. */
void table_text(Table *table, const char *text);
void table_integer(Table *table, int64_t value);
void table_unsigned(Table *table, uint64_t value);
void table_number(Table *table, double value); /* %.9g */
void table_empty(Table *table);
void table_end_row(Table *table);

/* What was written so far leaves the program. Returns: false with @error set if anything since
 * table_new() failed */
bool table_flush(Table *table, GError **error);

/* Bytes written so far. */
int64_t table_size(const Table *table);

/* Sets room aside for at least so many more bytes, see disk.h. Returns: false with @error set if
 * there is not enough */
bool table_reserve(Table *table, double bytes, GError **error);

/**
 * table_finish:
 *
 * Flushes to the disk; no more rows, and none under way.
 *
 * Returns: false with @error set if anything since table_new() failed
 */
bool table_finish(Table *table, GError **error);

/* The file's name, without its folder. */
const char *table_name(const Table *table);

/* SHA-256 of all that was written, in hexadecimal digits; nothing may be written after that. */
const char *table_checksum(const Table *table);

/**
 * table_publish:
 *
 * Gives a finished file its name, replacing an older one.
 *
 * Returns: false with @error set if that failed; then there is no new file
 */
bool table_publish(Table *table, GError **error);

/* Both at once. */
bool table_commit(Table *table, GError **error);

/* A file of another kind, written in the same way: its content is @text. */
Table *table_new_text(const char *folder, const char *name, const char *text, gsize length,
                      GError **error);

/**
 * RunId: the first columns of every row
 */
typedef struct {
    const char *scenario;
    int64_t point;
    int64_t replication;
} RunId;

/* Starts a row with them. */
void run_id_begin_row(const RunId *id, Table *table);

#endif
