#include "sim/study/compare_table.h"

#include "sim/base/row_reader.h"
#include "sim/study/tolerance.h"

#include <string.h>

/* One CSV file in both folders. */
typedef struct {
    Differences *differences;
    RowReader *readers[N_COMPARED];
    GPtrArray *columns;    /* of char*, their names once the header lines are equal */
    GPtrArray *of_columns; /* of Tolerance* or NULL, likewise */
} Pair;

/* ---- Rows ---------------------------------------------------------------- */

static GString *
bytes_of(const RowField *field)
{
    return field->bytes == NULL ? NULL : g_string_new_len(field->bytes, (gssize)field->n_bytes);
}

static char *
name_of_column(const Pair *pair, guint i)
{
    return pair->columns != NULL && i < pair->columns->len ? g_strdup(pair->columns->pdata[i])
                                                           : g_strdup_printf("%u", i + 1);
}

/* Counts a difference in the row that @side has reached. */
static Difference *
add_in_row(const Pair *pair, int side, DifferenceKind kind)
{
    Difference *first = differences_add(pair->differences, kind);

    if (first != NULL) {
        first->row = row_reader_n_rows(pair->readers[side]) - 1;
        first->line = row_reader_line(pair->readers[side]);
    }
    return first;
}

static bool
fields_agree(const RowField *a, const RowField *b, const Tolerance *tolerance)
{
    if (a->bytes == NULL || b->bytes == NULL)
        return false;
    if (a->n_bytes == b->n_bytes && memcmp(a->bytes, b->bytes, a->n_bytes) == 0)
        return true;
    if (tolerance == NULL || strlen(a->text) != a->length || strlen(b->text) != b->length)
        return false; /* no number has a NUL */
    return tolerance_accepts(tolerance, a->text, b->text);
}

static void
compare_field(const Pair *pair, guint i, DifferenceKind kind)
{
    const Tolerance *tolerance =
        pair->of_columns != NULL && i < pair->of_columns->len ? pair->of_columns->pdata[i] : NULL;
    RowField reference = { 0 }, result = { 0 };
    Difference *first;

    row_reader_field(pair->readers[REFERENCE], i, &reference);
    row_reader_field(pair->readers[RESULT], i, &result);
    if (fields_agree(&reference, &result, tolerance))
        return;
    first = add_in_row(pair, REFERENCE, kind);
    if (first != NULL) {
        first->column = name_of_column(pair, i);
        first->reference = bytes_of(&reference);
        first->result = bytes_of(&result);
    }
}

static void
compare_line_ends(const Pair *pair)
{
    const char *reference = row_reader_line_end(pair->readers[REFERENCE]);
    const char *result = row_reader_line_end(pair->readers[RESULT]);
    Difference *first;

    if (g_str_equal(reference, result))
        return;
    first = add_in_row(pair, REFERENCE, DIFFERENCE_LINE_END);
    if (first != NULL) {
        first->reference = g_string_new(reference);
        first->result = g_string_new(result);
    }
}

/* Equal bytes need no parsing: nearly all rows of nearly all comparisons. */
static void
compare_rows(const Pair *pair, DifferenceKind kind)
{
    RowReader *const *readers = pair->readers;
    guint n;

    if (g_string_equal(row_reader_bytes(readers[REFERENCE]), row_reader_bytes(readers[RESULT])))
        return;
    n = MAX(row_reader_n_fields(readers[REFERENCE]), row_reader_n_fields(readers[RESULT]));
    for (guint i = 0; i < n; i++)
        compare_field(pair, i, kind);
    compare_line_ends(pair);
}

static GString *
whole_row(const RowReader *reader)
{
    const GString *bytes = row_reader_bytes(reader);

    return g_string_new_len(bytes->str, row_reader_line_end(reader) - bytes->str);
}

/* Counts a row, or a header line, that @side alone has. */
static void
add_lone_row(const Pair *pair, int side, DifferenceKind kind)
{
    Difference *first = add_in_row(pair, side, kind);

    if (first != NULL && side == REFERENCE)
        first->reference = whole_row(pair->readers[side]);
    if (first != NULL && side == RESULT)
        first->result = whole_row(pair->readers[side]);
}

/* ---- A CSV file ---------------------------------------------------------- */

static bool
open_pair(Pair *pair, const char *const paths[static N_COMPARED], GError **error)
{
    for (int side = 0; side < N_COMPARED; side++) {
        pair->readers[side] = row_reader_new(paths[side], error);
        if (pair->readers[side] == NULL)
            return false;
    }
    return true;
}

static void
clear_pair(Pair *pair)
{
    for (int side = 0; side < N_COMPARED; side++)
        row_reader_free(pair->readers[side]);
    if (pair->columns != NULL)
        g_ptr_array_unref(pair->columns);
    if (pair->of_columns != NULL)
        g_ptr_array_unref(pair->of_columns);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, clear_pair)

/* Reads on in both files and compares what there is. @n_rows: how many files had a row.
 * Returns: false with @error set */
static bool
compare_next(const Pair *pair, DifferenceKind of_fields, DifferenceKind of_rows, int *n_rows,
             GError **error)
{
    RowStatus status[N_COMPARED];

    for (int side = 0; side < N_COMPARED; side++) {
        status[side] = row_reader_next(pair->readers[side], error);
        if (status[side] == ROW_STATUS_FAILED)
            return false;
    }
    *n_rows = (status[REFERENCE] == ROW_STATUS_ROW) + (status[RESULT] == ROW_STATUS_ROW);
    if (*n_rows == N_COMPARED)
        compare_rows(pair, of_fields);
    else if (*n_rows > 0)
        add_lone_row(pair, status[REFERENCE] == ROW_STATUS_ROW ? REFERENCE : RESULT, of_rows);
    return true;
}

/* Both files have the header line that the reference has just read. */
static void
note_columns(Pair *pair, const GPtrArray *tolerances)
{
    RowField field;

    pair->columns = g_ptr_array_new_with_free_func(g_free);
    pair->of_columns = g_ptr_array_new();
    for (guint i = 0; row_reader_field(pair->readers[REFERENCE], i, &field); i++) {
        g_ptr_array_add(pair->columns, g_strdup(field.text));
        g_ptr_array_add(pair->of_columns, tolerance_find(tolerances, field.text));
    }
}

bool
compare_table(const char *const paths[static N_COMPARED], const GPtrArray *tolerances,
              Differences *differences, GError **error)
{
    g_auto(Pair) pair = { .differences = differences };
    int n_rows;

    if (!open_pair(&pair, paths, error) ||
        !compare_next(&pair, DIFFERENCE_HEADER, DIFFERENCE_HEADER, &n_rows, error))
        return false;
    if (n_rows == 0 || differences_n_in_file(differences) > 0)
        return true;
    note_columns(&pair, tolerances);
    while (n_rows > 0)
        if (!compare_next(&pair, DIFFERENCE_VALUE, DIFFERENCE_ROW, &n_rows, error))
            return false;
    return true;
}
