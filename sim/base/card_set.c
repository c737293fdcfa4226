#include "sim/base/card_set.h"

CardSet *
card_set_new(void)
{
    CardSet *set = g_new0(CardSet, 1);

    set->ranges = g_array_new(FALSE, FALSE, sizeof(CardRange));
    return set;
}

void
card_set_free(CardSet *set)
{
    if (set == NULL)
        return;
    g_array_unref(set->ranges);
    g_free(set);
}

static CardRange *
range_at(const CardSet *set, guint i)
{
    return &g_array_index(set->ranges, CardRange, i);
}

void
card_set_add(CardSet *set, uint32_t first, uint32_t n)
{
    CardRange range = { .first = first, .n = n, .before = set->n };
    CardRange *last = set->ranges->len == 0 ? NULL : range_at(set, set->ranges->len - 1);

    if (n == 0)
        return;
    g_assert(last == NULL || first >= last->first + last->n);
    set->n += n;
    if (last != NULL && first == last->first + last->n)
        last->n += n;
    else
        g_array_append_val(set->ranges, range);
}

uint32_t
card_set_search(const CardSet *set, uint32_t k)
{
    guint low = 0;
    guint high = set->ranges->len; /* the range sought is in low .. high - 1 */

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (range_at(set, middle)->before <= k)
            low = middle;
        else
            high = middle;
    }
    return range_at(set, low)->first + (k - range_at(set, low)->before);
}

bool
card_set_find(const CardSet *set, uint32_t card, uint32_t *index)
{
    guint low = 0;
    guint high = set->ranges->len;
    const CardRange *range;

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (range_at(set, middle)->first <= card)
            low = middle;
        else
            high = middle;
    }
    if (high == low)
        return false;
    range = range_at(set, low);
    if (card < range->first || card - range->first >= range->n)
        return false;
    if (index != NULL)
        *index = range->before + (card - range->first);
    return true;
}
