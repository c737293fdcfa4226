#include "sim/base/quantity.h"
#include "sim/input/check.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
#include "sim/input/text.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_actions.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"

/* One action of a plan under examination. */
typedef struct {
    ScenarioText *text;
    const Scenario *scenario;
    const ScenarioPlan *plan;
    char *header;
} Action;

static bool
has(const Action *action, const char *key)
{
    return text_has(action->text, action->header, key);
}

static bool
is_sure(const Action *action, const char *key)
{
    return text_is_sure(action->text, action->header, key);
}

/* The actions that may have the key. */
static char *
list_actions(const ScenarioKey *key)
{
    GString *list = g_string_new(NULL);

    for (PlanDo what = 0; what < N_PLAN_DO; what++)
        if (plan_actions_has(what, key->plan_key))
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "",
                                   plan_actions[what].name);
    return g_string_free(list, FALSE);
}

static void
require(const Action *action, const char *name)
{
    const ScenarioKey *key = keys_find(GROUP_PLAN, name);
    /* as in the manual: names that exist say nothing about which one is meant */
    const bool is_name = key->value.type == TYPE_COHORT || key->value.type == TYPE_TERMINALS;
    g_autofree char *expected = types_expected(&key->value, is_name ? NULL : action->scenario);

    if (!has(action, name) && is_sure(action, name))
        text_mistake(action->text, action->header, name, "expected %s, found nothing", expected);
}

/* Whether the key is there if the action needs it, and only if it may be. */
static void
check_use(const Action *action, const ScenarioKey *key)
{
    const PlanAction *row = &plan_actions[action->plan->what];

    if ((row->needs & key->plan_key) != 0)
        require(action, key->name);
    if (has(action, key->name) && !plan_actions_has(action->plan->what, key->plan_key)) {
        g_autofree char *allowed = list_actions(key);

        text_mistake(action->text, action->header, key->name,
                     "expected this key with do = %s only, found do = %s", allowed, row->name);
    }
}

static void
check_uses(const Action *action)
{
    for (size_t i = 0; i < scenario_n_keys; i++)
        if (scenario_keys[i].group == GROUP_PLAN)
            check_use(action, &scenario_keys[i]);
}

/* Campaigns say how many cards in one of two ways; special cards need an update key. */
static void
check_choice_of_keys(const Action *action)
{
    const bool has_both = has(action, "cards") && has(action, "share");

    if (action->plan->what == PLAN_CAMPAIGN && has_both)
        text_mistake(action->text, action->header, "share",
                     "expected either cards or share, found both");
    if (action->plan->what == PLAN_CAMPAIGN && !has(action, "share"))
        require(action, "cards");
    if (plan_facts_brings_card(action->plan->what) && text_is_sure(action->text, "scheme", NULL) &&
        scheme_has_update_keys(&action->scenario->scheme))
        require(action, "update-key");
    if (action->plan->what == PLAN_LIMITS && !has(action, "transfer-key-limit") &&
        !has(action, "update-key-limit"))
        require(action, "transfer-key-limit");
}

/* How many cards are woken: so many each time, or at a rate from then on. */
static void
check_waking(const Action *action)
{
    const bool has_number = has(action, "cards") || has(action, "share");

    if (action->plan->what != PLAN_WAKE)
        return;
    if (has(action, "cards") && has(action, "share"))
        text_mistake(action->text, action->header, "share",
                     "expected either cards or share, found both");
    if (has(action, "rate") && (has_number || has(action, "every")))
        text_mistake(action->text, action->header, "rate",
                     "expected a rate without cards, share and every, found both");
    if (!has(action, "rate") && !has(action, "share") && is_sure(action, "rate") &&
        is_sure(action, "share"))
        require(action, "cards");
    if (action->scenario->mixing == MIXING_TRACE && text_is_sure(action->text, "mixing", "model"))
        text_mistake(action->text, action->header, "do",
                     "expected cards that pay by their activity, found model = trace");
}

