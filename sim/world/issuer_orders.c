#include "sim/world/issuer_orders.h"

#include "sim/scenario/plan_facts.h"
#include "sim/world/card_terms.h"
#include "sim/world/issuer_state.h"
#include "sim/world/settlements.h"

/* One card that is not free. */
typedef struct {
    const IssuerOrder *order;
    uint32_t card;
} Waiting;

/* ---- What is done to a card -------------------------------------------- */

/* All that an entry of @order says but the certificates', as text. */
static char *
describe_entry(const IssuerOrder *order, const CohortEntry *entry)
{
    const CardProfile *profile = &entry->profile;
    GString *text = g_string_new(NULL);

    g_string_printf(text, "%" G_GSIZE_FORMAT " %u %u %u %p", order->number, entry->cohort,
                    profile->transfer_key_limit, profile->update_key_limit,
                    (const void *)entry->chip);
    for (guint i = 0; i < profile->n_preloaded; i++)
        g_string_append_printf(text, " %u", profile->preloaded[i]);
    return g_string_free(text, FALSE);
}

/* The entry that cards of @old move to. Cards that an order makes alike share one: however
 * often an order replaces cards, entries do not multiply. */
static uint16_t
new_entry(const IssuerOrder *order, uint16_t old, Micros now)
{
    Issuer *issuer = order->issuer;
    gpointer key = GSIZE_TO_POINTER(order->number << 16 | old);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(issuer->entries, key));
    CohortEntry entry;
    char *kind;

    if (found != 0)
        return (uint16_t)(found - 1);
    entry = *population_entry(issuer->world->population, old);
    entry.rogue = ROGUE_CARDS_NONE; /* whatever the old card was, the issuer's is honest */
    entry.profile.pays_from_nothing = false;
    card_terms_change_entry(issuer->world->ring, &entry, &order->terms, now);
    if (order->cohort > 0)
        entry.cohort = (uint16_t)(order->cohort - 1);
    kind = describe_entry(order, &entry);
    found = GPOINTER_TO_UINT(g_hash_table_lookup(issuer->kinds, kind));
    if (found == 0)
        found = 1U + population_add_entry(issuer->world->population, &entry);
    g_hash_table_insert(issuer->kinds, kind, GUINT_TO_POINTER(found));
    g_hash_table_insert(issuer->entries, key, GUINT_TO_POINTER(found));
    return (uint16_t)(found - 1);
}

static void
swap(const IssuerOrder *order, uint32_t card, Micros now)
{
    Issuer *issuer = order->issuer;
    CardMemory replacement = population_memory(issuer->world->population, card);
    uint16_t old = issuer->world->population->records[card].entry;
    RogueCards rogue = population_entry(issuer->world->population, old)->rogue;
    uint16_t entry = new_entry(order, old, now);

    if (rogue == ROGUE_CARDS_LEAKED_KEY)
        replacement.update_key = keyring_issue(issuer->world->ring, KEY_UPDATE,
                                               world_id(issuer->world, replacement.update_key));
    if (population_entry(issuer->world->population, old)->revoked_by != POPULATION_NOT_REVOKED)
        revoked_cards_cards(issuer->revoked, now, -1);
    card_terms_change_memory(issuer->world->ring, &replacement, &order->terms);
    card_terms_change_expiry(&replacement, &order->terms.expiry, &issuer->terms_of_replacements,
                             now);
    settlements_swap(issuer->world, card, entry, &replacement, now, issuer->n_swaps++);
    issuer_strike_off(issuer, card);
}

/* Whether a card can hold a transfer key that the issuer writes. */
static bool
can_hold(const Scheme *scheme, const CardProfile *profile, KeyHandle key, uint32_t id)
{
    if (scheme->pays_with == PAYS_WITH_OLDEST_COMMON || scheme->deliver == DELIVER_ID) {
        for (guint i = 0; i < profile->n_preloaded; i++)
            if (profile->preloaded[i] == key)
                return true;
        return false;
    }
    if (scheme->pays_with == PAYS_WITH_OWN)
        return true; /* no limit is known there */
    return scheme->range == RANGE_LIMIT_EXCLUSIVE ? id < profile->transfer_key_limit
                                                  : id <= profile->transfer_key_limit;
}

/* Whether a card that cannot hold a key is at its limit, and not only made without that one. */
static bool
is_at_limit(const World *world, const CardProfile *profile, uint32_t id)
{
    if (world->protocol.scheme.deliver == DELIVER_ID)
        for (guint i = 0; i < profile->n_preloaded; i++)
            if (world_id(world, profile->preloaded[i]) > id)
                return false;
    return true;
}

static void
recall(const IssuerOrder *order, uint32_t card, Micros now)
{
    World *world = order->issuer->world;
    const CohortEntry *entry =
        population_entry(world->population, world->population->records[card].entry);
    CardMemory memory = population_memory(world->population, card);
    uint32_t id = (uint32_t)order->terms.transfer_key;
    KeyHandle key = keyring_issue(world->ring, KEY_TRANSFER, id);

    if (world_id(world, memory.transfer_key) >= id)
        return;
    if (can_hold(&world->protocol.scheme, &entry->profile, key, id)) {
        memory.transfer_key = key;
        settlements_recall(world, card, &memory, now);
    } else if (is_at_limit(world, &entry->profile, id)) {
        settlements_recall_in_vain(world, card, now);
    }
}

