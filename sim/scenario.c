#include "sim/scenario.h"

#include "sim/scenario_check.h"
#include "sim/scenario_hardware.h"
#include "sim/scenario_keys.h"
#include "sim/scenario_laws.h"
#include "sim/scenario_mixing.h"
#include "sim/scenario_names.h"
#include "sim/scenario_plan.h"
#include "sim/scenario_sweep.h"
#include "sim/scenario_text.h"
#include "sim/scenario_trace.h"
#include "sim/scenario_types.h"
#include "sim/stop_rule.h"

#include <string.h>

G_DEFINE_QUARK(scenario - error - quark, scenario_error)

/* Members of groups */

static void
init_terms(CardTerms *terms)
{
    terms->transfer_key = SCENARIO_UNSET;
    terms->update_key = SCENARIO_UNSET;
    terms->transfer_key_limit = SCENARIO_UNSET;
    terms->update_key_limit = SCENARIO_UNSET;
    terms->preloaded = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    terms->expiry.low = SCENARIO_UNSET;
}

static void
free_chip(void *data)
{
    ScenarioChip *chip = data;

    g_free(chip->name);
    g_free(chip->source);
    g_free(chip);
}

static void
free_interface(void *data)
{
    ScenarioInterface *interface = data;

    g_free(interface->name);
    g_free(interface->source);
    g_free(interface);
}

static void
free_cohort(void *data)
{
    ScenarioCohort *cohort = data;

    g_free(cohort->name);
    g_array_unref(cohort->terms.preloaded);
    activity_clear(&cohort->activity);
    g_free(cohort->region);
    g_free(cohort);
}

static void
free_terminals(void *data)
{
    g_free(((ScenarioTerminals *)data)->name);
    g_free(data);
}

static void
free_plan(void *data)
{
    ScenarioPlan *plan = data;

    g_free(plan->name);
    g_array_unref(plan->from);
    g_array_unref(plan->terms.preloaded);
    g_free(plan);
}

/* Each returns the struct in which the member's keys have their fields. */
static void *
add_chip(Scenario *scenario, const char *name, int line)
{
    ScenarioChip *chip = g_new0(ScenarioChip, 1);

    chip->name = g_strdup(name);
    chip->line = line;
    for (ChipOperation i = 0; i < N_CHIP_OPERATIONS; i++)
        chip->cost[i].base_ns = SCENARIO_UNSET;
    for (SuiteId suite = 0; suite < N_SUITES; suite++)
        for (ChipSuiteOperation i = 0; i < N_CHIP_SUITE_OPERATIONS; i++)
            chip->suite_ns[suite][i] = SCENARIO_UNSET;
    g_ptr_array_add(scenario->own_chips, chip);
    return chip;
}

static void *
add_interface(Scenario *scenario, const char *name, int line)
{
    ScenarioInterface *interface = g_new0(ScenarioInterface, 1);

    *interface = (ScenarioInterface){
        .name = g_strdup(name),
        .line = line,
        .protocol = -1,
        .bit_ps = SCENARIO_UNSET,
        .byte_bits = SCENARIO_UNSET,
        .block_overhead = SCENARIO_UNSET,
        .block_bytes = SCENARIO_UNSET,
        .card_gap_ns = SCENARIO_UNSET,
        .reader_gap_ns = SCENARIO_UNSET,
        .activation = SCENARIO_UNSET,
    };
    g_ptr_array_add(scenario->own_interfaces, interface);
    return interface;
}

static void *
add_cohort(Scenario *scenario, const char *name, int line)
{
    ScenarioCohort *cohort = g_new0(ScenarioCohort, 1);

    cohort->name = g_strdup(name);
    cohort->line = line;
    cohort->cards = SCENARIO_UNSET;
    cohort->dormant = SCENARIO_SHARE_UNSET;
    cohort->role = ROLE_PERSON;
    cohort->successor = -1;
    cohort->clone_of = -1;
    init_terms(&cohort->terms);
    g_ptr_array_add(scenario->cohorts, cohort);
    return cohort;
}

