/* Alias tables: what each column says is summed, so that every probability is compared with
 * its weight without any chance. */
#include "sim/base/alias.h"

#include <math.h>

static AliasTable *
make(const double *weights, uint32_t n)
{
    AliasTable *table = alias_new(n);

    for (uint32_t i = 0; i < n; i++)
        table->columns[i].weight = weights[i];
    alias_build(table);
    return table;
}

/* A column's owner has threshold / 2^32 of it, the other one the rest. */
static void
assert_in_proportion(const double *weights, uint32_t n)
{
    g_autoptr(AliasTable) table = make(weights, n);
    g_autofree double *shares = g_new0(double, n);
    double total = 0;

    for (uint32_t i = 0; i < n; i++) {
        double own = table->columns[i].part.threshold * 0x1p-32;

        g_assert_cmpuint(table->columns[i].part.other, <, n);
        shares[i] += own;
        shares[table->columns[i].part.other] += 1 - own;
        total += weights[i];
    }
    g_assert_cmpfloat_with_epsilon(table->total, total, total * 1e-12);
    for (uint32_t i = 0; i < n; i++) {
        double expected = weights[i] / total * n;

        g_assert_cmpfloat_with_epsilon(shares[i], expected, 1e-9 * (expected + n));
        g_assert_cmpint(alias_has(table, i), ==, weights[i] > 0);
        if (!(weights[i] > 0))
            g_assert_cmpfloat(shares[i], ==, 0);
    }
}

static void
each_has_its_share(void)
{
    static const double few[] = { 1, 2, 3, 4 };
    static const double steep[] = { 1e-300, 1, 1e9, 0, 5, 1e9, 0, 1e-9 };
    static const double last_heavy[] = { 0, 0, 0, 0, 7 };
    static const double first_heavy[] = { 7, 0, 0, 0, 0 };
    static const double one[] = { 3 };
    static const double equal[] = { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 };
    static const double halves[] = { 0.3, 0, 0.3, 0, 0.3, 0, 0.3 };

    assert_in_proportion(few, G_N_ELEMENTS(few));
    assert_in_proportion(steep, G_N_ELEMENTS(steep));
    assert_in_proportion(last_heavy, G_N_ELEMENTS(last_heavy));
    assert_in_proportion(first_heavy, G_N_ELEMENTS(first_heavy));
    assert_in_proportion(one, G_N_ELEMENTS(one));
    assert_in_proportion(equal, G_N_ELEMENTS(equal));
    assert_in_proportion(halves, G_N_ELEMENTS(halves));
}

/* Weights of all kinds, zeros among them. */
static void
each_of_many_has_its_share(void)
{
    for (guint32 seed = 0; seed < 40; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        uint32_t n = (uint32_t)g_rand_int_range(rand, 2, 3000);
        g_autofree double *weights = g_new(double, n);
        double power = g_rand_double_range(rand, 0, 12);

        for (uint32_t i = 0; i < n; i++)
            weights[i] = g_rand_double(rand) < 0.2 ? 0 : pow(g_rand_double(rand), power);
        weights[n / 2] = 1;
        assert_in_proportion(weights, n);
    }
}

/* The bits behind the column's number decide between the two. */
static void
draws_follow_the_columns(void)
{
    enum { DRAWS = 300000 };
    static const double weights[] = { 5, 0, 1, 2, 2 };
    g_autoptr(AliasTable) table = make(weights, G_N_ELEMENTS(weights));
    guint counts[G_N_ELEMENTS(weights)] = { 0 };

    for (guint i = 0; i < DRAWS; i++)
        counts[alias_draw(table, (uint64_t)(((unsigned __int128)(2 * i + 1) << 64) /
                                            ((unsigned __int128)2 * DRAWS)))]++;
    for (guint i = 0; i < G_N_ELEMENTS(weights); i++)
        g_assert_cmpfloat_with_epsilon(counts[i], weights[i] * DRAWS / 10, 5);
}

static void
nobody_has_weight(void)
{
    static const double weights[] = { 0, 0, 0 };
    g_autoptr(AliasTable) table = make(weights, G_N_ELEMENTS(weights));

    g_assert_cmpfloat(table->total, ==, 0);
    for (uint32_t i = 0; i < table->n; i++)
        g_assert_false(alias_has(table, i));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/alias/build/each-has-its-share", each_has_its_share);
    g_test_add_func("/alias/build/each-of-many-has-its-share", each_of_many_has_its_share);
    g_test_add_func("/alias/build/nobody-has-weight", nobody_has_weight);
    g_test_add_func("/alias/draw/draws-follow-the-columns", draws_follow_the_columns);
    return g_test_run();
}
