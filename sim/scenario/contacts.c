#include "sim/scenario/contacts.h"

#include "sim/base/file_state.h"
#include "sim/base/wording.h"
#include "sim/scenario/contacts_numbers.h"
#include "sim/scenario/contacts_twins.h"

#include <string.h>

/* How many rows are read until the file is looked at again: it may change under a long run. */
#define ROWS_BETWEEN_LOOKS 65536

struct Contacts {
    ContactsFormat format;
    ContactsFacts facts;
    FileState state;          /* of the file before it was first opened */
    ContactsNumbers *numbers; /* that rows name; NULL with names, and after the first pass */
    ContactsNames *names;     /* NULL where there are none, or they are needed no longer */
    GArray *rows;             /* of ContactsRow, self rows too; NULL unless they were sorted */
};

struct ContactsCursor {
    const Contacts *trace;
    ContactsReader *reader; /* NULL until needed */
    guint next;             /* of the sorted rows */
    uint64_t n_read;
};

static ContactsFormat
copy_format(const ContactsFormat *format)
{
    ContactsFormat copy = *format;

    copy.path = g_strdup(format->path);
    copy.columns = g_strdupv(format->columns);
    copy.terminals = g_strdupv(format->terminals);
    return copy;
}

static void
free_trace(gpointer data)
{
    Contacts *trace = data;

    g_free(trace->format.path);
    g_strfreev(trace->format.columns);
    g_strfreev(trace->format.terminals);
    contacts_names_free(trace->names);
    contacts_numbers_free(trace->numbers);
    g_clear_pointer(&trace->rows, g_array_unref);
    for (guint i = 0; i < G_N_ELEMENTS(trace->facts.twins); i++)
        g_free(trace->facts.twins[i]);
}

Contacts *
contacts_ref(Contacts *trace)
{
    return g_rc_box_acquire(trace);
}

void
contacts_unref(Contacts *trace)
{
    if (trace != NULL)
        g_rc_box_release_full(trace, free_trace);
}

const ContactsFacts *
contacts_facts(const Contacts *trace)
{
    return &trace->facts;
}

bool
contacts_is_of(const Contacts *trace, const ContactsFormat *format)
{
    const ContactsFormat *own = &trace->format;

    return strcmp(own->path, format->path) == 0 && own->delimiter == format->delimiter &&
           own->has_header == format->has_header && own->ids == format->ids &&
           own->is_to_be_sorted == format->is_to_be_sorted &&
           g_strv_equal((const char *const *)own->columns, (const char *const *)format->columns) &&
           g_strv_equal((const char *const *)own->terminals,
                        (const char *const *)format->terminals);
}

static void
complain_of_change(const Contacts *trace, GError **error, const char *found)
{
    g_autofree char *path = wording_shown(trace->format.path, 200);

    g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_CHANGED,
                "%s: expected the trace as it was when it was first read, %" G_GINT64_FORMAT
                " bytes with %" G_GUINT64_FORMAT " rows, found %s",
                path, trace->state.size, trace->facts.n_rows, found);
}

/* Whether the file is still what it was. */
static bool
look_at_file(const Contacts *trace, GError **error)
{
    g_autofree char *found = NULL;
    FileState now;

    if (!file_state_of(trace->format.path, &now)) {
        complain_of_change(trace, error, "no file");
        return false;
    }
    if (file_state_is_equal(&now, &trace->state))
        return true;
    found = now.size == trace->state.size ? g_strdup("as many, written since")
                                          : g_strdup_printf("%" G_GINT64_FORMAT " bytes", now.size);
    complain_of_change(trace, error, found);
    return false;
}

bool
contacts_check_unchanged(const Contacts *trace, GError **error)
{
    return trace->rows != NULL || look_at_file(trace, error);
}

/* The first pass */

static void
note_row(Contacts *trace, const ContactsRow *row)
{
    ContactsFacts *facts = &trace->facts;

    facts->n_rows++;
    facts->n_self += row->payer == row->payee;
    facts->n_cards = MAX(facts->n_cards, (int64_t)MAX(row->payer, row->payee) + 1);
    facts->is_unsorted |= row->at < facts->last;
    facts->last = MAX(facts->last, row->at);
    if (trace->numbers != NULL) {
        contacts_numbers_add(trace->numbers, row->payer);
        contacts_numbers_add(trace->numbers, row->payee);
    }
    if (trace->rows != NULL)
        g_array_append_vals(trace->rows, row, 1);
}

