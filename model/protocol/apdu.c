#include "model/protocol/apdu.h"

#include "model/protocol/bytes.h"

#include <glib.h>
#include <string.h>

#define EXTENDED_RESPONSE_MAX 65536

static uint32_t
expected_of(uint32_t le, uint32_t most)
{
    return le == 0 ? most : le;
}

static bool
parse_extended(const uint8_t *body, size_t length, ApduCommand *command)
{
    uint32_t first = bytes_get_u16(body + 1);

    command->extended = true;
    if (length == 3) { /* no data: the two bytes are Le */
        command->n_expected = expected_of(first, EXTENDED_RESPONSE_MAX);
        return true;
    }
    if (first == 0 || (length != 3 + first && length != 5 + first))
        return false;
    command->data = body + 3;
    command->n_data = first;
    if (length == 5 + first)
        command->n_expected = expected_of(bytes_get_u16(body + 3 + first), EXTENDED_RESPONSE_MAX);
    return true;
}

bool
apdu_parse(const uint8_t *bytes, size_t length, ApduCommand *command)
{
    const uint8_t *body = bytes + APDU_HEADER_BYTES;
    size_t n = length - APDU_HEADER_BYTES;

    if (length < APDU_HEADER_BYTES)
        return false;
    command->cla = bytes[0];
    command->ins = bytes[1];
    command->p1 = bytes[2];
    command->p2 = bytes[3];
    command->extended = false;
    command->data = NULL;
    command->n_data = 0;
    command->n_expected = 0;
    if (n == 0) /* case 1 */
        return true;
    if (n == 1) { /* case 2 */
        command->n_expected = expected_of(body[0], APDU_SHORT_RESPONSE_MAX);
        return true;
    }
    if (body[0] == 0)
        return n >= 3 && parse_extended(body, n, command);
    if (n != 1U + body[0] && n != 2U + body[0])
        return false;
    command->data = body + 1; /* case 3 */
    command->n_data = body[0];
    if (n == 2U + body[0]) /* case 4 */
        command->n_expected = expected_of(body[n - 1], APDU_SHORT_RESPONSE_MAX);
    return true;
}

size_t
apdu_write(const ApduCommand *command, uint8_t *out)
{
    uint8_t *end = out + APDU_HEADER_BYTES;

    out[0] = command->cla;
    out[1] = command->ins;
    out[2] = command->p1;
    out[3] = command->p2;
    if (command->extended)
        *end++ = 0;
    if (command->n_data > 0) {
        if (command->extended)
            *end++ = (uint8_t)(command->n_data >> 8);
        *end++ = (uint8_t)command->n_data;
        memcpy(end, command->data, command->n_data);
        end += command->n_data;
    }
    if (command->n_expected > 0) {
        if (command->extended)
            *end++ = (uint8_t)(command->n_expected >> 8);
        *end++ = (uint8_t)command->n_expected;
    }
    return (size_t)(end - out);
}

/* What each status word means and how it ends a settlement. */
static const struct {
    uint16_t status;
    Outcome outcome;
    const char *meaning;
} statuses[] = {
    /* clang-format off */
    { SW_DONE,                   OUTCOME_PAID,                     "done" },
    { SW_TRANSFER_KEY_ALONE,     OUTCOME_PAID,                     "transfer key stored, update key refused" },
    { SW_UPDATE_KEY_ALONE,       OUTCOME_REFUSED_LIMIT,            "update key stored, transfer key refused" },
    { SW_UPDATE_KEY_DIFFERS,     OUTCOME_REFUSED_UPDATE_KEY,       "update random number does not come back: update keys differ" },
    { SW_NEWER_CERTIFICATE,      OUTCOME_REFUSED_CERTIFICATE,      "certificate of the giving card refused" },
    { SW_OLDER_CERTIFICATE,      OUTCOME_REFUSED_CERTIFICATE,      "certificate of the taking card refused" },
    { SW_SIGNATURE,              OUTCOME_REFUSED_CERTIFICATE,      "signature refused" },
    { SW_ENVELOPE,               OUTCOME_REFUSED_CERTIFICATE,      "envelope does not open" },
    { SW_TRANSFER_KEY_RANGE,     OUTCOME_REFUSED_LIMIT,            "transfer key ID out of range" },
    { SW_UPDATE_KEY_ORDER,       OUTCOME_REFUSED_UPDATE_KEY_ORDER, "update key offered is older than the card's" },
    { SW_UPDATE_KEY_LIMIT,       OUTCOME_REFUSED_UPDATE_KEY_LIMIT, "update key ID above the card's limit" },
    { SW_NOT_PRELOADED,          OUTCOME_REFUSED_LIMIT,            "transfer key not preloaded" },
    { SW_TRANSMISSION_CHALLENGE, OUTCOME_REFUSED_AUTHENTICATION,   "transmission challenge wrong" },
    { SW_RECEPTION_CHALLENGE,    OUTCOME_REFUSED_AUTHENTICATION,   "reception challenge wrong" },
    { SW_KEY_NOT_HELD,           OUTCOME_REFUSED_DIFFERENT_IDS,    "transfer key to pay with not held" },
    { SW_KEY_SIGNATURE,          OUTCOME_REFUSED_CERTIFICATE,      "key is not signed by the issuer" },
    { SW_WRONG_LENGTH,           OUTCOME_REFUSED_AUTHENTICATION,   "wrong length" },
    { SW_CHAIN_NOT_ENDED,        OUTCOME_REFUSED_AUTHENTICATION,   "last command of the chain expected" },
    { SW_OUT_OF_TURN,            OUTCOME_REFUSED_AUTHENTICATION,   "conditions of use not satisfied" },
    { SW_NO_SUCH_SERVICE,        OUTCOME_REFUSED_AUTHENTICATION,   "service not found" },
    { SW_WRONG_PARAMETERS,       OUTCOME_REFUSED_AUTHENTICATION,   "incorrect parameters P1-P2" },
    { SW_NO_SUCH_INSTRUCTION,    OUTCOME_REFUSED_AUTHENTICATION,   "instruction not supported" },
    { SW_NO_SUCH_CLASS,          OUTCOME_REFUSED_AUTHENTICATION,   "class not supported" },
    { SW_BALANCE_TOO_SMALL,      OUTCOME_REFUSED_BALANCE,          "balance smaller than the paid value" },
    { SW_BALANCE_TOO_LARGE,      OUTCOME_REFUSED_BALANCE,          "balance would pass the largest allowed" },
    /* clang-format on */
};

const char *
apdu_status_meaning(uint16_t status)
{
    if ((status & 0xFF00) == SW_MORE_DATA)
        return "more data to fetch";
    if ((status & 0xFF00) == SW_WRONG_EXPECTED)
        return "wrong Le, the right one follows";
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
        if (statuses[i].status == status)
            return statuses[i].meaning;
    return "unknown status";
}

Outcome
apdu_status_outcome(uint16_t status)
{
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
        if (statuses[i].status == status)
            return statuses[i].outcome;
    return OUTCOME_REFUSED_AUTHENTICATION;
}
