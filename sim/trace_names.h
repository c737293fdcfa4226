/* trace_names.h - the names of a trace's cards, numbered as they appear. */
#ifndef SIM_TRACE_NAMES_H
#define SIM_TRACE_NAMES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct TraceNames TraceNames;

TraceNames *trace_names_new(void);
void trace_names_free(TraceNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceNames, trace_names_free)

/* So many different names have been added. */
uint32_t trace_names_count(const TraceNames *names);

/* The number of a name of @length bytes, which may be any; the next one, from 0, if it is new. */
uint32_t trace_names_add(TraceNames *names, const char *text, gsize length);

/* Returns: false if there is no such name. Several threads may look at once. */
bool trace_names_find(const TraceNames *names, const char *text, gsize length, uint32_t *number);

/* Fetches from memory what the two above will look at: nothing but speed depends on it. */
void trace_names_fetch(const TraceNames *names, const char *text, gsize length);

#endif
