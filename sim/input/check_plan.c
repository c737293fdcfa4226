#include "model/protocol/population.h"

#include "sim/base/quantity.h"
#include "sim/input/check.h"
#include "sim/input/keys.h"
#include "sim/input/plan_follower.h"
#include "sim/input/reading.h"
#include "sim/input/text.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"

#include <string.h>

/* An action at one of its times. */
typedef struct {
    const ScenarioPlan *plan;
    int64_t nth;
    Micros at;
} Step;

/* The first of two keys that the plan sets. */
static const char *
key_to_blame(const Follower *follower, const char *header, const char *first, const char *second)
{
    return text_has(follower->text, header, first) ? first : second;
}

static bool
is_preloaded(const Kind *kind)
{
    for (guint i = 0; i < kind->preloaded->len; i++)
        if (g_array_index(kind->preloaded, uint32_t, i) == kind->transfer_key)
            return true;
    return kind->preloaded->len == 0;
}

static bool
check_swap_limit(Follower *follower, const char *header, const char *key, int64_t id, int64_t limit,
                 guint cohort)
{
    g_autofree char *limit_key = g_strconcat(key, "-limit", NULL);

    if (id <= limit)
        return true;
    text_mistake(follower->text, header, key_to_blame(follower, header, key, limit_key),
                 "expected the %s within its limit on every card that may be drawn, "
                 "found %" G_GINT64_FORMAT " above %" G_GINT64_FORMAT " on cards of [cohort %s]",
                 key, id, limit, scenario_cohort(follower->scenario, cohort)->name);
    return false;
}

/* Whether a card of this kind can have come out of a swap. */
static bool
check_swapped(Follower *follower, const char *header, const Kind *kind)
{
    const Scheme *scheme = &follower->scenario->scheme;

    if (scheme_delivers_keys(scheme) &&
        !check_swap_limit(follower, header, "transfer-key", kind->transfer_key,
                          kind->transfer_key_limit, kind->cohort))
        return false;
    if (scheme_moves_update_keys(scheme) &&
        !check_swap_limit(follower, header, "update-key", kind->update_key, kind->update_key_limit,
                          kind->cohort))
        return false;
    if (!scheme_has_preloaded_keys(scheme) || is_preloaded(kind))
        return true;
    text_mistake(follower->text, header,
                 key_to_blame(follower, header, "transfer-key", "preloaded"),
                 "expected the transfer key preloaded on every card that may be drawn, "
                 "found %" G_GINT64_FORMAT " missing on cards of [cohort %s]",
                 kind->transfer_key, scenario_cohort(follower->scenario, kind->cohort)->name);
    return false;
}

/* Cards that the action may draw from. */
static int64_t
count_cards(const Follower *follower, const ScenarioPlan *plan)
{
    int64_t cards = 0;

    for (guint i = 0; i < follower->scenario->cohorts->len; i++)
        if (plan_facts_concerns(plan->from, i))
            cards += follower->cards[i];
    return cards;
}

/* Whether there are as many cards to draw. */
static bool
check_drawn(Follower *follower, const char *header, const ScenarioPlan *plan, Micros now)
{
    g_autofree char *at = quantity_print_duration(now);
    const int64_t cards = count_cards(follower, plan);

    if (plan->cards <= cards || plan->when.is_set) /* then there may be more */
        return true;
    text_mistake(follower->text, header, "cards",
                 "expected at most %" G_GINT64_FORMAT
                 ", the cards in circulation at %s%s, found %" G_GINT64_FORMAT,
                 cards, at, plan->from->len > 0 ? " that it may draw from" : "", plan->cards);
    return false;
}

/* Adds to @swapped what becomes of cards of @kind by @terms. Returns: false after complaining */
static bool
swap_one(Follower *follower, const ScenarioPlan *plan, const CardTerms *terms, guint index,
         GArray *swapped)
{
    const Kind old = g_array_index(follower->kinds, Kind, index);
    g_autofree char *header = keys_header(GROUP_PLAN, plan->name);
    const Kind kind = plan_follower_swap(&old, terms);

    if (!plan_facts_concerns(plan->from, old.cohort))
        return true;
    if (!check_swapped(follower, header, &kind))
        return false;
    g_array_append_val(swapped, kind);
    return true;
}

/* ---- Following ---------------------------------------------------------- */

