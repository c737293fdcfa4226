#include "tests/model/fixture.h"

#include "model/protocol/keyring.h"

#include <string.h>

static const uint8_t seed[KEYRING_SEED_BYTES] = "any seed will do";
static const uint8_t one_key[KEYRING_KEY_BYTES] = "one key of many";
static const uint8_t other_key[KEYRING_KEY_BYTES] = "quite different";

static void
issues_each_key_once(void)
{
    g_autoptr(KeyRing) ring = keyring_new(seed);
    KeyHandle first = keyring_issue(ring, KEY_TRANSFER, 1);

    g_assert_cmpuint(first, !=, 0);
    g_assert_cmpuint(keyring_issue(ring, KEY_TRANSFER, 1), ==, first);
    g_assert_cmpuint(keyring_id(ring, first), ==, 1);
    g_assert_cmpint(keyring_pair(ring, first)->kind, ==, KEY_TRANSFER);
}

static void
tells_ids_and_kinds_apart(void)
{
    g_autoptr(KeyRing) ring = keyring_new(seed);
    KeyHandle handles[] = {
        keyring_issue(ring, KEY_TRANSFER, 1),   keyring_issue(ring, KEY_TRANSFER, 2),
        keyring_issue(ring, KEY_UPDATE, 1),     keyring_issue(ring, KEY_UPDATE, 2),
        keyring_issue(ring, KEY_TRANSFER, 256), keyring_issue(ring, KEY_TRANSFER, UINT32_MAX)
    };

    for (guint i = 0; i < G_N_ELEMENTS(handles); i++)
        for (guint j = 0; j < i; j++) {
            g_assert_cmpuint(handles[i], !=, handles[j]);
            g_assert_cmpint(memcmp(keyring_pair(ring, handles[i])->key,
                                   keyring_pair(ring, handles[j])->key, KEYRING_KEY_BYTES),
                            !=, 0);
        }
}

static void
keys_follow_from_the_seed(void)
{
    uint8_t other_seed[KEYRING_SEED_BYTES];
    g_autoptr(KeyRing) ring = keyring_new(seed);
    g_autoptr(KeyRing) same = keyring_new(seed);
    g_autoptr(KeyRing) other = NULL;
    const uint8_t *key = keyring_pair(ring, keyring_issue(ring, KEY_TRANSFER, 3))->key;

    memcpy(other_seed, seed, sizeof other_seed);
    other_seed[31] ^= 1;
    other = keyring_new(other_seed);
    keyring_issue(same, KEY_UPDATE, 9); /* whatever was issued before */
    assert_same_bytes(keyring_pair(same, keyring_issue(same, KEY_TRANSFER, 3))->key, key,
                      KEYRING_KEY_BYTES);
    g_assert_cmpint(memcmp(keyring_pair(other, keyring_issue(other, KEY_TRANSFER, 3))->key, key,
                           KEYRING_KEY_BYTES),
                    !=, 0);
}

static void
two_keys_under_one_id_are_two_pairs(void)
{
    g_autoptr(KeyRing) ring = keyring_new(seed);
    KeyHandle honest = keyring_issue(ring, KEY_TRANSFER, 5);
    KeyHandle one = keyring_adopt(ring, KEY_TRANSFER, 5, one_key);
    KeyHandle other = keyring_adopt(ring, KEY_TRANSFER, 5, other_key);

    g_assert_cmpuint(one, !=, honest);
    g_assert_cmpuint(other, !=, honest);
    g_assert_cmpuint(other, !=, one);
    g_assert_cmpuint(keyring_id(ring, one), ==, 5);
    g_assert_cmpuint(keyring_adopt(ring, KEY_TRANSFER, 5, one_key), ==, one);
    g_assert_cmpuint(keyring_adopt(ring, KEY_TRANSFER, 5, other_key), ==, other);
    g_assert_cmpuint(keyring_issue(ring, KEY_TRANSFER, 5), ==, honest);
    g_assert_cmpuint(keyring_adopt(ring, KEY_UPDATE, 5, one_key), !=, one);
    g_assert_cmpuint(keyring_adopt(ring, KEY_TRANSFER, 6, one_key), !=, one);
}

