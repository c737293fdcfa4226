#include "model/wire/reader.h"

#include "model/protocol/bytes.h"

#include <glib.h>
#include <string.h>

/* Sends @command and appends the data of the answer at @response. */
static uint16_t
transmit(Reader *reader, const ApduCommand *command, uint8_t *response, size_t *n_response)
{
    uint8_t bytes[APDU_BYTES_MAX];
    uint8_t fetched[APDU_BYTES_MAX];
    uint8_t *answer = *n_response == 0 ? response : fetched;
    size_t length = apdu_write(command, bytes);
    size_t n = reader->transmit(reader, bytes, length, answer);

    if (reader->listener != NULL)
        reader->listener->passed(reader->listener->data, bytes, length, answer, n);
    if (n < APDU_STATUS_BYTES)
        return 0;
    n -= APDU_STATUS_BYTES;
    if (answer == fetched) {
        if (*n_response + n + APDU_STATUS_BYTES > APDU_BYTES_MAX)
            return 0;
        memcpy(response + *n_response, fetched, n);
    }
    *n_response += n;
    return bytes_get_u16(answer + n);
}

static uint16_t
fetch_rest(Reader *reader, uint16_t status, uint8_t *response, size_t *n_response)
{
    /* a card that promises more and gives nothing is not asked for ever */
    for (size_t before = SIZE_MAX; (status & 0xFF00) == SW_MORE_DATA && *n_response != before;) {
        ApduCommand get = {
            .ins = APDU_INS_GET_RESPONSE,
            .n_expected = (status & 0xFF) == 0 ? APDU_SHORT_RESPONSE_MAX : status & 0xFFU,
        };

        before = *n_response;
        status = transmit(reader, &get, response, n_response);
    }
    return status;
}

/* T=0: the data of a command and that of its response never go in one TPDU. */
static uint16_t
exchange_characters(Reader *reader, ApduCommand command, size_t n_expected, uint8_t *response,
                    size_t *n_response)
{
    uint16_t status;

    if (command.n_data == 0) {
        command.n_expected = n_expected > 0 ? APDU_SHORT_RESPONSE_MAX : 0;
        status = transmit(reader, &command, response, n_response);
        if ((status & 0xFF00) == SW_WRONG_EXPECTED) {
            command.n_expected = status & 0xFF;
            status = transmit(reader, &command, response, n_response);
        }
        return fetch_rest(reader, status, response, n_response);
    }
    for (size_t left = command.n_data; left > APDU_SHORT_COMMAND_MAX; left = command.n_data) {
        ApduCommand part = command;

        part.cla |= APDU_CLASS_CHAINED;
        part.n_data = APDU_SHORT_COMMAND_MAX;
        status = transmit(reader, &part, response, n_response);
        if (status != SW_DONE)
            return status;
        command.data += APDU_SHORT_COMMAND_MAX;
        command.n_data -= APDU_SHORT_COMMAND_MAX;
    }
    status = transmit(reader, &command, response, n_response);
    return fetch_rest(reader, status, response, n_response);
}

uint16_t
reader_exchange(Reader *reader, const ApduCommand *command, size_t n_expected, uint8_t *response,
                size_t *n_response)
{
    ApduCommand whole = *command;

    *n_response = 0;
    if (reader->exchange != NULL)
        return reader->exchange(reader, command, n_expected, response, n_response);
    if (reader->protocol == LINK_T_0)
        return exchange_characters(reader, whole, n_expected, response, n_response);
    whole.extended = whole.n_data > APDU_SHORT_COMMAND_MAX || n_expected > APDU_SHORT_RESPONSE_MAX;
    if (n_expected > 0)
        whole.n_expected = whole.extended ? 65536 : APDU_SHORT_RESPONSE_MAX;
    return transmit(reader, &whole, response, n_response);
}
