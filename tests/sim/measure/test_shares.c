/* Ten cards and two or three generations: when they hold which, worked out by hand. */
#include "sim/measure/shares.h"

#include "sim/measure/metrics.h"

#define S MICROS_PER_SECOND

/* Generations go by their numbers, 0 to 2. Shares that are asked about: */
enum { TENTH, HALF };

static const guint n_generations[N_KEY_KINDS] = { 3, 1 };

static void
enter(Shares *shares, Micros at, uint64_t n, guint generation)
{
    const guint generations[N_KEY_KINDS] = { generation, 0 };

    shares_enter(shares, at, n, generations, 0);
}

static Shares *
begin(uint64_t n_old, uint64_t n_new)
{
    Shares *shares = shares_new(N_KEY_KINDS, n_generations);

    if (n_old > 0)
        enter(shares, SHARES_FROM_THE_START, n_old, 0);
    if (n_new > 0)
        enter(shares, SHARES_FROM_THE_START, n_new, 1);
    shares_take(shares, SHARES_FROM_THE_START, 0);
    return shares;
}

/* The @meeting's arrival is at @now. */
static void
meet(Shares *shares, Micros now, Micros at, guint from, guint to, uint64_t meeting)
{
    shares_change(shares, now, at, KEY_TRANSFER, from, to, meeting);
}

static void
change(Shares *shares, Micros at, guint from, guint to)
{
    meet(shares, at, at, from, to, 0);
}

static void
assert_time(const Shares *shares, guint generation, guint share, Micros expected)
{
    g_assert_cmpint(shares_time_to(shares, KEY_TRANSFER, generation, share), ==, expected);
}

/* ---- Waits ------------------------------------------------------------- */

/* Five of ten hold 1 when the settlement of the second arrival begins, the last of four. */
static void
change_counts_from_its_start_on(void)
{
    g_autoptr(Shares) shares = begin(9, 1);

    meet(shares, 1 * S, 1 * S, 0, 1, 1);
    meet(shares, 2 * S, 90 * S, 0, 1, 2);
    meet(shares, 3 * S, 60 * S, 0, 1, 3);
    meet(shares, 4 * S, 5 * S, 0, 1, 4);
    assert_time(shares, 1, TENTH, 0);
    assert_time(shares, 1, HALF, SHARES_NOT_YET);
    shares_close(shares);
    assert_time(shares, 1, HALF, 90 * S);
}

/* Fourth arrival, first to begin: the fifth card in all is the one that arrived as the third. */
static void
meetings_are_counted_up_to_the_latest_arrival(void)
{
    g_autoptr(Shares) shares = begin(9, 1);

    meet(shares, 1 * S, 10 * S, 0, 1, 1);
    meet(shares, 2 * S, 20 * S, 0, 1, 2);
    meet(shares, 3 * S, 30 * S, 0, 1, 3);
    meet(shares, 4 * S, 4 * S, 0, 1, 4);
    shares_close(shares);
    assert_time(shares, 1, HALF, 30 * S);
    g_assert_cmpuint(shares_meetings_to(shares, KEY_TRANSFER, 1, HALF), ==, 4);
}

/* Half of ten at 20 s, though twenty more come at 30; a later change would find them. */
static void
cards_enter_after_what_has_begun(void)
{
    g_autoptr(Shares) shares = begin(6, 4);

    meet(shares, 1 * S, 20 * S, 0, 1, 1);
    meet(shares, 2 * S, 40 * S, 0, 1, 2);
    enter(shares, 30 * S, 20, 0);
    shares_take(shares, 30 * S, 2);
    shares_close(shares);
    assert_time(shares, 1, HALF, 20 * S);
    g_assert_cmpuint(shares_n_cards(shares), ==, 30);
}

/* The first card with generation 2 begins later than the second. */
static void
appearance_is_that_of_the_first_to_begin(void)
{
    g_autoptr(Shares) shares = begin(8, 2);

    meet(shares, 1 * S, 9 * S, 0, 2, 1);
    meet(shares, 2 * S, 5 * S, 0, 2, 2);
    shares_close(shares);
    g_assert_cmpint(shares_first(shares, KEY_TRANSFER, 2), ==, 5 * S);
    assert_time(shares, 2, TENTH, 0);
}

/* ---- One moment -------------------------------------------------------- */

/* Half of them, until in the same moment one goes back, and another enters. */
static void
share_within_a_moment_is_none(void)
{
    g_autoptr(Shares) shares = begin(6, 4);

    change(shares, 10 * S, 0, 1);
    change(shares, 10 * S, 1, 0);
    change(shares, 20 * S, 0, 1);
    enter(shares, 20 * S, 1, 0);
    shares_take(shares, 20 * S, 0);
    change(shares, 30 * S, 0, 1);
    change(shares, 31 * S, 1, 0);
    change(shares, 32 * S, 1, 0);
    shares_close(shares);
    assert_time(shares, 1, HALF, 30 * S);
}

static void
share_at_the_end_of_a_moment_is_one(void)
{
    g_autoptr(Shares) shares = begin(6, 4);

    change(shares, 10 * S, 0, 1);
    change(shares, 10 * S, 1, 0);
    change(shares, 10 * S, 0, 1);
    shares_close(shares);
    assert_time(shares, 1, HALF, 10 * S);
}

