#include "sim/scenario/law.h"

#include <math.h>

bool
law_distribution(const Law *law, InverseCdfLaw *distribution)
{
    distribution->kind =
        law->kind == LAW_LOG_NORMAL ? INVERSE_CDF_LOG_NORMAL : INVERSE_CDF_EXPONENTIAL;
    distribution->shape = law->sigma;
    return law->kind == LAW_LOG_NORMAL || law->kind == LAW_EXPONENTIAL;
}

double
law_mean(const Law *law)
{
    switch (law->kind) {
    case LAW_EXPONENTIAL:
        return MIN((double)law->scale, (double)law->high);
    case LAW_LOG_NORMAL:
        return MIN((double)law->scale * exp(law->sigma * law->sigma / 2), (double)law->high);
    case LAW_CONSTANT:
    case LAW_UNIFORM:
        break;
    }
    return ((double)law->low + (double)law->high) / 2;
}

static void
draw_uniform(const Law *law, Stream *stream, int64_t *out, guint n)
{
    int64_t low = law->low;
    uint64_t width = (uint64_t)(law->high - low) + 1;
    Stream own = *stream; /* in registers */

    for (guint i = 0; i < n; i++)
        out[i] = low + (int64_t)((unsigned __int128)stream_next(&own) * width >> 64);
    *stream = own;
}

static void
draw_from_table(const Law *law, Stream *stream, int64_t *out, guint n)
{
    double scale = (double)law->scale;
    double most = (double)law->high;
    Stream own = *stream;

    for (guint i = 0; i < n; i++) {
        double value = scale * inverse_cdf_draw(law->quantiles, stream_next(&own));

        out[i] = (int64_t)(MIN(value, most) + 0.5);
    }
    *stream = own;
}

void
law_draw(const Law *law, Stream *stream, int64_t *out, guint n)
{
    for (guint i = 0; i < n && law->kind == LAW_CONSTANT; i++)
        out[i] = law->low;
    if (law->kind == LAW_UNIFORM)
        draw_uniform(law, stream, out, n);
    else if (law->kind != LAW_CONSTANT)
        draw_from_table(law, stream, out, n);
}
