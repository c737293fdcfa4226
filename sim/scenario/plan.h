/* plan.h - one intervention of the issuer, or of an attacker. */
#ifndef SIM_SCENARIO_PLAN_H
#define SIM_SCENARIO_PLAN_H

#include "model/protocol/keyring.h"
#include "model/protocol/units.h"

#include "sim/scenario/card_group.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What a plan action does. */
typedef enum {
    PLAN_ISSUE,
    PLAN_SWAP,
    PLAN_REVOKE,
    PLAN_CAMPAIGN,
    PLAN_REPLACE,
    PLAN_ROTATE,
    PLAN_LIMITS,
    PLAN_RECALL,
    PLAN_SPECIAL,
    PLAN_WAKE,
    PLAN_INJECT,
    PLAN_LEAK,
    N_PLAN_DO
} PlanDo;

/**
 * PlanTrigger: the first sample in which so large a share of the cards holds the generation or
 * a newer one
 * @is_set: false: no condition
 * @or_equal: whether @share itself is enough
 */
typedef struct {
    bool is_set;
    KeyKind kind;
    uint32_t id;
    bool or_equal;
    double share;
} PlanTrigger;

/* What comes into the hands of an attacker. */
typedef enum {
    LEAK_TRANSFER_KEY,
    LEAK_UPDATE_KEY,
    LEAK_CARD_SECRET, /* secret key and certificate of a card, without which nothing */
    LEAK_WHOLE_CARD,  /* all that a card holds */
    N_LEAKS
} LeakWhat;

/**
 * PlanLeak:
 * @is_set: false: none
 * @id: of the key; 0 where a card is drawn
 */
typedef struct {
    bool is_set;
    LeakWhat what;
    uint32_t id;
} PlanLeak;

/**
 * ScenarioPlan: [plan NAME], one intervention
 * @at, @every, @when: when; exactly one of them is set. @every: first after one period
 * @times: how often at most, with @every; SCENARIO_UNSET: until the end
 * @cards: how many cards it concerns
 * @share: of the cards of @from that it concerns, instead of @cards; below 0 if not set
 * @rate_per_day: see the table of keys; below 0 if not set
 * @cohort: index of the cohort that issued cards belong to; -1 otherwise
 * @from: indices of the cohorts whose cards it concerns, of guint; empty: all cards
 * @terminals: index of the group of terminals where it takes place; -1 otherwise
 * @leak: what leaks
 * @taps_per_day: cards that come to the attacker's reader from then on; below 0 if none does
 * @terms: what changes
 */
typedef struct {
    char *name;
    int line;
    PlanDo what;
    Micros at;
    Micros every;
    int64_t times;
    PlanTrigger when;
    int64_t cards;
    double share;
    double rate_per_day;
    int cohort;
    GArray *from;
    int terminals;
    PlanLeak leak;
    double taps_per_day;
    CardTerms terms;
} ScenarioPlan;

#endif
