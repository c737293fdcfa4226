#include "sim/study/tolerance.h"

#include "sim/base/wording.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK(tolerance - error - quark, tolerance_error)

static void
free_tolerance(void *data)
{
    Tolerance *tolerance = data;

    g_free(tolerance->column);
    g_free(tolerance);
}

/* Hexadecimal numbers, infinities and the like are text. */
static bool
read_number(const char *text, double *value)
{
    char *end;

    if (text[0] == '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
        return false;
    *value = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value);
}

static bool
add_tolerance(GPtrArray *tolerances, const char *assignment, GError **error)
{
    const char *equals = strrchr(assignment, '=');
    g_autofree char *found = wording_quoted(assignment);
    g_autofree char *column = NULL;
    Tolerance *tolerance;
    double relative = -1;

    if (equals == NULL || equals == assignment || !read_number(equals + 1, &relative) ||
        relative < 0) {
        g_set_error(error, TOLERANCE_ERROR, TOLERANCE_ERROR_USAGE,
                    "expected COLUMN=REL with a number from 0 on, found %s", found);
        return false;
    }
    column = g_strndup(assignment, (gsize)(equals - assignment));
    if (tolerance_find(tolerances, column) != NULL) {
        g_set_error(error, TOLERANCE_ERROR, TOLERANCE_ERROR_USAGE,
                    "expected each column once, found %s", found);
        return false;
    }
    tolerance = g_new0(Tolerance, 1);
    tolerance->column = g_steal_pointer(&column);
    tolerance->relative = relative;
    g_ptr_array_add(tolerances, tolerance);
    return true;
}

GPtrArray *
tolerance_parse_all(const char *const *assignments, GError **error)
{
    g_autoptr(GPtrArray) tolerances = g_ptr_array_new_with_free_func(free_tolerance);

    for (guint i = 0; assignments != NULL && assignments[i] != NULL; i++)
        if (!add_tolerance(tolerances, assignments[i], error))
            return NULL;
    return g_steal_pointer(&tolerances);
}

Tolerance *
tolerance_find(const GPtrArray *tolerances, const char *column)
{
    for (guint i = 0; i < tolerances->len; i++) {
        Tolerance *tolerance = tolerances->pdata[i];

        if (g_str_equal(tolerance->column, column))
            return tolerance;
    }
    return NULL;
}

bool
tolerance_check_known(const GPtrArray *tolerances, GError **error)
{
    for (guint i = 0; i < tolerances->len; i++) {
        const Tolerance *tolerance = tolerances->pdata[i];
        g_autofree char *found = wording_quoted(tolerance->column);

        if (!tolerance->is_known) {
            g_set_error(error, TOLERANCE_ERROR, TOLERANCE_ERROR_USAGE,
                        "expected a column of some file, found %s", found);
            return false;
        }
    }
    return true;
}

bool
tolerance_accepts(const Tolerance *tolerance, const char *reference, const char *result)
{
    double expected, found;

    return read_number(reference, &expected) && read_number(result, &found) &&
           fabs(found - expected) <= tolerance->relative * fabs(expected);
}
