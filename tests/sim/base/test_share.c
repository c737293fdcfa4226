/* Shares as texts against the same in whole numbers. */
#include "sim/base/share.h"

#include "sim/base/quantity.h"

#include <glib.h>

/* @thousandths as a fraction or as a percentage. */
static double
read_share(guint thousandths, bool is_percentage)
{
    g_autofree char *text =
        is_percentage ? g_strdup_printf("%u.%u%%", thousandths / 10, thousandths % 10)
                      : g_strdup_printf("%u.%03u", thousandths / 1000, thousandths % 1000);
    double share;

    g_assert_true(quantity_read_share(text, &share));
    return share;
}

static const uint64_t sizes[] = { 0,   1,    2,     3,      7,       40,        50,        99,
                                  100, 1000, 12345, 999983, 8000000, 360000000, 4000000000 };

static void
count_is_the_nearest_number(void)
{
    for (guint share = 0; share <= 1000; share++)
        for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
            uint64_t nearest = (share * sizes[i] + 500) / 1000;

            g_assert_cmpuint(share_count(read_share(share, true), sizes[i]), ==, nearest);
            g_assert_cmpuint(share_count(read_share(share, false), sizes[i]), ==, nearest);
        }
}

/* The whole numbers around the share, and that number itself where it is one. */
static void
compare_knows_equality(void)
{
    for (guint share = 0; share <= 1000; share++)
        for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
            const uint64_t product = share * sizes[i];
            const uint64_t below = product / 1000;

            for (guint is_percentage = 0; is_percentage < 2; is_percentage++) {
                double read = read_share(share, is_percentage);

                g_assert_cmpint(share_compare(below, read, sizes[i]), ==,
                                below * 1000 == product ? 0 : -1);
                g_assert_cmpint(share_compare(below + 1, read, sizes[i]), ==, 1);
                if (below > 0)
                    g_assert_cmpint(share_compare(below - 1, read, sizes[i]), ==, -1);
            }
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/share/count/is-the-nearest-number", count_is_the_nearest_number);
    g_test_add_func("/share/compare/knows-equality", compare_knows_equality);
    return g_test_run();
}
