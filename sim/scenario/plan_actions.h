/* plan_actions.h - what the actions of a plan are called, and which keys of [plan] they have: one
 * row an action.
 *
 * A new action is a value of PlanDo, a row here and a function in sim/world/plan_run.c; without a
 * name or a function the program stops at once. */
#ifndef SIM_SCENARIO_PLAN_ACTIONS_H
#define SIM_SCENARIO_PLAN_ACTIONS_H

#include "sim/scenario/plan.h"

#include <glib.h>
#include <stdbool.h>

/* The keys of [plan] that not every action has, as bits. */
typedef enum {
    PLAN_KEY_EVERY = 1 << 0,
    PLAN_KEY_TIMES = 1 << 1,
    PLAN_KEY_CARDS = 1 << 2,
    PLAN_KEY_SHARE = 1 << 3,
    PLAN_KEY_RATE = 1 << 4,
    PLAN_KEY_COHORT = 1 << 5,
    PLAN_KEY_FROM = 1 << 6,
    PLAN_KEY_TERMINALS = 1 << 7,
    PLAN_KEY_LEAK = 1 << 8,
    PLAN_KEY_TAPS = 1 << 9,
    PLAN_KEY_TRANSFER_KEY = 1 << 10,
    PLAN_KEY_UPDATE_KEY = 1 << 11,
    PLAN_KEY_TRANSFER_KEY_LIMIT = 1 << 12,
    PLAN_KEY_UPDATE_KEY_LIMIT = 1 << 13,
    PLAN_KEY_PRELOADED = 1 << 14,
    PLAN_KEY_CHIP = 1 << 15,
    PLAN_KEY_EXPIRY = 1 << 16,
} PlanKey;

/* Whether an action goes on from its time to the end. */
typedef enum { PLAN_LASTS_NOT, PLAN_LASTS_WITH_RATE, PLAN_LASTS } PlanLasting;

/**
 * PlanAction:
 * @name: as written in a scenario
 * @meaning: for the manual
 * @needs: PLAN_KEY_* without which it is a mistake
 * @allows: those that it may have besides
 * @swaps: whether it replaces cards by new ones, all of them or some
 * @brings_card: whether a card that is none of the population's updates others
 */
typedef struct {
    const char *name;
    const char *meaning;
    guint needs;
    guint allows;
    PlanLasting lasts;
    bool swaps;
    bool brings_card;
} PlanAction;

/* One more, empty, for an action that is not known. */
extern const PlanAction plan_actions[N_PLAN_DO + 1];

/* Whether the action may have all of @keys. */
bool plan_actions_has(PlanDo what, guint keys);

/* Returns: (transfer full): `NAME: MEANING; NAME: MEANING` */
char *plan_actions_describe(void);

#endif
