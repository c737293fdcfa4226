/* Numbers on the screen: in a unit that shows them, without powers of ten, and no share larger than
 * it is. */
#include "sim/base/readable.h"

#include <glib.h>

typedef char *(*Print)(double value);

typedef struct {
    double value;
    const char *text;
} Case;

static void
assert_texts(Print print, const Case *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *text = print(cases[i].value);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void
durations_have_a_unit_that_shows_them(void)
{
    const Case cases[] = {
        { 0, "0 s" },           { 0.000025, "25 us" },
        { 0.0334, "33.4 ms" },  { 1, "1 s" },
        { 4, "4 s" },           { 17.96, "18 s" },
        { 119.9, "120 s" },     { 120, "2.00 min" },
        { 7199, "119.98 min" }, { 7200, "2.00 h" },
        { 86400, "24.00 h" },   { 172800, "2.00 d" },
        { 250992, "2.90 d" },   { 3153600000, "36500.00 d" },
        { -90, "-90 s" },
    };

    assert_texts(readable_duration, cases, G_N_ELEMENTS(cases));
}

static void
an_interval_has_the_unit_of_its_middle(void)
{
    g_autofree char *days = readable_interval(251424, 249696, 253152);
    g_autofree char *seconds = readable_interval(100, -1234, 1434);
    g_autofree char *narrow = readable_interval(86400, 86395, 86405);

    g_assert_cmpstr(days, ==, "2.91 (2.89 to 2.93) d");
    g_assert_cmpstr(seconds, ==, "100 (-1230 to 1430) s");
    g_assert_cmpstr(narrow, ==, "24.00 h");
}

static void
numbers_have_no_powers_of_ten(void)
{
    const Case cases[] = {
        { 0, "0" },
        { 3, "3" },
        { 0.25, "0.25" },
        { 999.4, "999" },
        { 999.9, "1000" },
        { 1234567, "1230000" },
        { 3e6, "3000000" },
        { 600e6, "600000000" },
        { 9.4e-5, "0.0000940" },
        { 0.00123, "0.00123" },
    };

    assert_texts(readable_number, cases, G_N_ELEMENTS(cases));
}

static void
mean_counts_do_not_vanish(void)
{
    const Case cases[] = { { 0, "0" }, { 0.05, "0.05" }, { 2.5, "2.5" },
                           { 9, "9" }, { 9.7, "10" },    { 435880, "435880" } };

    assert_texts(readable_count, cases, G_N_ELEMENTS(cases));
}

static void
shares_are_not_rounded_up_to_whole_ones(void)
{
    const Case cases[] = {
        { 0, "0.00 %" },         { 1e-6, "<0.01 %" },     { 0.29, "29.00 %" },
        { 0.98996, "98.99 %" },  { 0.99999, "99.99 %" },  { 1, "100.00 %" },
        { 0.57, "57.00 %" },     { 0.0245439, "2.45 %" }, { 0.042177, "4.22 %" },
        { 0.499996, "49.99 %" },
    };

    assert_texts(readable_percent, cases, G_N_ELEMENTS(cases));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/readable/duration/has-a-unit-that-shows-it",
                    durations_have_a_unit_that_shows_them);
    g_test_add_func("/readable/interval/has-the-unit-of-its-middle",
                    an_interval_has_the_unit_of_its_middle);
    g_test_add_func("/readable/number/has-no-powers-of-ten", numbers_have_no_powers_of_ten);
    g_test_add_func("/readable/count/means-do-not-vanish", mean_counts_do_not_vanish);
    g_test_add_func("/readable/percent/is-not-rounded-up-to-a-whole-one",
                    shares_are_not_rounded_up_to_whole_ones);
    return g_test_run();
}
