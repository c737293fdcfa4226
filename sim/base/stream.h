/* stream.h - random numbers, one stream per purpose.
 *
 * A stream is named by seed, replication and purpose, so what one part of the
 * simulation draws never shifts what another draws. The generator is
 * xoshiro256++ (Blackman, Vigna 2021), its state the BLAKE2b hash of that name.
 * Draws use integers and IEEE additions and multiplications alone: the same
 * numbers on every machine and at every optimisation level. */
#ifndef SIM_BASE_STREAM_H
#define SIM_BASE_STREAM_H

#include <stdint.h>

typedef struct {
    uint64_t state[4];
} Stream;

/**
 * stream_init:
 * @replication: counted from 1; 0 for what all replications share
 * @purpose: what the numbers are for
 */
void stream_init(Stream *stream, uint64_t seed, uint64_t replication, const char *purpose);

/**
 * stream_derive:
 * @out: @length bytes, 16 to 64, that seed something outside this stream (a key
 *   ring, a card's random numbers)
 */
void stream_derive(uint8_t *out, uint64_t length, uint64_t seed, uint64_t replication,
                   const char *purpose);

static inline uint64_t
stream_rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

/* 64 random bits. */
static inline uint64_t
stream_next(Stream *stream)
{
    uint64_t *s = stream->state;
    uint64_t result = stream_rotate(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = stream_rotate(s[3], 45);
    return result;
}

/* An integer in 0 .. n - 1, every one equally likely; n > 0. */
uint64_t stream_below(Stream *stream, uint64_t n);

/* The ziggurat of Marsaglia and Tsang (2000): STREAM_LAYERS strips of equal area under
 * exp(-x). stream_edge[i]: the right edge of strip i, 0 at the top; made by stream_init(). */
#define STREAM_LAYERS 256
extern double stream_edge[STREAM_LAYERS + 1];

/* What is left to stream_exponential() once in 90 draws: @x lies in strip @layer, but not
 * within the strip above. */
double stream_exponential_rare(Stream *stream, unsigned layer, double x);

/* An exponential variate of mean 1. */
static inline double
stream_exponential(Stream *stream)
{
    uint64_t bits = stream_next(stream);
    unsigned layer = bits & (STREAM_LAYERS - 1);
    double x = (double)(int64_t)(bits >> 11) * 0x1p-53 * stream_edge[layer];

    if (__builtin_expect(x < stream_edge[layer + 1], 1))
        return x;
    return stream_exponential_rare(stream, layer, x);
}

#endif
