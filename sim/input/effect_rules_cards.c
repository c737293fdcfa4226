#include "sim/input/effect_rules.h"

#include "sim/base/share.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

/* ---- [cohort] ------------------------------------------------------------------- */

/* @member: among the scenario's cohorts, which must not take long where there are many */
static guint
number_of(const Scenario *scenario, const void *member)
{
    guint i = 0;

    while (scenario_cohort(scenario, i) != member)
        i++;
    return i;
}

static const char *
cohort(const EffectFacts *facts, const void *member)
{
    guint i;

    if (((const ScenarioCohort *)member)->cards > 0)
        return NULL;
    i = number_of(facts->scenario, member);
    return effect_facts_is_issued(facts->scenario, i) ||
                   effect_facts_is_successor(facts->scenario, i)
               ? NULL
               : "it has no cards, and none is issued";
}

/* A limit that no key comes to. */
static const char *
limit(const EffectFacts *facts, KeyKind kind, int64_t value)
{
    const char *why = kind == KEY_UPDATE ? effect_rules_of_public_key(facts, NULL)
                                         : effect_rules_of_news(facts, NULL);

    return why != NULL || effect_rules_is_reached(facts, kind, value) ? why : "no key is above it";
}

static const char *
transfer_key_limit(const EffectFacts *facts, const void *member)
{
    return limit(facts, KEY_TRANSFER, ((const ScenarioCohort *)member)->terms.transfer_key_limit);
}

static const char *
update_key_limit(const EffectFacts *facts, const void *member)
{
    return limit(facts, KEY_UPDATE, ((const ScenarioCohort *)member)->terms.update_key_limit);
}

static const char *
why_term_is_vain(const EffectFacts *facts, const ExpiryLaw *law)
{
    const Scenario *scenario = facts->scenario;

    if (law->low == SCENARIO_NEVER_EXPIRES)
        return NO_TERM;
    for (guint i = 0; i < scenario_n_terminals(scenario); i++) {
        const Micros skew = MAX(scenario_terminals(scenario, i)->clock_skew, 0);

        if (law->low * MICROS_PER_DAY < scenario->duration + skew)
            return NULL;
    }
    return "it ends after the run";
}

static const char *
expiry(const EffectFacts *facts, const void *member)
{
    return why_term_is_vain(facts, &((const ScenarioCohort *)member)->terms.expiry);
}

static const char *
activity(const EffectFacts *facts, const void *member)
{
    const ScenarioCohort *cohort = member;

    if (effect_rules_is_merchant(facts, cohort))
        return "merchants never pay";
    return cohort->dormant >= 1 &&
                   !plan_facts_wakes(facts->scenario, number_of(facts->scenario, member))
               ? "all its cards are dormant"
               : NULL;
}

/* However many cards are issued at once. */
static bool
is_rounded_to_none(const Scenario *scenario, const ScenarioCohort *cohort)
{
    int64_t most = cohort->cards;

    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        if (plan->what == PLAN_ISSUE && scenario_cohort(scenario, (guint)plan->cohort) == cohort)
            most = MAX(most, plan->cards);
    }
    return share_count(cohort->dormant, (uint64_t)most) == 0;
}

static const char *
dormant(const EffectFacts *facts, const void *member)
{
    if (effect_rules_is_merchant(facts, member))
        return "merchants never pay";
    return is_rounded_to_none(facts->scenario, member) ? "that is no card" : NULL;
}

static const char *
successor(const EffectFacts *facts, const void *member)
{
    return facts->scenario->reclaim == RECLAIM_NEVER ? NO_RECLAIM
                                                     : effect_rules_of_reclaim(facts, member);
}

static const char *
rogue_cards(const EffectFacts *facts, const void *member)
{
    return ((const ScenarioCohort *)member)->rogue == ROGUE_CARDS_REVOKED &&
                   !scheme_has_certificates(&facts->scenario->scheme)
               ? NO_CERTIFICATES
               : NULL;
}

/* ---- [plan] ------------------------------------------------------------------- */