static void
adopting_the_honest_key_finds_it(void)
{
    g_autoptr(KeyRing) ring = keyring_new(seed);
    g_autoptr(KeyRing) source = keyring_new(seed);
    const KeyPair *pair = keyring_pair(source, keyring_issue(source, KEY_UPDATE, 2));
    KeyHandle adopted = keyring_adopt(ring, KEY_UPDATE, 2, pair->key);

    g_assert_cmpuint(keyring_issue(ring, KEY_UPDATE, 2), ==, adopted);
    assert_same_bytes(keyring_pair(ring, adopted)->cipher_key, pair->cipher_key,
                      KEYRING_CIPHER_KEY_BYTES);
}

static void
only_update_keys_have_a_cipher_key(void)
{
    static const uint8_t none[KEYRING_CIPHER_KEY_BYTES];
    g_autoptr(KeyRing) ring = keyring_new(seed);
    KeyHandle transfer = keyring_issue(ring, KEY_TRANSFER, 1);
    KeyHandle update = keyring_issue(ring, KEY_UPDATE, 1);

    assert_same_bytes(keyring_pair(ring, transfer)->cipher_key, none, sizeof none);
    g_assert_cmpint(memcmp(keyring_pair(ring, update)->cipher_key, none, sizeof none), !=, 0);
}

/* Grows without losing a pair, up to the last handle and no further. */
/* A half-written key: a new ID with the bytes of the old one. */
static void
equal_keys_are_twins_whatever_their_ids(void)
{
    g_autoptr(KeyRing) ring = keyring_new(seed);
    KeyHandle first = keyring_issue(ring, KEY_TRANSFER, 1);
    KeyHandle other = keyring_issue(ring, KEY_TRANSFER, 2);
    uint8_t key[KEYRING_KEY_BYTES];
    KeyHandle torn;
    KeyHandle elsewhere;

    memcpy(key, keyring_pair(ring, first)->key, sizeof key);
    torn = keyring_adopt(ring, KEY_TRANSFER, 2, key);
    elsewhere = keyring_adopt(ring, KEY_UPDATE, 2, key);
    g_assert_cmpuint(torn, !=, other);
    g_assert_cmpuint(keyring_twin(ring, first), ==, first);
    g_assert_cmpuint(keyring_twin(ring, other), ==, other);
    g_assert_cmpuint(keyring_twin(ring, torn), ==, first);
    g_assert_cmpuint(keyring_twin(ring, elsewhere), ==, elsewhere);
}

static void
holds_65535_pairs(void)
{
    g_autoptr(KeyRing) ring = keyring_new(seed);
    uint8_t key[KEYRING_KEY_BYTES] = { 0 };

    for (uint32_t i = 1; i <= KEYRING_PAIRS_MAX; i++) {
        memcpy(key, &i, sizeof i);
        g_assert_cmpuint(keyring_adopt(ring, KEY_TRANSFER, i * 3, key), ==, i);
    }
    g_assert_false(ring->is_overfull);
    g_assert_cmpuint(keyring_adopt(ring, KEY_TRANSFER, 3, one_key), ==, 1); /* a stand-in */
    g_assert_true(ring->is_overfull);
    g_assert_cmpuint(ring->n_pairs, ==, KEYRING_PAIRS_MAX + 1);
    for (uint32_t i = 1; i <= KEYRING_PAIRS_MAX; i++) {
        memcpy(key, &i, sizeof i);
        g_assert_cmpuint(keyring_id(ring, (KeyHandle)i), ==, (guint64)i * 3);
        assert_same_bytes(keyring_pair(ring, (KeyHandle)i)->key, key, sizeof key);
    }
    memcpy(key, &(uint32_t){ 777 }, 4);
    g_assert_cmpuint(keyring_adopt(ring, KEY_TRANSFER, 777 * 3, key), ==, 777);
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    g_test_add_func("/keyring/issue/makes-each-key-once", issues_each_key_once);
    g_test_add_func("/keyring/issue/tells-ids-and-kinds-apart", tells_ids_and_kinds_apart);
    g_test_add_func("/keyring/issue/keys-follow-from-the-seed", keys_follow_from_the_seed);
    g_test_add_func("/keyring/adopt/two-keys-under-one-id-are-two-pairs",
                    two_keys_under_one_id_are_two_pairs);
    g_test_add_func("/keyring/adopt/finds-the-honest-key", adopting_the_honest_key_finds_it);
    g_test_add_func("/keyring/pair/only-update-keys-have-a-cipher-key",
                    only_update_keys_have_a_cipher_key);
    g_test_add_func("/keyring/twin/has-the-same-key-whatever-its-id",
                    equal_keys_are_twins_whatever_their_ids);
    g_test_add_func("/keyring/holds-65535-pairs", holds_65535_pairs);
    return g_test_run();
}
