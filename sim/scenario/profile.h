/* profile.h - how activity is spread over the day and the week.
 *
 * Cards act by an even clock of their own, the operational time, which passes faster where a
 * profile is high and stands still where it is 0; over a week both clocks pass the same time.
 * Arrivals are drawn in operational time and moved to the clock: no rate is ever looked up,
 * nothing is drawn in vain, and a quiet night costs nothing. Integers alone: within a part of a
 * day the clock is a straight line, rounded down to whole microseconds (where it meets one, it may
 * be the one before). */
#ifndef SIM_SCENARIO_PROFILE_H
#define SIM_SCENARIO_PROFILE_H

#include "model/protocol/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A tick of operational time is 2^-8 us: a microsecond of the clock is not less where activity is
 * low, and rarely more than one tick where it is high. */
#define PROFILE_TICK_BITS 8
#define PROFILE_PARTS_MAX 1440 /* of a day */
#define PROFILE_WEEK_DAYS 7

typedef struct Profile Profile;

/**
 * profile_new:
 * @day: of double, weights of as many equal parts of a day; empty: all alike
 * @week: of double, weights of Monday to Sunday; empty: all alike
 * @start: calendar date of time 0, midnight, in seconds since 1970-01-01
 *
 * Some weight of each must be above 0.
 */
Profile *profile_new(const GArray *day, const GArray *week, int64_t start);
void profile_free(Profile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Profile, profile_free)

/* Whether @weights, of double, are all equal, or none: that is no profile. */
bool profile_is_flat(const GArray *weights);

/* The operational time at @at, rounded down: every tick before it is before @at on the clock.
 * Returns: ticks */
int64_t profile_tick(const Profile *profile, Micros at);

/* The time on the clock of a tick; quickest for ticks that follow each other. */
Micros profile_clock(Profile *profile, int64_t tick);

/* The same for @n of them, in place. */
void profile_set_clock(Profile *profile, int64_t *times, guint n);

#endif
