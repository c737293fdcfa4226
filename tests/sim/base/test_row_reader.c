/* CSV files row by row: what their fields say, and which bytes they stand in. */
#include "sim/base/row_reader.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

/* ---- A file for each test ----------------------------------------------- */

typedef struct {
    char *folder;
    char *path;
    RowReader *reader;
} File;

static void
make_folder(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    file->folder = g_dir_make_tmp("test-row-reader-XXXXXX", &error);
    g_assert_no_error(error);
    file->path = g_build_filename(file->folder, "rows.csv", NULL);
}

static void
remove_folder(File *file, gconstpointer data G_GNUC_UNUSED)
{
    row_reader_free(file->reader);
    g_remove(file->path);
    g_assert_cmpint(g_rmdir(file->folder), ==, 0);
    g_free(file->path);
    g_free(file->folder);
}

static void
open_bytes(File *file, const char *bytes, gsize length)
{
    g_autoptr(GError) error = NULL;

    row_reader_free(file->reader);
    g_file_set_contents(file->path, bytes, (gssize)length, &error);
    g_assert_no_error(error);
    file->reader = row_reader_new(file->path, &error);
    g_assert_no_error(error);
}

static void
open_text(File *file, const char *text)
{
    open_bytes(file, text, strlen(text));
}

/* ---- What a row should be ----------------------------------------------- */

static void
assert_row(RowReader *reader, guint64 line, const char *bytes)
{
    g_autoptr(GError) error = NULL;
    RowStatus status = row_reader_next(reader, &error);

    g_assert_no_error(error);
    g_assert_cmpint(status, ==, ROW_STATUS_ROW);
    g_assert_cmpuint(row_reader_line(reader), ==, line);
    g_assert_cmpstr(row_reader_bytes(reader)->str, ==, bytes);
}

static void
assert_bytes(const char *found, gsize length, const char *expected)
{
    g_assert_cmpuint(length, ==, strlen(expected));
    g_assert_cmpint(memcmp(found, expected, length), ==, 0);
}

static void
assert_field(RowReader *reader, guint index, const char *text, const char *bytes)
{
    RowField field;

    g_assert_true(row_reader_field(reader, index, &field));
    g_assert_cmpstr(field.text, ==, text);
    assert_bytes(field.text, field.length, text);
    assert_bytes(field.bytes, field.n_bytes, bytes);
}

/* Fields that stand in the file as they are. */
static void
assert_plain(RowReader *reader, const char *fields)
{
    g_auto(GStrv) list = g_strsplit(fields, "|", -1);
    RowField field;

    g_assert_cmpuint(row_reader_n_fields(reader), ==, g_strv_length(list));
    for (guint i = 0; list[i] != NULL; i++)
        assert_field(reader, i, list[i], list[i]);
    g_assert_false(row_reader_field(reader, g_strv_length(list), &field));
}

static void
assert_end(RowReader *reader, guint64 n_rows)
{
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(row_reader_next(reader, &error), ==, ROW_STATUS_END);
        g_assert_no_error(error);
    }
    g_assert_cmpuint(row_reader_n_rows(reader), ==, n_rows);
}

/* ---- Rows ---------------------------------------------------------------- */

static void
rows_come_one_by_one(File *file, gconstpointer data G_GNUC_UNUSED)
{
    open_text(file, "a,bb,\n,x y, z \n0.5\n");
    assert_row(file->reader, 1, "a,bb,\n");
    assert_plain(file->reader, "a|bb|");
    g_assert_cmpstr(row_reader_line_end(file->reader), ==, "\n");
    assert_row(file->reader, 2, ",x y, z \n");
    assert_plain(file->reader, "|x y| z ");
    assert_row(file->reader, 3, "0.5\n");
    assert_plain(file->reader, "0.5");
    assert_end(file->reader, 3);
}

static void
empty_file_has_no_row(File *file, gconstpointer data G_GNUC_UNUSED)
{
    open_text(file, "");
    assert_end(file->reader, 0);
}

static void
rows_may_be_left_unparsed(File *file, gconstpointer data G_GNUC_UNUSED)
{
    open_text(file, "a\nb,c\n\"d\"\ne,f\n");
    assert_row(file->reader, 1, "a\n");
    assert_row(file->reader, 2, "b,c\n");
    assert_row(file->reader, 3, "\"d\"\n");
    assert_row(file->reader, 4, "e,f\n");
    assert_plain(file->reader, "e|f");
    assert_end(file->reader, 4);
}

