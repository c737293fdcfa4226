/* protocol.h - the one table of steps of a settlement.
 *
 * Rows follow the flowcharts of the specification (Figs. 3, 7, 10, 11, 14, 17
 * and 18 for the key update, Fig. 4 for the value transfer): which APDU the
 * terminal sends to which card, the fields it carries each way, and the steps
 * that the card takes between command and response with the operations of its
 * chip. Terminal and card run from it, durations are computed from it and
 * traces are labelled with it.
 *
 * Steps are written here without their series: Sx004 is S1004 in embodiment 1
 * and S8004 in a public-key update of embodiment 5. */
#ifndef MODEL_PROTOCOL_PROTOCOL_H
#define MODEL_PROTOCOL_PROTOCOL_H

#include "model/protocol/chip.h"
#include "model/protocol/scheme.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Which update a settlement takes. Order and names as in latency.csv. */
typedef enum { PATH_NONE, PATH_SYMMETRIC, PATH_PUBLIC_KEY, N_PATHS } Path;
extern const char *const path_names[N_PATHS + 1];

/* The cards that an exchange goes to, by their part. Older and newer compare transfer-key IDs;
 * payer and payee say which way value goes. Every combination occurs. */
typedef enum {
    RECIPIENT_BOTH,
    RECIPIENT_OLDER,
    RECIPIENT_NEWER,
    RECIPIENT_PAYER,
    RECIPIENT_PAYEE,
} Recipient;

/* What an APDU carries. Numerals are the specification's. */
typedef enum {
    FIELD_SERVICE,                /* application identifier of the settlement service */
    FIELD_CONTROL_INFORMATION,    /* the card's answer to its selection (FCI) */
    FIELD_CERTIFICATE,            /* 102 */
    FIELD_SERIAL,                 /* of the card, in clear */
    FIELD_UPDATE_KEY_ID,          /* 104 */
    FIELD_TRANSFER_KEY_ID,        /* 106 */
    FIELD_HELD_KEY_IDS,           /* of the transfer keys held: oldest-common only */
    FIELD_TERM,                   /* 111: first day on which the card has expired */
    FIELD_UPDATE_RANDOM,          /* R: x121 */
    FIELD_PROTECTED_KEY,          /* E: what travels under the update key or in the envelope */
    FIELD_SIGNATURE,              /* x122, over E and R */
    FIELD_KEY_SIGNATURES,         /* the issuer's, over each key in E: issuer-signed only */
    FIELD_PAID_VALUE,             /* 221 */
    FIELD_DATE,                   /* 222 */
    FIELD_TRANSMISSION_RANDOM,    /* 223 */
    FIELD_TRANSMISSION_CHALLENGE, /* 224 */
    FIELD_RECEPTION_RANDOM,       /* 225 */
    FIELD_RECEPTION_CHALLENGE,    /* 226 */
    FIELD_LAST_CHALLENGE,         /* 226 of the card's last debit */
    FIELD_COMMON_KEY_ID,          /* of the key that the terminal chose: likewise */
    N_FIELDS,
} Field;

/* Words for traces, in the order of the enum. */
extern const char *const field_names[N_FIELDS];

#define FIELD_ID_BYTES SCHEME_ID_BYTES
#define FIELD_TERM_BYTES 2
#define FIELD_SERIAL_BYTES 8
#define FIELD_RANDOM_BYTES 16 /* at most: see nonce_bits of Scheme */
#define FIELD_CHALLENGE_BYTES 16
#define FIELD_PAID_VALUE_BYTES 8
#define FIELD_DATE_BYTES 8
#define FIELD_SERVICE_BYTES 5
#define FIELD_CONTROL_INFORMATION_BYTES 9
/* IDs of FIELD_HELD_KEY_IDS at most: the current one and those preloaded. They stand
 * in ascending order from the current one on; KEYRING_LAST_ID fills places left over. */
#define FIELD_HELD_MAX 17
#define FIELD_MOST_BYTES 524 /* the longest: a certificate of suite rsa-2048 */

