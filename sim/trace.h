/* trace.h - a trace as a whole: what a first pass over its file has found, and the rows again.
 *
 * The file is read once before the run, which checks it and counts its cards, and once for each
 * replication. Only the names of its cards stay in memory, and its rows if they had to be
 * sorted. */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "model/units.h"

#include "sim/trace_reader.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Trace Trace;

/**
 * TraceFacts:
 * @n_rows: in the file
 * @n_self: of them, from a card to itself; they are no meetings
 * @n_cards: named in the file, self rows included; with numbers, the highest plus one
 * @last: time of the last row
 */
typedef struct {
    uint64_t n_rows;
    uint64_t n_self;
    int64_t n_cards;
    Micros last;
} TraceFacts;

/**
 * trace_new:
 * @format: copied
 *
 * Reads and checks the whole file.
 *
 * Returns: NULL with @error set, see trace_reader_new()
 */
Trace *trace_new(const TraceFormat *format, GError **error);
Trace *trace_ref(Trace *trace);
void trace_unref(Trace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trace, trace_unref)

const TraceFacts *trace_facts(const Trace *trace);

/* Whether @trace is what trace_new() would find with this format, the file being as it was. */
bool trace_is_of(const Trace *trace, const TraceFormat *format);

/* The rows in order of time, equal times in that of the file, without self rows. Several
 * threads may each have one. */
typedef struct TraceCursor TraceCursor;

/* @trace: borrowed. The file is not opened before the first row is wanted. */
TraceCursor *trace_cursor_new(const Trace *trace);
void trace_cursor_free(TraceCursor *cursor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceCursor, trace_cursor_free)

/* Returns: whether there is a row; %ROW_STATUS_FAILED with @error set: the file is not what it
 * was, or cannot be read */
RowStatus trace_cursor_next(TraceCursor *cursor, TraceRow *row, GError **error);

/**
 * trace_complain_of_card:
 * @n_cards: that there are
 *
 * Sets @error (TRACE_ERROR_INVALID) at the first row with a card beyond them, of which there
 * is one.
 */
void trace_complain_of_card(const Trace *trace, int64_t n_cards, GError **error);

#endif
