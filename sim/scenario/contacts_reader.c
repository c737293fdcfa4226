#include "sim/scenario/contacts_reader.h"

#include "sim/base/foreign_text.h"
#include "sim/base/gunzip.h"
#include "sim/base/input_file.h"
#include "sim/base/wording.h"
#include "sim/scenario/limits.h"

#include <gio/gunixinputstream.h>
#include <string.h>

#define NOT_THERE G_MAXUINT
#define PEEK_BYTES FOREIGN_TEXT_BYTES

struct ContactsReader {
    const ContactsFormat *format;
    const ContactsNames *known;
    ContactsNames *fresh;
    GHashTable *terminals; /* name to 1 + index */
    RowReader *rows;
    guint columns[N_TRACE_COLUMNS]; /* index of the field, or NOT_THERE */
    guint n_fields;                 /* that a row has at least */
    guint64 n_rows;
    Micros latest;
};

G_DEFINE_QUARK(contacts - error - quark, contacts_error)

bool
contacts_format_has(const ContactsFormat *format, ContactsColumn column)
{
    return column < g_strv_length(format->columns) && format->columns[column][0] != '\0';
}

/* The stream */

static void
set_unreadable(const char *why, GError **error)
{
    g_set_error_literal(error, CONTACTS_ERROR, CONTACTS_ERROR_UNREADABLE, why);
}

static int
open_file(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    int file = input_file_open(path, &cause);

    if (file < 0)
        set_unreadable(cause->message, error);
    return file;
}

/* Whether the stream begins with these bytes, which stay in it. */
static bool
begins_with(GBufferedInputStream *stream, const char *bytes, gsize n)
{
    gsize n_there;
    const char *there = g_buffered_input_stream_peek_buffer(stream, &n_there);

    return n_there >= n && memcmp(there, bytes, n) == 0;
}

static bool
fill(GInputStream *stream, GError **error)
{
    GBufferedInputStream *buffered = G_BUFFERED_INPUT_STREAM(stream);

    while (g_buffered_input_stream_get_available(buffered) < PEEK_BYTES) {
        gssize n = g_buffered_input_stream_fill(buffered, -1, NULL, error);

        if (n <= 0)
            return n == 0;
    }
    return true;
}

/* Whether the stream may be text. */
static bool
check_text(const char *path, GInputStream *stream, GError **error)
{
    gsize n;
    const char *bytes = g_buffered_input_stream_peek_buffer(G_BUFFERED_INPUT_STREAM(stream), &n);
    const char *kind = foreign_text_kind(bytes, n);
    g_autofree char *shown = wording_shown(path, 200);

    if (kind != NULL)
        g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID,
                    "%s:1: expected text in UTF-8 with lines that end with LF or CRLF, plain or "
                    "packed by gzip, found %s",
                    shown, kind);
    return kind == NULL;
}

/* The file's text, whatever it is packed in, without a byte order mark. */
static GInputStream *
open_text(const char *path, GError **error)
{
    int file = open_file(path, error);
    g_autoptr(GInputStream) raw = file < 0 ? NULL : g_unix_input_stream_new(file, TRUE);
    g_autoptr(GInputStream) packed = raw == NULL ? NULL : g_buffered_input_stream_new(raw);
    g_autoptr(GInputStream) plain = NULL;
    g_autoptr(GInputStream) text = NULL;

    if (packed == NULL || !fill(packed, error))
        return NULL;
    plain = begins_with(G_BUFFERED_INPUT_STREAM(packed), "\x1f\x8b", 2) ? gunzip_stream_new(packed)
                                                                        : g_object_ref(packed);
    text = g_buffered_input_stream_new_sized(plain, 65536);
    if (!fill(text, error) || !check_text(path, text, error))
        return NULL;
    if (begins_with(G_BUFFERED_INPUT_STREAM(text), "\xef\xbb\xbf", 3) &&
        g_input_stream_skip(text, 3, NULL, error) != 3)
        return NULL;
    return g_steal_pointer(&text);
}

/* Complaints */

