#include "sim/census.h"

#include "sim/metrics.h"
#include "sim/plan.h"
#include "sim/scenario_keys.h"

/* Ticks since the card's last settlement; 0 if it has not ended. */
static uint32_t
rest_of(const CardRecord *record, Micros now)
{
    return card_record_is_busy(record, now)
               ? 0
               : (uint32_t)(now >> POPULATION_TICK_BITS) - record->last_end;
}

bool
census_is_active(const World *world, const CardRecord *record, Micros now)
{
    return rest_of(record, now) <=
           (uint32_t)(world->scenario->active_within >> POPULATION_TICK_BITS);
}

uint32_t
census_id(const World *world, const CardRecord *record, KeyKind kind)
{
    return world_id(world, kind == KEY_TRANSFER ? record->transfer_key : record->update_key);
}

uint64_t
census_count_active(const World *world, KeyKind kind, const GArray *ids, uint64_t *at_least,
                    Micros now)
{
    uint64_t n = 0;

    for (guint i = 0; i < ids->len; i++)
        at_least[i] = 0;
    for (uint32_t card = 0; card < world->population->n_cards; card++) {
        const CardRecord *record = &world->population->records[card];
        uint32_t id = census_id(world, record, kind);

        if (!census_is_active(world, record, now))
            continue;
        n++;
        for (guint i = 0; i < ids->len && g_array_index(ids, guint32, i) <= id; i++)
            at_least[i]++;
    }
    return n;
}

static void
add_shares(const World *world, KeyKind kind, Micros now, GArray *metrics)
{
    g_autoptr(GArray) ids = plan_collect_ids(world->scenario, kind);
    g_autofree uint64_t *at_least = g_new0(uint64_t, ids->len);
    uint64_t n = census_count_active(world, kind, ids, at_least, now);

    if (kind == KEY_TRANSFER)
        metrics_add_integer(metrics, "active-cards", "cards", (int64_t)n);
    for (guint i = 0; i < ids->len; i++) {
        Metric metric = {
            .name = "final-share-active",
            .key = (int)kind,
            .generation = g_array_index(ids, guint32, i),
            .share = METRIC_NO_SHARE,
            .unit = "share",
            .reached = n > 0,
            .number = n > 0 ? (double)at_least[i] / (double)n : 0,
        };

        g_array_append_val(metrics, metric);
    }
}

static int64_t
count_due(const World *world)
{
    const Population *population = world->population;
    uint32_t newest = 0;
    int64_t n = 0;

    for (uint32_t card = 0; card < population->n_cards; card++)
        newest = MAX(newest, census_id(world, &population->records[card], KEY_TRANSFER));
    for (uint32_t card = 0; card < population->n_cards; card++)
        n += population_entry(population, population->records[card].entry)
                 ->profile.transfer_key_limit < newest;
    return n;
}

GArray *
census_take(const World *world, Micros now)
{
    const Scheme *scheme = &world->scenario->scheme;
    GArray *metrics = g_array_new(FALSE, FALSE, sizeof(Metric));

    if (world->scenario->active_within == SCENARIO_UNSET)
        return metrics;
    add_shares(world, KEY_TRANSFER, now, metrics);
    if (scheme_has_update_keys(scheme))
        add_shares(world, KEY_UPDATE, now, metrics);
    if (scenario_keys_used_by_key_delivery(scheme))
        metrics_add_integer(metrics, "due-for-reclamation", "cards", count_due(world));
    return metrics;
}
