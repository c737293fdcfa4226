/* terminal.h - the settlement program of a terminal (305), with two readers.
 *
 * It selects the service on both cards, reads their information, decides at
 * Sx003 whether and how the older card is updated, and carries what one card
 * says to the other, row by row of the table in steps.h. It knows no key but the
 * authority's public one. */
#ifndef MODEL_WIRE_TERMINAL_H
#define MODEL_WIRE_TERMINAL_H

#include "model/protocol/certificate.h"
#include "model/protocol/outcome.h"
#include "model/protocol/protocol.h"
#include "model/protocol/records.h"
#include "model/protocol/units.h"
#include "model/wire/reader.h"

#include <stdbool.h>
#include <stdint.h>

/* What one card has said in this settlement, field by field. */
typedef struct {
    uint8_t certificate[FIELD_MOST_BYTES];
    uint8_t protected_key[256];
    uint8_t signature[256];
    uint8_t key_signatures[512];
    uint8_t held_key_ids[FIELD_HELD_MAX * FIELD_ID_BYTES];
    uint8_t small[N_FIELDS][FIELD_RANDOM_BYTES];
} Said;

/**
 * Terminal:
 * @crl: the list it holds; empty at first
 * @clock_skew: how far its clock is ahead of the true time
 * @common_key_id: of the transfer key that it chose at Sx003, where cards pay with the
 *   oldest common one
 */
typedef struct {
    const Protocol *protocol;
    const uint8_t *authority_key;
    Crl crl;
    Micros clock_skew;
    uint8_t paid_value[FIELD_PAID_VALUE_BYTES];
    uint8_t date[FIELD_DATE_BYTES];
    uint8_t common_key_id[FIELD_ID_BYTES];
    Said said[N_SIDES];
} Terminal;

/**
 * terminal_init:
 * @authority_key: public key 101, NULL in a scheme without certificates
 */
void terminal_init(Terminal *terminal, const Protocol *protocol, const uint8_t *authority_key);
void terminal_clear(Terminal *terminal);

/**
 * terminal_load_crl:
 *
 * Returns: false, nothing changed, if @list is forged or not newer than the one held
 */
bool terminal_load_crl(Terminal *terminal, GBytes *list);

/**
 * terminal_settle:
 * @payer, @payee: the readers, each with a card under power
 * @amount: what the payer pays, in minor units, not negative (221)
 * @date: calendar date and time of the transaction in microseconds since
 *   1970-01-01 UTC (222)
 * @now: the true time since day 0 of the terms of validity; the terminal judges
 *   them by its own clock
 *
 * One settlement from Sx001 to S2004.
 */
Settlement terminal_settle(Terminal *terminal, Reader *payer, Reader *payee, Cents amount,
                           int64_t date, Micros now);

#endif
