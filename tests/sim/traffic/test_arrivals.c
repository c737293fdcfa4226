/* Arrivals against sums of the same exponential variates in higher precision, and
 * against what a Poisson process must look like. */
#include "sim/traffic/arrivals.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

/* Beyond five standard deviations. */
#define FAR 5.0

static long double
per_micro(double per_day)
{
    return (long double)per_day / (long double)MICROS_PER_DAY;
}

static void
advance(Arrivals *arrivals)
{
    Micros next = arrivals->next;
    Micros drawn;

    g_assert_cmpuint(arrivals_draw(arrivals, INT64_MAX, &drawn, 1), ==, 1);
    g_assert_cmpint(drawn, ==, next);
}

/* ---- A constant rate --------------------------------------------------- */

static void
none_before_a_rate_is_set(void)
{
    Arrivals arrivals;

    arrivals_init(&arrivals, 1, 1);
    g_assert_cmpint(arrivals.next, ==, INT64_MAX);
}

/* Each time is the sum of all variates so far, rounded down to a microsecond: what is
 * lost of 2^-32 us and by the gap's own rounding is all that may be missing. */
static void
times_are_sums_that_do_not_drift(gconstpointer data)
{
    double per_day = *(const double *)data;
    guint n = per_day < 1 ? 20000 : 1000000;
    long double sum = 0;
    long double lost = 0;
    Arrivals arrivals;
    Stream stream;

    stream_init(&stream, 5, 3, "arrivals");
    arrivals_init(&arrivals, 5, 3);
    arrivals_set_rate(&arrivals, 0, per_day);
    for (guint i = 0; i < n; i++) {
        long double gap = stream_exponential(&stream) / per_micro(per_day);

        sum += gap;
        lost += 0x1p-32L + gap * 0x1p-51L;
        g_assert_true((long double)arrivals.next <= sum + lost);
        g_assert_true((long double)arrivals.next > sum - 1 - lost);
        advance(&arrivals);
    }
    g_assert_true(lost < 0.001L + sum * 0x1p-50L);
    g_assert_cmpfloat(fabs((double)(sum * per_micro(per_day)) / n - 1), <, FAR / sqrt(n));
}

/* More than a hundred in each microsecond. */
static void
many_fall_into_one_microsecond(void)
{
    guint counts[1000] = { 0 };
    Arrivals arrivals;

    arrivals_init(&arrivals, 1, 1);
    arrivals_set_rate(&arrivals, 0, 100.0 * (double)MICROS_PER_DAY);
    for (; arrivals.next < 1000; advance(&arrivals))
        counts[arrivals.next]++;
    for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
        g_assert_cmpfloat(fabs(counts[i] - 100.0), <, FAR * 10);
}

static void
no_time_is_before_the_one_before(void)
{
    Micros last = 0;
    Arrivals arrivals;

    arrivals_init(&arrivals, 1, 1);
    arrivals_set_rate(&arrivals, 0, 3.0 * (double)MICROS_PER_DAY);
    for (guint n = 0; n < 100000; n++) {
        g_assert_cmpint(arrivals.next, >=, last);
        last = arrivals.next;
        advance(&arrivals);
    }
}

/* However many are asked for at once, up to whatever time. */
static void
blocks_are_the_same_arrivals(void)
{
    Arrivals one;
    Arrivals other;
    Micros times[64];
    Stream sizes;

    arrivals_init(&one, 1, 1);
    arrivals_init(&other, 1, 1);
    stream_init(&sizes, 1, 1, "test");
    arrivals_set_rate(&one, 0, 1000);
    arrivals_set_rate(&other, 0, 1000);
    for (guint k = 0; k < 2000; k++) {
        guint most = (guint)stream_below(&sizes, G_N_ELEMENTS(times) + 1);
        Micros until = one.next + (Micros)stream_below(&sizes, (uint64_t)MICROS_PER_DAY / 25);
        guint n = arrivals_draw(&other, until, times, most);

        for (guint i = 0; i < n; i++) {
            g_assert_cmpint(times[i], ==, one.next);
            g_assert_cmpint(times[i], <, until);
            advance(&one);
        }
        g_assert_true(n == most || one.next >= until);
    }
}

