#include "sim/input/load.h"

#include "sim/base/input_file.h"
#include "sim/base/wording.h"
#include "sim/input/check.h"
#include "sim/input/contacts_keys.h"
#include "sim/input/effects.h"
#include "sim/input/hardware.h"
#include "sim/input/keys.h"
#include "sim/input/laws.h"
#include "sim/input/mixing_keys.h"
#include "sim/input/reading.h"
#include "sim/input/sweep.h"
#include "sim/input/text.h"
#include "sim/input/types.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_actions.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/stop_rule.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

#include <string.h>

/* Members of groups */

/* Of the groups that have members. */
static void *(*const add_member[N_GROUPS])(Scenario *scenario, const char *name, int line) = {
    [GROUP_CHIP] = scenario_add_chip,     [GROUP_INTERFACE] = scenario_add_interface,
    [GROUP_COHORT] = scenario_add_cohort, [GROUP_TERMINALS] = scenario_add_terminals,
    [GROUP_PLAN] = scenario_add_plan,
};

/* Names of groups and keys */

#define HINTED_LENGTH 100

/* ` (did you mean 'GROUP NAME'?)`, in a form that is accepted; NULL if nothing is near. A dot in
 * place of the space is as near as a slip in the group's name. */
static char *
guess_header(const GPtrArray *names, const char *header)
{
    const size_t length = strcspn(header, " .");
    g_autofree char *kind = g_strndup(header, length);
    const char *name = header + length + strspn(header + length, " .");
    g_autofree char *shown = wording_shown(name, HINTED_LENGTH);
    const char *nearest = wording_nearest(names, kind);

    if (nearest == NULL)
        return NULL;
    if (!scenario_groups[keys_find_group(nearest, NULL)].has_members)
        return g_strdup_printf(" (did you mean '%s'?)", nearest);
    return g_strdup_printf(" (did you mean '%s %s'?)", nearest, shown[0] == '\0' ? "NAME" : shown);
}

static void
complain_of_group(ScenarioText *text, const char *header)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *kind = g_strndup(header, strcspn(header, " "));
    g_autofree char *expected = NULL;
    g_autofree char *found = wording_quoted(kind);
    g_autofree char *hint = NULL;

    for (ScenarioGroup group = 0; group < N_GROUPS; group++)
        g_ptr_array_add(names, (char *)scenario_groups[group].name);
    expected = wording_one_of(names);
    hint = guess_header(names, header);
    text_mistake(text, header, NULL, "expected a group, %s, found %s%s", expected, found,
                 hint != NULL ? hint : "");
}

/* The keys that this member may have, as far as it can be told: of a plan those of its action. */
static bool
may_have(const ScenarioText *text, const char *header, const ScenarioKey *key)
{
    g_autofree char *what = NULL;

    if (key->plan_key == 0)
        return true;
    what = text_value(text, header, "do");
    for (PlanDo i = 0; what != NULL && i < N_PLAN_DO; i++)
        if (g_str_equal(plan_actions[i].name, what))
            return plan_actions_has(i, key->plan_key);
    return true;
}

static void
complain_of_key(ScenarioText *text, ScenarioGroup group, const char *header, const char *key)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *message = NULL;

    for (size_t i = 0; i < scenario_n_keys; i++)
        if (scenario_keys[i].group == group && may_have(text, header, &scenario_keys[i]))
            g_ptr_array_add(names, (char *)scenario_keys[i].name);
    message = wording_unknown("a key, ", names, key);
    text_mistake(text, header, key, "%s", message);
    text_doubt(text, header);
}

/* Whether a known group is written as it should: one space and a name, or neither. */
static bool
check_header(ScenarioText *text, ScenarioGroup group, const char *header, const char *member)
{
    const ScenarioGroupRow *row = &scenario_groups[group];
    g_autofree char *found = wording_shown(header, 100);
    g_autofree char *proper = row->has_members ? keys_header(group, member) : g_strdup(row->name);

    if (row->has_members ? member[0] != '\0' && strcmp(header, proper) == 0
                         : strcmp(header, proper) == 0)
        return true;
    text_mistake(text, header, NULL, "expected [%s%s], found [%s]", row->name,
                 row->has_members ? " NAME" : "", found);
    return false;
}