static void
check_start(const Action *action)
{
    static const char *const keys[] = { "at", "every", "when" };
    const char *given = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (!has(action, keys[i]) && is_sure(action, keys[i]))
            continue;
        if (given != NULL && has(action, keys[i]))
            text_mistake(action->text, action->header, keys[i],
                         "expected one of at, every and when, found %s too", given);
        given = keys[i];
    }
    if (given == NULL)
        text_mistake(action->text, action->header, "at",
                     "expected one of at, every and when, found nothing");
    if (has(action, "times") && !has(action, "every") && is_sure(action, "every"))
        text_mistake(action->text, action->header, "times",
                     "expected this key with every only, found it alone");
}

/* Complains if a time is not within the run. */
static void
check_time(const Action *action, const char *key, Micros time)
{
    const Scenario *scenario = action->scenario;
    g_autofree char *end = quantity_print_duration(scenario->duration);
    g_autofree char *found = quantity_print_duration(time);

    if (time == SCENARIO_UNSET || time < scenario->duration || !is_sure(action, key) ||
        !text_is_sure(action->text, "scenario", "duration"))
        return;
    text_mistake(action->text, action->header, key,
                 "expected a time before the end of the run, %s, found %s", end, found);
}

/* Whether a revocation list goes with the cards. */
static bool
issues_revoked(const Action *action)
{
    const ScenarioPlan *plan = action->plan;

    return plan->what == PLAN_ISSUE && plan->cohort >= 0 &&
           scenario_cohort(action->scenario, (guint)plan->cohort)->rogue == ROGUE_CARDS_REVOKED;
}

static void
check_times(const Action *action)
{
    const ScenarioPlan *plan = action->plan;
    const bool is_dear =
        plan->what == PLAN_ROTATE || plan->what == PLAN_REVOKE || issues_revoked(action);
    const int64_t most = is_dear ? PLAN_FACTS_GENERATIONS_MAX : PLAN_FACTS_TIMES_MAX;
    const int64_t times = plan_facts_times(action->scenario, plan);

    check_time(action, "at", plan->at);
    check_time(action, "every", plan->every);
    if (plan->every != SCENARIO_UNSET && times > most &&
        text_is_sure(action->text, "scenario", "duration"))
        text_mistake(action->text, action->header, "every",
                     "expected at most %" G_GINT64_FORMAT " times in the run, found "
                     "%" G_GINT64_FORMAT,
                     most, times);
}

/* Complains of a rate at which an action would happen too often. A campaign and waking come to an
 * end by themselves. */
static void
check_turns(const Action *action, const char *key, double per_day)
{
    const ScenarioPlan *plan = action->plan;
    const double days =
        (double)(action->scenario->duration - MAX(plan->at, 0)) / (double)MICROS_PER_DAY;

    if (plan->what == PLAN_CAMPAIGN || plan->what == PLAN_WAKE || !is_sure(action, key) ||
        !is_sure(action, "at") || !text_is_sure(action->text, "scenario", "duration"))
        return;
    if (per_day * days > PLAN_FACTS_TURNS_MAX)
        text_mistake(action->text, action->header, key,
                     "expected a rate of at most %d times in the %.9g days that are left of the "
                     "run, found %.0f times",
                     PLAN_FACTS_TURNS_MAX, days, per_day * days);
}

/* Whether no ID goes beyond the last one. */
static void
check_rotation(const Action *action)
{
    const ScenarioPlan *plan = action->plan;
    const int64_t rise = plan_facts_times(action->scenario, plan) - 1;
    const int64_t ids[] = {
        plan->terms.transfer_key,
        plan->terms.update_key,
        plan->terms.preloaded->len == 0
            ? SCENARIO_UNSET
            : g_array_index(plan->terms.preloaded, uint32_t, plan->terms.preloaded->len - 1),
    };
    static const char *const keys[] = { "transfer-key", "update-key", "preloaded" };

    if (plan->what != PLAN_ROTATE)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        if (ids[i] != SCENARIO_UNSET && ids[i] > SCENARIO_ID_MAX - rise)
            text_mistake(action->text, action->header, keys[i],
                         "expected at most %" G_GINT64_FORMAT ", to be raised %" G_GINT64_FORMAT
                         " times, found %" G_GINT64_FORMAT,
                         SCENARIO_ID_MAX - rise, rise, ids[i]);
}

