#include "sim/plan.h"

#include "sim/stream.h"

static uint16_t
day_of(Micros now)
{
    return (uint16_t)MIN(now / MICROS_PER_DAY, CARD_NEVER_EXPIRES - 1);
}

static uint16_t
expiry_day(int64_t expiry_days, Micros now)
{
    if (expiry_days == SCENARIO_NEVER_EXPIRES)
        return CARD_NEVER_EXPIRES;
    return (uint16_t)MIN(day_of(now) + expiry_days, CARD_NEVER_EXPIRES - 1);
}

void
plan_change_entry(KeyRing *ring, CohortEntry *entry, const CardTerms *terms, Micros now)
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
plan_change_memory(KeyRing *ring, CardMemory *memory, const CardTerms *terms, Micros now)
{
    memory->balance = 0;
    if (terms->transfer_key != SCENARIO_UNSET)
        memory->transfer_key = keyring_issue(ring, KEY_TRANSFER, (uint32_t)terms->transfer_key);
    if (terms->update_key != SCENARIO_UNSET)
        memory->update_key = keyring_issue(ring, KEY_UPDATE, (uint32_t)terms->update_key);
    if (terms->expiry_days != SCENARIO_UNSET)
        memory->expiry_day = expiry_day(terms->expiry_days, now);
}

CohortEntry
plan_make_entry(KeyRing *ring, const CardTerms *terms, uint16_t cohort, Micros now)
{
    CohortEntry entry = {
        .profile = { .transfer_key_limit = CARD_NO_LIMIT, .update_key_limit = CARD_NO_LIMIT },
        .cohort = cohort,
    };

    plan_change_entry(ring, &entry, terms, now);
    return entry;
}

CardMemory
plan_make_memory(KeyRing *ring, const CardTerms *terms, Cents balance, Micros now)
{
    CardMemory memory = { .expiry_day = CARD_NEVER_EXPIRES };

    plan_change_memory(ring, &memory, terms, now);
    memory.balance = balance;
    return memory;
}

GArray *
plan_choose_cards(const ScenarioPlan *action, uint32_t n_cards, uint64_t seed, uint64_t replication)
{
    g_autofree char *purpose = g_strconcat("plan ", action->name, NULL);
    g_autoptr(GHashTable) chosen = g_hash_table_new(g_direct_hash, g_direct_equal);
    GArray *cards = g_array_new(FALSE, FALSE, sizeof(guint32));
    Stream stream;

    /* Floyd's algorithm: every set of that size is equally likely */
    stream_init(&stream, seed, replication, purpose);
    for (uint32_t i = n_cards - (uint32_t)action->cards; i < n_cards; i++) {
        guint32 card = (guint32)stream_below(&stream, i + UINT64_C(1));

        if (!g_hash_table_add(chosen, GSIZE_TO_POINTER((gsize)card + 1))) {
            card = i;
            g_hash_table_add(chosen, GSIZE_TO_POINTER((gsize)card + 1));
        }
        g_array_append_val(cards, card);
    }
    return cards;
}

static void
collect(const CardTerms *terms, KeyKind kind, GArray *ids)
{
    int64_t id = kind == KEY_TRANSFER ? terms->transfer_key : terms->update_key;

    if (id != SCENARIO_UNSET) {
        guint32 value = (guint32)id;

        g_array_append_val(ids, value);
    }
    if (kind == KEY_TRANSFER && terms->preloaded != NULL)
        g_array_append_vals(ids, terms->preloaded->data, terms->preloaded->len);
}

static gint
compare_ids(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a;
    guint32 y = *(const guint32 *)b;

    return (x > y) - (x < y);
}

GArray *
plan_collect_ids(const Scenario *scenario, KeyKind kind)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint32));
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(guint32));

    for (guint i = 0; i < scenario->cohorts->len; i++)
        collect(&((ScenarioCohort *)scenario->cohorts->pdata[i])->terms, kind, all);
    for (guint i = 0; i < scenario->plan->len; i++)
        collect(&((ScenarioPlan *)scenario->plan->pdata[i])->terms, kind, all);
    g_array_sort(all, compare_ids);
    for (guint i = 0; i < all->len; i++) {
        guint32 id = g_array_index(all, guint32, i);

        if (ids->len == 0 || g_array_index(ids, guint32, ids->len - 1) != id)
            g_array_append_val(ids, id);
    }
    return ids;
}

int64_t
plan_n_issued(const Scenario *scenario)
{
    int64_t n = 0;

    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *action = scenario->plan->pdata[i];

        if (action->what == PLAN_ISSUE)
            n += action->cards;
    }
    return n;
}