static RowStatus
complain(const ContactsReader *reader, const char *expected, const char *found, GError **error)
{
    g_autofree char *shown = wording_quoted(found);
    g_autofree char *path = wording_shown(reader->format->path, 200);

    g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID,
                "%s:%" G_GUINT64_FORMAT ": expected %s, found %s in row %" G_GUINT64_FORMAT, path,
                row_reader_line(reader->rows), expected, found[0] == '\0' ? "nothing" : shown,
                reader->n_rows);
    return ROW_STATUS_FAILED;
}

static bool
complain_of_field(const ContactsReader *reader, ContactsColumn column, const char *expected,
                  const RowField *field, GError **error)
{
    g_autofree char *name = wording_shown(reader->format->columns[column], 100);
    g_autofree char *where = g_strdup_printf("%s in column %s", expected, name);

    complain(reader, where, field->text, error);
    return false;
}

/* What broke the stream may be the file's fault. */
static void
blame_file(const ContactsReader *reader, GError **error)
{
    g_autoptr(GError) cause = g_steal_pointer(error);
    guint64 line = reader->rows == NULL ? 1 : row_reader_line(reader->rows);
    const char *path = reader->format->path;

    if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID,
                    "%s:%" G_GUINT64_FORMAT ": expected more of what gzip has packed, "
                    "found the end of the file",
                    path, line);
    else if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
        g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID,
                    "%s:%" G_GUINT64_FORMAT ": expected what gzip has packed, found other bytes",
                    path, line);
    else if (cause->domain == ROW_READER_ERROR)
        g_set_error_literal(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID, cause->message);
    else
        g_propagate_error(error, g_steal_pointer(&cause));
}

/* A row that is no blank line. */
static RowStatus
next_row(ContactsReader *reader, GError **error)
{
    RowStatus status;

    do
        status = row_reader_next(reader->rows, error);
    while (status == ROW_STATUS_ROW && row_reader_n_fields(reader->rows) == 0);
    if (status == ROW_STATUS_FAILED)
        blame_file(reader, error);
    return status;
}

/* The header */

static bool
complain_of_header(const ContactsReader *reader, const char *expected, const char *found,
                   GError **error)
{
    g_autofree char *shown = wording_shown(found, 200);
    g_autofree char *path = wording_shown(reader->format->path, 200);

    g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID,
                "%s:%" G_GUINT64_FORMAT ": expected %s, found %s", path,
                MAX(1, row_reader_line(reader->rows)), expected, shown);
    return false;
}

/* The fields of the header, for a message. */
static char *
list_header(const ContactsReader *reader)
{
    GString *list = g_string_new(NULL);
    RowField field;

    for (guint i = 0; row_reader_field(reader->rows, i, &field); i++)
        g_string_append_printf(list, "%s'%s'", i > 0 ? ", " : "", field.text);
    return g_string_free(list, FALSE);
}

static bool
find_column(ContactsReader *reader, ContactsColumn column, GError **error)
{
    const char *name = reader->format->columns[column];
    g_autofree char *shown = wording_quoted(name);
    guint n_found = 0;
    RowField field;

    for (guint i = 0; row_reader_field(reader->rows, i, &field); i++)
        if (strlen(name) == field.length && strcmp(name, field.text) == 0) {
            reader->columns[column] = i;
            n_found++;
        }
    if (n_found != 1) {
        g_autofree char *expected = g_strdup_printf("one column with the name %s", shown);
        g_autofree char *found = list_header(reader);

        return complain_of_header(reader, expected, found, error);
    }
    return true;
}

static bool
read_header(ContactsReader *reader, GError **error)
{
    RowStatus status = next_row(reader, error);

    if (status == ROW_STATUS_FAILED)
        return false;
    if (status == ROW_STATUS_END)
        return complain_of_header(reader, "a header with the names of the columns", "no row at all",
                                  error);
    for (ContactsColumn column = 0; column < N_TRACE_COLUMNS; column++)
        if (contacts_format_has(reader->format, column) && !find_column(reader, column, error))
            return false;
    return true;
}

