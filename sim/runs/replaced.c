#include "sim/runs/replaced.h"

#include "sim/runs/results.h"

#include <stdbool.h>
#include <string.h>

#define SCENARIO_GROUP "scenario"

/* A key that one of them lacks is one that another version does not know. */
static bool
differs(GKeyFile *before, GKeyFile *now, const char *group, const char *key)
{
    g_autofree char *was = g_key_file_get_value(before, group, key, NULL);
    g_autofree char *is = g_key_file_get_value(now, group, key, NULL);

    return was != NULL && is != NULL && strcmp(was, is) != 0;
}

/* Seeds are told by themselves. */
static bool
is_seed(const char *group, const char *key)
{
    return strcmp(group, SCENARIO_GROUP) == 0 && g_str_has_suffix(key, "seed");
}

/* (transfer full): `[group] key = value` of the first key that was another one. */
static char *
other_key_of(GKeyFile *before, GKeyFile *now, const char *group)
{
    g_auto(GStrv) keys = g_key_file_get_keys(before, group, NULL, NULL);

    for (char **key = keys; key != NULL && *key != NULL; key++)
        if (!is_seed(group, *key) && differs(before, now, group, *key)) {
            g_autofree char *value = g_key_file_get_value(before, group, *key, NULL);

            return g_strdup_printf("[%s] %s = %s", group, *key, value);
        }
    return NULL;
}

/* (transfer full): `[group]` of the first one of @has that @lacks has not. */
static char *
other_group(GKeyFile *has, GKeyFile *lacks, const char *before)
{
    g_auto(GStrv) groups = g_key_file_get_groups(has, NULL);

    for (char **group = groups; *group != NULL; group++)
        if (strcmp(*group, RESULTS_RUN_GROUP) != 0 && !g_key_file_has_group(lacks, *group))
            return g_strdup_printf("%s[%s]", before, *group);
    return NULL;
}

/* (transfer full) (nullable): what the scenario had that it has no more, or the reverse. */
static char *
other_scenario(GKeyFile *before, GKeyFile *now)
{
    g_auto(GStrv) groups = g_key_file_get_groups(before, NULL);
    char *found = other_group(before, now, "");

    if (found == NULL)
        found = other_group(now, before, "no ");
    for (char **group = groups; found == NULL && *group != NULL; group++)
        found = other_key_of(before, now, *group);
    return found;
}

char *
replaced_describe(GKeyFile *before, GKeyFile *now)
{
    g_autofree char *name = g_key_file_get_value(before, SCENARIO_GROUP, "name", NULL);
    g_autofree char *seed = g_key_file_get_value(before, SCENARIO_GROUP, "seed", NULL);
    g_autofree char *population =
        g_key_file_get_value(before, SCENARIO_GROUP, "population-seed", NULL);
    g_autofree char *other = NULL;

    if (differs(before, now, SCENARIO_GROUP, "name"))
        return g_strdup_printf("another scenario, %s with seed %s", name, seed);
    other = other_scenario(before, now);
    if (other != NULL)
        return g_strdup_printf("another scenario, %s with %s and seed %s", name, other, seed);
    if (!differs(before, now, SCENARIO_GROUP, "seed") &&
        !differs(before, now, SCENARIO_GROUP, "population-seed"))
        return NULL;
    return g_strcmp0(seed, population) == 0
               ? g_strdup_printf("seed %s", seed)
               : g_strdup_printf("seed %s with population-seed %s", seed, population);
}
