/* Changes that are to come: they leave in the order of their times. */
#include "sim/measure/pending.h"

static void
add(Pending *pending, Micros at, guint from, guint to)
{
    pending_add(pending, &(PendingChange){ .at = at, .from = from, .to = to });
}

/* The keys that cards have after the changes up to @now, one digit each. */
static char *
taken(Pending *pending, Micros now)
{
    GString *text = g_string_new(NULL);
    PendingChange change;

    while (pending_take(pending, now, &change))
        g_string_append_printf(text, "%u", change.to);
    return g_string_free(text, FALSE);
}

static void
assert_taken(Pending *pending, Micros now, const char *expected)
{
    g_autofree char *text = taken(pending, now);

    g_assert_cmpstr(text, ==, expected);
}

static void
earliest_is_taken_first(void)
{
    g_autoptr(Pending) pending = pending_new();

    assert_taken(pending, INT64_MAX, "");
    add(pending, 50, 0, 1);
    add(pending, 20, 0, 2);
    add(pending, 70, 0, 3);
    add(pending, 30, 0, 4);
    assert_taken(pending, 19, "");
    assert_taken(pending, 50, "241");
    add(pending, 60, 0, 5);
    assert_taken(pending, INT64_MAX, "53");
}

static void
equal_times_keep_their_order(void)
{
    g_autoptr(Pending) pending = pending_new();

    for (guint i = 1; i <= 9; i++)
        add(pending, i % 2 == 0 ? 20 : 10, 0, i);
    assert_taken(pending, 20, "135792468");
}

/* One card goes from 1 to 2 at once, another later, and a third back. */
static void
gain_is_that_after_now(void)
{
    g_autoptr(Pending) pending = pending_new();

    add(pending, 10, 1, 2);
    add(pending, 20, 1, 2);
    add(pending, 30, 2, 1);
    pending_add(pending, &(PendingChange){ .at = 25, .kind = KEY_UPDATE, .from = 1, .to = 2 });
    g_assert_cmpint(pending_gain(pending, 9, KEY_TRANSFER, 2), ==, 1);
    g_assert_cmpint(pending_gain(pending, 10, KEY_TRANSFER, 2), ==, 0);
    g_assert_cmpint(pending_gain(pending, 20, KEY_TRANSFER, 2), ==, -1);
    g_assert_cmpint(pending_gain(pending, 20, KEY_TRANSFER, 1), ==, 1);
    g_assert_cmpint(pending_gain(pending, 20, KEY_UPDATE, 2), ==, 1);
    g_assert_cmpint(pending_gain(pending, 30, KEY_TRANSFER, 2), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pending/take/earliest-is-taken-first", earliest_is_taken_first);
    g_test_add_func("/pending/take/equal-times-keep-their-order", equal_times_keep_their_order);
    g_test_add_func("/pending/gain/is-that-after-now", gain_is_that_after_now);
    return g_test_run();
}
