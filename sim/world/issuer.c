#include "sim/world/issuer.h"

#include "sim/base/stream.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/law.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"
#include "sim/world/card_terms.h"
#include "sim/world/decision.h"
#include "sim/world/settlements.h"

/* Cards whose balances are drawn at once. */
#define CARDS_AT_ONCE 1024

/* Cards first .. first + n - 1 are of one cohort. */
typedef struct {
    guint cohort;
    uint32_t first;
    uint32_t n;
} Range;

/**
 * Desk: what new cards of a cohort are like
 * @terms: as in the scenario, but for limits that were set since
 * @entry: 1 + their cohort entry; 0: none yet
 * @copied: of clones, the entry that the original had then
 * @renewal: by which cards of other cohorts are replaced by such; NULL: none yet
 */
typedef struct {
    CardTerms terms;
    guint entry;
    uint16_t copied;
    const IssuerOrder *renewal;
} Desk;

struct Issuer {
    World *world;
    SimEngine *engine;
    Pairs *pairs;
    RevokedCards *revoked; /* NULL where none ever is */
    Stream balances_stream;
    Stream terms_of_new; /* of validity; likewise */
    Stream terms_of_replacements;
    Desk *desks;
    GArray *ranges;      /* of Range, by card number */
    GPtrArray *orders;   /* of IssuerOrder */
    GPtrArray *waiting;  /* of Waiting */
    GPtrArray *sets;     /* of IssuerSet */
    GHashTable *entries; /* order and old entry to 1 + new entry */
    GHashTable *kinds;   /* order and all that an entry says, as text, to the same */
    uint64_t n_swaps;
    uint64_t n_visits;
};

/* @entry: of the special card. @cohort: 1 + that of the new cards; 0: they stay in theirs. @deed:
 * in the place of all that, if it is not NULL */
struct IssuerOrder {
    Issuer *issuer;
    PlanDo what;
    CardTerms terms;
    gsize number;
    uint16_t entry;
    Attacker *attacker; /* NULL: the key is the scheme's */
    guint cohort;
    IssuerDeed deed;
    gpointer data;
};

/* One card that is not free. */
typedef struct {
    const IssuerOrder *order;
    uint32_t card;
} Waiting;

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
    issuer->desks = g_new0(Desk, scenario_n_cohorts(scenario));
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        issuer->desks[i].terms = scenario_cohort(scenario, i)->terms;
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
    g_free(issuer->desks);
    g_array_unref(issuer->ranges);
    g_ptr_array_unref(issuer->orders);
    g_ptr_array_unref(issuer->waiting);
    g_ptr_array_unref(issuer->sets);
    g_hash_table_unref(issuer->entries);
    g_hash_table_unref(issuer->kinds);
    g_free(issuer);
}

/* ---- New cards --------------------------------------------------------- */

