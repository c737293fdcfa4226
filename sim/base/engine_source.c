#include "sim/base/engine_source.h"

#define DISPATCH_MAX_US 5000
#define EVENTS_BETWEEN_CLOCKS 64

typedef struct {
    GSource base; /* first: GLib allocates the whole and sees only this */
    SimEngine *engine;
    guint batch;
} EngineSource;

static gboolean
run_batch(GSource *source, GSourceFunc on_finished, gpointer user_data)
{
    EngineSource *self = (EngineSource *)source;
    gint64 until = g_get_monotonic_time() + DISPATCH_MAX_US;

    for (guint n = 1; n <= self->batch; n++) {
        if (!sim_engine_step(self->engine))
            return on_finished != NULL ? on_finished(user_data) : G_SOURCE_REMOVE;
        if (n % EVENTS_BETWEEN_CLOCKS == 0 && g_get_monotonic_time() > until)
            break;
    }
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs engine_source_funcs = { .dispatch = run_batch };

GSource *
sim_engine_source_new(SimEngine *engine, guint batch)
{
    GSource *source = g_source_new(&engine_source_funcs, sizeof(EngineSource));
    EngineSource *self = (EngineSource *)source;

    self->engine = engine;
    self->batch = batch;
    g_source_set_static_name(source, "simulation engine");
    g_source_set_ready_time(source, 0); /* always ready: never waits for the wall clock */
    g_source_set_priority(source, G_PRIORITY_DEFAULT_IDLE);
    return source;
}
