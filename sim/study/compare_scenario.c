#include "sim/study/compare_scenario.h"

#include "sim/base/input_file.h"
#include "sim/input/keys.h"
#include "sim/runs/results.h"

#include <string.h>

static GKeyFile *
load(const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *data = NULL;
    gsize length;

    if (!input_file_read(path, &data, &length, error))
        return NULL;
    if (!g_key_file_load_from_data(file, data, length, G_KEY_FILE_NONE, error)) {
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

/* Whether a file that lacks the group means the same as one that has it: not so a member. */
static bool
may_be_lacking(const char *group)
{
    const ScenarioGroup known = keys_find_group(group, NULL);

    return known < N_GROUPS && !scenario_groups[known].has_members;
}

static bool
is_default(const char *group, const char *key, const char *value)
{
    const ScenarioKey *known = keys_find(keys_find_group(group, NULL), key);

    return known != NULL && known->preset != NULL && g_strcmp0(known->preset, value) == 0;
}

/* Whether a file that lacks the key means what the other one says. */
static bool
is_implied(GKeyFile *file, const char *group, const char *key, const char *value)
{
    return (g_key_file_has_group(file, group) || may_be_lacking(group)) &&
           is_default(group, key, value);
}

static void
compare_key(GKeyFile *const files[static N_COMPARED], const char *group, const char *key,
            Differences *differences)
{
    g_autofree char *reference = g_key_file_get_value(files[REFERENCE], group, key, NULL);
    g_autofree char *result = g_key_file_get_value(files[RESULT], group, key, NULL);
    Difference *first;

    if (g_strcmp0(reference, result) == 0 ||
        (reference == NULL && is_implied(files[REFERENCE], group, key, result)) ||
        (result == NULL && is_implied(files[RESULT], group, key, reference)))
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

/* Past groups that the other file lacks and that may be lacking: their keys have been compared. */
static char **
skip_implied(char **groups, GKeyFile *other)
{
    while (*groups != NULL && may_be_lacking(*groups) && !g_key_file_has_group(other, *groups))
        groups++;
    return groups;
}

static void
compare_order(GKeyFile *const files[static N_COMPARED], char **reference, char **result,
              Differences *differences)
{
    Difference *first;

    for (;; reference++, result++) {
        reference = skip_implied(reference, files[RESULT]);
        result = skip_implied(result, files[REFERENCE]);
        if (*reference == NULL || g_strcmp0(*reference, *result) != 0)
            break;
    }
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
        compare_order(files, before, after, differences);
    return true;
}