/* The first card of a cohort that had cards at time 0. */
static uint32_t
first_card(const Issuer *issuer, guint cohort)
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
    Desk *desk = &issuer->desks[cohort];
    uint32_t original =
        first_card(issuer, (guint)scenario_cohort(issuer->world->scenario, cohort)->clone_of);
    uint16_t copied = population->records[original].entry;
    CohortEntry entry = *population_entry(population, copied);

    if (desk->entry == 0 || desk->copied != copied) {
        entry.chip = desk->terms.chip;
        entry.cohort = (uint16_t)cohort;
        entry.rogue = ROGUE_CARDS_CLONE;
        entry.original.card = original;
        desk->entry = 1U + population_add_twin_entry(population, &entry);
        desk->copied = copied;
    }
    return (uint16_t)(desk->entry - 1);
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
desk_entry(Issuer *issuer, guint cohort, Micros now)
{
    Desk *desk = &issuer->desks[cohort];
    RogueCards rogue = scenario_cohort(issuer->world->scenario, cohort)->rogue;

    if (rogue == ROGUE_CARDS_CLONE)
        return clone_entry(issuer, cohort);
    if (desk->entry == 0) {
        CohortEntry entry =
            card_terms_make_entry(issuer->world->ring, &desk->terms, (uint16_t)cohort, now);

        mark_rogue(issuer->world, &entry, rogue);
        desk->entry = 1U + population_add_entry(issuer->world->population, &entry);
    }
    return (uint16_t)(desk->entry - 1);
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
bring_own_keys(World *world, guint cohort, RogueCards rogue, int64_t n, CardMemory *memory)
{
    Attacker *attacker = attacks_find(world->attacks, ATTACKS_COHORT, cohort);

    if (rogue == ROGUE_CARDS_POISON) {
        memory->transfer_key = attacker_key(attacker);
        attacker_note(attacker, (uint64_t)n, (uint64_t)n, 0);
    } else if (rogue == ROGUE_CARDS_LEAKED_KEY) {
        memory->update_key = attacker_update_key(attacker);
    }
}

/* What was on cards when they entered: an attacker's copies of money are none of the issuer's. */
static void
book_entry(World *world, Micros at, RogueCards rogue, Cents sum)
{
    Book book = at == RECORDER_FROM_THE_START ? BOOK_INITIAL : BOOK_LOADED;

    recorder_book(world->recorder, at, rogue == ROGUE_CARDS_CLONE ? BOOK_MINTED : book, sum);
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
    Cents sum = 0;
    uint16_t entry;

    if (n == 0)
        return;
    bring_own_keys(world, cohort, row->rogue, n, &memory);
    if (row->rogue == ROGUE_CARDS_CLONE)
        original = population_memory(world->population, first_card(issuer, (guint)row->clone_of));
    entry = desk_entry(issuer, cohort, now);
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
    Desk *desk = &issuer->desks[cohort];

    if (terms->transfer_key_limit != SCENARIO_UNSET)
        desk->terms.transfer_key_limit = terms->transfer_key_limit;
    if (terms->update_key_limit != SCENARIO_UNSET)
        desk->terms.update_key_limit = terms->update_key_limit;
    desk->entry = 0;
    desk->renewal = NULL;
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

static void
strike_off(const Issuer *issuer, uint32_t card)
{
    for (guint i = 0; i < issuer->sets->len; i++) {
        IssuerSet *set = issuer->sets->pdata[i];

        if (card < set->n_cards)
            set->bits[card / 8] &= (guint8) ~(1U << card % 8);
    }
}

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
    strike_off(issuer, card);
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

static void
recall(const IssuerOrder *order, uint32_t card, Micros now)
{
    World *world = order->issuer->world;
    const CohortEntry *entry =
        population_entry(world->population, world->population->records[card].entry);
    CardMemory memory = population_memory(world->population, card);
    uint32_t id = (uint32_t)order->terms.transfer_key;
    KeyHandle key = keyring_issue(world->ring, KEY_TRANSFER, id);

    if (world_id(world, memory.transfer_key) >= id ||
        !can_hold(&world->protocol.scheme, &entry->profile, key, id))
        return;
    memory.transfer_key = key;
    settlements_recall(world, card, &memory, now);
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
        attacker_note(order->attacker, 1,
                      issuer->world->population->records[card].transfer_key ==
                          special.memory.transfer_key,
                      0);
}

/* ---- When -------------------------------------------------------------- */

static void
carry_out_now(const IssuerOrder *order, uint32_t card, Micros now)
{
    if (order->deed != NULL)
        order->deed(order->data, card, now);
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
issuer_carry_out(const IssuerOrder *order, uint32_t card, Micros now)
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

    entry.chip = issuer->desks[0].terms.chip;
    return population_add_entry(issuer->world->population, &entry);
}

IssuerOrder *
issuer_order(Issuer *issuer, PlanDo what, const CardTerms *terms)
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
issuer_bring_key(IssuerOrder *order, Attacker *attacker)
{
    order->attacker = attacker;
}

IssuerOrder *
issuer_order_deed(Issuer *issuer, IssuerDeed deed, gpointer data)
{
    IssuerOrder *order = g_new(IssuerOrder, 1);

    *order = (IssuerOrder){ .issuer = issuer, .deed = deed, .data = data };
    g_ptr_array_add(issuer->orders, order);
    return order;
}

/* ---- Renewal ----------------------------------------------------------- */

/* All that cards of a cohort have is set anew. */
static const IssuerOrder *
renewal_order(Issuer *issuer, guint cohort)
{
    Desk *desk = &issuer->desks[cohort];
    g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    CardTerms terms = desk->terms;
    uint32_t id = (uint32_t)terms.transfer_key;
    IssuerOrder *order;

    if (desk->renewal != NULL)
        return desk->renewal;
    g_array_append_val(own, id);
    if (terms.preloaded->len == 0)
        terms.preloaded = own;
    order = issuer_order(issuer, PLAN_SWAP, &terms);
    order->cohort = cohort + 1;
    desk->renewal = order;
    return order;
}

void
issuer_renew(Issuer *issuer, uint32_t card, Micros now)
{
    const World *world = issuer->world;
    guint own = population_entry(world->population, world->population->records[card].entry)->cohort;
    int successor = scenario_cohort(world->scenario, own)->successor;

    swap(renewal_order(issuer, successor < 0 ? own : (guint)successor), card, now);
}

/* ---- Revocation -------------------------------------------------------- */

/* The entry of revoked cards that were of @entry; @entries: from the one to 1 + the other. */
static uint16_t
revoked_entry(Population *population, GHashTable *entries, uint16_t entry, uint32_t list)
{
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(entries, GUINT_TO_POINTER(entry)));

    if (found == 0) {
        found = 1U + population_add_revoked_entry(population, entry, list);
        g_hash_table_insert(entries, GUINT_TO_POINTER(entry), GUINT_TO_POINTER(found));
    }
    return (uint16_t)(found - 1);
}

/* Returns: false if the card has been revoked before */
static bool
revoke_card(Issuer *issuer, uint32_t card, GHashTable *entries)
{
    World *world = issuer->world;
    CardRecord *record = &world->population->records[card];

    if (population_entry(world->population, record->entry)->revoked_by != POPULATION_NOT_REVOKED)
        return false;
    record->entry =
        revoked_entry(world->population, entries, record->entry, world_newest_crl(world) + 1);
    return true;
}

/* Whether clones are copies of a card, or of the one of which it is a copy. */
static bool
is_copied(const Issuer *issuer, uint32_t card)
{
    const Population *population = issuer->world->population;
    const CohortEntry *entry = population_entry(population, population->records[card].entry);
    uint32_t original = entry->rogue == ROGUE_CARDS_CLONE ? entry->original.card : card;

    for (guint i = 0; i < scenario_n_cohorts(issuer->world->scenario); i++)
        if (scenario_cohort(issuer->world->scenario, i)->rogue == ROGUE_CARDS_CLONE &&
            first_card(issuer, (guint)scenario_cohort(issuer->world->scenario, i)->clone_of) ==
                original)
            return true;
    return false;
}

/* A list tells an original from its clones as little as anybody. Returns: how many cards more
 * have a certificate with that serial number */
static guint
revoke_likenesses(Issuer *issuer, uint32_t of, uint64_t serial, GHashTable *entries)
{
    const Population *population = issuer->world->population;
    guint n = 0;

    if (!is_copied(issuer, of))
        return 0;
    for (uint32_t card = 0; card < population->n_cards; card++)
        if (population_serial(population, card, population->records[card].entry) == serial)
            n += revoke_card(issuer, card, entries);
    return n;
}

void
issuer_revoke(Issuer *issuer, const GArray *cards, Micros now)
{
    World *world = issuer->world;
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GHashTable) entries = g_hash_table_new(g_direct_hash, g_direct_equal);
    guint n = 0;

    if (world->revocation == NULL)
        return;
    for (guint i = 0; i < cards->len; i++) {
        guint32 card = g_array_index(cards, guint32, i);
        guint64 serial =
            population_serial(world->population, card, world->population->records[card].entry);

        if (!revoke_card(issuer, card, entries))
            continue;
        g_array_append_val(serials, serial);
        n += 1 + revoke_likenesses(issuer, card, serial, entries);
    }
    /* who is replaced from now on must not get a certificate that has been revoked */
    g_hash_table_remove_all(issuer->entries);
    g_hash_table_remove_all(issuer->kinds);
    revocation_revoke(world->revocation, serials, now);
    revoked_cards_cards(issuer->revoked, now, n);
    if (world->decision != NULL)
        decision_learn(world->decision);
}

