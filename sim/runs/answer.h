/* answer.h - the few lines that a run ends with: when the cards held each key,
 * what it cost at the till, what was refused. Means over the replications, with
 * their 95 % intervals. */
#ifndef SIM_RUNS_ANSWER_H
#define SIM_RUNS_ANSWER_H

#include "sim/measure/ensemble.h"
#include "sim/world/replication.h"

#include <glib.h>
#include <stdio.h>

typedef struct Answer Answer;

/* @points: of Scenario*, borrowed */
Answer *answer_new(const GPtrArray *points);
void answer_free(Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

/* Takes in one replication of a point. */
void answer_add(Answer *answer, int64_t point, const ReplicationResult *result);

/* Prints what is known of a point. @ensemble: of the same replications. */
void answer_print(const Answer *answer, guint point, const Ensemble *ensemble, FILE *out);

#endif
