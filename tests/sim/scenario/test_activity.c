/* Rates are put in order so that they may lie together, which must change nothing else. */
#include "sim/scenario/activity.h"

#include <float.h>
#include <stdlib.h>

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void
assert_sorted(const double *rates, uint32_t n)
{
    g_autofree double *nearly = g_memdup2(rates, n * sizeof(double));
    g_autofree double *quite = g_memdup2(rates, n * sizeof(double));

    activity_sort(nearly, n);
    for (uint32_t i = 1; i < n; i++)
        g_assert_cmpfloat(nearly[i], >=, nearly[i - 1] * (1 - 1.0 / 256));
    qsort(quite, n, sizeof(double), compare);
    qsort(nearly, n, sizeof(double), compare);
    for (uint32_t i = 0; i < n; i++)
        g_assert_cmpfloat(nearly[i], ==, quite[i]);
}

static void
rates_are_put_in_order(void)
{
    static const double extreme[] = { DBL_MAX, 0, DBL_MIN, 1, 0, DBL_TRUE_MIN, 2, 1.5, 1e-9 };

    assert_sorted(extreme, G_N_ELEMENTS(extreme));
    assert_sorted(extreme, 1);
    for (guint seed = 0; seed < 20; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        double rates[1000];

        for (guint i = 0; i < G_N_ELEMENTS(rates); i++)
            rates[i] = g_rand_double(rand) < 0.1 ? 0 : 1 / (g_rand_double(rand) + 1e-6);
        assert_sorted(rates, G_N_ELEMENTS(rates));
    }
}

/* Half of the cards with a law of one rate: those that stay have it. */
static void
so_many_become_dormant(void)
{
    const ActivityLaw law = { .kind = ACTIVITY_CONSTANT, .per_day = 3 };
    double rates[1001];
    guint n_dormant = 0;
    Stream stream;

    stream_init(&stream, 1, 0, "test");
    activity_draw(&law, &stream, rates, G_N_ELEMENTS(rates));
    activity_make_dormant(rates, G_N_ELEMENTS(rates), 0.25, &stream);
    for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
        if (rates[i] > 0)
            g_assert_cmpfloat(rates[i], ==, 3);
        n_dormant += !(rates[i] > 0);
    }
    g_assert_cmpuint(n_dormant, ==, 250);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/activity/rates-are-put-in-order", rates_are_put_in_order);
    g_test_add_func("/activity/so-many-become-dormant", so_many_become_dormant);
    return g_test_run();
}
