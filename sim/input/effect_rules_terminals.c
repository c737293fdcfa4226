#include "sim/input/effect_rules.h"

#include "model/protocol/certificate.h"

#include "sim/base/share.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"

/* ---- [terminals] ------------------------------------------------------------------- */

/* Why no settlement takes place at a group of terminals. */
static const char *
why_deserted(const EffectFacts *facts, const void *member)
{
    const Scenario *scenario = facts->scenario;
    const ScenarioTerminals *group = member;
    const bool is_unlimited = group->count == 0;

    if (plan_facts_has(scenario, PLAN_SPECIAL) || effect_facts_has_column(scenario, TRACE_TERMINAL))
        return NULL;
    if (scenario->mixing == MIXING_MERCHANTS)
        return is_unlimited && !(scenario->person_to_person > 0) ? "no merchant stands there"
                                                                 : NULL;
    return group->share > 0 ? NULL : "its share is 0";
}

/* Where there are lists, the times at which terminals fetch them are drawn for one group after the
 * other. */
static const char *
terminals(const EffectFacts *facts, const void *member)
{
    return facts->has_lists ? NULL : why_deserted(facts, member);
}

static const char *
share(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    const Scenario *scenario = facts->scenario;

    if (scenario_n_terminals(scenario) == 1)
        return "there is one group of terminals";
    if (scenario->mixing == MIXING_MERCHANTS && !(scenario->person_to_person > 0))
        return "merchants are paid at terminals of their own";
    return effect_facts_has_column(scenario, TRACE_TERMINAL) ? "the trace names the terminals"
                                                             : NULL;
}

static const char *
count(const EffectFacts *facts, const void *member)
{
    const Scenario *scenario = facts->scenario;

    if (scenario->mixing != MIXING_TRACE || facts->has_lists ||
        ((const ScenarioTerminals *)member)->stale_share > 0 ||
        plan_facts_has(scenario, PLAN_SPECIAL))
        return NULL;
    return "nobody waits in a trace";
}

static const char *
kind(const EffectFacts *facts, const void *member)
{
    const TerminalKind kind = ((const ScenarioTerminals *)member)->kind;

    return link_terminals[kind].reader_overhead_us ==
                   link_terminals[TERMINAL_HANDHELD].reader_overhead_us
               ? "its readers are as quick as those of handheld terminals"
               : why_deserted(facts, member);
}

/* Where terminals have queues, those that are met once draw from the same numbers. */
static const char *
crl_source(const EffectFacts *facts, const void *member)
{
    if (facts->has_lists || (((const ScenarioTerminals *)member)->count == 0 &&
                             effect_facts_has_queues(facts->scenario)))
        return NULL;
    return NO_LIST;
}

static const char *
clock_skew(const EffectFacts *facts, const void *member)
{
    const ScenarioTerminals *group = member;

    return effect_facts_has_term(facts->scenario, group->clock_skew) ? why_deserted(facts, member)
                                                                     : NO_TERM;
}

static const char *
stale_clock_share(const EffectFacts *facts, const void *member)
{
    const ScenarioTerminals *group = member;

    if (group->count > 0 && share_count(group->stale_share, (uint64_t)group->count) == 0)
        return "that is no terminal";
    return clock_skew(facts, member);
}

/* What it would take for an attack to find anything to attack. */
static const char *
why_in_vain(const EffectFacts *facts, const ScenarioTerminals *group)
{
    const Scheme *scheme = &facts->scenario->scheme;

    switch (group->rogue) {
    case ROGUE_FREEZE:
        return scheme_has_updates(scheme) ? effect_rules_of_news(facts, group) : NO_UPDATES;
    case ROGUE_REPLAY_UPDATE:
    case ROGUE_MALLEATE:
        return !scheme_has_updates(scheme)       ? NO_UPDATES
               : !scheme_has_update_keys(scheme) ? "no update is under an update key in this scheme"
                                                 : effect_rules_of_news(facts, group);
    case ROGUE_FORCE_PUBLIC_KEY:
        return !scheme_has_certificates(scheme) ? NO_CERTIFICATES
               : scheme->authenticate != AUTHENTICATE_BY_UPDATE_KEY
                   ? "every update is by public key"
                   : effect_rules_of_news(facts, group);
    case ROGUE_IGNORE_EXPIRY:
        return clock_skew(facts, group);
    case ROGUE_IGNORE_CRL:
    case ROGUE_FOREIGN_CERTIFICATE:
        return !scheme_has_certificates(scheme)   ? NO_CERTIFICATES
               : !facts->has_lists                ? NO_LIST
               : group->crl_period == CRL_FACTORY ? "its list is built in and names nobody"
                                                  : NULL;
    default:
        return NULL;
    }
}

/* Nobody leaves a settlement with a rogue terminal, whatever it does. */
static const char *
rogue(const EffectFacts *facts, const void *member)
{
    const char *why = why_deserted(facts, member);

    return why != NULL || facts->may_tear ? why : why_in_vain(facts, member);
}

static const char *
rogue_transfer_key(const EffectFacts *facts, const void *member)
{
    if (((const ScenarioTerminals *)member)->rogue != ROGUE_MALLEATE)
        return "for rogue = malleate";
    return rogue(facts, member);
}

/* ---- [mixing] ------------------------------------------------------------------- */

