#include "model/protocol/seal.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#define EPHEMERAL_BYTES 32

G_STATIC_ASSERT(SEAL_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
G_STATIC_ASSERT(SEAL_NONCE_BYTES == crypto_stream_xchacha20_NONCEBYTES);
G_STATIC_ASSERT(KEYRING_CIPHER_KEY_BYTES == crypto_stream_xchacha20_KEYBYTES);
G_STATIC_ASSERT(SEAL_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES);
G_STATIC_ASSERT(SEAL_SEED_BYTES == crypto_sign_SEEDBYTES);
G_STATIC_ASSERT(SEAL_PUBLIC_KEY_BYTES ==
                crypto_sign_PUBLICKEYBYTES + crypto_scalarmult_curve25519_BYTES);
G_STATIC_ASSERT(SEAL_CHALLENGE_BYTES >= crypto_generichash_BYTES_MIN);

static const uint8_t zero_nonce[SEAL_NONCE_BYTES];

static const uint8_t *
encryption_key(const uint8_t *public_key)
{
    return public_key + crypto_sign_PUBLICKEYBYTES;
}

bool
seal_is_padding(const uint8_t *bytes, size_t length)
{
    return length == 0 || sodium_is_zero(bytes, length) == 1;
}

void
seal_derive_keys(SealSecret *secret, uint8_t public_key[static SEAL_PUBLIC_KEY_BYTES],
                 const uint8_t seed[static SEAL_SEED_BYTES])
{
    crypto_sign_seed_keypair(public_key, secret->sign, seed);
    crypto_generichash(secret->decrypt, sizeof secret->decrypt, (const uint8_t *)"envelope", 8,
                       seed, SEAL_SEED_BYTES);
    crypto_scalarmult_curve25519_base(public_key + crypto_sign_PUBLICKEYBYTES, secret->decrypt);
}

guint
seal_message_bytes(SchemeUpdateCipher cipher, guint length)
{
    return SEAL_NONCE_BYTES + length + (cipher == UPDATE_CIPHER_AEAD ? SEAL_TAG_BYTES : 0);
}

void
seal_message(SchemeUpdateCipher cipher, const KeyPair *pair,
             const uint8_t nonce[static SEAL_NONCE_BYTES], const uint8_t *text, size_t length,
             uint8_t *out)
{
    memcpy(out, nonce, SEAL_NONCE_BYTES);
    if (cipher == UPDATE_CIPHER_MALLEABLE)
        crypto_stream_xchacha20_xor(out + SEAL_NONCE_BYTES, text, length, nonce, pair->cipher_key);
    else
        crypto_aead_xchacha20poly1305_ietf_encrypt(out + SEAL_NONCE_BYTES, NULL, text, length, NULL,
                                                   0, NULL, nonce, pair->cipher_key);
}

bool
seal_open_message(SchemeUpdateCipher cipher, const KeyPair *pair, const uint8_t *message,
                  size_t length, uint8_t *text)
{
    if (cipher == UPDATE_CIPHER_MALLEABLE)
        return length >= SEAL_NONCE_BYTES &&
               crypto_stream_xchacha20_xor(text, message + SEAL_NONCE_BYTES,
                                           length - SEAL_NONCE_BYTES, message,
                                           pair->cipher_key) == 0;
    return length >= SEAL_MESSAGE_OVERHEAD_BYTES &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, message + SEAL_NONCE_BYTES,
                                                      length - SEAL_NONCE_BYTES, NULL, 0, message,
                                                      pair->cipher_key) == 0;
}

/* Hashes the Diffie-Hellman secret with both public keys, so that an envelope
 * belongs to one sender's key and one receiver. Returns false for a public key
 * of low order. */
