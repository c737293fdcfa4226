/* card_steps.h - what a card does in each step of the table.
 *
 * The checks, the cryptography and the writes; which command may come when is
 * the business of card.c. */
#ifndef MODEL_WIRE_CARD_STEPS_H
#define MODEL_WIRE_CARD_STEPS_H

#include "model/protocol/protocol.h"
#include "model/wire/card_state.h"

#include <stdint.h>

/**
 * card_take_steps:
 * @data: data of the command, laid out as the plan of @exchange says
 * @out: room for the data of the response, laid out likewise
 *
 * Takes the steps of one exchange in the table's order; the first that refuses
 * ends them and is noted in the card's log.
 *
 * Returns: SW_DONE, SW_TRANSFER_KEY_ALONE, or the status word of the refusal; SW_NONE
 *   if power went
 */
uint16_t card_take_steps(Card *card, Exchange exchange, Path path, const uint8_t *data,
                         uint8_t *out);

#endif
