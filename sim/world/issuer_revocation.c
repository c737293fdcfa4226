#include "sim/world/issuer_revocation.h"

#include "sim/world/decision.h"
#include "sim/world/issuer_state.h"

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
            issuer_first_card(
                issuer, (guint)scenario_cohort(issuer->world->scenario, i)->clone_of) == original)
            return true;
    return false;
}

/* A list tells an original from its clones as little as anybody. Returns: how many cards more
 * have a certificate with that serial number */
static guint
revoke_copies(Issuer *issuer, uint32_t of, uint64_t serial, GHashTable *entries)
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
issuer_revocation_revoke(Issuer *issuer, const GArray *cards, Micros now)
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
        n += 1 + revoke_copies(issuer, card, serial, entries);
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
    card = issuer_first_card(issuer, cohort);
    return (PopulationOriginal){ card, population->records[card].entry,
                                 population->records[card].expiry_day };
}

void
issuer_revocation_revoke_rogues(Issuer *issuer, Micros now)
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
        issuer_revocation_revoke(issuer, cards, now);
}
