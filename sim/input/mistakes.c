#include "sim/input/mistakes.h"

#define REPORTED_MISTAKES 1000

typedef struct {
    gint64 order;
    guint sequence; /* sorting by order alone would not keep equal ones apart */
    char *message;
} Mistake;

struct Mistakes {
    GArray *list; /* of Mistake */
};

static void
clear_mistake(void *mistake)
{
    g_free(((Mistake *)mistake)->message);
}

Mistakes *
mistakes_new(void)
{
    Mistakes *mistakes = g_new0(Mistakes, 1);

    mistakes->list = g_array_new(FALSE, FALSE, sizeof(Mistake));
    g_array_set_clear_func(mistakes->list, clear_mistake);
    return mistakes;
}

void
mistakes_free(Mistakes *mistakes)
{
    if (mistakes == NULL)
        return;
    g_array_unref(mistakes->list);
    g_free(mistakes);
}

void
mistakes_add(Mistakes *mistakes, gint64 order, char *message)
{
    Mistake mistake = { order, mistakes->list->len, message };

    g_array_append_val(mistakes->list, mistake);
}

static int
comes_before(const void *a, const void *b)
{
    const Mistake *first = a, *second = b;

    if (first->order != second->order)
        return first->order < second->order ? -1 : 1;
    return first->sequence < second->sequence ? -1 : 1;
}

char *
mistakes_report(Mistakes *mistakes)
{
    const guint n = mistakes->list->len;
    GString *report;

    if (n == 0)
        return NULL;
    g_array_sort(mistakes->list, comes_before);
    report = g_string_new(NULL);
    for (guint i = 0; i < n && i < REPORTED_MISTAKES; i++)
        g_string_append_printf(report, "%s%s", i > 0 ? "\n" : "",
                               g_array_index(mistakes->list, Mistake, i).message);
    if (n > REPORTED_MISTAKES)
        g_string_append_printf(report, "\nand %u more mistakes", n - REPORTED_MISTAKES);
    return g_string_free(report, FALSE);
}
