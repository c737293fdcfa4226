#include "sim/base/engine.h"

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
    const SimCrowd *crowd; /* NULL: none */
    gpointer crowd_data;
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

/* Takes the first event out of the heap and lets the last one fill the hole. */
static void
remove_first(SimEngine *engine)
{
    Event last = *event_at(engine, engine->heap->len - 1);
    guint i = 0;
    guint child;

    g_array_set_size(engine->heap, engine->heap->len - 1);
    if (engine->heap->len == 0)
        return;
    while ((child = first_child(engine, i)) < engine->heap->len &&
           runs_before(event_at(engine, child), &last)) {
        *event_at(engine, i) = *event_at(engine, child);
        i = child;
    }
    *event_at(engine, i) = last;
}

void
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
}

void
sim_engine_set_crowd(SimEngine *engine, const SimCrowd *crowd, gpointer data)
{
    engine->crowd = crowd;
    engine->crowd_data = data;
}

void
sim_engine_count(SimEngine *engine, const Micros *times, guint n)
{
    guint ties = 0;

    if (n == 0)
        return;
    if (engine->n_events > 0 && times[0] == engine->now)
        ties++;
    for (guint i = 1; i < n; i++)
        ties += times[i] == times[i - 1];
    engine->n_ties += ties;
    engine->n_events += n;
    engine->now = times[n - 1];
}

void
sim_engine_set_end(SimEngine *engine, Micros end)
{
    engine->last = end - 1;
}

static Micros
next_queued(const SimEngine *engine)
{
    return engine->heap->len == 0 ? INT64_MAX : event_at(engine, 0)->at;
}

static Micros
next_of_crowd(const SimEngine *engine)
{
    return engine->crowd == NULL ? INT64_MAX : engine->crowd->next(engine->crowd_data);
}

Micros
sim_engine_next_time(const SimEngine *engine)
{
    return MIN(next_queued(engine), next_of_crowd(engine));
}

static void
run_queued(SimEngine *engine)
{
    Event event = *event_at(engine, 0);

    remove_first(engine);
    if (engine->n_events++ > 0 && event.at == engine->now)
        engine->n_ties++;
    engine->now = event.at;
    event.run(engine, event.data);
}

bool
sim_engine_step(SimEngine *engine)
{
    Micros queued = next_queued(engine);
    Micros until = MIN(queued, engine->last == INT64_MAX ? INT64_MAX : engine->last + 1);

    if (next_of_crowd(engine) < until) {
        engine->crowd->run(engine, until, engine->crowd_data);
        return true;
    }
    if (engine->heap->len == 0 || queued > engine->last)
        return false;
    run_queued(engine);
    return true;
}
