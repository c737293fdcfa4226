#include "sim/scenario/plan_facts.h"

#include "sim/base/quantity.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_actions.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

#include <string.h>

int64_t
plan_facts_times(const Scenario *scenario, const ScenarioPlan *plan)
{
    int64_t times;

    if (plan->every == SCENARIO_UNSET)
        return 1;
    times = (scenario->duration - 1) / plan->every;
    return plan->times == SCENARIO_UNSET ? times : MIN(times, plan->times);
}

Micros
plan_facts_time(const ScenarioPlan *plan, int64_t nth)
{
    if (plan->every != SCENARIO_UNSET)
        return (nth + 1) * plan->every;
    return plan->at == SCENARIO_UNSET ? 0 : plan->at;
}

bool
plan_facts_swaps(PlanDo what)
{
    return plan_actions[what].swaps;
}

bool
plan_facts_lasts(const ScenarioPlan *plan)
{
    const PlanLasting lasts = plan_actions[plan->what].lasts;

    return lasts == PLAN_LASTS || (lasts == PLAN_LASTS_WITH_RATE && plan->rate_per_day > 0);
}

bool
plan_facts_brings_card(PlanDo what)
{
    return plan_actions[what].brings_card;
}

bool
plan_facts_concerns(const GArray *cohorts, guint cohort)
{
    for (guint i = 0; i < cohorts->len; i++)
        if (g_array_index(cohorts, guint, i) == cohort)
            return true;
    return cohorts->len == 0;
}

int64_t
plan_facts_issued(const Scenario *scenario, const ScenarioPlan *plan)
{
    int64_t times = MIN(plan_facts_times(scenario, plan), SCENARIO_CARDS_MAX + 1);

    if (plan->what != PLAN_ISSUE || plan->cards <= 0 || times <= 0)
        return 0;
    return plan->cards > SCENARIO_CARDS_MAX / times ? SCENARIO_CARDS_MAX + 1 : plan->cards * times;
}

/* Moves @text behind @word and the spaces after it. */
static bool
skip(const char **text, const char *word)
{
    if (!g_str_has_prefix(*text, word))
        return false;
    *text += strlen(word);
    *text += strspn(*text, " \t");
    return true;
}

static bool
read_kind(const char **text, KeyKind *kind)
{
    for (*kind = 0; *kind < N_KEY_KINDS; (*kind)++)
        if (skip(text, key_kind_names[*kind]))
            return true;
    return false;
}

static bool
read_id(const char **text, uint32_t *id)
{
    gsize length = strcspn(*text, " \t)");
    g_autofree char *digits = g_strndup(*text, length);
    int64_t value;

    if (!quantity_read_number(digits, &value) || value < 1 || value > SCENARIO_ID_MAX)
        return false;
    *id = (uint32_t)value;
    *text += length;
    *text += strspn(*text, " \t");
    return true;
}

bool
plan_facts_read_trigger(const char *text, PlanTrigger *trigger)
{
    PlanTrigger read = { .is_set = true };

    if (!skip(&text, "share-at-least") || !skip(&text, "(") || !read_kind(&text, &read.kind) ||
        !skip(&text, ",") || !read_id(&text, &read.id) || !skip(&text, ")") || !skip(&text, ">"))
        return false;
    read.or_equal = skip(&text, "=");
    if (!quantity_read_share(text, &read.share) || read.share < 0 || read.share > 1)
        return false;
    *trigger = read;
    return true;
}

char *
plan_facts_print_trigger(const PlanTrigger *trigger)
{
    g_autofree char *share = quantity_print_share(trigger->share);

    if (!trigger->is_set)
        return NULL;
    return g_strdup_printf("share-at-least(%s, %u) %s %s", key_kind_names[trigger->kind],
                           trigger->id, trigger->or_equal ? ">=" : ">", share);
}

static const char *const leak_names[N_LEAKS] = {
    [LEAK_TRANSFER_KEY] = "transfer-key",
    [LEAK_UPDATE_KEY] = "update-key",
    [LEAK_CARD_SECRET] = "card-secret",
    [LEAK_WHOLE_CARD] = "whole-card",
};

bool
plan_facts_leaks_key(LeakWhat what)
{
    return what == LEAK_TRANSFER_KEY || what == LEAK_UPDATE_KEY;
}

KeyKind
plan_facts_leak_kind(const PlanLeak *leak)
{
    return leak->what == LEAK_TRANSFER_KEY ? KEY_TRANSFER : KEY_UPDATE;
}

