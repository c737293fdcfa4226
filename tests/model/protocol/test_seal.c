#include "tests/model/fixture.h"

#include "model/protocol/seal.h"

#include <string.h>

static const uint8_t seed[SEAL_SEED_BYTES] = "of the receiver";
static const uint8_t other_seed[SEAL_SEED_BYTES] = "of somebody else";
static const uint8_t ring_seed[KEYRING_SEED_BYTES] = "of a ring";
static const uint8_t nonce[SEAL_NONCE_BYTES] = "a nonce";
static const uint8_t ephemeral[32] = "thirty-two random bytes or so";
static const uint8_t text[SEAL_TEXT_MAX] = "what nobody else may read";

/* Lengths of all payloads of the scheme. */
static const size_t payloads[] = { 4, 20, 40 };

/* ---- Messages under an update key -------------------------------------- */

static void
a_message_opens_under_its_key_alone(void)
{
    g_autoptr(KeyRing) ring = keyring_new(ring_seed);
    KeyHandle own = keyring_issue(ring, KEY_UPDATE, 1);
    KeyHandle other = keyring_issue(ring, KEY_UPDATE, 2);

    for (guint i = 0; i < G_N_ELEMENTS(payloads); i++) {
        uint8_t message[SEAL_TEXT_MAX + SEAL_MESSAGE_OVERHEAD_BYTES];
        uint8_t opened[SEAL_TEXT_MAX] = { 0 };
        size_t n = payloads[i] + SEAL_MESSAGE_OVERHEAD_BYTES;

        seal_message(UPDATE_CIPHER_AEAD, keyring_pair(ring, own), nonce, text, payloads[i],
                     message);
        g_assert_false(
            seal_open_message(UPDATE_CIPHER_AEAD, keyring_pair(ring, other), message, n, opened));
        g_assert_true(
            seal_open_message(UPDATE_CIPHER_AEAD, keyring_pair(ring, own), message, n, opened));
        assert_same_bytes(opened, text, payloads[i]);
        for (size_t cut = 0; cut < n; cut++)
            g_assert_false(seal_open_message(UPDATE_CIPHER_AEAD, keyring_pair(ring, own), message,
                                             cut, opened));
        for (size_t bit = 0; bit < 8 * n; bit++) {
            message[bit / 8] ^= (uint8_t)(1U << bit % 8);
            g_assert_false(
                seal_open_message(UPDATE_CIPHER_AEAD, keyring_pair(ring, own), message, n, opened));
            message[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
}

/* ---- Envelopes --------------------------------------------------------- */

static void
an_envelope_opens_for_its_receiver_alone(gconstpointer data)
{
    const Suite *suite = &suites[GPOINTER_TO_UINT(data)];
    uint8_t public_key[SEAL_PUBLIC_KEY_BYTES];
    uint8_t other_public_key[SEAL_PUBLIC_KEY_BYTES];
    SealSecret secret;
    SealSecret other;

    seal_derive_keys(&secret, public_key, seed);
    seal_derive_keys(&other, other_public_key, other_seed);
    for (guint i = 0; i < G_N_ELEMENTS(payloads); i++) {
        uint8_t envelope[256];
        uint8_t opened[SEAL_TEXT_MAX] = { 0 };
        size_t n = suite_envelope_bytes(suite, (uint16_t)payloads[i]);

        seal_envelope(suite, public_key, ephemeral, text, payloads[i], envelope);
        g_assert_true(
            seal_open_envelope(suite, &secret, public_key, envelope, opened, payloads[i]));
        assert_same_bytes(opened, text, payloads[i]);
        memset(opened, 0, sizeof opened);
        g_assert_false(
            seal_open_envelope(suite, &other, other_public_key, envelope, opened, payloads[i]));
        g_assert_false(
            seal_open_envelope(suite, &secret, other_public_key, envelope, opened, payloads[i]));
        g_assert_true(seal_is_padding(opened, sizeof opened)); /* untouched */
        for (size_t bit = 0; bit < 8 * n; bit++) {
            envelope[bit / 8] ^= (uint8_t)(1U << bit % 8);
            g_assert_false(
                seal_open_envelope(suite, &secret, public_key, envelope, opened, payloads[i]));
            envelope[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
}

/* A point of low order makes every shared secret zero. */
static void
no_envelope_under_a_weak_key(void)
{
    static const uint8_t weak_points[][32] = { { 0 }, { 1 } };
    const Suite *suite = &suites[SUITE_P256];
    uint8_t public_key[SEAL_PUBLIC_KEY_BYTES];
    uint8_t envelope[256];
    uint8_t opened[SEAL_TEXT_MAX];
    SealSecret secret;

    seal_derive_keys(&secret, public_key, seed);
    for (guint i = 0; i < G_N_ELEMENTS(weak_points); i++) {
        seal_envelope(suite, public_key, ephemeral, text, 20, envelope);
        memcpy(envelope, weak_points[i], 32);
        g_assert_false(seal_open_envelope(suite, &secret, public_key, envelope, opened, 20));
        memcpy(public_key + 32, weak_points[i], 32);
        seal_envelope(suite, public_key, ephemeral, text, 20, envelope);
        g_assert_false(seal_open_envelope(suite, &secret, public_key, envelope, opened, 20));
        seal_derive_keys(&secret, public_key, seed);
    }
}

static void
the_lengths_are_those_of_the_suite(void)
{
    static const uint16_t lengths[N_SUITES][G_N_ELEMENTS(payloads)] = { { 84, 100, 120 },
                                                                        { 128, 128, 128 },
                                                                        { 256, 256, 256 } };

    for (SuiteId suite = 0; suite < N_SUITES; suite++)
        for (guint i = 0; i < G_N_ELEMENTS(payloads); i++)
            g_assert_cmpuint(suite_envelope_bytes(&suites[suite], (uint16_t)payloads[i]), ==,
                             lengths[suite][i]);
}

/* ---- Signatures -------------------------------------------------------- */

static void
a_signature_holds_for_its_data_alone(gconstpointer data)
{
    const Suite *suite = &suites[GPOINTER_TO_UINT(data)];
    uint8_t public_key[SEAL_PUBLIC_KEY_BYTES];
    uint8_t signature[256];
    uint8_t changed[sizeof text];
    SealSecret secret;

    seal_derive_keys(&secret, public_key, seed);
    seal_sign(suite, &secret, text, sizeof text, signature);
    g_assert_true(seal_verify(suite, public_key, text, sizeof text, signature));
    g_assert_false(seal_verify(suite, public_key, text, sizeof text - 1, signature));
    g_assert_true(seal_is_padding(signature + 64, suite->signature_bytes - 64U));
    memcpy(changed, text, sizeof changed);
    for (size_t bit = 0; bit < 8 * sizeof changed; bit++) {
        changed[bit / 8] ^= (uint8_t)(1U << bit % 8);
        g_assert_false(seal_verify(suite, public_key, changed, sizeof changed, signature));
        changed[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t bit = 0; bit < (size_t)8 * suite->signature_bytes; bit++) {
        signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
        g_assert_false(seal_verify(suite, public_key, text, sizeof text, signature));
        signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

/* ---- Challenges -------------------------------------------------------- */

static void
a_challenge_holds_for_its_data_and_key_alone(void)
{
    g_autoptr(KeyRing) ring = keyring_new(ring_seed);
    KeyHandle own = keyring_issue(ring, KEY_TRANSFER, 1);
    KeyHandle other = keyring_issue(ring, KEY_TRANSFER, 2);
    uint8_t challenge[SEAL_CHALLENGE_BYTES];

    seal_challenge(keyring_pair(ring, own), text, 32, challenge);
    g_assert_true(seal_check_challenge(keyring_pair(ring, own), text, 32, challenge));
    g_assert_false(seal_check_challenge(keyring_pair(ring, own), text, 33, challenge));
    g_assert_false(seal_check_challenge(keyring_pair(ring, other), text, 32, challenge));
    for (size_t bit = 0; bit < 8 * sizeof challenge; bit++) {
        challenge[bit / 8] ^= (uint8_t)(1U << bit % 8);
        g_assert_false(seal_check_challenge(keyring_pair(ring, own), text, 32, challenge));
        challenge[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void
padding_is_zero_throughout(void)
{
    uint8_t bytes[192] = { 0 };

    g_assert_true(seal_is_padding(bytes, sizeof bytes));
    g_assert_true(seal_is_padding(bytes, 0));
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = 0x80;
        g_assert_false(seal_is_padding(bytes, sizeof bytes));
        g_assert_true(seal_is_padding(bytes, i));
        bytes[i] = 0;
    }
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    g_test_add_func("/seal/message/opens-under-its-key-alone", a_message_opens_under_its_key_alone);
    for (SuiteId suite = 0; suite < N_SUITES; suite++) {
        g_autofree char *envelope =
            g_strdup_printf("/seal/envelope/%s/opens-for-its-receiver-alone", suites[suite].name);
        g_autofree char *signature =
            g_strdup_printf("/seal/signature/%s/holds-for-its-data-alone", suites[suite].name);

        g_test_add_data_func(envelope, GUINT_TO_POINTER(suite),
                             an_envelope_opens_for_its_receiver_alone);
        g_test_add_data_func(signature, GUINT_TO_POINTER(suite),
                             a_signature_holds_for_its_data_alone);
    }
    g_test_add_func("/seal/envelope/none-under-a-weak-key", no_envelope_under_a_weak_key);
    g_test_add_func("/seal/envelope/lengths-are-those-of-the-suite",
                    the_lengths_are_those_of_the_suite);
    g_test_add_func("/seal/challenge/holds-for-its-data-and-key-alone",
                    a_challenge_holds_for_its_data_and_key_alone);
    g_test_add_func("/seal/padding/is-zero-throughout", padding_is_zero_throughout);
    return g_test_run();
}
