#include "sim/input/effective.h"

#include "sim/input/keys.h"
#include "sim/input/members.h"
#include "sim/input/sweep.h"
#include "sim/input/types.h"
#include "sim/scenario/scenario.h"

/* What is printed: the points of a sweep as one file. */
typedef struct {
    const Scenario *const *points;
    guint n_points;
    GKeyFile *file;
} Printing;

/* The struct in which the keys of a group, or of its member of that index, have their fields. */
static const void *
base_of(const Scenario *scenario, ScenarioGroup group, guint index)
{
    const GPtrArray *members = members_of_group(scenario, group);

    return members == NULL ? (const void *)scenario : members->pdata[index];
}

/* The value at one point; NULL if there is none. Axes that an embodiment's name says are left
 * out: --set scheme.embodiment must not meet axes that say otherwise. */
static char *
value_at(const Scenario *scenario, const ScenarioKey *key, guint index)
{
    const char *base = base_of(scenario, key->group, index);

    if (keys_is_axis(key) && scheme_embodiment(&scenario->scheme) != NULL)
        return NULL;
    return types_print(&key->value, base + key->offset, scenario);
}

static char *
value_as_written(const Printing *printing, const ScenarioKey *key, const char *header)
{
    return g_key_file_get_value(printing->points[0]->written, header, key->name, NULL);
}

/* What means the same at every point: the value where they agree. Where a default hangs on a key
 * that the sweep moves they do not, and it is left to the default again; a key that the file
 * sets stands as it is written. */
static char *
value_at_all(const Printing *printing, const ScenarioKey *key, const char *header, guint index)
{
    g_autofree char *value = NULL;
    bool is_known = false;

    for (guint i = 0; i < printing->n_points; i++) {
        const Scenario *point = printing->points[i];
        g_autofree char *here = NULL;

        if (!keys_is_of_model(key, point->mixing))
            continue;
        here = value_at(point, key, index);
        if (is_known && g_strcmp0(value, here) != 0)
            return value_as_written(printing, key, header);
        g_free(value);
        value = g_steal_pointer(&here);
        is_known = true;
    }
    return g_steal_pointer(&value);
}

/* Whether an embodiment's name says what the key says. */
static bool
is_of_embodiment(const ScenarioKey *key)
{
    return key->value.type == TYPE_EMBODIMENT || keys_is_axis(key);
}

/* Then which embodiment a point has follows from several keys, of which each may go against
 * another. */
static bool
moves_embodiment(const Scenario *scenario)
{
    const char *header = scenario_groups[GROUP_SCHEME].name;

    for (size_t i = 0; i < scenario_n_keys; i++)
        if (is_of_embodiment(&scenario_keys[i]) &&
            sweep_moves(scenario, header, scenario_keys[i].name))
            return true;
    return false;
}

/* A key that the sweep moves has the first point's value: each point puts its own there. */
static char *
value_of(const Printing *printing, const ScenarioKey *key, const char *header, guint index)
{
    const Scenario *first = printing->points[0];

    if (!sweep_moves(first, header, key->name))
        return is_of_embodiment(key) && moves_embodiment(first)
                   ? value_as_written(printing, key, header)
                   : value_at_all(printing, key, header, index);
    return keys_is_of_model(key, first->mixing) ? value_at(first, key, index) : NULL;
}

static void
print_keys(const Printing *printing, ScenarioGroup group, const char *header, guint index)
{
    for (size_t i = 0; i < scenario_n_keys; i++) {
        const ScenarioKey *key = &scenario_keys[i];
        g_autofree char *value = NULL;

        if (key->group != group)
            continue;
        value = value_of(printing, key, header, index);
        if (value != NULL)
            g_key_file_set_value(printing->file, header, key->name, value);
    }
}

GKeyFile *
scenario_to_key_file(const Scenario *const *points, guint n_points)
{
    const Printing printing = { points, n_points, g_key_file_new() };

    for (ScenarioGroup group = 0; group < N_GROUPS; group++) {
        const GPtrArray *members = members_of_group(points[0], group);

        if (members == NULL)
            print_keys(&printing, group, scenario_groups[group].name, 0);
        for (guint i = 0; members != NULL && i < members->len; i++) {
            g_autofree char *header = keys_header(group, members_name(group, members->pdata[i]));

            print_keys(&printing, group, header, i);
        }
    }
    sweep_print(points[0], printing.file);
    return printing.file;
}
