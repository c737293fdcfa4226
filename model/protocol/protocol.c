#include "model/protocol/protocol.h"

#include "model/protocol/certificate.h"
#include "model/protocol/seal.h"

#include <string.h>

G_STATIC_ASSERT(SCHEME_KEY_BYTES == KEYRING_KEY_BYTES);

const char *const path_names[N_PATHS + 1] = {
    [PATH_NONE] = "none",
    [PATH_SYMMETRIC] = "symmetric",
    [PATH_PUBLIC_KEY] = "public-key",
};
const char *const phase_names[N_PHASES] = {
    [PHASE_SELECT] = "select",
    [PHASE_INFORMATION] = "information",
    [PHASE_UPDATE] = "update",
    [PHASE_VALUE] = "value",
};

const uint8_t settlement_service[FIELD_SERVICE_BYTES] = { 0xF0, 0x00, 0x00, 0x00, 0x01 };

const char *const field_names[N_FIELDS] = {
    [FIELD_SERVICE] = "settlement service (AID)",
    [FIELD_CONTROL_INFORMATION] = "file control information",
    [FIELD_CERTIFICATE] = "card public key certificate 102",
    [FIELD_SERIAL] = "card serial",
    [FIELD_UPDATE_KEY_ID] = "update key ID 104",
    [FIELD_TRANSFER_KEY_ID] = "transfer key ID 106",
    [FIELD_HELD_KEY_IDS] = "transfer key IDs held",
    [FIELD_TERM] = "term of validity 111",
    [FIELD_UPDATE_RANDOM] = "update random number R",
    [FIELD_PROTECTED_KEY] = "protected key E",
    [FIELD_SIGNATURE] = "digital signature",
    [FIELD_KEY_SIGNATURES] = "issuer's signatures of keys",
    [FIELD_PAID_VALUE] = "paid value 221",
    [FIELD_DATE] = "transaction date 222",
    [FIELD_TRANSMISSION_RANDOM] = "transmission random number 223",
    [FIELD_TRANSMISSION_CHALLENGE] = "transmission challenge 224",
    [FIELD_RECEPTION_RANDOM] = "reception random number 225",
    [FIELD_RECEPTION_CHALLENGE] = "reception challenge 226",
    [FIELD_LAST_CHALLENGE] = "reception challenge 226 of the last debit",
    [FIELD_COMMON_KEY_ID] = "transfer key ID to pay with",
};

