/* arrivals.h - when payments are started.
 *
 * Every card starts payments by a Poisson process of its own; together they are
 * one Poisson process whose rate is the sum. Its times are kept to 2^-32 us, so
 * that rounding to the clock's microseconds does not add up. */
#ifndef SIM_TRAFFIC_ARRIVALS_H
#define SIM_TRAFFIC_ARRIVALS_H

#include "model/protocol/units.h"

#include "sim/base/stream.h"

#include <glib.h>
#include <stdint.h>

/**
 * Arrivals:
 * @next: the next arrival, INT64_MAX if the rate is 0
 * @mean_gap: microseconds between two; infinite if the rate is 0
 * @left: what is left of the exponential variate at @since, in units of the mean gap
 */
typedef struct {
    Stream stream;
    Micros next;
    uint32_t next_fraction;
    double mean_gap;
    double left;
    Micros since;
    uint32_t since_fraction;
} Arrivals;

/* No arrivals yet: the rate is 0. @purpose: of the stream that they are drawn from. */
void arrivals_init_for(Arrivals *arrivals, uint64_t seed, uint64_t replication,
                       const char *purpose);

/* The same for meetings. */
void arrivals_init(Arrivals *arrivals, uint64_t seed, uint64_t replication);

/* From @now on, @per_day arrivals a day. What was drawn before is not drawn again:
 * the time that is left stretches or shrinks with the rate. */
void arrivals_set_rate(Arrivals *arrivals, Micros now, double per_day);

/**
 * arrivals_draw:
 * @until: not included
 * @times: room for @most times
 *
 * Takes the arrivals before @until, at most so many.
 *
 * Returns: how many there were
 */
guint arrivals_draw(Arrivals *arrivals, Micros until, Micros *times, guint most);

#endif
