/* pending.h - changes of keys that are decided and have not taken place, the earliest first.
 *
 * A settlement that waits for its terminal is decided when its cards arrive; others that arrive
 * later may begin before it at another terminal. */
#ifndef SIM_MEASURE_PENDING_H
#define SIM_MEASURE_PENDING_H

#include "model/protocol/keyring.h"
#include "model/protocol/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * PendingChange: of one key of one card
 * @at: when it takes place
 * @from, @to: what stands for the two keys with whoever waits for the change
 * @meetings: up to the one that makes it, that one included, in the order of arrivals
 */
typedef struct {
    Micros at;
    KeyKind kind;
    guint from;
    guint to;
    uint64_t meetings;
} PendingChange;

typedef struct Pending Pending;

Pending *pending_new(void);
void pending_free(Pending *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pending, pending_free)

/* Adds a copy of @change. */
void pending_add(Pending *pending, const PendingChange *change);

/* Takes out the earliest change; of those at one time the one that was added first.
 * Returns: false if none takes place up to @now */
bool pending_take(Pending *pending, Micros now, PendingChange *change);

/* By how many cards the changes after @now add to those with the key @to. */
int64_t pending_gain(const Pending *pending, Micros now, KeyKind kind, guint to);

#endif
