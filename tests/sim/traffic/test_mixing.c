/* Who meets whom, without chance: the random bits are taken from an even grid, so that
 * each card must come up in its exact proportion. */
#include "sim/traffic/mixing.h"

#include <math.h>

/* Point @i of @n, evenly spread over 64 bits. */
static uint64_t
grid(guint i, guint n)
{
    return (uint64_t)(((unsigned __int128)(2 * i + 1) << 64) / ((unsigned __int128)2 * n));
}

/* ---- Numbers below n --------------------------------------------------- */

static void
scale_divides_evenly(void)
{
    static const uint32_t bounds[] = { 1, 2, 3, 7, 1000 };

    for (guint b = 0; b < G_N_ELEMENTS(bounds); b++)
        for (guint i = 0; i < 12 * bounds[b]; i++)
            g_assert_cmpuint(random_range_below(grid(i, 12 * bounds[b]), bounds[b]), ==, i / 12);
}

static void
scale_keeps_its_bounds(void)
{
    static const uint32_t bounds[] = { 1, 2, 3, 1000, UINT32_MAX };

    for (guint b = 0; b < G_N_ELEMENTS(bounds); b++) {
        g_assert_cmpuint(random_range_below(0, bounds[b]), ==, 0);
        g_assert_cmpuint(random_range_below(UINT64_MAX, bounds[b]), ==, bounds[b] - 1);
    }
}

/* ---- Payers ------------------------------------------------------------ */

typedef struct {
    uint32_t n;
    double rate;
} Added;

static Mixing *
mix(guint n_added, const Added *added)
{
    Mixing *mixing = mixing_new();

    for (guint i = 0; i < n_added; i++)
        mixing_add_cards(mixing, added[i].n, added[i].rate);
    return mixing;
}

/* Draws with every pair of two grids and compares each card's count with its share. */
static void
assert_payers_in_proportion(const Mixing *mixing, guint n_added, const Added *added)
{
    enum { WHICH = 997, WHO = 840 };
    g_autofree guint *counts = g_new0(guint, mixing->n_cards);
    double total = 0;
    uint32_t card = 0;

    for (guint i = 0; i < WHICH; i++)
        for (guint k = 0; k < WHO; k++) {
            uint32_t payer = mixing_draw_payer(mixing, grid(i, WHICH), grid(k, WHO));

            g_assert_cmpuint(payer, <, mixing->n_cards);
            counts[payer]++;
        }
    for (guint i = 0; i < n_added; i++)
        total += added[i].n * added[i].rate;
    g_assert_cmpfloat_with_epsilon(mixing->total_rate, total, total * 1e-12);
    for (guint i = 0; i < n_added; i++)
        for (guint k = 0; k < added[i].n; k++, card++) {
            double expected = WHICH * (double)WHO * added[i].rate / total;

            if (added[i].rate > 0) /* a point of either grid more or less */
                g_assert_cmpfloat_with_epsilon(counts[card], expected,
                                               expected * 0.02 + 2 * WHO / 10.0);
            else
                g_assert_cmpuint(counts[card], ==, 0);
        }
    g_assert_cmpuint(card, ==, mixing->n_cards);
}

static void
equal_cards_pay_equally_often(void)
{
    static const Added added[] = { { 12, 1 } };
    g_autoptr(Mixing) mixing = mix(G_N_ELEMENTS(added), added);
    guint counts[12] = { 0 };

    for (guint i = 0; i < 1200; i++)
        counts[mixing_draw_payer(mixing, grid(1200 - 1 - i, 1200), grid(i, 1200))]++;
    for (guint i = 0; i < 12; i++)
        g_assert_cmpuint(counts[i], ==, 100);
}

/* Classes of several ranges: the rates come back, in between there are others. */
static void
payers_are_drawn_in_proportion_to_activity(void)
{
    static const Added added[] = { { 3, 1 }, { 2, 4 }, { 4, 1 }, { 5, 0 },    { 1, 0.5 }, { 6, 4 },
                                   { 0, 9 }, { 7, 1 }, { 2, 0 }, { 10, 0.5 }, { 1, 16.5 } };
    g_autoptr(Mixing) mixing = mix(G_N_ELEMENTS(added), added);

    g_assert_cmpuint(mixing->n_cards, ==, 41);
    assert_payers_in_proportion(mixing, G_N_ELEMENTS(added), added);
}

