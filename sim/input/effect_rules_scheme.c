#include "sim/input/effect_rules.h"

#include "model/protocol/certificate.h"

#include "sim/input/text.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"

#include <string.h>

static bool
has(const EffectFacts *facts, ScenarioGroup group, const char *key)
{
    return text_has(facts->reading->text, scenario_groups[group].name, key);
}

/* ---- [scenario] ------------------------------------------------------------------- */

static const char *
start(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return facts->scenario->mixing == MIXING_TRACE || profile_is_flat(facts->scenario->week_profile)
               ? "no week-profile asks which day it is"
               : NULL;
}

static const char *
population_seed(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    const Scenario *scenario = facts->scenario;

    if (scenario->population_seed == scenario->seed || effect_facts_draws_population(scenario))
        return NULL;
    return "nothing of the population is drawn";
}

/* ---- [scheme] ------------------------------------------------------------------- */

static const char *
deliver(const EffectFacts *facts, const void *member)
{
    return plan_facts_has(facts->scenario, PLAN_LEAK) ? NULL : effect_rules_of_news(facts, member);
}

static const char *
update_key(const EffectFacts *facts, const void *member)
{
    return plan_facts_has(facts->scenario, PLAN_LEAK) ? NULL
                                                      : effect_rules_of_update_keys(facts, member);
}

/* Whether it says no more than that update keys stay: all others are as by default. */
static bool
differs_in_update_key(const Scheme *scheme)
{
    Scheme other = scheme_default();

    other.update_key = UPDATE_KEY_STAYS;
    return g_strcmp0(scheme_embodiment(scheme), scheme_embodiment(&other)) == 0;
}

static const char *
embodiment(const EffectFacts *facts, const void *member)
{
    const bool says_all = has(facts, GROUP_SCHEME, "deliver") &&
                          has(facts, GROUP_SCHEME, "authenticate") &&
                          has(facts, GROUP_SCHEME, "update-key");

    if (has(facts, GROUP_SCHEME, "pays-with") &&
        (says_all || !scheme_has_updates(&facts->scenario->scheme)))
        return "the axes that are given say it all";
    return differs_in_update_key(&facts->scenario->scheme) && update_key(facts, member) != NULL
               ? "here 3 does what 5 does, as no card could take another update key"
               : NULL;
}

static bool
is_signed_by_issuer(const EffectFacts *facts)
{
    return scheme_n_signed_keys(&facts->scenario->scheme, false) > 0;
}

/* Certificates are read at each settlement, signatures of the issuer with keys alone. */
static const char *
suite(const EffectFacts *facts, const void *member)
{
    return scheme_has_certificates(&facts->scenario->scheme) ? NULL
                                                             : effect_rules_of_news(facts, member);
}

/* Equal IDs are offered where somebody meddles with them, or both cards give. */
static bool
offers_equal(const EffectFacts *facts)
{
    return facts->scenario->scheme.uk_rule == UK_RULE_BIDIRECTIONAL ||
           effect_facts_has_rogue_terminals(facts->scenario) ||
           plan_facts_has(facts->scenario, PLAN_SPECIAL) ||
           plan_facts_has(facts->scenario, PLAN_INJECT);
}

static const char *
range(const EffectFacts *facts, const void *member)
{
    if (!facts->has_news)
        return effect_rules_of_news(facts, member);
    switch (facts->scenario->scheme.range) {
    case RANGE_LIMIT_EXCLUSIVE:
        return effect_rules_has_limit(facts) ? NULL : NO_LIMIT;
    case RANGE_LOWER_INCLUSIVE:
        return offers_equal(facts) ? NULL : "no card is ever offered a key of the ID that it has";
    default:
        return NULL;
    }
}

static const char *
expired(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return effect_facts_has_term_anywhere(facts->scenario) ? NULL : NO_TERM;
}

static const char *
crl_scope(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    const Scenario *scenario = facts->scenario;

    if (!facts->has_lists)
        return NO_LIST;
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        if (scenario_terminals(scenario, i)->crl_period != CRL_FACTORY)
            return NULL;
    return "every list is built in at the factory and names nobody";
}

/* Whether an update may be refused. Attackers, and keys that are none of the issuer's, may do
 * anything. */
static bool
may_refuse(const EffectFacts *facts)
{
    const Scenario *scenario = facts->scenario;
    const Scheme *scheme = &scenario->scheme;
    const bool update_keys_matter =
        scheme->authenticate == AUTHENTICATE_COMMON_KEY || scheme->update_key == UPDATE_KEY_TRAVELS;
    bool has_rogues = effect_facts_has_rogue_terminals(scenario) ||
                      plan_facts_has(scenario, PLAN_INJECT) || facts->may_tear;

    for (RogueCards rogue = ROGUE_CARDS_NONE + 1; rogue < N_ROGUE_CARDS; rogue++)
        has_rogues |= scenario_has_rogue_cards(scenario, rogue);
    return has_rogues || effect_rules_has_limit(facts) || scheme->max_step != SCHEME_NO_MAX_STEP ||
           scheme->deliver == DELIVER_ID || (update_keys_matter && facts->has_update_keys);
}

static const char *
update_ack(const EffectFacts *facts, const void *member)
{
    return !facts->has_news || may_refuse(facts) ? effect_rules_of_news(facts, member)
                                                 : "no update is ever refused";
}

