/* card_state.h - what a card is, holds and remembers. */
#ifndef MODEL_WIRE_CARD_STATE_H
#define MODEL_WIRE_CARD_STATE_H

#include "model/protocol/apdu.h"
#include "model/protocol/certificate.h"
#include "model/protocol/keyring.h"
#include "model/protocol/link.h"
#include "model/protocol/protocol.h"
#include "model/protocol/records.h"
#include "model/protocol/units.h"
#include "model/wire/entropy.h"
#include "model/wire/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * CardCredential: certificate 102 and secret key 103
 */
typedef struct {
    Certificate certificate;
    SealSecret secret;
} CardCredential;

/**
 * CardDeal: a payment in which a card takes part
 * @key: the transfer key that it uses; 0: there is no payment
 * @terms: 221, 222
 * @peer_serial: of the other card, if challenges name the cards
 */
typedef struct {
    KeyHandle key;
    uint8_t terms[FIELD_PAID_VALUE_BYTES + FIELD_DATE_BYTES];
    uint8_t peer_serial[FIELD_SERIAL_BYTES];
} CardDeal;

/**
 * CardPledge: a payment of which a card keeps, in memory that needs no power, what 226 is made of
 * @random: 225
 */
typedef struct {
    CardDeal deal;
    uint8_t random[FIELD_RANDOM_BYTES];
} CardPledge;

/**
 * CardUnfinished: the log of a card (recovery = torn-log)
 * @debit: its last; whether it was credited it cannot know
 * @credit: for which it waits
 */
typedef struct {
    CardPledge debit;
    CardPledge credit;
} CardUnfinished;

/**
 * CardIdentity: all that a card is when it is put into a reader
 * @credential: NULL in a scheme without certificates
 * @unfinished: NULL if it keeps no log
 */
typedef struct {
    CardMemory *memory;
    const CardProfile *profile;
    const CardCredential *credential;
    uint64_t serial;
    CardUnfinished *unfinished;
} CardIdentity;

/* What the card remembers between two commands, besides which command may come. */
typedef enum {
    CARD_OFF,
    CARD_UNSELECTED,
    CARD_SELECTED,
    CARD_GAVE_RANDOM,            /* R, symmetric */
    CARD_GAVE_RANDOM_PUBLIC_KEY, /* R and the newer card's public key */
    CARD_PAYER_PENDING,          /* 221, 222, 223 */
    CARD_PAYEE_PENDING,          /* 221, 222, 225 */
    N_CARD_STATES,
} CardState;

/**
 * CardCut: where power goes while the card works
 * @step: within it, before it is done; CARD_STEP_NONE: nowhere
 * @chance: 32 random bits: of a write of several fields, between which of them
 */
typedef struct {
    CardStep step;
    uint32_t chance;
} CardCut;

/* What lives in RAM; wiped whole. */
typedef struct {
    uint8_t random[FIELD_RANDOM_BYTES]; /* R, 223 or 225 */
    uint8_t peer_key[SEAL_PUBLIC_KEY_BYTES];
    uint8_t text[SEAL_TEXT_MAX]; /* opened, not yet stored */
    CardDeal deal;
    Cents tentative;
    CardState state;
} CardVolatile;

/**
 * Card: a reader with a card in it
 * @reader: what the terminal transmits through
 * @ring, @protocol, @authority_key: of the scheme; borrowed
 */
typedef struct {
    Reader reader;
    const Protocol *protocol;
    KeyRing *ring;
    const uint8_t *authority_key;
    CardIdentity identity;
    Entropy entropy;
    CardCut cut;
    CardLog log;
    CardVolatile ram;
    uint16_t n_chained; /* data of a chain so far */
    uint16_t n_held;    /* response data that waits for GET RESPONSE */
    uint16_t held_at;
    uint8_t chain_header[4];
    uint8_t chained[APDU_BYTES_MAX];
    uint8_t held[APDU_BYTES_MAX];
} Card;

#endif