/* Cards that a plan issues later: everything as if they had always been there. */
static void
cards_added_later_take_their_share(void)
{
    static const Added added[] = { { 5, 2 }, { 5, 1 }, { 5, 2 }, { 5, 3 } };
    g_autoptr(Mixing) mixing = mixing_new();

    for (guint n = 1; n <= G_N_ELEMENTS(added); n++) {
        mixing_add_cards(mixing, added[n - 1].n, added[n - 1].rate);
        assert_payers_in_proportion(mixing, n, added);
    }
}

/* The ends of the 64 bits, and rates whose sums round. */
static void
cards_without_activity_never_pay(void)
{
    static const Added added[] = { { 3, 0 }, { 3, 0.1 }, { 2, 0 },    { 3, 0.2 },
                                   { 1, 0 }, { 7, 0.7 }, { 3, 1e-9 }, { 5, 0 } };
    static const uint64_t bits[] = {
        0, 1, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffff7ff, UINT64_MAX - 1, UINT64_MAX
    };
    g_autoptr(Mixing) mixing = mix(G_N_ELEMENTS(added), added);
    double rates[27];
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS(added); i++)
        for (guint k = 0; k < added[i].n; k++)
            rates[n++] = added[i].rate;
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(rates));
    for (guint i = 0; i < 5000; i++)
        for (guint k = 0; k < G_N_ELEMENTS(bits); k++) {
            g_assert_cmpfloat(rates[mixing_draw_payer(mixing, grid(i, 5000), bits[k])], >, 0);
            g_assert_cmpfloat(rates[mixing_draw_payer(mixing, bits[k], grid(i, 5000))], >, 0);
        }
}

static void
first_and_last_card_of_a_range_pay(void)
{
    static const Added added[] = { { 2, 1 }, { 3, 0 }, { 2, 1 } };
    g_autoptr(Mixing) mixing = mix(G_N_ELEMENTS(added), added);

    g_assert_cmpuint(mixing_draw_payer(mixing, 0, 0), ==, 0);
    g_assert_cmpuint(mixing_draw_payer(mixing, 0, UINT64_MAX), ==, 1);
    g_assert_cmpuint(mixing_draw_payer(mixing, UINT64_MAX, 0), ==, 5);
    g_assert_cmpuint(mixing_draw_payer(mixing, UINT64_MAX, UINT64_MAX), ==, 6);
}

static void
nobody_is_active_at_rate_zero(void)
{
    static const Added added[] = { { 5, 0 } };
    g_autoptr(Mixing) mixing = mix(G_N_ELEMENTS(added), added);

    g_assert_cmpfloat(mixing->total_rate, ==, 0);
    mixing_add_cards(mixing, 1, 3);
    g_assert_cmpfloat(mixing->total_rate, ==, 3);
    g_assert_cmpuint(mixing_draw_payer(mixing, 0, 0), ==, 5);
}

/* ---- Cards with activities of their own --------------------------------- */

/* Every card of @mixing must come up in proportion to its rate. */
static void
assert_in_proportion_to(const Mixing *mixing, const double *rates)
{
    enum { WHICH = 997, WHO = 8400 };
    g_autofree guint *counts = g_new0(guint, mixing->n_cards);
    double total = 0;

    for (guint i = 0; i < WHICH; i++)
        for (guint k = 0; k < WHO; k++)
            counts[mixing_draw_payer(mixing, grid(i, WHICH), grid(k, WHO))]++;
    for (uint32_t card = 0; card < mixing->n_cards; card++)
        total += rates[card];
    g_assert_cmpfloat_with_epsilon(mixing->total_rate, total, total * 1e-12);
    for (uint32_t card = 0; card < mixing->n_cards; card++) {
        double expected = WHICH * (double)WHO * rates[card] / total;

        g_assert_cmpfloat_with_epsilon(counts[card], expected, expected * 0.02 + 2 * WHO / 10.0);
        g_assert_cmpint(counts[card] > 0, ==, rates[card] > 0);
        g_assert_cmpint(mixing_is_active(mixing, card), ==, rates[card] > 0);
    }
}

