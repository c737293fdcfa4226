/* keyring.h - every key of a scheme once.
 *
 * A card does not hold a key by value but a 16-bit handle to the pair of ID and
 * key in the ring. Two different keys under one ID are two pairs, so a card
 * always knows which key it holds and not only which ID. Key bytes lie in one
 * locked arena that is wiped when the ring is freed.
 *
 * Honest keys follow from the scheme's seed; others are added as they come. The issuer can
 * sign its own: a card that holds such a key holds the signature with it, and the public
 * key that verifies it. */
#ifndef MODEL_PROTOCOL_KEYRING_H
#define MODEL_PROTOCOL_KEYRING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define KEYRING_KEY_BYTES 16  /* a transfer key or an update key on the wire */
#define KEYRING_SEED_BYTES 32 /* from which the honest keys follow */
#define KEYRING_CIPHER_KEY_BYTES 32
#define KEYRING_SIGNED_BYTES 21 /* kind 1 | ID 4 | key 16: what the issuer signs */
#define KEYRING_SIGNATURE_BYTES 64
#define KEYRING_PAIRS_MAX 65535
#define KEYRING_LAST_ID UINT32_MAX /* refused everywhere: an ID never wraps */

typedef enum { KEY_TRANSFER, KEY_UPDATE, N_KEY_KINDS } KeyKind;

/* As written in propagation.csv. */
extern const char *const key_kind_names[N_KEY_KINDS];

/* Names a pair of one ring; 0 names none. */
typedef uint16_t KeyHandle;

/**
 * KeyPair:
 * @id: generation (transfer key ID 106, update key ID 104)
 * @key: the key itself (107, 105)
 * @cipher_key: of an update key, what the cipher of 32-byte keys uses
 * @is_issued: it is the scheme's own key with that ID
 */
typedef struct {
    uint32_t id;
    KeyKind kind;
    KeyHandle next; /* same kind and ID, another key */
    KeyHandle twin; /* see keyring_twin() */
    bool is_issued;
    uint8_t key[KEYRING_KEY_BYTES];
    uint8_t cipher_key[KEYRING_CIPHER_KEY_BYTES];
} KeyPair;

/* The locked arena: pairs[handle]. Only the programs of cards look inside. */
typedef struct {
    KeyPair *pairs;
    guint n_pairs; /* the unused pair 0 included */
    guint n_room;
    bool is_overfull;       /* a pair was asked for that has no room: nothing is sure any more */
    GHashTable *first;      /* kind and ID to the first pair that has them */
    GHashTable *twins;      /* keyed fingerprint of a key to the first pair that has it */
    GHashTable *signatures; /* handle to the issuer's signature, made when first asked for */
    uint8_t *seed;
    uint8_t issuer_key[32]; /* public: verifies its signatures */
} KeyRing;

/* The ring of the scheme that grows out of @seed; no pair yet. */
KeyRing *keyring_new(const uint8_t seed[static KEYRING_SEED_BYTES]);
void keyring_free(KeyRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyRing, keyring_free)

/**
 * keyring_issue:
 *
 * Returns: the handle of the scheme's own key with that ID, made when first
 *   asked for; if the ring is full, as keyring_adopt()
 */
KeyHandle keyring_issue(KeyRing *ring, KeyKind kind, uint32_t id);

/**
 * keyring_adopt:
 * @key: key bytes, of whatever origin
 *
 * Returns: the handle of the pair (@id, @key), added if it is new. If the ring is full it is
 *   overfull from then on, and that of another pair of the kind, so that whoever asked can go on
 *   until somebody stops the run
 */
KeyHandle keyring_adopt(KeyRing *ring, KeyKind kind, uint32_t id,
                        const uint8_t key[static KEYRING_KEY_BYTES]);

/**
 * keyring_cross:
 *
 * What a torn write leaves: one field of the new pair and the other of the old one.
 *
 * Returns: the handle of the pair that has the ID of @id and the key of @key, two pairs
 *   of one kind, added if it is new; if the ring is full, as keyring_adopt()
 */
KeyHandle keyring_cross(KeyRing *ring, KeyHandle id, KeyHandle key);

/* The pair behind a handle. Valid until the next pair is added. */
static inline const KeyPair *
keyring_pair(const KeyRing *ring, KeyHandle handle)
{
    g_assert(handle != 0 && handle < ring->n_pairs);
    return &ring->pairs[handle];
}

/**
 * keyring_signature:
 * @out: the issuer's signature over the pair; zeros if the issuer did not issue it
 *
 * What a card that holds the pair can show for it.
 */
void keyring_signature(KeyRing *ring, KeyHandle handle,
                       uint8_t out[static KEYRING_SIGNATURE_BYTES]);

/* Returns: whether the issuer signed that key under that ID */
bool keyring_is_signed(const KeyRing *ring, KeyKind kind, uint32_t id,
                       const uint8_t key[static KEYRING_KEY_BYTES],
                       const uint8_t signature[static KEYRING_SIGNATURE_BYTES]);

/* The ID behind a handle. */
static inline uint32_t
keyring_id(const KeyRing *ring, KeyHandle handle)
{
    return keyring_pair(ring, handle)->id;
}

/* The first pair of the same kind that has the same key, whatever its ID: two handles
 * with one twin open each other's seals. */
static inline KeyHandle
keyring_twin(const KeyRing *ring, KeyHandle handle)
{
    return keyring_pair(ring, handle)->twin;
}

#endif