/* Whether all cards pay equally often. */
static bool
is_even(const Scenario *scenario)
{
    double rate = -1;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);

        if (!effect_facts_has_cards(scenario, i))
            continue;
        if (rate < 0)
            rate = cohort->activity.per_day;
        if (cohort->activity.kind != ACTIVITY_CONSTANT || cohort->dormant > 0 ||
            cohort->activity.per_day < rate || cohort->activity.per_day > rate)
            return false;
    }
    return true;
}

static const char *
model(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return facts->scenario->mixing == MIXING_ACTIVITY && is_even(facts->scenario)
               ? "all cards pay equally often"
               : NULL;
}

static const char *
zipf(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    const Scenario *scenario = facts->scenario;
    int64_t n = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (scenario_cohort(scenario, i)->role == ROLE_MERCHANT)
            n += scenario_cohort(scenario, i)->cards + effect_facts_is_issued(scenario, i);
    return n <= 1 ? "there is one merchant" : NULL;
}

static const char *
cross(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return facts->scenario->regions->len == 1 ? "there is one region" : NULL;
}

static const char *
trace_sort(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    const Contacts *trace = facts->scenario->trace;

    return contacts_facts(trace)->is_unsorted ? NULL : "its rows are in order";
}

/* ---- [amount] ------------------------------------------------------------------- */

static const char *
law(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return effect_facts_has_column(facts->scenario, TRACE_AMOUNT) ? "the trace has amounts" : NULL;
}

static const char *
day_profile(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return profile_is_flat(facts->scenario->day_profile) ? "its weights are all equal" : NULL;
}

static const char *
week_profile(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return profile_is_flat(facts->scenario->week_profile) ? "its weights are all equal" : NULL;
}

/* ---- [faults] ------------------------------------------------------------------- */

static const char *
torn_party(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return facts->scenario->faults.torn > 0 ? NULL : "for torn, which is 0";
}

static const char *
presence_check(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    const ScenarioFaults *faults = &facts->scenario->faults;

    if (faults->per_day[TEAR_PAYEE] > 0 ||
        (faults->torn > 0 &&
         (faults->torn_party == TORN_PARTY_ANY || faults->torn_party == TORN_PARTY_PAYEE)))
        return NULL;
    return "no payee ever leaves";
}

static const char *
of_tears(const EffectFacts *facts, const void *member G_GNUC_UNUSED)
{
    return facts->may_tear ? NULL : NO_TEAR;
}

/* An ID and its key; or the ID of a key and the balance, where cards switch. */
static const char *
torn_write(const EffectFacts *facts, const void *member)
{
    const Scheme *scheme = &facts->scenario->scheme;

    if (!facts->may_tear || scheme->pays_with == PAYS_WITH_OLDEST_COMMON)
        return of_tears(facts, member);
    return scheme_delivers_keys(scheme) && facts->has_news
               ? NULL
               : "no card ever writes several fields at once";
}

static const char *
torn_pair(const EffectFacts *facts, const void *member)
{
    if (facts->scenario->scheme.torn_write == TORN_WRITE_ATOMIC)
        return "torn-write is atomic";
    return facts->may_tear ? effect_rules_of_public_key(facts, member) : NO_TEAR;
}

/* A terminal that attacks does not hear answers either. A log is written in any case. */
static const char *
recovery(const EffectFacts *facts, const void *member)
{
    return facts->scenario->scheme.recovery == RECOVERY_TORN_LOG ||
                   effect_facts_has_rogue_terminals(facts->scenario)
               ? NULL
               : of_tears(facts, member);
}

static const char *
nonce_life(const EffectFacts *facts, const void *member)
{
    if (effect_facts_has_rogue_terminals(facts->scenario))
        return NULL;
    return facts->scenario->scheme.recovery == RECOVERY_NONE ? "no command is ever sent twice"
                                                             : of_tears(facts, member);
}

/* ---- The table ------------------------------------------------------------------- */

const EffectRule effect_rules_of_terminals[] = {
    { GROUP_TERMINALS, NULL, terminals },
    { GROUP_TERMINALS, "share", share },
    { GROUP_TERMINALS, "count", count },
    { GROUP_TERMINALS, "kind", kind },
    { GROUP_TERMINALS, "interface", why_deserted },
    { GROUP_TERMINALS, "crl-source", crl_source },
    { GROUP_TERMINALS, "clock-skew", clock_skew },
    { GROUP_TERMINALS, "rogue", rogue },
    { GROUP_TERMINALS, "rogue-transfer-key", rogue_transfer_key },
    { GROUP_TERMINALS, "stale-clock-share", stale_clock_share },
    { GROUP_MIXING, "model", model },
    { GROUP_MIXING, "zipf", zipf },
    { GROUP_MIXING, "cross", cross },
    { GROUP_MIXING, "trace-sort", trace_sort },
    { GROUP_AMOUNT, "law", law },
    { GROUP_AMOUNT, "day-profile", day_profile },
    { GROUP_AMOUNT, "week-profile", week_profile },
    { GROUP_FAULTS, "torn-party", torn_party },
    { GROUP_FAULTS, "presence-check", presence_check },
    { GROUP_FAULTS, "torn-write", torn_write },
    { GROUP_FAULTS, "torn-pair", torn_pair },
    { GROUP_FAULTS, "recovery", recovery },
    { GROUP_FAULTS, "nonce-life", nonce_life },
    { 0 },
};
