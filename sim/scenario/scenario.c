#include "sim/scenario/scenario.h"

#include "sim/scenario/no_effect.h"

#include <string.h>

const char *const scenario_fidelity_names[N_FIDELITIES + 1] = {
    [FIDELITY_AUTO] = "auto",
    [FIDELITY_APDU] = "apdu",
    [FIDELITY_DECISION] = "decision",
};

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

static void
free_no_effect(void *data)
{
    g_free(((NoEffect *)data)->place);
    g_free(data);
}

void *
scenario_add_chip(Scenario *scenario, const char *name, int line)
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

void *
scenario_add_interface(Scenario *scenario, const char *name, int line)
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

void *
scenario_add_cohort(Scenario *scenario, const char *name, int line)
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

void *
scenario_add_terminals(Scenario *scenario, const char *name, int line)
{
    ScenarioTerminals *terminals = g_new0(ScenarioTerminals, 1);

    terminals->name = g_strdup(name);
    terminals->line = line;
    terminals->share = SCENARIO_SHARE_UNSET;
    terminals->rogue_id = SCENARIO_UNSET;
    g_ptr_array_add(scenario->terminals, terminals);
    return terminals;
}

void *
scenario_add_plan(Scenario *scenario, const char *name, int line)
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

Scenario *
scenario_new(const char *path)
{
    Scenario *scenario = g_new0(Scenario, 1);

    scenario->path = g_strdup(path);
    scenario->inputs = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(scenario->inputs, g_strdup(path));
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
    scenario->without_effect = g_ptr_array_new_with_free_func(free_no_effect);
    scenario->quantiles = g_ptr_array_new_with_free_func(g_free);
    return scenario;
}

void
scenario_free(Scenario *scenario)
{
    if (scenario == NULL)
        return;
    g_free(scenario->path);
    g_ptr_array_unref(scenario->inputs);
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
    g_free(scenario->files_folder);
    g_free(scenario->trace_format.path);
    g_strfreev(scenario->trace_format.columns);
    g_strfreev(scenario->trace_format.terminals);
    contacts_unref(scenario->trace);
    g_ptr_array_unref(scenario->quantiles);
    g_array_unref(scenario->day_profile);
    g_array_unref(scenario->week_profile);
    g_ptr_array_unref(scenario->regions);
    g_free(scenario->matrix_file);
    g_free(scenario->matrix);
    g_clear_pointer(&scenario->written, g_key_file_unref);
    g_ptr_array_unref(scenario->without_effect);
    g_free(scenario);
}

bool
scenario_has_rogue_cards(const Scenario *scenario, RogueCards kind)
{
    for (guint i = 0; i < scenario->cohorts->len; i++)
        if (scenario_cohort(scenario, i)->rogue == kind)
            return true;
    return false;
}

GArray *
scenario_chips(const Scenario *scenario)
{
    return scenario->chips;
}

GArray *
scenario_interfaces(const Scenario *scenario)
{
    return scenario->interfaces;
}

const Chip *
scenario_find_chip(const Scenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario->chips->len; i++) {
        const Chip *chip = &g_array_index(scenario->chips, Chip, i);

        if (strcmp(chip->name, name) == 0)
            return chip;
    }
    return NULL;
}

const LinkInterface *
scenario_find_interface(const Scenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario->interfaces->len; i++) {
        const LinkInterface *interface = &g_array_index(scenario->interfaces, LinkInterface, i);

        if (strcmp(interface->name, name) == 0)
            return interface;
    }
    return NULL;
}

GPtrArray *
scenario_own_chips(const Scenario *scenario)
{
    return scenario->own_chips;
}

GPtrArray *
scenario_own_interfaces(const Scenario *scenario)
{
    return scenario->own_interfaces;
}

const StopRule *
scenario_stop_rule(const Scenario *scenario)
{
    return &scenario->until;
}

Law *
scenario_amount(Scenario *scenario)
{
    return &scenario->amount;
}

const InverseCdf *
scenario_quantiles(Scenario *scenario, const InverseCdfLaw *law)
{
    InverseCdf *quantiles;

    for (guint i = 0; i < scenario->quantiles->len; i++) {
        quantiles = scenario->quantiles->pdata[i];
        if (quantiles->law.kind == law->kind && quantiles->law.shape >= law->shape &&
            quantiles->law.shape <= law->shape)
            return quantiles;
    }
    quantiles = inverse_cdf_new(law);
    g_ptr_array_add(scenario->quantiles, quantiles);
    return quantiles;
}

guint
scenario_n_cohorts(const Scenario *scenario)
{
    return scenario->cohorts->len;
}

ScenarioCohort *
scenario_cohort(const Scenario *scenario, guint i)
{
    return scenario->cohorts->pdata[i];
}

guint
scenario_n_terminals(const Scenario *scenario)
{
    return scenario->terminals->len;
}

ScenarioTerminals *
scenario_terminals(const Scenario *scenario, guint i)
{
    return scenario->terminals->pdata[i];
}

guint
scenario_n_plan(const Scenario *scenario)
{
    return scenario->plan->len;
}

ScenarioPlan *
scenario_plan(const Scenario *scenario, guint i)
{
    return scenario->plan->pdata[i];
}
