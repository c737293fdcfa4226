/* Newer wins among uniform random pairs: what is known exactly of embodiment 1. */
#include "sim/scenario/scenario.h"

#include "sim/study/theory.h"
#include "sim/traffic/meetings.h"

#include "tests/sim/replicated.h"

#include <sodium.h>

/* N cards of equal rates, m of them holders of the newer key. */
typedef struct {
    guint n;
    guint m;
    guint replications;
    const char *fidelity;
} Spread;

static const char uniform_text[] = "[scenario]\n"
                                   "name = uniform\n"
                                   "duration = 300d\n"
                                   "sample-interval = 300d\n"
                                   "seed = 1\n"
                                   "replications = 1000\n"
                                   "[scheme]\n"
                                   "embodiment = 1\n"
                                   "[cohort holders]\n"
                                   "cards = 1\n"
                                   "transfer-key = 2\n"
                                   "update-key = 1\n"
                                   "[cohort others]\n"
                                   "cards = 99\n"
                                   "transfer-key = 1\n"
                                   "update-key = 1\n";

/* Meetings from k = @from to @to holders: one is enough with probability
 * p = 2 k (N - k) / (N (N - 1)), so there are 1 / p on average, with variance
 * (1 - p) / p^2. */
static void
meetings_between(guint n, guint from, guint to, double *mean, double *variance)
{
    *mean = 0;
    *variance = 0;
    for (guint k = from; k < to; k++) {
        double p = 2.0 * k * (n - k) / ((double)n * (n - 1));

        *mean += 1 / p;
        *variance += (1 - p) / (p * p);
    }
}

/* The same in closed form, from one card to all: (N - 1) H_(N - 1). */
static void
formula_agrees_with_the_closed_form(void)
{
    double mean;
    double variance;

    meetings_between(100, 1, 100, &mean, &variance);
    g_assert_cmpfloat_with_epsilon(mean, 512.6, 0.05);
    g_assert_cmpfloat_with_epsilon(sqrt(variance), 89.5, 0.05);
    meetings_between(1000, 1, 1000, &mean, &variance);
    g_assert_cmpfloat_with_epsilon(mean, 7477.0, 0.05);
    g_assert_cmpfloat_with_epsilon(sqrt(variance), 905.7, 0.05);
    meetings_between(1000, 1, 900, &mean, &variance);
    g_assert_cmpfloat_with_epsilon(mean, 4833.2, 0.05);
}

/* What `validate` holds simulations against, at points that were computed elsewhere. */
static void
mean_field_agrees_with_worked_figures(void)
{
    static const double bass[][2] = { { 1, 0.1541 }, { 2, 0.4218 }, { 4, 0.8797 }, { 8, 0.9983 } };
    static const double unequal[][3] = {
        { 0.5, 8, 0.2765 }, { 0.5, 32, 0.1273 }, { 1, 32, 0.0329 }, { 4, 8, 0.0596 }
    };
    static const double merchants[][2] = { { 2, 0.265 }, { 8, 0.933 } };

    for (guint i = 0; i < G_N_ELEMENTS(bass); i++)
        g_assert_cmpfloat_with_epsilon(theory_replacement(0.1, 1, bass[i][0]), bass[i][1], 5e-5);
    g_assert_cmpfloat_with_epsilon(theory_replacement_exposure(0.1, 1), 2.3979, 5e-5);
    for (guint i = 0; i < G_N_ELEMENTS(unequal); i++)
        g_assert_cmpfloat_with_epsilon(theory_unequal(unequal[i][0], 0.01, unequal[i][1]),
                                       unequal[i][2], 5e-5);
    for (guint i = 0; i < G_N_ELEMENTS(merchants); i++)
        g_assert_cmpfloat_with_epsilon(
            theory_merchants((TheoryMerchants){ 0.001, 0 }, 0.4, 100, merchants[i][0]).consumers,
            merchants[i][1], 5e-4);
    g_assert_cmpfloat_with_epsilon(theory_wait(0.8, 0.336, 0.1422), 0.8464, 5e-5);
}

/* The second community lags by about ln(1 / (cross r t_a)) / r. */
static void
second_community_lags(void)
{
    static const double r = 2;
    static const double cross = 1e-3;
    double lag =
        theory_communities(0.01, r, cross, 0.75) - theory_communities(0.01, r, cross, 0.25);

    g_assert_cmpfloat_with_epsilon(theory_communities(0.2, r, 1, 0.1), 0, 1e-9);
    g_assert_cmpfloat_with_epsilon(lag, log(1 / (cross * log(99))) / r, 0.1);
}