static void *
add_terminals(Scenario *scenario, const char *name, int line)
{
    ScenarioTerminals *terminals = g_new0(ScenarioTerminals, 1);

    terminals->name = g_strdup(name);
    terminals->line = line;
    terminals->share = SCENARIO_SHARE_UNSET;
    terminals->rogue_id = SCENARIO_UNSET;
    g_ptr_array_add(scenario->terminals, terminals);
    return terminals;
}

static void *
add_plan(Scenario *scenario, const char *name, int line)
{
    ScenarioPlan *plan = g_new0(ScenarioPlan, 1);

    plan->name = g_strdup(name);
    plan->line = line;
    plan->what = N_PLAN_DO;
    plan->at = SCENARIO_UNSET;
    plan->every = SCENARIO_UNSET;
    plan->times = SCENARIO_UNSET;
    plan->cards = SCENARIO_UNSET;
    plan->share = SCENARIO_SHARE_UNSET;
    plan->rate_per_day = SCENARIO_RATE_UNSET;
    plan->taps_per_day = SCENARIO_RATE_UNSET;
    plan->cohort = -1;
    plan->from = g_array_new(FALSE, FALSE, sizeof(guint));
    plan->terminals = -1;
    init_terms(&plan->terms);
    g_ptr_array_add(scenario->plan, plan);
    return plan;
}

/* Of the groups that have members. */
static void *(*const add_member[N_GROUPS])(Scenario *scenario, const char *name, int line) = {
    [GROUP_CHIP] = add_chip,     [GROUP_INTERFACE] = add_interface,
    [GROUP_COHORT] = add_cohort, [GROUP_TERMINALS] = add_terminals,
    [GROUP_PLAN] = add_plan,
};

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
            g_autofree char *header = scenario_keys_header(group, name_of(group, member));

            visit(scenario, group, header, member, data);
        }
    }
}

/* Names of groups and keys */

static void
complain_of_group(ScenarioText *text, const char *header)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *kind = g_strndup(header, strcspn(header, " "));
    g_autofree char *message = NULL;

    for (ScenarioGroup group = 0; group < N_GROUPS; group++)
        g_ptr_array_add(names, (char *)scenario_groups[group].name);
    message = scenario_names_unknown("a group, ", names, kind);
    scenario_text_mistake(text, header, NULL, "%s", message);
}

static void
complain_of_key(ScenarioText *text, ScenarioGroup group, const char *header, const char *key)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *message = NULL;

    for (size_t i = 0; i < scenario_n_keys; i++)
        if (scenario_keys[i].group == group)
            g_ptr_array_add(names, (char *)scenario_keys[i].name);
    message = scenario_names_unknown("a key, ", names, key);
    scenario_text_mistake(text, header, key, "%s", message);
    scenario_text_doubt(text, header);
}

/* Whether a known group is written as it should: one space and a name, or neither. */
static bool
check_header(ScenarioText *text, ScenarioGroup group, const char *header, const char *member)
{
    const ScenarioGroupRow *row = &scenario_groups[group];
    g_autofree char *found = scenario_names_shown(header, 100);
    g_autofree char *proper =
        row->has_members ? scenario_keys_header(group, member) : g_strdup(row->name);

    if (row->has_members ? member[0] != '\0' && strcmp(header, proper) == 0
                         : strcmp(header, proper) == 0)
        return true;
    scenario_text_mistake(text, header, NULL, "expected [%s%s], found [%s]", row->name,
                          row->has_members ? " NAME" : "", found);
    return false;
}

/* Complains of what is unknown in a group. Returns: the group if it can be read. */
static ScenarioGroup
check_vocabulary(ScenarioText *text, const char *header)
{
    const char *member;
    const ScenarioGroup group = scenario_keys_find_group(header, &member);
    g_auto(GStrv) keys = NULL;

    if (group == N_GROUPS)
        complain_of_group(text, header);
    if (group == N_GROUPS || !check_header(text, group, header, member)) {
        scenario_text_doubt(text, NULL);
        return N_GROUPS;
    }
    if (group == GROUP_SWEEP)
        return group; /* its keys were checked where they are put */
    keys = scenario_text_keys(text, header);
    for (char **key = keys; *key != NULL; key++)
        if (scenario_keys_find(group, *key) == NULL)
            complain_of_key(text, group, header, *key);
    return group;
}

