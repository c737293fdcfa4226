#include "sim/input/plan_follower.h"

#include "model/protocol/population.h"

#include "sim/input/keys.h"
#include "sim/input/text.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"

#include <string.h>

/* More kinds of cards than this are not followed; what a swap then does wrong shows
 * when it is carried out. */
#define KINDS_FOLLOWED 65536

static guint
hash_kind(const void *data)
{
    const Kind *kind = data;
    const int64_t numbers[] = { kind->transfer_key, kind->transfer_key_limit, kind->update_key,
                                kind->update_key_limit };
    guint64 hash = kind->preloaded->len + ((guint64)kind->cohort << 32);

    hash ^= (guint64)GPOINTER_TO_SIZE(kind->chip);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        hash = (hash ^ (guint64)numbers[i]) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return (guint)(hash >> 32);
}

static gboolean
is_same_kind(const void *a, const void *b)
{
    const Kind *first = a, *second = b;
    const gsize bytes = first->preloaded->len * sizeof(uint32_t);

    return first->cohort == second->cohort && first->chip == second->chip &&
           first->transfer_key == second->transfer_key &&
           first->transfer_key_limit == second->transfer_key_limit &&
           first->update_key == second->update_key &&
           first->update_key_limit == second->update_key_limit &&
           first->preloaded->len == second->preloaded->len &&
           (bytes == 0 || memcmp(first->preloaded->data, second->preloaded->data, bytes) == 0);
}

GHashTable *
plan_follower_new_set(void)
{
    return g_hash_table_new_full(hash_kind, is_same_kind, g_free, NULL);
}

static void
add_to_set(GHashTable *set, const Kind *kind)
{
    if (!g_hash_table_contains(set, kind))
        g_hash_table_add(set, g_memdup2(kind, sizeof *kind));
}

void
plan_follower_add_kind(Follower *follower, const Kind *kind)
{
    if (follower->kinds->len >= KINDS_FOLLOWED || g_hash_table_contains(follower->seen, kind))
        return;
    add_to_set(follower->seen, kind);
    g_array_append_val(follower->kinds, *kind);
}

/* Cards of a cohort; @terms: what they are issued with. */
void
plan_follower_add_cohort(Follower *follower, guint index, const CardTerms *terms, int64_t cards)
{
    const Kind kind = { terms->transfer_key,
                        terms->transfer_key_limit,
                        terms->update_key,
                        terms->update_key_limit,
                        terms->preloaded,
                        terms->chip,
                        index };

    follower->cards[index] += cards;
    if (cards > 0)
        plan_follower_add_kind(follower, &kind);
}

int64_t
plan_follower_changed(int64_t was, int64_t change)
{
    return change == SCENARIO_UNSET ? was : change;
}

Kind
plan_follower_swap(const Kind *old, const CardTerms *change)
{
    Kind kind = *old;

    kind.transfer_key = plan_follower_changed(old->transfer_key, change->transfer_key);
    kind.transfer_key_limit =
        plan_follower_changed(old->transfer_key_limit, change->transfer_key_limit);
    kind.update_key = plan_follower_changed(old->update_key, change->update_key);
    kind.update_key_limit = plan_follower_changed(old->update_key_limit, change->update_key_limit);
    if (change->preloaded->len > 0)
        kind.preloaded = change->preloaded;
    if (change->chip != NULL)
        kind.chip = change->chip;
    return kind;
}

/* Forgets the kinds of cards that the action replaces. */
void
plan_follower_forget(Follower *follower, const ScenarioPlan *plan)
{
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(Kind));

    for (guint i = 0; i < follower->kinds->len; i++) {
        const Kind *kind = &g_array_index(follower->kinds, Kind, i);

        if (!plan_facts_concerns(plan->from, kind->cohort))
            g_array_append_val(others, *kind);
    }
    g_array_set_size(follower->kinds, 0);
    g_hash_table_remove_all(follower->seen);
    follower->n_done = 0;
    for (guint i = 0; i < others->len; i++)
        plan_follower_add_kind(follower, &g_array_index(others, Kind, i));
}

