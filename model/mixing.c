#include "model/mixing.h"

static void
clear_class(gpointer class)
{
    g_array_unref(((MixingClass *)class)->ranges);
}

Mixing *
mixing_new(void)
{
    Mixing *mixing = g_new0(Mixing, 1);

    mixing->classes = g_array_new(FALSE, FALSE, sizeof(MixingClass));
    g_array_set_clear_func(mixing->classes, clear_class);
    return mixing;
}

void
mixing_free(Mixing *mixing)
{
    if (mixing == NULL)
        return;
    g_array_unref(mixing->classes);
    g_free(mixing);
}

static MixingClass *
class_at(const Mixing *mixing, guint i)
{
    return &g_array_index(mixing->classes, MixingClass, i);
}

static MixingClass *
find_class(Mixing *mixing, double rate)
{
    MixingClass class = { .rate = rate };

    for (guint i = 0; i < mixing->classes->len; i++)
        if (class_at(mixing, i)->rate <= rate && class_at(mixing, i)->rate >= rate)
            return class_at(mixing, i);
    class.ranges = g_array_new(FALSE, FALSE, sizeof(MixingRange));
    g_array_append_val(mixing->classes, class);
    return class_at(mixing, mixing->classes->len - 1);
}

void
mixing_add_cards(Mixing *mixing, uint32_t n, double rate)
{
    MixingClass *class = find_class(mixing, rate);
    MixingRange range = { .first = mixing->n_cards, .n = n };

    if (n == 0)
        return;
    g_array_append_val(class->ranges, range);
    class->n += n;
    mixing->n_cards += n;
    mixing->total_rate = 0;
    for (guint i = 0; i < mixing->classes->len; i++)
        mixing->total_rate += class_at(mixing, i)->rate * class_at(mixing, i)->n;
    mixing->is_even = class->rate > 0 && class->n == mixing->n_cards;
}

static uint32_t
card_of_class(const MixingClass *class, uint32_t k)
{
    const MixingRange *range = &g_array_index(class->ranges, MixingRange, 0);

    while (k >= range->n)
        k -= range++->n;
    return range->first + k;
}

uint32_t
mixing_draw_payer_by_rate(const Mixing *mixing, uint64_t which, uint64_t who)
{
    /* 53 bits, as a double holds them exactly */
    double left = (double)(which >> 11) * 0x1p-53 * mixing->total_rate;
    const MixingClass *class = NULL;

    for (guint i = 0; i < mixing->classes->len; i++) {
        const MixingClass *next = class_at(mixing, i);

        if (!(next->rate > 0) || next->n == 0)
            continue;
        class = next; /* the last one also takes what rounding leaves over */
        left -= class->rate * class->n;
        if (left < 0)
            break;
    }
    g_assert(class != NULL);
    return card_of_class(class, mixing_scale(who, class->n));
}