static bool
read_rows(Contacts *trace, GError **error)
{
    g_autoptr(ContactsReader) reader =
        contacts_reader_new(&trace->format, trace->names, trace->names, error);
    RowStatus status = ROW_STATUS_FAILED;
    ContactsRow row;

    while (reader != NULL && (status = contacts_reader_next(reader, &row, error)) == ROW_STATUS_ROW)
        note_row(trace, &row);
    if (status == ROW_STATUS_END && trace->facts.n_rows == 0) {
        g_autofree char *path = wording_shown(trace->format.path, 200);

        g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID,
                    "%s:1: expected at least one row, found none", path);
        return false;
    }
    return status == ROW_STATUS_END && look_at_file(trace, error);
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
    const ContactsRow *first = a, *second = b;

    return (first->at > second->at) - (first->at < second->at);
}

/* @numbers: 1 + the new number of each card, 0: none yet */
static uint32_t
renumber(GArray *numbers, uint32_t card, uint32_t *n_numbered)
{
    uint32_t *number = &g_array_index(numbers, uint32_t, card);

    if (*number == 0)
        *number = ++*n_numbered;
    return *number - 1;
}

static void
turn_round(GArray *rows)
{
    for (guint i = 0; i < rows->len / 2; i++) {
        ContactsRow *one = &g_array_index(rows, ContactsRow, i);
        ContactsRow *other = &g_array_index(rows, ContactsRow, rows->len - 1 - i);
        ContactsRow kept = *one;

        *one = *other;
        *other = kept;
    }
}

/* A file whose times only fall has its newest row first: so rows of equal times stand backwards,
 * too. */
static void
find_direction(Contacts *trace)
{
    const ContactsRow *rows = (const ContactsRow *)(gpointer)trace->rows->data;
    uint64_t n_rises = 0;
    uint64_t n_falls = 0;

    for (guint i = 1; i < trace->rows->len; i++) {
        n_rises += rows[i].at > rows[i - 1].at;
        n_falls += rows[i].at < rows[i - 1].at;
    }
    trace->facts.is_turned = n_falls > 0 && n_rises == 0;
    trace->facts.has_doubtful_ties =
        !trace->facts.is_turned && n_falls > n_rises && n_rises + n_falls + 1 < trace->rows->len;
    if (trace->facts.is_turned)
        turn_round(trace->rows);
}

/* As if the file had been in this order: that of g_array_sort() is stable. */
static void
sort_rows(Contacts *trace)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    uint32_t n_numbered = 0;

    find_direction(trace);
    g_array_sort(trace->rows, compare_times);
    if (trace->names == NULL)
        return;
    g_array_set_size(numbers, contacts_names_count(trace->names));
    for (guint i = 0; i < trace->rows->len; i++) {
        ContactsRow *row = &g_array_index(trace->rows, ContactsRow, i);

        row->payer = renumber(numbers, row->payer, &n_numbered);
        row->payee = renumber(numbers, row->payee, &n_numbered);
    }
    g_clear_pointer(&trace->names, contacts_names_free);
}

/* Which cards are in no row, and which may be one under two names. */
static void
find_cards(Contacts *trace)
{
    ContactsFacts *facts = &trace->facts;

    facts->n_seen = facts->first_unseen = (uint64_t)facts->n_cards; /* by name each is in a row */
    if (trace->numbers != NULL) {
        facts->n_seen = contacts_numbers_count(trace->numbers);
        facts->first_unseen = contacts_numbers_first_missing(trace->numbers);
        g_clear_pointer(&trace->numbers, contacts_numbers_free);
    } else {
        facts->n_twins = contacts_twins_find(trace->names, &facts->twins[0], &facts->twins[1]);
    }
}

Contacts *
contacts_new(const ContactsFormat *format, GError **error)
{
    g_autoptr(Contacts) trace = g_rc_box_new0(Contacts);

    trace->format = copy_format(format);
    file_state_of(format->path, &trace->state); /* if there is none, reading it says so */
    if (format->ids == TRACE_IDS_NAMES)
        trace->names = contacts_names_new();
    else
        trace->numbers = contacts_numbers_new();
    if (format->is_to_be_sorted)
        trace->rows = g_array_new(FALSE, FALSE, sizeof(ContactsRow));
    if (!read_rows(trace, error))
        return NULL;
    find_cards(trace);
    if (trace->rows != NULL)
        sort_rows(trace);
    return g_steal_pointer(&trace);
}

/* The rows again */

ContactsCursor *
contacts_cursor_new(const Contacts *trace)
{
    ContactsCursor *cursor = g_new0(ContactsCursor, 1);

    cursor->trace = trace;
    return cursor;
}

