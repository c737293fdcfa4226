/* handle.h - a scenario for those who hand it on, or ask for its members alone. */
#ifndef SIM_SCENARIO_HANDLE_H
#define SIM_SCENARIO_HANDLE_H

#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/terminal_group.h"

#include <glib.h>

typedef struct Scenario Scenario;

void scenario_free(Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

/* Where the file is, as given. */
const char *scenario_path(const Scenario *scenario);

/* (transfer full): of char *, `[group] key` of each key that the file sets and the scheme or the
 * mixing does not use. */
GPtrArray *scenario_unused_keys(const Scenario *scenario);

/* How many members a group has, and member @i of them, in the order of the file. */
guint scenario_n_cohorts(const Scenario *scenario);
ScenarioCohort *scenario_cohort(const Scenario *scenario, guint i);
guint scenario_n_terminals(const Scenario *scenario);
ScenarioTerminals *scenario_terminals(const Scenario *scenario, guint i);
guint scenario_n_plan(const Scenario *scenario);
ScenarioPlan *scenario_plan(const Scenario *scenario, guint i);

#endif
