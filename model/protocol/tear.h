/* tear.h - a party of a settlement goes before its end: a card leaves its reader, or the
 * terminal fails.
 *
 * A card that is at work loses its power there and then: its RAM is lost, what it has
 * written stands. The other card and the terminal go on until the terminal has something
 * to say to the one that left. If the terminal fails, the settlement is over and both
 * cards lose their power. */
#ifndef MODEL_PROTOCOL_TEAR_H
#define MODEL_PROTOCOL_TEAR_H

#include "model/protocol/records.h"
#include "model/protocol/timeline.h"
#include "model/protocol/units.h"

#include <stdint.h>

/* Who goes; the cards as in Side. */
typedef enum { TEAR_PAYER, TEAR_PAYEE, TEAR_TERMINAL, N_TEAR_PARTIES } TearParty;

extern const char *const tear_party_names[N_TEAR_PARTIES + 1];

/**
 * Tear:
 * @instant: from the start of the settlement, before what would be its end
 * @chance: 32 random bits that say between which fields, if it falls into a write of
 *   several
 */
typedef struct {
    TearParty party;
    Micros instant;
    uint32_t chance;
} Tear;

/**
 * TornCourse: what became of a settlement that a tear has struck
 * @outcome: what was committed in the end; as without a tear if that changed nothing
 * @wrote: WROTE_* bits of each card, of torn writes those fields that are whole
 * @restored: what each card was credited of an older payment that had been torn
 * @duration: until the end: the tear, or the moment in which the terminal turned to a card
 *   that was no longer there. A command that was sent again takes the time of its exchange
 *   again
 */
typedef struct {
    Outcome outcome;
    uint8_t wrote[N_SIDES];
    Cents restored[N_SIDES];
    Duration duration;
} TornCourse;

/**
 * tear_outcome:
 *
 * Returns: the name of a torn settlement in which these were committed
 */
Outcome tear_outcome(bool debited, bool credited);

/**
 * tear_is_retried:
 *
 * Returns: whether the terminal sends the command once more in which @moment falls: the
 *   party is a card that it is speaking to, in Fig. 4. The card then keeps its power: what
 *   went was the line
 */
bool tear_is_retried(const Scheme *scheme, const Timeline *timeline, TearParty party,
                     const Moment *moment);

#endif