static void
unequal_cards_pay_in_proportion(void)
{
    static const double rates[] = { 2, 2, 2, 5, 0, 0.5, 9, 1, 2, 2, 0, 3 };
    g_autoptr(Mixing) mixing = mixing_new();

    mixing_add_cards(mixing, 3, 2);
    mixing_add_unequal_cards(mixing, &rates[3], 5);
    mixing_add_cards(mixing, 2, 2);
    mixing_add_unequal_cards(mixing, &rates[10], 2);
    g_assert_cmpuint(mixing->n_cards, ==, G_N_ELEMENTS(rates));
    g_assert_false(mixing->is_even);
    assert_in_proportion_to(mixing, rates);
}

/* So many that their tables come in several blocks, behind cards of a class. */
static void
many_unequal_cards_pay_in_proportion(void)
{
    enum { EQUAL = 100, STEP = 500, STEPS = 6, WHICH = 5003, WHO = 3001 };
    double rates[STEP * STEPS];
    guint counts[1 + STEPS] = { 0 };
    double total = EQUAL * 3 + STEP * 21;
    g_autoptr(Mixing) mixing = mixing_new();

    for (guint i = 0; i < G_N_ELEMENTS(rates); i++)
        rates[i] = 1 + i / STEP;
    mixing_add_cards(mixing, EQUAL, 3);
    mixing_add_unequal_cards(mixing, rates, G_N_ELEMENTS(rates));
    g_assert_cmpfloat_with_epsilon(mixing->total_rate, total, 1e-9);
    for (guint i = 0; i < WHICH; i++)
        for (guint k = 0; k < WHO; k++) {
            uint32_t payer = mixing_draw_payer(mixing, grid(i, WHICH), grid(k, WHO));

            counts[payer < EQUAL ? 0 : 1 + (payer - EQUAL) / STEP]++;
        }
    for (guint i = 0; i <= STEPS; i++) {
        double rate = i == 0 ? EQUAL * 3 : i * STEP;

        g_assert_cmpfloat_with_epsilon(counts[i], WHICH * (double)WHO * rate / total,
                                       0.002 * WHICH * WHO);
    }
}

static void
woken_cards_pay_from_then_on(void)
{
    static const double rates[] = { 1, 0, 4, 0, 0, 0, 3 };
    static const double woken[] = { 1, 0, 4, 2, 0, 7, 3 };
    static const uint32_t cards[] = { 5, 3 };
    static const double new_rates[] = { 7, 2 };
    g_autoptr(Mixing) mixing = mixing_new();
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *weights = g_array_new(FALSE, FALSE, sizeof(double));

    mixing_add_unequal_cards(mixing, rates, 4);
    mixing_add_unequal_cards(mixing, &rates[4], 3);
    assert_in_proportion_to(mixing, rates);
    g_array_append_vals(chosen, cards, G_N_ELEMENTS(cards));
    g_array_append_vals(weights, new_rates, G_N_ELEMENTS(cards));
    mixing_wake(mixing, chosen, weights);
    g_assert_cmpuint(mixing->n_cards, ==, G_N_ELEMENTS(rates));
    assert_in_proportion_to(mixing, woken);
}

/* However many are woken one after the other, there are few classes of them. */
static void
cards_woken_one_by_one_are_gathered(void)
{
    enum { N = 7, MANY = 1000 };
    static const double rates[N] = { 3, 0, 0, 0, 0, 0, 0 };
    static const double woken[N] = { 3, 1, 2, 3, 4, 5, 6 };
    static const double none[MANY] = { 0 };
    g_autoptr(Mixing) mixing = mixing_new();
    g_autoptr(Mixing) many = mixing_new();

    mixing_add_unequal_cards(mixing, rates, N);
    mixing_add_unequal_cards(many, none, MANY);
    for (uint32_t card = 1; card < MANY; card++) {
        const double rate = card;

        for (guint i = 0; i < (card < N ? 2 : 1); i++) {
            GArray *chosen = g_array_new(FALSE, FALSE, sizeof(uint32_t));
            GArray *weights = g_array_new(FALSE, FALSE, sizeof(double));

            g_array_append_val(chosen, card);
            g_array_append_val(weights, rate);
            mixing_wake(i == 0 ? many : mixing, chosen, weights);
        }
    }
    assert_in_proportion_to(mixing, woken);
    g_assert_cmpuint(many->classes->len, <=, 11); /* one more than bits of their number */
    g_assert_cmpfloat_with_epsilon(many->total_rate, MANY / 2.0 * (MANY - 1), 1e-6);
}

