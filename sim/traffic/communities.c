#include "sim/traffic/communities.h"

#include "model/protocol/random_range.h"

Communities *
communities_new(guint n, double cross, const double *weights)
{
    Communities *communities = g_new0(Communities, 1);

    *communities = (Communities){
        .n = n,
        .cross = cross,
        .weights = weights,
        .cards = g_new0(CardSet *, n),
        .spans = g_array_new(FALSE, FALSE, sizeof(CommunitySpan)),
    };
    for (guint i = 0; i < n; i++)
        communities->cards[i] = card_set_new();
    return communities;
}

static void
drop_rows(Communities *communities)
{
    for (guint i = 0; communities->rows != NULL && i < communities->n; i++)
        alias_free(communities->rows[i]);
    g_clear_pointer(&communities->rows, g_free);
}

void
communities_free(Communities *communities)
{
    if (communities == NULL)
        return;
    drop_rows(communities);
    for (guint i = 0; i < communities->n; i++)
        card_set_free(communities->cards[i]);
    g_free(communities->cards);
    g_array_unref(communities->spans);
    g_free(communities);
}

static const CommunitySpan *
span_at(const Communities *communities, guint i)
{
    return &g_array_index(communities->spans, CommunitySpan, i);
}

void
communities_add(Communities *communities, guint region, uint32_t n)
{
    CommunitySpan span = { .first = communities->n_cards, .region = region };
    guint len = communities->spans->len;

    if (n == 0)
        return;
    if (len == 0 || span_at(communities, len - 1)->region != region)
        g_array_append_val(communities->spans, span);
    card_set_add(communities->cards[region], communities->n_cards, n);
    communities->n_cards += n;
    drop_rows(communities);
}

/* How much cards of region @from want to pay those of @to. */
static double
weight_of(const Communities *communities, guint from, guint to)
{
    uint32_t n_from = communities->cards[from]->n;
    uint32_t n_to = communities->cards[to]->n;

    if (n_to == 0 || (from == to && n_to == 1))
        return 0;
    if (communities->weights != NULL)
        return communities->weights[from * communities->n + to];
    if (from == to)
        return 1 - communities->cross;
    return communities->cross * n_to / (communities->n_cards - n_from);
}

void
communities_link(Communities *communities)
{
    if (communities->rows != NULL)
        return;
    communities->rows = g_new0(AliasTable *, communities->n);
    for (guint from = 0; from < communities->n; from++) {
        AliasTable *row = alias_new(communities->n);

        for (guint to = 0; to < communities->n; to++)
            row->columns[to].weight = weight_of(communities, from, to);
        alias_build(row);
        communities->rows[from] = row;
    }
}

static guint
region_of(const Communities *communities, uint32_t card)
{
    guint low = 0;
    guint high = communities->spans->len;

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (span_at(communities, middle)->first <= card)
            low = middle;
        else
            high = middle;
    }
    return span_at(communities, low)->region;
}

uint32_t
communities_draw_payee(const Communities *communities, uint32_t payer, uint64_t where, uint64_t who)
{
    guint from = region_of(communities, payer);
    const AliasTable *row = communities->rows[from];
    guint to;

    if (!(row->total > 0))
        return random_range_other(who, communities->n_cards, payer);
    to = alias_draw(row, where);
    return to == from ? card_set_draw_other(communities->cards[to], payer, who)
                      : card_set_at(communities->cards[to],
                                    random_range_below(who, communities->cards[to]->n));
}
