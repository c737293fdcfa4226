#include "model/keyring.h"

#include "model/bytes.h"

#include <sodium.h>
#include <string.h>

#define PAIRS_AT_FIRST 64

const char *const key_kind_names[N_KEY_KINDS] = { "transfer", "update" };

G_STATIC_ASSERT(KEYRING_KEY_BYTES >= crypto_generichash_KEYBYTES_MIN);
G_STATIC_ASSERT(KEYRING_CIPHER_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

static gpointer
index_of(KeyKind kind, uint32_t id)
{
    return GSIZE_TO_POINTER((gsize)kind << 32 | id);
}

static KeyPair *
allocate_pairs(guint n)
{
    KeyPair *pairs = sodium_allocarray(n, sizeof *pairs);

    if (pairs == NULL)
        g_error("no memory for a key ring of %u pairs", n);
    memset(pairs, 0, n * sizeof *pairs);
    return pairs;
}

KeyRing *
keyring_new(const uint8_t seed[static KEYRING_SEED_BYTES])
{
    KeyRing *ring = g_new0(KeyRing, 1);

    ring->seed = sodium_malloc(KEYRING_SEED_BYTES);
    g_assert(ring->seed != NULL);
    memcpy(ring->seed, seed, KEYRING_SEED_BYTES);
    ring->n_room = PAIRS_AT_FIRST;
    ring->pairs = allocate_pairs(ring->n_room);
    ring->n_pairs = 1;
    ring->first = g_hash_table_new(g_direct_hash, g_direct_equal);
    ring->twins = g_hash_table_new(g_direct_hash, g_direct_equal);
    return ring;
}

void
keyring_free(KeyRing *ring)
{
    if (ring == NULL)
        return;
    sodium_free(ring->pairs); /* wipes */
    sodium_free(ring->seed);
    g_hash_table_unref(ring->first);
    g_hash_table_unref(ring->twins);
    g_free(ring);
}

static void
make_room(KeyRing *ring)
{
    KeyPair *pairs;

    if (ring->n_pairs < ring->n_room)
        return;
    ring->n_room = MIN(2 * ring->n_room, KEYRING_PAIRS_MAX + 1);
    pairs = allocate_pairs(ring->n_room);
    memcpy(pairs, ring->pairs, ring->n_pairs * sizeof *pairs);
    sodium_free(ring->pairs);
    ring->pairs = pairs;
}

/* Says nothing about the key to who has not the seed. */
static gpointer
fingerprint_of(const KeyRing *ring, KeyKind kind, const uint8_t *key)
{
    uint8_t text[1 + KEYRING_KEY_BYTES] = { (uint8_t)(N_KEY_KINDS + kind) };
    uint8_t hash[crypto_generichash_BYTES_MIN];

    memcpy(text + 1, key, KEYRING_KEY_BYTES);
    crypto_generichash(hash, sizeof hash, text, sizeof text, ring->seed, KEYRING_SEED_BYTES);
    sodium_memzero(text, sizeof text);
    return GSIZE_TO_POINTER((gsize)bytes_get_u64(hash));
}

static KeyHandle
find_twin(KeyRing *ring, KeyHandle handle)
{
    const KeyPair *pair = &ring->pairs[handle];
    gpointer fingerprint = fingerprint_of(ring, pair->kind, pair->key);
    guint twin = GPOINTER_TO_UINT(g_hash_table_lookup(ring->twins, fingerprint));

    if (twin != 0 && sodium_memcmp(ring->pairs[twin].key, pair->key, KEYRING_KEY_BYTES) == 0)
        return (KeyHandle)twin;
    g_hash_table_insert(ring->twins, fingerprint, GUINT_TO_POINTER(handle));
    return handle;
}

KeyHandle
keyring_adopt(KeyRing *ring, KeyKind kind, uint32_t id, const uint8_t key[static KEYRING_KEY_BYTES])
{
    KeyHandle first =
        (KeyHandle)GPOINTER_TO_UINT(g_hash_table_lookup(ring->first, index_of(kind, id)));
    KeyHandle handle = first;
    KeyPair *pair;

    while (handle != 0) {
        if (sodium_memcmp(ring->pairs[handle].key, key, KEYRING_KEY_BYTES) == 0)
            return handle;
        handle = ring->pairs[handle].next;
    }
    if (ring->n_pairs > KEYRING_PAIRS_MAX)
        return 0;
    make_room(ring);
    handle = (KeyHandle)ring->n_pairs++;
    pair = &ring->pairs[handle];
    pair->id = id;
    pair->kind = kind;
    pair->next = first;
    memcpy(pair->key, key, KEYRING_KEY_BYTES);
    if (kind == KEY_UPDATE)
        crypto_generichash(pair->cipher_key, sizeof pair->cipher_key,
                           (const uint8_t *)"update key 105", 14, key, KEYRING_KEY_BYTES);
    g_hash_table_insert(ring->first, index_of(kind, id), GUINT_TO_POINTER(handle));
    pair->twin = find_twin(ring, handle);
    return handle;
}

KeyHandle
keyring_cross(KeyRing *ring, KeyHandle id, KeyHandle key)
{
    uint8_t bytes[KEYRING_KEY_BYTES]; /* the arena may move */
    KeyHandle handle;

    memcpy(bytes, keyring_pair(ring, key)->key, sizeof bytes);
    handle = keyring_adopt(ring, keyring_pair(ring, id)->kind, keyring_id(ring, id), bytes);
    sodium_memzero(bytes, sizeof bytes);
    return handle;
}

KeyHandle
keyring_issue(KeyRing *ring, KeyKind kind, uint32_t id)
{
    uint8_t label[5] = { (uint8_t)kind };
    uint8_t key[KEYRING_KEY_BYTES];
    KeyHandle handle;

    bytes_put_u32(label + 1, id);
    crypto_generichash(key, sizeof key, label, sizeof label, ring->seed, KEYRING_SEED_BYTES);
    handle = keyring_adopt(ring, kind, id, key);
    sodium_memzero(key, sizeof key);
    return handle;
}
