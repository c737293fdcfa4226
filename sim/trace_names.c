#include "sim/trace_names.h"

#include <string.h>

/* A key of the table; the text of one that is kept follows it in memory. */
typedef struct {
    const char *text;
    gsize length;
} Name;

struct TraceNames {
    GHashTable *numbers; /* Name to 1 + number */
};

/* FNV-1a: what the table is ordered by reaches no result. */
static guint
hash_name(gconstpointer data)
{
    const Name *name = data;
    guint32 hash = 2166136261U;

    for (gsize i = 0; i < name->length; i++)
        hash = (hash ^ (guint8)name->text[i]) * 16777619U;
    return hash;
}

static gboolean
is_same_name(gconstpointer a, gconstpointer b)
{
    const Name *first = a, *second = b;

    return first->length == second->length && memcmp(first->text, second->text, first->length) == 0;
}

TraceNames *
trace_names_new(void)
{
    TraceNames *names = g_new0(TraceNames, 1);

    names->numbers = g_hash_table_new_full(hash_name, is_same_name, g_free, NULL);
    return names;
}

void
trace_names_free(TraceNames *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->numbers);
    g_free(names);
}

uint32_t
trace_names_count(const TraceNames *names)
{
    return g_hash_table_size(names->numbers);
}

static Name *
keep_name(const char *text, gsize length)
{
    Name *name = g_malloc(sizeof *name + length);
    char *copy = (char *)(name + 1);

    memcpy(copy, text, length);
    *name = (Name){ copy, length };
    return name;
}

uint32_t
trace_names_add(TraceNames *names, const char *text, gsize length)
{
    uint32_t number;

    if (trace_names_find(names, text, length, &number))
        return number;
    number = trace_names_count(names);
    g_hash_table_insert(names->numbers, keep_name(text, length), GUINT_TO_POINTER(number + 1));
    return number;
}

bool
trace_names_find(const TraceNames *names, const char *text, gsize length, uint32_t *number)
{
    const Name name = { text, length };
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(names->numbers, &name));

    *number = found - 1;
    return found != 0;
}
