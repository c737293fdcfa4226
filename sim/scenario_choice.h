/* scenario_choice.h - values that are one of several names. */
#ifndef SIM_SCENARIO_CHOICE_H
#define SIM_SCENARIO_CHOICE_H

#include "sim/scenario.h"

#include <glib.h>

/**
 * ScenarioChoice: how a name becomes a field and back
 * @store: puts the name with this index into the field
 * @index: of the name in the field; negative or past the end if there is none
 */
typedef struct {
    void (*store)(int index, void *field);
    int (*index)(const void *field);
} ScenarioChoice;

extern const ScenarioChoice scenario_choice_of_enum;
extern const ScenarioChoice scenario_choice_of_bool;       /* no, yes */
extern const ScenarioChoice scenario_choice_of_embodiment; /* four axes of a Scheme */
extern const ScenarioChoice scenario_choice_of_chip;       /* const Chip *, a shipped one */
extern const ScenarioChoice scenario_choice_of_interface;  /* const LinkInterface *, likewise */
extern const ScenarioChoice scenario_choice_of_int;

/* Each appends the names of one table, in its order, to @names; of chips and interfaces the
 * shipped ones, then the scenario's own. @scenario is NULL for the manual. */
void scenario_choice_list_suites(const Scenario *scenario, GPtrArray *names);
void scenario_choice_list_shipped_chips(const Scenario *scenario, GPtrArray *names);
void scenario_choice_list_chips(const Scenario *scenario, GPtrArray *names);
void scenario_choice_list_kinds(const Scenario *scenario, GPtrArray *names);
void scenario_choice_list_shipped_interfaces(const Scenario *scenario, GPtrArray *names);
void scenario_choice_list_interfaces(const Scenario *scenario, GPtrArray *names);
void scenario_choice_list_cohorts(const Scenario *scenario, GPtrArray *names);
void scenario_choice_list_terminals(const Scenario *scenario, GPtrArray *names);

#endif
