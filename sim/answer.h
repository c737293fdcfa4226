/* answer.h - the few lines that a run ends with: when the cards held each key,
 * what it cost at the till, what was refused. Means over the replications. */
#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

#include "sim/latency.h"
#include "sim/recorder.h"
#include "sim/scenario.h"

#include <glib.h>
#include <stdio.h>

typedef struct Answer Answer;

Answer *answer_new(const Scenario *scenario);
void answer_free(Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

/* Takes in one replication. */
void answer_add(Answer *answer, const Recorder *recorder, const Latency *latency);

void answer_print(const Answer *answer, FILE *out);

#endif
