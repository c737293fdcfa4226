/* What earlier runs have left in a folder: what is theirs, and what they were runs of. */
#include "sim/runs/charts.h"
#include "sim/runs/earlier.h"
#include "sim/runs/replaced.h"
#include "sim/runs/results.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define RUN "[run]\nversion=1\n"
/* SHA-256 of "ours\n" */
#define OURS "13102ad5e68a577a21dbe1aa6b16189e93e979278d6b9917d7f279a9a3dabd16"

typedef struct {
    char *path;
    GPtrArray *known;
} Folder;

static void
set_up(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    folder->path = g_dir_make_tmp("test-earlier-XXXXXX", NULL);
    folder->known = g_ptr_array_new();
    g_ptr_array_add(folder->known, (gpointer) "till.csv");
    g_ptr_array_add(folder->known, (gpointer) "value.csv");
}

static void
remove_file(const Folder *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder->path, name, NULL);

    g_remove(path);
}

static void
tear_down(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    GDir *dir = g_dir_open(folder->path, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL)
        remove_file(folder, name);
    g_dir_close(dir);
    g_assert_cmpint(g_rmdir(folder->path), ==, 0);
    g_ptr_array_unref(folder->known);
    g_free(folder->path);
}

static void
write_file(const Folder *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder->path, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static bool
is_there(const Folder *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder->path, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Files with the content "ours\n" and a run.ini, or one of its temporary files, that lists them. */
static void
write_listed(const Folder *folder, const char *run_ini, const char *name)
{
    g_autofree char *text = g_strdup_printf(RUN "files=" OURS "  %s;\n", name);

    write_file(folder, name, "ours\n");
    write_file(folder, run_ini, text);
}

static void
assert_state(const Folder *folder, const char *name, EarlierState expected)
{
    g_autoptr(Earlier) earlier = earlier_new(folder->path, folder->known);

    g_assert_cmpint(earlier_state(earlier, name), ==, expected);
}

static void
file_is_ours_as_long_as_it_is_as_listed(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    write_listed(folder, RESULTS_RUN_INI, "till.csv");
    write_file(folder, "value.csv", "scenario,point\n");
    assert_state(folder, "till.csv", EARLIER_OURS);
    assert_state(folder, RESULTS_RUN_INI, EARLIER_OURS);
    assert_state(folder, "value.csv", EARLIER_FOREIGN);
    assert_state(folder, "other.csv", EARLIER_NOTHING);
    write_file(folder, "till.csv", "mine\n");
    assert_state(folder, "till.csv", EARLIER_CHANGED);
    remove_file(folder, "till.csv");
    assert_state(folder, "till.csv", EARLIER_NOTHING);
}

static void
scenario_with_the_name_of_run_ini_is_foreign(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    write_file(folder, RESULTS_RUN_INI, "[scenario]\nname=mine\n");
    assert_state(folder, RESULTS_RUN_INI, EARLIER_FOREIGN);
}

/* A run that was killed has left the list of the one before and its own. */
static void
lists_of_a_killed_run_count_without_run_ini(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    write_listed(folder, ".run.ini.abcdef.part", "till.csv");
    write_listed(folder, ".run.ini.ghijkl.part", "value.csv");
    write_file(folder, ".run.ini.mnopqr.part", "[run]\nvers");
    assert_state(folder, "till.csv", EARLIER_OURS);
    assert_state(folder, "value.csv", EARLIER_OURS);
    write_file(folder, RESULTS_RUN_INI, RUN "files=\n");
    assert_state(folder, "till.csv", EARLIER_FOREIGN);
}

static void
without_a_list_our_columns_count(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    write_file(folder, "till.csv", "scenario,point\n");
    write_file(folder, "value.csv", "day,scenario\n");
    assert_state(folder, "till.csv", EARLIER_FOREIGN);
    write_file(folder, RESULTS_RUN_INI, RUN);
    assert_state(folder, "till.csv", EARLIER_OURS);
    assert_state(folder, "value.csv", EARLIER_CHANGED);
}

static void
what_is_ours_and_not_kept_is_removed(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GHashTable) kept = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(Earlier) earlier = NULL;

    write_file(folder, "kept.csv", "ours\n");
    write_file(folder, "changed.csv", "mine\n");
    write_file(folder, "gone.csv", "ours\n");
    write_file(folder, "other.csv", "ours\n");
    write_file(folder, RESULTS_RUN_INI,
               RUN "files=" OURS "  kept.csv;" OURS "  changed.csv;" OURS "  gone.csv;\n");
    earlier = earlier_new(folder->path, folder->known);
    g_hash_table_add(kept, (gpointer) "kept.csv");
    earlier_remove(earlier, kept);
    g_assert_true(is_there(folder, "kept.csv"));
    g_assert_true(is_there(folder, "changed.csv"));
    g_assert_false(is_there(folder, "gone.csv"));
    g_assert_true(is_there(folder, "other.csv"));
}

static void
charts_go_as_long_as_they_are_as_drawn(Folder *folder, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const lines =
        OURS "  a.svg\n" OURS "  b.png\n" OURS "  c.csv\n" OURS "  ../a.svg\n";
    g_autofree char *list = g_strconcat(CHARTS_FIRST_LINE "\n", lines, NULL);
    g_autoptr(GPtrArray) left = NULL;

    write_file(folder, "a.svg", "ours\n");
    write_file(folder, "b.png", "mine\n");
    write_file(folder, "c.csv", "ours\n");
    write_file(folder, "d.svg", "ours\n");
    write_file(folder, CHARTS_LIST, lines);
    charts_remove(folder->path);
    g_assert_true(is_there(folder, "a.svg") && is_there(folder, CHARTS_LIST)); /* somebody else's */
    write_file(folder, CHARTS_LIST, list);
    charts_remove(folder->path);
    g_assert_false(is_there(folder, "a.svg") || is_there(folder, CHARTS_LIST));
    g_assert_true(is_there(folder, "c.csv"));
    left = charts_left(folder->path);
    g_assert_cmpuint(left->len, ==, 2);
    g_assert_cmpstr(left->pdata[0], ==, "b.png");
    g_assert_cmpstr(left->pdata[1], ==, "d.svg");
}

static void
assert_replaced(const char *before_text, const char *expected)
{
    static const char *const now_text =
        "[scenario]\nname=n\nseed=2\npopulation-seed=2\n[cohort a]\ncards=5\n";
    g_autoptr(GKeyFile) before = g_key_file_new();
    g_autoptr(GKeyFile) now = g_key_file_new();
    g_autofree char *found = NULL;

    g_assert_true(g_key_file_load_from_data(before, before_text, (gsize)-1, 0, NULL));
    g_assert_true(g_key_file_load_from_data(now, now_text, (gsize)-1, 0, NULL));
    found = replaced_describe(before, now);
    g_assert_cmpstr(found, ==, expected);
}

static void
difference_is_named(void)
{
    assert_replaced(
        "[scenario]\nname=n\nseed=2\npopulation-seed=2\n[cohort a]\ncards=5\nold=1\n" RUN, NULL);
    assert_replaced("[scenario]\nname=n\nseed=1\npopulation-seed=1\n[cohort a]\ncards=5\n",
                    "seed 1");
    assert_replaced("[scenario]\nname=n\nseed=2\npopulation-seed=1\n[cohort a]\ncards=5\n",
                    "seed 2 with population-seed 1");
    assert_replaced("[scenario]\nname=m\nseed=1\npopulation-seed=1\n",
                    "another scenario, m with seed 1");
    assert_replaced("[scenario]\nname=n\nseed=2\npopulation-seed=2\n[cohort a]\ncards=6\n",
                    "another scenario, n with [cohort a] cards = 6 and seed 2");
    assert_replaced("[scenario]\nname=n\nseed=2\npopulation-seed=2\n",
                    "another scenario, n with no [cohort a] and seed 2");
    assert_replaced("[scenario]\nname=n\nseed=2\npopulation-seed=2\n[cohort a]\ncards=5\n"
                    "[cohort b]\ncards=5\n",
                    "another scenario, n with [cohort b] and seed 2");
}

#define ADD(path, function) g_test_add(path, Folder, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/earlier/state/is-ours-as-long-as-it-is-as-listed",
        file_is_ours_as_long_as_it_is_as_listed);
    ADD("/earlier/state/scenario-with-the-name-of-run-ini-is-foreign",
        scenario_with_the_name_of_run_ini_is_foreign);
    ADD("/earlier/state/lists-of-a-killed-run-count-without-run-ini",
        lists_of_a_killed_run_count_without_run_ini);
    ADD("/earlier/state/without-a-list-our-columns-count", without_a_list_our_columns_count);
    ADD("/earlier/remove/what-is-ours-and-not-kept", what_is_ours_and_not_kept_is_removed);
    ADD("/charts/remove/go-as-long-as-they-are-as-drawn", charts_go_as_long_as_they_are_as_drawn);
    g_test_add_func("/replaced/describe/names-the-difference", difference_is_named);
    return g_test_run();
}
