/* CSV files: what stands in them, and that they are whole or not there. */

#include "sim/base/checksum_line.h"
#include "sim/base/table.h"

#include "tests/sim/limit_files.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

/* ---- A folder for each test -------------------------------------------- */

typedef struct {
    char *path;
} Folder;

static void
make_folder(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    folder->path = g_dir_make_tmp("test-table-XXXXXX", &error);
    g_assert_no_error(error);
}

static bool
write_text(const char *folder, const char *name, const char *text, gsize length, GError **error)
{
    g_autoptr(Table) table = table_new_text(folder, name, text, length, error);

    return table != NULL && table_commit(table, error);
}

static guint
count_files(const Folder *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder->path, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

static void
remove_folder(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    GDir *dir = g_dir_open(folder->path, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder->path, name, NULL);

        g_remove(path);
    }
    g_dir_close(dir);
    g_assert_cmpint(g_rmdir(folder->path), ==, 0);
    g_free(folder->path);
}

static char *
path_of(const Folder *folder, const char *name)
{
    return g_build_filename(folder->path, name, NULL);
}

static void
assert_content(const Folder *folder, const char *name, const char *expected)
{
    g_autofree char *path = path_of(folder, name);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
}

static void
assert_absent(const Folder *folder, const char *name)
{
    g_autofree char *path = path_of(folder, name);

    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static Table *
open_table(const Folder *folder, const char *columns)
{
    g_autoptr(GError) error = NULL;
    Table *table = table_new(folder->path, "rows.csv", columns, &error);

    g_assert_no_error(error);
    g_assert_nonnull(table);
    return table;
}

static void
commit(Table *table)
{
    g_autoptr(GError) error = NULL;
    bool done = table_commit(table, &error);

    g_assert_no_error(error);
    g_assert_true(done);
    table_free(table);
}

/* ---- Fields ------------------------------------------------------------ */

static void
header_stands_alone(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    commit(open_table(folder, "a,b"));
    assert_content(folder, "rows.csv", "a,b\n");
}

static void
fields_are_separated_by_commas(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    Table *table = open_table(folder, "a,b,c,d,e");

    table_text(table, "x");
    table_integer(table, -5);
    table_unsigned(table, 5);
    table_number(table, 0.5);
    table_empty(table);
    table_end_row(table);
    table_empty(table);
    table_empty(table);
    table_text(table, "");
    table_empty(table);
    table_text(table, "last");
    table_end_row(table);
    commit(table);
    assert_content(folder, "rows.csv", "a,b,c,d,e\nx,-5,5,0.5,\n,,,,last\n");
}

static void
text_is_quoted_where_it_must_be(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *text;
        const char *written;
    } cases[] = {
        { "plain", "plain" },
        { "two words", "two words" },
        { " edges ", " edges " },
        { "a,b", "\"a,b\"" },
        { "say \"no\"", "\"say \"\"no\"\"\"" },
        { "\"", "\"\"\"\"" },
        { "line\nbreak", "\"line\nbreak\"" },
        { "carriage\rreturn", "\"carriage\rreturn\"" },
        { "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9" },
        { "0.5", "0.5" },
    };
    g_autoptr(GString) expected = g_string_new("a,b\n");
    Table *table = open_table(folder, "a,b");

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        table_text(table, cases[i].text);
        table_text(table, cases[i].text);
        table_end_row(table);
        g_string_append_printf(expected, "%s,%s\n", cases[i].written, cases[i].written);
    }
    commit(table);
    assert_content(folder, "rows.csv", expected->str);
}

static void
integers_are_exact(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    Table *table = open_table(folder, "a,b,c,d");

    table_integer(table, INT64_MIN);
    table_integer(table, INT64_MAX);
    table_unsigned(table, UINT64_MAX);
    table_unsigned(table, 0);
    table_end_row(table);
    commit(table);
    assert_content(folder, "rows.csv",
                   "a,b,c,d\n-9223372036854775808,9223372036854775807,18446744073709551615,0\n");
}

