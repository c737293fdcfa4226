#include "sim/scenario/fault_rates.h"

#include "sim/scenario/scenario.h"
#include "sim/traffic/faults.h"

#include <glib.h>
#include <math.h>

#define SETTLEMENT 70000 /* microseconds */
#define N 200000

static Scenario
scenario_with(double payer, double terminal, double torn)
{
    return (Scenario){
        .seed = 5,
        .faults = { .per_day = { [TEAR_PAYER] = payer * 86400, [TEAR_TERMINAL] = terminal * 86400 },
                    .torn = torn }
    };
}

/* Tears of @n settlements, by party; the share of the settlement that was over. */
static guint
count_tears(const Scenario *scenario, guint parties[static N_TEAR_PARTIES], double *over)
{
    g_autofree Faults *faults = faults_new(&scenario->faults, scenario->seed, 1);
    guint n = 0;

    *over = 0;
    for (guint i = 0; i < N; i++) {
        Tear tear;

        if (faults_spare(faults, SETTLEMENT))
            continue;
        tear = faults_draw(faults, SETTLEMENT);
        g_assert_cmpint(tear.instant, >=, 0);
        g_assert_cmpint(tear.instant, <, SETTLEMENT);
        parties[tear.party]++;
        *over += (double)tear.instant / SETTLEMENT;
        n++;
    }
    *over /= MAX(n, 1);
    return n;
}

static void
none_without_a_reason(void)
{
    Scenario scenario = scenario_with(0, 0, 0);

    g_assert_null(faults_new(&scenario.faults, scenario.seed, 1));
}

/* 1 - exp(-0.2 x 0.07) of them, three by the payer to one by the terminal. */
static void
hazards_act_on_time(void)
{
    Scenario scenario = scenario_with(0.15, 0.05, 0);
    guint parties[N_TEAR_PARTIES] = { 0 };
    double over;
    guint n = count_tears(&scenario, parties, &over);

    g_assert_cmpfloat_with_epsilon(n / (double)N, 0.013902, 0.0011); /* four standard errors */
    g_assert_cmpfloat_with_epsilon(parties[TEAR_PAYER] / (double)n, 0.75, 0.033);
    g_assert_cmpuint(parties[TEAR_PAYEE], ==, 0);
    g_assert_cmpfloat_with_epsilon(over, 0.5, 0.022);
}

static void
share_is_that_of_the_settlements(void)
{
    Scenario scenario = scenario_with(0, 0, 0.03);
    guint parties[N_TEAR_PARTIES] = { 0 };
    double over;
    guint n = count_tears(&scenario, parties, &over);

    g_assert_cmpfloat_with_epsilon(n / (double)N, 0.03, 0.0016);
    for (TearParty party = 0; party < N_TEAR_PARTIES; party++)
        g_assert_cmpfloat_with_epsilon(parties[party] / (double)n, 1.0 / 3, 0.025);
    g_assert_cmpfloat_with_epsilon(over, 0.5, 0.015);
    scenario.faults.torn = 1;
    g_assert_cmpuint(count_tears(&scenario, parties, &over), ==, N);
}

/* The rate at which settlements are torn is -ln(1 - torn), which is found at once at both ends. */
static void
share_may_be_close_to_none_or_all(void)
{
    static const double shares[] = { 1e-300, 1e-12, 0.25, 0.5,   0.500001, 2.0 / 3,
                                     0.75,   0.99,  0.9,  0.999, 1 - 1e-6, 1 - 1e-12 };
    Scenario scenario = scenario_with(0, 0, 0);

    for (guint i = 0; i <= G_N_ELEMENTS(shares); i++) {
        double share = i < G_N_ELEMENTS(shares) ? shares[i] : nextafter(1, 0);
        double rate = -log1p(-share);
        g_autofree Faults *faults = NULL;

        scenario.faults.torn = share;
        faults = faults_new(&scenario.faults, scenario.seed, 1);
        g_assert_cmpfloat_with_epsilon(faults->torn_rate, rate, 1e-14 * rate);
    }
}

static void
nearly_all_are_torn(void)
{
    Scenario scenario = scenario_with(0, 0, 1 - 1e-12);
    guint parties[N_TEAR_PARTIES] = { 0 };
    double over;

    g_assert_cmpuint(count_tears(&scenario, parties, &over), ==, N);
    scenario.faults.torn = 0.99;
    g_assert_cmpfloat_with_epsilon(count_tears(&scenario, parties, &over) / (double)N, 0.99,
                                   0.0009);
}

/* One half of all settlements and a hazard at once: the first of two tears counts. */
static void
first_of_two_tears_counts(void)
{
    Scenario scenario = scenario_with(0, 10, 0.5);
    guint parties[N_TEAR_PARTIES] = { 0 };
    double over;
    guint n;

    scenario.faults.torn_party = TORN_PARTY_PAYEE;
    n = count_tears(&scenario, parties, &over);
    /* 1 - exp(-0.7) / 2; the terminal fails before 0.5 of them 1 - (1 - exp(-0.7)) / 0.7 */
    g_assert_cmpfloat_with_epsilon(n / (double)N, 0.751707, 0.004);
    g_assert_cmpfloat_with_epsilon(parties[TEAR_PAYEE] / (double)N, 0.359582, 0.0044);
    g_assert_cmpuint(parties[TEAR_PAYEE] + parties[TEAR_TERMINAL], ==, n);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/faults/new/none-without-a-reason", none_without_a_reason);
    g_test_add_func("/faults/draw/hazards-act-on-time", hazards_act_on_time);
    g_test_add_func("/faults/draw/share-is-that-of-the-settlements",
                    share_is_that_of_the_settlements);
    g_test_add_func("/faults/new/share-may-be-close-to-none-or-all",
                    share_may_be_close_to_none_or_all);
    g_test_add_func("/faults/draw/nearly-all-are-torn", nearly_all_are_torn);
    g_test_add_func("/faults/draw/first-of-two-tears-counts", first_of_two_tears_counts);
    return g_test_run();
}
