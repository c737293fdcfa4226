#include "sim/world/issuer.h"

#include "sim/scenario/law.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"
#include "sim/world/card_terms.h"
#include "sim/world/issuer_state.h"

/* Cards whose balances are drawn at once. */
#define CARDS_AT_ONCE 1024

static void
free_order(gpointer data)
{
    IssuerOrder *order = data;

    if (order->terms.preloaded != NULL)
        g_array_unref(order->terms.preloaded);
    g_free(order);
}

static void
free_set(gpointer data)
{
    g_free(((IssuerSet *)data)->bits);
    g_free(data);
}

Issuer *
issuer_new(World *world, SimEngine *engine, Pairs *pairs, RevokedCards *revoked, uint64_t number)
{
    const Scenario *scenario = world->scenario;
    Issuer *issuer = g_new0(Issuer, 1);

    issuer->world = world;
    issuer->engine = engine;
    issuer->pairs = pairs;
    issuer->revoked = revoked;
    stream_init(&issuer->balances_stream, scenario->population_seed, number, "population");
    stream_init(&issuer->terms_of_new, scenario->population_seed, number, "terms of validity");
    stream_init(&issuer->terms_of_replacements, scenario->population_seed, number,
                "terms of validity of replacements");
    issuer->templates = g_new0(CardTemplate, scenario_n_cohorts(scenario));
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        issuer->templates[i].terms = scenario_cohort(scenario, i)->terms;
    issuer->ranges = g_array_new(FALSE, FALSE, sizeof(Range));
    issuer->orders = g_ptr_array_new_with_free_func(free_order);
    issuer->waiting = g_ptr_array_new_with_free_func(g_free);
    issuer->sets = g_ptr_array_new_with_free_func(free_set);
    issuer->entries = g_hash_table_new(g_direct_hash, g_direct_equal);
    issuer->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return issuer;
}

void
issuer_free(Issuer *issuer)
{
    if (issuer == NULL)
        return;
    g_free(issuer->templates);
    g_array_unref(issuer->ranges);
    g_ptr_array_unref(issuer->orders);
    g_ptr_array_unref(issuer->waiting);
    g_ptr_array_unref(issuer->sets);
    g_hash_table_unref(issuer->entries);
    g_hash_table_unref(issuer->kinds);
    g_free(issuer);
}

/* ---- New cards --------------------------------------------------------- */

uint32_t
issuer_first_card(const Issuer *issuer, guint cohort)
{
    const Range *range = (const Range *)(gpointer)issuer->ranges->data;

    while (range->cohort != cohort)
        range++;
    return range->first;
}

/* Clones have all that the original has now, but what computes on them. */
static uint16_t
clone_entry(Issuer *issuer, guint cohort)
{
    Population *population = issuer->world->population;
    CardTemplate *template = &issuer->templates[cohort];
    uint32_t original = issuer_first_card(
        issuer, (guint)scenario_cohort(issuer->world->scenario, cohort)->clone_of);
    uint16_t copied = population->records[original].entry;
    CohortEntry entry = *population_entry(population, copied);

    if (template->entry == 0 || template->copied != copied) {
        entry.chip = template->terms.chip;
        entry.cohort = (uint16_t)cohort;
        entry.rogue = ROGUE_CARDS_CLONE;
        entry.original.card = original;
        template->entry = 1U + population_add_twin_entry(population, &entry);
        template->copied = copied;
    }
    return (uint16_t)(template->entry - 1);
}

static void
mark_rogue(const World *world, CohortEntry *entry, RogueCards rogue)
{
    if (rogue == ROGUE_CARDS_LEAKED_KEY ||
        (rogue == ROGUE_CARDS_REVOKED && world->protocol.has_certificates))
        entry->rogue = rogue;
    entry->profile.pays_from_nothing = rogue == ROGUE_CARDS_LEAKED_KEY;
}

static uint16_t
template_entry(Issuer *issuer, guint cohort, Micros now)
{
    CardTemplate *template = &issuer->templates[cohort];
    RogueCards rogue = scenario_cohort(issuer->world->scenario, cohort)->rogue;

    if (rogue == ROGUE_CARDS_CLONE)
        return clone_entry(issuer, cohort);
    if (template->entry == 0) {
        CohortEntry entry =
            card_terms_make_entry(issuer->world->ring, &template->terms, (uint16_t)cohort, now);

        mark_rogue(issuer->world, &entry, rogue);
        template->entry = 1U + population_add_entry(issuer->world->population, &entry);
    }
    return (uint16_t)(template->entry - 1);
}

static void
add_range(Issuer *issuer, guint cohort, uint32_t first, uint32_t n)
{
    Range *last = issuer->ranges->len == 0
                      ? NULL
                      : &g_array_index(issuer->ranges, Range, issuer->ranges->len - 1);
    Range range = { cohort, first, n };

    if (last != NULL && last->cohort == cohort)
        last->n += n;
    else
        g_array_append_val(issuer->ranges, range);
}

/* The keys of an attacker's cards that are not the scheme's. */
static void
bring_own_keys(World *world, Micros at, guint cohort, RogueCards rogue, int64_t n,
               CardMemory *memory)
{
    Attacker *attacker = attacks_find(world->attacks, ATTACKS_COHORT, cohort);

    if (rogue == ROGUE_CARDS_POISON) {
        memory->transfer_key = attacker_key(attacker);
        attacker_note(attacker, at, (uint64_t)n, (uint64_t)n, 0);
    } else if (rogue == ROGUE_CARDS_LEAKED_KEY) {
        memory->update_key = attacker_update_key(attacker);
    }
}

