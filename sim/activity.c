#include "sim/activity.h"

void
activity_clear(ActivityLaw *law)
{
    g_clear_pointer(&law->file, g_free);
    g_clear_pointer(&law->rates, g_array_unref);
    g_clear_pointer(&law->choice, alias_free);
}

bool
activity_distribution(const ActivityLaw *law, QuantilesLaw *distribution)
{
    distribution->shape = law->shape;
    switch (law->kind) {
    case ACTIVITY_GAMMA:
        distribution->kind = QUANTILES_GAMMA;
        return true;
    case ACTIVITY_LOG_NORMAL:
        distribution->kind = QUANTILES_LOG_NORMAL;
        return true;
    case ACTIVITY_PARETO:
        distribution->kind = QUANTILES_PARETO;
        return true;
    default:
        return false;
    }
}

/* What a value of the table is multiplied by. */
static double
scale_of(const ActivityLaw *law)
{
    return law->per_day / quantiles_mean(law->quantiles);
}

void
activity_draw(const ActivityLaw *law, Stream *stream, AliasTable *rates)
{
    double scale = law->quantiles == NULL ? 1 : scale_of(law);

    for (uint32_t i = 0; i < rates->n; i++) {
        double *weight = &rates->columns[i].weight;

        if (law->kind == ACTIVITY_CONSTANT)
            *weight = law->per_day;
        else if (law->kind == ACTIVITY_EMPIRICAL)
            *weight =
                g_array_index(law->rates, double, alias_draw(law->choice, stream_next(stream)));
        else
            *weight = scale * quantiles_draw(law->quantiles, stream_next(stream));
    }
}

/* Knuth's selection in order: as many passes of chance as there are cards, no memory. */
void
activity_make_dormant(AliasTable *rates, double share, Stream *stream)
{
    uint64_t wanted = (uint64_t)(share * rates->n + 0.5);

    for (uint32_t i = 0; i < rates->n && wanted > 0; i++)
        if (stream_below(stream, rates->n - i) < wanted) {
            rates->columns[i].weight = 0;
            wanted--;
        }
}
