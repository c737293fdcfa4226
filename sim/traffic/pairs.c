#include "sim/traffic/pairs.h"

#include "sim/scenario/activity.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/traffic/communities.h"

/* How often somebody else is drawn by activity where payer and payee are the same card. */
#define REDRAWS 64

struct Pairs {
    const Scenario *scenario;
    Mixing *mixing;
    Communities *communities; /* NULL where the model has none; likewise */
    Merchants *merchants;
    Stream stream;
    Stream redraws;     /* of its own, so that it does not matter how long blocks are */
    Stream activities;  /* of the population */
    Stream woken;       /* likewise, of cards that are woken */
    GPtrArray *dormant; /* of GArray of uint32_t, by cohort: who starts no payments; or NULL */
};

static void
keep_dormant(Pairs *pairs)
{
    pairs->dormant = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (guint i = 0; i < scenario_n_cohorts(pairs->scenario); i++)
        g_ptr_array_add(pairs->dormant, g_array_new(FALSE, FALSE, sizeof(uint32_t)));
}

Pairs *
pairs_new(const Scenario *scenario, uint64_t replication)
{
    Pairs *pairs = g_new0(Pairs, 1);

    pairs->scenario = scenario;
    pairs->mixing = mixing_new();
    if (scenario->mixing == MIXING_COMMUNITIES)
        pairs->communities =
            communities_new(scenario->regions->len, scenario->cross, scenario->matrix);
    if (scenario->mixing == MIXING_MERCHANTS)
        pairs->merchants = merchants_new(scenario->zipf, scenario->population_seed, replication);
    stream_init(&pairs->stream, scenario->seed, replication, "mixing");
    stream_init(&pairs->redraws, scenario->seed, replication, "mixing again");
    stream_init(&pairs->activities, scenario->population_seed, replication, "activities");
    stream_init(&pairs->woken, scenario->population_seed, replication, "activities of woken");
    if (plan_facts_has(scenario, PLAN_WAKE))
        keep_dormant(pairs);
    return pairs;
}

void
pairs_free(Pairs *pairs)
{
    if (pairs == NULL)
        return;
    mixing_free(pairs->mixing);
    communities_free(pairs->communities);
    merchants_free(pairs->merchants);
    if (pairs->dormant != NULL)
        g_ptr_array_unref(pairs->dormant);
    g_free(pairs);
}

static bool
is_merchant(const Scenario *scenario, const ScenarioCohort *cohort)
{
    return scenario->mixing == MIXING_MERCHANTS && cohort->role == ROLE_MERCHANT;
}

bool
pairs_needs_table(const Scenario *scenario, const ScenarioCohort *cohort)
{
    return scenario->mixing != MIXING_TRACE && !is_merchant(scenario, cohort) &&
           (cohort->activity.kind != ACTIVITY_CONSTANT || cohort->dormant > 0);
}

/* Notes those of rate 0. */
static void
note_dormant(Pairs *pairs, guint cohort, const double *rates, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t card = pairs->mixing->n_cards + i;

        if (!(rates[i] > 0))
            g_array_append_val(pairs->dormant->pdata[cohort], card);
    }
}

static void
add_rates(Pairs *pairs, guint index, const ScenarioCohort *cohort, uint32_t n)
{
    const ActivityLaw *law = &cohort->activity;
    g_autofree double *rates = NULL;

    if (n == 0 || !pairs_needs_table(pairs->scenario, cohort)) {
        mixing_add_cards(pairs->mixing, n, is_merchant(pairs->scenario, cohort) ? 0 : law->per_day);
        return;
    }
    rates = g_new(double, n);
    activity_draw(law, &pairs->activities, rates, n);
    if (cohort->dormant > 0)
        activity_make_dormant(rates, n, cohort->dormant, &pairs->activities);
    activity_sort(rates, n);
    if (pairs->dormant != NULL)
        note_dormant(pairs, index, rates, n);
    mixing_add_unequal_cards(pairs->mixing, rates, n);
}

