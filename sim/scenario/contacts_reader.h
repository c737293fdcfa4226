/* contacts_reader.h - the rows of a trace: who paid whom when, as a file has recorded it.
 *
 * A CSV file, with or without a header, plain or packed by gzip (which its content tells, not
 * its name), is read row by row. What is wrong with it is told like what is wrong with a
 * scenario: `FILE:LINE: expected ..., found ...`. */
#ifndef SIM_SCENARIO_CONTACTS_READER_H
#define SIM_SCENARIO_CONTACTS_READER_H

#include "model/protocol/units.h"

#include "sim/base/row_reader.h"
#include "sim/scenario/contacts_names.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define CONTACTS_ERROR (contacts_error_quark())
GQuark contacts_error_quark(void);
typedef enum {
    CONTACTS_ERROR_UNREADABLE, /* there is no such file, or it may not be read; message: why */
    CONTACTS_ERROR_INVALID,    /* its content is wrong; message: FILE:LINE: ... */
    CONTACTS_ERROR_CHANGED, /* it is not what it was when it was first read; message: FILE: ... */
} ContactsError;

/* The last two may be missing, and need not stand in the file. */
typedef enum {
    TRACE_TIME,
    TRACE_PAYER,
    TRACE_PAYEE,
    TRACE_AMOUNT,
    TRACE_TERMINAL,
    N_TRACE_COLUMNS
} ContactsColumn;

typedef enum { TRACE_IDS_NAMES, TRACE_IDS_NUMBER, N_TRACE_IDS } TraceIds;

/**
 * ContactsFormat: how a file is to be read
 * @path: NULL: there is none
 * @columns: by ContactsColumn, NULL-terminated, at least three; names in the header, or
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
} ContactsFormat;

bool contacts_format_has(const ContactsFormat *format, ContactsColumn column);

/**
 * ContactsRow: one meeting, or a card with itself
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
} ContactsRow;

typedef struct ContactsReader ContactsReader;

/**
 * contacts_reader_new:
 * @format: borrowed
 * @known: borrowed; names that were added when the file was read before; NULL with numbers
 * @fresh: likewise, to which new names are added; NULL: all must be in @known
 *
 * Opens the file and reads its header.
 *
 * Returns: NULL with @error set (CONTACTS_ERROR, G_IO_ERROR)
 */
ContactsReader *contacts_reader_new(const ContactsFormat *format, const ContactsNames *known,
                                    ContactsNames *fresh, GError **error);
void contacts_reader_free(ContactsReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContactsReader, contacts_reader_free)

/* Reads a row. Returns: whether there is one; %ROW_STATUS_FAILED with @error set likewise */
RowStatus contacts_reader_next(ContactsReader *reader, ContactsRow *row, GError **error);

#endif