static void
add_kinds(Follower *follower, const GArray *kinds)
{
    for (guint i = 0; i < kinds->len; i++)
        plan_follower_add_kind(follower, &g_array_index(kinds, Kind, i));
}

/* A swap that takes place once, at a time that is known. */
static void
follow_swap(Follower *follower, const Step *step, const CardTerms *terms)
{
    const ScenarioPlan *plan = step->plan;
    g_autofree char *header = keys_header(GROUP_PLAN, plan->name);
    g_autoptr(GArray) swapped = g_array_new(FALSE, FALSE, sizeof(Kind));

    if (!check_drawn(follower, header, plan, step->at))
        return;
    for (guint i = 0; plan->cards > 0 && i < follower->kinds->len; i++)
        if (!swap_one(follower, plan, terms, i, swapped))
            return; /* one kind of card is enough to say */
    if (plan->cards == count_cards(follower, plan))
        plan_follower_forget(follower, plan);
    add_kinds(follower, swapped);
    follower->entries += plan_follower_count_entries(swapped, plan->cards);
}

static void
follow_rotation(Follower *follower, const Step *step)
{
    const CardTerms terms = plan_facts_raise_terms(&step->plan->terms, step->nth);

    g_ptr_array_add(follower->raised, terms.preloaded);
    follow_swap(follower, step, &terms);
}

/* Kinds that have come up since may be swapped too, until nothing new comes of it. */
static bool
follow_lasting(Follower *follower)
{
    for (; follower->n_done < follower->kinds->len; follower->n_done++)
        for (guint i = 0; i < follower->lasting->len; i++) {
            g_autoptr(GArray) swapped = g_array_new(FALSE, FALSE, sizeof(Kind));
            const ScenarioPlan *plan = follower->lasting->pdata[i];

            if (!swap_one(follower, plan, &plan->terms, follower->n_done, swapped))
                return false;
            add_kinds(follower, swapped);
            plan_follower_add_entries(plan_follower_replaced_by(follower, plan), swapped);
        }
    return true;
}

static void
begin_lasting(Follower *follower, const Step *step)
{
    const ScenarioPlan *plan = step->plan;
    g_autofree char *header = keys_header(GROUP_PLAN, plan->name);

    if (!check_drawn(follower, header, plan, step->at))
        return;
    g_ptr_array_add(follower->lasting, (gpointer)plan);
    follower->n_done = 0;
}

/* New limits: from now on there may be such cards. */
static void
follow_limits(Follower *follower, const ScenarioPlan *plan)
{
    CardTerms terms = scenario_cohort(follower->scenario, (guint)plan->cohort)->terms;
    const Kind kind = {
        terms.transfer_key,
        plan_follower_changed(terms.transfer_key_limit, plan->terms.transfer_key_limit),
        terms.update_key,
        plan_follower_changed(terms.update_key_limit, plan->terms.update_key_limit),
        terms.preloaded,
        terms.chip,
        (guint)plan->cohort
    };

    plan_follower_add_kind(follower, &kind);
    follower->entries += plan_follower_entries_of_cohort(follower->scenario);
}

static gint
compare_steps(gconstpointer a, gconstpointer b)
{
    const Step *first = a, *second = b;

    return (first->at > second->at) - (first->at < second->at);
}

/* Whether what the plan depends on could be read without a mistake. */
static bool
can_be_followed(const Reading *reading)
{
    const Scenario *scenario = reading->scenario;
    if (!text_is_sure(reading->text, NULL, NULL) || !text_is_sure(reading->text, "scheme", NULL))
        return false;
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);
        g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);

        if (!text_is_sure(reading->text, header, NULL))
            return false;
    }
    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);
        g_autofree char *header = keys_header(GROUP_PLAN, plan->name);

        if (!text_is_sure(reading->text, header, NULL))
            return false;
    }
    return true;
}