/* Values */

/* Whether @header is wrong in such a way that it may mean a group of this name. */
static bool
may_mean(const char *header, const char *name)
{
    const char *member;
    const ScenarioGroup group = scenario_keys_find_group(header, &member);
    g_autofree char *proper = NULL;

    if (group == N_GROUPS)
        return strcmp(member, name) == 0;
    if (!scenario_groups[group].has_members)
        return false;
    proper = scenario_keys_header(group, member);
    return strcmp(header, proper) != 0 && (member[0] == '\0' || strcmp(member, name) == 0);
}

/* Whether a group of this name may stand behind a header that is misspelt or illegible. */
static bool
may_be_group(const Scenario *scenario, const char *name)
{
    g_auto(GStrv) headers = scenario_text_groups(scenario->text);

    if (name[0] != '\0' && scenario_text_may_hide(scenario->text, name))
        return true;
    for (char **header = headers; *header != NULL; header++)
        if (may_mean(*header, name))
            return true;
    return false;
}

/* Whether a name that is not found may be that of such a group. */
static bool
may_be_misread(const Scenario *scenario, const ScenarioKey *key, const char *value)
{
    g_auto(GStrv) names = g_strsplit(value, ",", scenario_types_is_list(key->type) ? -1 : 1);

    if (scenario_text_is_sure(scenario->text, NULL, NULL) ||
        (key->type != TYPE_COHORT && key->type != TYPE_COHORTS && key->type != TYPE_CHIP &&
         key->type != TYPE_INTERFACES && key->type != TYPE_TERMINALS))
        return false;
    for (char **name = names; *name != NULL; name++)
        if (may_be_group(scenario, g_strstrip(*name)))
            return true;
    return false;
}

static void
read_key(Scenario *scenario, const ScenarioKey *key, const char *header, void *base)
{
    void *field = (char *)base + key->offset;
    g_autofree char *value = scenario_text_value(scenario->text, header, key->name);

    if (value != NULL && scenario_types_read(key->type, value, field, scenario))
        return;
    if (value != NULL && !may_be_misread(scenario, key, value)) {
        g_autofree char *complaint = scenario_types_complaint(key->type, value, scenario);

        scenario_text_mistake(scenario->text, header, key->name, "%s", complaint);
    }
    if (key->preset != NULL && !scenario_types_read(key->type, key->preset, field, scenario))
        g_assert_not_reached();
}

static void
read_keys(Scenario *scenario, ScenarioGroup group, const char *header, void *base)
{
    for (size_t i = 0; i < scenario_n_keys; i++)
        if (scenario_keys[i].group == group)
            read_key(scenario, &scenario_keys[i], header, base);
}

/* All are there before the first is read: they may name each other. */
static void
read_members(Scenario *scenario, ScenarioGroup group, char **headers, const ScenarioGroup *groups)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new();

    for (guint i = 0; headers[i] != NULL; i++)
        if (groups[i] == group && add_member[group] != NULL) {
            const int line = scenario_text_line(scenario->text, headers[i]);
            const char *name;

            scenario_keys_find_group(headers[i], &name);
            g_ptr_array_add(members, headers[i]);
            g_ptr_array_add(members, add_member[group](scenario, name, line));
        }
    for (guint i = 0; i < members->len; i += 2)
        read_keys(scenario, group, members->pdata[i], members->pdata[i + 1]);
}

