#include "sim/input/effect_rules.h"

#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"

/* ---- What several rules ask ------------------------------------------------------------- */

const char *
effect_rules_of_news(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return facts->has_news ? NULL : NO_NEWS;
}

const char *
effect_rules_of_update_keys(const EffectFacts *facts, const void *member)
{
    return !facts->has_news         ? effect_rules_of_news(facts, member)
           : facts->has_update_keys ? NULL
                                    : NO_UPDATE_KEYS;
}

const char *
effect_rules_of_public_key(const EffectFacts *facts, const void *member)
{
    return !facts->has_news          ? effect_rules_of_news(facts, member)
           : facts->takes_public_key ? NULL
                                     : NO_PUBLIC_KEY;
}

/* Whether some key that occurs brings a card to its limit, or would bring it above. */
bool
effect_rules_is_reached(const EffectFacts *facts, KeyKind kind, int64_t limit)
{
    const Scenario *scenario = facts->scenario;
    const bool asks_for_equal =
        scenario->scheme.range == RANGE_LIMIT_EXCLUSIVE || scenario->reclaim == RECLAIM_ON_REACH;

    return limit < facts->most[kind] || (limit == facts->most[kind] && asks_for_equal);
}

/* Whether cards can come to the last key that is preloaded. */
static bool
is_last_reached(const EffectFacts *facts, const CardTerms *terms)
{
    const GArray *ids = terms->preloaded;
    const int64_t last =
        ids->len == 0 ? terms->transfer_key : g_array_index(ids, uint32_t, ids->len - 1);

    return facts->scenario->reclaim == RECLAIM_ON_REACH || last < facts->most[KEY_TRANSFER];
}

static bool
comes_to_limit(const EffectFacts *facts, const CardTerms *terms)
{
    if (facts->scenario->scheme.deliver == DELIVER_ID)
        return is_last_reached(facts, terms);
    return effect_rules_is_reached(facts, KEY_TRANSFER, terms->transfer_key_limit) ||
           effect_rules_is_reached(facts, KEY_UPDATE, terms->update_key_limit);
}

/* Whether some card has a limit that it may come to. What a plan sets is not gone into. */
bool
effect_rules_has_limit(const EffectFacts *facts)
{
    const Scenario *scenario = facts->scenario;
    bool is_limited = false;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        is_limited |= comes_to_limit(facts, &scenario_cohort(scenario, i)->terms);
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const CardTerms *terms = &scenario_plan(scenario, i)->terms;

        is_limited |= terms->transfer_key_limit != SCENARIO_UNSET ||
                      terms->update_key_limit != SCENARIO_UNSET || terms->preloaded->len > 0 ||
                      terms->transfer_key != SCENARIO_UNSET;
    }
    return is_limited;
}

const char *
effect_rules_of_reclaim(const EffectFacts *facts, const void *member)
{
    if (!facts->has_news)
        return effect_rules_of_news(facts, member);
    if (!effect_rules_has_limit(facts))
        return NO_LIMIT;
    return facts->scenario->reclaim_delay >= facts->scenario->duration
               ? "the run ends before reclaim-delay does"
               : NULL;
}

bool
effect_rules_is_merchant(const EffectFacts *facts, const ScenarioCohort *cohort)
{
    return facts->scenario->mixing == MIXING_MERCHANTS && cohort->role == ROLE_MERCHANT;
}

/* ---- The rules ------------------------------------------------------------------- */

const char *
effect_rules_find(const EffectFacts *facts, ScenarioGroup group, const char *key,
                  const void *member)
{
    static const EffectRule *const rules[] = { effect_rules_of_scheme, effect_rules_of_cards,
                                               effect_rules_of_terminals };
    const char *why = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(rules) && why == NULL; i++)
        for (const EffectRule *rule = rules[i]; rule->why != NULL && why == NULL; rule++)
            if (rule->group == group && g_strcmp0(rule->key, key) == 0)
                why = rule->why(facts, member);
    return why;
}
