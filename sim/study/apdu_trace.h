/* apdu_trace.h - one settlement as it passed through the readers.
 *
 * Listens at both readers, keeps every command and response, and prints them with the table's
 * step numbers, the fields that the bytes hold and the time that they took. */
#ifndef SIM_STUDY_APDU_TRACE_H
#define SIM_STUDY_APDU_TRACE_H

#include "sim/study/staged_meeting.h"

#include <glib.h>
#include <stdio.h>

/**
 * Transmission: one command and its response
 */
typedef struct {
    Side side;
    GBytes *command;
    GBytes *response;
} Transmission;

/**
 * ApduTrace: of one settlement, in order
 */
typedef struct {
    GPtrArray *transmissions; /* of Transmission* */
} ApduTrace;

ApduTrace *apdu_trace_new(void);
void apdu_trace_free(ApduTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApduTrace, apdu_trace_free)

/* Who fills @trace with what passes; of a settlement that is taken back nothing stays. */
WireListener apdu_trace_listener(ApduTrace *trace);

/**
 * apdu_trace_print:
 * @names: of the two cards, for people
 * @settlement: in which @trace was filled
 *
 * Prints the settlement step by step. Times are summed from the bytes that passed
 * and from the card steps between them. A field that holds what an earlier one of another name
 * held says so: that is how a terminal reflects what a card said.
 */
void apdu_trace_print(const ApduTrace *trace, const StagedMeeting *meeting,
                      const char *const names[static N_SIDES], const WireSettlement *settlement,
                      FILE *out);

#endif