static const char *
max_step(const EffectFacts *facts, const void *member)
{
    if (facts->has_news &&
        facts->scenario->scheme.max_step >= facts->most[KEY_TRANSFER] - facts->least[KEY_TRANSFER])
        return "no two transfer keys are so far apart";
    return effect_rules_of_news(facts, member);
}

static const char *
reclaim_delay(const EffectFacts *facts, const void *member)
{
    if (facts->scenario->reclaim == RECLAIM_NEVER)
        return NO_RECLAIM;
    return facts->has_news && effect_rules_has_limit(facts)
               ? NULL
               : effect_rules_of_reclaim(facts, member);
}

/* ---- [chip], [interface] ------------------------------------------------------------------- */

static const char *
chip(const EffectFacts *facts, const void *member)
{
    return effect_facts_has_chip(facts->scenario, ((const ScenarioChip *)member)->name)
               ? NULL
               : "no card has this chip";
}

static const char *
interface(const EffectFacts *facts, const void *member)
{
    return effect_facts_has_interface(facts->scenario, ((const ScenarioInterface *)member)->name)
               ? NULL
               : "no terminal has this interface";
}

/* Blocks are blocks, to a clock. */
static const char *
protocol(const EffectFacts *facts G_GNUC_UNUSED, const void *member)
{
    const ScenarioInterface *interface = member;
    const LinkInterface *like = interface->like;

    return like != NULL && interface->protocol != LINK_T_0 && like->protocol != LINK_T_0
               ? "blocks of t=1 and of t=cl take the same time"
               : NULL;
}

static const char *
verification(const EffectFacts *facts, const void *member)
{
    return is_signed_by_issuer(facts) ? effect_rules_of_news(facts, member)
                                      : effect_rules_of_public_key(facts, member);
}

/* Of a chip's costs those of one suite are asked for. */
static const char *
of_suite(const EffectFacts *facts, SuiteId of, const char *why)
{
    return facts->scenario->scheme.suite == of ? why : "the scheme has another suite";
}

static const char *
p256(const EffectFacts *facts, const void *member)
{
    return of_suite(facts, SUITE_P256, effect_rules_of_public_key(facts, member));
}

static const char *
p256_verify(const EffectFacts *facts, const void *member)
{
    return of_suite(facts, SUITE_P256, verification(facts, member));
}

static const char *
rsa_1024(const EffectFacts *facts, const void *member)
{
    return of_suite(facts, SUITE_RSA_1024, effect_rules_of_public_key(facts, member));
}

static const char *
rsa_1024_verify(const EffectFacts *facts, const void *member)
{
    return of_suite(facts, SUITE_RSA_1024, verification(facts, member));
}

static const char *
rsa_2048(const EffectFacts *facts, const void *member)
{
    return of_suite(facts, SUITE_RSA_2048, effect_rules_of_public_key(facts, member));
}

static const char *
rsa_2048_verify(const EffectFacts *facts, const void *member)
{
    return of_suite(facts, SUITE_RSA_2048, verification(facts, member));
}

/* ---- The table ------------------------------------------------------------------- */

const EffectRule effect_rules_of_scheme[] = {
    { GROUP_SCENARIO, "start", start },
    { GROUP_SCENARIO, "population-seed", population_seed },
    { GROUP_SCHEME, "embodiment", embodiment },
    { GROUP_SCHEME, "deliver", deliver },
    { GROUP_SCHEME, "update-key", update_key },
    { GROUP_SCHEME, "suite", suite },
    { GROUP_SCHEME, "range", range },
    { GROUP_SCHEME, "expired", expired },
    { GROUP_SCHEME, "update-ack", update_ack },
    { GROUP_SCHEME, "crl-scope", crl_scope },
    { GROUP_SCHEME, "uk-rule", effect_rules_of_update_keys },
    { GROUP_SCHEME, "key-auth", effect_rules_of_news },
    { GROUP_SCHEME, "max-step", max_step },
    { GROUP_SCHEME, "update-cipher", effect_rules_of_news },
    { GROUP_SCHEME, "reclaim", effect_rules_of_reclaim },
    { GROUP_SCHEME, "reclaim-delay", reclaim_delay },
    { GROUP_CHIP, NULL, chip },
    { GROUP_CHIP, "hash", verification },
    { GROUP_CHIP, "cipher", effect_rules_of_news },
    { GROUP_CHIP, "write-key", effect_rules_of_news },
    { GROUP_CHIP, "p256-sign", p256 },
    { GROUP_CHIP, "p256-verify", p256_verify },
    { GROUP_CHIP, "p256-envelope-seal", p256 },
    { GROUP_CHIP, "p256-envelope-open", p256 },
    { GROUP_CHIP, "rsa-1024-sign", rsa_1024 },
    { GROUP_CHIP, "rsa-1024-verify", rsa_1024_verify },
    { GROUP_CHIP, "rsa-1024-envelope-seal", rsa_1024 },
    { GROUP_CHIP, "rsa-1024-envelope-open", rsa_1024 },
    { GROUP_CHIP, "rsa-2048-sign", rsa_2048 },
    { GROUP_CHIP, "rsa-2048-verify", rsa_2048_verify },
    { GROUP_CHIP, "rsa-2048-envelope-seal", rsa_2048 },
    { GROUP_CHIP, "rsa-2048-envelope-open", rsa_2048 },
    { GROUP_INTERFACE, NULL, interface },
    { GROUP_INTERFACE, "protocol", protocol },
    { 0 },
};