static void
follow_step(Follower *follower, const Step *step)
{
    const ScenarioPlan *plan = step->plan;
    g_autofree char *header = keys_header(GROUP_PLAN, plan->name);
    bool is_once = plan->every == SCENARIO_UNSET && !plan->when.is_set;

    switch (plan->what) {
    case PLAN_ISSUE:
        plan_follower_add_cohort(follower, (guint)plan->cohort,
                                 &scenario_cohort(follower->scenario, (guint)plan->cohort)->terms,
                                 plan->cards);
        plan_follower_add_rogues(follower,
                                 scenario_cohort(follower->scenario, (guint)plan->cohort)->rogue);
        break;
    case PLAN_REVOKE:
        if (check_drawn(follower, header, plan, step->at) && !plan->when.is_set)
            plan_follower_revoke(follower, plan->cards);
        break;
    case PLAN_ROTATE:
        if (plan->when.is_set)
            begin_lasting(follower, step);
        else
            follow_rotation(follower, step);
        break;
    case PLAN_LIMITS:
        follow_limits(follower, plan);
        break;
    case PLAN_SWAP:
        if (is_once)
            follow_swap(follower, step, &plan->terms);
        else if (step->nth == 0)
            begin_lasting(follower, step);
        break;
    default:
        /* recall and special cards mind what a card can take */
        if (plan_facts_swaps(plan->what) && step->nth == 0)
            begin_lasting(follower, step);
        if (plan_facts_brings_card(plan->what) && step->nth == 0)
            follower->entries++;
        break;
    }
}

/* Every time of every action, in order. */
static GArray *
list_steps(const Scenario *scenario)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(Step));

    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);
        const int64_t times = plan_facts_times(scenario, plan);

        for (int64_t nth = 0; nth < times; nth++) {
            const Step step = { plan, nth, plan_facts_time(plan, nth) };

            g_array_append_val(steps, step);
        }
    }
    g_array_sort(steps, compare_steps); /* stable: of one time, in the order of the file */
    return steps;
}

/* What cards of a cohort may be once they have been called in, again and again. */
static void
add_successors(Follower *follower, guint cohort)
{
    int next = scenario_cohort(follower->scenario, cohort)->successor;

    for (guint i = 0; next >= 0 && i < follower->scenario->cohorts->len; i++) {
        const CardTerms *terms = &scenario_cohort(follower->scenario, (guint)next)->terms;
        const Kind kind = { terms->transfer_key,
                            terms->transfer_key_limit,
                            terms->update_key,
                            terms->update_key_limit,
                            terms->preloaded,
                            terms->chip,
                            cohort };

        plan_follower_add_kind(follower, &kind);
        next = scenario_cohort(follower->scenario, (guint)next)->successor;
    }
}

/* Revocations that may come at any time find most kinds of cards at the end. */
static void
follow_late_revocations(Follower *follower)
{
    for (guint i = 0; i < follower->scenario->plan->len; i++) {
        const ScenarioPlan *plan = scenario_plan(follower->scenario, i);

        if (plan->what != PLAN_REVOKE || !plan->when.is_set)
            continue;
        plan_follower_revoke(follower, plan->cards);
        if (!follow_lasting(follower) || !plan_follower_check_entries(follower, plan))
            return;
    }
}

static void
follow(Follower *follower)
{
    const Scenario *scenario = follower->scenario;
    g_autoptr(GArray) steps = list_steps(scenario);

    for (guint i = 0; i < scenario->cohorts->len; i++) {
        plan_follower_add_cohort(follower, i, &scenario_cohort(follower->scenario, i)->terms,
                                 scenario_cohort(follower->scenario, i)->cards);
        if (scenario->reclaim != RECLAIM_NEVER)
            add_successors(follower, i);
        follower->revoked += scenario_cohort(follower->scenario, i)->rogue == ROGUE_CARDS_REVOKED;
    }
    follower->entries = plan_follower_entries_of_cohort(scenario) * scenario->cohorts->len;
    if (!plan_follower_check_entries(follower, NULL))
        return;
    for (guint i = 0; i < steps->len; i++) {
        const Step *step = &g_array_index(steps, Step, i);

        follow_step(follower, step);
        if (!follow_lasting(follower) || !plan_follower_check_entries(follower, step->plan))
            return;
    }
    follow_late_revocations(follower);
}

void
check_plan(const Reading *reading)
{
    const Scenario *scenario = reading->scenario;
    g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(Kind));
    g_autoptr(GHashTable) seen = plan_follower_new_set();
    g_autoptr(GHashTable) replaced = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
                                                           (GDestroyNotify)g_hash_table_unref);
    g_autoptr(GPtrArray) lasting = g_ptr_array_new();
    g_autoptr(GPtrArray) raised = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autofree int64_t *cards = g_new0(int64_t, scenario->cohorts->len);
    Follower follower = { reading->text, scenario, kinds, seen, lasting, 0,
                          cards,         raised,   0,     0,    replaced };

    if (can_be_followed(reading))
        follow(&follower);
}
