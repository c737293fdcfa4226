/* Names of a trace's cards: numbers in order of appearance, whatever the names are. */
#include "sim/scenario/contacts_names.h"

#include <string.h>

#define N_NAMES 50000

/* Short ones, some that just fit a slot, long ones. */
static char *
make_name(uint32_t i)
{
    const char *paddings[] = { "", "padding to 24 bytes", "padding to twenty-five bytes and more" };

    return g_strdup_printf("%s%05u", paddings[i % G_N_ELEMENTS(paddings)], i);
}

static void
names_are_numbered_as_they_appear(void)
{
    g_autoptr(ContactsNames) names = contacts_names_new();

    for (uint32_t i = 0; i < N_NAMES; i++) {
        g_autofree char *name = make_name(i);
        g_autofree char *earlier = make_name(i / 2);

        g_assert_cmpuint(contacts_names_add(names, name, strlen(name)), ==, i);
        g_assert_cmpuint(contacts_names_add(names, earlier, strlen(earlier)), ==, i / 2);
        g_assert_cmpuint(contacts_names_count(names), ==, i + 1);
    }
    for (uint32_t i = 0; i < 2 * N_NAMES; i++) {
        g_autofree char *name = make_name(i);
        uint32_t number;

        g_assert_cmpint(contacts_names_find(names, name, strlen(name), &number), ==, i < N_NAMES);
        if (i < N_NAMES)
            g_assert_cmpuint(number, ==, i);
    }
}

static void
names_may_be_any_bytes(void)
{
    g_autoptr(ContactsNames) names = contacts_names_new();
    uint32_t number;

    g_assert_cmpuint(contacts_names_add(names, "a\0b", 3), ==, 0);
    g_assert_cmpuint(contacts_names_add(names, "a\0c", 3), ==, 1);
    g_assert_cmpuint(contacts_names_add(names, "a", 1), ==, 2);
    g_assert_cmpuint(contacts_names_add(names, "a\0", 2), ==, 3);
    g_assert_cmpuint(contacts_names_add(names, "a\0b", 3), ==, 0);
    g_assert_false(contacts_names_find(names, "", 0, &number));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trace-names/add/names-are-numbered-as-they-appear",
                    names_are_numbered_as_they_appear);
    g_test_add_func("/trace-names/add/names-may-be-any-bytes", names_may_be_any_bytes);
    return g_test_run();
}