static bool
wakes_nobody(const EffectFacts *facts, const ScenarioPlan *plan)
{
    const Scenario *scenario = facts->scenario;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);

        if (plan_facts_concerns(plan->from, i) && !effect_rules_is_merchant(facts, cohort) &&
            (cohort->dormant > 0 || cohort->activity.kind == ACTIVITY_EMPIRICAL))
            return false;
    }
    return true;
}

static const char *
why_leak_is_vain(const EffectFacts *facts, const ScenarioPlan *plan)
{
    const Scheme *scheme = &facts->scenario->scheme;

    if (plan->leak.what == LEAK_UPDATE_KEY && !scheme_has_update_keys(scheme))
        return "there are no update keys in this scheme";
    if (plan->leak.what == LEAK_CARD_SECRET && !scheme_has_certificates(scheme))
        return NO_CERTIFICATES;
    return plan->leak.what == LEAK_CARD_SECRET && plan->taps_per_day < 0
               ? "without taps nothing comes of a card's secret"
               : NULL;
}

static const char *
why_limits_are_vain(const EffectFacts *facts, const ScenarioPlan *plan)
{
    const Scenario *scenario = facts->scenario;
    const CardTerms *terms = &plan->terms;

    if (!effect_facts_is_issued(scenario, (guint)plan->cohort) &&
        !effect_facts_is_successor(scenario, (guint)plan->cohort))
        return "no card of the cohort is issued";
    if (!scheme_delivers_keys(&scenario->scheme))
        return "there are no limits in this scheme";
    return terms->transfer_key_limit == SCENARIO_UNSET && !facts->takes_public_key ? NO_PUBLIC_KEY
                                                                                   : NULL;
}

static const char *
plan(const EffectFacts *facts, const void *member)
{
    const ScenarioPlan *plan = member;
    const Scenario *scenario = facts->scenario;

    if (plan->cards == 0 || (plan->share >= 0 && plan->share <= 0))
        return "it concerns no card";
    switch (plan->what) {
    case PLAN_REVOKE:
        return scheme_has_certificates(&scenario->scheme) ? NULL : NO_CERTIFICATES;
    case PLAN_LIMITS:
        return why_limits_are_vain(facts, plan);
    case PLAN_SPECIAL:
        return scenario->scheme.pays_with == PAYS_WITH_OWN ? NO_UPDATES : NULL;
    case PLAN_WAKE:
        return wakes_nobody(facts, plan) ? "no card is dormant" : NULL;
    case PLAN_LEAK:
        return why_leak_is_vain(facts, plan);
    default:
        return NULL;
    }
}

static const char *
times(const EffectFacts *facts, const void *member)
{
    const ScenarioPlan *plan = member;

    return plan->times >= (facts->scenario->duration - 1) / plan->every ? "the run ends before"
                                                                        : NULL;
}

static const char *
from(const EffectFacts *facts, const void *member)
{
    const ScenarioPlan *plan = member;

    for (guint i = 0; i < scenario_n_cohorts(facts->scenario); i++)
        if (!plan_facts_concerns(plan->from, i) && effect_facts_has_cards(facts->scenario, i))
            return NULL;
    return "all cards are of these cohorts";
}

static const char *
taps(const EffectFacts *facts, const void *member)
{
    const Scheme *scheme = &facts->scenario->scheme;
    const ScenarioPlan *plan = member;

    if (!scheme_has_updates(scheme))
        return NO_UPDATES;
    if (scheme->deliver == DELIVER_ID)
        return "updates carry no keys in this scheme";
    return plan->leak.what == LEAK_CARD_SECRET && !scheme_has_certificates(scheme) ? NO_CERTIFICATES
                                                                                   : NULL;
}

/* The terms of cards that an action may replace: those of cohort @i, or behind the cohorts, what
 * another action has given them. Returns: (nullable): NULL: it replaces none of these */
static const CardTerms *
replaced_terms(const Scenario *scenario, const ScenarioPlan *plan, guint i)
{
    const guint n_cohorts = scenario_n_cohorts(scenario);

    if (i < n_cohorts)
        return plan_facts_concerns(plan->from, i) || scenario->reclaim != RECLAIM_NEVER
                   ? &scenario_cohort(scenario, i)->terms
                   : NULL;
    return scenario_plan(scenario, i - n_cohorts) == plan
               ? NULL
               : &scenario_plan(scenario, i - n_cohorts)->terms;
}