static void
last_row_needs_no_line_end(File *file, gconstpointer data G_GNUC_UNUSED)
{
    open_text(file, "a,b\nc,");
    assert_row(file->reader, 1, "a,b\n");
    assert_row(file->reader, 2, "c,");
    assert_plain(file->reader, "c|");
    g_assert_cmpstr(row_reader_line_end(file->reader), ==, "");
    assert_end(file->reader, 2);
    open_text(file, "a\n\"b\"");
    assert_row(file->reader, 1, "a\n");
    assert_row(file->reader, 2, "\"b\"");
    assert_field(file->reader, 0, "b", "\"b\"");
    assert_end(file->reader, 2);
}

static void
blank_line_has_no_fields(File *file, gconstpointer data G_GNUC_UNUSED)
{
    open_text(file, "a\n\n\r\nb\n");
    assert_row(file->reader, 1, "a\n");
    assert_row(file->reader, 2, "\n");
    g_assert_cmpuint(row_reader_n_fields(file->reader), ==, 0);
    assert_row(file->reader, 3, "\r\n");
    g_assert_cmpuint(row_reader_n_fields(file->reader), ==, 0);
    assert_row(file->reader, 4, "b\n");
    assert_plain(file->reader, "b");
    assert_end(file->reader, 4);
}

static void
carriage_return_belongs_to_the_line_end(File *file, gconstpointer data G_GNUC_UNUSED)
{
    open_text(file, "a,b\r\nc\rd,\"e\"\r\nf\r");
    assert_row(file->reader, 1, "a,b\r\n");
    assert_plain(file->reader, "a|b");
    g_assert_cmpstr(row_reader_line_end(file->reader), ==, "\r\n");
    assert_row(file->reader, 2, "c\rd,\"e\"\r\n");
    assert_field(file->reader, 0, "c\rd", "c\rd");
    assert_field(file->reader, 1, "e", "\"e\"");
    g_assert_cmpstr(row_reader_line_end(file->reader), ==, "\r\n");
    assert_row(file->reader, 3, "f\r");
    assert_plain(file->reader, "f");
    g_assert_cmpstr(row_reader_line_end(file->reader), ==, "\r");
    assert_end(file->reader, 3);
}

static void
zero_bytes_are_bytes(File *file, gconstpointer data G_GNUC_UNUSED)
{
    static const char bytes[] = "a\0b,c\n";
    g_autoptr(GError) error = NULL;
    RowField field;

    open_bytes(file, bytes, sizeof bytes - 1);
    g_assert_cmpint(row_reader_next(file->reader, &error), ==, ROW_STATUS_ROW);
    g_assert_cmpuint(row_reader_bytes(file->reader)->len, ==, 6);
    g_assert_true(row_reader_field(file->reader, 0, &field));
    g_assert_cmpuint(field.length, ==, 3);
    g_assert_cmpint(memcmp(field.text, "a\0b", 4), ==, 0);
    assert_field(file->reader, 1, "c", "c");
}

/* Rows longer than any buffer of the libraries, and one field of them. */
static void
long_rows_arrive_whole(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *xs = g_strnfill(300000, 'x');
    g_autofree char *row = g_strdup_printf("%s,\"%s\n\"\n", xs, xs);
    g_autofree char *text = g_strconcat("a,b\n", row, "c,d\n", NULL);
    RowField field;

    open_text(file, text);
    assert_row(file->reader, 1, "a,b\n");
    assert_row(file->reader, 2, row);
    assert_field(file->reader, 0, xs, xs);
    g_assert_true(row_reader_field(file->reader, 1, &field));
    g_assert_cmpuint(field.length, ==, 300001);
    assert_row(file->reader, 4, "c,d\n");
    assert_plain(file->reader, "c|d");
    assert_end(file->reader, 3);
}

/* ---- Quotes --------------------------------------------------------------- */

static void
quotes_are_taken_off(File *file, gconstpointer data G_GNUC_UNUSED)
{
    open_text(file, "\"a,b\",\"say \"\"no\"\"\",\"\",plain\n");
    assert_row(file->reader, 1, "\"a,b\",\"say \"\"no\"\"\",\"\",plain\n");
    g_assert_cmpuint(row_reader_n_fields(file->reader), ==, 4);
    assert_field(file->reader, 0, "a,b", "\"a,b\"");
    assert_field(file->reader, 1, "say \"no\"", "\"say \"\"no\"\"\"");
    assert_field(file->reader, 2, "", "\"\"");
    assert_field(file->reader, 3, "plain", "plain");
    assert_end(file->reader, 1);
}

