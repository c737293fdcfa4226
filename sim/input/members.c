#include "sim/input/members.h"

#include "sim/scenario/own_hardware.h"
#include "sim/scenario/scenario.h"

GPtrArray *
members_of_group(const Scenario *scenario, ScenarioGroup group)
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

const char *
members_name(ScenarioGroup group, const void *member)
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