/* What stands in the sample at time 0 was there, whatever happens then. */
static void
what_is_there_at_first_precedes_time_0(void)
{
    g_autoptr(Shares) shares = begin(5, 5);

    enter(shares, 0, 10, 0);
    shares_take(shares, 0, 0);
    shares_close(shares);
    assert_time(shares, 1, HALF, 0);
}

/* ---- Where counting begins --------------------------------------------- */

/* From its own appearance, even if half of the cards held a newer one before; what was reached then
 * and lost again is to be reached anew. */
static void
times_begin_with_the_first_appearance(void)
{
    g_autoptr(Shares) shares = begin(10, 0);

    for (guint i = 0; i < 5; i++)
        change(shares, 10 * S, 0, 2);
    change(shares, 15 * S, 2, 0);
    g_assert_cmpint(shares_begin(shares, KEY_TRANSFER, 1), ==, 10 * S);
    change(shares, 20 * S, 2, 1);
    assert_time(shares, 1, TENTH, 0);
    assert_time(shares, 1, HALF, SHARES_NOT_YET);
    change(shares, 50 * S, 0, 1);
    shares_close(shares);
    g_assert_cmpint(shares_first(shares, KEY_TRANSFER, 1), ==, 20 * S);
    assert_time(shares, 1, HALF, 30 * S);
}

static void
key_that_is_skipped_counts_from_the_newer_one(void)
{
    g_autoptr(Shares) shares = begin(10, 0);

    for (guint i = 1; i <= 5; i++)
        meet(shares, INT64_C(10) * i * S, INT64_C(10) * i * S, 0, 2, i);
    shares_close(shares);
    g_assert_cmpint(shares_first(shares, KEY_TRANSFER, 1), ==, SHARES_NOT_YET);
    g_assert_cmpint(shares_begin(shares, KEY_TRANSFER, 1), ==, 10 * S);
    assert_time(shares, 1, HALF, 40 * S);
    g_assert_cmpuint(shares_meetings_to(shares, KEY_TRANSFER, 1, HALF), ==, 4);
}

static void
key_that_nobody_passes_has_no_times(void)
{
    g_autoptr(Shares) shares = begin(9, 1);

    shares_close(shares);
    g_assert_cmpint(shares_begin(shares, KEY_TRANSFER, 2), ==, SHARES_NOT_YET);
    assert_time(shares, 2, TENTH, SHARES_NOT_YET);
}

/* Twenty cards: from one to two. */
static void
doubling_goes_by_starts(void)
{
    g_autoptr(Shares) shares = begin(20, 0);
    g_autoptr(Shares) begins_above = begin(19, 1);

    meet(shares, 1 * S, 1 * S, 0, 1, 1);
    shares_close(shares);
    g_assert_cmpint(shares_doubling_time(shares, KEY_TRANSFER, 1), ==, SHARES_NOT_YET);
    change(begins_above, 5 * S, 0, 1);
    shares_close(begins_above);
    g_assert_cmpint(shares_doubling_time(begins_above, KEY_TRANSFER, 1), ==, SHARES_NOT_YET);
    assert_time(begins_above, 1, TENTH, 5 * S);
}

/* A hundred cards: the settlement that arrives last makes the fifth, the first the tenth. */
static void
doubling_is_never_negative(void)
{
    g_autoptr(Shares) shares = begin(99, 1);

    for (guint i = 1; i <= 9; i++)
        meet(shares, i * S, (100 - i * 10) * S, 0, 1, i);
    shares_close(shares);
    assert_time(shares, 1, TENTH, 90 * S);
    g_assert_cmpint(shares_doubling_time(shares, KEY_TRANSFER, 1), ==, 50 * S);
}

static void
add_waits(void)
{
    g_test_add_func("/shares/wait/change-counts-from-its-start-on",
                    change_counts_from_its_start_on);
    g_test_add_func("/shares/wait/meetings-are-counted-up-to-the-latest-arrival",
                    meetings_are_counted_up_to_the_latest_arrival);
    g_test_add_func("/shares/wait/cards-enter-after-what-has-begun",
                    cards_enter_after_what_has_begun);
    g_test_add_func("/shares/wait/appearance-is-that-of-the-first-to-begin",
                    appearance_is_that_of_the_first_to_begin);
    g_test_add_func("/shares/wait/doubling-is-never-negative", doubling_is_never_negative);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_waits();
    g_test_add_func("/shares/moment/share-within-it-is-none", share_within_a_moment_is_none);
    g_test_add_func("/shares/moment/share-at-its-end-is-one", share_at_the_end_of_a_moment_is_one);
    g_test_add_func("/shares/moment/what-is-there-at-first-precedes-time-0",
                    what_is_there_at_first_precedes_time_0);
    g_test_add_func("/shares/begin/is-the-first-appearance", times_begin_with_the_first_appearance);
    g_test_add_func("/shares/begin/of-a-skipped-key-is-that-of-the-newer-one",
                    key_that_is_skipped_counts_from_the_newer_one);
    g_test_add_func("/shares/begin/is-none-where-nobody-passes",
                    key_that_nobody_passes_has_no_times);
    g_test_add_func("/shares/doubling/begins-below-a-twentieth", doubling_goes_by_starts);
    return g_test_run();
}