static void
read_groups(Scenario *scenario)
{
    g_auto(GStrv) headers = scenario_text_groups(scenario->text);
    g_autofree ScenarioGroup *groups = g_new(ScenarioGroup, g_strv_length(headers) + 1);

    for (guint i = 0; headers[i] != NULL; i++)
        groups[i] = check_vocabulary(scenario->text, headers[i]);
    for (ScenarioGroup group = 0; group < N_GROUPS; group++) {
        if (scenario_groups[group].has_members)
            read_members(scenario, group, headers, groups);
        else
            read_keys(scenario, group, scenario_groups[group].name, scenario);
        if (group == GROUP_INTERFACE)
            scenario_hardware_gather(scenario); /* before cohorts and terminals name it */
    }
}

/* Defaults that depend on other values */

/* The file's name without folder and .ini. */
static void
take_name_of_file(Scenario *scenario)
{
    g_autofree char *file = g_path_get_basename(scenario->path);

    if (g_str_has_suffix(file, ".ini"))
        file[strlen(file) - strlen(".ini")] = '\0';
    if (!g_utf8_validate(file, -1, NULL) ||
        !scenario_types_read(TYPE_NAME, file, &scenario->name, scenario)) {
        g_autofree char *expected = scenario_types_expected(TYPE_NAME, scenario);
        g_autofree char *found = scenario_names_quoted(file);

        scenario_text_mistake(scenario->text, "scenario", "name",
                              "expected %s, found only the file's %s", expected, found);
    }
}

static void
finish_names(Scenario *scenario)
{
    if (!scenario_text_has(scenario->text, "scenario", "population-seed"))
        scenario->population_seed = scenario->seed;
    if (scenario->name == NULL && scenario_text_is_sure(scenario->text, "scenario", "name"))
        take_name_of_file(scenario);
    if (scenario->title == NULL)
        scenario->title = g_strdup(scenario->name);
}

static void
finish_terminals(Scenario *scenario)
{
    guint n_unset = 0;

    if (scenario->terminals->len == 0)
        read_keys(scenario, GROUP_TERMINALS, "terminals terminals",
                  add_terminals(scenario, "terminals", 0));
    for (guint i = 0; i < scenario->terminals->len; i++)
        n_unset += ((ScenarioTerminals *)scenario->terminals->pdata[i])->share < 0;
    if (n_unset < scenario->terminals->len)
        return; /* given for some: scenario_check() wants all */
    for (guint i = 0; i < scenario->terminals->len; i++)
        ((ScenarioTerminals *)scenario->terminals->pdata[i])->share = 1.0 / n_unset;
}

/* The ID that `current` means; SCENARIO_UNSET if it cannot be told. */
static int64_t
find_current(const Scenario *scenario, const char *header, const GArray *preloaded)
{
    g_autofree char *current = scenario_text_value(scenario->text, header, "current");
    int64_t id = SCENARIO_UNSET;

    if (preloaded->len == 0)
        return SCENARIO_UNSET;
    if (current == NULL || strcmp(current, "lowest") == 0)
        return g_array_index(preloaded, uint32_t, 0);
    if (strcmp(current, "highest") == 0)
        return g_array_index(preloaded, uint32_t, preloaded->len - 1);
    scenario_types_read(TYPE_ID, current, &id, scenario);
    return id;
}

static void
finish_cohort(Scenario *scenario, ScenarioCohort *cohort)
{
    g_autofree char *header = scenario_keys_header(GROUP_COHORT, cohort->name);
    CardTerms *terms = &cohort->terms;

    if (scenario_text_has(scenario->text, header, "preloaded") &&
        !(scenario_text_is_sure(scenario->text, header, "preloaded") &&
          scenario_text_is_sure(scenario->text, header, "current") &&
          scenario_text_is_sure(scenario->text, "scheme", NULL)))
        scenario_text_doubt(scenario->text, header); /* it may mean to give the transfer key */
    if (terms->transfer_key == SCENARIO_UNSET &&
        scenario_keys_used_by_preloading(&scenario->scheme))
        terms->transfer_key = find_current(scenario, header, terms->preloaded);
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
finish_replications(Scenario *scenario)
{
    g_autofree char *text = scenario_text_value(scenario->text, "scenario", "replications");
    int64_t most;

    if (text != NULL && scenario_text_is_sure(scenario->text, "scenario", "replications"))
        stop_rule_read(text, &scenario->until, &most);
}

static void
finish(Scenario *scenario)
{
    finish_replications(scenario);
    finish_names(scenario);
    finish_terminals(scenario);
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        ScenarioCohort *cohort = scenario->cohorts->pdata[i];

        finish_cohort(scenario, cohort);
        make_room_for_keys(&scenario->scheme, &cohort->terms);
    }
    for (guint i = 0; i < scenario->plan->len; i++) {
        ScenarioPlan *plan = scenario->plan->pdata[i];

        if (scenario_plan_brings_card(plan->what) && !scheme_has_update_keys(&scenario->scheme))
            plan->terms.update_key = 1; /* as in cohorts */
        make_room_for_keys(&scenario->scheme, &plan->terms);
    }
}

