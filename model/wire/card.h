/* card.h - the settlement program of a smart card.
 *
 * It receives command APDUs as bytes and answers with bytes. It decides from
 * these bytes and from its own memory alone; its keys never leave it. What it
 * remembers between commands is lost on selection and when power goes, a chain that
 * has been begun with it; each random number serves once, or as long as there is power
 * (nonce-life). */
#ifndef MODEL_WIRE_CARD_H
#define MODEL_WIRE_CARD_H

#include "model/wire/card_state.h"

#include <stddef.h>
#include <stdint.h>

/* Derives the credential of the card with @certificate's serial and validity from
 * @seed and has it certified. */
void card_credential_derive(CardCredential *credential, const Authority *authority, uint64_t serial,
                            uint16_t valid_from, uint16_t valid_until,
                            const uint8_t seed[static SEAL_SEED_BYTES]);

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

/* Empties @card->log, as power and each selection do: it is about one settlement. */
void card_begin_log(Card *card);

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
