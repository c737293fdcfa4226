/* trace_reader.h - the rows of a trace: who paid whom when, as a file has recorded it.
 *
 * A CSV file, with or without a header, plain or packed by gzip (which its content tells, not
 * its name), is read row by row. What is wrong with it is told like what is wrong with a
 * scenario: `FILE:LINE: expected ..., found ...`. */
#ifndef SIM_TRACE_READER_H
#define SIM_TRACE_READER_H

#include "model/units.h"

#include "sim/row_reader.h"
#include "sim/trace_names.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define TRACE_ERROR (trace_error_quark())
GQuark trace_error_quark(void);
typedef enum {
    TRACE_ERROR_UNREADABLE, /* there is no such file, or it may not be read; message: why */
    TRACE_ERROR_INVALID,    /* its content is wrong; message: FILE:LINE: ... */
} TraceError;

/* The last two may be missing, and need not stand in the file. */
typedef enum {
    TRACE_TIME,
    TRACE_PAYER,
    TRACE_PAYEE,
    TRACE_AMOUNT,
    TRACE_TERMINAL,
    N_TRACE_COLUMNS
} TraceColumn;

typedef enum { TRACE_IDS_NAMES, TRACE_IDS_NUMBER, N_TRACE_IDS } TraceIds;

/**
 * TraceFormat: how a file is to be read
 * @path: NULL: there is none
 * @columns: by TraceColumn, NULL-terminated, at least three; names in the header, or
 *   numbers from 1; an empty one is missing
 * @has_header: whether the first row names the columns
 * @ids: whether cards are named, or their numbers given
 * @is_to_be_sorted: by time; else it must be
 * @terminals: names that may stand in column TRACE_TERMINAL, NULL-terminated
 */
typedef struct {
    char *path;
    char **columns;
    char delimiter;
    bool has_header;
    TraceIds ids;
    bool is_to_be_sorted;
    char **terminals;
} TraceFormat;

bool trace_format_has(const TraceFormat *format, TraceColumn column);

/**
 * TraceRow: one meeting, or a card with itself
 * @number: of the row in the file, from 1, without header and blank lines
 * @amount, @terminal: 0 where the column is missing; @terminal: index in @terminals
 */
typedef struct {
    Micros at;
    uint32_t payer;
    uint32_t payee;
    Cents amount;
    guint terminal;
    guint64 line;
    guint64 number;
} TraceRow;

typedef struct TraceReader TraceReader;

/**
 * trace_reader_new:
 * @format: borrowed
 * @known: borrowed; names that were added when the file was read before; NULL with numbers
 * @fresh: likewise, to which new names are added; NULL: all must be in @known
 *
 * Opens the file and reads its header.
 *
 * Returns: NULL with @error set (TRACE_ERROR, G_IO_ERROR)
 */
TraceReader *trace_reader_new(const TraceFormat *format, const TraceNames *known, TraceNames *fresh,
                              GError **error);
void trace_reader_free(TraceReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceReader, trace_reader_free)

/* Reads a row. Returns: whether there is one; %ROW_STATUS_FAILED with @error set likewise */
RowStatus trace_reader_next(TraceReader *reader, TraceRow *row, GError **error);

#endif
