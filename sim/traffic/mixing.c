#include "sim/traffic/mixing.h"

static void
clear_class(gpointer data)
{
    MixingClass *class = data;

    alias_blocks_free(class->tables);
    card_set_free(class->cards);
    if (class->chosen != NULL) {
        g_array_unref(class->chosen);
        g_array_unref(class->weights);
    }
}

Mixing *
mixing_new(void)
{
    Mixing *mixing = g_new0(Mixing, 1);

    mixing->classes = g_array_new(FALSE, FALSE, sizeof(MixingClass));
    g_array_set_clear_func(mixing->classes, clear_class);
    mixing->parts = g_array_new(FALSE, FALSE, sizeof(MixingPart));
    return mixing;
}

void
mixing_free(Mixing *mixing)
{
    if (mixing == NULL)
        return;
    g_array_unref(mixing->classes);
    g_array_unref(mixing->parts);
    alias_free(mixing->choice);
    g_free(mixing);
}

static MixingClass *
class_at(const Mixing *mixing, guint i)
{
    return &g_array_index(mixing->classes, MixingClass, i);
}

static MixingClass *
append_class(Mixing *mixing, MixingClass class)
{
    class.cards = card_set_new();
    g_array_append_val(mixing->classes, class);
    return class_at(mixing, mixing->classes->len - 1);
}

static MixingClass *
find_class(Mixing *mixing, double rate)
{
    for (guint i = 0; i < mixing->classes->len; i++) {
        MixingClass *class = class_at(mixing, i);

        if (class->tables == NULL && class->rate <= rate && class->rate >= rate)
            return class;
    }
    return append_class(mixing, (MixingClass){ .rate = rate });
}

static void
add_part(Mixing *mixing, GArray *rates, double rate, MixingPart part)
{
    if (!(rate > 0))
        return;
    g_array_append_val(mixing->parts, part);
    g_array_append_val(rates, rate);
}

static void
add_ranges(Mixing *mixing, GArray *rates, const MixingClass *class)
{
    for (guint i = 0; i < class->cards->ranges->len; i++) {
        const CardRange *range = &g_array_index(class->cards->ranges, CardRange, i);

        add_part(mixing, rates, class->rate * range->n,
                 (MixingPart){ .first = range->first,
                               .n = range->n,
                               .floor = UINT32_MAX,
                               .place = range->before,
                               .class = class });
    }
}

static void
add_blocks(Mixing *mixing, GArray *rates, const MixingClass *class)
{
    const AliasBlocks *tables = class->tables;
    bool is_chosen = class->chosen != NULL;
    uint32_t first = is_chosen ? 0 : card_set_at(class->cards, 0);

    for (uint32_t i = 0; i < tables->n_blocks; i++)
        add_part(mixing, rates, tables->totals[i],
                 (MixingPart){ .first = first + i * ALIAS_BLOCK,
                               .n = alias_blocks_size(tables, i),
                               .floor = is_chosen ? 0 : tables->floors[i],
                               .place = i * ALIAS_BLOCK,
                               .class = class });
}

/* Lists the parts and what each pays. */
static void
share_out(Mixing *mixing)
{
    g_autoptr(GArray) rates = g_array_new(FALSE, FALSE, sizeof(double));

    g_array_set_size(mixing->parts, 0);
    for (guint i = 0; i < mixing->classes->len; i++) {
        const MixingClass *class = class_at(mixing, i);

        if (class->tables == NULL)
            add_ranges(mixing, rates, class);
        else
            add_blocks(mixing, rates, class);
    }
    g_clear_pointer(&mixing->choice, alias_free);
    if (rates->len == 0)
        return;
    mixing->choice = alias_new(rates->len);
    for (guint i = 0; i < rates->len; i++)
        mixing->choice->columns[i].weight = g_array_index(rates, double, i);
    alias_build(mixing->choice);
}

uint32_t
mixing_find(const MixingPart *part, uint32_t k, uint32_t coin)
{
    const MixingClass *class = part->class;
    uint32_t place = part->place + k;

    if (class->tables != NULL)
        place = alias_blocks_choose(class->tables, place, coin);
    return class->chosen == NULL ? part->first + (place - part->place)
                                 : g_array_index(class->chosen, uint32_t, place);
}

/* The last class to change is @class. */
static void
sum_up(Mixing *mixing, const MixingClass *class)
{
    mixing->total_rate = 0;
    for (guint i = 0; i < mixing->classes->len; i++)
        mixing->total_rate += class_at(mixing, i)->total_rate;
    share_out(mixing);
    mixing->is_even = class->tables == NULL && class->rate > 0 && class->n == mixing->n_cards;
}

void
mixing_add_cards(Mixing *mixing, uint32_t n, double rate)
{
    MixingClass *class = find_class(mixing, rate);

    if (n == 0)
        return;
    card_set_add(class->cards, mixing->n_cards, n);
    class->n += n;
    class->total_rate = class->rate * class->n;
    mixing->n_cards += n;
    sum_up(mixing, class);
}

/* A class with tables. */
static MixingClass *
add_tables(Mixing *mixing, const double *rates, uint32_t n)
{
    AliasBlocks *tables = alias_blocks_new(rates, n);

    return append_class(mixing,
                        (MixingClass){ .tables = tables, .total_rate = tables->total, .n = n });
}

void
mixing_add_unequal_cards(Mixing *mixing, const double *rates, uint32_t n)
{
    MixingClass *class = add_tables(mixing, rates, n);

    card_set_add(class->cards, mixing->n_cards, n);
    mixing->n_cards += n;
    sum_up(mixing, class);
}

/* Moves to the new cards those of the last class, as long as it is one of so few chosen cards. */
static void
take_in_woken(Mixing *mixing, GArray *cards, GArray *rates)
{
    while (mixing->classes->len > 0) {
        const MixingClass *last = class_at(mixing, mixing->classes->len - 1);

        if (last->chosen == NULL || last->n > cards->len)
            return;
        g_array_append_vals(cards, last->chosen->data, last->n);
        g_array_append_vals(rates, last->weights->data, last->n);
        g_array_set_size(mixing->classes, mixing->classes->len - 1);
    }
}

void
mixing_wake(Mixing *mixing, GArray *cards, GArray *rates)
{
    MixingClass *class;

    g_assert(cards->len == rates->len && cards->len > 0);
    take_in_woken(mixing, cards, rates);
    class = add_tables(mixing, (const double *)(const void *)rates->data, rates->len);
    class->chosen = cards;
    class->weights = rates;
    sum_up(mixing, class);
}

static bool
is_active_in(const MixingClass *class, uint32_t card)
{
    uint32_t k = 0;

    if (class->chosen == NULL && !card_set_find(class->cards, card, &k))
        return false;
    while (class->chosen != NULL && k < class->n &&
           g_array_index(class->chosen, uint32_t, k) != card)
        k++;
    return k < class->n &&
           (class->tables == NULL ? class->rate > 0 : alias_blocks_has(class->tables, k));
}

bool
mixing_is_active(const Mixing *mixing, uint32_t card)
{
    for (guint i = 0; i < mixing->classes->len; i++)
        if (is_active_in(class_at(mixing, i), card))
            return true;
    return false;
}
