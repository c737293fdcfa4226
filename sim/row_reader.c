#include "sim/row_reader.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    char *line; /* of getline() */
    size_t capacity;
    GString *bytes;  /* of the row, as in the file */
    GString *text;   /* of all fields of the row, each with a NUL */
    GArray *extents; /* of Extent */
    gsize begin;     /* of the field under way, in bytes */
    gsize n_parsed;  /* bytes of the row that libcsv has seen */
    bool is_closed;  /* libcsv has seen the end of the row */
    guint64 n_rows;
    guint64 first_line; /* that the row begins on */
    guint64 n_lines;    /* read so far */
};

G_DEFINE_QUARK(row - reader - error - quark, row_reader_error)

static void
set_error(const RowReader *reader, int failure, GError **error)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(failure), "%s: cannot read: %s",
                reader->path, g_strerror(failure));
}

/* Blanks beside a comma belong to the field; only the CR of a CRLF does not. */
static int
is_space(unsigned char byte)
{
    return byte == '\r';
}

static int
is_row_end(unsigned char byte)
{
    return byte == '\n';
}

static bool
is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

static void
init_parser(struct csv_parser *parser)
{
    csv_init(parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(parser, is_space);
    csv_set_term_func(parser, is_row_end);
    csv_set_realloc_func(parser, g_realloc);
    csv_set_free_func(parser, g_free);
}

RowReader *
row_reader_new(const char *path, GError **error)
{
    g_autoptr(RowReader) reader = g_new0(RowReader, 1);

    reader->path = g_strdup(path);
    reader->bytes = g_string_new(NULL);
    reader->text = g_string_new(NULL);
    reader->extents = g_array_new(FALSE, FALSE, sizeof(Extent));
    init_parser(&reader->parser);
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
    free(reader->line); /* getline() took it from malloc() */
    g_string_free(reader->bytes, TRUE);
    g_string_free(reader->text, TRUE);
    g_array_free(reader->extents, TRUE);
    g_free(reader->path);
    g_free(reader);
}

/* How long the row is up to @end, less a line end that follows there. */
static gsize
length_without_end(const RowReader *reader, gsize end)
{
    if (reader->bytes->str[end] != '\n' && end < reader->bytes->len)
        return end;
    while (end > reader->begin && reader->bytes->str[end - 1] == '\r')
        end--;
    return end;
}

/* libcsv tells of a field when it sees the byte after it, or that there is none. */
static void
on_field(void *text, size_t length, void *data)
{
    RowReader *reader = data;
    gsize end = reader->n_parsed;
    Extent extent = {
        .text = reader->text->len,
        .length = length,
        .bytes = reader->begin,
        .n_bytes = length_without_end(reader, end) - reader->begin,
    };

    g_array_append_val(reader->extents, extent);
    g_string_append_len(reader->text, text, (gssize)length);
    g_string_append_c(reader->text, '\0');
    reader->begin = end + 1;
}

static void
on_row(int byte G_GNUC_UNUSED, void *data)
{
    ((RowReader *)data)->is_closed = true;
}

/* What goes before the next byte that may end a field. */
static gsize
length_before_end(const char *bytes, gsize length)
{
    gsize n = 0;

    while (n < length && bytes[n] != ',' && bytes[n] != '\n')
        n++;
    return n;
}

/* A piece of a field, or a byte that may end one: so on_field() knows where it is. */
static bool
parse_piece(RowReader *reader, const char *bytes, gsize length)
{
    gsize n = csv_parse(&reader->parser, bytes, length, on_field, on_row, reader);

    reader->n_parsed += n;
    return n == length;
}

/* Parses what is there. Returns: false where a quote stands that must not */
static bool
parse_bytes(RowReader *reader)
{
    while (reader->n_parsed < reader->bytes->len) {
        const char *rest = reader->bytes->str + reader->n_parsed;
        gsize length = length_before_end(rest, reader->bytes->len - reader->n_parsed);

        if (!parse_piece(reader, rest, length > 0 ? length : 1))
            return false;
    }
    return true;
}

/* Of the end of the file. Returns: false in a quoted field */
static bool
parse_end(RowReader *reader)
{
    return csv_fini(&reader->parser, on_field, on_row, reader) == 0;
}

/* Returns: %ROW_STATUS_ROW if a line came to the row's bytes */
static RowStatus
read_line(RowReader *reader, GError **error)
{
    ssize_t length;

    errno = 0;
    length = getline(&reader->line, &reader->capacity, reader->file);
    if (length >= 0) {
        g_string_append_len(reader->bytes, reader->line, length);
        reader->n_lines++;
        return ROW_STATUS_ROW;
    }
    if (feof(reader->file))
        return ROW_STATUS_END;
    set_error(reader, errno, error);
    return ROW_STATUS_FAILED;
}

static RowStatus
fail_parse(const RowReader *reader, guint64 line, const char *why, GError **error)
{
    g_set_error(error, ROW_READER_ERROR, ROW_READER_ERROR_MALFORMED,
                "%s:%" G_GUINT64_FORMAT ": not CSV: %s", reader->path, line, why);
    return ROW_STATUS_FAILED;
}

/* Only libcsv can tell whether a row with quotes goes on behind its first line. */
static RowStatus
read_quoted_row(RowReader *reader, GError **error)
{
    RowStatus status = ROW_STATUS_ROW;

    while (status == ROW_STATUS_ROW && !reader->is_closed) {
        if (!parse_bytes(reader))
            return fail_parse(reader, reader->n_lines, "a quote where none may stand", error);
        if (!reader->is_closed)
            status = read_line(reader, error);
    }
    if (status == ROW_STATUS_END)
        status = parse_end(reader) ? ROW_STATUS_ROW
                                   : fail_parse(reader, reader->first_line,
                                                "a quoted field that does not end", error);
    return status;
}

static void
begin_row(RowReader *reader)
{
    g_string_truncate(reader->bytes, 0);
    g_string_truncate(reader->text, 0);
    g_array_set_size(reader->extents, 0);
    reader->begin = 0;
    reader->n_parsed = 0;
    reader->is_closed = false;
    reader->first_line = reader->n_lines + 1;
}

RowStatus
row_reader_next(RowReader *reader, GError **error)
{
    RowStatus status;

    begin_row(reader);
    status = read_line(reader, error);
    if (status == ROW_STATUS_ROW && memchr(reader->bytes->str, '"', reader->bytes->len) != NULL)
        status = read_quoted_row(reader, error);
    reader->n_rows += status == ROW_STATUS_ROW;
    return status;
}

/* Without quotes nothing can be wrong. */
static void
parse_row(RowReader *reader)
{
    bool is_sound;

    if (reader->n_parsed == reader->bytes->len)
        return;
    is_sound = parse_bytes(reader) && (reader->is_closed || parse_end(reader));
    g_assert(is_sound);
}

const GString *
row_reader_bytes(const RowReader *reader)
{
    return reader->bytes;
}

guint64
row_reader_n_rows(const RowReader *reader)
{
    return reader->n_rows;
}

guint64
row_reader_line(const RowReader *reader)
{
    return reader->first_line;
}

const char *
row_reader_line_end(const RowReader *reader)
{
    const char *begin = reader->bytes->str;
    const char *end = begin + reader->bytes->len;

    while (end > begin && is_line_end(end[-1]))
        end--;
    return end;
}

guint
row_reader_n_fields(RowReader *reader)
{
    parse_row(reader);
    return reader->extents->len;
}

bool
row_reader_field(RowReader *reader, guint index, RowField *field)
{
    const Extent *extent;

    if (index >= row_reader_n_fields(reader))
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
