#include "model/protocol/keyring.h"

#include "model/protocol/bytes.h"

#include <sodium.h>
#include <string.h>

#define PAIRS_AT_FIRST 64

const char *const key_kind_names[N_KEY_KINDS] = {
    [KEY_TRANSFER] = "transfer",
    [KEY_UPDATE] = "update",
};

G_STATIC_ASSERT(KEYRING_KEY_BYTES >= crypto_generichash_KEYBYTES_MIN);
G_STATIC_ASSERT(KEYRING_SIGNATURE_BYTES == crypto_sign_BYTES);
G_STATIC_ASSERT(sizeof((KeyRing *)NULL)->issuer_key == crypto_sign_PUBLICKEYBYTES);
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

/* The issuer's key pair; @secret: may be NULL. */
static void
derive_issuer(const KeyRing *ring, uint8_t *public_key, uint8_t *secret)
{
    uint8_t seed[crypto_sign_SEEDBYTES];
    uint8_t own[crypto_sign_SECRETKEYBYTES];

    crypto_generichash(seed, sizeof seed, (const uint8_t *)"issuer", 6, ring->seed,
                       KEYRING_SEED_BYTES);
    crypto_sign_seed_keypair(public_key, secret == NULL ? own : secret, seed);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(own, sizeof own);
}

KeyRing *
keyring_new(const uint8_t seed[static KEYRING_SEED_BYTES])
{
    KeyRing *ring = g_new0(KeyRing, 1);

    ring->seed = sodium_malloc(KEYRING_SEED_BYTES);
    if (ring->seed == NULL)
        g_error("no memory for the seed of a key ring");
    memcpy(ring->seed, seed, KEYRING_SEED_BYTES);
    ring->n_room = PAIRS_AT_FIRST;
    ring->pairs = allocate_pairs(ring->n_room);
    ring->n_pairs = 1;
    ring->first = g_hash_table_new(g_direct_hash, g_direct_equal);
    ring->twins = g_hash_table_new(g_direct_hash, g_direct_equal);
    ring->signatures = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    derive_issuer(ring, ring->issuer_key, NULL);
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
    g_hash_table_unref(ring->signatures);
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

/* The scheme's own key with that ID. */
static void
derive_key(const KeyRing *ring, KeyKind kind, uint32_t id, uint8_t *key)
{
    uint8_t label[5] = { (uint8_t)kind };

    bytes_put_u32(label + 1, id);
    crypto_generichash(key, KEYRING_KEY_BYTES, label, sizeof label, ring->seed, KEYRING_SEED_BYTES);
}

static bool
is_own(const KeyRing *ring, const KeyPair *pair)
{
    uint8_t key[KEYRING_KEY_BYTES];
    bool same;

    derive_key(ring, pair->kind, pair->id, key);
    same = sodium_memcmp(key, pair->key, sizeof key) == 0;
    sodium_memzero(key, sizeof key);
    return same;
}

/* What stands in for a pair that has no room. */
static KeyHandle
stand_in(KeyRing *ring, KeyKind kind)
{
    KeyHandle handle = 1;

    ring->is_overfull = true;
    while (handle < KEYRING_PAIRS_MAX && ring->pairs[handle].kind != kind)
        handle++;
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
        return stand_in(ring, kind);
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
    pair->is_issued = is_own(ring, pair);
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
    uint8_t key[KEYRING_KEY_BYTES];
    KeyHandle handle;

    derive_key(ring, kind, id, key);
    handle = keyring_adopt(ring, kind, id, key);
    sodium_memzero(key, sizeof key);
    return handle;
}

static void
join_signed(KeyKind kind, uint32_t id, const uint8_t *key, uint8_t out[static KEYRING_SIGNED_BYTES])
{
    out[0] = (uint8_t)kind;
    bytes_put_u32(out + 1, id);
    memcpy(out + 1 + sizeof id, key, KEYRING_KEY_BYTES);
}

static uint8_t *
sign(const KeyRing *ring, const KeyPair *pair)
{
    uint8_t *signature = g_malloc(KEYRING_SIGNATURE_BYTES);
    uint8_t text[KEYRING_SIGNED_BYTES];
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];

    join_signed(pair->kind, pair->id, pair->key, text);
    derive_issuer(ring, public_key, secret);
    crypto_sign_detached(signature, NULL, text, sizeof text, secret);
    sodium_memzero(text, sizeof text);
    sodium_memzero(secret, sizeof secret);
    return signature;
}

void
keyring_signature(KeyRing *ring, KeyHandle handle, uint8_t out[static KEYRING_SIGNATURE_BYTES])
{
    const KeyPair *pair = keyring_pair(ring, handle);
    uint8_t *signature = g_hash_table_lookup(ring->signatures, GUINT_TO_POINTER(handle));

    memset(out, 0, KEYRING_SIGNATURE_BYTES);
    if (!pair->is_issued)
        return;
    if (signature == NULL) {
        signature = sign(ring, pair);
        g_hash_table_insert(ring->signatures, GUINT_TO_POINTER(handle), signature);
    }
    memcpy(out, signature, KEYRING_SIGNATURE_BYTES);
}

bool
keyring_is_signed(const KeyRing *ring, KeyKind kind, uint32_t id,
                  const uint8_t key[static KEYRING_KEY_BYTES],
                  const uint8_t signature[static KEYRING_SIGNATURE_BYTES])
{
    uint8_t text[KEYRING_SIGNED_BYTES];
    bool is_signed;

    join_signed(kind, id, key, text);
    is_signed = crypto_sign_verify_detached(signature, text, sizeof text, ring->issuer_key) == 0;
    sodium_memzero(text, sizeof text);
    return is_signed;
}
