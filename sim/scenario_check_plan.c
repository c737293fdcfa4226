#include "sim/scenario_check.h"
#include "sim/scenario_keys.h"
#include "sim/scenario_text.h"
#include "sim/quantity.h"

#include <string.h>

/* More kinds of cards than this are not followed; what a swap then does wrong shows
 * when it is carried out. */
#define KINDS_FOLLOWED 65536

/* The keys that a card of some kind has from its cohort and its swaps. Which cards a
 * swap draws is chance, so each kind remains possible until a swap replaces all. */
typedef struct {
    int64_t transfer_key;
    int64_t transfer_key_limit;
    int64_t update_key;
    int64_t update_key_limit;
    const GArray *preloaded;
    const char *origin; /* the cohort's name; says nothing about the card */
} Kind;

typedef struct {
    Scenario *scenario;
    GArray *kinds;    /* of Kind, in order of first appearance */
    GHashTable *seen; /* set of Kind* */
    int64_t cards;    /* in circulation */
} Follower;

static guint
hash_kind(const void *data)
{
    const Kind *kind = data;
    const int64_t numbers[] = { kind->transfer_key, kind->transfer_key_limit, kind->update_key,
                                kind->update_key_limit };
    guint64 hash = kind->preloaded->len;

    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        hash = (hash ^ (guint64)numbers[i]) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return (guint)(hash >> 32);
}

static gboolean
is_same_kind(const void *a, const void *b)
{
    const Kind *first = a, *second = b;
    const gsize bytes = first->preloaded->len * sizeof(uint32_t);

    return first->transfer_key == second->transfer_key &&
           first->transfer_key_limit == second->transfer_key_limit &&
           first->update_key == second->update_key &&
           first->update_key_limit == second->update_key_limit &&
           first->preloaded->len == second->preloaded->len &&
           (bytes == 0 || memcmp(first->preloaded->data, second->preloaded->data, bytes) == 0);
}

static void
add_kind(Follower *follower, const Kind *kind)
{
    Kind *copy;

    if (follower->kinds->len >= KINDS_FOLLOWED || g_hash_table_contains(follower->seen, kind))
        return;
    copy = g_new(Kind, 1);
    *copy = *kind;
    g_hash_table_add(follower->seen, copy);
    g_array_append_val(follower->kinds, *kind);
}

static void
add_cohort(Follower *follower, const ScenarioCohort *cohort, int64_t cards)
{
    const CardTerms *terms = &cohort->terms;
    const Kind kind = { terms->transfer_key,     terms->transfer_key_limit, terms->update_key,
                        terms->update_key_limit, terms->preloaded,          cohort->name };

    follower->cards += cards;
    if (cards > 0)
        add_kind(follower, &kind);
}

static int64_t
changed(int64_t was, int64_t change)
{
    return change == SCENARIO_UNSET ? was : change;
}

static Kind
swap_kind(const Kind *old, const CardTerms *change)
{
    Kind kind = *old;

    kind.transfer_key = changed(old->transfer_key, change->transfer_key);
    kind.transfer_key_limit = changed(old->transfer_key_limit, change->transfer_key_limit);
    kind.update_key = changed(old->update_key, change->update_key);
    kind.update_key_limit = changed(old->update_key_limit, change->update_key_limit);
    if (change->preloaded->len > 0)
        kind.preloaded = change->preloaded;
    return kind;
}

/* The first of two keys that the plan sets. */
static const char *
key_to_blame(const Follower *follower, const char *header, const char *first, const char *second)
{
    return scenario_text_has(follower->scenario->text, header, first) ? first : second;
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
                 const char *origin)
{
    g_autofree char *limit_key = g_strconcat(key, "-limit", NULL);

    if (id <= limit)
        return true;
    scenario_text_mistake(
        follower->scenario->text, header, key_to_blame(follower, header, key, limit_key),
        "expected the %s within its limit on every card that may be drawn, "
        "found %" G_GINT64_FORMAT " above %" G_GINT64_FORMAT " on cards of [cohort %s]",
        key, id, limit, origin);
    return false;
}

/* Whether a card of this kind can have come out of a swap. */
static bool
check_swapped(Follower *follower, const char *header, const Kind *kind)
{
    const Scheme *scheme = &follower->scenario->scheme;

    if (scenario_keys_used_by_key_delivery(scheme) &&
        !check_swap_limit(follower, header, "transfer-key", kind->transfer_key,
                          kind->transfer_key_limit, kind->origin))
        return false;
    if (scenario_keys_used_by_travelling(scheme) &&
        !check_swap_limit(follower, header, "update-key", kind->update_key, kind->update_key_limit,
                          kind->origin))
        return false;
    if (!scenario_keys_used_by_preloading(scheme) || is_preloaded(kind))
        return true;
    scenario_text_mistake(follower->scenario->text, header,
                          key_to_blame(follower, header, "transfer-key", "preloaded"),
                          "expected the transfer key preloaded on every card that may be drawn, "
                          "found %" G_GINT64_FORMAT " missing on cards of [cohort %s]",
                          kind->transfer_key, kind->origin);
    return false;
}