/* Whether it is the group of a run.ini that is no part of the scenario; nobody may set it. */
static bool
is_of_a_run(const ScenarioText *text, const char *header)
{
    return strcmp(header, SCENARIO_RUN_GROUP) == 0 && text_line(text, header) > 0;
}

/* Complains of what is unknown in a group. Returns: the group if it can be read. */
static ScenarioGroup
check_vocabulary(ScenarioText *text, const char *header)
{
    const char *member;
    const ScenarioGroup group = keys_find_group(header, &member);
    g_auto(GStrv) keys = NULL;

    if (is_of_a_run(text, header))
        return N_GROUPS;
    if (group == N_GROUPS)
        complain_of_group(text, header);
    if (group == N_GROUPS || !check_header(text, group, header, member)) {
        text_doubt(text, NULL);
        return N_GROUPS;
    }
    if (group == GROUP_SWEEP)
        return group; /* its keys were checked where they are put */
    keys = text_keys(text, header);
    for (char **key = keys; *key != NULL; key++)
        if (keys_find(group, *key) == NULL)
            complain_of_key(text, group, header, *key);
    return group;
}

/* Values */

/* Whether @header is wrong in such a way that it may mean a group of this name. */
static bool
may_mean(const char *header, const char *name)
{
    const char *member;
    const ScenarioGroup group = keys_find_group(header, &member);
    g_autofree char *proper = NULL;

    if (group == N_GROUPS)
        return strcmp(member, name) == 0;
    if (!scenario_groups[group].has_members)
        return false;
    proper = keys_header(group, member);
    return strcmp(header, proper) != 0 && (member[0] == '\0' || strcmp(member, name) == 0);
}

/* Whether a group of this name may stand behind a header that is misspelt or illegible. */
static bool
may_be_group(const Reading *reading, const char *name)
{
    g_auto(GStrv) headers = text_groups(reading->text);

    if (name[0] != '\0' && text_may_hide(reading->text, name))
        return true;
    for (char **header = headers; *header != NULL; header++)
        if (may_mean(*header, name))
            return true;
    return false;
}

/* Whether a name that is not found may be that of such a group. */
static bool
may_be_misread(const Reading *reading, const ScenarioKey *key, const char *value)
{
    g_auto(GStrv) names = g_strsplit(value, ",", types_is_list(key->value.type) ? -1 : 1);

    if (text_is_sure(reading->text, NULL, NULL) ||
        (key->value.type != TYPE_COHORT && key->value.type != TYPE_COHORTS &&
         key->value.type != TYPE_CHIP && key->value.type != TYPE_INTERFACES &&
         key->value.type != TYPE_TERMINALS))
        return false;
    for (char **name = names; *name != NULL; name++)
        if (may_be_group(reading, g_strstrip(*name)))
            return true;
    return false;
}

static void
read_key(const Reading *reading, const ScenarioKey *key, const char *header, void *base)
{
    Scenario *scenario = reading->scenario;
    void *field = (char *)base + key->offset;
    g_autofree char *value = text_value(reading->text, header, key->name);

    if (value != NULL && types_read(&key->value, value, field, scenario))
        return;
    if (value != NULL && !may_be_misread(reading, key, value)) {
        g_autofree char *complaint = types_complaint(&key->value, value, scenario);

        text_mistake(reading->text, header, key->name, "%s", complaint);
    }
    if (key->preset != NULL && !types_read(&key->value, key->preset, field, scenario))
        g_assert_not_reached();
}

static void
read_keys(const Reading *reading, ScenarioGroup group, const char *header, void *base)
{
    for (size_t i = 0; i < scenario_n_keys; i++)
        if (scenario_keys[i].group == group)
            read_key(reading, &scenario_keys[i], header, base);
}

/* All are there before the first is read: they may name each other. */
static void
read_members(const Reading *reading, ScenarioGroup group, char **headers,
             const ScenarioGroup *groups)
{
    Scenario *scenario = reading->scenario;
    g_autoptr(GPtrArray) members = g_ptr_array_new();

    for (guint i = 0; headers[i] != NULL; i++)
        if (groups[i] == group && add_member[group] != NULL) {
            const int line = text_line(reading->text, headers[i]);
            const char *name;

            keys_find_group(headers[i], &name);
            g_ptr_array_add(members, headers[i]);
            g_ptr_array_add(members, add_member[group](scenario, name, line));
        }
    for (guint i = 0; i < members->len; i += 2)
        read_keys(reading, group, members->pdata[i], members->pdata[i + 1]);
}