/* Application identifier of the settlement service: a proprietary one (first
 * digit F, ISO/IEC 7816-4). */
extern const uint8_t settlement_service[FIELD_SERVICE_BYTES];

/* The exchanges of a settlement, in order. Select and information go to both
 * cards, payer first. */
typedef enum {
    EXCHANGE_SELECT,      /* Sx001 */
    EXCHANGE_INFORMATION, /* Sx002 */
    EXCHANGE_PERMISSION,  /* Sx004 */
    EXCHANGE_OBTAINING,   /* Sx005 */
    EXCHANGE_UPDATE,      /* Sx006 */
    EXCHANGE_S2001,
    EXCHANGE_S2002,
    EXCHANGE_S2003,
    EXCHANGE_S2004,
    N_EXCHANGES,
} Exchange;

/* The parts into which latency.csv divides a settlement. */
typedef enum { PHASE_SELECT, PHASE_INFORMATION, PHASE_UPDATE, PHASE_VALUE, N_PHASES } Phase;
extern const char *const phase_names[N_PHASES];

/* Steps of a card. The letter is part of the step: in the key update A is the
 * older card and B the newer one, in Fig. 4 A is the payer and B the payee. */
typedef enum {
    CARD_STEP_NONE,
    CARD_STEP_INFORMATION,     /* Sx101A, Sx101B */
    CARD_STEP_GIVE_RANDOM,     /* Sx102A, symmetric: R */
    CARD_STEP_ENCRYPT,         /* Sx102B: R, ID and key under the update key */
    CARD_STEP_CHECK_RANDOM,    /* Sx103A: decrypt, R equal? */
    CARD_STEP_STORE,           /* Sx104A: range, write */
    CARD_STEP_CHECK_NEWER,     /* Sx102A, public key: certificate of the newer card, R */
    CARD_STEP_CHECK_OLDER,     /* Sx102B: certificate of the older card, envelope */
    CARD_STEP_SIGN,            /* Sx103B */
    CARD_STEP_CHECK_SIGNATURE, /* Sx103A */
    CARD_STEP_OPEN,            /* Sx104A: open the envelope */
    CARD_STEP_STORE_OPENED,    /* Sx105A: range, write */
    CARD_STEP_S2101A,
    CARD_STEP_S2102A,
    CARD_STEP_S2101B,
    CARD_STEP_S2102B,
    CARD_STEP_S2103B,
    CARD_STEP_S2103A,
    CARD_STEP_S2104A,
    CARD_STEP_S2105A,
    CARD_STEP_S2104B,
    CARD_STEP_S2105B,
    N_CARD_STEPS,
} CardStep;

/* What a card wrote in its non-volatile memory, the balance apart. */
enum {
    WROTE_TRANSFER_KEY = 1,
    WROTE_UPDATE_KEY = 2,
    WROTE_TRANSFER_KEY_ID = 4, /* of a key that was there already */
    WROTE_SWITCH = 8,          /* the same, with a debit or credit and no update */
};

/* Of which data an operation's length is. */
typedef enum {
    LENGTH_NONE,
    LENGTH_RANDOM,      /* one random number */
    LENGTH_MESSAGE,     /* what the update key protects: R and the payload */
    LENGTH_CERTIFICATE, /* the signed part of a certificate */
    LENGTH_SIGNED,      /* E and R */
    LENGTH_CHALLENGE,   /* what 224 and 226 authenticate */
    LENGTH_SIGNED_KEY,  /* what the issuer signs of one key */
    N_LENGTHS,
} StepLength;

/* When a step's operation takes place. */
typedef enum {
    WHEN_TRIED,              /* the step begins, whether it refuses or not */
    WHEN_PASSED,             /* only if it does not refuse */
    WHEN_WROTE_TRANSFER_KEY, /* only if that was written */
    WHEN_WROTE_UPDATE_KEY,
    WHEN_WROTE_TRANSFER_KEY_ID,
    WHEN_WROTE_SWITCH,
    WHEN_LOGGED,          /* if cards keep a log of what is not finished */
    WHEN_WAITED,          /* if it has a credit that this one waits for */
    WHEN_KEYS_ARE_SIGNED, /* once for each signed key that is offered, whatever comes of it */
    N_WHENS,
} StepWhen;