static Scenario *
new_scenario(const char *path)
{
    Scenario *scenario = g_new0(Scenario, 1);

    scenario->path = g_strdup(path);
    scenario->active_within = SCENARIO_UNSET;
    scenario->scheme = scheme_default();
    scenario->own_chips = g_ptr_array_new_with_free_func(free_chip);
    scenario->own_interfaces = g_ptr_array_new_with_free_func(free_interface);
    scenario->chips = g_array_new(FALSE, FALSE, sizeof(Chip));
    scenario->interfaces = g_array_new(FALSE, FALSE, sizeof(LinkInterface));
    scenario->cohorts = g_ptr_array_new_with_free_func(free_cohort);
    scenario->terminals = g_ptr_array_new_with_free_func(free_terminals);
    scenario->plan = g_ptr_array_new_with_free_func(free_plan);
    scenario->sweep = g_ptr_array_new();
    scenario->cross = SCENARIO_SHARE_UNSET;
    scenario->day_profile = g_array_new(FALSE, FALSE, sizeof(double));
    scenario->week_profile = g_array_new(FALSE, FALSE, sizeof(double));
    scenario->regions = g_ptr_array_new();
    scenario->quantiles = g_ptr_array_new_with_free_func(g_free);
    scenario->text = scenario_text_new(path);
    return scenario;
}

static Scenario *
parse_point(const char *path, const char *data, gsize length, const char *const *overrides,
            guint point, const Scenario *before, GError **error)
{
    g_autoptr(Scenario) scenario = new_scenario(path);
    g_autofree char *report = NULL;

    scenario_text_scan(scenario->text, data, length);
    for (; overrides != NULL && *overrides != NULL; overrides++)
        scenario_text_set(scenario->text, *overrides);
    scenario_sweep_read(scenario);
    scenario_sweep_apply(scenario, point);
    scenario->point = point;
    read_groups(scenario);
    finish(scenario);
    if (!scenario_trace_finish(scenario, before, error))
        return NULL;
    scenario->level = scenario->fidelity == FIDELITY_AUTO ? FIDELITY_APDU : scenario->fidelity;
    if (!scenario_laws_load(scenario, error) || !scenario_mixing_finish(scenario, error))
        return NULL;
    scenario_check(scenario);
    report = scenario_text_report(scenario->text);
    if (report != NULL) {
        g_set_error_literal(error, SCENARIO_ERROR, SCENARIO_ERROR_INVALID, report);
        return NULL;
    }
    scenario_laws_build(scenario);
    return g_steal_pointer(&scenario);
}

Scenario *
scenario_parse(const char *path, const char *data, gsize length, const char *const *overrides,
               GError **error)
{
    return parse_point(path, data, length, overrides, 0, NULL, error);
}

static char *
read_file(const char *path, gsize *length, GError **error)
{
    g_autoptr(GError) cause = NULL;
    char *data = NULL;

    if (!g_file_get_contents(path, &data, length, &cause))
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
    guint n_points = 1;

    if (data == NULL)
        return NULL;
    for (guint i = 0; i < n_points; i++) {
        const Scenario *before = i == 0 ? NULL : points->pdata[i - 1];
        Scenario *point = parse_point(path, data, length, overrides, i, before, error);

        if (point == NULL)
            return NULL;
        g_ptr_array_add(points, point);
        n_points = point->n_points;
    }
    return g_steal_pointer(&points);
}