void
contacts_cursor_free(ContactsCursor *cursor)
{
    if (cursor == NULL)
        return;
    contacts_reader_free(cursor->reader);
    g_free(cursor);
}

static RowStatus
next_sorted(ContactsCursor *cursor, ContactsRow *row)
{
    const GArray *rows = cursor->trace->rows;

    if (cursor->next == rows->len)
        return ROW_STATUS_END;
    *row = g_array_index(rows, ContactsRow, cursor->next++);
    return ROW_STATUS_ROW;
}

/* A reader of the file as it was; what cannot be opened is judged by fail_read(). */
static ContactsReader *
open_again(const Contacts *trace, GError **error)
{
    return look_at_file(trace, error)
               ? contacts_reader_new(&trace->format, trace->names, NULL, error)
               : NULL;
}

/* At the end it must have had all its rows, whatever the file's times say. */
static bool
check_rows(const ContactsCursor *cursor, GError **error)
{
    const Contacts *trace = cursor->trace;
    g_autofree char *found = g_strdup_printf("%" G_GUINT64_FORMAT " rows", cursor->n_read);

    if (cursor->n_read == trace->facts.n_rows)
        return true;
    complain_of_change(trace, error, found);
    return false;
}

/* A file that changes under the run may have any number of cards. */
static RowStatus
check_row(ContactsCursor *cursor, const ContactsRow *row, GError **error)
{
    const Contacts *trace = cursor->trace;
    g_autofree char *found = NULL;

    if (++cursor->n_read % ROWS_BETWEEN_LOOKS == 0 && !look_at_file(trace, error))
        return ROW_STATUS_FAILED;
    if (MAX(row->payer, row->payee) < trace->facts.n_cards)
        return ROW_STATUS_ROW;
    found = g_strdup_printf("another card in line %" G_GUINT64_FORMAT, row->line);
    complain_of_change(trace, error, found);
    return ROW_STATUS_FAILED;
}

/* What is wrong with a file that was right says less than that it has changed. */
static RowStatus
fail_read(const Contacts *trace, GError **error)
{
    g_autoptr(GError) change = NULL;

    if (!look_at_file(trace, &change)) {
        g_clear_error(error);
        g_propagate_error(error, g_steal_pointer(&change));
    }
    return ROW_STATUS_FAILED;
}

static RowStatus
next_read(ContactsCursor *cursor, ContactsRow *row, GError **error)
{
    const Contacts *trace = cursor->trace;
    RowStatus status = ROW_STATUS_FAILED;

    if (cursor->reader == NULL)
        cursor->reader = open_again(trace, error);
    if (cursor->reader != NULL)
        status = contacts_reader_next(cursor->reader, row, error);
    if (status == ROW_STATUS_ROW)
        return check_row(cursor, row, error);
    if (status == ROW_STATUS_FAILED)
        return fail_read(trace, error);
    return look_at_file(trace, error) && check_rows(cursor, error) ? ROW_STATUS_END
                                                                   : ROW_STATUS_FAILED;
}

RowStatus
contacts_cursor_next(ContactsCursor *cursor, ContactsRow *row, GError **error)
{
    RowStatus status;

    do
        status =
            cursor->trace->rows != NULL ? next_sorted(cursor, row) : next_read(cursor, row, error);
    while (status == ROW_STATUS_ROW && row->payer == row->payee);
    return status;
}

void
contacts_complain_of_card(const Contacts *trace, int64_t n_cards, GError **error)
{
    g_autofree char *path = wording_shown(trace->format.path, 200);
    g_autoptr(ContactsReader) reader = NULL;
    ContactsRow row = { 0 };

    if (trace->rows == NULL) {
        reader = contacts_reader_new(&trace->format, trace->names, NULL, error);
        while (reader != NULL && MAX(row.payer, row.payee) < n_cards &&
               contacts_reader_next(reader, &row, error) == ROW_STATUS_ROW)
            continue;
    }
    for (guint i = 0; trace->rows != NULL && MAX(row.payer, row.payee) < n_cards; i++)
        row = g_array_index(trace->rows, ContactsRow, i);
    if (MAX(row.payer, row.payee) >= n_cards)
        g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID,
                    "%s:%" G_GUINT64_FORMAT ": expected at most the %" G_GINT64_FORMAT
                    " cards of all cohorts, found card number %u in row %" G_GUINT64_FORMAT
                    " (numbers begin at 0)",
                    path, row.line, n_cards, MAX(row.payer, row.payee), row.number);
    else if (error != NULL && *error == NULL)
        g_set_error(error, CONTACTS_ERROR, CONTACTS_ERROR_INVALID, "%s:1: the file has changed",
                    path);
}