/* ---- Payees ------------------------------------------------------------ */

static void
payee_is_any_other_card_equally_often(void)
{
    enum { N = 13, EACH = 30 };
    static const Added added[] = { { 4, 1 }, { 4, 0 }, { 5, 100 } };
    g_autoptr(Mixing) mixing = mix(G_N_ELEMENTS(added), added);

    for (uint32_t payer = 0; payer < N; payer++) {
        guint counts[N] = { 0 };

        for (guint i = 0; i < (N - 1) * EACH; i++)
            counts[mixing_draw_payee(mixing, payer, grid(i, (N - 1) * EACH))]++;
        for (uint32_t payee = 0; payee < N; payee++)
            g_assert_cmpuint(counts[payee], ==, payee == payer ? 0 : EACH);
    }
}

static void
payee_is_never_the_payer_at_the_ends(void)
{
    static const Added added[] = { { 2, 1 } };
    g_autoptr(Mixing) two = mix(G_N_ELEMENTS(added), added);
    g_autoptr(Mixing) many = mixing_new();

    for (guint i = 0; i < 2; i++) {
        g_assert_cmpuint(mixing_draw_payee(two, i, 0), ==, 1 - i);
        g_assert_cmpuint(mixing_draw_payee(two, i, UINT64_MAX), ==, 1 - i);
    }
    mixing_add_cards(many, 4000000000, 1);
    g_assert_cmpuint(mixing_draw_payee(many, 0, 0), ==, 1);
    g_assert_cmpuint(mixing_draw_payee(many, 1, 0), ==, 0);
    g_assert_cmpuint(mixing_draw_payee(many, 3999999999, UINT64_MAX), ==, 3999999998);
    g_assert_cmpuint(mixing_draw_payee(many, 0, UINT64_MAX), ==, 3999999999);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mixing/scale/divides-evenly", scale_divides_evenly);
    g_test_add_func("/mixing/scale/keeps-its-bounds", scale_keeps_its_bounds);
    g_test_add_func("/mixing/draw-payer/equal-cards-pay-equally-often",
                    equal_cards_pay_equally_often);
    g_test_add_func("/mixing/draw-payer/is-in-proportion-to-activity",
                    payers_are_drawn_in_proportion_to_activity);
    g_test_add_func("/mixing/draw-payer/cards-added-later-take-their-share",
                    cards_added_later_take_their_share);
    g_test_add_func("/mixing/draw-payer/cards-without-activity-never-pay",
                    cards_without_activity_never_pay);
    g_test_add_func("/mixing/draw-payer/first-and-last-card-of-a-range-pay",
                    first_and_last_card_of_a_range_pay);
    g_test_add_func("/mixing/add-cards/nobody-is-active-at-rate-zero",
                    nobody_is_active_at_rate_zero);
    g_test_add_func("/mixing/draw-payer/unequal-cards-pay-in-proportion",
                    unequal_cards_pay_in_proportion);
    g_test_add_func("/mixing/draw-payer/many-unequal-cards-pay-in-proportion",
                    many_unequal_cards_pay_in_proportion);
    g_test_add_func("/mixing/wake/woken-cards-pay-from-then-on", woken_cards_pay_from_then_on);
    g_test_add_func("/mixing/wake/cards-woken-one-by-one-are-gathered",
                    cards_woken_one_by_one_are_gathered);
    g_test_add_func("/mixing/draw-payee/is-any-other-card-equally-often",
                    payee_is_any_other_card_equally_often);
    g_test_add_func("/mixing/draw-payee/is-never-the-payer-at-the-ends",
                    payee_is_never_the_payer_at_the_ends);
    return g_test_run();
}
