/* units.h - the quantities that every module shares.
 *
 * Simulated time and money are integers, so that sums are exact and come out
 * the same in every order. */
#ifndef MODEL_PROTOCOL_UNITS_H
#define MODEL_PROTOCOL_UNITS_H

#include <stdint.h>

typedef int64_t Micros; /* simulated time or duration, in microseconds */
typedef int64_t Cents;  /* money, in minor units of the scheme's currency */

/* Sums over all cards or all meetings, which nothing that a scenario may say makes wrap. */
typedef __int128 MicrosSum;
typedef __int128 CentsSum;

#define MICROS_PER_SECOND INT64_C(1000000)
#define MICROS_PER_DAY (INT64_C(86400) * MICROS_PER_SECOND)

#endif
