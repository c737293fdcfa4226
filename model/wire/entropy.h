/* entropy.h - the random bytes that a card may use while it is powered.
 *
 * Nothing in model/ draws randomness of its own: who powers a card lends it a
 * stream, the ChaCha20 key stream of (key, nonce), and equal streams give equal
 * settlements. */
#ifndef MODEL_WIRE_ENTROPY_H
#define MODEL_WIRE_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

#define ENTROPY_KEY_BYTES 32
#define ENTROPY_BLOCK_BYTES 64

/**
 * Entropy:
 * @key: of the stream; borrowed, outlives the stream
 * @nonce: number of this stream under that key; never use one twice
 * @n_blocks: blocks drawn so far
 * @used: bytes of the current block that were handed out, and wiped
 */
typedef struct {
    const uint8_t *key;
    uint64_t nonce;
    uint64_t n_blocks;
    uint8_t used;
    uint8_t block[ENTROPY_BLOCK_BYTES];
} Entropy;

/* Starts the stream; draws nothing yet. */
void entropy_init(Entropy *entropy, const uint8_t key[static ENTROPY_KEY_BYTES], uint64_t nonce);

/* The next @length bytes of the stream, at most ENTROPY_BLOCK_BYTES at once. */
void entropy_draw(Entropy *entropy, uint8_t *out, size_t length);

/* Wipes what is left; the stream cannot be used any more. */
void entropy_clear(Entropy *entropy);

#endif
