#include "sim/scenario/contacts_twins.h"

#include <glib.h>
#include <string.h>

/* That are not written as simply as they could be. */
#define UNUSUAL_MAX 1000000

typedef struct {
    const ContactsNames *names;
    GHashTable *unusual; /* the simplest form of a name to the first name of it */
    uint64_t n;
    char *one;
    char *other;
} Search;

static bool
is_space(char byte)
{
    return g_ascii_isspace(byte) || byte == '\v';
}

/* What is left of a number without zeros that say nothing. */
static const char *
skip_zeros(const char *text)
{
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return text;
    while (text[0] == '0' && text[1] != '\0')
        text++;
    return text;
}

/* Whether most names are so: nothing could be taken off it. */
static bool
is_simple(const char *text, gsize length)
{
    if (length > 1 && text[0] == '0')
        return false;
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isgraph(text[i]) || g_ascii_isupper(text[i]))
            return false;
    return true;
}

static char *
simplify(const char *text, gsize length)
{
    g_autofree char *trimmed = NULL;
    g_autofree char *valid = NULL;

    while (length > 0 && is_space(text[length - 1]))
        length--;
    while (length > 0 && is_space(text[0])) {
        text++;
        length--;
    }
    trimmed = g_strndup(text, length);
    if (!g_utf8_validate(trimmed, -1, NULL))
        return g_steal_pointer(&trimmed);
    valid = g_utf8_strdown(trimmed, -1);
    return g_strdup(skip_zeros(valid));
}

static void
note_twins(Search *search, const char *one, const char *other)
{
    search->n++;
    if (search->one != NULL)
        return;
    search->one = g_strdup(one);
    search->other = g_strdup(other);
}

/* Whether a name that is written otherwise than @simple has a twin: @simple itself, or another that
 * is written otherwise. */
static void
look_at(const char *text, gsize length, gpointer data)
{
    Search *search = data;
    g_autofree char *simple = NULL;
    g_autofree char *own = NULL;
    const char *twin;
    uint32_t number;

    if (is_simple(text, length))
        return;
    simple = simplify(text, length);
    own = g_strndup(text, length);
    if (strcmp(simple, own) == 0)
        return;
    twin = g_hash_table_lookup(search->unusual, simple);
    if (twin != NULL)
        note_twins(search, twin, own);
    else if (contacts_names_find(search->names, simple, strlen(simple), &number))
        note_twins(search, simple, own);
    else if (g_hash_table_size(search->unusual) < UNUSUAL_MAX)
        g_hash_table_insert(search->unusual, g_steal_pointer(&simple), g_steal_pointer(&own));
}

uint64_t
contacts_twins_find(const ContactsNames *names, char **one, char **other)
{
    Search search = { .names = names };

    search.unusual = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    contacts_names_foreach(names, look_at, &search);
    g_hash_table_unref(search.unusual);
    *one = search.one;
    *other = search.other;
    return search.n;
}
