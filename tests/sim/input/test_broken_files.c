#include "tests/sim/input/scenario_files.h"

static guint n_broken;

static void
load_broken(const char *data, gsize length)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = load_bytes(data, length, NULL, &error);
    g_autofree char *path = g_build_filename(folder, "file.ini", NULL);

    n_broken++;
    if (scenario != NULL) {
        g_assert_no_error(error);
        check_round_trip(scenario);
        return;
    }
    g_assert_error(error, SCENARIO_ERROR, SCENARIO_ERROR_INVALID);
    g_assert_true(g_str_has_prefix(error->message, path));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

/* The full file with line @index replaced by @bytes. */
static void
load_with_line(char **lines, guint index, const char *bytes, gsize length)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (i == index)
            g_string_append_len(text, bytes, (gssize)length);
        else
            g_string_append(text, lines[i]);
        if (lines[i + 1] != NULL && !(i == index && length == 0))
            g_string_append_c(text, '\n');
    }
    load_broken(text->str, text->len);
}

static void
load_misspelt(char **lines, guint index)
{
    const char *line = lines[index];

    for (gsize i = 0; line[i] != '\0'; i++) {
        g_autofree char *without = g_strdup_printf("%.*s%s", (int)i, line, line + i + 1);
        g_autofree char *wrong = g_strdup(line);
        g_autofree char *cut = g_strndup(line, i);

        wrong[i] ^= 1;
        load_with_line(lines, index, without, strlen(without));
        load_with_line(lines, index, wrong, strlen(wrong));
        load_with_line(lines, index, cut, strlen(cut));
    }
}

static void
any_line_removed_doubled_or_misspelt_is_survived(void)
{
    g_auto(GStrv) lines = g_strsplit(full_text, "\n", -1);

    n_broken = 0;
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *twice = g_strconcat(lines[i], "\n", lines[i], NULL);

        load_with_line(lines, i, "", 0);
        load_with_line(lines, i, twice, strlen(twice));
        load_misspelt(lines, i);
    }
    g_assert_cmpuint(n_broken, >, 200);
}

static void
any_junk_as_a_value_is_survived(void)
{
    g_auto(GStrv) lines = g_strsplit(full_text, "\n", -1);

    n_broken = 0;
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *equals = strchr(lines[i], '=');

        for (size_t j = 0; equals != NULL && j < G_N_ELEMENTS(junk); j++) {
            g_autofree char *line =
                g_strdup_printf("%.*s= %s", (int)(equals - lines[i]), lines[i], junk[j]);

            load_with_line(lines, i, line, strlen(line));
        }
    }
    g_assert_cmpuint(n_broken, >, 200);
}

/* Bytes from a fixed generator, so that a failure comes again. */
static void
any_bytes_anywhere_are_survived(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    const gsize length = strlen(full_text);

    for (int i = 0; i < 2000; i++) {
        g_autofree char *data = g_memdup2(full_text, length);
        const int n_changes = g_rand_int_range(random, 1, 8);

        for (int j = 0; j < n_changes; j++)
            data[g_rand_int_range(random, 0, (gint32)length)] =
                (char)g_rand_int_range(random, 0, 256);
        load_broken(data, (gsize)g_rand_int_range(random, 1, (gint32)length + 1));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenario/broken/any-line-removed-doubled-or-misspelt-is-survived",
                    any_line_removed_doubled_or_misspelt_is_survived);
    g_test_add_func("/scenario/broken/any-junk-as-a-value-is-survived",
                    any_junk_as_a_value_is_survived);
    g_test_add_func("/scenario/broken/any-bytes-anywhere-are-survived",
                    any_bytes_anywhere_are_survived);
    return run_in_folder();
}