static bool
find_columns(ContactsReader *reader, GError **error)
{
    const ContactsFormat *format = reader->format;

    for (ContactsColumn column = 0; column < N_TRACE_COLUMNS; column++)
        reader->columns[column] =
            format->has_header || !contacts_format_has(format, column)
                ? NOT_THERE
                : (guint)g_ascii_strtoull(format->columns[column], NULL, 10) - 1;
    if (format->has_header && !read_header(reader, error))
        return false;
    for (ContactsColumn column = 0; column < N_TRACE_COLUMNS; column++)
        if (reader->columns[column] != NOT_THERE)
            reader->n_fields = MAX(reader->n_fields, reader->columns[column] + 1);
    return true;
}

ContactsReader *
contacts_reader_new(const ContactsFormat *format, const ContactsNames *known, ContactsNames *fresh,
                    GError **error)
{
    g_autoptr(ContactsReader) reader = g_new0(ContactsReader, 1);
    g_autoptr(GInputStream) text = NULL;

    reader->format = format;
    reader->known = known;
    reader->fresh = fresh;
    reader->terminals = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; format->terminals[i] != NULL; i++)
        g_hash_table_insert(reader->terminals, format->terminals[i], GUINT_TO_POINTER(i + 1));
    text = open_text(format->path, error);
    if (text == NULL) {
        blame_file(reader, error);
        return NULL;
    }
    reader->rows = row_reader_new_for_stream(format->path, text, format->delimiter);
    return find_columns(reader, error) ? g_steal_pointer(&reader) : NULL;
}

void
contacts_reader_free(ContactsReader *reader)
{
    if (reader == NULL)
        return;
    g_clear_pointer(&reader->rows, row_reader_free);
    g_hash_table_unref(reader->terminals);
    g_free(reader);
}

/* Fields */

/* Digits, at least one. Returns: what follows them, NULL if there are none or too many */
static const char *
read_digits(const char *text, int64_t most, int64_t *value)
{
    const char *at = text;

    for (*value = 0; g_ascii_isdigit(*at); at++) {
        *value = *value * 10 + (*at - '0');
        if (*value > most)
            return NULL;
    }
    return at == text ? NULL : at;
}

/* A whole number and nothing else. */
static bool
read_whole(const RowField *field, int64_t most, int64_t *value)
{
    const char *end = read_digits(field->text, most, value);

    return end == field->text + field->length;
}

/* The microseconds behind a decimal point; decimals that say nothing may be more. */
static bool
read_decimals(const char *text, const char *end, Micros *micros)
{
    Micros unit = MICROS_PER_SECOND;

    *micros = 0;
    for (const char *at = text; at < end; at++) {
        unit /= 10;
        if (!g_ascii_isdigit(*at) || (unit == 0 && *at != '0'))
            return false;
        *micros += (*at - '0') * unit;
    }
    return end > text;
}

static bool
read_time(ContactsReader *reader, ContactsRow *row, GError **error)
{
    RowField field;
    int64_t seconds;
    Micros micros = 0;
    const char *end;
    const char *at;

    row_reader_field(reader->rows, reader->columns[TRACE_TIME], &field);
    end = field.text + field.length;
    at = read_digits(field.text, SCENARIO_DURATION_MAX / MICROS_PER_SECOND - 1, &seconds);
    if (at == NULL || (at < end && (*at != '.' || !read_decimals(at + 1, end, &micros))))
        return complain_of_field(reader, TRACE_TIME,
                                 "seconds from 0 to below 3153600000, with at most 6 decimals,",
                                 &field, error);
    row->at = seconds * MICROS_PER_SECOND + micros;
    if (row->at >= reader->latest || reader->format->is_to_be_sorted)
        reader->latest = row->at;
    else
        return complain_of_field(reader, TRACE_TIME,
                                 "times in ascending order, or trace-sort = yes,", &field, error);
    return true;
}

