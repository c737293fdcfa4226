/* card_update.h - what a card does in the steps of card information and of the key update (Figs. 3
 * to 18). */
#ifndef MODEL_WIRE_CARD_UPDATE_H
#define MODEL_WIRE_CARD_UPDATE_H

#include "model/wire/work.h"

/* By step; NULL: it belongs to the transfer. */
extern const CardAction card_update_actions[N_CARD_STEPS];

#endif