/* Whether the special card holds its key, and a cohort stays within its new limits. */
static void
check_keys(const Action *action)
{
    const CardTerms *terms = &action->plan->terms;
    bool holds = terms->preloaded->len == 0;

    for (guint i = 0; i < terms->preloaded->len; i++)
        holds = holds || g_array_index(terms->preloaded, uint32_t, i) == terms->transfer_key;
    if (plan_facts_brings_card(action->plan->what) && !holds && is_sure(action, "preloaded") &&
        is_sure(action, "transfer-key"))
        text_mistake(action->text, action->header, "transfer-key",
                     "expected one of the preloaded IDs, found %" G_GINT64_FORMAT,
                     terms->transfer_key);
}

static void
check_new_limit(const Action *action, const char *key, int64_t limit, int64_t id)
{
    const ScenarioCohort *cohort = scenario_cohort(action->scenario, (guint)action->plan->cohort);

    if (limit != SCENARIO_UNSET && id != SCENARIO_UNSET && id > limit && is_sure(action, key))
        text_mistake(action->text, action->header, key,
                     "expected at least the key of [cohort %s], %" G_GINT64_FORMAT
                     ", found %" G_GINT64_FORMAT,
                     cohort->name, id, limit);
}

static void
check_new_limits(const Action *action)
{
    const Scheme *scheme = &action->scenario->scheme;
    const CardTerms *terms = &action->plan->terms;
    const CardTerms *of_cohort;

    if (action->plan->what != PLAN_LIMITS || action->plan->cohort < 0)
        return;
    of_cohort = &scenario_cohort(action->scenario, (guint)action->plan->cohort)->terms;
    if (scheme_delivers_keys(scheme))
        check_new_limit(action, "transfer-key-limit", terms->transfer_key_limit,
                        of_cohort->transfer_key);
    if (scheme_moves_update_keys(scheme))
        check_new_limit(action, "update-key-limit", terms->update_key_limit, of_cohort->update_key);
}

/* Whether a generation that the action names ever occurs. */
static void
check_generation(const Action *action, const char *key, KeyKind kind, uint32_t id)
{
    g_autoptr(GArray) ids = NULL;

    /* a mistake elsewhere may hide it */
    if (!is_sure(action, key) || !text_is_sure(action->text, NULL, NULL))
        return;
    ids = plan_facts_collect_ids(action->scenario, kind);
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, guint32, i) == id)
            return;
    text_mistake(action->text, action->header, key,
                 "expected a generation that cohorts or plan bring, found %u", id);
}

static void
check_trigger(const Action *action)
{
    const PlanTrigger *when = &action->plan->when;

    if (when->is_set)
        check_generation(action, "when", when->kind, when->id);
}

static void
check_leak(const Action *action)
{
    const PlanLeak *leak = &action->plan->leak;

    if (leak->is_set && plan_facts_leaks_key(leak->what))
        check_generation(action, "leak", plan_facts_leak_kind(leak), leak->id);
    if (leak->is_set && leak->what == LEAK_TRANSFER_KEY && has(action, "taps") &&
        is_sure(action, "leak"))
        text_mistake(action->text, action->header, "taps",
                     "expected this key with something that opens updates, found "
                     "leak = transfer-key");
}

void
check_action(const Reading *reading, const ScenarioPlan *plan)
{
    g_autofree char *header = keys_header(GROUP_PLAN, plan->name);
    const Action action = { reading->text, reading->scenario, plan, header };

    if (plan->what != N_PLAN_DO) {
        check_uses(&action);
        check_choice_of_keys(&action);
        check_waking(&action);
    }
    check_start(&action);
    check_times(&action);
    check_turns(&action, "rate", plan->rate_per_day);
    check_turns(&action, "taps", plan->taps_per_day);
    check_rotation(&action);
    check_keys(&action);
    check_new_limits(&action);
    check_trigger(&action);
    check_leak(&action);
}
