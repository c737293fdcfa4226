#include "sim/input/choice.h"

#include "sim/scenario/contacts_reader.h"
#include "sim/scenario/fault_rates.h"
#include "sim/scenario/handle.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_actions.h"

#include <string.h>

/* C11 leaves the size of an enumeration open; choices are stored as one size. */
G_STATIC_ASSERT(sizeof(SchemeDeliver) == sizeof(guint));
G_STATIC_ASSERT(sizeof(SchemeRange) == sizeof(guint));
G_STATIC_ASSERT(sizeof(SuiteId) == sizeof(guint));
G_STATIC_ASSERT(sizeof(TerminalKind) == sizeof(guint));
G_STATIC_ASSERT(sizeof(PlanDo) == sizeof(guint));
G_STATIC_ASSERT(sizeof(TraceIds) == sizeof(guint));

static void
store_enum(int index, void *field)
{
    const guint value = (guint)index;

    memcpy(field, &value, sizeof value);
}

static int
index_of_enum(const void *field)
{
    guint value;

    memcpy(&value, field, sizeof value);
    return (int)value;
}

const Choice choice_of_enum = { store_enum, index_of_enum };

static void
store_bool(int index, void *field)
{
    *(bool *)field = index != 0;
}

static int
index_of_bool(const void *field)
{
    return *(const bool *)field;
}

const Choice choice_of_bool = { store_bool, index_of_bool };

static void
store_embodiment(int index, void *field)
{
    scheme_set_embodiment(field, scheme_embodiment_names[index]);
}

static int
index_of_embodiment(const void *field)
{
    const char *name = scheme_embodiment(field);

    for (int i = 0; name != NULL && scheme_embodiment_names[i] != NULL; i++)
        if (strcmp(scheme_embodiment_names[i], name) == 0)
            return i;
    return -1;
}

const Choice choice_of_embodiment = { store_embodiment, index_of_embodiment };

static void
store_chip(int index, void *field)
{
    *(const Chip **)field = &chips[index];
}

static int
index_of_chip(const void *field)
{
    const Chip *chip = *(const Chip *const *)field;

    return chip != NULL ? (int)(chip - chips) : -1;
}

const Choice choice_of_chip = { store_chip, index_of_chip };

static void
store_interface(int index, void *field)
{
    *(const LinkInterface **)field = &link_interfaces[index];
}

static int
index_of_interface(const void *field)
{
    const LinkInterface *interface = *(const LinkInterface *const *)field;

    return interface != NULL ? (int)(interface - link_interfaces) : -1;
}

const Choice choice_of_interface = { store_interface, index_of_interface };

static void
store_int(int index, void *field)
{
    *(int *)field = index;
}

static int
index_of_int(const void *field)
{
    return *(const int *)field;
}

const Choice choice_of_int = { store_int, index_of_int };

void
choice_list_yes_no(const Scenario *scenario G_GNUC_UNUSED, GPtrArray *names)
{
    static const char *const yes_no_names[] = { [false] = "no", [true] = "yes" };

    for (size_t i = 0; i < G_N_ELEMENTS(yes_no_names); i++)
        g_ptr_array_add(names, (char *)yes_no_names[i]);
}

/* Any party, or one of those that a tear knows. */
G_STATIC_ASSERT(TORN_PARTY_PAYER == TORN_PARTY_ANY + 1 + (int)TEAR_PAYER);
G_STATIC_ASSERT(TORN_PARTY_PAYEE == TORN_PARTY_ANY + 1 + (int)TEAR_PAYEE);
G_STATIC_ASSERT(TORN_PARTY_TERMINAL == TORN_PARTY_ANY + 1 + (int)TEAR_TERMINAL);

void
choice_list_torn_parties(const Scenario *scenario G_GNUC_UNUSED, GPtrArray *names)
{
    g_ptr_array_add(names, (char *)"any");
    for (TearParty i = 0; i < N_TEAR_PARTIES; i++)
        g_ptr_array_add(names, (char *)tear_party_names[i]);
}

void
choice_list_actions(const Scenario *scenario G_GNUC_UNUSED, GPtrArray *names)
{
    for (PlanDo i = 0; i < N_PLAN_DO; i++)
        g_ptr_array_add(names, (char *)plan_actions[i].name);
}

void
choice_list_suites(const Scenario *scenario G_GNUC_UNUSED, GPtrArray *names)
{
    for (size_t i = 0; i < N_SUITES; i++)
        g_ptr_array_add(names, (char *)suites[i].name);
}

void
choice_list_shipped_chips(const Scenario *scenario G_GNUC_UNUSED, GPtrArray *names)
{
    for (size_t i = 0; i < n_chips; i++)
        g_ptr_array_add(names, (char *)chips[i].name);
}

void
choice_list_chips(const Scenario *scenario, GPtrArray *names)
{
    const GPtrArray *own = scenario != NULL ? scenario_own_chips(scenario) : NULL;

    choice_list_shipped_chips(scenario, names);
    for (guint i = 0; own != NULL && i < own->len; i++)
        g_ptr_array_add(names, ((ScenarioChip *)own->pdata[i])->name);
}

void
choice_list_kinds(const Scenario *scenario G_GNUC_UNUSED, GPtrArray *names)
{
    for (size_t i = 0; i < N_TERMINAL_KINDS; i++)
        g_ptr_array_add(names, (char *)link_terminals[i].name);
}

void
choice_list_shipped_interfaces(const Scenario *scenario G_GNUC_UNUSED, GPtrArray *names)
{
    for (size_t i = 0; i < link_n_interfaces; i++)
        g_ptr_array_add(names, (char *)link_interfaces[i].name);
}

void
choice_list_interfaces(const Scenario *scenario, GPtrArray *names)
{
    const GPtrArray *own = scenario != NULL ? scenario_own_interfaces(scenario) : NULL;

    choice_list_shipped_interfaces(scenario, names);
    for (guint i = 0; own != NULL && i < own->len; i++)
        g_ptr_array_add(names, ((ScenarioInterface *)own->pdata[i])->name);
}

void
choice_list_cohorts(const Scenario *scenario, GPtrArray *names)
{
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        g_ptr_array_add(names, scenario_cohort(scenario, i)->name);
}

void
choice_list_terminals(const Scenario *scenario, GPtrArray *names)
{
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        g_ptr_array_add(names, scenario_terminals(scenario, i)->name);
}
