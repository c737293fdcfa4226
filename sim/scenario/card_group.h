/* card_group.h - the cards of one cohort: what they have from the issuer, and how they are used. */
#ifndef SIM_SCENARIO_CARD_GROUP_H
#define SIM_SCENARIO_CARD_GROUP_H

#include "model/protocol/chip.h"
#include "model/protocol/rogues.h"

#include "sim/scenario/activity.h"
#include "sim/scenario/law.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * ExpiryLaw: a card's term of validity in whole days from its issue; the last valid instant is one
 *   microsecond before
 * @low, @high: drawn uniformly from @low to @high, both included; both SCENARIO_NEVER_EXPIRES if
 *   it has none
 */
typedef struct {
    int64_t low;
    int64_t high;
} ExpiryLaw;

/**
 * CardTerms: what a cohort gives its cards and a plan action may change.
 * @transfer_key, @update_key: IDs
 * @transfer_key_limit, @update_key_limit: SCENARIO_NO_LIMIT if none
 * @preloaded: transfer-key IDs that the card holds from the start (embodiment
 *   4), ascending; empty: its own only
 * @chip: one of the scenario's chips
 * @expiry: from issue
 *
 * In a plan action SCENARIO_UNSET, an empty list or NULL leave what was. All
 * numbers are therefore int64_t.
 */
typedef struct {
    int64_t transfer_key;
    int64_t update_key;
    int64_t transfer_key_limit;
    int64_t update_key_limit;
    GArray *preloaded; /* of uint32_t */
    const Chip *chip;
    ExpiryLaw expiry;
} CardTerms;

/* What the cards of a cohort do, where there are merchants. */
typedef enum { ROLE_PERSON, ROLE_MERCHANT, N_ROLES } CohortRole;

/**
 * ScenarioCohort: [cohort NAME]
 * @cards: at time 0
 * @region: NULL: none
 * @region_index: among the scenario's regions, if it has any
 * @rogue: what an attacker does with them; @clone_of: index of the cohort whose first card they
 *   are copies of; -1: none
 * @dormant: share of its cards that do not pay; SCENARIO_SHARE_UNSET: none
 * @successor: index of the cohort that cards which are called in are replaced from; -1: its own
 */
typedef struct {
    char *name;
    int line; /* of the group's header */
    int64_t cards;
    CardTerms terms;
    ActivityLaw activity;
    double dormant;
    CohortRole role;
    RogueCards rogue;
    int clone_of;
    char *region;
    guint region_index;
    int successor;
    Law balance;
} ScenarioCohort;

#endif
