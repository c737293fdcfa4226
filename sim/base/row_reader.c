#include "sim/base/row_reader.h"

#include "sim/base/input_file.h"

#include <csv.h>
#include <gio/gunixinputstream.h>
#include <string.h>

#define BUFFER_BYTES 65536

/* Where a field stands in the two texts of its row. */
typedef struct {
    gsize text;
    gsize length;
    gsize bytes;
    gsize n_bytes;
} Extent;

struct RowReader {
    char *path;
    GInputStream *stream;
    char delimiter;
    struct csv_parser parser;
    char *buffer; /* what was read; from @at to @end not yet of a row */
    gsize at;
    gsize end;
    GString *bytes;  /* of the row, as in the file */
    GString *text;   /* of all fields of the row, each with a NUL */
    GArray *extents; /* of Extent */
    gsize begin;     /* of the field under way, in bytes */
    gsize n_parsed;  /* bytes of the row that libcsv has seen */
    bool is_closed;  /* libcsv has seen the end of the row */
    bool has_quotes;
    guint64 n_rows;
    guint64 first_line; /* that the row begins on */
    guint64 n_lines;    /* read so far */
};

G_DEFINE_QUARK(row - reader - error - quark, row_reader_error)

/* Blanks beside a delimiter belong to the field; only the CR of a CRLF does not. */
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
init_parser(struct csv_parser *parser, char delimiter)
{
    csv_init(parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(parser, (unsigned char)delimiter);
    csv_set_space_func(parser, is_space);
    csv_set_term_func(parser, is_row_end);
    csv_set_realloc_func(parser, g_realloc);
    csv_set_free_func(parser, g_free);
}

RowReader *
row_reader_new_for_stream(const char *path, GInputStream *stream, char delimiter)
{
    RowReader *reader = g_new0(RowReader, 1);

    reader->path = g_strdup(path);
    reader->stream = g_object_ref(stream);
    reader->delimiter = delimiter;
    reader->buffer = g_malloc(BUFFER_BYTES);
    reader->bytes = g_string_new(NULL);
    reader->text = g_string_new(NULL);
    reader->extents = g_array_new(FALSE, FALSE, sizeof(Extent));
    init_parser(&reader->parser, delimiter);
    return reader;
}

RowReader *
row_reader_new(const char *path, GError **error)
{
    g_autoptr(GInputStream) stream = NULL;
    int file = input_file_open(path, error);

    if (file < 0) {
        g_prefix_error(error, "%s: cannot read: ", path);
        return NULL;
    }
    stream = g_unix_input_stream_new(file, TRUE);
    return row_reader_new_for_stream(path, stream, ',');
}

void
row_reader_free(RowReader *reader)
{
    if (reader == NULL)
        return;
    g_object_unref(reader->stream);
    csv_free(&reader->parser);
    g_free(reader->buffer);
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

/* libcsv reports a field when it sees the byte after it, or that there is none. */
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
length_before_end(const RowReader *reader, const char *bytes, gsize length)
{
    gsize n = 0;

    while (n < length && bytes[n] != reader->delimiter && bytes[n] != '\n')
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
        gsize length = length_before_end(reader, rest, reader->bytes->len - reader->n_parsed);

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

static RowStatus
fail_parse(const RowReader *reader, guint64 line, const char *why, GError **error)
{
    g_set_error(error, ROW_READER_ERROR, ROW_READER_ERROR_MALFORMED,
                "%s:%" G_GUINT64_FORMAT ": not CSV: %s", reader->path, line, why);
    return ROW_STATUS_FAILED;
}

/* Returns: %ROW_STATUS_ROW if there are bytes in the buffer now */
static RowStatus
fill_buffer(RowReader *reader, GError **error)
{
    gssize n = g_input_stream_read(reader->stream, reader->buffer, BUFFER_BYTES, NULL, error);

    reader->at = 0;
    reader->end = (gsize)MAX(n, 0);
    if (n < 0)
        g_prefix_error(error, "%s: cannot read: ", reader->path);
    return n > 0 ? ROW_STATUS_ROW : n == 0 ? ROW_STATUS_END : ROW_STATUS_FAILED;
}

/* Moves what the buffer has of a line to the row's bytes. Returns: whether its end was there */
static bool
take_line(RowReader *reader)
{
    const char *rest = reader->buffer + reader->at;
    const char *newline = memchr(rest, '\n', reader->end - reader->at);
    gsize n = newline == NULL ? reader->end - reader->at : (gsize)(newline - rest) + 1;

    g_string_append_len(reader->bytes, rest, (gssize)n);
    reader->at += n;
    return newline != NULL;
}

/* Returns: %ROW_STATUS_ROW if a line came to the row's bytes */
static RowStatus
read_line(RowReader *reader, GError **error)
{
    gsize before = reader->bytes->len;
    RowStatus status = ROW_STATUS_ROW;

    while (!take_line(reader)) {
        if (reader->bytes->len > ROW_READER_ROW_BYTES)
            return fail_parse(reader, reader->first_line, "a row of more than 64 MiB", error);
        status = fill_buffer(reader, error);
        if (status == ROW_STATUS_END && reader->bytes->len > before)
            break; /* the last line, without an end */
        if (status != ROW_STATUS_ROW)
            return status;
    }
    reader->n_lines++;
    return ROW_STATUS_ROW;
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
    reader->has_quotes = false;
    reader->first_line = reader->n_lines + 1;
}

RowStatus
row_reader_next(RowReader *reader, GError **error)
{
    RowStatus status;

    begin_row(reader);
    status = read_line(reader, error);
    if (status == ROW_STATUS_ROW && memchr(reader->bytes->str, '"', reader->bytes->len) != NULL) {
        reader->has_quotes = true;
        status = read_quoted_row(reader, error);
    }
    reader->n_rows += status == ROW_STATUS_ROW;
    return status;
}

/* Whether fields are what stands between delimiters, with nothing to be taken off. */
static bool
is_plain(const RowReader *reader)
{
    const char *end = row_reader_line_end(reader);

    return !reader->has_quotes &&
           memchr(reader->bytes->str, '\r', (gsize)(end - reader->bytes->str)) == NULL;
}

/* What libcsv would find in a plain row, at several times its speed. */
static void
split_row(RowReader *reader)
{
    gsize length = (gsize)(row_reader_line_end(reader) - reader->bytes->str);
    char *text;
    Extent extent = { 0 };

    g_string_append_len(reader->text, reader->bytes->str, (gssize)length);
    text = reader->text->str;
    for (gsize i = 0; length > 0 && i <= length; i++) {
        if (i < length && text[i] != reader->delimiter)
            continue;
        text[i] = '\0';
        extent.length = extent.n_bytes = i - extent.text;
        g_array_append_val(reader->extents, extent);
        extent.text = extent.bytes = i + 1;
    }
    reader->n_parsed = reader->bytes->len;
}

/* Without quotes nothing can be wrong. */
static void
parse_row(RowReader *reader)
{
    bool is_sound;

    if (reader->n_parsed == reader->bytes->len)
        return;
    if (is_plain(reader)) {
        split_row(reader);
        return;
    }
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
