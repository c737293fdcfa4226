#include "sim/input/sweep.h"

#include "sim/base/wording.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
#include "sim/input/text.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/scenario.h"

#include <string.h>

/* Keys that say what the whole sweep is. */
static const char *const fixed_keys[] = { "scenario.name", "scenario.title",
                                          "scenario.replications", NULL };

static const char *
header(void)
{
    return scenario_groups[GROUP_SWEEP].name;
}

static void
free_axis(gpointer data)
{
    ScenarioAxis *axis = data;

    g_free(axis->group);
    g_free(axis->key);
    g_strfreev(axis->values);
    g_free(axis);
}

/* Whether the list is a list of different values. */
static bool
check_values(ScenarioText *text, const char *name, char **values)
{
    g_autoptr(GHashTable) before = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; values[i] != NULL; i++) {
        g_strstrip(values[i]);
        if (values[i][0] == '\0') {
            text_mistake(text, header(), name,
                         "expected values with a comma between two, found nothing at "
                         "place %u",
                         i + 1);
            return false;
        }
        if (!g_hash_table_add(before, values[i])) {
            g_autofree char *found = wording_quoted(values[i]);

            text_mistake(text, header(), name, "expected different values, found %s twice", found);
            return false;
        }
    }
    return true;
}

static void
read_axis(const Reading *reading, const char *name)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *list = text_value(reading->text, header(), name);
    g_auto(GStrv) values = g_strsplit(list, ",", -1);
    const char *dot = strrchr(name, '.');
    g_autofree char *group = dot == NULL ? NULL : g_strndup(name, (gsize)(dot - name));
    g_autofree char *found = wording_quoted(name);
    ScenarioAxis *axis;

    if (dot == NULL || !text_is_group_name(group) || dot[1] == '\0' || g_ascii_isspace(dot[1]) ||
        strcmp(group, header()) == 0) {
        text_mistake(reading->text, header(), name,
                     "expected GROUP.KEY such as scheme.embodiment, found %s", found);
        return;
    }
    if (g_strv_contains(fixed_keys, name)) {
        text_mistake(reading->text, header(), name,
                     "expected a key that may differ from point to point, found %s", found);
        return;
    }
    if (!check_values(reading->text, name, values))
        return;
    axis = g_new0(ScenarioAxis, 1);
    axis->group = g_steal_pointer(&group);
    axis->key = g_strdup(dot + 1);
    axis->n_values = g_strv_length(values);
    axis->values = g_steal_pointer(&values);
    g_ptr_array_add(scenario->sweep, axis);
}

static void
read_axes(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    g_auto(GStrv) names = text_keys(reading->text, header());

    g_ptr_array_set_free_func(scenario->sweep, free_axis);
    for (char **name = names; *name != NULL; name++)
        read_axis(reading, *name);
    scenario->n_points = 1;
    for (guint i = 0; i < scenario->sweep->len; i++) {
        const ScenarioAxis *axis = scenario->sweep->pdata[i];

        scenario->n_points *= axis->n_values;
        if (scenario->n_points > SCENARIO_POINTS_MAX) {
            text_mistake(reading->text, header(), NULL, "expected at most %d points, found more",
                         SCENARIO_POINTS_MAX);
            scenario->n_points = 1;
            return;
        }
    }
}

void
sweep_read(const Reading *reading, const Scenario *before)
{
    Scenario *scenario = reading->scenario;

    if (before == NULL) {
        read_axes(reading);
        return;
    }
    g_ptr_array_unref(scenario->sweep);
    scenario->sweep = g_ptr_array_ref(before->sweep);
    scenario->n_points = before->n_points;
}

bool
sweep_moves(const Scenario *scenario, const char *group, const char *key)
{
    for (guint i = 0; i < scenario->sweep->len; i++) {
        const ScenarioAxis *axis = scenario->sweep->pdata[i];

        if (strcmp(axis->group, group) == 0 && strcmp(axis->key, key) == 0)
            return true;
    }
    return false;
}

const char *
sweep_value(const Scenario *scenario, guint axis, guint point)
{
    const ScenarioAxis *this = scenario->sweep->pdata[axis];

    for (guint i = scenario->sweep->len - 1; i > axis; i--)
        point /= ((const ScenarioAxis *)scenario->sweep->pdata[i])->n_values;
    return this->values[point % this->n_values];
}

void
sweep_apply(const Reading *reading, guint point)
{
    Scenario *scenario = reading->scenario;
    for (guint i = 0; i < scenario->sweep->len; i++) {
        const ScenarioAxis *axis = scenario->sweep->pdata[i];
        g_autofree char *name = g_strconcat(axis->group, ".", axis->key, NULL);

        text_substitute(reading->text, axis->group, axis->key, sweep_value(scenario, i, point),
                        header(), name);
    }
}

void
sweep_print(const Scenario *scenario, GKeyFile *file)
{
    for (guint i = 0; i < scenario->sweep->len; i++) {
        const ScenarioAxis *axis = scenario->sweep->pdata[i];
        g_autofree char *name = g_strconcat(axis->group, ".", axis->key, NULL);
        g_autofree char *list = g_strjoinv(", ", axis->values);

        g_key_file_set_value(file, header(), name, list);
    }
}
