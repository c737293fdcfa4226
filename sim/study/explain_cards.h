/* explain_cards.h - where the two cards of a staged meeting meet, and what is on them. */
#ifndef SIM_STUDY_EXPLAIN_CARDS_H
#define SIM_STUDY_EXPLAIN_CARDS_H

#include "sim/study/staged_meeting.h"

#include <glib.h>
#include <stdio.h>

/* The line before all others: scheme, terminal, moment, clock, revocation list. */
void explain_cards_print_place(const StagedMeeting *meeting, FILE *out);

/**
 * explain_cards_print:
 * @cohorts: of the two cards
 * @memories: of the two cards
 * @when: "before" or "after"
 *
 * One line a card: keys, balance, hardware, and what is out of the ordinary with it.
 */
void explain_cards_print(const StagedMeeting *meeting, const guint cohorts[static N_SIDES],
                         const char *const names[static N_SIDES],
                         const CardMemory memories[static N_SIDES], const char *when, FILE *out);

#endif