/* ---- Cohort entries ----------------------------------------------------- */

/* Adds the entries of cards that an action has made. */
void
plan_follower_add_entries(GHashTable *set, const GArray *swapped)
{
    for (guint i = 0; i < swapped->len; i++) {
        Kind kind = g_array_index(swapped, Kind, i);

        kind.transfer_key = 0;
        kind.update_key = 0;
        add_to_set(set, &kind);
    }
}

/* Entries of one swap, of which each takes a card. */
int64_t
plan_follower_count_entries(const GArray *swapped, int64_t cards)
{
    g_autoptr(GHashTable) set = plan_follower_new_set();

    plan_follower_add_entries(set, swapped);
    return MIN(cards, (int64_t)g_hash_table_size(set));
}

/* The most cards that a lasting action replaces. */
static int64_t
most_replaced(const Follower *follower, const ScenarioPlan *plan)
{
    return plan->what == PLAN_REPLACE || plan->cards == SCENARIO_UNSET
               ? POPULATION_ENTRIES_MAX
               : plan->cards * plan_facts_times(follower->scenario, plan);
}

static int64_t
count_lasting(const Follower *follower)
{
    int64_t entries = 0;

    for (guint i = 0; i < follower->lasting->len; i++) {
        const ScenarioPlan *plan = follower->lasting->pdata[i];
        GHashTable *set = g_hash_table_lookup(follower->replaced, plan);

        if (set != NULL)
            entries += MIN((int64_t)g_hash_table_size(set), most_replaced(follower, plan));
    }
    return entries;
}

GHashTable *
plan_follower_replaced_by(Follower *follower, const ScenarioPlan *plan)
{
    GHashTable *set = g_hash_table_lookup(follower->replaced, plan);

    if (set == NULL) {
        set = plan_follower_new_set();
        g_hash_table_insert(follower->replaced, (gpointer)plan, set);
    }
    return set;
}

/* That of its new cards and, where cards are called in, that of their replacements. */
int64_t
plan_follower_entries_of_cohort(const Scenario *scenario)
{
    return scenario->reclaim != RECLAIM_NEVER ? 2 : 1;
}

/* Revoked cards have entries of their own, and who is replaced from now on gets another one than
 * those before. */
void
plan_follower_revoke(Follower *follower, int64_t cards)
{
    int64_t entries = follower->entries + count_lasting(follower);

    if (!scheme_has_certificates(&follower->scenario->scheme))
        return;
    if (scenario_has_rogue_cards(follower->scenario, ROGUE_CARDS_CLONE))
        cards = entries; /* with a card its clones */
    follower->revoked += MIN(cards, entries);
    follower->entries = entries + (plan_follower_entries_of_cohort(follower->scenario) - 1) *
                                      follower->scenario->cohorts->len;
}

/* Of rogue cards that are issued: the original may have become another, or they are revoked. */
void
plan_follower_add_rogues(Follower *follower, RogueCards rogue)
{
    if (rogue == ROGUE_CARDS_CLONE)
        follower->entries++;
    if (rogue == ROGUE_CARDS_REVOKED)
        plan_follower_revoke(follower, 1);
}

bool
plan_follower_check_entries(Follower *follower, const ScenarioPlan *plan)
{
    const int64_t entries = follower->entries + count_lasting(follower) + follower->revoked;
    g_autofree char *header = plan == NULL ? g_strdup(scenario_groups[GROUP_SCHEME].name)
                                           : keys_header(GROUP_PLAN, plan->name);

    if (entries <= POPULATION_ENTRIES_MAX)
        return true;
    text_mistake(follower->text, header, plan == NULL ? "reclaim" : NULL,
                 "expected at most %d kinds of cards, by cohort, limits, preloaded IDs, "
                 "chip, action and revocation, that cohorts and plan may bring up to "
                 "then, found %" G_GINT64_FORMAT,
                 POPULATION_ENTRIES_MAX, entries);
    return false;
}
