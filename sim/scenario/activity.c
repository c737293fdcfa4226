#include "sim/scenario/activity.h"

#include "sim/base/share.h"

#include <string.h>

void
activity_clear(ActivityLaw *law)
{
    g_clear_pointer(&law->file, g_free);
    g_clear_pointer(&law->rates, g_array_unref);
    g_clear_pointer(&law->choice, alias_free);
}

bool
activity_distribution(const ActivityLaw *law, InverseCdfLaw *distribution)
{
    distribution->shape = law->shape;
    switch (law->kind) {
    case ACTIVITY_GAMMA:
        distribution->kind = INVERSE_CDF_GAMMA;
        return true;
    case ACTIVITY_LOG_NORMAL:
        distribution->kind = INVERSE_CDF_LOG_NORMAL;
        return true;
    case ACTIVITY_PARETO:
        distribution->kind = INVERSE_CDF_PARETO;
        return true;
    default:
        return false;
    }
}

/* What a value of the table is multiplied by. */
static double
scale_of(const ActivityLaw *law)
{
    return law->per_day / inverse_cdf_mean(law->quantiles);
}

void
activity_draw(const ActivityLaw *law, Stream *stream, double *rates, uint32_t n)
{
    double scale = law->quantiles == NULL ? 1 : scale_of(law);

    g_assert(law->quantiles != NULL || law->kind == ACTIVITY_CONSTANT ||
             law->kind == ACTIVITY_EMPIRICAL);
    for (uint32_t i = 0; i < n; i++)
        if (law->kind == ACTIVITY_CONSTANT)
            rates[i] = law->per_day;
        else if (law->kind == ACTIVITY_EMPIRICAL)
            rates[i] =
                g_array_index(law->rates, double, alias_draw(law->choice, stream_next(stream)));
        else
            rates[i] = scale * inverse_cdf_draw(law->quantiles, stream_next(stream));
}

/* Knuth's selection in order: as many passes of chance as there are cards, no memory. */
void
activity_make_dormant(double *rates, uint32_t n, double share, Stream *stream)
{
    uint64_t wanted = share_count(share, n);

    for (uint32_t i = 0; i < n && wanted > 0; i++)
        if (stream_below(stream, n - i) < wanted) {
            rates[i] = 0;
            wanted--;
        }
}

/* What leads in a number that is not negative grows with it: the exponent, 8 bits behind. */
#define LEADING_BITS 19

static uint32_t
leading_bits(double rate)
{
    uint64_t bits;

    memcpy(&bits, &rate, sizeof(bits));
    return (uint32_t)(bits >> (63 - LEADING_BITS));
}

void
activity_sort(double *rates, uint32_t n)
{
    g_autofree double *unsorted = g_memdup2(rates, n * sizeof(double));
    g_autofree uint32_t *next = g_new0(uint32_t, 1 << LEADING_BITS);
    uint32_t before = 0;

    for (uint32_t i = 0; i < n; i++)
        next[leading_bits(rates[i])]++;
    for (uint32_t k = 0; k < 1 << LEADING_BITS; k++) {
        uint32_t of_kind = next[k];

        next[k] = before;
        before += of_kind;
    }
    for (uint32_t i = 0; i < n; i++)
        rates[next[leading_bits(unsorted[i])]++] = unsorted[i];
}