static void
lines_in_quotes_belong_to_the_row(File *file, gconstpointer data G_GNUC_UNUSED)
{
    open_text(file, "a,b\n\"one\n\ntwo, \"\"three\"\"\n\",x\nc,d\n");
    assert_row(file->reader, 1, "a,b\n");
    assert_row(file->reader, 2, "\"one\n\ntwo, \"\"three\"\"\n\",x\n");
    g_assert_cmpuint(row_reader_n_fields(file->reader), ==, 2);
    assert_field(file->reader, 0, "one\n\ntwo, \"three\"\n", "\"one\n\ntwo, \"\"three\"\"\n\"");
    assert_field(file->reader, 1, "x", "x");
    assert_row(file->reader, 6, "c,d\n");
    assert_plain(file->reader, "c|d");
    assert_end(file->reader, 3);
}

/* ---- Failures ------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *text;
    int line;
    const char *why;
} Malformed;

static const Malformed malformed[] = {
    { "quote-within-a-field", "a\nb\"c\n", 2, "a quote where none may stand" },
    { "text-behind-a-quoted-field", "a\n\"b\"c\n", 2, "a quote where none may stand" },
    { "quote-in-a-later-line", "a\n\"b\nc\"d\n", 3, "a quote where none may stand" },
    { "quoted-field-without-end", "a\n\"b\nc\n", 2, "a quoted field that does not end" },
};

static void
malformed_row_is_an_error(File *file, gconstpointer data)
{
    const Malformed *c = data;
    g_autofree char *expected = NULL;
    g_autoptr(GError) error = NULL;

    open_text(file, c->text);
    assert_row(file->reader, 1, "a\n");
    g_assert_cmpint(row_reader_next(file->reader, &error), ==, ROW_STATUS_FAILED);
    g_assert_error(error, ROW_READER_ERROR, ROW_READER_ERROR_MALFORMED);
    expected = g_strdup_printf("%s:%d: not CSV: %s", file->path, c->line, c->why);
    g_assert_cmpstr(error->message, ==, expected);
}

static void
missing_file_is_an_error(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(row_reader_new(file->path, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_assert_true(g_str_has_prefix(error->message, file->path));
}

static void
folder_in_place_of_a_file_is_an_error(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(row_reader_new(file->folder, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
    g_assert_nonnull(strstr(error->message, "that is a folder"));
}

/* A file of forty megabytes costs no more memory than its longest row. */
static void
memory_does_not_grow_with_the_file(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    struct rusage before, after;
    RowField field;
    FILE *out = fopen(file->path, "wb");

    for (int i = 0; i < 1000; i++)
        g_string_append(text, "name,0,1,43200,\"quoted, text\",0.123456789\n");
    for (int i = 0; i < 1000; i++)
        g_assert_cmpuint(fwrite(text->str, 1, text->len, out), ==, text->len);
    fclose(out);
    file->reader = row_reader_new(file->path, &error);
    g_assert_cmpint(getrusage(RUSAGE_SELF, &before), ==, 0);
    while (row_reader_next(file->reader, &error) == ROW_STATUS_ROW)
        g_assert_true(row_reader_field(file->reader, 5, &field));
    g_assert_no_error(error);
    g_assert_cmpuint(row_reader_n_rows(file->reader), ==, 1000000);
    g_assert_cmpint(getrusage(RUSAGE_SELF, &after), ==, 0);
    g_assert_cmpint(after.ru_maxrss - before.ru_maxrss, <, 4096); /* KiB */
}

static RowReader *
read_stream(const char *text, char delimiter)
{
    g_autoptr(GInputStream) stream =
        g_memory_input_stream_new_from_data(text, (gssize)strlen(text), NULL);

    return row_reader_new_for_stream("rows", stream, delimiter);
}

static void
any_delimiter_separates(File *file, gconstpointer data G_GNUC_UNUSED)
{
    const char delimiters[] = { ';', '\t', ' ', '|' };

    for (guint i = 0; i < G_N_ELEMENTS(delimiters); i++) {
        const char d = delimiters[i];
        g_autofree char *plain = g_strdup_printf("a,b%c%cc\r\n", d, d);
        g_autofree char *quoted = g_strdup_printf("\"a%cb\"%cc", d, d);
        g_autofree char *inside = g_strdup_printf("a%cb", d);
        g_autofree char *inside_quotes = g_strdup_printf("\"a%cb\"", d);
        g_autofree char *text = g_strconcat(plain, quoted, NULL);

        row_reader_free(file->reader);
        file->reader = read_stream(text, d);
        assert_row(file->reader, 1, plain);
        assert_plain(file->reader, "a,b||c");
        assert_row(file->reader, 2, quoted);
        assert_field(file->reader, 0, inside, inside_quotes);
        assert_field(file->reader, 1, "c", "c");
    }
}

