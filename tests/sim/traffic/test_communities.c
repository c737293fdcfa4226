/* Who is paid in regions, without chance: the random bits are taken from even grids. */
#include "sim/traffic/communities.h"

/* Point @i of @n, evenly spread over 64 bits. */
static uint64_t
grid(guint i, guint n)
{
    return (uint64_t)(((unsigned __int128)(2 * i + 1) << 64) / ((unsigned __int128)2 * n));
}

/* Cards 0..3 and 9..10 of region 0, 4..8 of region 1, 11 of region 2; region 3 is empty. */
static const guint regions[] = { 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 2 };

static Communities *
make(double cross, const double *weights)
{
    Communities *communities = communities_new(4, cross, weights);

    communities_add(communities, 0, 4);
    communities_add(communities, 1, 5);
    communities_add(communities, 0, 2);
    communities_add(communities, 2, 1);
    communities_add(communities, 3, 0);
    communities_link(communities);
    return communities;
}

/* Each payee's share of what @payer pays. */
static void
count_shares(const Communities *communities, uint32_t payer, double *shares)
{
    enum { WHERE = 1000, WHO = 660 };

    for (uint32_t card = 0; card < communities->n_cards; card++)
        shares[card] = 0;
    for (guint i = 0; i < WHERE; i++)
        for (guint k = 0; k < WHO; k++)
            shares[communities_draw_payee(communities, payer, grid(i, WHERE), grid(k, WHO))] +=
                1.0 / WHERE / WHO;
}

static void
cross_payments_go_to_all_others_alike(void)
{
    g_autoptr(Communities) communities = make(0.3, NULL);
    double shares[G_N_ELEMENTS(regions)];

    for (uint32_t payer = 0; payer < G_N_ELEMENTS(regions); payer++) {
        guint n_own = regions[payer] == 0 ? 6 : regions[payer] == 1 ? 5 : 1;

        count_shares(communities, payer, shares);
        for (uint32_t card = 0; card < G_N_ELEMENTS(regions); card++) {
            double expected =
                regions[card] == regions[payer] ? 0.7 / (n_own - 1) : 0.3 / (12 - n_own);

            if (n_own == 1) /* nobody is left in its own region */
                expected = 1.0 / 11;
            if (card == payer)
                g_assert_cmpfloat(shares[card], ==, 0);
            else
                g_assert_cmpfloat_with_epsilon(shares[card], expected, 0.003);
        }
    }
}

static void
matrix_rules_over_regions(void)
{
    static const double weights[] = { 1, 3, 0, 9, 0, 0, 1, 5, 2, 2, 5, 1, 1, 1, 1, 1 };
    static const double payee_of_first[] = { 0.25 / 5, 0.75 / 5, 0 };
    g_autoptr(Communities) communities = make(0, weights);
    double shares[G_N_ELEMENTS(regions)];

    count_shares(communities, 9, shares);
    for (uint32_t card = 0; card < G_N_ELEMENTS(regions); card++)
        g_assert_cmpfloat_with_epsilon(shares[card], card == 9 ? 0 : payee_of_first[regions[card]],
                                       0.003);
    count_shares(communities, 5, shares);
    g_assert_cmpfloat_with_epsilon(shares[11], 1, 1e-9);
    count_shares(communities, 11, shares); /* region 2 has no other card, region 3 none */
    g_assert_cmpfloat_with_epsilon(shares[4], 0.5 / 5, 0.003);
    g_assert_cmpfloat_with_epsilon(shares[0], 0.5 / 6, 0.003);
}

static void
cards_added_later_are_paid(void)
{
    static const double weights[] = { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 };
    g_autoptr(Communities) communities = make(0, weights);
    double shares[G_N_ELEMENTS(regions) + 1];

    count_shares(communities, 0, shares); /* wants to pay nobody who is there: pays anybody */
    for (uint32_t card = 1; card < G_N_ELEMENTS(regions); card++)
        g_assert_cmpfloat_with_epsilon(shares[card], 1.0 / 11, 0.003);
    communities_add(communities, 3, 1);
    communities_link(communities);
    count_shares(communities, 0, shares);
    g_assert_cmpfloat_with_epsilon(shares[12], 1, 1e-9);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/communities/draw-payee/cross-payments-go-to-all-others-alike",
                    cross_payments_go_to_all_others_alike);
    g_test_add_func("/communities/draw-payee/matrix-rules-over-regions", matrix_rules_over_regions);
    g_test_add_func("/communities/draw-payee/cards-added-later-are-paid",
                    cards_added_later_are_paid);
    return g_test_run();
}
