#include "sim/traffic/arrivals.h"

#include <math.h>
#include <string.h>

#define FAR_FUTURE 0x1p62
#define NEAR_FUTURE 0x1p30 /* microseconds that fit with 32 bits of fraction into 63 */

/* The next arrival from what is left of the variate; always inlined into the loop. */
static inline void
set_next(Arrivals *arrivals)
{
    double gap = arrivals->left * arrivals->mean_gap;
    uint64_t fraction;

    if (__builtin_expect(gap < NEAR_FUTURE, 1)) { /* the same as below, in one go */
        fraction = arrivals->since_fraction + (uint64_t)(int64_t)(gap * 0x1p32);
        arrivals->next = arrivals->since + (int64_t)(fraction >> 32);
        arrivals->next_fraction = (uint32_t)fraction;
        return;
    }
    if (!(gap < FAR_FUTURE)) {
        arrivals->next = INT64_MAX;
        return;
    }
    fraction =
        arrivals->since_fraction + (uint64_t)(int64_t)((gap - (double)(int64_t)gap) * 0x1p32);
    arrivals->next = arrivals->since + (int64_t)gap + (int64_t)(fraction >> 32);
    arrivals->next_fraction = (uint32_t)fraction;
}

void
arrivals_init(Arrivals *arrivals, uint64_t seed, uint64_t replication)
{
    arrivals_init_for(arrivals, seed, replication, "arrivals");
}

void
arrivals_init_for(Arrivals *arrivals, uint64_t seed, uint64_t replication, const char *purpose)
{
    memset(arrivals, 0, sizeof *arrivals);
    stream_init(&arrivals->stream, seed, replication, purpose);
    arrivals->left = stream_exponential(&arrivals->stream);
    arrivals->mean_gap = INFINITY;
    arrivals->next = INT64_MAX;
}

void
arrivals_set_rate(Arrivals *arrivals, Micros now, double per_day)
{
    double passed = (double)(now - arrivals->since) - (double)arrivals->since_fraction * 0x1p-32;

    if (passed > 0)
        arrivals->left -= passed / arrivals->mean_gap;
    if (arrivals->left < 0) /* by rounding only */
        arrivals->left = 0;
    arrivals->since = now;
    arrivals->since_fraction = 0;
    arrivals->mean_gap = per_day > 0 ? (double)MICROS_PER_DAY / per_day : INFINITY;
    set_next(arrivals);
}

guint
arrivals_draw(Arrivals *arrivals, Micros until, Micros *times, guint most)
{
    Arrivals own = *arrivals; /* in registers, whatever @times may point to */
    guint n = 0;

    while (n < most && own.next < until) {
        times[n++] = own.next;
        own.since = own.next;
        own.since_fraction = own.next_fraction;
        own.left = stream_exponential(&own.stream);
        set_next(&own);
    }
    *arrivals = own;
    return n;
}