static const struct {
    double value;
    const char *written;
} numbers[] = {
    { 0, "0" },
    { 1, "1" },
    { -1.5, "-1.5" },
    { 0.1, "0.1" },
    { 1.0 / 3, "0.333333333" },
    { 2.0 / 3, "0.666666667" },
    { 123456789, "123456789" },
    { 1234567891, "1.23456789e+09" },
    { 5184000, "5184000" },
    { 0.0001, "0.0001" },
    { 0.00001, "1e-05" },
    { 1e300, "1e+300" },
};

static void
write_numbers(const Folder *folder)
{
    g_autoptr(GString) expected = g_string_new("a\n");
    Table *table = open_table(folder, "a");

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        table_number(table, numbers[i].value);
        table_end_row(table);
        g_string_append_printf(expected, "%s\n", numbers[i].written);
    }
    commit(table);
    assert_content(folder, "rows.csv", expected->str);
}

static void
numbers_have_nine_digits(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    write_numbers(folder);
}

static void
decimal_commas_of_the_locale_stay_out(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8",
                                         "fr_FR.utf8",  "fr_FR",      NULL };
    bool found = false;

    if (g_getenv("TEST_LOCALES") != NULL) /* made by tests/run.sh */
        g_setenv("LOCPATH", g_getenv("TEST_LOCALES"), TRUE);
    for (guint i = 0; names[i] != NULL && !found; i++)
        found = setlocale(LC_ALL, names[i]) != NULL;
    if (!found) {
        g_test_skip("no locale with decimal commas on this machine");
        return;
    }
    g_assert_cmpstr(localeconv()->decimal_point, ==, ",");
    write_numbers(folder);
    setlocale(LC_ALL, "C");
}

static void
many_rows_all_arrive(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GString) expected = g_string_new("a,b\n");
    Table *table = open_table(folder, "a,b");

    for (guint i = 0; i < 100000; i++) {
        table_unsigned(table, i);
        table_text(table, "row");
        table_end_row(table);
        g_string_append_printf(expected, "%u,row\n", i);
    }
    commit(table);
    assert_content(folder, "rows.csv", expected->str);
}

/* ---- Rows that do not fit their header --------------------------------- */

/* The folder that a subprocess writes to; its caller removes it. */
#define FOLDER_VARIABLE "TEST_TABLE_FOLDER"

/* Writes a row of as many fields as @data says under a header of three columns. */
static void
write_row_of(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Table) table = table_new(g_getenv(FOLDER_VARIABLE), "rows.csv", "a,b,c", &error);

    for (guint i = 0; i < GPOINTER_TO_UINT(data); i++)
        table_integer(table, i);
    table_end_row(table);
    table_commit(table, &error);
}