static bool
read_named_card(ContactsReader *reader, ContactsColumn column, const RowField *field,
                uint32_t *card, GError **error)
{
    if (field->length == 0)
        return complain_of_field(reader, column, "the name of a card", field, error);
    if (reader->fresh != NULL)
        *card = contacts_names_add(reader->fresh, field->text, field->length);
    else if (!contacts_names_find(reader->known, field->text, field->length, card))
        return complain_of_field(reader, column, "the cards that were there before the run", field,
                                 error);
    return true;
}

static bool
read_card(ContactsReader *reader, ContactsColumn column, uint32_t *card, GError **error)
{
    RowField field;
    int64_t number;

    row_reader_field(reader->rows, reader->columns[column], &field);
    if (reader->format->ids == TRACE_IDS_NAMES)
        return read_named_card(reader, column, &field, card, error);
    if (!read_whole(&field, SCENARIO_CARDS_MAX - 1, &number))
        return complain_of_field(reader, column, "the number of a card, from 0 to 3999999999,",
                                 &field, error);
    *card = (uint32_t)number;
    return true;
}

/* Both names at once, while the time is read. */
static void
fetch_names(const ContactsReader *reader)
{
    const ContactsNames *names = reader->fresh != NULL ? reader->fresh : reader->known;
    RowField field;

    for (ContactsColumn column = TRACE_PAYER; names != NULL && column <= TRACE_PAYEE; column++) {
        row_reader_field(reader->rows, reader->columns[column], &field);
        contacts_names_fetch(names, field.text, field.length);
    }
}

static bool
read_amount(ContactsReader *reader, ContactsRow *row, GError **error)
{
    RowField field;

    row->amount = 0;
    if (!row_reader_field(reader->rows, reader->columns[TRACE_AMOUNT], &field) ||
        read_whole(&field, SCENARIO_MONEY_MAX, &row->amount))
        return true;
    return complain_of_field(reader, TRACE_AMOUNT,
                             "an amount in whole minor units, from 0 to 9000000000000000,", &field,
                             error);
}

static bool
read_terminal(ContactsReader *reader, ContactsRow *row, GError **error)
{
    RowField field;
    guint found;

    row->terminal = 0;
    if (!row_reader_field(reader->rows, reader->columns[TRACE_TERMINAL], &field))
        return true;
    found = GPOINTER_TO_UINT(g_hash_table_lookup(reader->terminals, field.text));
    if (found == 0 || strlen(field.text) != field.length)
        return complain_of_field(reader, TRACE_TERMINAL,
                                 "the NAME of a group [terminals NAME] of the scenario", &field,
                                 error);
    row->terminal = found - 1;
    return true;
}

static bool
check_fields(const ContactsReader *reader, GError **error)
{
    guint n = row_reader_n_fields(reader->rows);
    g_autofree char *expected = NULL;
    g_autofree char *found = NULL;
    RowField first;

    if (n >= reader->n_fields)
        return true;
    expected = g_strdup_printf("at least %u fields", reader->n_fields);
    row_reader_field(reader->rows, 0, &first);
    found = g_strdup_printf("%u in row %" G_GUINT64_FORMAT "%s", n, reader->n_rows,
                            strchr("#%", first.text[0]) != NULL && first.length > 0
                                ? ", a comment perhaps, which is not skipped"
                                : "");
    return complain_of_header(reader, expected, found, error);
}

RowStatus
contacts_reader_next(ContactsReader *reader, ContactsRow *row, GError **error)
{
    RowStatus status = next_row(reader, error);

    if (status != ROW_STATUS_ROW)
        return status;
    row->number = ++reader->n_rows;
    row->line = row_reader_line(reader->rows);
    if (!check_fields(reader, error))
        return ROW_STATUS_FAILED;
    fetch_names(reader);
    return read_time(reader, row, error) && read_card(reader, TRACE_PAYER, &row->payer, error) &&
                   read_card(reader, TRACE_PAYEE, &row->payee, error) &&
                   read_amount(reader, row, error) && read_terminal(reader, row, error)
               ? ROW_STATUS_ROW
               : ROW_STATUS_FAILED;
}