/* Numbers in equal windows: variance equals mean, neighbours are independent. */
static void
counts_are_poisson(void)
{
    enum { WINDOWS = 20000, MEAN = 8 };
    g_autofree guint *counts = g_new0(guint, WINDOWS);
    Micros window = MICROS_PER_DAY / 100;
    double dispersion = 0;
    double together = 0;
    double empty = 0;
    Arrivals arrivals;

    arrivals_init(&arrivals, 9, 1);
    arrivals_set_rate(&arrivals, 0, 100.0 * MEAN);
    for (; arrivals.next < WINDOWS * window; advance(&arrivals))
        counts[arrivals.next / window]++;
    for (guint i = 0; i < WINDOWS; i++) {
        double off = (double)counts[i] - MEAN;

        dispersion += off * off / MEAN;
        together += i == 0 ? 0 : off * ((double)counts[i - 1] - MEAN) / MEAN;
        empty += counts[i] == 0 ? 1 : 0;
    }
    g_assert_cmpfloat(fabs(dispersion - WINDOWS), <, FAR * sqrt(WINDOWS * (2 + 1.0 / MEAN)));
    g_assert_cmpfloat(fabs(together), <, FAR * sqrt(WINDOWS));
    g_assert_cmpfloat(fabs(empty - WINDOWS * exp(-MEAN)), <, FAR * sqrt(WINDOWS * exp(-MEAN)));
}

static void
replications_have_times_of_their_own(void)
{
    Arrivals one;
    Arrivals two;
    guint n_equal = 0;

    arrivals_init(&one, 1, 1);
    arrivals_init(&two, 1, 2);
    arrivals_set_rate(&one, 0, 1000);
    arrivals_set_rate(&two, 0, 1000);
    for (guint n = 0; n < 1000; n++) {
        n_equal += one.next == two.next ? 1 : 0;
        advance(&one);
        advance(&two);
    }
    g_assert_cmpuint(n_equal, <, 3);
}

/* ---- A rate that changes ----------------------------------------------- */

/* From arrival to arrival the rate integrates to the next exponential variate, however
 * often it changes between them, to 0 and back included. */
static void
rate_integrates_to_the_variates(void)
{
    static const double rates[] = { 1, 0, 50, 50, 0, 1000, 0.25, 3e4, 7 };
    long double integral = 0;
    long double tolerance = 0;
    double per_day = 0;
    Micros now = 0;
    guint n_arrivals = 0;
    Stream changes;
    Stream stream;
    Arrivals arrivals;
    double variate;

    stream_init(&changes, 1, 1, "test");
    stream_init(&stream, 6, 1, "arrivals");
    variate = stream_exponential(&stream);
    arrivals_init(&arrivals, 6, 1);
    for (guint n = 0; n < 20000; n++) {
        /* now and then at the very time of an arrival, which is still to come then */
        Micros at = now + (Micros)stream_below(&changes, (uint64_t)MICROS_PER_DAY / 20);

        if (n % 10 == 0 && arrivals.next < at)
            at = arrivals.next;
        while (arrivals.next < at) {
            integral += (long double)(arrivals.next - now) * per_micro(per_day);
            now = arrivals.next;
            /* a microsecond at each end of each stretch */
            tolerance += 2 * per_micro(per_day);
            g_assert_true(fabsl(integral - variate) <= tolerance + 1e-12L);
            n_arrivals++;
            advance(&arrivals);
            variate = stream_exponential(&stream);
            integral = 0;
            tolerance = per_micro(per_day);
        }
        integral += (long double)(at - now) * per_micro(per_day);
        tolerance += 2 * per_micro(per_day);
        now = at;
        per_day = rates[stream_below(&changes, G_N_ELEMENTS(rates))];
        arrivals_set_rate(&arrivals, now, per_day);
        g_assert_cmpint(arrivals.next, >=, now);
        g_assert_true(per_day > 0 || arrivals.next == INT64_MAX);
    }
    g_assert_cmpuint(n_arrivals, >, 100000);
}

static void
what_came_before_a_change_stays(void)
{
    Arrivals plain;
    Arrivals changed;
    Micros change = 10 * MICROS_PER_DAY;
    guint n = 0;

    arrivals_init(&plain, 1, 1);
    arrivals_init(&changed, 1, 1);
    arrivals_set_rate(&plain, 0, 100);
    arrivals_set_rate(&changed, 0, 100);
    for (; changed.next < change; n++) {
        g_assert_cmpint(changed.next, ==, plain.next);
        advance(&plain);
        advance(&changed);
    }
    g_assert_cmpuint(n, >, 800);
    g_assert_cmpint(changed.next, ==, plain.next);
    arrivals_set_rate(&changed, change, 200);
    /* what was left takes half as long, and nothing else was drawn */
    g_assert_cmpint(ABS(2 * (changed.next - change) - (plain.next - change)), <=, 2);
    advance(&changed);
    advance(&plain);
    g_assert_cmpint(changed.next, <, plain.next);
}

static void
equal_rate_changes_nothing(void)
{
    Arrivals plain;
    Arrivals changed;

    arrivals_init(&plain, 1, 1);
    arrivals_init(&changed, 1, 1);
    arrivals_set_rate(&plain, 0, 10);
    arrivals_set_rate(&changed, 0, 10);
    for (guint i = 0; i < 100; i++) {
        Micros middle = changed.next - (changed.next - changed.since) / 2;

        arrivals_set_rate(&changed, middle, 10);
        g_assert_cmpint(ABS(changed.next - plain.next), <=, 1 + i);
        advance(&plain);
        advance(&changed);
    }
}

