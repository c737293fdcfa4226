#include "sim/runs/charts.h"

#include "sim/base/checksum_line.h"

#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>

static bool
is_picture(const char *name)
{
    return g_str_has_suffix(name, ".svg") || g_str_has_suffix(name, ".png");
}

static void
remove_chart(const char *folder, const char *line)
{
    const char *name = checksum_line_name(line);
    g_autofree char *found = NULL;
    g_autofree char *path = NULL;

    if (name == NULL || !is_picture(name))
        return;
    found = checksum_line_of(folder, name);
    path = g_build_filename(folder, name, NULL);
    if (found != NULL && strcmp(found, line) == 0)
        g_unlink(path);
}

void
charts_remove(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, CHARTS_LIST, NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || !g_file_get_contents(path, &text, NULL, NULL))
        return;
    lines = g_strsplit(text, "\n", -1);
    if (lines[0] == NULL || strcmp(lines[0], CHARTS_FIRST_LINE) != 0)
        return;
    for (char **line = lines + 1; *line != NULL; line++)
        remove_chart(folder, *line);
    g_unlink(path);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *
charts_left(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    const char *entry;

    while (entries != NULL && (entry = g_dir_read_name(entries)) != NULL)
        if (entry[0] != '.' && is_picture(entry))
            g_ptr_array_add(names, g_strdup(entry));
    g_ptr_array_sort(names, compare_names);
    return names;
}
