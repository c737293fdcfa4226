#include "sim/input/manual.h"

#include "sim/input/keys.h"

/* The axes that an embodiment sets and a scenario may set otherwise. */
typedef enum {
    AXIS_NONE,
    AXIS_DELIVER,
    AXIS_AUTHENTICATE,
    AXIS_UPDATE_KEY,
    AXIS_PAYS_WITH,
    N_AXES
} Axis;

static const struct {
    const char *key;
    guint n_values;
} axes[N_AXES] = {
    [AXIS_NONE] = { "", 1 },
    [AXIS_DELIVER] = { "deliver", N_DELIVER },
    [AXIS_AUTHENTICATE] = { "authenticate", N_AUTHENTICATE },
    [AXIS_UPDATE_KEY] = { "update-key", N_UPDATE_KEY },
    [AXIS_PAYS_WITH] = { "pays-with", N_PAYS_WITH },
};

static void
set_axis(Scheme *scheme, Axis axis, guint value)
{
    if (axis == AXIS_DELIVER)
        scheme->deliver = value;
    else if (axis == AXIS_AUTHENTICATE)
        scheme->authenticate = value;
    else if (axis == AXIS_UPDATE_KEY)
        scheme->update_key = value;
    else if (axis == AXIS_PAYS_WITH)
        scheme->pays_with = value;
}

/* The first axis that an embodiment must set otherwise to use a key, no other one being changed:
 * AXIS_NONE if it uses it as it is, N_AXES if one does not suffice. */
static Axis
find_axis(const ScenarioKey *key, const char *embodiment)
{
    for (Axis axis = 0; axis < N_AXES; axis++)
        for (guint value = 0; value < axes[axis].n_values; value++) {
            Scheme scheme = scheme_default();

            scheme_set_embodiment(&scheme, embodiment);
            set_axis(&scheme, axis, value);
            if (scheme_is_possible(&scheme, NULL) && key->used(&scheme))
                return axis;
        }
    return N_AXES;
}

/* The embodiments that use a key, for the manual: `2, 3, 5; 1, 4 by authenticate`. */
static char *
describe_users(const ScenarioKey *key)
{
    GString *users = g_string_new(NULL);

    if (key->used == NULL)
        g_string_append(users, "all");
    for (Axis axis = 0; key->used != NULL && axis < N_AXES; axis++) {
        const char *between = users->len > 0 ? "; " : "";

        for (size_t i = 0; scheme_embodiment_names[i] != NULL; i++)
            if (find_axis(key, scheme_embodiment_names[i]) == axis) {
                g_string_append_printf(users, "%s%s", between, scheme_embodiment_names[i]);
                between = ", ";
            }
        if (axis != AXIS_NONE && between[0] == ',')
            g_string_append_printf(users, " by `%s`", axes[axis].key);
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
