/* apdu_trace.h - one settlement as it passed through the readers.
 *
 * Stands between the terminal and the cards, keeps every command and response,
 * and prints them with the table's step numbers, the fields that the bytes hold
 * and the time that they took. */
#ifndef SIM_STUDY_APDU_TRACE_H
#define SIM_STUDY_APDU_TRACE_H

#include "model/protocol/duration.h"
#include "model/wire/card.h"

#include <glib.h>
#include <stdio.h>

/**
 * TraceSetup: who settles where
 * @names: of the two cards, for people
 * @identities: their memories are changed
 */
typedef struct {
    const Protocol *protocol;
    KeyRing *ring;
    const uint8_t *authority_key;
    const LinkTerminal *terminal;
    Micros clock_skew;
    const char *names[N_SIDES];
    CardIdentity identities[N_SIDES];
    Seat seats[N_SIDES];
    const uint8_t *entropy_key;
} TraceSetup;

/**
 * Transmission: one command and its response
 */
typedef struct {
    Side side;
    GBytes *command;
    GBytes *response;
} Transmission;

/**
 * ApduTrace:
 * @common_key_id: with which the cards pay, where that is the oldest common one
 */
typedef struct {
    Course course;
    uint32_t common_key_id;
    GPtrArray *transmissions; /* of Transmission* */
} ApduTrace;

/* Settles. See terminal_settle() for the last three. */
ApduTrace *apdu_trace_new(const TraceSetup *setup, Cents amount, int64_t date, Micros now);
void apdu_trace_free(ApduTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApduTrace, apdu_trace_free)

/**
 * apdu_trace_print:
 *
 * Prints the settlement step by step. Times are summed from the bytes that passed
 * and from the card steps between them.
 *
 * Returns: the total in microseconds
 */
Micros apdu_trace_print(const ApduTrace *trace, const TraceSetup *setup, FILE *out);

#endif
