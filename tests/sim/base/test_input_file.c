#include "sim/base/input_file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static char *
path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void
text_is_read_as_it_is(void)
{
    const char text[] = "one\0two\n";
    g_autofree char *path = path_of("text");
    g_autofree char *data = NULL;
    gsize length;

    g_assert_true(g_file_set_contents(path, text, sizeof text - 1, NULL));
    g_assert_true(input_file_read(path, &data, &length, NULL));
    g_assert_cmpuint(length, ==, sizeof text - 1);
    g_assert_true(memcmp(data, text, sizeof text) == 0);
    g_assert_cmpint(g_remove(path), ==, 0);
}

static void
check_refused(const char *path, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) of_read = NULL;
    g_autofree char *expected = g_strdup_printf("%s: cannot read: %s", path, why);
    char *data;
    gsize length;

    g_assert_cmpint(input_file_open(path, &error), ==, -1);
    g_assert_cmpint((int)error->domain, ==, (int)G_FILE_ERROR);
    g_assert_cmpstr(error->message, ==, why);
    g_assert_false(input_file_read(path, &data, &length, &of_read));
    g_assert_cmpstr(of_read->message, ==, expected);
}

static void
what_is_no_plain_file_is_refused_at_once(void)
{
    g_autofree char *pipe_path = path_of("pipe");
    g_autofree char *missing = path_of("missing");

    g_assert_cmpint(mkfifo(pipe_path, 0600), ==, 0);
    check_refused(pipe_path, "that is no plain file");
    check_refused("/dev/zero", "that is no plain file");
    check_refused("/dev/null", "that is no plain file");
    check_refused(folder, "that is a folder");
    check_refused(missing, "No such file or directory");
    g_assert_cmpint(g_remove(pipe_path), ==, 0);
}

/* It has no bytes on the disk. */
static void
text_without_bounds_is_refused(void)
{
    g_autofree char *path = path_of("long");
    g_autoptr(GError) error = NULL;
    char *data;
    gsize length;

    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    g_assert_cmpint(truncate(path, INPUT_FILE_TEXT_BYTES + 1), ==, 0);
    g_assert_false(input_file_read(path, &data, &length, &error));
    g_assert_true(g_str_has_suffix(error->message, "expected at most 256 MiB, found more"));
    g_assert_cmpint(g_remove(path), ==, 0);
}

int
main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("purseroll-XXXXXX", NULL);
    g_assert_nonnull(folder);
    g_test_add_func("/input-file/read/text-is-read-as-it-is", text_is_read_as_it_is);
    g_test_add_func("/input-file/open/what-is-no-plain-file-is-refused-at-once",
                    what_is_no_plain_file_is_refused_at_once);
    g_test_add_func("/input-file/read/text-without-bounds-is-refused",
                    text_without_bounds_is_refused);
    status = g_test_run();
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
    return status;
}
