#include "sim/measure/pending.h"

/* @number: tells changes of one time apart: in the order in which they were added */
typedef struct {
    PendingChange change;
    uint64_t number;
} Entry;

struct Pending {
    GSequence *entries; /* of Entry, sorted */
    uint64_t n_added;
};

Pending *
pending_new(void)
{
    Pending *pending = g_new0(Pending, 1);

    pending->entries = g_sequence_new(g_free);
    return pending;
}

void
pending_free(Pending *pending)
{
    if (pending == NULL)
        return;
    g_sequence_free(pending->entries);
    g_free(pending);
}

static int
compare(gconstpointer a, gconstpointer b, gpointer data G_GNUC_UNUSED)
{
    const Entry *left = a;
    const Entry *right = b;

    if (left->change.at != right->change.at)
        return left->change.at < right->change.at ? -1 : 1;
    return left->number < right->number ? -1 : left->number > right->number;
}

void
pending_add(Pending *pending, const PendingChange *change)
{
    Entry *entry = g_new(Entry, 1);

    *entry = (Entry){ *change, pending->n_added++ };
    g_sequence_insert_sorted(pending->entries, entry, compare, NULL);
}

bool
pending_take(Pending *pending, Micros now, PendingChange *change)
{
    GSequenceIter *first = g_sequence_get_begin_iter(pending->entries);
    const Entry *entry;

    if (g_sequence_iter_is_end(first))
        return false;
    entry = g_sequence_get(first);
    if (entry->change.at > now)
        return false;
    *change = entry->change;
    g_sequence_remove(first);
    return true;
}

int64_t
pending_gain(const Pending *pending, Micros now, KeyKind kind, guint to)
{
    GSequenceIter *iter = g_sequence_get_end_iter(pending->entries);
    int64_t gain = 0;

    while (!g_sequence_iter_is_begin(iter)) {
        const PendingChange *change;

        iter = g_sequence_iter_prev(iter);
        change = &((const Entry *)g_sequence_get(iter))->change;
        if (change->at <= now)
            break;
        if (change->kind == kind)
            gain += (change->to == to) - (change->from == to);
    }
    return gain;
}
