/* share.h - shares of things that are counted.
 *
 * A share such as 29 % is a decimal number, its double is not quite that number, and a product of
 * doubles may lie on either side of a whole one: 0.29 x 100 below 29, 0.07 x 100 above 7. Here
 * what differs from a whole or half number by no more than such rounding is that number. */
#ifndef SIM_BASE_SHARE_H
#define SIM_BASE_SHARE_H

#include <stdint.h>

/**
 * share_count:
 * @share: from 0 to 1
 * @n: below 2^40
 *
 * Returns: how many of @n things it is, to the nearest number and from a half on up
 */
uint64_t share_count(double share, uint64_t n);

/**
 * share_compare:
 * @some: of @n things, which are below 2^40
 * @share: from 0 to 1
 *
 * Returns: below 0, 0 or above 0 as @some are less than the @share of @n, equal to it or more
 */
int share_compare(uint64_t some, double share, uint64_t n);

#endif