static int
compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* What is left at a fixed time, at the new rate, is an exponential variate again
 * (Kolmogorov-Smirnov; sqrt(n) D exceeds 1.95 once in a thousand times). */
static void
what_is_left_keeps_the_law(void)
{
    enum { N = 20000 };
    g_autofree double *left = g_new(double, N);
    Micros change = MICROS_PER_DAY;
    double d = 0;

    for (guint i = 0; i < N; i++) {
        Arrivals arrivals;

        arrivals_init(&arrivals, 1, i);
        arrivals_set_rate(&arrivals, 0, 1.5);
        while (arrivals.next < change)
            advance(&arrivals);
        arrivals_set_rate(&arrivals, change, 40);
        left[i] = (double)(arrivals.next - change) * (double)per_micro(40);
    }
    qsort(left, N, sizeof *left, compare_doubles);
    for (guint i = 0; i < N; i++) {
        double f = -expm1(-left[i]);

        d = fmax(d, fmax(f - i / (double)N, (i + 1) / (double)N - f));
    }
    g_assert_cmpfloat(sqrt(N) * d, <, 1.95);
}

static void
rate_zero_waits_for_a_better_one(void)
{
    Arrivals arrivals;
    Micros first;

    arrivals_init(&arrivals, 1, 1);
    arrivals_set_rate(&arrivals, 0, 0);
    g_assert_cmpint(arrivals.next, ==, INT64_MAX);
    arrivals_set_rate(&arrivals, 0, 1);
    first = arrivals.next;
    g_assert_cmpint(first, <, INT64_MAX);
    arrivals_set_rate(&arrivals, first / 2, 0);
    g_assert_cmpint(arrivals.next, ==, INT64_MAX);
    arrivals_set_rate(&arrivals, first / 2 + MICROS_PER_DAY, 0);
    g_assert_cmpint(arrivals.next, ==, INT64_MAX);
    arrivals_set_rate(&arrivals, first / 2 + 9 * MICROS_PER_DAY, 1);
    g_assert_cmpint(ABS(arrivals.next - (first + 9 * MICROS_PER_DAY)), <=, 1);
}

/* An arrival beyond the end of all time is none, and does not overflow. */
static void
immeasurably_low_rate_waits_too(void)
{
    static const double rates[] = { 5e-324, 1e-300, 1e-30, 1e-10 };
    Arrivals arrivals;

    for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
        arrivals_init(&arrivals, 1, 1);
        arrivals_set_rate(&arrivals, 0, rates[i]);
        g_assert_cmpint(arrivals.next, ==, INT64_MAX);
        arrivals_set_rate(&arrivals, 36500 * MICROS_PER_DAY, 1);
        g_assert_cmpint(arrivals.next, >, 36500 * MICROS_PER_DAY);
        g_assert_cmpint(arrivals.next, <, 36600 * MICROS_PER_DAY);
    }
}

int
main(int argc, char **argv)
{
    static const double rates[] = { 1e-3, 1, 1e6, 5e9, 1e13 };

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/arrivals/init/none-before-a-rate-is-set", none_before_a_rate_is_set);
    for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
        g_autofree char *name =
            g_strdup_printf("/arrivals/draw/times-at-%g-a-day-do-not-drift", rates[i]);

        g_test_add_data_func(name, &rates[i], times_are_sums_that_do_not_drift);
    }
    g_test_add_func("/arrivals/draw/many-fall-into-one-microsecond",
                    many_fall_into_one_microsecond);
    g_test_add_func("/arrivals/draw/no-time-is-before-the-one-before",
                    no_time_is_before_the_one_before);
    g_test_add_func("/arrivals/draw/blocks-are-the-same-arrivals", blocks_are_the_same_arrivals);
    g_test_add_func("/arrivals/draw/counts-are-poisson", counts_are_poisson);
    g_test_add_func("/arrivals/draw/replications-have-times-of-their-own",
                    replications_have_times_of_their_own);
    g_test_add_func("/arrivals/set-rate/integrates-to-the-variates",
                    rate_integrates_to_the_variates);
    g_test_add_func("/arrivals/set-rate/what-came-before-stays", what_came_before_a_change_stays);
    g_test_add_func("/arrivals/set-rate/equal-rate-changes-nothing", equal_rate_changes_nothing);
    g_test_add_func("/arrivals/set-rate/what-is-left-keeps-the-law", what_is_left_keeps_the_law);
    g_test_add_func("/arrivals/set-rate/zero-waits-for-a-better-one",
                    rate_zero_waits_for_a_better_one);
    g_test_add_func("/arrivals/set-rate/immeasurably-low-waits-too",
                    immeasurably_low_rate_waits_too);
    return g_test_run();
}