bool
plan_facts_read_leak(const char *text, PlanLeak *leak)
{
    PlanLeak read = { .is_set = true };

    while (read.what < N_LEAKS && !skip(&text, leak_names[read.what]))
        read.what++;
    if (read.what == N_LEAKS || (plan_facts_leaks_key(read.what) && !read_id(&text, &read.id)) ||
        *text != '\0')
        return false;
    *leak = read;
    return true;
}

char *
plan_facts_print_leak(const PlanLeak *leak)
{
    if (!leak->is_set)
        return NULL;
    if (!plan_facts_leaks_key(leak->what))
        return g_strdup(leak_names[leak->what]);
    return g_strdup_printf("%s %u", leak_names[leak->what], leak->id);
}

bool
plan_facts_has(const Scenario *scenario, PlanDo what)
{
    for (guint i = 0; i < scenario->plan->len; i++)
        if (scenario_plan(scenario, i)->what == what)
            return true;
    return false;
}

bool
plan_facts_wakes(const Scenario *scenario, guint cohort)
{
    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        if (plan->what == PLAN_WAKE && plan_facts_concerns(plan->from, cohort))
            return true;
    }
    return false;
}

static int64_t
raised(int64_t id, int64_t by)
{
    return id == SCENARIO_UNSET ? id : id + by;
}

/* A limit cannot pass the largest ID, which is as good as none. */
static int64_t
raised_limit(int64_t limit, int64_t by)
{
    return limit == SCENARIO_UNSET ? limit : MIN(limit + by, SCENARIO_NO_LIMIT);
}

CardTerms
plan_facts_raise_terms(const CardTerms *terms, int64_t by)
{
    CardTerms next = *terms;

    next.transfer_key = raised(terms->transfer_key, by);
    next.update_key = raised(terms->update_key, by);
    next.transfer_key_limit = raised_limit(terms->transfer_key_limit, by);
    next.update_key_limit = raised_limit(terms->update_key_limit, by);
    next.preloaded = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < terms->preloaded->len; i++) {
        uint32_t id = g_array_index(terms->preloaded, uint32_t, i) + (uint32_t)by;

        g_array_append_val(next.preloaded, id);
    }
    return next;
}

/* The IDs of a cohort or of an action that takes place @times, each time one higher. */
static void
collect(const CardTerms *terms, KeyKind kind, int64_t times, GArray *ids)
{
    int64_t id = kind == KEY_TRANSFER ? terms->transfer_key : terms->update_key;

    for (int64_t by = 0; by < times; by++) {
        if (id != SCENARIO_UNSET) {
            guint32 value = (guint32)(id + by);

            g_array_append_val(ids, value);
        }
        for (guint i = 0; kind == KEY_TRANSFER && i < terms->preloaded->len; i++) {
            guint32 value = g_array_index(terms->preloaded, guint32, i) + (guint32)by;

            g_array_append_val(ids, value);
        }
    }
}

gint
plan_facts_compare_ids(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a;
    guint32 y = *(const guint32 *)b;

    return (x > y) - (x < y);
}

GArray *
plan_facts_collect_ids(const Scenario *scenario, KeyKind kind)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint32));
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(guint32));

    for (guint i = 0; i < scenario->cohorts->len; i++)
        collect(&scenario_cohort(scenario, i)->terms, kind, 1, all);
    for (guint i = 0; kind == KEY_TRANSFER && i < scenario->terminals->len; i++) {
        const ScenarioTerminals *terminals = scenario_terminals(scenario, i);

        if (terminals->rogue == ROGUE_MALLEATE) {
            guint32 id = (guint32)terminals->rogue_id;

            g_array_append_val(all, id);
        }
    }
    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);
        int64_t times = plan->what == PLAN_ROTATE ? plan_facts_times(scenario, plan) : 1;

        collect(&plan->terms, kind, MIN(times, PLAN_FACTS_GENERATIONS_MAX), all);
    }
    g_array_sort(all, plan_facts_compare_ids);
    for (guint i = 0; i < all->len; i++) {
        guint32 id = g_array_index(all, guint32, i);

        if (ids->len == 0 || g_array_index(ids, guint32, ids->len - 1) != id)
            g_array_append_val(ids, id);
    }
    return ids;
}

int64_t
plan_facts_n_issued(const Scenario *scenario)
{
    int64_t n = 0;

    for (guint i = 0; i < scenario->plan->len; i++)
        n += plan_facts_issued(scenario, scenario_plan(scenario, i));
    return n;
}
