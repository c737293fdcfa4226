/* records.h - what both levels keep of a card and of a settlement. */
#ifndef MODEL_PROTOCOL_RECORDS_H
#define MODEL_PROTOCOL_RECORDS_H

#include "model/protocol/apdu.h"
#include "model/protocol/keyring.h"
#include "model/protocol/outcome.h"
#include "model/protocol/protocol.h"
#include "model/protocol/units.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum { SIDE_PAYER, SIDE_PAYEE, N_SIDES } Side;

static inline Side
side_other(Side side)
{
    return side == SIDE_PAYER ? SIDE_PAYEE : SIDE_PAYER;
}

#define CARD_PRELOADED_MAX (FIELD_HELD_MAX - 1)
#define CARD_NO_LIMIT UINT32_MAX
#define CARD_NEVER_EXPIRES UINT16_MAX

/**
 * CardMemory: what changes during a card's life (202)
 * @transfer_key: 106 and 107; @update_key: 104 and 105
 * @expiry_day: 111, the first day on which it has expired
 * @balance: 108
 */
typedef struct {
    KeyHandle transfer_key;
    KeyHandle update_key;
    uint16_t expiry_day;
    Cents balance;
} CardMemory;

/**
 * CardProfile: what a card is given at its issue for good
 * @transfer_key_limit, @update_key_limit: 112 and 113; CARD_NO_LIMIT if none
 * @preloaded: transfer keys that it holds besides the one in use (106[i], 107[i])
 * @pays_from_nothing: its program is an attacker's: it pays whatever is asked, and its balance
 *   never falls
 */
typedef struct {
    uint32_t transfer_key_limit;
    uint32_t update_key_limit;
    uint8_t n_preloaded;
    KeyHandle preloaded[CARD_PRELOADED_MAX];
    bool pays_from_nothing;
} CardProfile;

/**
 * CardLog: what the card did since it was last selected, for who measures it; the card itself
 *   never looks at it
 * @refused: the step that refused, CARD_STEP_NONE if none
 * @refused_in_silence: the step of the update that refused where a card does not say
 *   so (update-ack = no)
 * @wrote: WROTE_* bits; of a torn write those fields that are whole
 * @committed: whether S2104A or S2105B wrote the balance
 * @at_limit: whether it did not store a key that it would have stored but for its limit; with
 *   preloaded keys, whether no one of them is that key or a newer one
 * @waited: for a credit, when it was selected
 * @restored: credited of a payment that had been torn
 */
typedef struct {
    CardStep refused;
    CardStep refused_in_silence;
    uint8_t wrote;
    bool committed;
    bool at_limit;
    bool waited;
    Cents restored;
} CardLog;

/**
 * Settlement: what its terminal saw
 * @path: the update that was chosen at Sx003, whether or not it succeeded
 * @payer_is_older: which card was to be updated; false with PATH_NONE
 * @rounds: how often Sx004 to Sx006 were begun; 2 if the update key also went the
 *   other way
 * @n_exchanges: begun, a chained command counts once
 * @answered: whether the last one brought what was asked for, and not a status
 *   word alone
 * @status: its status word
 */
typedef struct {
    Outcome outcome;
    Path path;
    bool payer_is_older;
    uint8_t rounds;
    uint8_t n_exchanges;
    bool answered;
    uint16_t status;
} Settlement;

#endif
