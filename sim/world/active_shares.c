#include "sim/world/active_shares.h"

#include "sim/scenario/plan_facts.h"
#include "sim/scenario/unset.h"
#include "sim/world/active_cards.h"

/* One generation: the first shares of metric_shares are reached. */
typedef struct {
    guint n_reached;
    Micros at[METRIC_N_SHARES];
} Reached;

struct ActiveShares {
    const World *world;
    guint n_kinds;
    GArray *ids[N_KEY_KINDS]; /* of guint32 */
    Reached *reached[N_KEY_KINDS];
    uint64_t *at_least[N_KEY_KINDS]; /* cards in the sample that is looked at */
};

static void
note_shares(ActiveShares *shares, KeyKind kind, guint i, uint64_t n, Micros now)
{
    Reached *reached = &shares->reached[kind][i];

    while (n > 0 && reached->n_reached < METRIC_N_SHARES &&
           shares->at_least[kind][i] * 1000 >= n * metric_shares[reached->n_reached])
        reached->at[reached->n_reached++] = now;
}

static void
look(ActiveShares *shares, Micros now)
{
    for (KeyKind kind = 0; kind < shares->n_kinds; kind++) {
        uint64_t n = active_cards_count_active(shares->world, kind, shares->ids[kind],
                                               shares->at_least[kind], now);

        for (guint i = 0; i < shares->ids[kind]->len; i++)
            note_shares(shares, kind, i, n, now);
    }
}

static void on_sample(SimEngine *engine, gpointer data);

static void
schedule_look(ActiveShares *shares, SimEngine *engine, Micros now)
{
    Micros next = recorder_interval_end(shares->world->recorder, now);

    if (next < shares->world->end)
        sim_engine_schedule(engine, next, RANK_SAMPLE, on_sample, shares);
}

static void
on_sample(SimEngine *engine, gpointer data)
{
    look(data, sim_engine_now(engine));
    schedule_look(data, engine, sim_engine_now(engine));
}

ActiveShares *
active_shares_new(const World *world, SimEngine *engine)
{
    const Scenario *scenario = world->scenario;
    ActiveShares *shares;

    if (world->active_within == SCENARIO_UNSET)
        return NULL;
    shares = g_new0(ActiveShares, 1);
    shares->world = world;
    shares->n_kinds = scheme_has_update_keys(&world->protocol.scheme) ? N_KEY_KINDS : 1;
    for (KeyKind kind = 0; kind < shares->n_kinds; kind++) {
        shares->ids[kind] = plan_facts_collect_ids(scenario, kind);
        shares->reached[kind] = g_new0(Reached, shares->ids[kind]->len);
        shares->at_least[kind] = g_new0(uint64_t, shares->ids[kind]->len);
    }
    schedule_look(shares, engine, 0);
    return shares;
}

void
active_shares_free(ActiveShares *shares)
{
    if (shares == NULL)
        return;
    for (KeyKind kind = 0; kind < shares->n_kinds; kind++) {
        g_array_unref(shares->ids[kind]);
        g_free(shares->reached[kind]);
        g_free(shares->at_least[kind]);
    }
    g_free(shares);
}

static void
add_generation(const ActiveShares *shares, KeyKind kind, guint i, GArray *metrics)
{
    const Reached *reached = &shares->reached[kind][i];
    const uint32_t id = g_array_index(shares->ids[kind], guint32, i);
    const Micros begin = recorder_begin(shares->world->recorder, kind, id);

    for (guint share = 0; begin >= 0 && share < METRIC_N_SHARES; share++) {
        Metric metric = {
            .name = METRIC_TIME_TO_SHARE_ACTIVE,
            .key = (int)kind,
            .generation = id,
            .share = (int)share,
            .unit = "s",
            .reached = share < reached->n_reached,
            .number = (double)MAX(reached->at[share] - begin, 0) / MICROS_PER_SECOND,
        };

        g_array_append_val(metrics, metric);
    }
}

void
active_shares_add_metrics(ActiveShares *shares, GArray *metrics)
{
    if (shares == NULL)
        return;
    look(shares, shares->world->end);
    for (KeyKind kind = 0; kind < shares->n_kinds; kind++)
        for (guint i = 0; i < shares->ids[kind]->len; i++)
            add_generation(shares, kind, i, metrics);
}