void
pairs_add_cards(Pairs *pairs, guint index, uint32_t n)
{
    const ScenarioCohort *cohort = scenario_cohort(pairs->scenario, index);

    add_rates(pairs, index, cohort, n);
    if (pairs->communities != NULL)
        communities_add(pairs->communities, cohort->region_index, n);
    if (pairs->merchants != NULL)
        merchants_add(pairs->merchants, cohort, n);
}

uint32_t
pairs_n_dormant(const Pairs *pairs, const GArray *cohorts)
{
    uint32_t n = 0;

    for (guint i = 0; i < pairs->dormant->len; i++)
        if (plan_facts_concerns(cohorts, i))
            n += ((const GArray *)pairs->dormant->pdata[i])->len;
    return n;
}

/* Takes the @nth dormant card of @cohorts off its list. Returns: its cohort */
static guint
take_dormant(Pairs *pairs, const GArray *cohorts, uint32_t nth, uint32_t *card)
{
    for (guint i = 0; i < pairs->dormant->len; i++) {
        GArray *list = pairs->dormant->pdata[i];

        if (!plan_facts_concerns(cohorts, i))
            continue;
        if (nth < list->len) {
            *card = g_array_index(list, uint32_t, nth);
            g_array_remove_index_fast(list, nth);
            return i;
        }
        nth -= list->len;
    }
    g_assert_not_reached();
}

/* Payments a day of one card by its cohort's law. */
static double
draw_rate(Pairs *pairs, guint cohort)
{
    double rate;

    activity_draw(&scenario_cohort(pairs->scenario, cohort)->activity, &pairs->woken, &rate, 1);
    return rate;
}

void
pairs_wake(Pairs *pairs, const GArray *cohorts, int64_t n, Stream *stream)
{
    uint32_t left = pairs_n_dormant(pairs, cohorts);
    GArray *cards;
    GArray *rates;

    n = MIN(n, left);
    if (n == 0)
        return;
    cards = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    rates = g_array_new(FALSE, FALSE, sizeof(double));
    for (int64_t i = 0; i < n; i++) {
        uint32_t card = 0;
        guint cohort = take_dormant(pairs, cohorts, (uint32_t)stream_below(stream, left--), &card);
        double rate = draw_rate(pairs, cohort);

        g_array_append_val(cards, card);
        g_array_append_val(rates, rate);
    }
    mixing_wake(pairs->mixing, cards, rates);
}

uint32_t
pairs_merchant(const Pairs *pairs, uint32_t card)
{
    return pairs->merchants == NULL ? MERCHANTS_NOBODY : merchants_find(pairs->merchants, card);
}

double
pairs_total_rate(const Pairs *pairs)
{
    return pairs->mixing->total_rate;
}

/* Has the record of a card brought from memory that will be needed. A macro, because gcc drops
 * calls of a function that does nothing but this. */
#define FETCH(records, card) __builtin_prefetch(&(records)[card], 1)

/* A number for a payer and one for a payee. */
static void
draw_even(Pairs *pairs, uint32_t *payers, uint32_t *payees, guint n, const CardRecord *records)
{
    const Mixing *mixing = pairs->mixing;
    Stream own = pairs->stream; /* in registers */

    for (guint i = 0; i < n; i++) {
        payers[i] = random_range_below(stream_next(&own), mixing->n_cards);
        payees[i] = mixing_draw_payee(mixing, payers[i], stream_next(&own));
        FETCH(records, payers[i]);
        FETCH(records, payees[i]);
    }
    pairs->stream = own;
}

/* Somebody by activity. Inlined always, so that callers keep the stream in registers. */
static inline __attribute__((always_inline)) uint32_t
draw_one(const Mixing *mixing, Stream *stream)
{
    uint64_t which = stream_next(stream);

    return mixing_draw_payer(mixing, which, stream_next(stream));
}

static void
draw_uniform(Pairs *pairs, uint32_t *payers, uint32_t *payees, guint n, const CardRecord *records)
{
    const Mixing *mixing = pairs->mixing;
    Stream own = pairs->stream;

    for (guint i = 0; i < n; i++) {
        payers[i] = draw_one(mixing, &own);
        payees[i] = mixing_draw_payee(mixing, payers[i], stream_next(&own));
        FETCH(records, payers[i]);
        FETCH(records, payees[i]);
    }
    pairs->stream = own;
}

