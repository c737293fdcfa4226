#include "sim/base/wording.h"

#include <string.h>

#define QUOTED_LENGTH 60
#define LISTED_NAMES 24
#define COMPARED_BYTES 48 /* nobody mistypes a longer name for one of ours */

int
wording_index(const GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++)
        if (strcmp(names->pdata[i], name) == 0)
            return (int)i;
    return -1;
}

char *
wording_one_of(const GPtrArray *names)
{
    GString *list;

    if (names->len == 0)
        return g_strdup("a name that exists");
    list = g_string_new(names->len > 1 ? "one of " : "only ");
    for (guint i = 0; i < names->len && i < LISTED_NAMES; i++)
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", (const char *)names->pdata[i]);
    if (names->len > LISTED_NAMES)
        g_string_append(list, ", ...");
    return g_string_free(list, FALSE);
}

/* Cost of turning the first @i letters of @a into the first @j of @b, from smaller problems. */
static int
cheapest_edit(int distance[][COMPARED_BYTES + 1], const char *a, const char *b, size_t i, size_t j)
{
    int best = distance[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

    best = MIN(best, distance[i - 1][j] + 1);
    best = MIN(best, distance[i][j - 1] + 1);
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = MIN(best, distance[i - 2][j - 2] + 1);
    return best;
}

static int
edit_distance(const char *a, size_t length_a, const char *b, size_t length_b)
{
    int distance[COMPARED_BYTES + 1][COMPARED_BYTES + 1];

    for (size_t i = 0; i <= length_a; i++)
        distance[i][0] = (int)i;
    for (size_t j = 0; j <= length_b; j++)
        distance[0][j] = (int)j;
    for (size_t i = 1; i <= length_a; i++)
        for (size_t j = 1; j <= length_b; j++)
            distance[i][j] = cheapest_edit(distance, a, b, i, j);
    return distance[length_a][length_b];
}

/* The name with the smallest edit distance from @name (a letter inserted, removed or replaced, or
 * two neighbours exchanged), the first of several; NULL if none is near. */
const char *
wording_nearest(const GPtrArray *names, const char *name)
{
    const size_t length = strlen(name);
    const char *nearest = NULL;
    int smallest = G_MAXINT;

    for (guint i = 0; i < names->len && length <= COMPARED_BYTES; i++) {
        const char *known = names->pdata[i];
        const size_t longer = MAX(strlen(known), length);
        int distance;

        if (longer > COMPARED_BYTES)
            continue;
        distance = edit_distance(name, length, known, strlen(known));
        /* a name that differs in more than half its letters is not near */
        if (distance < smallest && 2 * distance <= (int)longer) {
            smallest = distance;
            nearest = known;
        }
    }
    return nearest;
}

char *
wording_unknown(const char *what, const GPtrArray *names, const char *found)
{
    g_autofree char *expected = wording_one_of(names);
    g_autofree char *quoted = wording_quoted(found);
    const char *nearest = wording_nearest(names, found);

    if (nearest == NULL)
        return g_strdup_printf("expected %s%s, found %s", what, expected, quoted);
    return g_strdup_printf("expected %s%s, found %s (did you mean '%s'?)", what, expected, quoted,
                           nearest);
}

char *
wording_shown(const char *text, glong length)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    for (char *at = valid; *at != '\0'; at++)
        if (g_ascii_iscntrl(*at))
            *at = '?';
    if (g_utf8_strlen(valid, -1) > length) {
        *g_utf8_offset_to_pointer(valid, length) = '\0';
        return g_strconcat(valid, "...", NULL);
    }
    return g_steal_pointer(&valid);
}

char *
wording_quoted(const char *text)
{
    g_autofree char *shown = wording_shown(text, QUOTED_LENGTH);

    return g_strconcat("'", shown, "'", NULL);
}
