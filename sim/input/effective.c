#include "sim/input/effective.h"

#include "sim/input/keys.h"
#include "sim/input/sweep.h"
#include "sim/input/types.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/scenario.h"

/* The members of a group; NULL if it has none. */
static GPtrArray *
members_of(const Scenario *scenario, ScenarioGroup group)
{
    switch (group) {
    case GROUP_CHIP:
        return scenario->own_chips;
    case GROUP_INTERFACE:
        return scenario->own_interfaces;
    case GROUP_COHORT:
        return scenario->cohorts;
    case GROUP_TERMINALS:
        return scenario->terminals;
    case GROUP_PLAN:
        return scenario->plan;
    default:
        return NULL;
    }
}

static const char *
name_of(ScenarioGroup group, const void *member)
{
    switch (group) {
    case GROUP_CHIP:
        return ((const ScenarioChip *)member)->name;
    case GROUP_INTERFACE:
        return ((const ScenarioInterface *)member)->name;
    case GROUP_COHORT:
        return ((const ScenarioCohort *)member)->name;
    case GROUP_TERMINALS:
        return ((const ScenarioTerminals *)member)->name;
    default:
        return ((const ScenarioPlan *)member)->name;
    }
}

/* Calls @visit for each group there is, with its header and its struct. */
static void
visit_groups(const Scenario *scenario,
             void (*visit)(const Scenario *scenario, ScenarioGroup group, const char *header,
                           const void *base, void *data),
             void *data)
{
    for (ScenarioGroup group = 0; group < N_GROUPS; group++) {
        const GPtrArray *members = members_of(scenario, group);

        if (members == NULL)
            visit(scenario, group, scenario_groups[group].name, scenario, data);
        for (guint i = 0; members != NULL && i < members->len; i++) {
            const void *member = members->pdata[i];
            g_autofree char *header = keys_header(group, name_of(group, member));

            visit(scenario, group, header, member, data);
        }
    }
}

static void
print_group(const Scenario *scenario, ScenarioGroup group, const char *header, const void *base,
            void *data)
{
    for (size_t i = 0; i < scenario_n_keys; i++) {
        const ScenarioKey *key = &scenario_keys[i];
        g_autofree char *value = NULL;

        if (key->group != group || !keys_is_of_model(key, scenario->mixing))
            continue;
        /* --set scheme.embodiment must not meet axes that say otherwise */
        if (keys_is_axis(key) && scheme_embodiment(&scenario->scheme) != NULL)
            continue;
        value = types_print(&key->value, (const char *)base + key->offset, scenario);
        if (value != NULL)
            g_key_file_set_value(data, header, key->name, value);
    }
}

GKeyFile *
scenario_to_key_file(const Scenario *scenario)
{
    GKeyFile *file = g_key_file_new();

    visit_groups(scenario, print_group, file);
    sweep_print(scenario, file);
    return file;
}
