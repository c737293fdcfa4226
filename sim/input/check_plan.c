#include "model/protocol/population.h"

#include "sim/base/quantity.h"
#include "sim/input/check.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
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

/* The keys and the chip that a card of some kind has from its cohort and its swaps. Which cards a
 * swap draws is chance, so each kind remains possible until a swap replaces all. */
typedef struct {
    int64_t transfer_key;
    int64_t transfer_key_limit;
    int64_t update_key;
    int64_t update_key_limit;
    const GArray *preloaded;
    const Chip *chip;
    guint cohort;
} Kind;

/**
 * Follower: what is known of the cards at some time
 * @kinds: of Kind, in order of first appearance
 * @seen: set of Kind*
 * @lasting: of ScenarioPlan*, what may happen to any kind of card from now on
 * @n_done: kinds to whom all of @lasting has happened
 * @cards: in circulation, by cohort
 * @raised: of GArray*, preloaded IDs of rotations
 * @entries: cohort entries that were needed, at most, and that no swap adds to any more; those of
 *   revoked cards come on top of them
 * @revoked: entries of revoked cards
 * @replaced: by ScenarioPlan* of @lasting a set of Kind*, an entry each, whatever the keys in use
 */
typedef struct {
    ScenarioText *text;
    const Scenario *scenario;
    GArray *kinds;
    GHashTable *seen;
    GPtrArray *lasting;
    guint n_done;
    int64_t *cards;
    GPtrArray *raised;
    int64_t entries;
    int64_t revoked;
    GHashTable *replaced;
} Follower;

/* An action at one of its times. */
typedef struct {
    const ScenarioPlan *plan;
    int64_t nth;
    Micros at;
} Step;

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

static GHashTable *
new_set(void)
{
    return g_hash_table_new_full(hash_kind, is_same_kind, g_free, NULL);
}

static void
add_to_set(GHashTable *set, const Kind *kind)
{
    if (!g_hash_table_contains(set, kind))
        g_hash_table_add(set, g_memdup2(kind, sizeof *kind));
}

static void
add_kind(Follower *follower, const Kind *kind)
{
    if (follower->kinds->len >= KINDS_FOLLOWED || g_hash_table_contains(follower->seen, kind))
        return;
    add_to_set(follower->seen, kind);
    g_array_append_val(follower->kinds, *kind);
}

/* Cards of a cohort; @terms: what they are issued with. */
static void
add_cohort(Follower *follower, guint index, const CardTerms *terms, int64_t cards)
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
    if (change->chip != NULL)
        kind.chip = change->chip;
    return kind;
}

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

/* Forgets the kinds of cards that the action replaces. */
static void
forget_kinds(Follower *follower, const ScenarioPlan *plan)
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
        add_kind(follower, &g_array_index(others, Kind, i));
}

/* Adds to @swapped what becomes of cards of @kind by @terms. Returns: false after complaining */
static bool
swap_one(Follower *follower, const ScenarioPlan *plan, const CardTerms *terms, guint index,
         GArray *swapped)
{
    const Kind old = g_array_index(follower->kinds, Kind, index);
    g_autofree char *header = keys_header(GROUP_PLAN, plan->name);
    const Kind kind = swap_kind(&old, terms);

    if (!plan_facts_concerns(plan->from, old.cohort))
        return true;
    if (!check_swapped(follower, header, &kind))
        return false;
    g_array_append_val(swapped, kind);
    return true;
}

/* ---- Cohort entries ----------------------------------------------------- */

/* Adds the entries of cards that an action has made. */
static void
add_entries(GHashTable *set, const GArray *swapped)
{
    for (guint i = 0; i < swapped->len; i++) {
        Kind kind = g_array_index(swapped, Kind, i);

        kind.transfer_key = 0;
        kind.update_key = 0;
        add_to_set(set, &kind);
    }
}