/* What was on cards when they entered: an attacker's copies of money are none of the issuer's. */
static void
book_entry(World *world, Micros at, RogueCards rogue, CentsSum sum)
{
    Book book = at == RECORDER_FROM_THE_START ? BOOK_INITIAL : BOOK_LOADED;

    if (sum > INT64_MAX || sum < -INT64_MAX)
        recorder_outgrow(world->recorder, at); /* copies of a card that has come to much */
    else
        recorder_book(world->recorder, at, rogue == ROGUE_CARDS_CLONE ? BOOK_MINTED : book,
                      (Cents)sum);
}

void
issuer_add_cards(Issuer *issuer, guint cohort, int64_t n, Micros at)
{
    World *world = issuer->world;
    const ScenarioCohort *row = scenario_cohort(issuer->world->scenario, cohort);
    Micros now = MAX(at, 0);
    CardMemory memory = card_terms_make_memory(world->ring, &row->terms, 0);
    CardMemory original = memory;
    Cents balances[CARDS_AT_ONCE];
    CentsSum sum = 0;
    uint16_t entry;

    if (n == 0)
        return;
    bring_own_keys(world, at, cohort, row->rogue, n, &memory);
    if (row->rogue == ROGUE_CARDS_CLONE)
        original =
            population_memory(world->population, issuer_first_card(issuer, (guint)row->clone_of));
    entry = template_entry(issuer, cohort, now);
    add_range(issuer, cohort, world->population->n_cards, (uint32_t)n);
    for (int64_t i = 0; i < n; i++) {
        if (i % CARDS_AT_ONCE == 0)
            law_draw(&row->balance, &issuer->balances_stream, balances,
                     (guint)MIN(n - i, CARDS_AT_ONCE));
        memory.balance = balances[i % CARDS_AT_ONCE];
        card_terms_change_expiry(&memory, &row->terms.expiry, &issuer->terms_of_new, now);
        if (row->rogue == ROGUE_CARDS_CLONE)
            memory = original; /* what was drawn all the same leaves the cards behind as they are */
        sum += memory.balance;
        population_add_card(world->population, entry, &memory, now);
    }
    world_note_cards(world, at, (uint64_t)n, &memory);
    if (population_entry(world->population, entry)->revoked_by != POPULATION_NOT_REVOKED)
        revoked_cards_cards(issuer->revoked, now, n); /* clones of a card that is revoked */
    book_entry(world, at, row->rogue, sum);
    pairs_add_cards(issuer->pairs, cohort, (uint32_t)n);
}

void
issuer_set_limits(Issuer *issuer, guint cohort, const CardTerms *terms)
{
    CardTemplate *template = &issuer->templates[cohort];

    if (terms->transfer_key_limit != SCENARIO_UNSET)
        template->terms.transfer_key_limit = terms->transfer_key_limit;
    if (terms->update_key_limit != SCENARIO_UNSET)
        template->terms.update_key_limit = terms->update_key_limit;
    template->entry = 0;
    template->renewal = NULL;
}

/* ---- Which cards ------------------------------------------------------- */

uint32_t
issuer_n_cards(const Issuer *issuer, const GArray *cohorts)
{
    uint32_t n = 0;

    for (guint i = 0; i < issuer->ranges->len; i++) {
        const Range *range = &g_array_index(issuer->ranges, Range, i);

        if (plan_facts_concerns(cohorts, range->cohort))
            n += range->n;
    }
    return n;
}

uint32_t
issuer_card(const Issuer *issuer, const GArray *cohorts, uint32_t nth)
{
    for (guint i = 0; cohorts->len > 0 && i < issuer->ranges->len; i++) {
        const Range *range = &g_array_index(issuer->ranges, Range, i);

        if (!plan_facts_concerns(cohorts, range->cohort))
            continue;
        if (nth < range->n)
            return range->first + nth;
        nth -= range->n;
    }
    return nth; /* of all cards */
}

IssuerSet *
issuer_watch(Issuer *issuer, const GArray *cards)
{
    IssuerSet *set = g_new(IssuerSet, 1);

    set->n_cards =
        cards == NULL ? issuer->world->population->n_room : issuer->world->population->n_cards;
    set->bits = g_new0(guint8, set->n_cards / 8 + 1);
    for (guint i = 0; cards != NULL && i < cards->len; i++)
        issuer_set_add(set, g_array_index(cards, guint32, i));
    g_ptr_array_add(issuer->sets, set);
    return set;
}

void
issuer_set_add(IssuerSet *set, uint32_t card)
{
    set->bits[card / 8] |= (guint8)(1U << card % 8);
}

bool
issuer_set_has(const IssuerSet *set, uint32_t card)
{
    return card < set->n_cards && (set->bits[card / 8] & 1U << card % 8) != 0;
}

void
issuer_strike_off(const Issuer *issuer, uint32_t card)
{
    for (guint i = 0; i < issuer->sets->len; i++) {
        IssuerSet *set = issuer->sets->pdata[i];

        if (card < set->n_cards)
            set->bits[card / 8] &= (guint8) ~(1U << card % 8);
    }
}
