#include "sim/compare_scenario.h"

#include "sim/results.h"

static GKeyFile *
load(const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();

    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    g_key_file_remove_group(file, RESULTS_RUN_GROUP, NULL);
    return g_steal_pointer(&file);
}

static GString *
bytes_of(const char *text)
{
    return text == NULL ? NULL : g_string_new(text);
}

static void
compare_key(GKeyFile *const files[static N_COMPARED], const char *group, const char *key,
            Differences *differences)
{
    g_autofree char *reference = g_key_file_get_value(files[REFERENCE], group, key, NULL);
    g_autofree char *result = g_key_file_get_value(files[RESULT], group, key, NULL);
    Difference *first;

    if (g_strcmp0(reference, result) == 0)
        return;
    first = differences_add(differences, DIFFERENCE_KEY);
    if (first != NULL) {
        first->group = g_strdup(group);
        first->key = g_strdup(key);
        first->reference = bytes_of(reference);
        first->result = bytes_of(result);
    }
}

/* Keys that both have are compared in the turn of the reference, the result's own in its. */
static void
compare_group(GKeyFile *const files[static N_COMPARED], const char *group, int turn,
              Differences *differences)
{
    g_auto(GStrv) keys = g_key_file_get_keys(files[turn], group, NULL, NULL);

    for (char **key = keys; key != NULL && *key != NULL; key++)
        if (turn == REFERENCE || !g_key_file_has_key(files[REFERENCE], group, *key, NULL))
            compare_key(files, group, *key, differences);
}

static void
compare_order(char **reference, char **result, Differences *differences)
{
    Difference *first;

    for (; *reference != NULL && g_strcmp0(*reference, *result) == 0; reference++)
        result++;
    if (*reference == NULL && *result == NULL)
        return;
    first = differences_add(differences, DIFFERENCE_GROUPS);
    if (first != NULL) {
        first->reference = bytes_of(*reference);
        first->result = bytes_of(*result);
    }
}

bool
compare_scenarios(const char *const paths[static N_COMPARED], Differences *differences,
                  GError **error)
{
    g_autoptr(GKeyFile) reference = load(paths[REFERENCE], error);
    g_autoptr(GKeyFile) result = reference == NULL ? NULL : load(paths[RESULT], error);
    GKeyFile *const files[N_COMPARED] = { reference, result };
    g_auto(GStrv) before = NULL;
    g_auto(GStrv) after = NULL;

    if (result == NULL)
        return false;
    before = g_key_file_get_groups(reference, NULL);
    after = g_key_file_get_groups(result, NULL);
    for (char **group = before; *group != NULL; group++)
        compare_group(files, *group, REFERENCE, differences);
    for (char **group = after; *group != NULL; group++)
        compare_group(files, *group, RESULT, differences);
    if (differences_n_in_file(differences) == 0)
        compare_order(before, after, differences);
    return true;
}
