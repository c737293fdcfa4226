#include "sim/base/card_set.h"

/* Ranges 3..4, 7..11 (in two parts), 20. */
static CardSet *
make(void)
{
    CardSet *set = card_set_new();

    card_set_add(set, 3, 2);
    card_set_add(set, 7, 2);
    card_set_add(set, 9, 3);
    card_set_add(set, 15, 0);
    card_set_add(set, 20, 1);
    return set;
}

static void
cards_are_counted_through(void)
{
    static const uint32_t cards[] = { 3, 4, 7, 8, 9, 10, 11, 20 };
    g_autoptr(CardSet) set = make();

    g_assert_cmpuint(set->n, ==, G_N_ELEMENTS(cards));
    g_assert_cmpuint(set->ranges->len, ==, 3); /* neighbours are one range */
    for (uint32_t k = 0; k < set->n; k++)
        g_assert_cmpuint(card_set_at(set, k), ==, cards[k]);
}

static void
find_is_the_inverse(void)
{
    g_autoptr(CardSet) set = make();
    guint n_found = 0;

    for (uint32_t card = 0; card < 30; card++) {
        uint32_t index;

        if (!card_set_find(set, card, &index))
            continue;
        n_found++;
        g_assert_cmpuint(card_set_at(set, index), ==, card);
    }
    g_assert_cmpuint(n_found, ==, set->n);
}

static void
nothing_is_in_an_empty_set(void)
{
    g_autoptr(CardSet) set = card_set_new();

    g_assert_false(card_set_find(set, 0, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/card-set/at/cards-are-counted-through", cards_are_counted_through);
    g_test_add_func("/card-set/find/is-the-inverse-of-at", find_is_the_inverse);
    g_test_add_func("/card-set/find/nothing-is-in-an-empty-set", nothing_is_in_an_empty_set);
    return g_test_run();
}
