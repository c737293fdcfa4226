#include "sim/runs/space.h"

#include "sim/measure/sampling.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/scenario.h"

#include <string.h>

/* The shortest rows that there may be, without the scenario's name. */
#define BYTES_OF_PROPAGATION ((double)sizeof ",0,1,0,update,1,0,0,0")
#define BYTES_OF_VALUE ((double)sizeof ",0,1,0,0,0,0,0,0,0,0,0")

static uint32_t
id_of(const ScenarioCohort *cohort, KeyKind kind)
{
    return (uint32_t)(kind == KEY_TRANSFER ? cohort->terms.transfer_key : cohort->terms.update_key);
}

/* Generations that cards hold from the start: each has a row in every sample. */
static guint
count_generations(const Scenario *scenario, KeyKind kind)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (scenario_cohort(scenario, i)->cards > 0)
            g_hash_table_add(ids, GUINT_TO_POINTER(id_of(scenario_cohort(scenario, i), kind)));
    return g_hash_table_size(ids);
}

double
space_least_bytes(const Scenario *scenario, RecorderFile file)
{
    const guint n_kinds = scheme_has_update_keys(&scenario->scheme) ? N_KEY_KINDS : 1;
    const double name = (double)strlen(scenario->name);
    double rows = 0;
    Sampling sampling;

    sampling_init(&sampling, scenario->sample_interval, scenario->duration);
    if (file == FILE_VALUE)
        return (sampling.n + 1.0) * (name + BYTES_OF_VALUE);
    for (KeyKind kind = 0; file == FILE_PROPAGATION && kind < n_kinds; kind++)
        rows += (sampling.n + 1.0) * count_generations(scenario, kind);
    return rows * (name + BYTES_OF_PROPAGATION);
}
