/* Operational time and the clock: against fractions that are computed anew, part by part. */
#include "sim/scenario/profile.h"

#include "sim/base/stream.h"

#define WEEK (7 * MICROS_PER_DAY)
#define WEEK_TICKS (WEEK << PROFILE_TICK_BITS)
#define THURSDAY INT64_C(0) /* 1970-01-01 */
#define MONDAY (INT64_C(4) * 86400)

static GArray *
weights_of(const double *values, guint n)
{
    GArray *weights = g_array_new(FALSE, FALSE, sizeof(double));

    g_array_append_vals(weights, values, n);
    return weights;
}

static Profile *
make(const double *day, guint n_day, const double *week, guint n_week, int64_t start)
{
    g_autoptr(GArray) days = weights_of(day, n_day);
    g_autoptr(GArray) weeks = weights_of(week, n_week);

    return profile_new(days, weeks, start);
}

/* A slope is rounded down, so what is whole may come out as one less. */
static void
assert_near(Micros found, Micros expected)
{
    g_assert_cmpint(found, <=, expected);
    g_assert_cmpint(found, >=, expected - 1);
}

/* Without weights a tick is a 256th of a microsecond. */
static void
even_profile_changes_nothing(void)
{
    static const double one[] = { 3 };
    g_autoptr(Profile) profile = make(one, 1, NULL, 0, MONDAY);

    for (Micros at = 0; at < 3 * WEEK; at += WEEK / 1000 + 1) {
        g_assert_cmpint(profile_tick(profile, at), ==, at << PROFILE_TICK_BITS);
        g_assert_cmpint(profile_clock(profile, (at << PROFILE_TICK_BITS) + 255), ==, at);
    }
}

/* Quarters of a day of weights 1, 2, 0, 1: they take a quarter, half, none and a quarter of the
 * operational day. */
static void
time_stands_where_the_weight_is_0(void)
{
    static const double quarters[] = { 1, 2, 0, 1 };
    const Micros quarter = MICROS_PER_DAY / 4;
    const int64_t ticks = (MICROS_PER_DAY / 4) << PROFILE_TICK_BITS;
    g_autoptr(Profile) profile = make(quarters, 4, NULL, 0, MONDAY);

    for (guint day = 0; day < 20; day++) {
        const Micros midnight = day * MICROS_PER_DAY;

        g_assert_cmpint(profile_tick(profile, midnight + quarter), ==, (4 * day + 1) * ticks);
        g_assert_cmpint(profile_tick(profile, midnight + 2 * quarter), ==, (4 * day + 3) * ticks);
        g_assert_cmpint(profile_tick(profile, midnight + 5 * quarter / 2), ==,
                        (4 * day + 3) * ticks);
        assert_near(profile_clock(profile, (4 * day + 2) * ticks), midnight + 3 * quarter / 2);
        g_assert_cmpint(profile_clock(profile, (4 * day + 3) * ticks - 1), ==,
                        midnight + 2 * quarter - 1);
        g_assert_cmpint(profile_clock(profile, (4 * day + 3) * ticks), ==, midnight + 3 * quarter);
    }
}

/* All of a week on its Thursday: time 0 is the calendar date of the start. */
static void
week_begins_at_the_start(void)
{
    static const double thursdays[] = { 0, 0, 0, 5, 0, 0, 0 };
    g_autoptr(Profile) from_thursday = make(NULL, 0, thursdays, 7, THURSDAY);
    g_autoptr(Profile) from_monday = make(NULL, 0, thursdays, 7, MONDAY);

    assert_near(profile_clock(from_thursday, WEEK_TICKS / 2), MICROS_PER_DAY / 2);
    assert_near(profile_clock(from_monday, WEEK_TICKS / 2), 7 * MICROS_PER_DAY / 2);
    assert_near(profile_clock(from_monday, 5 * WEEK_TICKS), 5 * WEEK + 3 * MICROS_PER_DAY);
    g_assert_cmpint(profile_tick(from_thursday, WEEK - 1), ==, WEEK_TICKS);
}

/* The two are each other's inverse as far as whole numbers go, in any order. */
static void
clock_and_ticks_agree(void)
{
    static const double hours[] = { 0.01, 0, 0,  0, 0.3, 1, 2, 1e5, 8, 5, 3, 2,
                                    4,    3, 2., 2, 3,   6, 9, 7,   3, 2, 1, 1e-6 };
    static const double week[] = { 1, 1, 1, 1.1, 1.3, 0.7, 0.2 };
    g_autoptr(Profile) profile = make(hours, G_N_ELEMENTS(hours), week, 7, MONDAY);
    Stream stream;
    Micros last = 0;

    stream_init(&stream, 1, 1, "ticks");
    for (guint i = 0; i < 200000; i++) {
        const int64_t tick = (int64_t)stream_below(&stream, 9 * (uint64_t)WEEK_TICKS);
        const Micros at = profile_clock(profile, tick);

        g_assert_cmpint(profile_tick(profile, at), <=, tick);
        g_assert_cmpint(profile_tick(profile, at + 1), >=, tick);
        if (profile_tick(profile, at) > 0)
            g_assert_cmpint(profile_clock(profile, profile_tick(profile, at) - 1), <, at);
    }
    for (int64_t tick = 0; tick < 2 * WEEK_TICKS; tick += WEEK_TICKS / 100000) {
        const Micros at = profile_clock(profile, tick);

        g_assert_cmpint(at, >=, last);
        last = at;
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/profile/even-one-changes-nothing", even_profile_changes_nothing);
    g_test_add_func("/profile/time-stands-where-the-weight-is-0",
                    time_stands_where_the_weight_is_0);
    g_test_add_func("/profile/week-begins-at-the-start", week_begins_at_the_start);
    g_test_add_func("/profile/clock-and-ticks-agree", clock_and_ticks_agree);
    return g_test_run();
}
