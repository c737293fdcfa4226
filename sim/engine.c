#include "sim/engine.h"

/* One event; the sequence number breaks ties of time and rank. */
typedef struct {
    Micros at;
    uint64_t order; /* rank << 56 | sequence */
    SimEventFunc run;
    gpointer data;
} Event;

/* Children of a node of the heap: four fit the cache better than two. */
#define BRANCHES 4
#define RANK_SHIFT 56

struct SimEngine {
    GArray *heap; /* of Event */
    Micros now;
    Micros last; /* events after it do not run */
    uint64_t n_scheduled;
    uint64_t n_events;
    uint64_t n_ties;
};

SimEngine *
sim_engine_new(void)
{
    SimEngine *engine = g_new0(SimEngine, 1);

    engine->heap = g_array_new(FALSE, FALSE, sizeof(Event));
    engine->last = INT64_MAX;
    return engine;
}

void
sim_engine_free(SimEngine *engine)
{
    if (engine == NULL)
        return;
    g_array_unref(engine->heap);
    g_free(engine);
}

Micros
sim_engine_now(const SimEngine *engine)
{
    return engine->now;
}

uint64_t
sim_engine_n_events(const SimEngine *engine)
{
    return engine->n_events;
}

uint64_t
sim_engine_n_ties(const SimEngine *engine)
{
    return engine->n_ties;
}

static Event *
event_at(const SimEngine *engine, guint i)
{
    return &g_array_index(engine->heap, Event, i);
}

static bool
runs_before(const Event *a, const Event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

/* Moves @event from the hole at @i towards the root to where it belongs. */
static void
sift_up(SimEngine *engine, guint i, Event event)
{
    while (i > 0 && runs_before(&event, event_at(engine, (i - 1) / BRANCHES))) {
        *event_at(engine, i) = *event_at(engine, (i - 1) / BRANCHES);
        i = (i - 1) / BRANCHES;
    }
    *event_at(engine, i) = event;
}

static guint
first_child(const SimEngine *engine, guint i)
{
    guint first = BRANCHES * i + 1;
    guint end = MIN(first + BRANCHES, engine->heap->len);
    guint best = first;

    for (guint child = first + 1; child < end; child++)
        if (runs_before(event_at(engine, child), event_at(engine, best)))
            best = child;
    return best;
}

/* Takes the event at @i out of the heap and lets the last one fill the hole. */
static void
remove_at(SimEngine *engine, guint i)
{
    Event last = *event_at(engine, engine->heap->len - 1);
    guint child;

    g_array_set_size(engine->heap, engine->heap->len - 1);
    if (i == engine->heap->len)
        return;
    while ((child = first_child(engine, i)) < engine->heap->len &&
           runs_before(event_at(engine, child), &last)) {
        *event_at(engine, i) = *event_at(engine, child);
        i = child;
    }
    sift_up(engine, i, last);
}

SimEventId
sim_engine_schedule(SimEngine *engine, Micros at, EngineRank rank, SimEventFunc run, gpointer data)
{
    Event event = {
        .at = at,
        .order = (uint64_t)rank << RANK_SHIFT | engine->n_scheduled++,
        .run = run,
        .data = data,
    };

    g_assert(at >= engine->now);
    g_array_append_val(engine->heap, event);
    sift_up(engine, engine->heap->len - 1, event);
    return event.order;
}

void
sim_engine_cancel(SimEngine *engine, SimEventId id)
{
    for (guint i = 0; i < engine->heap->len; i++)
        if (event_at(engine, i)->order == id) {
            remove_at(engine, i);
            return;
        }
}

void
sim_engine_set_end(SimEngine *engine, Micros end)
{
    engine->last = end - 1;
}

Micros
sim_engine_next_time(const SimEngine *engine)
{
    return engine->heap->len == 0 ? INT64_MAX : event_at(engine, 0)->at;
}

bool
sim_engine_step(SimEngine *engine)
{
    Event event;

    if (engine->heap->len == 0 || sim_engine_next_time(engine) > engine->last)
        return false;
    event = *event_at(engine, 0);
    remove_at(engine, 0);
    if (engine->n_events++ > 0 && event.at == engine->now)
        engine->n_ties++;
    engine->now = event.at;
    event.run(engine, event.data);
    return true;
}
