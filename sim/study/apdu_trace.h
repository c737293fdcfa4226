/* apdu_trace.h - one settlement as it passed through the readers.
 *
 * Listens at both readers, keeps every command and response, and takes them apart: which of them
 * make up one exchange of the table, and what data that one carried. */
#ifndef SIM_STUDY_APDU_TRACE_H
#define SIM_STUDY_APDU_TRACE_H

#include "sim/study/staged_meeting.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Transmission: one command and its response
 */
typedef struct {
    Side side;
    GBytes *command;
    GBytes *response;
} Transmission;

/* N_EXCHANGES: the command is none of the table, such as GET RESPONSE. */
Exchange transmission_exchange(const Transmission *transmission);

/* 0: no answer. */
uint16_t transmission_status(const Transmission *transmission);

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

/* The @i-th transmission, from 0; NULL behind the last one. */
const Transmission *apdu_trace_at(const ApduTrace *trace, guint i);

/* How many transmissions from @first on belong to one exchange. */
guint apdu_trace_exchange_length(const ApduTrace *trace, guint first);

/* Which of the @n transmissions from @first on makes the card act, from 0: not the parts of a
 * chain before the last one, not a command that is sent again after 6Cxx, not GET RESPONSE. */
guint apdu_trace_acting_one(const ApduTrace *trace, guint first, guint n);

/* Joins the data of the @n transmissions from @first on, of their commands or of their
 * responses. Returns: owned by the caller */
GByteArray *apdu_trace_join_data(const ApduTrace *trace, guint first, guint n, bool of_commands);

#endif
