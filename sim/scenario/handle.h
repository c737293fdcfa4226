/* handle.h - a scenario for those who hand it on, or ask for its members alone. */
#ifndef SIM_SCENARIO_HANDLE_H
#define SIM_SCENARIO_HANDLE_H

#include "model/protocol/chip.h"
#include "model/protocol/link.h"
#include "model/protocol/rogues.h"

#include "sim/base/inverse_cdf.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/law.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/stop_rule.h"
#include "sim/scenario/terminal_group.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Scenario Scenario;

void scenario_free(Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

/* All chips and interfaces that its cards and terminals may have: the shipped ones, then its own.
 * Of Chip; of LinkInterface. */
GArray *scenario_chips(const Scenario *scenario);
GArray *scenario_interfaces(const Scenario *scenario);

/* Each returns the row of that name, or NULL; a shipped one goes first. */
const Chip *scenario_find_chip(const Scenario *scenario, const char *name);
const LinkInterface *scenario_find_interface(const Scenario *scenario, const char *name);

/* Its own, as they are written: of ScenarioChip *; of ScenarioInterface *. */
GPtrArray *scenario_own_chips(const Scenario *scenario);
GPtrArray *scenario_own_interfaces(const Scenario *scenario);

/* The rule that ends the replications, unless their number is fixed. */
const StopRule *scenario_stop_rule(const Scenario *scenario);

/* What a payer pays. */
Law *scenario_amount(Scenario *scenario);

/* The table that @law draws from, which the scenario keeps; made when it is first asked for. */
const InverseCdf *scenario_quantiles(Scenario *scenario, const InverseCdfLaw *law);

/* How many members a group has, and member @i of them, in the order of the file. */
guint scenario_n_cohorts(const Scenario *scenario);
ScenarioCohort *scenario_cohort(const Scenario *scenario, guint i);
guint scenario_n_terminals(const Scenario *scenario);
ScenarioTerminals *scenario_terminals(const Scenario *scenario, guint i);
guint scenario_n_plan(const Scenario *scenario);
ScenarioPlan *scenario_plan(const Scenario *scenario, guint i);

/* Whether some cohort's cards are rogue in that way. */
bool scenario_has_rogue_cards(const Scenario *scenario, RogueCards kind);

#endif
