#include "sim/plan.h"

#include "sim/scenario_plan.h"

static uint16_t
day_of(Micros now)
{
    return (uint16_t)MIN(now / MICROS_PER_DAY, CARD_NEVER_EXPIRES - 1);
}

void
plan_change_expiry(CardMemory *memory, const ExpiryLaw *law, Stream *stream, Micros now)
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
plan_change_memory(KeyRing *ring, CardMemory *memory, const CardTerms *terms)
{
    memory->balance = 0;
    if (terms->transfer_key != SCENARIO_UNSET)
        memory->transfer_key = keyring_issue(ring, KEY_TRANSFER, (uint32_t)terms->transfer_key);
    if (terms->update_key != SCENARIO_UNSET)
        memory->update_key = keyring_issue(ring, KEY_UPDATE, (uint32_t)terms->update_key);
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
plan_make_memory(KeyRing *ring, const CardTerms *terms, Cents balance)
{
    CardMemory memory = { .expiry_day = CARD_NEVER_EXPIRES };

    plan_change_memory(ring, &memory, terms);
    memory.balance = balance;
    return memory;
}

GArray *
plan_choose_cards(Stream *stream, uint32_t n_cards, uint32_t n)
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
plan_shuffle_cards(Stream *stream, GArray *cards)
{
    for (guint i = cards->len; i > 1; i--) {
        guint32 *last = &g_array_index(cards, guint32, i - 1);
        guint32 *other = &g_array_index(cards, guint32, stream_below(stream, i));
        guint32 card = *last;

        *last = *other;
        *other = card;
    }
}

static int64_t
raised(int64_t id, int64_t by)
{
    return id == SCENARIO_UNSET ? id : id + by;
}

/* A limit cannot pass the largest ID, which is as good as none. */
static int64_t
raised_limit(int64_t limit, int64_t by)
{
    return limit == SCENARIO_UNSET ? limit : MIN(limit + by, SCENARIO_NO_LIMIT);
}

CardTerms
plan_raise_terms(const CardTerms *terms, int64_t by)
{
    CardTerms next = *terms;

    next.transfer_key = raised(terms->transfer_key, by);
    next.update_key = raised(terms->update_key, by);
    next.transfer_key_limit = raised_limit(terms->transfer_key_limit, by);
    next.update_key_limit = raised_limit(terms->update_key_limit, by);
    next.preloaded = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < terms->preloaded->len; i++) {
        uint32_t id = g_array_index(terms->preloaded, uint32_t, i) + (uint32_t)by;

        g_array_append_val(next.preloaded, id);
    }
    return next;
}

/* The IDs of a cohort or of an action that takes place @times, each time one higher. */
static void
collect(const CardTerms *terms, KeyKind kind, int64_t times, GArray *ids)
{
    int64_t id = kind == KEY_TRANSFER ? terms->transfer_key : terms->update_key;

    for (int64_t by = 0; by < times; by++) {
        if (id != SCENARIO_UNSET) {
            guint32 value = (guint32)(id + by);

            g_array_append_val(ids, value);
        }
        for (guint i = 0; kind == KEY_TRANSFER && i < terms->preloaded->len; i++) {
            guint32 value = g_array_index(terms->preloaded, guint32, i) + (guint32)by;

            g_array_append_val(ids, value);
        }
    }
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
        collect(&((ScenarioCohort *)scenario->cohorts->pdata[i])->terms, kind, 1, all);
    for (guint i = 0; kind == KEY_TRANSFER && i < scenario->terminals->len; i++) {
        const ScenarioTerminals *terminals = scenario->terminals->pdata[i];

        if (terminals->rogue == ROGUE_MALLEATE) {
            guint32 id = (guint32)terminals->rogue_id;

            g_array_append_val(all, id);
        }
    }
    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *plan = scenario->plan->pdata[i];
        int64_t times = plan->what == PLAN_ROTATE ? scenario_plan_times(scenario, plan) : 1;

        collect(&plan->terms, kind, MIN(times, SCENARIO_PLAN_GENERATIONS_MAX), all);
    }
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

    for (guint i = 0; i < scenario->plan->len; i++)
        n += scenario_plan_issued(scenario, scenario->plan->pdata[i]);
    return n;
}
