/* Samples: how many, when, and which one shows what; on the grid, between, and at the end. */
#include "sim/measure/sampling.h"

static Sampling
every_ten_until(Micros end)
{
    Sampling sampling;

    sampling_init(&sampling, 10, end);
    return sampling;
}

static void
last_sample_stands_at_the_end(void)
{
    static const struct {
        Micros end;
        guint n;
    } cases[] = { { 1, 1 }, { 9, 1 }, { 10, 1 }, { 11, 2 }, { 30, 3 }, { 35, 4 } };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Sampling sampling = every_ten_until(cases[i].end);

        g_assert_cmpuint(sampling.n, ==, cases[i].n);
        g_assert_cmpint(sampling_time(&sampling, sampling.n), ==, cases[i].end);
    }
}

static void
others_stand_on_the_grid(void)
{
    Sampling sampling = every_ten_until(35);

    for (guint k = 0; k < sampling.n; k++)
        g_assert_cmpint(sampling_time(&sampling, k), ==, INT64_C(10) * k);
}

static void
sample_shows_what_happens_before_it(void)
{
    Sampling sampling = every_ten_until(35);

    g_assert_cmpuint(sampling_number(&sampling, 0), ==, 1);
    g_assert_cmpuint(sampling_number(&sampling, 9), ==, 1);
    g_assert_cmpuint(sampling_number(&sampling, 10), ==, 2);
    g_assert_cmpuint(sampling_number(&sampling, 34), ==, sampling.n);
}

static void
next_one_is_later(void)
{
    Sampling sampling = every_ten_until(35);

    g_assert_cmpint(sampling_next(&sampling, 0), ==, 10);
    g_assert_cmpint(sampling_next(&sampling, 9), ==, 10);
    g_assert_cmpint(sampling_next(&sampling, 10), ==, 20);
    g_assert_cmpint(sampling_next(&sampling, 34), ==, 40);
}

/* Intervals and times of a century in microseconds do not fit into 32 bits. */
static void
long_runs_are_exact(void)
{
    Sampling sampling;

    sampling_init(&sampling, MICROS_PER_DAY, 36525 * MICROS_PER_DAY);
    g_assert_cmpuint(sampling.n, ==, 36525);
    g_assert_cmpint(sampling_time(&sampling, 36524), ==, 36524 * MICROS_PER_DAY);
    g_assert_cmpuint(sampling_number(&sampling, 36524 * MICROS_PER_DAY), ==, 36525);
    g_assert_cmpint(sampling_next(&sampling, 36524 * MICROS_PER_DAY - 1), ==,
                    36524 * MICROS_PER_DAY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sampling/time/last-sample-stands-at-the-end", last_sample_stands_at_the_end);
    g_test_add_func("/sampling/time/others-stand-on-the-grid", others_stand_on_the_grid);
    g_test_add_func("/sampling/number/sample-shows-what-happens-before-it",
                    sample_shows_what_happens_before_it);
    g_test_add_func("/sampling/next/is-later", next_one_is_later);
    g_test_add_func("/sampling/long-runs-are-exact", long_runs_are_exact);
    return g_test_run();
}
