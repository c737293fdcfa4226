#include "sim/row_reader.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_BYTES 65536

/* Where a field stands in the two texts of its row. */
typedef struct {
    gsize text;
    gsize length;
    gsize bytes;
    gsize n_bytes;
} Extent;

struct RowReader {
    char *path;
    FILE *file;
    struct csv_parser parser;
    GString *gap;
    GString *text;   /* of all fields of the row, each with a NUL */
    GString *bytes;  /* of the row, as in the file */
    GArray *extents; /* of Extent */
    gsize begin;     /* of the field under way, in bytes */
    bool has_row;
    bool is_at_end;
    guint64 n_rows;
    guint64 line;      /* that the row begins on */
    guint64 next_line; /* that the next byte stands on */
    gsize next;        /* byte in the block */
    gsize end;
    char block[BLOCK_BYTES];
};

G_DEFINE_QUARK(row-reader-error-quark, row_reader_error)

static void
set_error(const RowReader *reader, int failure, GError **error)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(failure), "%s: cannot read: %s",
                reader->path, g_strerror(failure));
}

/* Blanks beside a comma belong to the field. */
static int
is_space(unsigned char byte G_GNUC_UNUSED)
{
    return 0;
}

RowReader *
row_reader_new(const char *path, GError **error)
{
    g_autoptr(RowReader) reader = g_new0(RowReader, 1);

    reader->path = g_strdup(path);
    reader->gap = g_string_new(NULL);
    reader->text = g_string_new(NULL);
    reader->bytes = g_string_new(NULL);
    reader->extents = g_array_new(FALSE, FALSE, sizeof(Extent));
    reader->next_line = 1;
    csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&reader->parser, is_space);
    csv_set_blk_size(&reader->parser, BLOCK_BYTES);
    reader->file = fopen(path, "rbe");
    if (reader->file == NULL) {
        set_error(reader, errno, error);
        return NULL;
    }
    return g_steal_pointer(&reader);
}

void
row_reader_free(RowReader *reader)
{
    if (reader == NULL)
        return;
    if (reader->file != NULL)
        fclose(reader->file);
    csv_free(&reader->parser);
    g_string_free(reader->gap, TRUE);
    g_string_free(reader->text, TRUE);
    g_string_free(reader->bytes, TRUE);
    g_array_free(reader->extents, TRUE);
    g_free(reader->path);
    g_free(reader);
}

/* Makes sure that there is a next byte or the file is at its end. */
static bool
fill_block(RowReader *reader, GError **error)
{
    if (reader->next < reader->end || reader->is_at_end)
        return true;
    errno = 0;
    reader->next = 0;
    reader->end = fread(reader->block, 1, sizeof reader->block, reader->file);
    if (ferror(reader->file)) {
        set_error(reader, errno, error);
        return false;
    }
    reader->is_at_end = reader->end == 0;
    return true;
}

static bool
is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

static bool
read_gap(RowReader *reader, GError **error)
{
    g_string_truncate(reader->gap, 0);
    while (fill_block(reader, error)) {
        if (reader->is_at_end || !is_line_end(reader->block[reader->next]))
            return true;
        reader->next_line += reader->block[reader->next] == '\n';
        g_string_append_c(reader->gap, reader->block[reader->next++]);
    }
    return false;
}

/* libcsv tells of a field when it sees the byte after it. */
static void
on_field(void *text, size_t length, void *data)
{
    RowReader *reader = data;
    gsize end = reader->bytes->len - (reader->is_at_end ? 0 : 1);
    Extent extent = {
        .text = reader->text->len,
        .length = length,
        .bytes = reader->begin,
        .n_bytes = end - reader->begin,
    };

    g_array_append_val(reader->extents, extent);
    g_string_append_len(reader->text, text, (gssize)length);
    g_string_append_c(reader->text, '\0');
    reader->begin = reader->bytes->len;
}

static void
on_row(int byte G_GNUC_UNUSED, void *data)
{
    ((RowReader *)data)->has_row = true;
}

