#include "model/wire/entropy.h"

#include "model/protocol/bytes.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT(ENTROPY_KEY_BYTES == crypto_stream_chacha20_KEYBYTES);

static void
draw_block(Entropy *entropy)
{
    static const uint8_t zeros[ENTROPY_BLOCK_BYTES];
    uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];

    bytes_put_u64(nonce, entropy->nonce);
    crypto_stream_chacha20_xor_ic(entropy->block, zeros, sizeof entropy->block, nonce,
                                  entropy->n_blocks++, entropy->key);
    entropy->used = 0;
}

void
entropy_init(Entropy *entropy, const uint8_t key[static ENTROPY_KEY_BYTES], uint64_t nonce)
{
    entropy->key = key;
    entropy->nonce = nonce;
    entropy->n_blocks = 0;
    entropy->used = ENTROPY_BLOCK_BYTES;
}

void
entropy_draw(Entropy *entropy, uint8_t *out, size_t length)
{
    g_assert(length <= ENTROPY_BLOCK_BYTES);
    /* what is too short for the request is thrown away: no value spans two blocks */
    if (length > (size_t)(ENTROPY_BLOCK_BYTES - entropy->used))
        draw_block(entropy);
    memcpy(out, entropy->block + entropy->used, length);
    memset(entropy->block + entropy->used, 0, length);
    entropy->used = (uint8_t)(entropy->used + length);
}

void
entropy_clear(Entropy *entropy)
{
    if (entropy->n_blocks > 0)
        sodium_memzero(entropy->block, sizeof entropy->block);
    entropy->key = NULL;
}
