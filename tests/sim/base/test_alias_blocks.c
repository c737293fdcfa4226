/* Alias tables in blocks: as with one table, what each column says is summed and compared with
 * the weights without any chance. */
#include "sim/base/alias_blocks.h"

#include <math.h>

/* Of what @blocks gives, each must have its weight. */
static void
assert_in_proportion(const AliasBlocks *blocks, const double *weights)
{
    g_autofree double *shares = g_new0(double, blocks->n);
    double total = 0;

    for (uint32_t i = 0; i < blocks->n; i++) {
        uint32_t block = i / ALIAS_BLOCK;
        double whole = blocks->totals[block] / alias_blocks_size(blocks, block);
        double own = blocks->thresholds[i] * 0x1p-32;
        uint32_t other = alias_blocks_choose(blocks, i, UINT32_MAX);

        g_assert_cmpuint(other / ALIAS_BLOCK, ==, block);
        g_assert_cmpuint(blocks->floors[block], <=, blocks->thresholds[i]);
        shares[i] += whole * own;
        shares[other] += whole * (1 - own);
        total += weights[i]; /* NOLINT(clang-analyzer-core.uninitialized.Assign): n weights */
    }
    g_assert_cmpfloat_with_epsilon(blocks->total, total, 1e-12 * (total + 1));
    for (uint32_t i = 0; i < blocks->n; i++) {
        double mean = blocks->totals[i / ALIAS_BLOCK] / alias_blocks_size(blocks, i / ALIAS_BLOCK);

        g_assert_cmpfloat(fabs(shares[i] - weights[i]), <=, 1e-6 * mean);
        g_assert_cmpint(alias_blocks_has(blocks, i), ==, weights[i] > 0);
        if (!(weights[i] > 0))
            g_assert_cmpfloat(shares[i], ==, 0);
    }
}

static double *
weights_of(GRand *rand, uint32_t n)
{
    double *weights = g_new(double, n);
    double power = g_rand_double_range(rand, 0, 12);

    for (uint32_t i = 0; i < n; i++)
        weights[i] = g_rand_double(rand) < 0.2 ? 0 : pow(g_rand_double(rand), power);
    return weights;
}

static void
each_has_its_share(void)
{
    static const uint32_t sizes[] = { 1, 2, 1000, 1023, 1024, 1025, 2048, 5000 };

    for (guint i = 0; i < 5 * G_N_ELEMENTS(sizes); i++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(i);
        uint32_t n = sizes[i % G_N_ELEMENTS(sizes)];
        g_autofree double *weights = weights_of(rand, n);
        g_autoptr(AliasBlocks) blocks = alias_blocks_new(weights, n);

        g_assert_cmpuint(blocks->n_blocks, ==, (n + ALIAS_BLOCK - 1) / ALIAS_BLOCK);
        assert_in_proportion(blocks, weights);
    }
}

/* A block where nobody has weight, between two where all have the same. */
static void
floors_tell_what_is_surely_the_owners(void)
{
    g_autofree double *weights = g_new0(double, (gsize)3 * ALIAS_BLOCK);
    g_autoptr(AliasBlocks) blocks = NULL;

    for (uint32_t i = 0; i < ALIAS_BLOCK; i++) {
        weights[i] = 2;
        weights[2 * ALIAS_BLOCK + i] = i == 7 ? 1 : 2;
    }
    blocks = alias_blocks_new(weights, 3 * ALIAS_BLOCK);
    assert_in_proportion(blocks, weights);
    g_assert_cmpuint(blocks->floors[0], ==, UINT32_MAX);
    g_assert_cmpuint(blocks->floors[1], ==, 0);
    g_assert_cmpfloat(blocks->totals[1], ==, 0);
    g_assert_cmpfloat_with_epsilon(blocks->floors[2] * 0x1p-32, ALIAS_BLOCK / 2047.0, 1e-9);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/alias-blocks/each-has-its-share", each_has_its_share);
    g_test_add_func("/alias-blocks/floors-tell-what-is-surely-the-owners",
                    floors_tell_what_is_surely_the_owners);
    return g_test_run();
}
