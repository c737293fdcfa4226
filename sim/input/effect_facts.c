#include "sim/input/effect_facts.h"

#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

#include <string.h>

/* ---- Cards ------------------------------------------------------------------- */

bool
effect_facts_is_issued(const Scenario *scenario, guint cohort)
{
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        if (plan->what == PLAN_ISSUE && plan->cohort == (int)cohort && plan->cards > 0)
            return true;
    }
    return false;
}

bool
effect_facts_is_successor(const Scenario *scenario, guint cohort)
{
    for (guint i = 0; scenario->reclaim != RECLAIM_NEVER && i < scenario_n_cohorts(scenario); i++) {
        const int successor = scenario_cohort(scenario, i)->successor;

        if ((successor < 0 ? i : (guint)successor) == cohort)
            return true;
    }
    return false;
}

bool
effect_facts_has_cards(const Scenario *scenario, guint cohort)
{
    return scenario_cohort(scenario, cohort)->cards > 0 || effect_facts_is_issued(scenario, cohort);
}

static bool
ends_before(const ExpiryLaw *law, Micros time)
{
    return law->low != SCENARIO_UNSET && law->low != SCENARIO_NEVER_EXPIRES &&
           law->low * MICROS_PER_DAY < time;
}

bool
effect_facts_has_term(const Scenario *scenario, Micros skew)
{
    const Micros end = scenario->duration + MAX(skew, 0);

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (ends_before(&scenario_cohort(scenario, i)->terms.expiry, end))
            return true;
    for (guint i = 0; i < scenario_n_plan(scenario); i++)
        if (ends_before(&scenario_plan(scenario, i)->terms.expiry, end))
            return true;
    return false;
}

bool
effect_facts_has_term_anywhere(const Scenario *scenario)
{
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        if (effect_facts_has_term(scenario, scenario_terminals(scenario, i)->clock_skew))
            return true;
    return false;
}

bool
effect_facts_has_chip(const Scenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (strcmp(scenario_cohort(scenario, i)->terms.chip->name, name) == 0)
            return true;
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const Chip *chip = scenario_plan(scenario, i)->terms.chip;

        if (chip != NULL && strcmp(chip->name, name) == 0)
            return true;
    }
    return false;
}

bool
effect_facts_draws_population(const Scenario *scenario)
{
    bool draws = scenario->mixing == MIXING_MERCHANTS && scenario->zipf > 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);

        draws |= cohort->balance.kind != LAW_CONSTANT ||
                 cohort->terms.expiry.low != cohort->terms.expiry.high ||
                 (scenario->mixing != MIXING_TRACE &&
                  (cohort->activity.kind != ACTIVITY_CONSTANT || cohort->dormant > 0));
    }
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ExpiryLaw *expiry = &scenario_plan(scenario, i)->terms.expiry;

        draws |= expiry->low != expiry->high && expiry->low != SCENARIO_UNSET;
    }
    return draws;
}

/* ---- Terminals ------------------------------------------------------------------- */

bool
effect_facts_has_interface(const Scenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        for (Side side = 0; side < N_SIDES; side++)
            if (strcmp(scenario_terminals(scenario, i)->interface[side]->name, name) == 0)
                return true;
    return false;
}

static bool
has_rogue(const Scenario *scenario, RogueKind kind)
{
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        if (scenario_terminals(scenario, i)->rogue == kind)
            return true;
    return false;
}

bool
effect_facts_has_rogue_terminals(const Scenario *scenario)
{
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        if (scenario_terminals(scenario, i)->rogue != ROGUE_NONE)
            return true;
    return false;
}

bool
effect_facts_has_queues(const Scenario *scenario)
{
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        if (scenario_terminals(scenario, i)->count > 0)
            return true;
    return false;
}

bool
effect_facts_has_column(const Scenario *scenario, ContactsColumn column)
{
    return scenario->mixing == MIXING_TRACE && contacts_format_has(&scenario->trace_format, column);
}

/* ---- The whole ------------------------------------------------------------------- */

static void
widen(EffectFacts *facts, KeyKind kind, int64_t id)
{
    facts->least[kind] = MIN(facts->least[kind], id);
    facts->most[kind] = MAX(facts->most[kind], id);
}

/* @rise: by how much they are raised in the end */
static void
gather_terms(EffectFacts *facts, const CardTerms *terms, int64_t rise)
{
    const int64_t ids[N_KEY_KINDS] = {
        [KEY_TRANSFER] = terms->transfer_key, [KEY_UPDATE] = terms->update_key
    };

    for (KeyKind kind = 0; kind < N_KEY_KINDS; kind++)
        if (ids[kind] != SCENARIO_UNSET) {
            widen(facts, kind, ids[kind]);
            widen(facts, kind, ids[kind] + rise);
        }
}

static void
gather_ids(EffectFacts *facts)
{
    const Scenario *scenario = facts->scenario;

    for (KeyKind kind = 0; kind < N_KEY_KINDS; kind++) {
        facts->least[kind] = INT64_MAX;
        facts->most[kind] = 0;
    }
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (effect_facts_has_cards(scenario, i) || effect_facts_is_successor(scenario, i))
            gather_terms(facts, &scenario_cohort(scenario, i)->terms, 0);
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        gather_terms(facts, &plan->terms,
                     plan->what == PLAN_ROTATE ? plan_facts_times(scenario, plan) - 1 : 0);
    }
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        if (scenario_terminals(scenario, i)->rogue == ROGUE_MALLEATE)
            widen(facts, KEY_TRANSFER, scenario_terminals(scenario, i)->rogue_id);
}

static bool
has_lists(const Scenario *scenario)
{
    for (guint i = 0; i < scenario_n_plan(scenario); i++)
        if (scenario_plan(scenario, i)->what == PLAN_REVOKE &&
            scenario_plan(scenario, i)->cards > 0)
            return scheme_has_certificates(&scenario->scheme);
    return scenario_has_rogue_cards(scenario, ROGUE_CARDS_REVOKED) &&
           scheme_has_certificates(&scenario->scheme);
}

static bool
may_tear(const ScenarioFaults *faults)
{
    bool leaves = faults->torn > 0;

    for (TearParty party = 0; party < N_TEAR_PARTIES; party++)
        leaves |= faults->per_day[party] > 0;
    return leaves;
}

EffectFacts
effect_facts_gather(const Reading *reading)
{
    const Scenario *scenario = reading->scenario;
    const Scheme *scheme = &scenario->scheme;
    EffectFacts facts = { .reading = reading, .scenario = scenario };

    gather_ids(&facts);
    facts.has_news =
        scheme_has_updates(scheme) && facts.least[KEY_TRANSFER] != facts.most[KEY_TRANSFER];
    facts.has_update_keys =
        scheme_has_update_keys(scheme) && (facts.least[KEY_UPDATE] != facts.most[KEY_UPDATE] ||
                                           has_rogue(scenario, ROGUE_FORCE_PUBLIC_KEY));
    facts.takes_public_key =
        facts.has_news && scheme_has_certificates(scheme) &&
        (scheme->authenticate == AUTHENTICATE_PUBLIC_KEY || facts.has_update_keys);
    facts.has_lists = has_lists(scenario);
    facts.may_tear = may_tear(&scenario->faults);
    return facts;
}
