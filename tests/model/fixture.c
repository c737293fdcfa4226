#include "tests/model/fixture.h"

#include <sodium.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

const bool fixture_is_sanitized = IS_SANITIZED;

void
fixture_init(int *argc, char ***argv)
{
    g_test_init(argc, argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
}

Scheme
fixture_scheme(const char *embodiment)
{
    Scheme scheme = scheme_default();

    if (g_str_has_prefix(embodiment, "4-")) {
        g_assert_true(scheme_set_embodiment(&scheme, "4"));
        scheme.authenticate = g_str_equal(embodiment, "4-public-key") ? AUTHENTICATE_PUBLIC_KEY
                                                                      : AUTHENTICATE_BY_UPDATE_KEY;
    } else {
        g_assert_true(scheme_set_embodiment(&scheme, embodiment));
    }
    return scheme;
}

void
assert_same_bytes(const void *a, const void *b, size_t n)
{
    if (n > 0 && memcmp(a, b, n) != 0) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (int which = 0; which < 2; which++) {
            const uint8_t *bytes = which == 0 ? a : b;

            g_string_append(text, which == 0 ? "" : " is not ");
            for (size_t i = 0; i < n; i++)
                g_string_append_printf(text, "%02x", bytes[i]);
        }
        g_error("%s", text->str);
    }
}

bool
is_same_memory(const CardMemory *a, const CardMemory *b)
{
    return a->transfer_key == b->transfer_key && a->update_key == b->update_key &&
           a->expiry_day == b->expiry_day && a->balance == b->balance;
}

int
fixture_draw(GRand *rand, int from, int to)
{
    return g_rand_int_range(rand, from, to + 1);
}

const Slot *
fixture_slot(const Message *message, Field field)
{
    for (guint i = 0; i < message->n_slots; i++)
        if (message->slots[i].field == field)
            return &message->slots[i];
    g_error("no %s in this message", field_names[field]);
}
