/* random_range.h - random bits as a number below n. */
#ifndef MODEL_PROTOCOL_RANDOM_RANGE_H
#define MODEL_PROTOCOL_RANDOM_RANGE_H

#include <stdint.h>

/**
 * random_range_below:
 *
 * Returns: 64 random bits as a number below @n; numbers differ in probability by
 *   less than n / 2^64
 */
static inline uint32_t
random_range_below(uint64_t bits, uint32_t n)
{
    return (uint32_t)((unsigned __int128)bits * n >> 64);
}

/* The same among all but @one, which is below @n. */
static inline uint32_t
random_range_other(uint64_t bits, uint32_t n, uint32_t one)
{
    uint32_t other = random_range_below(bits, n - 1);

    return other < one ? other : other + 1;
}

#endif