static bool
agree_on_key(uint8_t key[static KEYRING_CIPHER_KEY_BYTES], const uint8_t *own_secret,
             const uint8_t *their_public, const uint8_t *ephemeral_public,
             const uint8_t *receiver_public)
{
    struct {
        uint8_t shared[32];
        uint8_t ephemeral[32];
        uint8_t receiver[32];
    } material;
    bool agreed = crypto_scalarmult_curve25519(material.shared, own_secret, their_public) == 0;

    memcpy(material.ephemeral, ephemeral_public, sizeof material.ephemeral);
    memcpy(material.receiver, receiver_public, sizeof material.receiver);
    crypto_generichash(key, KEYRING_CIPHER_KEY_BYTES, (const uint8_t *)&material, sizeof material,
                       NULL, 0);
    sodium_memzero(&material, sizeof material);
    return agreed;
}

void
seal_envelope(const Suite *suite, const uint8_t public_key[static SEAL_PUBLIC_KEY_BYTES],
              const uint8_t ephemeral[static 32], const uint8_t *text, size_t length, uint8_t *out)
{
    size_t used = EPHEMERAL_BYTES + length + SEAL_TAG_BYTES;
    size_t bytes = suite_envelope_bytes(suite, (uint16_t)length);
    uint8_t key[KEYRING_CIPHER_KEY_BYTES];

    g_assert(used <= bytes);
    crypto_scalarmult_curve25519_base(out, ephemeral);
    if (!agree_on_key(key, ephemeral, encryption_key(public_key), out, encryption_key(public_key)))
        /* nobody can hold the secret of such a key: an envelope that nobody opens */
        memcpy(key, ephemeral, sizeof key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + EPHEMERAL_BYTES, NULL, text, length, NULL, 0,
                                               NULL, zero_nonce, key);
    memset(out + used, 0, bytes - used);
    sodium_memzero(key, sizeof key);
}

bool
seal_open_envelope(const Suite *suite, const SealSecret *secret,
                   const uint8_t public_key[static SEAL_PUBLIC_KEY_BYTES], const uint8_t *envelope,
                   uint8_t *text, size_t length)
{
    size_t used = EPHEMERAL_BYTES + length + SEAL_TAG_BYTES;
    size_t bytes = suite_envelope_bytes(suite, (uint16_t)length);
    uint8_t key[KEYRING_CIPHER_KEY_BYTES];
    bool opened;

    opened = agree_on_key(key, secret->decrypt, envelope, envelope, encryption_key(public_key)) &&
             seal_is_padding(envelope + used, bytes - used) &&
             crypto_aead_xchacha20poly1305_ietf_decrypt(
                 text, NULL, NULL, envelope + EPHEMERAL_BYTES, length + SEAL_TAG_BYTES, NULL, 0,
                 zero_nonce, key) == 0;
    sodium_memzero(key, sizeof key);
    return opened;
}

void
seal_sign(const Suite *suite, const SealSecret *secret, const uint8_t *data, size_t length,
          uint8_t *out)
{
    crypto_sign_detached(out, NULL, data, length, secret->sign);
    memset(out + crypto_sign_BYTES, 0, suite->signature_bytes - crypto_sign_BYTES);
}

bool
seal_verify(const Suite *suite, const uint8_t public_key[static SEAL_PUBLIC_KEY_BYTES],
            const uint8_t *data, size_t length, const uint8_t *signature)
{
    return seal_is_padding(signature + crypto_sign_BYTES,
                           suite->signature_bytes - crypto_sign_BYTES) &&
           crypto_sign_verify_detached(signature, data, length, public_key) == 0;
}

void
seal_challenge(const KeyPair *pair, const uint8_t *data, size_t length,
               uint8_t out[static SEAL_CHALLENGE_BYTES])
{
    crypto_generichash(out, SEAL_CHALLENGE_BYTES, data, length, pair->key, sizeof pair->key);
}

bool
seal_check_challenge(const KeyPair *pair, const uint8_t *data, size_t length,
                     const uint8_t challenge[static SEAL_CHALLENGE_BYTES])
{
    uint8_t expected[SEAL_CHALLENGE_BYTES];

    seal_challenge(pair, data, length, expected);
    return sodium_memcmp(expected, challenge, sizeof expected) == 0;
}
