/* engine_source.h - runs an engine inside a GLib main loop.
 *
 * Each dispatch runs a batch of events, bounded by number and by a few
 * milliseconds of wall clock, at idle priority: a progress timer and signals go
 * first. The size of the batch changes the speed and never the results. */
#ifndef SIM_BASE_ENGINE_SOURCE_H
#define SIM_BASE_ENGINE_SOURCE_H

#include "sim/base/engine.h"

#include <glib.h>

#define ENGINE_SOURCE_BATCH 1024

/**
 * sim_engine_source_new:
 * @engine: borrowed
 * @batch: most events in one dispatch
 *
 * Returns: (transfer full): a source that calls its callback (a GSourceFunc) when
 *   no event is left and goes by what it returns
 */
GSource *sim_engine_source_new(SimEngine *engine, guint batch);

#endif
