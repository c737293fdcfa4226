/* scale.h - random bits as a number below n. */
#ifndef MODEL_SCALE_H
#define MODEL_SCALE_H

#include <stdint.h>

/**
 * scale_bits:
 *
 * Returns: 64 random bits as a number below @n; numbers differ in probability by
 *   less than n / 2^64
 */
static inline uint32_t
scale_bits(uint64_t bits, uint32_t n)
{
    return (uint32_t)((unsigned __int128)bits * n >> 64);
}

/* The same among all but @one, which is below @n. */
static inline uint32_t
scale_other(uint64_t bits, uint32_t n, uint32_t one)
{
    uint32_t other = scale_bits(bits, n - 1);

    return other < one ? other : other + 1;
}

#endif
