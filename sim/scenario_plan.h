/* scenario_plan.h - when the actions of a plan take place, as far as the file alone tells. */
#ifndef SIM_SCENARIO_PLAN_H
#define SIM_SCENARIO_PLAN_H

#include "sim/scenario.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The most that `every` may repeat: an action that brings a generation or a revocation list of
 * its own each time, and any other. */
#define SCENARIO_PLAN_GENERATIONS_MAX 1000
#define SCENARIO_PLAN_TIMES_MAX 100000

/**
 * scenario_plan_times:
 *
 * Returns: how often the action takes place before the end of the run; with `when` that is
 *   once at most, and 1
 */
int64_t scenario_plan_times(const Scenario *scenario, const ScenarioPlan *plan);

/* When it takes place for the @nth time, from 0; 0 with `when`, which may be any time. */
Micros scenario_plan_time(const ScenarioPlan *plan, int64_t nth);

/* Whether the action replaces cards by new ones, all of them or some. */
bool scenario_plan_swaps(PlanDo what);

/* Whether the action goes on from its time to the end, at a rate. */
bool scenario_plan_lasts(const ScenarioPlan *plan);

/* Whether a card that is none of the population's updates others. */
bool scenario_plan_brings_card(PlanDo what);

/* Whether @cohort is one of @cohorts, of guint; none: all */
bool scenario_plan_concerns(const GArray *cohorts, guint cohort);

/* Cards that the action issues in the whole run; capped above SCENARIO_CARDS_MAX. */
int64_t scenario_plan_issued(const Scenario *scenario, const ScenarioPlan *plan);

/* `share-at-least(KIND, ID) > SHARE`, or >=. Returns: false if @text is nothing of the kind. */
bool scenario_plan_read_trigger(const char *text, PlanTrigger *trigger);

/* (transfer full) (nullable): NULL if there is none */
char *scenario_plan_print_trigger(const PlanTrigger *trigger);

/* Whether a key leaks, named by its ID; otherwise something of a card that is drawn. */
bool scenario_plan_leaks_key(LeakWhat what);

/* `transfer-key ID`, `update-key ID`, `card-secret` or `whole-card`. Returns: false if @text is
 * nothing of the kind. */
bool scenario_plan_read_leak(const char *text, PlanLeak *leak);

/* (transfer full) (nullable): NULL if there is none */
char *scenario_plan_print_leak(const PlanLeak *leak);

/* Whether the plan has such an action. */
bool scenario_plan_has(const Scenario *scenario, PlanDo what);

#endif