/* Entries of one swap, of which each takes a card. */
static int64_t
count_entries(const GArray *swapped, int64_t cards)
{
    g_autoptr(GHashTable) set = new_set();

    add_entries(set, swapped);
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

static GHashTable *
replaced_by(Follower *follower, const ScenarioPlan *plan)
{
    GHashTable *set = g_hash_table_lookup(follower->replaced, plan);

    if (set == NULL) {
        set = new_set();
        g_hash_table_insert(follower->replaced, (gpointer)plan, set);
    }
    return set;
}

/* That of its new cards and, where cards are called in, that of their replacements. */
static int64_t
entries_of_cohort(const Scenario *scenario)
{
    return scenario->reclaim != RECLAIM_NEVER ? 2 : 1;
}

/* Revoked cards have entries of their own, and who is replaced from now on gets another one than
 * those before. */
static void
follow_revocation(Follower *follower, int64_t cards)
{
    int64_t entries = follower->entries + count_lasting(follower);

    if (!scheme_has_certificates(&follower->scenario->scheme))
        return;
    if (scenario_has_rogue_cards(follower->scenario, ROGUE_CARDS_CLONE))
        cards = entries; /* with a card its clones */
    follower->revoked += MIN(cards, entries);
    follower->entries =
        entries + (entries_of_cohort(follower->scenario) - 1) * follower->scenario->cohorts->len;
}

/* Of rogue cards that are issued: the original may have become another, or they are revoked. */
static void
follow_rogues(Follower *follower, RogueCards rogue)
{
    if (rogue == ROGUE_CARDS_CLONE)
        follower->entries++;
    if (rogue == ROGUE_CARDS_REVOKED)
        follow_revocation(follower, 1);
}

/* Returns: false after complaining of the action that needs more entries than there are */
static bool
check_entries(Follower *follower, const ScenarioPlan *plan)
{
    const int64_t entries = follower->entries + count_lasting(follower) + follower->revoked;
    g_autofree char *header = keys_header(GROUP_PLAN, plan->name);

    if (entries <= POPULATION_ENTRIES_MAX)
        return true;
    text_mistake(follower->text, header, NULL,
                 "expected at most %d kinds of cards, by cohort, limits, preloaded IDs, "
                 "chip, action and revocation, that cohorts and plan may bring up to "
                 "then, found %" G_GINT64_FORMAT,
                 POPULATION_ENTRIES_MAX, entries);
    return false;
}

/* ---- Following ---------------------------------------------------------- */

static void
add_kinds(Follower *follower, const GArray *kinds)
{
    for (guint i = 0; i < kinds->len; i++)
        add_kind(follower, &g_array_index(kinds, Kind, i));
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
        forget_kinds(follower, plan);
    add_kinds(follower, swapped);
    follower->entries += count_entries(swapped, plan->cards);
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
            add_entries(replaced_by(follower, plan), swapped);
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
        terms.transfer_key, changed(terms.transfer_key_limit, plan->terms.transfer_key_limit),
        terms.update_key,   changed(terms.update_key_limit, plan->terms.update_key_limit),
        terms.preloaded,    terms.chip,
        (guint)plan->cohort
    };

    add_kind(follower, &kind);
    follower->entries += entries_of_cohort(follower->scenario);
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
        add_cohort(follower, (guint)plan->cohort,
                   &scenario_cohort(follower->scenario, (guint)plan->cohort)->terms, plan->cards);
        follow_rogues(follower, scenario_cohort(follower->scenario, (guint)plan->cohort)->rogue);
        break;
    case PLAN_REVOKE:
        if (check_drawn(follower, header, plan, step->at) && !plan->when.is_set)
            follow_revocation(follower, plan->cards);
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

        add_kind(follower, &kind);
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
        follow_revocation(follower, plan->cards);
        if (!follow_lasting(follower) || !check_entries(follower, plan))
            return;
    }
}

static void
follow(Follower *follower)
{
    const Scenario *scenario = follower->scenario;
    g_autoptr(GArray) steps = list_steps(scenario);

    for (guint i = 0; i < scenario->cohorts->len; i++) {
        add_cohort(follower, i, &scenario_cohort(follower->scenario, i)->terms,
                   scenario_cohort(follower->scenario, i)->cards);
        if (scenario->reclaim != RECLAIM_NEVER)
            add_successors(follower, i);
        follower->revoked += scenario_cohort(follower->scenario, i)->rogue == ROGUE_CARDS_REVOKED;
    }
    follower->entries = entries_of_cohort(scenario) * scenario->cohorts->len;
    for (guint i = 0; i < steps->len; i++) {
        const Step *step = &g_array_index(steps, Step, i);

        follow_step(follower, step);
        if (!follow_lasting(follower) || !check_entries(follower, step->plan))
            return;
    }
    follow_late_revocations(follower);
}

void
check_plan(const Reading *reading)
{
    const Scenario *scenario = reading->scenario;
    g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(Kind));
    g_autoptr(GHashTable) seen = new_set();
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