/* clang-format off */
#define CHIP(op, data, moment) \
    { .operation = CHIP_##op, .length = LENGTH_##data, .when = WHEN_##moment }
#define ON_SUITE(op, data, moment) \
    { .on_suite = true, .suite_operation = CHIP_##op, .length = LENGTH_##data, \
      .when = WHEN_##moment }


/* Figs. 3, 7, 10, 11, 14, 17, 18 between Sx001 and Sx006, then Fig. 4: what the
 * terminal sends, in its order. */
const ExchangeRow exchanges[N_EXCHANGES] = {
    [EXCHANGE_SELECT] = {
        "001", "select the settlement service", RECIPIENT_BOTH, PHASE_SELECT, 0xA4,
        1, 1, { FIELD_SERVICE }, { FIELD_CONTROL_INFORMATION } },
    [EXCHANGE_INFORMATION] = {
        "002", "obtain card information", RECIPIENT_BOTH, PHASE_INFORMATION, 0xCA,
        0, 6, { 0 }, { FIELD_CERTIFICATE, FIELD_SERIAL, FIELD_UPDATE_KEY_ID,
                       FIELD_TRANSFER_KEY_ID, FIELD_HELD_KEY_IDS, FIELD_TERM } },
    [EXCHANGE_PERMISSION] = {
        "004", "request permission to update", RECIPIENT_OLDER, PHASE_UPDATE, 0x30,
        1, 1, { FIELD_CERTIFICATE }, { FIELD_UPDATE_RANDOM } },
    [EXCHANGE_OBTAINING] = {
        "005", "obtain the key", RECIPIENT_NEWER, PHASE_UPDATE, 0x32,
        2, 3, { FIELD_CERTIFICATE, FIELD_UPDATE_RANDOM },
              { FIELD_PROTECTED_KEY, FIELD_SIGNATURE, FIELD_KEY_SIGNATURES } },
    [EXCHANGE_UPDATE] = {
        "006", "request the update", RECIPIENT_OLDER, PHASE_UPDATE, 0x34,
        3, 0, { FIELD_PROTECTED_KEY, FIELD_SIGNATURE, FIELD_KEY_SIGNATURES }, { 0 } },
    [EXCHANGE_S2001] = {
        "S2001", "request permission to transmit value", RECIPIENT_PAYER, PHASE_VALUE, 0x40,
        4, 2, { FIELD_PAID_VALUE, FIELD_DATE, FIELD_SERIAL, FIELD_COMMON_KEY_ID },
              { FIELD_TRANSMISSION_RANDOM, FIELD_LAST_CHALLENGE } },
    [EXCHANGE_S2002] = {
        "S2002", "request permission to receive value", RECIPIENT_PAYEE, PHASE_VALUE, 0x42,
        6, 3, { FIELD_PAID_VALUE, FIELD_DATE, FIELD_TRANSMISSION_RANDOM, FIELD_SERIAL,
                FIELD_COMMON_KEY_ID, FIELD_LAST_CHALLENGE },
              { FIELD_TRANSMISSION_CHALLENGE, FIELD_RECEPTION_RANDOM, FIELD_LAST_CHALLENGE } },
    [EXCHANGE_S2003] = {
        "S2003", "request transmission of value", RECIPIENT_PAYER, PHASE_VALUE, 0x44,
        3, 1, { FIELD_TRANSMISSION_CHALLENGE, FIELD_RECEPTION_RANDOM, FIELD_LAST_CHALLENGE },
              { FIELD_RECEPTION_CHALLENGE } },
    [EXCHANGE_S2004] = {
        "S2004", "request reception of value", RECIPIENT_PAYEE, PHASE_VALUE, 0x46,
        1, 0, { FIELD_RECEPTION_CHALLENGE }, { 0 } },
};

/* The same figures on the side of the cards, in their order. */
const CardStepRow card_steps[N_CARD_STEPS] = {
    [CARD_STEP_INFORMATION] = {
        "101", "give card information", EXCHANGE_INFORMATION, PATH_NONE, 0, { { 0 } } },

    [CARD_STEP_GIVE_RANDOM] = {
        "102A", "generate R, the update random number", EXCHANGE_PERMISSION, PATH_SYMMETRIC,
        1, { CHIP(RANDOM, RANDOM, TRIED) } },
    [CARD_STEP_ENCRYPT] = {
        "102B", "encrypt under the update key", EXCHANGE_OBTAINING, PATH_SYMMETRIC,
        1, { CHIP(CIPHER, MESSAGE, TRIED) } },
    [CARD_STEP_CHECK_RANDOM] = {
        "103A", "decrypt, check R", EXCHANGE_UPDATE, PATH_SYMMETRIC,
        1, { CHIP(CIPHER, MESSAGE, TRIED) } },
    [CARD_STEP_STORE] = {
        "104A", "check the range, store", EXCHANGE_UPDATE, PATH_SYMMETRIC,
        3, { ON_SUITE(VERIFY, SIGNED_KEY, KEYS_ARE_SIGNED),
             CHIP(WRITE_KEY, NONE, WROTE_TRANSFER_KEY),
             CHIP(WRITE, NONE, WROTE_TRANSFER_KEY_ID) } },

    [CARD_STEP_CHECK_NEWER] = {
        "102A", "check the other card's certificate, generate R",
        EXCHANGE_PERMISSION, PATH_PUBLIC_KEY,
        2, { ON_SUITE(VERIFY, CERTIFICATE, TRIED), CHIP(RANDOM, RANDOM, PASSED) } },
    [CARD_STEP_CHECK_OLDER] = {
        "102B", "check the other card's certificate, encrypt for it",
        EXCHANGE_OBTAINING, PATH_PUBLIC_KEY,
        2, { ON_SUITE(VERIFY, CERTIFICATE, TRIED), ON_SUITE(ENVELOPE_SEAL, NONE, PASSED) } },
    [CARD_STEP_SIGN] = {
        "103B", "sign E and R",
        EXCHANGE_OBTAINING, PATH_PUBLIC_KEY,
        1, { ON_SUITE(SIGN, SIGNED, TRIED) } },
    [CARD_STEP_CHECK_SIGNATURE] = {
        "103A", "check the signature", EXCHANGE_UPDATE, PATH_PUBLIC_KEY,
        1, { ON_SUITE(VERIFY, SIGNED, TRIED) } },
    [CARD_STEP_OPEN] = {
        "104A", "decrypt with the card secret key", EXCHANGE_UPDATE, PATH_PUBLIC_KEY,
        1, { ON_SUITE(ENVELOPE_OPEN, NONE, TRIED) } },
    [CARD_STEP_STORE_OPENED] = {
        "105A", "check the ranges, store", EXCHANGE_UPDATE, PATH_PUBLIC_KEY,
        4, { ON_SUITE(VERIFY, SIGNED_KEY, KEYS_ARE_SIGNED),
             CHIP(WRITE_KEY, NONE, WROTE_UPDATE_KEY),
             CHIP(WRITE_KEY, NONE, WROTE_TRANSFER_KEY),
             CHIP(WRITE, NONE, WROTE_TRANSFER_KEY_ID) } },

    [CARD_STEP_S2101A] = {
        "S2101A", "tentative balance of the payer", EXCHANGE_S2001, PATH_NONE, 0, { { 0 } } },
    [CARD_STEP_S2102A] = {
        "S2102A", "generate the transmission random number", EXCHANGE_S2001, PATH_NONE,
        2, { CHIP(RANDOM, RANDOM, TRIED), CHIP(MAC, CHALLENGE, LOGGED) } },
    [CARD_STEP_S2101B] = {
        "S2101B", "tentative balance of the payee", EXCHANGE_S2002, PATH_NONE,
        2, { CHIP(MAC_CHECK, CHALLENGE, WAITED), CHIP(WRITE, NONE, WAITED) } },
    [CARD_STEP_S2102B] = {
        "S2102B", "make the transmission challenge", EXCHANGE_S2002, PATH_NONE,
        1, { CHIP(MAC, CHALLENGE, TRIED) } },
    [CARD_STEP_S2103B] = {
        "S2103B", "generate the reception random number", EXCHANGE_S2002, PATH_NONE,
        3, { CHIP(RANDOM, RANDOM, TRIED), CHIP(MAC, CHALLENGE, LOGGED),
             CHIP(WRITE, NONE, LOGGED) } },
    [CARD_STEP_S2103A] = {
        "S2103A", "check the transmission challenge", EXCHANGE_S2003, PATH_NONE,
        3, { CHIP(MAC_CHECK, CHALLENGE, WAITED), CHIP(WRITE, NONE, WAITED),
             CHIP(MAC_CHECK, CHALLENGE, TRIED) } },
    [CARD_STEP_S2104A] = {
        "S2104A", "commit the debit", EXCHANGE_S2003, PATH_NONE,
        2, { CHIP(WRITE, NONE, PASSED), CHIP(WRITE, NONE, WROTE_SWITCH) } },
    [CARD_STEP_S2105A] = {
        "S2105A", "make the reception challenge", EXCHANGE_S2003, PATH_NONE,
        1, { CHIP(MAC, CHALLENGE, TRIED) } },
    [CARD_STEP_S2104B] = {
        "S2104B", "check the reception challenge", EXCHANGE_S2004, PATH_NONE,
        1, { CHIP(MAC_CHECK, CHALLENGE, TRIED) } },
    [CARD_STEP_S2105B] = {
        "S2105B", "commit the credit", EXCHANGE_S2004, PATH_NONE,
        2, { CHIP(WRITE, NONE, PASSED), CHIP(WRITE, NONE, WROTE_SWITCH) } },
};

/* clang-format on */

int
protocol_terminal_series(const Scheme *scheme, Path path)
{
    bool public_key = path == PATH_PUBLIC_KEY;

    if (scheme->pays_with != PAYS_WITH_NEWEST)
        return 1;
    if (scheme->deliver == DELIVER_ID)
        return 6;
    if (scheme->authenticate == AUTHENTICATE_COMMON_KEY)
        return 1;
    if (scheme->authenticate == AUTHENTICATE_PUBLIC_KEY)
        return 3;
    if (scheme->update_key == UPDATE_KEY_STAYS)
        return public_key ? 5 : 4;
    return public_key ? 8 : 7;
}

int
protocol_card_series(const Scheme *scheme, Path path)
{
    if (scheme->deliver == DELIVER_ID && path == PATH_PUBLIC_KEY)
        return 3;
    return protocol_terminal_series(scheme, path);
}

Exchange
protocol_exchange_of_instruction(uint8_t instruction)
{
    Exchange exchange = 0;

    while (exchange < N_EXCHANGES && exchanges[exchange].instruction != instruction)
        exchange++;
    return exchange;
}

/* Lengths that are the same in every scheme. */
static const guint fixed_bytes[N_FIELDS] = {
    [FIELD_SERVICE] = FIELD_SERVICE_BYTES,
    [FIELD_CONTROL_INFORMATION] = FIELD_CONTROL_INFORMATION_BYTES,
    [FIELD_TRANSFER_KEY_ID] = FIELD_ID_BYTES,
    [FIELD_TERM] = FIELD_TERM_BYTES,
    [FIELD_PAID_VALUE] = FIELD_PAID_VALUE_BYTES,
    [FIELD_DATE] = FIELD_DATE_BYTES,
    [FIELD_TRANSMISSION_CHALLENGE] = FIELD_CHALLENGE_BYTES,
    [FIELD_RECEPTION_CHALLENGE] = FIELD_CHALLENGE_BYTES,
};

/* Length of @field in a message of @exchange on @path; 0 if it is not there. */
static guint
field_bytes(const Protocol *protocol, Path path, Exchange exchange, Field field)
{
    bool has_certificate =
        exchange == EXCHANGE_INFORMATION ? protocol->has_certificates : path == PATH_PUBLIC_KEY;
    bool pays_with_common = protocol->scheme.pays_with == PAYS_WITH_OLDEST_COMMON;

    switch (field) {
    case FIELD_CERTIFICATE:
        return has_certificate ? certificate_bytes(protocol->suite) : 0;
    case FIELD_SERIAL:
        return protocol->scheme.fig4_mac == FIG4_MAC_DIRECTION_AND_CARDS ? FIELD_SERIAL_BYTES : 0;
    case FIELD_UPDATE_KEY_ID:
        return protocol->has_update_key_ids ? FIELD_ID_BYTES : 0;
    case FIELD_HELD_KEY_IDS:
        return pays_with_common ? protocol->scheme.n_held * FIELD_ID_BYTES : 0;
    case FIELD_LAST_CHALLENGE:
        return protocol->scheme.recovery == RECOVERY_TORN_LOG ? FIELD_CHALLENGE_BYTES : 0;
    case FIELD_COMMON_KEY_ID:
        return pays_with_common ? FIELD_ID_BYTES : 0;
    case FIELD_PROTECTED_KEY:
        if (path == PATH_PUBLIC_KEY)
            return suite_envelope_bytes(protocol->suite, protocol->payload_bytes[path]);
        return seal_message_bytes(protocol->scheme.update_cipher,
                                  protocol->lengths[path][LENGTH_MESSAGE]);
    case FIELD_SIGNATURE:
        return path == PATH_PUBLIC_KEY ? protocol->suite->signature_bytes : 0;
    case FIELD_KEY_SIGNATURES:
        return (guint)protocol->n_signed_keys[path] * protocol->suite->signature_bytes;
    case FIELD_UPDATE_RANDOM:
    case FIELD_TRANSMISSION_RANDOM:
    case FIELD_RECEPTION_RANDOM:
        return protocol->random_bytes;
    default:
        return fixed_bytes[field];
    }
}

static Message
lay_out(const Protocol *protocol, Path path, Exchange exchange, const Field *fields, guint n)
{
    Message message = { 0 };

    for (guint i = 0; i < n; i++) {
        guint bytes = field_bytes(protocol, path, exchange, fields[i]);

        if (bytes == 0)
            continue;
        g_assert(bytes <= FIELD_MOST_BYTES);
        message.slots[message.n_slots++] =
            (Slot){ .field = fields[i], .at = message.bytes, .bytes = (uint16_t)bytes };
        message.bytes = (uint16_t)(message.bytes + bytes);
    }
    return message;
}

static ExchangePlan
plan_exchange(const Protocol *protocol, Path path, Exchange exchange)
{
    const ExchangeRow *row = &exchanges[exchange];
    ExchangePlan plan = {
        .command = lay_out(protocol, path, exchange, row->command, row->n_command),
        .response = lay_out(protocol, path, exchange, row->response, row->n_response),
    };

    for (CardStep step = CARD_STEP_NONE + 1; step < N_CARD_STEPS; step++)
        if (card_steps[step].exchange == exchange &&
            (card_steps[step].path == PATH_NONE || card_steps[step].path == path)) {
            g_assert(plan.n_steps < G_N_ELEMENTS(plan.steps));
            plan.steps[plan.n_steps++] = step;
        }
    return plan;
}

static guint
challenge_bytes(const Scheme *scheme)
{
    guint bytes = FIELD_PAID_VALUE_BYTES + FIELD_DATE_BYTES + (guint)(scheme->nonce_bits / 8);

    if (scheme->fig4_mac != FIG4_MAC_SPEC)
        bytes += 1;
    if (scheme->fig4_mac == FIG4_MAC_DIRECTION_AND_CARDS)
        bytes += 2 * FIELD_SERIAL_BYTES;
    return bytes;
}

void
protocol_init(Protocol *protocol, const Scheme *scheme)
{
    g_assert(scheme->n_held <= FIELD_HELD_MAX);
    memset(protocol, 0, sizeof *protocol);
    protocol->scheme = *scheme;
    protocol->suite = &suites[scheme->suite];
    protocol->has_certificates = scheme_has_certificates(scheme);
    protocol->has_update_key_ids = scheme_has_update_key_ids(scheme);
    protocol->random_bytes = (uint8_t)(scheme->nonce_bits / 8);
    for (Path path = PATH_NONE; path < N_PATHS; path++) {
        uint16_t *lengths = protocol->lengths[path];
        guint payload = scheme_payload_bytes(scheme, path == PATH_PUBLIC_KEY);

        protocol->payload_bytes[path] = (uint16_t)payload;
        protocol->n_signed_keys[path] =
            (uint8_t)scheme_n_signed_keys(scheme, path == PATH_PUBLIC_KEY);
        lengths[LENGTH_RANDOM] = protocol->random_bytes;
        lengths[LENGTH_MESSAGE] = (uint16_t)(protocol->random_bytes + payload);
        lengths[LENGTH_CERTIFICATE] = (uint16_t)certificate_signed_bytes(protocol->suite);
        lengths[LENGTH_SIGNED] =
            (uint16_t)(suite_envelope_bytes(protocol->suite, (uint16_t)payload) +
                       protocol->random_bytes);
        lengths[LENGTH_SIGNED_KEY] = KEYRING_SIGNED_BYTES;
        lengths[LENGTH_CHALLENGE] = (uint16_t)challenge_bytes(scheme);
        for (Exchange exchange = 0; exchange < N_EXCHANGES; exchange++)
            protocol->plan[path][exchange] = plan_exchange(protocol, path, exchange);
    }
}
