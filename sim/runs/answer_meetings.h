/* answer_meetings.h - the lines at the end of a run that say what became of the arrivals: which
 * meetings were not paid, who waited and how long, who never had their turn. */
#ifndef SIM_RUNS_ANSWER_MEETINGS_H
#define SIM_RUNS_ANSWER_MEETINGS_H

#include "sim/world/replication.h"

#include <glib.h>
#include <stdio.h>

/**
 * AnswerMeetings: sums over the replications of a point; 0: none yet
 * @queued: settlements at terminals where one may wait; @waited: for how many seconds in all
 * @loads: of double, of each group of terminals; NULL: none yet
 */
typedef struct {
    guint n;
    double outcomes[N_OUTCOMES];
    double queued;
    double waited;
    double unserved;
    GArray *loads;
} AnswerMeetings;

void answer_meetings_clear(AnswerMeetings *meetings);

/* Takes in one replication. */
void answer_meetings_add(AnswerMeetings *meetings, const ReplicationResult *result);

/* Prints the means. @scenario: the point */
void answer_meetings_print(const AnswerMeetings *meetings, const Scenario *scenario, FILE *out);

#endif
