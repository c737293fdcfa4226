/* seal.h - what travels under a key: the scheme's use of libsodium.
 *
 * Message: XChaCha20-Poly1305 under an update key, nonce in front; XChaCha20 alone where
 * the scheme has a malleable cipher. Envelope:
 * X25519 with an ephemeral key, then the same cipher under a key hashed from
 * the shared secret and both public keys. Signature: Ed25519. Challenge: keyed
 * BLAKE2b under a transfer key. No call draws randomness of its own. */
#ifndef MODEL_PROTOCOL_SEAL_H
#define MODEL_PROTOCOL_SEAL_H

#include "model/protocol/keyring.h"
#include "model/protocol/scheme.h"
#include "model/protocol/suite.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEAL_NONCE_BYTES 24
#define SEAL_TAG_BYTES 16
/* What an authenticated message is longer than its plain text: nonce 24 | text | tag 16 */
#define SEAL_MESSAGE_OVERHEAD_BYTES (SEAL_NONCE_BYTES + SEAL_TAG_BYTES)
#define SEAL_CHALLENGE_BYTES 16
#define SEAL_SEED_BYTES 32
#define SEAL_PUBLIC_KEY_BYTES 64 /* Ed25519 32 | X25519 32 */
#define SEAL_TEXT_MAX 64         /* the longest text in a message or envelope */

/**
 * SealSecret: the secret key 103 of a card or of the authority
 */
typedef struct {
    uint8_t sign[64];    /* Ed25519 */
    uint8_t decrypt[32]; /* X25519 */
} SealSecret;

/* Derives a key pair from @seed. @public_key: as it stands in a certificate. */
void seal_derive_keys(SealSecret *secret, uint8_t public_key[static SEAL_PUBLIC_KEY_BYTES],
                      const uint8_t seed[static SEAL_SEED_BYTES]);

/* Length of a message that holds @length bytes. */
guint seal_message_bytes(SchemeUpdateCipher cipher, guint length);

/* Encrypts @text under the update key @pair into seal_message_bytes() bytes of @out.
 * @nonce must be fresh. */
void seal_message(SchemeUpdateCipher cipher, const KeyPair *pair,
                  const uint8_t nonce[static SEAL_NONCE_BYTES], const uint8_t *text, size_t length,
                  uint8_t *out);

/* Opens a message of @length bytes into @text. Returns: false, @text untouched,
 * if it was not made under that key; a malleable cipher opens any. */
bool seal_open_message(SchemeUpdateCipher cipher, const KeyPair *pair, const uint8_t *message,
                       size_t length, uint8_t *text);

/* Encrypts @text for the holder of @public_key; fills suite_envelope_bytes() bytes of @out.
 * @ephemeral: 32 fresh random bytes. */
void seal_envelope(const Suite *suite, const uint8_t public_key[static SEAL_PUBLIC_KEY_BYTES],
                   const uint8_t ephemeral[static 32], const uint8_t *text, size_t length,
                   uint8_t *out);

/* Opens an envelope that holds @length bytes. @public_key: the receiver's own. Returns: false,
 * @text untouched, if it was not made for that key or its padding is not zero. */
bool seal_open_envelope(const Suite *suite, const SealSecret *secret,
                        const uint8_t public_key[static SEAL_PUBLIC_KEY_BYTES],
                        const uint8_t *envelope, uint8_t *text, size_t length);

/* Signs @data into suite->signature_bytes bytes of @out. */
void seal_sign(const Suite *suite, const SealSecret *secret, const uint8_t *data, size_t length,
               uint8_t *out);

/* Returns: whether @signature was made over @data with the secret key of @public_key and its
 * padding is zero */
bool seal_verify(const Suite *suite, const uint8_t public_key[static SEAL_PUBLIC_KEY_BYTES],
                 const uint8_t *data, size_t length, const uint8_t *signature);

/* Makes the challenge of @data under the transfer key @pair. */
void seal_challenge(const KeyPair *pair, const uint8_t *data, size_t length,
                    uint8_t out[static SEAL_CHALLENGE_BYTES]);

/* Returns: whether @challenge is that of @data; takes the same time either way */
bool seal_check_challenge(const KeyPair *pair, const uint8_t *data, size_t length,
                          const uint8_t challenge[static SEAL_CHALLENGE_BYTES]);

/* Returns: whether all @length bytes are zero */
bool seal_is_padding(const uint8_t *bytes, size_t length);

#endif
