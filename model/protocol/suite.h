/* suite.h - public-key suites: how long their objects are on the wire.
 *
 * What is executed is always libsodium's Ed25519 and X25519. Its results are
 * zero-padded to the lengths that the named suite would have, so that bytes on
 * the line and blocks of the interface are those of a real card; every receiver
 * checks that the padding is zero. What the chip spends is in chip.h. */
#ifndef MODEL_PROTOCOL_SUITE_H
#define MODEL_PROTOCOL_SUITE_H

#include <stdint.h>

typedef enum {
    SUITE_P256,
    SUITE_RSA_1024,
    SUITE_RSA_2048,
    N_SUITES,
} SuiteId;

/**
 * Suite:
 * @name: as written in a scenario
 * @public_key_bytes: a card public key inside a certificate
 * @signature_bytes: a digital signature, of the authority or of a card
 * @envelope_head_bytes: what an envelope holds besides a payload that stands
 *   behind it (P-256: the ephemeral public key and a 16-byte tag); 0 where the
 *   payload disappears in a block of fixed length (RSA)
 * @envelope_block_bytes: that fixed length; 0 where there is none
 * @envelope_payload_max: the longest payload that one envelope can hold
 *   (RSA: OAEP with SHA-256, RFC 8017 section 7.1.1, and what our own
 *   envelope needs inside the same block)
 */
typedef struct {
    const char *name;
    uint16_t public_key_bytes;
    uint16_t signature_bytes;
    uint16_t envelope_head_bytes;
    uint16_t envelope_block_bytes;
    uint16_t envelope_payload_max;
} Suite;

/* The table, one row per SuiteId. */
extern const Suite suites[N_SUITES];

/**
 * suite_envelope_bytes:
 * @payload_bytes: length of what the envelope hides
 *
 * Returns: length of the envelope on the wire
 */
uint16_t suite_envelope_bytes(const Suite *suite, uint16_t payload_bytes);

#endif