/* Whether some card that an action replaces may differ from its new one in a way that matters. */
static bool
replaces_other(const EffectFacts *facts, const ScenarioPlan *plan,
               bool (*is_other)(const EffectFacts *facts, const ScenarioPlan *plan,
                                const CardTerms *old))
{
    const Scenario *scenario = facts->scenario;

    for (guint i = 0; i < scenario_n_cohorts(scenario) + scenario_n_plan(scenario); i++) {
        const CardTerms *old = replaced_terms(scenario, plan, i);

        if (old != NULL && is_other(facts, plan, old))
            return true;
    }
    return false;
}

static bool
has_reached_limit(const EffectFacts *facts, KeyKind kind, int64_t limit)
{
    return limit != SCENARIO_UNSET && effect_rules_is_reached(facts, kind, limit);
}

static bool
had_transfer_key_limit(const EffectFacts *facts, const ScenarioPlan *plan G_GNUC_UNUSED,
                       const CardTerms *old)
{
    return has_reached_limit(facts, KEY_TRANSFER, old->transfer_key_limit);
}

static bool
had_update_key_limit(const EffectFacts *facts, const ScenarioPlan *plan G_GNUC_UNUSED,
                     const CardTerms *old)
{
    return has_reached_limit(facts, KEY_UPDATE, old->update_key_limit);
}

/* A limit that no key comes to may still take the place of one that stopped the card. */
static const char *
new_transfer_key_limit(const EffectFacts *facts, const void *member)
{
    const bool may_stop = replaces_other(facts, member, had_transfer_key_limit);

    return limit(facts, KEY_TRANSFER,
                 may_stop ? 0 : ((const ScenarioPlan *)member)->terms.transfer_key_limit);
}

static const char *
new_update_key_limit(const EffectFacts *facts, const void *member)
{
    const bool may_stop = replaces_other(facts, member, had_update_key_limit);

    return limit(facts, KEY_UPDATE,
                 may_stop ? 0 : ((const ScenarioPlan *)member)->terms.update_key_limit);
}

static bool
had_other_chip(const EffectFacts *facts G_GNUC_UNUSED, const ScenarioPlan *plan,
               const CardTerms *old)
{
    return old->chip != NULL && old->chip != plan->terms.chip;
}

static const char *
new_chip(const EffectFacts *facts, const void *member)
{
    return replaces_other(facts, member, had_other_chip) ? NULL : "the old cards have it too";
}

static bool
had_term(const EffectFacts *facts, const ScenarioPlan *plan G_GNUC_UNUSED, const CardTerms *old)
{
    return old->expiry.low != SCENARIO_UNSET && why_term_is_vain(facts, &old->expiry) == NULL;
}

static const char *
new_expiry(const EffectFacts *facts, const void *member)
{
    return replaces_other(facts, member, had_term)
               ? NULL
               : why_term_is_vain(facts, &((const ScenarioPlan *)member)->terms.expiry);
}

/* ---- The table ------------------------------------------------------------------- */

const EffectRule effect_rules_of_cards[] = {
    { GROUP_COHORT, NULL, cohort },
    { GROUP_COHORT, "transfer-key-limit", transfer_key_limit },
    { GROUP_COHORT, "update-key-limit", update_key_limit },
    { GROUP_COHORT, "expiry", expiry },
    { GROUP_COHORT, "activity", activity },
    { GROUP_COHORT, "dormant", dormant },
    { GROUP_COHORT, "successor", successor },
    { GROUP_COHORT, "rogue", rogue_cards },
    { GROUP_PLAN, NULL, plan },
    { GROUP_PLAN, "times", times },
    { GROUP_PLAN, "from", from },
    { GROUP_PLAN, "taps", taps },
    { GROUP_PLAN, "transfer-key-limit", new_transfer_key_limit },
    { GROUP_PLAN, "update-key-limit", new_update_key_limit },
    { GROUP_PLAN, "chip", new_chip },
    { GROUP_PLAN, "expiry", new_expiry },
    { 0 },
};