/* The honest card whose certificate those show whose own is revoked. */
static PopulationOriginal
shown_card(const Issuer *issuer)
{
    const Population *population = issuer->world->population;
    guint cohort = 0;
    uint32_t card;

    while (scenario_cohort(issuer->world->scenario, cohort)->rogue != ROGUE_CARDS_NONE ||
           scenario_cohort(issuer->world->scenario, cohort)->cards == 0)
        cohort++;
    card = first_card(issuer, cohort);
    return (PopulationOriginal){ card, population->records[card].entry,
                                 population->records[card].expiry_day };
}

void
issuer_revoke_rogues(Issuer *issuer, Micros now)
{
    Population *population = issuer->world->population;
    g_autoptr(GArray) cards = g_array_new(FALSE, FALSE, sizeof(guint32));
    PopulationOriginal shown;

    if (!scenario_has_rogue_cards(issuer->world->scenario, ROGUE_CARDS_REVOKED) ||
        issuer->world->revocation == NULL)
        return;
    shown = shown_card(issuer);
    for (guint32 card = 0; card < population->n_cards; card++) {
        uint16_t entry = population->records[card].entry;
        const CohortEntry *row = population_entry(population, entry);

        if (row->rogue != ROGUE_CARDS_REVOKED || row->revoked_by != POPULATION_NOT_REVOKED)
            continue;
        population_show_certificate(population, entry, &shown);
        g_array_append_val(cards, card);
    }
    if (cards->len > 0)
        issuer_revoke(issuer, cards, now);
}
