#include "sim/input/manual.h"

#include "sim/input/keys.h"

/* The embodiments that use a key, for the manual. */
static char *
describe_users(const ScenarioKey *key)
{
    GString *users = g_string_new(NULL);

    if (key->used == NULL)
        g_string_append(users, "all");
    for (size_t i = 0; key->used != NULL && scheme_embodiment_names[i] != NULL; i++) {
        Scheme scheme = scheme_default();

        scheme_set_embodiment(&scheme, scheme_embodiment_names[i]);
        if (key->used(&scheme))
            g_string_append_printf(users, "%s%s", users->len > 0 ? ", " : "",
                                   scheme_embodiment_names[i]);
    }
    return g_string_free(users, FALSE);
}

static void
describe_key(FILE *out, const ScenarioKey *key)
{
    g_autofree char *expected = types_expected(&key->value, NULL);
    g_autofree char *users = describe_users(key);
    g_autofree char *meaning = key->describe != NULL ? key->describe() : g_strdup(key->meaning);
    const char *mark = key->preset != NULL ? "`" : "";

    fprintf(out, "| `%s` | %s | %s%s%s | %s | %s |\n", key->name, expected, mark,
            key->preset != NULL ? key->preset : key->otherwise, mark, users, meaning);
}

void
scenario_describe_keys(FILE *out)
{
    keys_demand_names();
    for (ScenarioGroup group = 0; group < N_GROUPS; group++) {
        const ScenarioGroupRow *row = &scenario_groups[group];

        fprintf(out, "%s### [%s%s]\n\n%s\n\n", group > 0 ? "\n" : "", row->name,
                row->has_members ? " NAME" : "", row->meaning);
        if (group == GROUP_SWEEP)
            continue;
        fputs("| key | value | default | used by embodiment | meaning |\n", out);
        fputs("|---|---|---|---|---|\n", out);
        for (size_t i = 0; i < scenario_n_keys; i++)
            if (scenario_keys[i].group == group)
                describe_key(out, &scenario_keys[i]);
    }
}
