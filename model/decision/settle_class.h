/* settle_class.h - how the decision level numbers the courses of a settlement.
 *
 * For settle.c alone; whoever settles gets the course of a class from settle_course(). */
#ifndef MODEL_DECISION_SETTLE_CLASS_H
#define MODEL_DECISION_SETTLE_CLASS_H

#include "model/protocol/duration.h"
#include "model/protocol/outcome.h"
#include "model/protocol/protocol.h"
#include "model/protocol/records.h"
#include "model/protocol/scheme.h"

#include <glib.h>
#include <stdint.h>

/* A class is 8 x course of the update + how it ended, but for four settlements that
 * end at Sx003. The course of the update is 0 if there was none, else 1 + 15 x (payer is
 * older) + one of these: */
enum {
    SETTLE_SYMMETRIC_STORED,
    SETTLE_SYMMETRIC_WRONG_KEY, /* R did not come back */
    SETTLE_SYMMETRIC_REFUSED,   /* out of range, not preloaded or not signed */
    SETTLE_PUBLIC_KEY,          /* + the keys stored */
    SETTLE_PUBLIC_KEY_BOTH_WAYS =
        SETTLE_PUBLIC_KEY + 4, /* + 4 x whether the older card stored the transfer
                                * key + the keys that the newer one stored */
    SETTLE_N_UPDATE_COURSES = SETTLE_PUBLIC_KEY_BOTH_WAYS + 8,
};

/* Keys stored in one round. */
enum { SETTLE_STORED_TRANSFER_KEY = 1, SETTLE_STORED_UPDATE_KEY = 2 };

/* How it ended. With an update the last four mean that it was refused; without one,
 * where cards pay with the oldest common key, that it was paid and who switched. */
enum {
    SETTLE_END_PAID,
    SETTLE_END_DEBIT,     /* refused at S2101A */
    SETTLE_END_CREDIT,    /* S2101B */
    SETTLE_END_CHALLENGE, /* S2103A */
    SETTLE_END_UPDATE,
    SETTLE_END_UPDATE_KEY_ORDER,
    SETTLE_END_UPDATE_KEY_LIMIT,
    SETTLE_END_UNSIGNED,
    SETTLE_END_SWITCHED = SETTLE_END_CHALLENGE, /* + 1 << SIDE_PAYER, + 1 << SIDE_PAYEE */
    SETTLE_N_ENDS = 8,
};

enum {
    SETTLE_CLASS_EXPIRED = SETTLE_N_ENDS * (1 + 2 * SETTLE_N_UPDATE_COURSES),
    SETTLE_CLASS_REVOKED,
    SETTLE_CLASS_DIFFERENT_IDS,
    SETTLE_CLASS_HINT, /* of update keys */
    SETTLE_N_CLASSES,
};

static inline uint8_t
settle_class_of(guint update, guint end)
{
    return (uint8_t)(SETTLE_N_ENDS * update + end);
}

static inline guint
settle_class_update(Side older, guint course)
{
    return 1U + (older == SIDE_PAYER ? SETTLE_N_UPDATE_COURSES : 0U) + course;
}

/**
 * settle_class_describe:
 *
 * Fills @course with what a settlement of @class took: the same exchanges, steps and
 * writes as on the wire.
 */
void settle_class_describe(const Scheme *scheme, guint class, Course *course);

#endif
