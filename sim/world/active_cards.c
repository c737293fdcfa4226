#include "sim/world/active_cards.h"

#include "sim/measure/metrics.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/unset.h"

/* Ticks since the card's last settlement; 0 if it has not ended. */
static uint32_t
rest_of(const CardRecord *record, Micros now)
{
    return card_record_is_busy(record, now)
               ? 0
               : (uint32_t)(now >> POPULATION_TICK_BITS) - record->last_end;
}

bool
active_cards_is_active(const World *world, const CardRecord *record, Micros now)
{
    return rest_of(record, now) <= (uint32_t)(world->active_within >> POPULATION_TICK_BITS);
}

uint32_t
active_cards_id(const World *world, const CardRecord *record, KeyKind kind)
{
    return world_id(world, kind == KEY_TRANSFER ? record->transfer_key : record->update_key);
}

ExposureLook
active_cards_count_exposed(gpointer data, KeyKind kind, uint32_t id, Micros now)
{
    const World *world = data;
    ExposureLook look = { 0, 0 };

    for (uint32_t card = 0; card < world->population->n_cards; card++) {
        const CardRecord *record = &world->population->records[card];

        if (!active_cards_is_active(world, record, now))
            continue;
        look.active++;
        look.exposed += active_cards_id(world, record, kind) == id;
    }
    return look;
}

uint64_t
active_cards_count_active(const World *world, KeyKind kind, const GArray *ids, uint64_t *at_least,
                          Micros now)
{
    uint64_t n = 0;

    for (guint i = 0; i < ids->len; i++)
        at_least[i] = 0;
    for (uint32_t card = 0; card < world->population->n_cards; card++) {
        const CardRecord *record = &world->population->records[card];
        uint32_t id = active_cards_id(world, record, kind);

        if (!active_cards_is_active(world, record, now))
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
    g_autoptr(GArray) ids = plan_facts_collect_ids(world->scenario, kind);
    g_autofree uint64_t *at_least = g_new0(uint64_t, ids->len);
    uint64_t n = active_cards_count_active(world, kind, ids, at_least, now);

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
        newest = MAX(newest, active_cards_id(world, &population->records[card], KEY_TRANSFER));
    for (uint32_t card = 0; card < population->n_cards; card++)
        n += population_entry(population, population->records[card].entry)
                 ->profile.transfer_key_limit < newest;
    return n;
}

GArray *
active_cards_take(const World *world, Micros now)
{
    const Scheme *scheme = &world->protocol.scheme;
    GArray *metrics = g_array_new(FALSE, FALSE, sizeof(Metric));

    if (world->active_within == SCENARIO_UNSET)
        return metrics;
    add_shares(world, KEY_TRANSFER, now, metrics);
    if (scheme_has_update_keys(scheme))
        add_shares(world, KEY_UPDATE, now, metrics);
    if (scheme_delivers_keys(scheme))
        metrics_add_integer(metrics, "due-for-reclamation", "cards", count_due(world));
    return metrics;
}
