/* apdu.h - command and response APDUs of ISO/IEC 7816-4, as bytes.
 *
 * Short and extended length, the class bit for command chaining, and the status
 * words that the settlement service answers with. */
#ifndef MODEL_PROTOCOL_APDU_H
#define MODEL_PROTOCOL_APDU_H

#include "model/protocol/outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APDU_CLASS_INTERINDUSTRY 0x00
#define APDU_CLASS_SETTLEMENT 0x80 /* proprietary: the settlement service */
#define APDU_CLASS_CHAINED 0x10    /* more of this command follows */
#define APDU_INS_GET_RESPONSE 0xC0
#define APDU_P1_SELECT_BY_NAME 0x04

#define APDU_HEADER_BYTES 4
#define APDU_STATUS_BYTES 2
#define APDU_SHORT_COMMAND_MAX 255  /* data of a command of short length */
#define APDU_SHORT_RESPONSE_MAX 256 /* data of a response of short length */
#define APDU_BYTES_MAX 1280         /* of any command or response of this scheme */

/**
 * ApduCommand:
 * @data: the data field inside the parsed bytes; NULL if there is none
 * @n_data: its length (Nc)
 * @n_expected: the most that the response may hold (Ne), 0 if it may hold none
 * @extended: the length fields are extended ones
 */
typedef struct {
    uint8_t cla;
    uint8_t ins;
    uint8_t p1;
    uint8_t p2;
    bool extended;
    const uint8_t *data;
    uint32_t n_data;
    uint32_t n_expected;
} ApduCommand;

/**
 * apdu_parse:
 *
 * Returns: whether @bytes is a command APDU of one of the four cases
 */
bool apdu_parse(const uint8_t *bytes, size_t length, ApduCommand *command);

/**
 * apdu_write:
 * @out: room for APDU_BYTES_MAX bytes
 *
 * @command->n_expected of 256 (65536 if extended) is written as Le = 0.
 *
 * Returns: the length of the command APDU
 */
size_t apdu_write(const ApduCommand *command, uint8_t *out);

/* Status words. 66xx and 94xx are this service's refusals, one for each check. */
enum {
    SW_NONE = 0, /* none came: the card has no power */
    SW_DONE = 0x9000,
    SW_MORE_DATA = 0x6100,              /* low byte: how much, 0 for 256 or more */
    SW_TRANSFER_KEY_ALONE = 0x6301,     /* stored; the update key was not */
    SW_UPDATE_KEY_ALONE = 0x6302,       /* stored; the transfer key was not */
    SW_UPDATE_KEY_DIFFERS = 0x6601,     /* Sx103A: the message does not open or R differs */
    SW_NEWER_CERTIFICATE = 0x6602,      /* Sx102A: the newer card's certificate */
    SW_OLDER_CERTIFICATE = 0x6603,      /* Sx102B: the older card's certificate */
    SW_SIGNATURE = 0x6604,              /* Sx103A */
    SW_ENVELOPE = 0x6605,               /* Sx104A: the envelope does not open */
    SW_TRANSFER_KEY_RANGE = 0x6606,     /* Sx104A, Sx105A */
    SW_UPDATE_KEY_ORDER = 0x6607,       /* S8105A: not newer */
    SW_UPDATE_KEY_LIMIT = 0x6608,       /* S8105A: above the limit */
    SW_NOT_PRELOADED = 0x6609,          /* S6104A */
    SW_TRANSMISSION_CHALLENGE = 0x660A, /* S2103A: 224 */
    SW_RECEPTION_CHALLENGE = 0x660B,    /* S2104B: 226 */
    SW_KEY_NOT_HELD = 0x660C,           /* S2101A, S2101B: the key to pay with */
    SW_KEY_SIGNATURE = 0x660D,          /* Sx104A, Sx105A: the issuer's */
    SW_WRONG_LENGTH = 0x6700,
    SW_CHAIN_NOT_ENDED = 0x6883,
    SW_OUT_OF_TURN = 0x6985,
    SW_NO_SUCH_SERVICE = 0x6A82,
    SW_WRONG_PARAMETERS = 0x6A86,
    SW_WRONG_EXPECTED = 0x6C00, /* low byte: the right Le */
    SW_NO_SUCH_INSTRUCTION = 0x6D00,
    SW_NO_SUCH_CLASS = 0x6E00,
    SW_BALANCE_TOO_SMALL = 0x9401, /* S2101A */
    SW_BALANCE_TOO_LARGE = 0x9402, /* S2101B */
};

/**
 * apdu_status_meaning:
 *
 * Returns: what the status word says, for people
 */
const char *apdu_status_meaning(uint16_t status);

/**
 * apdu_status_outcome:
 *
 * Returns: the outcome of a settlement that ends with this status word; one that
 *   no honest card gives in its turn counts as refused-authentication
 */
Outcome apdu_status_outcome(uint16_t status);

#endif
