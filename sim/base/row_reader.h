/* row_reader.h - the rows of a CSV file, one after the other, and the bytes they stand in.
 *
 * libcsv parses, strictly (RFC 4180), and nothing is trimmed; a row without quotes is cut at
 * its delimiters, and one of which nobody asks for the fields is not parsed. A row ends with LF or
 * CRLF. A blank line is a row without fields. One row at a time is in memory, however long the
 * file. */
#ifndef SIM_BASE_ROW_READER_H
#define SIM_BASE_ROW_READER_H

#include <gio/gio.h>
#include <glib.h>
#include <stdbool.h>

/* A longer row is no row but a file that was taken for CSV. */
#define ROW_READER_ROW_BYTES ((gsize)64 * 1024 * 1024)

#define ROW_READER_ERROR (row_reader_error_quark())
GQuark row_reader_error_quark(void);

typedef enum {
    ROW_READER_ERROR_MALFORMED, /* message: FILE:LINE: not CSV: why */
} RowReaderError;

/**
 * RowField:
 * @text: what the field says; a NUL follows, and may stand within
 * @bytes: the same as it stands in the file, with its quotes; no NUL follows
 */
typedef struct {
    const char *text;
    gsize length;
    const char *bytes;
    gsize n_bytes;
} RowField;

typedef enum {
    ROW_STATUS_ROW,
    ROW_STATUS_END,
    ROW_STATUS_FAILED,
} RowStatus;

typedef struct RowReader RowReader;

/* Opens a file. Returns: NULL with @error set (G_FILE_ERROR) */
RowReader *row_reader_new(const char *path, GError **error);

/**
 * row_reader_new_for_stream:
 * @path: names it in messages
 * @delimiter: between two fields, one byte: neither a quote nor CR nor LF
 */
RowReader *row_reader_new_for_stream(const char *path, GInputStream *stream, char delimiter);
void row_reader_free(RowReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowReader, row_reader_free)

/**
 * row_reader_next:
 *
 * Reads a row; the one before is gone.
 *
 * Returns: whether there is a row; %ROW_STATUS_FAILED with @error set (G_IO_ERROR,
 *   ROW_READER_ERROR)
 */
RowStatus row_reader_next(RowReader *reader, GError **error);

/* The row as it stands in the file, with its line end if it has one. */
const GString *row_reader_bytes(const RowReader *reader);

/* Rows read so far, the header included. */
guint64 row_reader_n_rows(const RowReader *reader);

/* The line that the row begins on, from 1: LFs count, those in quotes too. */
guint64 row_reader_line(const RowReader *reader);

/* CRs and LFs at the end of the row, which belong to no field; empty if it has none. */
const char *row_reader_line_end(const RowReader *reader);

guint row_reader_n_fields(RowReader *reader);

/* Returns: false, and nothing in @field, if the row has no field @index */
bool row_reader_field(RowReader *reader, guint index, RowField *field);

#endif