void
scenario_free(Scenario *scenario)
{
    if (scenario == NULL)
        return;
    g_free(scenario->path);
    g_free(scenario->name);
    g_free(scenario->title);
    g_ptr_array_unref(scenario->own_chips);
    g_ptr_array_unref(scenario->own_interfaces);
    g_array_unref(scenario->chips);
    g_array_unref(scenario->interfaces);
    g_ptr_array_unref(scenario->cohorts);
    g_ptr_array_unref(scenario->terminals);
    g_ptr_array_unref(scenario->plan);
    g_ptr_array_unref(scenario->sweep);
    g_free(scenario->trace_file);
    g_free(scenario->trace_format.path);
    g_strfreev(scenario->trace_format.columns);
    g_strfreev(scenario->trace_format.terminals);
    trace_unref(scenario->trace);
    g_ptr_array_unref(scenario->quantiles);
    g_array_unref(scenario->day_profile);
    g_array_unref(scenario->week_profile);
    g_ptr_array_unref(scenario->regions);
    g_free(scenario->matrix_file);
    g_free(scenario->matrix);
    scenario_text_free(scenario->text);
    g_free(scenario);
}

static void
print_group(const Scenario *scenario, ScenarioGroup group, const char *header, const void *base,
            void *data)
{
    for (size_t i = 0; i < scenario_n_keys; i++) {
        const ScenarioKey *key = &scenario_keys[i];
        g_autofree char *value = NULL;

        if (key->group != group || !scenario_mixing_uses(scenario->mixing, key))
            continue;
        /* --set scheme.embodiment must not meet axes that say otherwise */
        if (scenario_keys_is_axis(key) && scheme_embodiment(&scenario->scheme) != NULL)
            continue;
        value = scenario_types_print(key->type, (const char *)base + key->offset, scenario);
        if (value != NULL)
            g_key_file_set_value(data, header, key->name, value);
    }
}

GKeyFile *
scenario_to_key_file(const Scenario *scenario)
{
    GKeyFile *file = g_key_file_new();

    visit_groups(scenario, print_group, file);
    scenario_sweep_print(scenario, file);
    return file;
}

/* Whether a key of [@header] says how often a merchant's cards pay, which they never do. */
static bool
is_of_idle_merchant(const Scenario *scenario, const ScenarioKey *key, const char *header)
{
    const char *name;

    if (scenario->mixing != MIXING_MERCHANTS || key->group != GROUP_COHORT ||
        (strcmp(key->name, "activity") != 0 && strcmp(key->name, "dormant") != 0))
        return false;
    scenario_keys_find_group(header, &name);
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario->cohorts->pdata[i];

        if (strcmp(cohort->name, name) == 0)
            return cohort->role == ROLE_MERCHANT;
    }
    return false;
}

GPtrArray *
scenario_unused_keys(const Scenario *scenario)
{
    GPtrArray *unused = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) headers = scenario_text_groups(scenario->text);

    for (char **header = headers; *header != NULL; header++) {
        const ScenarioGroup group = scenario_keys_find_group(*header, NULL);
        g_auto(GStrv) names = scenario_text_keys(scenario->text, *header);

        for (char **name = names; *name != NULL; name++) {
            const ScenarioKey *key = scenario_keys_find(group, *name);

            if (key == NULL)
                continue; /* of the sweep */
            if (!scenario_mixing_uses(scenario->mixing, key) ||
                is_of_idle_merchant(scenario, key, *header) ||
                (key->used != NULL && !key->used(&scenario->scheme)))
                g_ptr_array_add(unused, g_strdup_printf("[%s] %s", *header, *name));
        }
    }
    return unused;
}

bool
scenario_has_rogue_cards(const Scenario *scenario, RogueCards kind)
{
    for (guint i = 0; i < scenario->cohorts->len; i++)
        if (((const ScenarioCohort *)scenario->cohorts->pdata[i])->rogue == kind)
            return true;
    return false;
}
