#include "sim/world/card_terms.h"

#include "sim/scenario/card_group.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/unset.h"

static uint16_t
day_of(Micros now)
{
    return (uint16_t)MIN(now / MICROS_PER_DAY, CARD_NEVER_EXPIRES - 1);
}

void
card_terms_change_expiry(CardMemory *memory, const ExpiryLaw *law, Stream *stream, Micros now)
{
    int64_t days = law->low;

    if (days == SCENARIO_UNSET)
        return;
    if (law->high > law->low)
        days += (int64_t)stream_below(stream, (uint64_t)(law->high - law->low) + 1);
    memory->expiry_day = days == SCENARIO_NEVER_EXPIRES
                             ? CARD_NEVER_EXPIRES
                             : (uint16_t)MIN(day_of(now) + days, CARD_NEVER_EXPIRES - 1);
}

void
card_terms_change_entry(KeyRing *ring, CohortEntry *entry, const CardTerms *terms, Micros now)
{
    CardProfile *profile = &entry->profile;

    entry->issue_day = day_of(now);
    if (terms->transfer_key_limit != SCENARIO_UNSET)
        profile->transfer_key_limit = (uint32_t)terms->transfer_key_limit;
    if (terms->update_key_limit != SCENARIO_UNSET)
        profile->update_key_limit = (uint32_t)terms->update_key_limit;
    if (terms->chip != NULL)
        entry->chip = terms->chip;
    if (terms->preloaded == NULL || terms->preloaded->len == 0)
        return;
    profile->n_preloaded = (uint8_t)terms->preloaded->len;
    for (guint i = 0; i < terms->preloaded->len; i++)
        profile->preloaded[i] =
            keyring_issue(ring, KEY_TRANSFER, g_array_index(terms->preloaded, guint32, i));
}

void
card_terms_change_memory(KeyRing *ring, CardMemory *memory, const CardTerms *terms)
{
    memory->balance = 0;
    if (terms->transfer_key != SCENARIO_UNSET)
        memory->transfer_key = keyring_issue(ring, KEY_TRANSFER, (uint32_t)terms->transfer_key);
    if (terms->update_key != SCENARIO_UNSET)
        memory->update_key = keyring_issue(ring, KEY_UPDATE, (uint32_t)terms->update_key);
}

CohortEntry
card_terms_make_entry(KeyRing *ring, const CardTerms *terms, uint16_t cohort, Micros now)
{
    CohortEntry entry = {
        .profile = { .transfer_key_limit = CARD_NO_LIMIT, .update_key_limit = CARD_NO_LIMIT },
        .cohort = cohort,
    };

    card_terms_change_entry(ring, &entry, terms, now);
    return entry;
}

CardMemory
card_terms_make_memory(KeyRing *ring, const CardTerms *terms, Cents balance)
{
    CardMemory memory = { .expiry_day = CARD_NEVER_EXPIRES };

    card_terms_change_memory(ring, &memory, terms);
    memory.balance = balance;
    return memory;
}

GArray *
card_terms_choose_cards(Stream *stream, uint32_t n_cards, uint32_t n)
{
    g_autoptr(GHashTable) chosen = g_hash_table_new(g_direct_hash, g_direct_equal);
    GArray *cards = g_array_new(FALSE, FALSE, sizeof(guint32));

    /* Floyd's algorithm: every set of that size is equally likely */
    for (uint32_t i = n_cards - n; i < n_cards; i++) {
        guint32 card = (guint32)stream_below(stream, i + UINT64_C(1));

        if (!g_hash_table_add(chosen, GSIZE_TO_POINTER((gsize)card + 1))) {
            card = i;
            g_hash_table_add(chosen, GSIZE_TO_POINTER((gsize)card + 1));
        }
        g_array_append_val(cards, card);
    }
    return cards;
}

void
card_terms_shuffle_cards(Stream *stream, GArray *cards)
{
    for (guint i = cards->len; i > 1; i--) {
        guint32 *last = &g_array_index(cards, guint32, i - 1);
        guint32 *other = &g_array_index(cards, guint32, stream_below(stream, i));
        guint32 card = *last;

        *last = *other;
        *other = card;
    }
}
