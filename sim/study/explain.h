/* explain.h - one settlement of two cards, step by step. */
#ifndef SIM_STUDY_EXPLAIN_H
#define SIM_STUDY_EXPLAIN_H

#include "sim/study/staged_meeting.h"

#include <glib.h>
#include <stdio.h>

/**
 * explain_settlement:
 * @meeting: is settled
 * @cohorts: of its two cards
 * @amount: that the payer pays
 *
 * Prints where the two cards meet and what is on them, all that passes through the readers with
 * the table's step numbers, the fields that the bytes hold and the time that they took, how it
 * ended, and what is on the cards afterwards. Times are summed from the bytes that passed and
 * from the card steps between them.
 */
void explain_settlement(StagedMeeting *meeting, const guint cohorts[static N_SIDES], Cents amount,
                        FILE *out);

#endif