/* Somebody else by activity; after many attempts anybody else, as only one card may be active. */
static uint32_t
draw_other(Pairs *pairs, uint32_t payer)
{
    for (guint i = 0; i < REDRAWS; i++) {
        uint32_t payee = draw_one(pairs->mixing, &pairs->redraws);

        if (payee != payer)
            return payee;
    }
    return mixing_draw_payee(pairs->mixing, payer, stream_next(&pairs->redraws));
}

static void
draw_by_activity(Pairs *pairs, uint32_t *payers, uint32_t *payees, guint n,
                 const CardRecord *records)
{
    const Mixing *mixing = pairs->mixing;
    Stream own = pairs->stream;

    for (guint i = 0; i < n; i++) {
        payers[i] = draw_one(mixing, &own);
        payees[i] = draw_one(mixing, &own);
        if (payees[i] == payers[i])
            payees[i] = draw_other(pairs, payers[i]);
        FETCH(records, payers[i]);
        FETCH(records, payees[i]);
    }
    pairs->stream = own;
}

/* Payers, each with two numbers of 64 random bits that say whom it pays. */
static inline void
draw_payers(Pairs *pairs, uint32_t *payers, uint64_t *first, uint64_t *second, guint n,
            const CardRecord *records)
{
    const Mixing *mixing = pairs->mixing;
    Stream own = pairs->stream;

    for (guint i = 0; i < n; i++) {
        payers[i] = draw_one(mixing, &own);
        first[i] = stream_next(&own);
        second[i] = stream_next(&own);
        FETCH(records, payers[i]);
    }
    pairs->stream = own;
}

static void
draw_in_communities(Pairs *pairs, uint32_t *payers, uint32_t *payees, guint n,
                    const CardRecord *records)
{
    uint64_t where[PAIRS_BLOCK];
    uint64_t who[PAIRS_BLOCK];

    communities_link(pairs->communities);
    draw_payers(pairs, payers, where, who, n, records);
    for (guint i = 0; i < n; i++) {
        payees[i] = communities_draw_payee(pairs->communities, payers[i], where[i], who[i]);
        FETCH(records, payees[i]);
    }
}

/* Whom a person pays. @coin, @who: 64 random bits each. Returns: the merchant, if it is one */
static uint32_t
draw_shop(const Pairs *pairs, uint32_t payer, uint64_t coin, uint64_t who, uint32_t *payee)
{
    uint32_t merchant;

    if ((double)(coin >> 11) * 0x1p-53 < pairs->scenario->person_to_person &&
        merchants_has_persons(pairs->merchants)) {
        *payee = merchants_draw_person(pairs->merchants, payer, who);
        return MERCHANTS_NOBODY;
    }
    merchant = merchants_draw(pairs->merchants, who);
    *payee = merchants_card(pairs->merchants, merchant);
    return merchant;
}

static void
draw_at_merchants(Pairs *pairs, uint32_t *payers, uint32_t *payees, uint32_t *merchants, guint n,
                  const CardRecord *records)
{
    uint64_t coin[PAIRS_BLOCK];
    uint64_t who[PAIRS_BLOCK];

    merchants_rank(pairs->merchants);
    draw_payers(pairs, payers, coin, who, n, records);
    for (guint i = 0; i < n; i++) {
        merchants[i] = draw_shop(pairs, payers[i], coin[i], who[i], &payees[i]);
        FETCH(records, payees[i]);
    }
}

void
pairs_draw(Pairs *pairs, uint32_t *payers, uint32_t *payees, uint32_t *merchants, guint n,
           const CardRecord *records)
{
    bool is_even = pairs->mixing->is_even;

    if (n == 0)
        return;
    if (pairs->communities != NULL)
        draw_in_communities(pairs, payers, payees, n, records);
    else if (pairs->merchants != NULL)
        draw_at_merchants(pairs, payers, payees, merchants, n, records);
    else if (is_even)
        draw_even(pairs, payers, payees, n, records);
    else if (pairs->scenario->mixing == MIXING_ACTIVITY)
        draw_by_activity(pairs, payers, payees, n, records);
    else
        draw_uniform(pairs, payers, payees, n, records);
}
