/* Which numbers occur: counted once each, and the first that does not is found, across pages. */
#include "sim/scenario/contacts_numbers.h"

#include <glib.h>

static void
each_number_counts_once(void)
{
    const uint32_t added[] = { 0, 1, 63, 64, 65535, 65536, UINT32_MAX, 1, UINT32_MAX, 64 };
    g_autoptr(ContactsNumbers) numbers = contacts_numbers_new();

    for (gsize i = 0; i < G_N_ELEMENTS(added); i++)
        contacts_numbers_add(numbers, added[i]);
    g_assert_cmpuint(contacts_numbers_count(numbers), ==, 7);
}

static void
first_missing_one_is_found(void)
{
    enum { FULL = 70000 };
    g_autoptr(ContactsNumbers) numbers = contacts_numbers_new();

    g_assert_cmpuint(contacts_numbers_first_missing(numbers), ==, 0);
    for (uint32_t number = FULL; number-- > 1;)
        contacts_numbers_add(numbers, number);
    g_assert_cmpuint(contacts_numbers_first_missing(numbers), ==, 0);
    contacts_numbers_add(numbers, 0);
    g_assert_cmpuint(contacts_numbers_first_missing(numbers), ==, FULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contacts-numbers/count/each-number-counts-once", each_number_counts_once);
    g_test_add_func("/contacts-numbers/first-missing/is-found", first_missing_one_is_found);
    return g_test_run();
}