static void
read_groups(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    g_auto(GStrv) headers = text_groups(reading->text);
    g_autofree ScenarioGroup *groups = g_new(ScenarioGroup, g_strv_length(headers) + 1);

    for (guint i = 0; headers[i] != NULL; i++)
        groups[i] = check_vocabulary(reading->text, headers[i]);
    if (is_of_a_run(reading->text, SCENARIO_RUN_GROUP))
        scenario->files_folder = text_value(reading->text, SCENARIO_RUN_GROUP, SCENARIO_RUN_FOLDER);
    for (ScenarioGroup group = 0; group < N_GROUPS; group++) {
        if (scenario_groups[group].has_members)
            read_members(reading, group, headers, groups);
        else
            read_keys(reading, group, scenario_groups[group].name, scenario);
        if (group == GROUP_INTERFACE)
            hardware_gather(reading); /* before cohorts and terminals name it */
    }
}

/* Defaults that depend on other values */

/* The file's name without folder and .ini. */
static void
take_name_of_file(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *file = g_path_get_basename(scenario->path);

    if (g_str_has_suffix(file, ".ini"))
        file[strlen(file) - strlen(".ini")] = '\0';
    if (!g_utf8_validate(file, -1, NULL) ||
        !types_read(PLAIN_TYPE(TYPE_NAME), file, &scenario->name, scenario)) {
        g_autofree char *expected = types_expected(PLAIN_TYPE(TYPE_NAME), scenario);
        g_autofree char *found = wording_quoted(file);

        text_mistake(reading->text, "scenario", "name", "expected %s, found only the file's %s",
                     expected, found);
    }
}

static void
finish_names(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    if (!text_has(reading->text, "scenario", "population-seed"))
        scenario->population_seed = scenario->seed;
    if (scenario->name == NULL && text_is_sure(reading->text, "scenario", "name"))
        take_name_of_file(reading);
    if (scenario->title == NULL)
        scenario->title = g_strdup(scenario->name);
}

static void
finish_terminals(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    guint n_unset = 0;

    if (scenario->terminals->len == 0)
        read_keys(reading, GROUP_TERMINALS, "terminals terminals",
                  scenario_add_terminals(scenario, "terminals", 0));
    for (guint i = 0; i < scenario->terminals->len; i++)
        n_unset += scenario_terminals(scenario, i)->share < 0;
    if (n_unset < scenario->terminals->len)
        return; /* given for some: check_scenario() wants all */
    for (guint i = 0; i < scenario->terminals->len; i++)
        scenario_terminals(scenario, i)->share = 1.0 / n_unset;
}

/* The ID that `current` means; SCENARIO_UNSET if it cannot be told. */
static int64_t
find_current(const Reading *reading, const char *header, const GArray *preloaded)
{
    const Scenario *scenario = reading->scenario;
    g_autofree char *current = text_value(reading->text, header, "current");
    int64_t id = SCENARIO_UNSET;

    if (preloaded->len == 0)
        return SCENARIO_UNSET;
    if (current == NULL || strcmp(current, "lowest") == 0)
        return g_array_index(preloaded, uint32_t, 0);
    if (strcmp(current, "highest") == 0)
        return g_array_index(preloaded, uint32_t, preloaded->len - 1);
    types_read(PLAIN_TYPE(TYPE_ID), current, &id, scenario);
    return id;
}

static void
finish_cohort(const Reading *reading, ScenarioCohort *cohort)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);
    CardTerms *terms = &cohort->terms;

    if (text_has(reading->text, header, "preloaded") &&
        !(text_is_sure(reading->text, header, "preloaded") &&
          text_is_sure(reading->text, header, "current") &&
          text_is_sure(reading->text, "scheme", NULL)))
        text_doubt(reading->text, header); /* it may mean to give the transfer key */
    if (terms->transfer_key == SCENARIO_UNSET && scheme_has_preloaded_keys(&scenario->scheme))
        terms->transfer_key = find_current(reading, header, terms->preloaded);
    if (terms->update_key == SCENARIO_UNSET && !scheme_has_update_keys(&scenario->scheme))
        terms->update_key = 1;
}

static void
make_room_for_keys(Scheme *scheme, const CardTerms *terms)
{
    scheme->n_held = (uint8_t)MAX(scheme->n_held, terms->preloaded->len);
}

