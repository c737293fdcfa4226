#include "sim/base/share.h"

#include <float.h>

/* A share is read as a decimal number and perhaps divided by 100, then multiplied: each of the
 * three rounds off half of DBL_EPSILON at most. */
#define ROUNDED_OFF (2 * DBL_EPSILON)

uint64_t
share_count(double share, uint64_t n)
{
    return (uint64_t)(share * (double)n * (1 + ROUNDED_OFF) + 0.5);
}

int
share_compare(uint64_t some, double share, uint64_t n)
{
    double least = share * (double)n * (1 - ROUNDED_OFF);
    double most = share * (double)n * (1 + ROUNDED_OFF);

    return ((double)some > most) - ((double)some < least);
}
