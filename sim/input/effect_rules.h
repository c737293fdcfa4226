/* effect_rules.h - when a key or its value has no effect: one row a rule.
 *
 * A new rule is a row in the table of its subject and a function that says why. It must never hold
 * where the key changes anything but a row that says that nothing came of it. */
#ifndef SIM_INPUT_EFFECT_RULES_H
#define SIM_INPUT_EFFECT_RULES_H

#include "sim/input/effect_facts.h"
#include "sim/input/keys.h"
#include "sim/scenario/card_group.h"

#include <stdbool.h>
#include <stdint.h>

/* Reasons that several rules have. */
#define NO_NEWS "no card ever meets one that has a newer transfer key"
#define NO_UPDATE_KEYS "all cards have the same update key"
#define NO_PUBLIC_KEY "no update takes the public-key path"
#define NO_LIST "no certificate is ever revoked"
#define NO_LIMIT "no card ever comes to its limit"
#define NO_TERM "no card's term ends during the run"
#define NO_TEAR "nobody ever leaves a settlement"
#define NO_RECLAIM "no card is ever called in (reclaim)"
#define NO_CERTIFICATES "there are no certificates in this scheme"
#define NO_UPDATES "there are no updates in this scheme"

/**
 * EffectRule:
 * @key: NULL: the group as a whole
 * @why: @member: the struct of the group's member, the scenario if it has none. Returns:
 *   (nullable): why the key has no effect, for people; NULL: it may have one
 */
typedef struct {
    ScenarioGroup group;
    const char *key;
    const char *(*why)(const EffectFacts *facts, const void *member);
} EffectRule;

/* By subject; the last of each has no @why. */
extern const EffectRule effect_rules_of_scheme[];    /* the run, the scheme, chips and lines */
extern const EffectRule effect_rules_of_cards[];     /* cohorts and the plan */
extern const EffectRule effect_rules_of_terminals[]; /* terminals, mixing, amounts and faults */

/* What the first rule says that holds, see there. */
const char *effect_rules_find(const EffectFacts *facts, ScenarioGroup group, const char *key,
                              const void *member);

/* Rules for what needs updates at all, different update keys, the public-key path, cards that are
 * called in. */
const char *effect_rules_of_news(const EffectFacts *facts, const void *member);
const char *effect_rules_of_update_keys(const EffectFacts *facts, const void *member);
const char *effect_rules_of_public_key(const EffectFacts *facts, const void *member);
const char *effect_rules_of_reclaim(const EffectFacts *facts, const void *member);

/* Whether some key that occurs brings a card to its limit, or would bring it above. */
bool effect_rules_is_reached(const EffectFacts *facts, KeyKind kind, int64_t limit);

/* Whether some card has a limit that it may come to. */
bool effect_rules_has_limit(const EffectFacts *facts);

/* Whether its cards are paid and never pay. */
bool effect_rules_is_merchant(const EffectFacts *facts, const ScenarioCohort *cohort);

#endif
