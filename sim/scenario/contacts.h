/* contacts.h - a trace as a whole: what a first pass over its file has found, and the rows again.
 *
 * The file is read once before the run, which checks it and counts its cards, and once for each
 * replication, for which it must stay as it is (rows that had to be sorted are read once only).
 * Only the names of its cards stay in memory, and its rows if they had to be sorted. */
#ifndef SIM_SCENARIO_CONTACTS_H
#define SIM_SCENARIO_CONTACTS_H

#include "model/protocol/units.h"

#include "sim/scenario/contacts_reader.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Contacts Contacts;

/**
 * ContactsFacts:
 * @n_rows: in the file
 * @n_self: of them, from a card to itself; they are no meetings
 * @n_cards: named in the file, self rows included; with numbers, the highest plus one
 * @last: time of the last row
 * @n_seen: different cards that rows name
 * @first_unseen: the smallest number of a card that none names
 * @n_twins: names of which there is another that may be the same card's, see contacts_twins.h;
 *   @twins: the first two, NULL if there are none
 * @is_turned: with trace-sort, times fell from the first row to the last, and never rose: rows were
 *   read in the opposite order
 * @has_doubtful_ties: with trace-sort, times mostly fell, and equal ones stand in the order of the
 *   file all the same
 * @is_unsorted: whether some row is before the one above it
 */
typedef struct {
    uint64_t n_rows;
    uint64_t n_self;
    int64_t n_cards;
    Micros last;
    uint64_t n_seen;
    uint64_t first_unseen;
    uint64_t n_twins;
    char *twins[2];
    bool is_turned;
    bool has_doubtful_ties;
    bool is_unsorted;
} ContactsFacts;

/**
 * contacts_new:
 * @format: copied
 *
 * Reads and checks the whole file.
 *
 * Returns: NULL with @error set, see contacts_reader_new()
 */
Contacts *contacts_new(const ContactsFormat *format, GError **error);
Contacts *contacts_ref(Contacts *trace);
void contacts_unref(Contacts *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Contacts, contacts_unref)

const ContactsFacts *contacts_facts(const Contacts *trace);

/* Whether @trace is what contacts_new() would find with this format, the file being as it was. */
bool contacts_is_of(const Contacts *trace, const ContactsFormat *format);

/* Returns: false with @error set (CONTACTS_ERROR_CHANGED) if the file is needed for further
 * replications and is no more what it was; messages name it */
bool contacts_check_unchanged(const Contacts *trace, GError **error);

/* The rows in order of time, equal times in that of the file (unless it was turned round), without
 * self rows. Several
 * threads may each have one. */
typedef struct ContactsCursor ContactsCursor;

/* @trace: borrowed. The file is not opened before the first row is wanted. */
ContactsCursor *contacts_cursor_new(const Contacts *trace);
void contacts_cursor_free(ContactsCursor *cursor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContactsCursor, contacts_cursor_free)

/* Returns: whether there is a row; %ROW_STATUS_FAILED with @error set: the file is not what it
 * was, or cannot be read */
RowStatus contacts_cursor_next(ContactsCursor *cursor, ContactsRow *row, GError **error);

/**
 * trace_complain_of_card:
 * @n_cards: that there are
 *
 * Sets @error (CONTACTS_ERROR_INVALID) at the first row with a card beyond them, of which there
 * is one.
 */
void contacts_complain_of_card(const Contacts *trace, int64_t n_cards, GError **error);

#endif
