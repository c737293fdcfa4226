/* Control groups as files of a scratch folder, and limits of the test's own process. */
#include "sim/base/machine.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#define MIB (INT64_C(1) << 20)

/* A folder of its own, and what was written into it. */
typedef struct {
    char *root;
    GPtrArray *files;
} Tree;

static void
tree_init(Tree *tree, gconstpointer data G_GNUC_UNUSED)
{
    tree->root = g_dir_make_tmp("test-machine-XXXXXX", NULL);
    g_assert_nonnull(tree->root);
    tree->files = g_ptr_array_new_with_free_func(g_free);
}

/* Folders go once they are empty. */
static void
tree_clear(Tree *tree, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < tree->files->len; i++)
        g_remove(tree->files->pdata[i]);
    for (guint i = 0; i < tree->files->len; i++) {
        char *folder = g_path_get_dirname(tree->files->pdata[i]);

        while (g_rmdir(folder) == 0 && strcmp(folder, tree->root) != 0) {
            char *above = g_path_get_dirname(folder);

            g_free(folder);
            folder = above;
        }
        g_free(folder);
    }
    g_assert_false(g_file_test(tree->root, G_FILE_TEST_EXISTS));
    g_ptr_array_unref(tree->files);
    g_free(tree->root);
}

static void
write_file(Tree *tree, const char *path, const char *text)
{
    char *file = g_build_filename(tree->root, path, NULL);
    g_autofree char *folder = g_path_get_dirname(file);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    g_ptr_array_add(tree->files, file);
}

/* The groups of @line in the tree. */
static double
bytes_of(Tree *tree, const char *line)
{
    g_autofree char *groups = g_build_filename(tree->root, "groups", NULL);

    write_file(tree, "groups", line);
    return machine_group_bytes(groups, tree->root);
}

static void
version_2_is_read_up_to_the_root(Tree *tree, gconstpointer data G_GNUC_UNUSED)
{
    g_assert_true(isinf(bytes_of(tree, "0::/a/b\n")));
    write_file(tree, "a/b/memory.max", "max\n");
    write_file(tree, "a/b/memory.current", "100\n");
    g_assert_true(isinf(bytes_of(tree, "0::/a/b\n")));
    write_file(tree, "a/memory.max", "1000\n");
    write_file(tree, "a/memory.current", "400\n");
    g_assert_cmpfloat(bytes_of(tree, "0::/a/b\n"), ==, 600);
    write_file(tree, "a/memory.stat", "anon 300\ninactive_file 50\nactive_file 5\n");
    g_assert_cmpfloat(bytes_of(tree, "0::/a/b\n"), ==, 650);
    write_file(tree, "a/b/memory.max", "120\n");
    g_assert_cmpfloat(bytes_of(tree, "0::/a/b\n"), ==, 20);
    write_file(tree, "a/b/memory.current", "130\n");
    g_assert_cmpfloat(bytes_of(tree, "0::/a/b\n"), ==, 0);
    g_assert_cmpfloat(bytes_of(tree, "0::/a\n"), ==, 650);
    /* a container: its group is the root, whatever it is called outside */
    write_file(tree, "memory.max", "500\n");
    write_file(tree, "memory.current", "1\n");
    g_assert_cmpfloat(bytes_of(tree, "0::/elsewhere/c\n"), ==, 499);
}

static void
version_1_has_a_tree_of_its_own(Tree *tree, gconstpointer data G_GNUC_UNUSED)
{
    write_file(tree, "memory/a/memory.limit_in_bytes", "1000\n");
    write_file(tree, "memory/a/memory.usage_in_bytes", "400\n");
    write_file(tree, "memory/a/memory.stat", "inactive_file 1\ntotal_inactive_file 20\n");
    g_assert_cmpfloat(bytes_of(tree, "5:cpu:/a\n4:memory:/a\n0::/\n"), ==, 620);
    g_assert_true(isinf(bytes_of(tree, "5:cpu:/a\n0::/\nnonsense\n")));
    g_assert_true(isinf(machine_group_bytes("/nonexistent", tree->root)));
}

/* In a process of its own: a limit cannot be taken back there. */
static void
address_space_is_a_limit(void)
{
    struct rlimit limit = { .rlim_cur = (rlim_t)(600 * MIB), .rlim_max = RLIM_INFINITY };

    if (g_test_subprocess()) {
        double free_bytes;

        g_assert_cmpint(getrlimit(RLIMIT_AS, &limit), ==, 0);
        limit.rlim_cur = (rlim_t)(600 * MIB);
        g_assert_cmpint(setrlimit(RLIMIT_AS, &limit), ==, 0);
        free_bytes = machine_free_bytes();
        g_assert_cmpfloat(free_bytes, >, 0);
        g_assert_cmpfloat(free_bytes, <, (double)(600 * MIB));
        return;
    }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
#else
    g_test_skip("a sanitizer takes all of the address space");
#endif
}

static void
files_are_allowed_as_far_as_the_system_lets(void)
{
    struct rlimit limit;

    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    g_assert_cmpuint(limit.rlim_max, >, 100);
    limit.rlim_cur = 50;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    g_assert_cmpuint(machine_allow_files(40), ==, 40);
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    g_assert_cmpuint(limit.rlim_cur, ==, 50);
    g_assert_cmpuint(machine_allow_files(100), ==, 100);
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    g_assert_cmpuint(limit.rlim_cur, ==, 100);
    limit.rlim_max = 100;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    g_assert_cmpuint(machine_allow_files(101), ==, 100);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/machine/groups/version-2", Tree, NULL, tree_init, version_2_is_read_up_to_the_root,
               tree_clear);
    g_test_add("/machine/groups/version-1", Tree, NULL, tree_init, version_1_has_a_tree_of_its_own,
               tree_clear);
    g_test_add_func("/machine/address-space", address_space_is_a_limit);
    g_test_add_func("/machine/files", files_are_allowed_as_far_as_the_system_lets);
    return g_test_run();
}
