#include "sim/scenario/profile.h"

#define WEEK (PROFILE_WEEK_DAYS * MICROS_PER_DAY)
#define TICKS(micros) ((micros) << PROFILE_TICK_BITS)
#define SECONDS_PER_DAY 86400
#define FIRST_WEEKDAY 3 /* 1970-01-01 was a Thursday */
#define SLOPE_BITS 63   /* that a slope has at most */
#define SHIFT_MOST 90   /* a length on the clock has 37 bits: together they fit into 128 */

/**
 * Part: from @clock and @tick on, to where the next one begins, of a week that begins at time 0
 * @slope: microseconds of the clock in a tick, times 2^@shift; 0 where operational time stands
 */
typedef struct {
    Micros clock;
    int64_t tick;
    uint64_t slope;
    guint shift;
} Part;

/* @week, @part: where profile_clock() is. One part more than there are ends the week. */
struct Profile {
    int64_t week;
    guint part;
    guint n_parts;
    Part parts[];
};

static double
weight_at(const GArray *weights, guint i)
{
    return weights->len == 0 ? 1 : g_array_index(weights, double, i);
}

static void
set_slope(Part *part, const Part *next)
{
    unsigned __int128 micros = (unsigned __int128)(next->clock - part->clock);
    unsigned __int128 ticks = (unsigned __int128)(next->tick - part->tick);

    if (ticks == 0)
        return;
    while (part->shift < SHIFT_MOST && (micros << (part->shift + 1)) / ticks < UINT64_C(1)
                                                                                   << SLOPE_BITS)
        part->shift++;
    part->slope = (uint64_t)((micros << part->shift) / ticks);
}

Profile *
profile_new(const GArray *day, const GArray *week, int64_t start)
{
    const guint n = MAX(day->len, 1);
    const guint n_parts = n * PROFILE_WEEK_DAYS;
    const guint weekday = (guint)((start / SECONDS_PER_DAY + FIRST_WEEKDAY) % PROFILE_WEEK_DAYS);
    Profile *profile = g_malloc0(sizeof *profile + (n_parts + 1) * sizeof *profile->parts);
    double total = 0;
    double sum = 0;

    profile->n_parts = n_parts;
    for (guint i = 0; i < n_parts; i++)
        total += weight_at(week, i / n) * weight_at(day, i % n);
    for (guint i = 0; i <= n_parts; i++) {
        Part *part = &profile->parts[i];

        part->clock = i / n * MICROS_PER_DAY + i % n * MICROS_PER_DAY / n;
        part->tick =
            i == n_parts ? TICKS(WEEK) : (int64_t)(sum / total * (double)TICKS(WEEK) + 0.5);
        sum += weight_at(week, (weekday + i / n) % PROFILE_WEEK_DAYS) * weight_at(day, i % n);
        if (i > 0)
            set_slope(part - 1, part);
    }
    return profile;
}

void
profile_free(Profile *profile)
{
    g_free(profile);
}

int64_t
profile_tick(const Profile *profile, Micros at)
{
    const int64_t week = at / WEEK;
    const Micros in_week = at % WEEK;
    const guint n = profile->n_parts / PROFILE_WEEK_DAYS;
    const Part *part =
        &profile
             ->parts[in_week / MICROS_PER_DAY * n + in_week % MICROS_PER_DAY * n / MICROS_PER_DAY];
    unsigned __int128 ticks;

    if (part[1].clock <= in_week) /* parts begin at whole microseconds */
        part++;
    ticks = (unsigned __int128)(part[1].tick - part->tick) *
            (unsigned __int128)(in_week - part->clock) /
            (unsigned __int128)(part[1].clock - part->clock);
    return week * TICKS(WEEK) + part->tick + (int64_t)ticks;
}

/* Goes to the part of @tick. */
static void
go_to(Profile *profile, int64_t tick)
{
    int64_t in_week = tick - profile->week * TICKS(WEEK);

    if (in_week < 0 || in_week >= TICKS(WEEK)) {
        profile->week = tick / TICKS(WEEK);
        profile->part = 0;
        in_week = tick % TICKS(WEEK);
    }
    while (profile->parts[profile->part + 1].tick <= in_week)
        profile->part++;
    while (profile->parts[profile->part].tick > in_week)
        profile->part--;
}

/* As many of the @n as lie in the part of the first, which it must be at. Returns: how many */
static guint
set_clock_in_part(const Profile *profile, int64_t *times, guint n)
{
    const Part part = profile->parts[profile->part];
    const uint64_t length = (uint64_t)(profile->parts[profile->part + 1].tick - part.tick);
    const int64_t from = profile->week * TICKS(WEEK) + part.tick;
    const Micros clock = profile->week * WEEK + part.clock;
    guint i = 0;

    for (; i < n && (uint64_t)(times[i] - from) < length; i++)
        times[i] = clock + (Micros)((unsigned __int128)(uint64_t)(times[i] - from) * part.slope >>
                                    part.shift);
    return i;
}

void
profile_set_clock(Profile *profile, int64_t *times, guint n)
{
    for (guint i = 0; i < n; i += set_clock_in_part(profile, &times[i], n - i))
        go_to(profile, times[i]);
}

Micros
profile_clock(Profile *profile, int64_t tick)
{
    profile_set_clock(profile, &tick, 1);
    return tick;
}

bool
profile_is_flat(const GArray *weights)
{
    for (guint i = 1; i < weights->len; i++) {
        const double first = g_array_index(weights, double, 0);
        const double weight = g_array_index(weights, double, i);

        if (weight < first || weight > first)
            return false;
    }
    return true;
}
