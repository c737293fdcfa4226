#include "model/mixing.h"

static void
clear_class(gpointer data)
{
    MixingClass *class = data;

    alias_free(class->table);
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
    mixing->shares = g_array_new(FALSE, FALSE, sizeof(MixingShare));
    return mixing;
}

void
mixing_free(Mixing *mixing)
{
    if (mixing == NULL)
        return;
    g_array_unref(mixing->classes);
    g_array_unref(mixing->shares);
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

        if (class->table == NULL && class->rate <= rate && class->rate >= rate)
            return class;
    }
    return append_class(mixing, (MixingClass){ .rate = rate });
}

/* Deals out 2^64 to the classes in proportion to what they pay. */
static void
share_out(Mixing *mixing)
{
    double below = 0;

    g_array_set_size(mixing->shares, 0);
    for (guint i = 0; i < mixing->classes->len; i++) {
        MixingShare share = { .class = i };

        if (!(class_at(mixing, i)->total_rate > 0))
            continue;
        below += class_at(mixing, i)->total_rate;
        share.up_to = below < mixing->total_rate ? (uint64_t)(below / mixing->total_rate * 0x1p64)
                                                 : UINT64_MAX;
        g_array_append_val(mixing->shares, share);
    }
}

/* The last class to change is @class. */
static void
sum_up(Mixing *mixing, const MixingClass *class)
{
    mixing->total_rate = 0;
    for (guint i = 0; i < mixing->classes->len; i++)
        mixing->total_rate += class_at(mixing, i)->total_rate;
    share_out(mixing);
    mixing->is_even = class->table == NULL && class->rate > 0 && class->n == mixing->n_cards;
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

/* A class with a table. */
static MixingClass *
add_table(Mixing *mixing, AliasTable *rates)
{
    alias_build(rates);
    return append_class(
        mixing, (MixingClass){ .table = rates, .total_rate = rates->total, .n = rates->n });
}

void
mixing_add_unequal_cards(Mixing *mixing, AliasTable *rates)
{
    MixingClass *class = add_table(mixing, rates);

    card_set_add(class->cards, mixing->n_cards, class->n);
    mixing->n_cards += class->n;
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
    AliasTable *table;
    MixingClass *class;

    g_assert(cards->len == rates->len && cards->len > 0);
    take_in_woken(mixing, cards, rates);
    table = alias_new(cards->len);
    for (guint i = 0; i < rates->len; i++)
        table->columns[i].weight = g_array_index(rates, double, i);
    class = add_table(mixing, table);
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
    return k < class->n && (class->table == NULL ? class->rate > 0 : alias_has(class->table, k));
}

bool
mixing_is_active(const Mixing *mixing, uint32_t card)
{
    for (guint i = 0; i < mixing->classes->len; i++)
        if (is_active_in(class_at(mixing, i), card))
            return true;
    return false;
}
