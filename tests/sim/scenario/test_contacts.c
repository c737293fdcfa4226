/* A trace that changes between its first reading and the next is never taken for what it was. */
#include "sim/scenario/contacts.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define ROWS "time,payer,payee\n0,a,b\n1,b,c\n2,c,a\n"

typedef struct {
    char *folder;
    char *path;
    struct stat before; /* of the file */
} File;

static void
set_up(File *file, gconstpointer data G_GNUC_UNUSED)
{
    file->folder = g_dir_make_tmp("test-contacts-XXXXXX", NULL);
    file->path = g_build_filename(file->folder, "trace.csv", NULL);
    g_assert_true(g_file_set_contents(file->path, ROWS, -1, NULL));
    g_assert_cmpint(stat(file->path, &file->before), ==, 0);
}

static void
tear_down(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_remove(file->path);
    g_assert_cmpint(g_rmdir(file->folder), ==, 0);
    g_free(file->path);
    g_free(file->folder);
}

static Contacts *
read_trace(const File *file, bool is_to_be_sorted)
{
    static const char *const columns[] = { "time", "payer", "payee", NULL };
    static const char *const terminals[] = { NULL };
    const ContactsFormat format = {
        .path = file->path,
        .columns = (char **)(gpointer)columns,
        .delimiter = ',',
        .has_header = true,
        .ids = TRACE_IDS_NAMES,
        .is_to_be_sorted = is_to_be_sorted,
        .terminals = (char **)(gpointer)terminals,
    };
    g_autoptr(GError) error = NULL;
    Contacts *trace = contacts_new(&format, &error);

    g_assert_no_error(error);
    return trace;
}

/* Another content in place of the file's own bytes, @seconds later as far as it says. */
static void
overwrite(const File *file, const char *text, time_t seconds)
{
    const struct timespec times[] = {
        file->before.st_atim,
        { file->before.st_mtim.tv_sec + seconds, file->before.st_mtim.tv_nsec },
    };
    FILE *out = g_fopen(file->path, "r+");

    g_assert_nonnull(out);
    g_assert_cmpint(fputs(text, out), >=, 0);
    g_assert_cmpint(fclose(out), ==, 0);
    g_assert_cmpint(utimensat(AT_FDCWD, file->path, times, 0), ==, 0);
}

/* Rows up to the end. Returns: how it ended */
static RowStatus
read_on(ContactsCursor *cursor, GError **error)
{
    RowStatus status;
    ContactsRow row;

    do
        status = contacts_cursor_next(cursor, &row, error);
    while (status == ROW_STATUS_ROW);
    return status;
}

static void
assert_changed(const File *file, GError *error)
{
    g_assert_error(error, CONTACTS_ERROR, CONTACTS_ERROR_CHANGED);
    g_assert_true(g_str_has_prefix(error->message, file->path));
    g_error_free(error);
}

static void
assert_is_noticed(const File *file, const Contacts *trace)
{
    g_autoptr(ContactsCursor) cursor = contacts_cursor_new(trace);
    GError *error = NULL;

    g_assert_cmpint(read_on(cursor, &error), ==, ROW_STATUS_FAILED);
    assert_changed(file, error);
}

static void
file_as_it_was_is_read_again(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Contacts) trace = read_trace(file, false);
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 2; i++) {
        g_autoptr(ContactsCursor) cursor = contacts_cursor_new(trace);

        g_assert_cmpint(read_on(cursor, &error), ==, ROW_STATUS_END);
        g_assert_no_error(error);
    }
    g_assert_true(contacts_check_unchanged(trace, &error));
    g_assert_no_error(error);
}

static void
time_of_writing_tells(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Contacts) trace = read_trace(file, false);
    GError *error = NULL;

    overwrite(file, ROWS, 1);
    g_assert_false(contacts_check_unchanged(trace, &error));
    assert_changed(file, error);
    assert_is_noticed(file, trace);
}

static void
size_tells(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Contacts) trace = read_trace(file, false);

    overwrite(file, ROWS "3,a,b\n", 0);
    assert_is_noticed(file, trace);
}

static void
rows_tell_where_size_and_time_do_not(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Contacts) trace = read_trace(file, false);
    GError *error = NULL;

    overwrite(file, "time,payer,payee\n0,a,b\n1,b,c\n\n\n\n\n\n\n", 0);
    g_assert_true(contacts_check_unchanged(trace, &error));
    g_assert_no_error(error);
    assert_is_noticed(file, trace);
}

/* What is not a trace any more is told as a change, not as a mistake in it. */
static void
change_goes_before_what_is_wrong_with_it(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Contacts) trace = read_trace(file, false);

    overwrite(file, "tide", 1);
    assert_is_noticed(file, trace);
}

static void
change_behind_the_rows_that_were_read_is_noticed_at_the_end(File *file,
                                                            gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Contacts) trace = read_trace(file, false);
    g_autoptr(ContactsCursor) cursor = contacts_cursor_new(trace);
    GError *error = NULL;
    ContactsRow row;

    g_assert_cmpint(contacts_cursor_next(cursor, &row, &error), ==, ROW_STATUS_ROW);
    overwrite(file, ROWS, 1);
    g_assert_cmpint(read_on(cursor, &error), ==, ROW_STATUS_FAILED);
    assert_changed(file, error);
}

static void
file_that_is_gone_is_named(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Contacts) trace = read_trace(file, false);

    g_assert_cmpint(g_remove(file->path), ==, 0);
    assert_is_noticed(file, trace);
}

static void
rows_that_were_sorted_need_no_file(File *file, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(Contacts) trace = read_trace(file, true);
    g_autoptr(ContactsCursor) cursor = contacts_cursor_new(trace);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_remove(file->path), ==, 0);
    g_assert_true(contacts_check_unchanged(trace, &error));
    g_assert_cmpint(read_on(cursor, &error), ==, ROW_STATUS_END);
    g_assert_no_error(error);
}

#define ADD(path, function) g_test_add(path, File, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/contacts/cursor/file-as-it-was-is-read-again", file_as_it_was_is_read_again);
    ADD("/contacts/change/time-of-writing-tells", time_of_writing_tells);
    ADD("/contacts/change/size-tells", size_tells);
    ADD("/contacts/change/rows-tell-where-size-and-time-do-not",
        rows_tell_where_size_and_time_do_not);
    ADD("/contacts/change/goes-before-what-is-wrong-with-it",
        change_goes_before_what_is_wrong_with_it);
    ADD("/contacts/change/is-noticed-at-the-end",
        change_behind_the_rows_that_were_read_is_noticed_at_the_end);
    ADD("/contacts/change/file-that-is-gone-is-named", file_that_is_gone_is_named);
    ADD("/contacts/change/rows-that-were-sorted-need-no-file", rows_that_were_sorted_need_no_file);
    return g_test_run();
}
