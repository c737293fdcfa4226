/* Real numbers as text: what is printed reads back, in digits that people read. */
#include "sim/base/quantity.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define NUMBERS 20000

static void
reals_read_back_without_powers_of_ten(void)
{
    for (guint i = 0; i < NUMBERS; i++) {
        double value = pow(10, g_test_rand_double_range(-6, 15));
        g_autofree char *text = NULL;
        double again;

        if (i % 2 == 0) /* few digits, as people write them */
            value = g_test_rand_int_range(1, 1000) * pow(10, g_test_rand_int_range(-6, 12));
        text = quantity_print_real(value);
        g_assert_null(strchr(text, 'e'));
        g_assert_true(quantity_read_real(text, &again));
        g_assert_cmpfloat(again, ==, value);
    }
}

static void
round_numbers_are_short(void)
{
    const struct {
        double value;
        const char *text;
    } cases[] = { { 0, "0" },          { 200, "200" },        { 3e6, "3000000" }, { 0.5, "0.5" },
                  { 1e-5, "0.00001" }, { 25e-6, "0.000025" }, { 1e15, "1e+15" } };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = quantity_print_real(cases[i].value);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quantity/real/reads-back-without-powers-of-ten",
                    reals_read_back_without_powers_of_ten);
    g_test_add_func("/quantity/real/round-numbers-are-short", round_numbers_are_short);
    return g_test_run();
}