static void
visit(const IssuerOrder *order, uint32_t card, Micros now)
{
    Issuer *issuer = order->issuer;
    WireOutsider special = {
        .number = WIRE_NO_CARD,
        .entry = order->entry,
        .memory = card_terms_make_memory(issuer->world->ring, &order->terms, 0),
    };

    if (order->attacker != NULL)
        special.memory.transfer_key = attacker_key(order->attacker);
    settlements_visit(issuer->world, order->attacker == NULL ? OBSERVED_SPECIAL : OBSERVED_INJECT,
                      card, &special, now, issuer->n_visits++);
    if (order->attacker != NULL)
        attacker_note(order->attacker, now, 1,
                      issuer->world->population->records[card].transfer_key ==
                          special.memory.transfer_key,
                      0);
}

/* ---- When -------------------------------------------------------------- */

static void
carry_out_now(const IssuerOrder *order, uint32_t card, Micros now)
{
    if (order->task != NULL)
        order->task(order->data, card, now);
    else if (order->what == PLAN_RECALL)
        recall(order, card, now);
    else if (plan_facts_brings_card(order->what))
        visit(order, card, now);
    else
        swap(order, card, now);
}

static void
on_free(SimEngine *engine, gpointer data)
{
    const Waiting *waiting = data;

    carry_out_now(waiting->order, waiting->card, sim_engine_now(engine));
    recorder_settle_shares(waiting->order->issuer->world->recorder, sim_engine_now(engine));
}

/* When a card is free: a merchant's when its terminal is, as known by now. */
static Micros
free_from(const Issuer *issuer, uint32_t card, Micros now)
{
    const World *world = issuer->world;
    uint32_t merchant = pairs_merchant(issuer->pairs, card);
    TerminalChoice own;

    if (merchant == MERCHANTS_NOBODY)
        return world_is_busy(world, card, now) ? population_end(world->population, card, now) : now;
    own = terminals_numbered(world->terminals, merchant);
    return MAX(now, *terminals_free_at(&world->terminals->groups[own.group], &own));
}

/* A card that is in a settlement or waits for one has its turn when it is free, at @end. */
static void
wait_until_free(const IssuerOrder *order, uint32_t card, Micros end)
{
    Issuer *issuer = order->issuer;
    Waiting *waiting;

    if (end >= issuer->world->end)
        return;
    waiting = g_new(Waiting, 1);
    *waiting = (Waiting){ order, card };
    g_ptr_array_add(issuer->waiting, waiting);
    sim_engine_schedule(issuer->engine, end, RANK_PLAN, on_free, waiting);
}

void
issuer_orders_carry_out(const IssuerOrder *order, uint32_t card, Micros now)
{
    Micros end = free_from(order->issuer, card, now);

    if (end > now)
        wait_until_free(order, card, end);
    else
        carry_out_now(order, card, now);
}

/* The entry of special cards: nothing limits them, and their chip is one that is in use. */
static uint16_t
special_entry(Issuer *issuer, const CardTerms *terms)
{
    CohortEntry entry =
        card_terms_make_entry(issuer->world->ring, terms, 0, sim_engine_now(issuer->engine));

    entry.chip = issuer->templates[0].terms.chip;
    return population_add_entry(issuer->world->population, &entry);
}

IssuerOrder *
issuer_orders_add(Issuer *issuer, PlanDo what, const CardTerms *terms)
{
    IssuerOrder *order = g_new(IssuerOrder, 1);

    *order = (IssuerOrder){
        .issuer = issuer, .what = what, .terms = *terms, .number = issuer->orders->len
    };
    g_array_ref(order->terms.preloaded);
    if (plan_facts_brings_card(what))
        order->entry = special_entry(issuer, terms);
    g_ptr_array_add(issuer->orders, order);
    return order;
}

void
issuer_orders_bring_key(IssuerOrder *order, Attacker *attacker)
{
    order->attacker = attacker;
}

IssuerOrder *
issuer_orders_add_task(Issuer *issuer, IssuerTask task, gpointer data)
{
    IssuerOrder *order = g_new(IssuerOrder, 1);

    *order = (IssuerOrder){ .issuer = issuer, .task = task, .data = data };
    g_ptr_array_add(issuer->orders, order);
    return order;
}

/* ---- Renewal ----------------------------------------------------------- */

/* All that cards of a cohort have is set anew. */
static const IssuerOrder *
renewal_order(Issuer *issuer, guint cohort)
{
    CardTemplate *template = &issuer->templates[cohort];
    g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    CardTerms terms = template->terms;
    uint32_t id = (uint32_t)terms.transfer_key;
    IssuerOrder *order;

    if (template->renewal != NULL)
        return template->renewal;
    g_array_append_val(own, id);
    if (terms.preloaded->len == 0)
        terms.preloaded = own;
    order = issuer_orders_add(issuer, PLAN_SWAP, &terms);
    order->cohort = cohort + 1;
    template->renewal = order;
    return order;
}

void
issuer_orders_renew(Issuer *issuer, uint32_t card, Micros now)
{
    const World *world = issuer->world;
    guint own = population_entry(world->population, world->population->records[card].entry)->cohort;
    int successor = scenario_cohort(world->scenario, own)->successor;

    swap(renewal_order(issuer, successor < 0 ? own : (guint)successor), card, now);
}
