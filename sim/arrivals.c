#include "sim/arrivals.h"

#include <stdbool.h>
#include <string.h>

#define FAR_FUTURE 0x1p62

static void
set_next(Arrivals *arrivals)
{
    double gap;
    uint64_t fraction;

    if (!(arrivals->rate > 0) || (gap = arrivals->left / arrivals->rate) >= FAR_FUTURE) {
        arrivals->next = INT64_MAX;
        return;
    }
    fraction = arrivals->since_fraction + (uint64_t)((gap - (double)(int64_t)gap) * 0x1p32);
    arrivals->next = arrivals->since + (int64_t)gap + (int64_t)(fraction >> 32);
    arrivals->next_fraction = (uint32_t)fraction;
}

void
arrivals_init(Arrivals *arrivals, uint64_t seed, uint64_t replication)
{
    memset(arrivals, 0, sizeof *arrivals);
    stream_init(&arrivals->stream, seed, replication, "arrivals");
    arrivals->left = stream_exponential(&arrivals->stream);
    arrivals->next = INT64_MAX;
}

void
arrivals_set_rate(Arrivals *arrivals, Micros now, double per_day)
{
    double passed = (double)(now - arrivals->since) - (double)arrivals->since_fraction * 0x1p-32;

    if (passed > 0)
        arrivals->left -= passed * arrivals->rate;
    if (arrivals->left < 0) /* by rounding only */
        arrivals->left = 0;
    arrivals->since = now;
    arrivals->since_fraction = 0;
    arrivals->rate = per_day / (double)MICROS_PER_DAY;
    set_next(arrivals);
}

void
arrivals_advance(Arrivals *arrivals)
{
    arrivals->since = arrivals->next;
    arrivals->since_fraction = arrivals->next_fraction;
    arrivals->left = stream_exponential(&arrivals->stream);
    set_next(arrivals);
}