/**
 * StepOperation: one operation of the chip within a step
 * @on_suite: @suite_operation is meant, not @operation
 */
typedef struct {
    bool on_suite;
    ChipOperation operation;
    ChipSuiteOperation suite_operation;
    StepLength length;
    StepWhen when;
} StepOperation;

#define STEP_OPERATIONS_MAX 4

/**
 * CardStepRow:
 * @number: with letter, without series for the key update ("102A"), whole for
 *   Fig. 4 ("S2101A"); "101" takes its letter from the card
 * @meaning: for people
 * @exchange: between whose command and response the card takes the step
 * @path: the update that the step belongs to; PATH_NONE: to every settlement
 */
typedef struct {
    const char *number;
    const char *meaning;
    Exchange exchange;
    Path path;
    uint8_t n_operations;
    StepOperation operations[STEP_OPERATIONS_MAX];
} CardStepRow;

extern const CardStepRow card_steps[N_CARD_STEPS];

#define MESSAGE_FIELDS_MAX 6

/**
 * ExchangeRow:
 * @number: the terminal's step, "001" with a series to come or "S2001"
 * @instruction: INS of its command
 * @command, @response: fields in order; fields that the scheme or the path does
 *   not have are left out (steps_message_fields)
 */
typedef struct {
    const char *number;
    const char *meaning;
    Recipient to;
    Phase phase;
    uint8_t instruction;
    uint8_t n_command;
    uint8_t n_response;
    Field command[MESSAGE_FIELDS_MAX];
    Field response[MESSAGE_FIELDS_MAX];
} ExchangeRow;

extern const ExchangeRow exchanges[N_EXCHANGES];

/* The terminal's own step between information and update: it decides. */
#define STEP_DECIDE_NUMBER "003"

/**
 * Slot: where a field stands in the data of an APDU
 */
typedef struct {
    Field field;
    uint16_t at;
    uint16_t bytes;
} Slot;

/**
 * Message: the data of one command or response
 */
typedef struct {
    uint8_t n_slots;
    uint16_t bytes;
    Slot slots[MESSAGE_FIELDS_MAX];
} Message;

#define EXCHANGE_STEPS_MAX 5

/**
 * ExchangePlan: one exchange of a scheme on one path
 */
typedef struct {
    Message command;
    Message response;
    uint8_t n_steps;
    CardStep steps[EXCHANGE_STEPS_MAX];
} ExchangePlan;

/**
 * Protocol: the table laid out for one scheme. Everybody in the scheme, card or
 * terminal, works from the same one; it holds no secret.
 * @random_bytes: length of R, 223 and 225
 * @n_signed_keys: keys that an update delivers with the issuer's signature
 * @lengths: of what operations work on, per path
 */
typedef struct {
    Scheme scheme;
    const Suite *suite;
    bool has_certificates;
    bool has_update_key_ids;
    uint8_t random_bytes;
    uint8_t n_signed_keys[N_PATHS];
    uint16_t payload_bytes[N_PATHS];
    uint16_t lengths[N_PATHS][N_LENGTHS];
    ExchangePlan plan[N_PATHS][N_EXCHANGES];
} Protocol;

/* Lays out the table for @scheme, which must be possible. */
void protocol_init(Protocol *protocol, const Scheme *scheme);

/**
 * protocol_terminal_series, protocol_card_series:
 *
 * Returns: the digit that stands for x in Sx004 (terminal) and Sx102A (card) in
 *   a settlement of @scheme that took @path. They differ where the specification
 *   has no figure: embodiment 4 with public key takes the card's steps from S3.
 */
int protocol_terminal_series(const Scheme *scheme, Path path);
int protocol_card_series(const Scheme *scheme, Path path);

/**
 * protocol_exchange_of_instruction:
 *
 * Returns: the exchange whose command has that INS, or N_EXCHANGES
 */
Exchange protocol_exchange_of_instruction(uint8_t instruction);

#endif
