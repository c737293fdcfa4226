#include "sim/traffic/merchants.h"

#include "sim/base/inverse_cdf.h"
#include "sim/scenario/card_group.h"

#include <math.h>

Merchants *
merchants_new(double zipf, uint64_t seed, uint64_t replication)
{
    Merchants *merchants = g_new0(Merchants, 1);

    merchants->zipf = zipf;
    merchants->persons = card_set_new();
    merchants->merchants = card_set_new();
    merchants->drawn = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    stream_init(&merchants->lots, seed, replication, "popularity");
    return merchants;
}

void
merchants_free(Merchants *merchants)
{
    if (merchants == NULL)
        return;
    card_set_free(merchants->persons);
    card_set_free(merchants->merchants);
    g_array_unref(merchants->drawn);
    alias_free(merchants->popularity);
    g_free(merchants);
}

void
merchants_add(Merchants *merchants, const ScenarioCohort *cohort, uint32_t n)
{
    bool is_merchant = cohort->role == ROLE_MERCHANT;

    card_set_add(is_merchant ? merchants->merchants : merchants->persons, merchants->n_cards, n);
    merchants->n_cards += n;
    for (uint32_t i = 0; is_merchant && i < n; i++) {
        uint64_t lot = stream_next(&merchants->lots);

        g_array_append_val(merchants->drawn, lot);
    }
    if (is_merchant)
        g_clear_pointer(&merchants->popularity, alias_free);
}

/* A merchant and its lot. */
typedef struct {
    uint64_t lot;
    uint32_t i;
} Ranked;

static int
compare_lots(const void *a, const void *b)
{
    const Ranked *one = a;
    const Ranked *other = b;

    if (one->lot != other->lot)
        return one->lot < other->lot ? -1 : 1;
    return one->i < other->i ? -1 : 1;
}

void
merchants_rank(Merchants *merchants)
{
    uint32_t n = merchants->drawn->len;
    g_autofree Ranked *ranked = NULL;

    if (merchants->popularity != NULL)
        return;
    ranked = g_new(Ranked, n);
    for (uint32_t i = 0; i < n; i++)
        ranked[i] = (Ranked){ g_array_index(merchants->drawn, uint64_t, i), i };
    qsort(ranked, n, sizeof *ranked, compare_lots);
    merchants->popularity = alias_new(n);
    for (uint32_t k = 0; k < n; k++)
        merchants->popularity->columns[ranked[k].i].weight =
            inverse_cdf_round(pow((double)k + 1, -merchants->zipf));
    alias_build(merchants->popularity);
}

uint32_t
merchants_find(const Merchants *merchants, uint32_t card)
{
    uint32_t i;

    return card_set_find(merchants->merchants, card, &i) ? i : MERCHANTS_NOBODY;
}