/* Runs until every card holds the newer key. */
static Rows
spread_to_all(const Scenario *scenario, int64_t number)
{
    Replication *replication = replication_new(scenario, number);
    const Recorder *recorder = replication_recorder(replication);

    while (recorder_time_to_share(recorder, KEY_TRANSFER, 2, METRIC_N_SHARES - 1) < 0)
        g_assert_true(sim_engine_step(replication_engine(replication)));
    return rows_of_replication(replication, scenario, number);
}

static void
assert_within_four_errors(double sum, double mean, double variance, guint n)
{
    double z = (sum / n - mean) / sqrt(variance / n);

    g_test_message("mean %.1f, exact %.1f, z = %.2f", sum / n, mean, z);
    g_assert_cmpfloat(fabs(z), <, 4);
}

static void
meetings_to_all_are_as_computed(gconstpointer data)
{
    const Spread *spread = data;
    g_autofree char *holders = g_strdup_printf("cohort holders.cards=%u", spread->m);
    g_autofree char *others = g_strdup_printf("cohort others.cards=%u", spread->n - spread->m);
    g_autofree char *fidelity = g_strdup_printf("scenario.fidelity=%s", spread->fidelity);
    g_autoptr(Scenario) scenario = parse(uniform_text, SETS(holders, others, fidelity));
    double to_half = 0;
    double to_all = 0;
    double mean;
    double variance;

    for (guint i = 1; i <= spread->replications; i++) {
        g_auto(Rows) rows = spread_to_all(scenario, i);

        g_assert_cmpfloat(metric(&rows, "updates-symmetric"), ==, spread->n - spread->m);
        /* meetings run in small lots, the last of which may go beyond the goal */
        g_assert_cmpfloat(metric(&rows, "meetings"), >=,
                          metric(&rows, "meetings-to-share,transfer,2,1"));
        g_assert_cmpfloat(metric(&rows, "meetings"), <,
                          metric(&rows, "meetings-to-share,transfer,2,1") + MEETINGS_BLOCK);
        g_assert_cmpfloat(metric(&rows, "final-share,transfer,2"), ==, 1);
        g_assert_cmpfloat(metric(&rows, "refused"), ==, 0);
        to_half += metric(&rows, "meetings-to-share,transfer,2,0.5");
        to_all += metric(&rows, "meetings-to-share,transfer,2,1");
    }
    meetings_between(spread->n, spread->m, spread->n / 2, &mean, &variance);
    assert_within_four_errors(to_half, mean, variance, spread->replications);
    meetings_between(spread->n, spread->m, spread->n, &mean, &variance);
    assert_within_four_errors(to_all, mean, variance, spread->replications);
}

/* Meetings come N times a day on average, so the mean time is the mean number by N. */
static void
time_to_all_follows_from_the_rate(void)
{
    enum { N = 100, REPLICATIONS = 200 };
    g_autoptr(Scenario) scenario = parse(uniform_text, NULL);
    double sum = 0;
    double mean;
    double variance;

    for (guint i = 1; i <= REPLICATIONS; i++) {
        g_auto(Rows) rows = spread_to_all(scenario, i);

        sum += metric(&rows, "time-to-share,transfer,2,1") / 86400 * N;
    }
    meetings_between(N, 1, N, &mean, &variance);
    /* a sum of so many waits of variance 1 */
    assert_within_four_errors(sum, mean, variance + mean, REPLICATIONS);
}

int
main(int argc, char **argv)
{
    static const Spread spreads[] = {
        { 100, 1, 200, "apdu" },
        { 100, 10, 200, "decision" },
        { 1000, 1, 200, "decision" },
        { 1000, 10, 200, "decision" },
    };

    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/theory/formula/agrees-with-the-closed-form",
                    formula_agrees_with_the_closed_form);
    g_test_add_func("/theory/mean-field/agrees-with-worked-figures",
                    mean_field_agrees_with_worked_figures);
    g_test_add_func("/theory/communities/second-one-lags", second_community_lags);
    for (guint i = 0; i < G_N_ELEMENTS(spreads); i++) {
        g_autofree char *name = g_strdup_printf("/theory/uniform/meetings-from-%u-to-%u-of-%u",
                                                spreads[i].m, spreads[i].n, spreads[i].n);

        g_test_add_data_func(name, &spreads[i], meetings_to_all_are_as_computed);
    }
    g_test_add_func("/theory/uniform/time-follows-from-the-rate",
                    time_to_all_follows_from_the_rate);
    return g_test_run();
}