/* The number of replications may be a rule. */
static void
finish_replications(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *text = text_value(reading->text, "scenario", "replications");
    int64_t most;

    if (text != NULL && text_is_sure(reading->text, "scenario", "replications"))
        stop_rule_read(text, &scenario->until, &most);
}

static void
finish(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    finish_replications(reading);
    finish_names(reading);
    finish_terminals(reading);
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        ScenarioCohort *cohort = scenario_cohort(scenario, i);

        finish_cohort(reading, cohort);
        make_room_for_keys(&scenario->scheme, &cohort->terms);
    }
    for (guint i = 0; i < scenario->plan->len; i++) {
        ScenarioPlan *plan = scenario_plan(scenario, i);

        if (plan_facts_brings_card(plan->what) && !scheme_has_update_keys(&scenario->scheme))
            plan->terms.update_key = 1; /* as in cohorts */
        make_room_for_keys(&scenario->scheme, &plan->terms);
    }
}

/* Reads every value and what follows from it. Returns: false if the machine failed */
static bool
read_point(const Reading *reading, guint point, const Scenario *before, GError **error)
{
    Scenario *scenario = reading->scenario;

    sweep_read(reading, before);
    sweep_apply(reading, point);
    scenario->point = point;
    read_groups(reading);
    finish(reading);
    if (!contacts_keys_finish(reading, before, error))
        return false;
    scenario->level = scenario->fidelity == FIDELITY_AUTO ? FIDELITY_APDU : scenario->fidelity;
    return laws_load(reading, error) && mixing_keys_finish(reading, error);
}

static ScenarioText *
scan(const char *path, const char *data, gsize length, const char *const *overrides)
{
    ScenarioText *text = text_new(path);

    keys_demand_names();
    text_scan(text, data, length);
    for (; overrides != NULL && *overrides != NULL; overrides++)
        text_set(text, *overrides);
    return text;
}

/* Each point puts its values into the text, where the next one finds no mistake: the first point
 * with one is the last. */
static Scenario *
parse_point(const char *path, ScenarioText *text, guint point, const Scenario *before,
            GError **error)
{
    g_autoptr(Scenario) scenario = scenario_new(path);
    const Reading reading = { scenario, text };
    g_autofree char *report = NULL;

    scenario->written = g_key_file_ref(text_values(text));
    if (!read_point(&reading, point, before, error))
        return NULL;
    check_scenario(&reading);
    report = text_report(text);
    if (report != NULL) {
        g_set_error_literal(error, SCENARIO_ERROR, SCENARIO_ERROR_INVALID, report);
        return NULL;
    }
    effects_note(&reading);
    laws_build(scenario);
    return g_steal_pointer(&scenario);
}

Scenario *
scenario_parse(const char *path, const char *data, gsize length, const char *const *overrides,
               GError **error)
{
    g_autoptr(ScenarioText) text = scan(path, data, length, overrides);

    return parse_point(path, text, 0, NULL, error);
}

static char *
read_file(const char *path, gsize *length, GError **error)
{
    g_autoptr(GError) cause = NULL;
    char *data = NULL;

    if (!input_file_read(path, &data, length, &cause))
        g_set_error_literal(error, SCENARIO_ERROR, SCENARIO_ERROR_UNREADABLE, cause->message);
    return data;
}

Scenario *
scenario_load(const char *path, const char *const *overrides, GError **error)
{
    gsize length;
    g_autofree char *data = read_file(path, &length, error);

    return data == NULL ? NULL : scenario_parse(path, data, length, overrides, error);
}

GPtrArray *
scenario_load_points(const char *path, const char *const *overrides, GError **error)
{
    g_autoptr(GPtrArray) points = g_ptr_array_new_with_free_func((GDestroyNotify)scenario_free);
    gsize length;
    g_autofree char *data = read_file(path, &length, error);
    g_autoptr(ScenarioText) text = NULL;
    guint n_points = 1;

    if (data == NULL)
        return NULL;
    text = scan(path, data, length, overrides);
    for (guint i = 0; i < n_points; i++) {
        const Scenario *before = i == 0 ? NULL : points->pdata[i - 1];
        Scenario *point = parse_point(path, text, i, before, error);

        if (point == NULL)
            return NULL;
        g_ptr_array_add(points, point);
        n_points = point->n_points;
    }
    return g_steal_pointer(&points);
}
