#include "sim/measure/observers.h"

void
observers_join(Observers *observers, const Observer *observer)
{
    if (observers->list == NULL)
        observers->list = g_array_new(FALSE, FALSE, sizeof(Observer));
    g_array_append_val(observers->list, *observer);
    observers->hear_settlements |= observer->on_settlement != NULL;
    observers->hear_plain |= observer->on_settlement != NULL && observer->hears_plain;
    observers->hear_keys |= observer->on_keys != NULL;
    observers->hear_samples |= observer->on_sample != NULL;
}

void
observers_clear(Observers *observers)
{
    g_clear_pointer(&observers->list, g_array_unref);
    *observers = (Observers){ 0 };
}

/* The @i-th observer; NULL behind the last. One that joins meanwhile comes last. */
static const Observer *
observer_at(const Observers *observers, guint i)
{
    return observers->list == NULL || i >= observers->list->len
               ? NULL
               : &g_array_index(observers->list, Observer, i);
}

void
observers_tell_settlement(const Observers *observers, const ObservedSettlement *settlement)
{
    const Observer *observer;

    for (guint i = 0; (observer = observer_at(observers, i)) != NULL; i++)
        if (observer->on_settlement != NULL)
            observer->on_settlement(observer->data, settlement);
}

void
observers_tell_keys(const Observers *observers, Micros now, Micros at, KeyKind kind, uint32_t from,
                    uint32_t to)
{
    const Observer *observer;

    for (guint i = 0; (observer = observer_at(observers, i)) != NULL; i++)
        if (observer->on_keys != NULL)
            observer->on_keys(observer->data, now, at, kind, from, to);
}

void
observers_tell_cards(const Observers *observers, Micros at, uint32_t first, uint64_t n,
                     uint32_t transfer_id, uint32_t update_id)
{
    const Observer *observer;

    for (guint i = 0; (observer = observer_at(observers, i)) != NULL; i++)
        if (observer->on_cards != NULL)
            observer->on_cards(observer->data, at, first, n, transfer_id, update_id);
}

void
observers_tell_sample(const Observers *observers, Micros now)
{
    const Observer *observer;

    for (guint i = 0; (observer = observer_at(observers, i)) != NULL; i++)
        if (observer->on_sample != NULL)
            observer->on_sample(observer->data, now);
}