/* Plain rows are cut without libcsv, which must find the same where a quote makes it look. */
static void
plain_rows_are_what_libcsv_finds(File *file, gconstpointer data G_GNUC_UNUSED)
{
    const char bytes[] = "ab \r,,,\t";
    GRand *random = g_rand_new_with_seed(7);
    g_autoptr(GString) line = g_string_new(NULL);

    for (int round = 0; round < 20000; round++) {
        g_autofree char *both = NULL;
        g_autoptr(RowReader) reader = NULL;
        g_autoptr(GError) error = NULL;
        guint n;

        g_string_assign(line, "x");
        for (int i = g_rand_int_range(random, 0, 9); i > 0; i--)
            g_string_append_c(line, bytes[g_rand_int_range(random, 0, sizeof bytes - 1)]);
        both = g_strdup_printf("%s\n%s,\"\"\n", line->str, line->str);
        file->reader = read_stream(both, ',');
        reader = read_stream(both, ',');
        g_assert_cmpint(row_reader_next(reader, &error), ==, ROW_STATUS_ROW);
        n = row_reader_n_fields(reader);
        g_assert_cmpint(row_reader_next(file->reader, &error), ==, ROW_STATUS_ROW);
        g_assert_cmpint(row_reader_next(file->reader, &error), ==, ROW_STATUS_ROW);
        g_assert_cmpuint(row_reader_n_fields(file->reader), ==, n + 1);
        for (guint i = 0; i < n; i++) {
            RowField plain, parsed;

            g_assert_true(row_reader_field(reader, i, &plain));
            g_assert_true(row_reader_field(file->reader, i, &parsed));
            g_assert_cmpstr(plain.text, ==, parsed.text);
            g_assert_cmpuint(plain.length, ==, parsed.length);
        }
        g_clear_pointer(&file->reader, row_reader_free);
    }
    g_rand_free(random);
}

#define ADD(path, function) g_test_add(path, File, NULL, make_folder, function, remove_folder)

static void
add_rows(void)
{
    ADD("/row-reader/next/rows-come-one-by-one", rows_come_one_by_one);
    ADD("/row-reader/next/empty-file-has-no-row", empty_file_has_no_row);
    ADD("/row-reader/next/rows-may-be-left-unparsed", rows_may_be_left_unparsed);
    ADD("/row-reader/next/last-row-needs-no-line-end", last_row_needs_no_line_end);
    ADD("/row-reader/next/blank-line-has-no-fields", blank_line_has_no_fields);
    ADD("/row-reader/next/carriage-return-belongs-to-the-line-end",
        carriage_return_belongs_to_the_line_end);
    ADD("/row-reader/next/zero-bytes-are-bytes", zero_bytes_are_bytes);
    ADD("/row-reader/next/long-rows-arrive-whole", long_rows_arrive_whole);
    ADD("/row-reader/next/memory-does-not-grow-with-the-file", memory_does_not_grow_with_the_file);
    ADD("/row-reader/field/any-delimiter-separates", any_delimiter_separates);
    ADD("/row-reader/field/plain-rows-are-what-libcsv-finds", plain_rows_are_what_libcsv_finds);
    ADD("/row-reader/field/quotes-are-taken-off", quotes_are_taken_off);
    ADD("/row-reader/field/lines-in-quotes-belong-to-the-row", lines_in_quotes_belong_to_the_row);
}

static void
add_failures(void)
{
    ADD("/row-reader/new/missing-file-is-an-error", missing_file_is_an_error);
    ADD("/row-reader/next/folder-in-place-of-a-file-is-an-error",
        folder_in_place_of_a_file_is_an_error);
    for (guint i = 0; i < G_N_ELEMENTS(malformed); i++) {
        g_autofree char *name =
            g_strdup_printf("/row-reader/malformed/%s-is-an-error", malformed[i].name);

        g_test_add(name, File, &malformed[i], make_folder, malformed_row_is_an_error,
                   remove_folder);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_rows();
    add_failures();
    return g_test_run();
}