static guint64
count_lines(const char *bytes, gsize length)
{
    guint64 n = 0;

    for (gsize i = 0; i < length; i++)
        n += bytes[i] == '\n';
    return n;
}

static RowStatus
fail_parse(RowReader *reader, gsize n_good, const char *why, GError **error)
{
    int status = csv_error(&reader->parser);

    g_set_error(error, ROW_READER_ERROR, ROW_READER_ERROR_MALFORMED,
                "%s:%" G_GUINT64_FORMAT ": not CSV: %s", reader->path,
                reader->line + count_lines(reader->bytes->str, n_good),
                status == CSV_EPARSE ? why : csv_strerror(status));
    return ROW_STATUS_FAILED;
}

/* Bytes up to the next one that may end a field, that one included. */
static gsize
length_of_piece(const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (bytes[i] == ',' || is_line_end(bytes[i]))
            return i + 1;
    return length;
}

/* Piecewise, so that on_field() knows where it is. */
static RowStatus
parse_piece(RowReader *reader, GError **error)
{
    const char *piece = reader->block + reader->next;
    gsize length = length_of_piece(piece, reader->end - reader->next);
    gsize before = reader->bytes->len;
    gsize n_parsed;

    g_string_append_len(reader->bytes, piece, (gssize)length);
    n_parsed = csv_parse(&reader->parser, piece, length, on_field, on_row, reader);
    if (n_parsed != length)
        return fail_parse(reader, before + n_parsed, "a quote where none may stand", error);
    /* the line end that made a row of it belongs to the gap after it */
    reader->next += length - (reader->has_row ? 1 : 0);
    return ROW_STATUS_ROW;
}

static RowStatus
parse_end(RowReader *reader, GError **error)
{
    if (csv_fini(&reader->parser, on_field, on_row, reader) != 0)
        return fail_parse(reader, reader->begin, "a quoted field that does not end", error);
    return ROW_STATUS_ROW;
}

static void
begin_row(RowReader *reader)
{
    g_string_truncate(reader->text, 0);
    g_string_truncate(reader->bytes, 0);
    g_array_set_size(reader->extents, 0);
    reader->begin = 0;
    reader->has_row = false;
    reader->line = reader->next_line;
}

RowStatus
row_reader_next(RowReader *reader, GError **error)
{
    RowStatus status = ROW_STATUS_ROW;

    if (!read_gap(reader, error))
        return ROW_STATUS_FAILED;
    begin_row(reader);
    if (reader->is_at_end)
        return ROW_STATUS_END;
    while (status == ROW_STATUS_ROW && !reader->has_row) {
        if (!fill_block(reader, error))
            return ROW_STATUS_FAILED;
        status = reader->is_at_end ? parse_end(reader, error) : parse_piece(reader, error);
    }
    if (status != ROW_STATUS_ROW)
        return status;
    if (!reader->is_at_end)
        g_string_truncate(reader->bytes, reader->bytes->len - 1);
    reader->next_line += count_lines(reader->bytes->str, reader->bytes->len);
    reader->n_rows++;
    return ROW_STATUS_ROW;
}

guint64
row_reader_n_rows(const RowReader *reader)
{
    return reader->n_rows;
}

guint64
row_reader_line(const RowReader *reader)
{
    return reader->line;
}

guint
row_reader_n_fields(const RowReader *reader)
{
    return reader->extents->len;
}

bool
row_reader_field(const RowReader *reader, guint index, RowField *field)
{
    const Extent *extent;

    if (index >= reader->extents->len)
        return false;
    extent = &g_array_index(reader->extents, Extent, index);
    *field = (RowField){
        .text = reader->text->str + extent->text,
        .length = extent->length,
        .bytes = reader->bytes->str + extent->bytes,
        .n_bytes = extent->n_bytes,
    };
    return true;
}

const GString *
row_reader_gap(const RowReader *reader)
{
    return reader->gap;
}
