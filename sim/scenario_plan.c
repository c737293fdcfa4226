#include "sim/scenario_plan.h"

#include "sim/quantity.h"
#include "sim/scenario_types.h"

#include <string.h>

const char *const scenario_plan_do_names[] = { "issue",  "swap",   "revoke", "campaign", "replace",
                                               "rotate", "limits", "recall", "special",  "wake",
                                               "inject", "leak",   NULL };

int64_t
scenario_plan_times(const Scenario *scenario, const ScenarioPlan *plan)
{
    int64_t times;

    if (plan->every == SCENARIO_UNSET)
        return 1;
    times = (scenario->duration - 1) / plan->every;
    return plan->times == SCENARIO_UNSET ? times : MIN(times, plan->times);
}

Micros
scenario_plan_time(const ScenarioPlan *plan, int64_t nth)
{
    if (plan->every != SCENARIO_UNSET)
        return (nth + 1) * plan->every;
    return plan->at == SCENARIO_UNSET ? 0 : plan->at;
}

bool
scenario_plan_swaps(PlanDo what)
{
    return what == PLAN_SWAP || what == PLAN_CAMPAIGN || what == PLAN_REPLACE ||
           what == PLAN_ROTATE;
}

bool
scenario_plan_lasts(const ScenarioPlan *plan)
{
    return plan->what == PLAN_REPLACE || plan->what == PLAN_RECALL || plan->what == PLAN_SPECIAL ||
           (plan->what == PLAN_WAKE && plan->rate_per_day > 0);
}

bool
scenario_plan_brings_card(PlanDo what)
{
    return what == PLAN_SPECIAL || what == PLAN_INJECT;
}

bool
scenario_plan_concerns(const GArray *cohorts, guint cohort)
{
    for (guint i = 0; i < cohorts->len; i++)
        if (g_array_index(cohorts, guint, i) == cohort)
            return true;
    return cohorts->len == 0;
}

int64_t
scenario_plan_issued(const Scenario *scenario, const ScenarioPlan *plan)
{
    int64_t times = MIN(scenario_plan_times(scenario, plan), SCENARIO_CARDS_MAX + 1);

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
scenario_plan_read_trigger(const char *text, PlanTrigger *trigger)
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
scenario_plan_print_trigger(const PlanTrigger *trigger)
{
    g_autofree char *share = quantity_print_share(trigger->share);

    if (!trigger->is_set)
        return NULL;
    return g_strdup_printf("share-at-least(%s, %u) %s %s", key_kind_names[trigger->kind],
                           trigger->id, trigger->or_equal ? ">=" : ">", share);
}

static const char *const leak_names[N_LEAKS] = { "transfer-key", "update-key", "card-secret",
                                                 "whole-card" };

bool
scenario_plan_leaks_key(LeakWhat what)
{
    return what == LEAK_TRANSFER_KEY || what == LEAK_UPDATE_KEY;
}

bool
scenario_plan_read_leak(const char *text, PlanLeak *leak)
{
    PlanLeak read = { .is_set = true };

    while (read.what < N_LEAKS && !skip(&text, leak_names[read.what]))
        read.what++;
    if (read.what == N_LEAKS || (scenario_plan_leaks_key(read.what) && !read_id(&text, &read.id)) ||
        *text != '\0')
        return false;
    *leak = read;
    return true;
}

char *
scenario_plan_print_leak(const PlanLeak *leak)
{
    if (!leak->is_set)
        return NULL;
    if (!scenario_plan_leaks_key(leak->what))
        return g_strdup(leak_names[leak->what]);
    return g_strdup_printf("%s %u", leak_names[leak->what], leak->id);
}

bool
scenario_plan_has(const Scenario *scenario, PlanDo what)
{
    for (guint i = 0; i < scenario->plan->len; i++)
        if (((const ScenarioPlan *)scenario->plan->pdata[i])->what == what)
            return true;
    return false;
}
