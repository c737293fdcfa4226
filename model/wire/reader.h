/* reader.h - a card reader as the terminal sees it: one function, transmit.
 *
 * Behind it may stand a simulated card, a tracer that shows what passes, a card
 * that is being pulled out. */
#ifndef MODEL_WIRE_READER_H
#define MODEL_WIRE_READER_H

#include "model/protocol/apdu.h"
#include "model/protocol/link.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Reader Reader;

/**
 * ReaderListener: who hears what passes a reader
 * @passed: a command has been transmitted, in @n_command bytes, and this came back: @n_response
 *   bytes, 0 if no answer came
 */
typedef struct {
    void (*passed)(void *data, const uint8_t *command, size_t n_command, const uint8_t *response,
                   size_t n_response);
    void *data;
} ReaderListener;

/**
 * Reader: first member of whatever stands behind it
 * @transmit: passes one command to the card and fills @response, room for
 *   APDU_BYTES_MAX bytes; returns its length, 0 if no answer came
 * @has_card: whether there is a card with power in it now; NULL: always
 * @exchange: NULL; or carries out whole exchanges in the place of reader_exchange(), and
 *   nothing is transmitted here
 * @listener: NULL: nobody
 * @protocol: how the reader and its card talk; decides between extended length
 *   (T=CL, T=1) and chaining with GET RESPONSE (T=0)
 */
struct Reader {
    size_t (*transmit)(Reader *reader, const uint8_t *command, size_t length, uint8_t *response);
    bool (*has_card)(Reader *reader);
    uint16_t (*exchange)(Reader *reader, const ApduCommand *command, size_t n_expected,
                         uint8_t *response, size_t *n_response);
    const ReaderListener *listener;
    LinkProtocol protocol;
};

/**
 * reader_exchange:
 * @command: header and data; its length fields are chosen here
 * @n_expected: length of the data that a willing card answers with
 * @response: room for APDU_BYTES_MAX bytes
 * @n_response: length of the data in @response, status word not counted
 *
 * Carries out one exchange, whatever it takes on the wire: commands of a chain,
 * GET RESPONSE after 61xx, the same again after 6Cxx. All that passes a reader passes here, and
 * its listener hears it.
 *
 * Returns: the status word, 0 if the card did not answer
 */
uint16_t reader_exchange(Reader *reader, const ApduCommand *command, size_t n_expected,
                         uint8_t *response, size_t *n_response);

#endif
