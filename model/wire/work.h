/* work.h - one command while a card works on it, for what the steps of both phases have
 * in common. */
#ifndef MODEL_WIRE_WORK_H
#define MODEL_WIRE_WORK_H

#include "model/protocol/protocol.h"
#include "model/wire/card_state.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Work:
 * @is_cut: power goes in the step that it takes now
 * @data: of the command, laid out as @plan->command
 * @out: of the response, to be laid out as @plan->response
 */
typedef struct {
    Card *card;
    const ExchangePlan *plan;
    Path path;
    bool is_cut;
    const uint8_t *data;
    uint8_t *out;
} Work;

/* Takes one step. Returns: as card_take_steps() */
typedef uint16_t (*CardAction)(Work *work);

/* Where @field stands in the command, and where to put it in the response; NULL: it has none. */
const uint8_t *work_given(const Work *work, Field field);
uint8_t *work_answer(const Work *work, Field field);

/* Length of @field in @message; 0: it has none. */
uint16_t work_message_bytes(const Message *message, Field field);

/* Draws a random number of the scheme's length, keeps it and answers with it. */
uint16_t work_give_random(Work *work, Field field);

/* Of @n fields that a step writes, in order, how many are written before power goes. One
 * field alone, and an atomic write, are not there until they are whole. */
guint work_fields_written(const Work *work, guint n);

/* The preloaded key with that ID, 0 if there is none. */
KeyHandle work_find_preloaded(const Card *card, uint32_t id);

#endif
