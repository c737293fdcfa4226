/* decision_classes.h - the classes of settlements that occur, and how often they have.
 *
 * Each class stands for one course and so has one duration in a setting. Counts are posted for
 * all settlements of a class at once: see decision_state.h. */
#ifndef SIM_WORLD_DECISION_CLASSES_H
#define SIM_WORLD_DECISION_CLASSES_H

#include "sim/measure/latency.h"
#include "sim/world/decision_state.h"

#include <stdint.h>

/* Takes over what decision_learn() is told of. */
void decision_classes_learn(Decision *decision);

/* Hands on the counts that latency and terminals do not have yet. */
void decision_classes_finish(Decision *decision);

/* Finishes, and forgets which classes occur. */
void decision_classes_drop(Decision *decision);

/* The latency class of two cards that settle with @class in a group of terminals. */
LatencyClass *decision_classes_find(Decision *decision, guint group, const CardRecord *payer,
                                    const CardRecord *payee, uint8_t class);

/* Posts updates of @n settlements of a class at @at. */
void decision_classes_post_updates(const Decision *decision, Micros at, uint8_t class, uint64_t n);

/* Posts what was counted since the last time. */
void decision_classes_post(Decision *decision);

/* Counts a settlement of @class, which moved so much and starts at @start. */
static inline void
decision_classes_count(Decision *decision, Micros start, uint8_t class, Cents moved)
{
    if (decision->counts[class]++ == 0)
        decision->counted[decision->n_counted++] = class;
    decision->n_unposted++;
    decision->moved += moved;
    decision->latest = MAX(decision->latest, start);
}

#endif
