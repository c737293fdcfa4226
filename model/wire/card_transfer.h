/* card_transfer.h - what a card does in the steps of the transfer (Fig. 4), and what it keeps of
 * one that was torn (recovery = torn-log). */
#ifndef MODEL_WIRE_CARD_TRANSFER_H
#define MODEL_WIRE_CARD_TRANSFER_H

#include "model/wire/work.h"

/* By step; NULL: it belongs to the update. */
extern const CardAction card_transfer_actions[N_CARD_STEPS];

#endif