static void
forget_kinds(Follower *follower)
{
    g_array_set_size(follower->kinds, 0);
    g_hash_table_remove_all(follower->seen);
}

/* Whether there are as many cards to draw. */
static bool
check_drawn(Follower *follower, const char *header, const ScenarioPlan *plan)
{
    g_autofree char *at = quantity_print_duration(plan->at);

    if (plan->cards <= follower->cards)
        return true;
    scenario_text_mistake(follower->scenario->text, header, "cards",
                          "expected at most %" G_GINT64_FORMAT
                          ", the cards in circulation at %s, found %" G_GINT64_FORMAT,
                          follower->cards, at, plan->cards);
    return false;
}

static void
follow_swap(Follower *follower, const ScenarioPlan *plan)
{
    g_autofree char *header = scenario_keys_header(GROUP_PLAN, plan->name);
    g_autoptr(GArray) swapped = g_array_new(FALSE, FALSE, sizeof(Kind));

    if (!check_drawn(follower, header, plan))
        return;
    for (guint i = 0; plan->cards > 0 && i < follower->kinds->len; i++) {
        const Kind kind = swap_kind(&g_array_index(follower->kinds, Kind, i), &plan->terms);

        if (!check_swapped(follower, header, &kind))
            return; /* one kind of card is enough to say */
        g_array_append_val(swapped, kind);
    }
    if (plan->cards == follower->cards)
        forget_kinds(follower);
    for (guint i = 0; i < swapped->len; i++)
        add_kind(follower, &g_array_index(swapped, Kind, i));
}

static int
is_due_before(const void *a, const void *b, void *data)
{
    const guint first = *(const guint *)a, second = *(const guint *)b;
    const GPtrArray *plan = data;
    const Micros first_at = ((const ScenarioPlan *)plan->pdata[first])->at;
    const Micros second_at = ((const ScenarioPlan *)plan->pdata[second])->at;

    if (first_at != second_at)
        return first_at < second_at ? -1 : 1;
    return first < second ? -1 : 1;
}

/* Whether what the plan depends on could be read without a mistake. */
static bool
can_be_followed(const Scenario *scenario)
{
    if (!scenario_text_is_sure(scenario->text, NULL, NULL) ||
        !scenario_text_is_sure(scenario->text, "scheme", NULL))
        return false;
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario->cohorts->pdata[i];
        g_autofree char *header = scenario_keys_header(GROUP_COHORT, cohort->name);

        if (!scenario_text_is_sure(scenario->text, header, NULL))
            return false;
    }
    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *plan = scenario->plan->pdata[i];
        g_autofree char *header = scenario_keys_header(GROUP_PLAN, plan->name);

        if (!scenario_text_is_sure(scenario->text, header, NULL))
            return false;
    }
    return true;
}

static void
follow_revocation(Follower *follower, const ScenarioPlan *plan)
{
    g_autofree char *header = scenario_keys_header(GROUP_PLAN, plan->name);

    check_drawn(follower, header, plan);
}

static void
follow(Follower *follower, const GArray *order)
{
    const Scenario *scenario = follower->scenario;

    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario->cohorts->pdata[i];

        add_cohort(follower, cohort, cohort->cards);
    }
    for (guint i = 0; i < order->len; i++) {
        const ScenarioPlan *plan = scenario->plan->pdata[g_array_index(order, guint, i)];

        switch (plan->what) {
        case PLAN_ISSUE:
            add_cohort(follower, scenario->cohorts->pdata[plan->cohort], plan->cards);
            break;
        case PLAN_SWAP:
            follow_swap(follower, plan);
            break;
        case PLAN_REVOKE:
            follow_revocation(follower, plan);
            break;
        case N_PLAN_DO:
            g_assert_not_reached();
        }
    }
}

void
scenario_check_plan(Scenario *scenario)
{
    g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(Kind));
    g_autoptr(GHashTable) seen = g_hash_table_new_full(hash_kind, is_same_kind, g_free, NULL);
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));
    Follower follower = { scenario, kinds, seen, 0 };

    if (!can_be_followed(scenario))
        return;
    for (guint i = 0; i < scenario->plan->len; i++)
        g_array_append_val(order, i);
    g_array_sort_with_data(order, is_due_before, scenario->plan);
    follow(&follower, order);
}
