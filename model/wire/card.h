/* card.h - the settlement program of a smart card.
 *
 * It receives command APDUs as bytes and answers with bytes. It decides from
 * these bytes and from its own memory alone; its keys never leave it. What it
 * remembers between commands is lost on selection and when power goes; each
 * random number serves once, or as long as there is power (nonce-life). */
#ifndef MODEL_WIRE_CARD_H
#define MODEL_WIRE_CARD_H

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

/* Derives the credential of the card with @certificate's serial and validity from
 * @seed and has it certified. */
void card_credential_derive(CardCredential *credential, const Authority *authority, uint64_t serial,
                            uint16_t valid_from, uint16_t valid_until,
                            const uint8_t seed[static SEAL_SEED_BYTES]);

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

/**
 * card_init:
 * @authority_key: public key 101, NULL in a scheme without certificates
 *
 * Makes an empty reader for cards of the scheme.
 */
void card_init(Card *card, const Protocol *protocol, KeyRing *ring, const uint8_t *authority_key);

/**
 * card_power_on:
 * @identity: the card; its memory is written in place
 * @link: how the card and the reader talk
 * @entropy_key, @entropy_nonce: the random stream the card may use, see entropy.h
 */
void card_power_on(Card *card, const CardIdentity *identity, LinkProtocol link,
                   const uint8_t entropy_key[static ENTROPY_KEY_BYTES], uint64_t entropy_nonce);

/* Takes the power away: RAM is lost and wiped. */
void card_power_off(Card *card);

/* Lets the power go in the middle of @cut->step when the card next comes to it. */
void card_cut_power(Card *card, const CardCut *cut);

/**
 * card_process:
 * @command: bytes of a command APDU
 * @response: room for APDU_BYTES_MAX bytes
 *
 * Returns: length of the response, at least the two bytes of the status word; 0
 *   if the card has no power
 */
size_t card_process(Card *card, const uint8_t *command, size_t length, uint8_t *response);

#endif