static void
assert_stops(const Folder *folder, const char *subprocess, const char *message)
{
    g_setenv(FOLDER_VARIABLE, folder->path, TRUE);
    g_test_trap_subprocess(subprocess, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr(message);
    assert_absent(folder, "rows.csv");
}

static void
row_with_too_few_fields_stops_the_program(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    assert_stops(folder, "/table/row/subprocess/2-fields",
                 "*rows.csv: a row of 2 fields under a header of 3 columns*");
}

static void
row_with_too_many_fields_stops_the_program(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    assert_stops(folder, "/table/row/subprocess/4-fields",
                 "*rows.csv: a row of 4 fields under a header of 3 columns*");
}

static void
row_that_is_empty_stops_the_program(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    assert_stops(folder, "/table/row/subprocess/0-fields",
                 "*rows.csv: a row of 0 fields under a header of 3 columns*");
}

/* The control: the same with a row that fits. */
static void
row_that_fits_is_written(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_setenv(FOLDER_VARIABLE, folder->path, TRUE);
    g_test_trap_subprocess("/table/row/subprocess/3-fields", 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    assert_content(folder, "rows.csv", "a,b,c\n0,1,2\n");
}

/* ---- Whole or not at all ----------------------------------------------- */

static void
file_is_absent_until_commit(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    Table *table = open_table(folder, "a");

    table_text(table, "x");
    table_end_row(table);
    assert_absent(folder, "rows.csv");
    commit(table);
    assert_content(folder, "rows.csv", "a\nx\n");
    g_assert_cmpuint(count_files(folder), ==, 1);
}

static void
table_given_up_leaves_nothing(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    Table *table = open_table(folder, "a");

    table_text(table, "x");
    table_end_row(table);
    table_free(table);
    g_assert_cmpuint(count_files(folder), ==, 0);
}

static void
old_file_stays_until_commit(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    Table *table;

    commit(open_table(folder, "old"));
    table_free(open_table(folder, "given up"));
    assert_content(folder, "rows.csv", "old\n");
    table = open_table(folder, "new");
    assert_content(folder, "rows.csv", "old\n");
    commit(table);
    assert_content(folder, "rows.csv", "new\n");
    g_assert_cmpuint(count_files(folder), ==, 1);
}

/* Two programs that write into one folder do not tread on each other's rows. */
static void
two_tables_of_one_name_do_not_mix(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    Table *one = open_table(folder, "one");
    Table *two = open_table(folder, "two");

    commit(two);
    assert_content(folder, "rows.csv", "two\n");
    commit(one);
    assert_content(folder, "rows.csv", "one\n");
    g_assert_cmpuint(count_files(folder), ==, 1);
}

static void
file_is_readable_as_others_are(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = path_of(folder, "rows.csv");
    GStatBuf status;
    mode_t mask = umask(022);

    commit(open_table(folder, "a"));
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmphex(status.st_mode & 0777, ==, 0644);
    umask(mask);
}

static void
text_file_is_written_whole(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(write_text(folder->path, "run.ini", "[a]\nb = c\n", 10, &error));
    g_assert_no_error(error);
    assert_content(folder, "run.ini", "[a]\nb = c\n");
    g_assert_cmpuint(count_files(folder), ==, 1);
}

/* ---- Failures ---------------------------------------------------------- */

static void
assert_cannot_open(const char *path)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(table_new(path, "rows.csv", "a", &error));
    g_assert_nonnull(error);
    g_assert_true(error->domain == G_FILE_ERROR);
    g_assert_nonnull(strstr(error->message, "rows.csv"));
    g_assert_null(strchr(error->message, '\n'));
    g_clear_error(&error);
    g_assert_false(write_text(path, "run.ini", "x", 1, &error));
    g_assert_true(error != NULL && error->domain == G_FILE_ERROR);
}

static void
missing_folder_is_an_error(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = path_of(folder, "missing");

    assert_cannot_open(path);
}

static void
file_in_place_of_a_folder_is_an_error(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = path_of(folder, "rows.csv");

    commit(open_table(folder, "a"));
    assert_cannot_open(path);
}

/* Root may write everywhere, so nobody tries. */
static void
unwritable_folder_is_an_error(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = path_of(folder, "locked");
    uid_t user = geteuid();

    g_assert_cmpint(g_mkdir(path, 0555), ==, 0);
    if (user == 0)
        g_assert_cmpint(seteuid(NOBODY), ==, 0);
    assert_cannot_open(path);
    if (user == 0)
        g_assert_cmpint(seteuid(user), ==, 0);
}

/* The name is taken by a folder that cannot be replaced. */
static void
name_that_is_taken_is_an_error(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = path_of(folder, "rows.csv");
    g_autoptr(GError) error = NULL;
    Table *table = open_table(folder, "a");

    g_assert_cmpint(g_mkdir(path, 0755), ==, 0);
    g_assert_false(table_commit(table, &error));
    g_assert_true(error != NULL && error->domain == G_FILE_ERROR);
    table_free(table);
    g_assert_cmpuint(count_files(folder), ==, 1);
}

/* Room for so many bytes, and rows to write. */
typedef struct {
    rlim_t room;
    guint rows;
} Disk;

/* The writes fail under way, or only those that the commit flushes. */
static void
full_disk_leaves_the_old_file(Folder *folder, gconstpointer data)
{
    const Disk *disk = data;
    g_autoptr(GError) error = NULL;
    Table *table;
    bool done;

    commit(open_table(folder, "old"));
    limit_files(disk->room);
    table = table_new(folder->path, "rows.csv", "a,b", &error);
    for (guint i = 0; table != NULL && i < disk->rows; i++) {
        table_integer(table, i);
        table_text(table, "quoted, as it has a comma");
        table_end_row(table);
    }
    done = table != NULL && table_commit(table, &error);
    table_free(table);
    limit_files(RLIM_INFINITY);
    g_assert_false(done);
    g_assert_true(error != NULL && error->domain == G_FILE_ERROR);
    g_assert_nonnull(strstr(error->message, "rows.csv"));
    assert_content(folder, "rows.csv", "old\n");
    g_assert_cmpuint(count_files(folder), ==, 1);
}

/* 8 MiB. */
#define ROOM 0x1p23

static gint64
blocks_of(const char *path)
{
    struct stat status;

    g_assert_cmpint(stat(path, &status), ==, 0);
    return status.st_blocks * INT64_C(512);
}

/* Whoever reserves neither writes nor keeps what was not needed. */
static void
reserved_room_is_given_back(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = path_of(folder, "rows.csv");
    g_autoptr(GError) error = NULL;
    Table *table = open_table(folder, "a");

    g_assert_true(table_reserve(table, ROOM, &error));
    g_assert_no_error(error);
    g_assert_cmpint(table_size(table), ==, 2);
    g_assert_true(table_flush(table, &error));
    commit(table);
    assert_content(folder, "rows.csv", "a\n");
    g_assert_cmpint(blocks_of(path), <, (gint64)ROOM / 8);
}

static void
room_that_is_not_there_is_an_error(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    static const double more_than_any_disk[] = { 0x1p60, 0x1p80, INFINITY };
    g_autoptr(GError) error = NULL;
    Table *table = open_table(folder, "a");

    for (guint i = 0; i < G_N_ELEMENTS(more_than_any_disk); i++) {
        g_assert_false(table_reserve(table, more_than_any_disk[i], &error));
        g_assert_true(error != NULL && error->domain == G_FILE_ERROR);
        g_clear_error(&error);
    }
    limit_files((rlim_t)ROOM);
    g_assert_true(table_reserve(table, ROOM - 2, &error));
    g_assert_no_error(error);
    g_assert_false(table_reserve(table, ROOM - 1, &error));
    limit_files(RLIM_INFINITY);
    g_assert_nonnull(strstr(error->message, "rows.csv: cannot write"));
    commit(table); /* what was written is as good as before */
    assert_content(folder, "rows.csv", "a\n");
}

/* A write that failed is known before the commit. */
static void
flush_tells_of_a_full_disk(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    Table *table = open_table(folder, "a");

    g_assert_true(table_flush(table, &error));
    limit_files(10);
    for (guint i = 0; i < 10; i++) {
        table_integer(table, i);
        table_end_row(table);
    }
    g_assert_false(table_flush(table, &error));
    limit_files(RLIM_INFINITY);
    g_assert_nonnull(strstr(error->message, "rows.csv: cannot write"));
    table_free(table);
    g_assert_cmpuint(count_files(folder), ==, 0);
}

static void
full_disk_leaves_no_half_text(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *text = g_strnfill(100000, 'x');
    g_autoptr(GError) error = NULL;
    bool done;

    limit_files(50000);
    done = write_text(folder->path, "run.ini", text, strlen(text), &error);
    limit_files(RLIM_INFINITY);
    g_assert_false(done);
    g_assert_true(error != NULL && error->domain == G_FILE_ERROR);
    g_assert_cmpuint(count_files(folder), ==, 0);
}

/* The file would just fit: no error comes from nowhere. */
static void
disk_that_is_just_large_enough_will_do(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *text = g_strnfill(50000, 'x');
    g_autoptr(GError) error = NULL;
    bool done;

    limit_files(50000);
    done = write_text(folder->path, "run.ini", text, strlen(text), &error);
    limit_files(RLIM_INFINITY);
    g_assert_no_error(error);
    g_assert_true(done);
    assert_content(folder, "run.ini", text);
}

/* ---- What killed processes leave --------------------------------------- */

static void
write_stray(const Folder *folder, const char *name)
{
    g_autofree char *path = path_of(folder, name);

    g_assert_true(g_file_set_contents(path, "stray\n", -1, NULL));
}

static bool
is_there(const Folder *folder, const char *name)
{
    g_autofree char *path = path_of(folder, name);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
what_is_left_is_removed(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const others[] = { "rows.csv", ".rows.csv.backup", "rows.csv.abcdef.part",
                                          ".abcdef.part", ".part" };

    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        write_stray(folder, others[i]);
    write_stray(folder, ".rows.csv.abcdef.part");
    write_stray(folder, ".run.ini.A0z9_b.part");
    table_remove_temporaries(folder->path, "run.ini");
    g_assert_false(is_there(folder, ".rows.csv.abcdef.part"));
    g_assert_true(is_there(folder, ".run.ini.A0z9_b.part"));
    table_remove_temporaries(folder->path, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_true(is_there(folder, others[i]));
    g_assert_cmpuint(count_files(folder), ==, G_N_ELEMENTS(others));
}

static void
file_set_aside_is_a_temporary_one(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) entries = NULL;
    const char *entry;

    write_stray(folder, "rows.csv");
    g_assert_true(table_set_aside(folder->path, "rows.csv", &error));
    g_assert_no_error(error);
    g_assert_true(table_set_aside(folder->path, "none.csv", &error));
    g_assert_no_error(error);
    entries = g_dir_open(folder->path, 0, NULL);
    entry = g_dir_read_name(entries);
    g_assert_true(table_is_temporary(entry, "rows.csv"));
    g_assert_false(table_is_temporary(entry, "ows.csv"));
    assert_content(folder, entry, "stray\n");
    g_assert_null(g_dir_read_name(entries));
}

static void
claim_holds_until_it_is_closed(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    int claim = table_claim_folder(folder->path, &error);

    g_assert_no_error(error);
    g_assert_cmpint(claim, >=, 0);
    g_assert_cmpint(table_claim_folder(folder->path, &error), ==, -1);
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN);
    g_assert_nonnull(strstr(error->message, folder->path));
    g_clear_error(&error);
    close(claim);
    claim = table_claim_folder(folder->path, &error);
    g_assert_no_error(error);
    close(claim);
}

static void
claim_of_a_missing_folder_is_an_error(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = path_of(folder, "missing");
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(table_claim_folder(path, &error), ==, -1);
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* As sha256sum prints it, quoted fields and all. */
static void
checksum_is_that_of_the_file(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *line = NULL;
    g_autofree char *expected = NULL;
    Table *table = open_table(folder, "a,b");

    table_text(table, "one, \"two\"");
    table_number(table, 0.25);
    table_end_row(table);
    g_assert_true(table_commit(table, &error));
    g_assert_cmpstr(table_name(table), ==, "rows.csv");
    line = checksum_line_of(folder->path, "rows.csv");
    expected = checksum_line_new(table_checksum(table), "rows.csv");
    g_assert_cmpstr(line, ==, expected);
    g_assert_cmpstr(checksum_line_name(line), ==, "rows.csv");
    g_assert_cmpstr(line, ==,
                    "b633dcbfc28d6fc89e2e55e4446fd9c878c60fa8032a3842246642c97530025b  rows.csv");
    table_free(table);
}

/* Neither a folder, a link, a file elsewhere nor a line of another kind. */
static void
checksum_line_is_of_a_plain_file(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *inner = path_of(folder, "inner");
    g_autofree char *link = path_of(folder, "link.csv");
    g_autofree char *digits = g_strnfill(64, '0');
    static const char *const ends[] = { "", "  ", " name", "  a/b", "  ..", "0  name" };

    write_stray(folder, "rows.csv");
    g_assert_cmpint(g_mkdir(inner, 0777), ==, 0);
    g_assert_cmpint(symlink("rows.csv", link), ==, 0);
    g_assert_null(checksum_line_of(folder->path, "inner"));
    g_assert_null(checksum_line_of(folder->path, "link.csv"));
    g_assert_null(checksum_line_of(folder->path, "missing"));
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *line = g_strconcat(digits, ends[i], NULL);

        g_assert_null(checksum_line_name(line));
    }
}

#define ADD(path, function) g_test_add(path, Folder, NULL, make_folder, function, remove_folder)

static void
add_fields(void)
{
    ADD("/table/fields/header-stands-alone", header_stands_alone);
    ADD("/table/fields/are-separated-by-commas", fields_are_separated_by_commas);
    ADD("/table/fields/text-is-quoted-where-it-must-be", text_is_quoted_where_it_must_be);
    ADD("/table/fields/integers-are-exact", integers_are_exact);
    ADD("/table/fields/numbers-have-nine-digits", numbers_have_nine_digits);
    ADD("/table/fields/decimal-commas-of-the-locale-stay-out",
        decimal_commas_of_the_locale_stay_out);
    ADD("/table/fields/many-rows-all-arrive", many_rows_all_arrive);
}

static void
add_rows(void)
{
    for (guint n = 0; n <= 4; n++) {
        g_autofree char *name = g_strdup_printf("/table/row/subprocess/%u-fields", n);

        g_test_add_data_func(name, GUINT_TO_POINTER(n), write_row_of);
    }
    ADD("/table/row/with-too-few-fields-stops-the-program",
        row_with_too_few_fields_stops_the_program);
    ADD("/table/row/with-too-many-fields-stops-the-program",
        row_with_too_many_fields_stops_the_program);
    ADD("/table/row/that-is-empty-stops-the-program", row_that_is_empty_stops_the_program);
    ADD("/table/row/that-fits-is-written", row_that_fits_is_written);
}

static void
add_commits_and_failures(void)
{
    static const Disk disks[] = {
        { 0, 0 }, { 2, 1 }, { 40, 3 }, { 40, 100000 }, { 1000000, 100000 }
    };

    ADD("/table/commit/file-is-absent-before", file_is_absent_until_commit);
    ADD("/table/commit/old-file-stays-before", old_file_stays_until_commit);
    ADD("/table/commit/two-tables-of-one-name-do-not-mix", two_tables_of_one_name_do_not_mix);
    ADD("/table/commit/file-is-readable-as-others-are", file_is_readable_as_others_are);
    ADD("/table/commit/name-that-is-taken-is-an-error", name_that_is_taken_is_an_error);
    ADD("/table/free/leaves-nothing", table_given_up_leaves_nothing);
    ADD("/table/write-file/is-whole", text_file_is_written_whole);
    ADD("/table/new/missing-folder-is-an-error", missing_folder_is_an_error);
    ADD("/table/new/file-in-place-of-a-folder-is-an-error", file_in_place_of_a_folder_is_an_error);
    ADD("/table/new/unwritable-folder-is-an-error", unwritable_folder_is_an_error);
    for (guint i = 0; i < G_N_ELEMENTS(disks); i++) {
        g_autofree char *name =
            g_strdup_printf("/table/full-disk/%u-rows-into-%lu-bytes-leave-the-old-file",
                            disks[i].rows, (unsigned long)disks[i].room);

        g_test_add(name, Folder, &disks[i], make_folder, full_disk_leaves_the_old_file,
                   remove_folder);
    }
    ADD("/table/reserve/is-given-back", reserved_room_is_given_back);
    ADD("/table/reserve/room-that-is-not-there-is-an-error", room_that_is_not_there_is_an_error);
    ADD("/table/flush/tells-of-a-full-disk", flush_tells_of_a_full_disk);
    ADD("/table/full-disk/leaves-no-half-text", full_disk_leaves_no_half_text);
    ADD("/table/full-disk/just-large-enough-will-do", disk_that_is_just_large_enough_will_do);
}

static void
add_folders(void)
{
    ADD("/table/remove-temporaries/leaves-other-files", what_is_left_is_removed);
    ADD("/table/set-aside/is-a-temporary-file", file_set_aside_is_a_temporary_one);
    ADD("/table/claim-folder/holds-until-it-is-closed", claim_holds_until_it_is_closed);
    ADD("/table/claim-folder/missing-folder-is-an-error", claim_of_a_missing_folder_is_an_error);
    ADD("/table/checksum/is-that-of-the-file", checksum_is_that_of_the_file);
    ADD("/checksum-line/of/is-of-a-plain-file", checksum_line_is_of_a_plain_file);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_fields();
    add_rows();
    add_commits_and_failures();
    add_folders();
    return g_test_run();
}
