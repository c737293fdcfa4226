/* readable.h - numbers for people: on the screen, never in a file that is read again.
 *
 * A duration stands in a unit that shows it, and no number in powers of ten. */
#ifndef SIM_BASE_READABLE_H
#define SIM_BASE_READABLE_H

/**
 * readable_duration:
 *
 * Returns: (transfer full): `9 s`, `4.20 min`, `3.00 h`, `2.93 d`
 */
char *readable_duration(double seconds);

/**
 * readable_interval:
 * @low, @high: around @seconds
 *
 * Returns: (transfer full): all three in the unit that shows @seconds: `2.91 (2.89 to 2.93) d`;
 *   @seconds alone where both ends would read alike
 */
char *readable_interval(double seconds, double low, double high);

/**
 * readable_count:
 * @mean: of whole numbers
 *
 * Returns: (transfer full): rounded from ten on: 435880, 9, 2.5, 0.05
 */
char *readable_count(double mean);

/**
 * readable_percent:
 * @share: from 0 to 1
 *
 * Returns: (transfer full): rounded, but never up to a whole per cent, so that no share looks as
 *   large as one that it does not reach: `98.99 %`; of what is more than nothing at least `<0.01 %`
 */
char *readable_percent(double share);

/**
 * readable_number:
 *
 * Returns: (transfer full): @value to three digits: 0.25, 3, 1230000
 */
char *readable_number(double value);

#endif
