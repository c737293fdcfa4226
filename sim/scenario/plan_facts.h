/* plan_facts.h - when the actions of a plan take place, as far as the file alone tells. */
#ifndef SIM_SCENARIO_PLAN_FACTS_H
#define SIM_SCENARIO_PLAN_FACTS_H

#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Scenario Scenario;

/* The most that `every` may repeat: an action that brings a generation or a revocation list of
 * its own each time, and any other. */
#define PLAN_FACTS_GENERATIONS_MAX 1000
#define PLAN_FACTS_TIMES_MAX 100000

/* The most that an action at a rate may happen to one card in a run, at one terminal, or at one
 * reader: what is said to happen more often would not end. */
#define PLAN_FACTS_TURNS_MAX 1000000

/**
 * plan_facts_times:
 *
 * Returns: how often the action takes place before the end of the run; with `when` that is
 *   once at most, and 1
 */
int64_t plan_facts_times(const Scenario *scenario, const ScenarioPlan *plan);

/* When it takes place for the @nth time, from 0; 0 with `when`, which may be any time. */
Micros plan_facts_time(const ScenarioPlan *plan, int64_t nth);

/* Whether the action replaces cards by new ones, all of them or some. */
bool plan_facts_swaps(PlanDo what);

/* Whether the action goes on from its time to the end. */
bool plan_facts_lasts(const ScenarioPlan *plan);

/* Whether a card that is none of the population's updates others. */
bool plan_facts_brings_card(PlanDo what);

/* Whether @cohort is one of @cohorts, of guint; none: all */
bool plan_facts_concerns(const GArray *cohorts, guint cohort);

/* Cards that the action issues in the whole run; capped above SCENARIO_CARDS_MAX. */
int64_t plan_facts_issued(const Scenario *scenario, const ScenarioPlan *plan);

/* `share-at-least(KIND, ID) > SHARE`, or >=. Returns: false if @text is nothing of the kind. */
bool plan_facts_read_trigger(const char *text, PlanTrigger *trigger);

/* (transfer full) (nullable): NULL if there is none */
char *plan_facts_print_trigger(const PlanTrigger *trigger);

/* Whether a key leaks, named by its ID; otherwise something of a card that is drawn. */
bool plan_facts_leaks_key(LeakWhat what);

/* The kind of the key that leaks, where one does by its ID. */
KeyKind plan_facts_leak_kind(const PlanLeak *leak);

/* `transfer-key ID`, `update-key ID`, `card-secret` or `whole-card`. Returns: false if @text is
 * nothing of the kind. */
bool plan_facts_read_leak(const char *text, PlanLeak *leak);

/* (transfer full) (nullable): NULL if there is none */
char *plan_facts_print_leak(const PlanLeak *leak);

/* Whether the plan has such an action. */
bool plan_facts_has(const Scenario *scenario, PlanDo what);

/* Whether the plan wakes cards of a cohort that are dormant. */
bool plan_facts_wakes(const Scenario *scenario, guint cohort);

/* The terms with IDs, limits and preloaded IDs higher @by so many; its list of preloaded IDs
 * is the caller's. */
CardTerms plan_facts_raise_terms(const CardTerms *terms, int64_t by);

/**
 * plan_facts_collect_ids:
 *
 * Returns: (transfer full): the IDs of @kind that can occur in the scenario, of
 *   guint32, ascending
 */
GArray *plan_facts_collect_ids(const Scenario *scenario, KeyKind kind);

/* A GCompareFunc of IDs, which are guint32. */
gint plan_facts_compare_ids(gconstpointer a, gconstpointer b);

/* Cards that the plan adds to those of the cohorts, at most. */
int64_t plan_facts_n_issued(const Scenario *scenario);

#endif
