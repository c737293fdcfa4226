/* quantity.h - quantities as text: numbers, durations, rates, shares, dates.
 *
 * Reading is strict and free of the locale: no spaces, no thousands separators,
 * no sign but `-`, nothing that is not finite. Integers are read exactly; decimals
 * are accepted where the result is whole (0.5d, 1.5k). What is printed reads back
 * to the same value. */
#ifndef SIM_BASE_QUANTITY_H
#define SIM_BASE_QUANTITY_H

#include "model/protocol/units.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * quantity_read_number:
 * @text: digits with k, M or G behind, for example 36M
 *
 * Returns: false if @text is no whole number or does not fit
 */
bool quantity_read_number(const char *text, int64_t *value);

/**
 * quantity_read_duration:
 * @text: with one of the units us, ms, s, min, h, d, w, y (365 days)
 *
 * Returns: false if @text is no duration in whole microseconds or does not fit
 */
bool quantity_read_duration(const char *text, Micros *value);

/**
 * quantity_read_picos:
 * @text: with one of the units ps, ns, us, ms, s
 *
 * Returns: false if @text is no time in whole picoseconds or does not fit
 */
bool quantity_read_picos(const char *text, int64_t *picos);

/**
 * quantity_read_real:
 * @text: a number such as 2, 0.25 or 1e-3
 */
bool quantity_read_real(const char *text, double *value);

/**
 * quantity_read_rate:
 * @text: events in a time: a number such as 2, 0.25 or 1e-3, with k, M or G behind
 *   where wanted, and one of the units /s, /h, /d, /w, /y (365 days)
 */
bool quantity_read_rate(const char *text, double *per_day);

/**
 * quantity_read_share:
 * @text: a fraction (0.4) or a percentage (40%); any size
 */
bool quantity_read_share(const char *text, double *share);

/**
 * quantity_read_date:
 * @text: YYYY-MM-DD, from 1970-01-01 to 9999-12-31
 * @seconds: of its midnight since 1970-01-01 UTC
 */
bool quantity_read_date(const char *text, int64_t *seconds);

/* The canonical texts; the caller frees them. */
char *quantity_print_number(int64_t value);
char *quantity_print_duration(Micros value); /* in the largest unit up to d that is exact */
char *quantity_print_picos(int64_t picos);   /* in the largest unit up to s that is exact */
char *quantity_print_real(double value);
char *quantity_print_rate(double per_day); /* in /d */
char *quantity_print_share(double share);  /* as a fraction */
char *quantity_print_date(int64_t seconds);

#endif
