#include "sim/traffic/faults.h"

#include "sim/scenario/fault_rates.h"

#define NEVER (INT64_MAX / 2)

/* -ln(1 - @share) for a share up to 1/2, by additions and multiplications alone: the series
 * of 2 artanh(share / (2 - share)), whose terms shrink to a ninth or less. */
static double
minus_log_of_most(double share)
{
    double x = share / (2 - share);
    double power = x;
    double sum = 0;
    double before = -1;

    for (int k = 1; sum != before; k += 2) {
        before = sum;
        sum += power / k;
        power *= x * x;
    }
    return 2 * sum;
}

/* -ln(1 - @share) for a share below 1: what is left is doubled, without any rounding, until it is
 * half of all. Otherwise there would be no end of terms near 1. */
static double
minus_log_of_rest(double share)
{
    double rest = 1 - share;
    int doublings = 0;

    if (share <= 0.5)
        return minus_log_of_most(share);
    while (rest < 0.5) {
        rest *= 2;
        doublings++;
    }
    share = 1 - rest;
    return doublings * minus_log_of_most(0.5) + minus_log_of_most(share);
}

/* An exponential variate of that rate, rounded down. */
static int64_t
draw_gap(Faults *faults, double rate)
{
    double gap;

    if (!(rate > 0))
        return NEVER;
    gap = stream_exponential(&faults->stream) / rate;
    return gap < (double)NEVER ? (int64_t)gap : NEVER;
}

static int64_t
draw_settlements(Faults *faults)
{
    return faults->rates->torn < 1 ? draw_gap(faults, faults->torn_rate) : 0;
}

Faults *
faults_new(const ScenarioFaults *rates, uint64_t seed, uint64_t replication)
{
    double per_day = 0;
    Faults *faults;

    for (TearParty party = 0; party < N_TEAR_PARTIES; party++)
        per_day += rates->per_day[party];
    if (!(per_day > 0) && !(rates->torn > 0))
        return NULL;
    faults = g_new0(Faults, 1);
    faults->rates = rates;
    faults->per_micro = per_day / (double)MICROS_PER_DAY;
    if (rates->torn < 1)
        faults->torn_rate = minus_log_of_rest(rates->torn);
    stream_init(&faults->stream, seed, replication, "faults");
    faults->time_left = draw_gap(faults, faults->per_micro);
    faults->settlements_left = draw_settlements(faults);
    return faults;
}

/* One party in proportion to its hazard. */
static TearParty
draw_party(Faults *faults)
{
    const double *per_day = faults->rates->per_day;
    double at = (double)(int64_t)(stream_next(&faults->stream) >> 11) * 0x1p-53;
    TearParty drawn = 0;

    at *= per_day[TEAR_PAYER] + per_day[TEAR_PAYEE] + per_day[TEAR_TERMINAL];
    for (TearParty party = 0; party < N_TEAR_PARTIES; party++) {
        if (!(per_day[party] > 0))
            continue;
        drawn = party;
        if (at < per_day[party])
            break;
        at -= per_day[party];
    }
    return drawn;
}

static TearParty
draw_torn_party(Faults *faults)
{
    if (faults->rates->torn_party != TORN_PARTY_ANY)
        return (TearParty)(faults->rates->torn_party - TORN_PARTY_PAYER);
    return (TearParty)stream_below(&faults->stream, N_TEAR_PARTIES);
}

/* Of two tears of one settlement the first counts. */
Tear
faults_draw(Faults *faults, Micros duration)
{
    Tear tear = { .instant = duration };

    if (faults->settlements_left == 0) {
        tear.instant = (Micros)stream_below(&faults->stream, (uint64_t)duration);
        tear.party = draw_torn_party(faults);
        faults->settlements_left = draw_settlements(faults);
    } else {
        faults->settlements_left--;
    }
    if (faults->time_left < tear.instant) {
        tear.instant = faults->time_left;
        tear.party = draw_party(faults);
        faults->time_left = draw_gap(faults, faults->per_micro);
    } else {
        faults->time_left -= tear.instant;
    }
    tear.chance = (uint32_t)(stream_next(&faults->stream) >> 32);
    return tear;
}
