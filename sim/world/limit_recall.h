/* limit_recall.h - cards at their limit, which the issuer calls in and replaces.
 *
 * A scheme says when a card is called in: when a key that it has taken leaves room for no
 * newer one, or when it has refused a newer one for its limit. Some time after that the card is
 * replaced by one of the cohort that succeeds its own. */
#ifndef SIM_WORLD_LIMIT_RECALL_H
#define SIM_WORLD_LIMIT_RECALL_H

#include "model/protocol/protocol.h"
#include "model/wire/card.h"

#include "sim/base/engine.h"
#include "sim/world/issuer.h"
#include "sim/world/world.h"

#include <glib.h>
#include <stdint.h>

typedef struct LimitRecall LimitRecall;

/* Joins the observers of @world. What a card has refused for its limit it has noted itself; where
 * somebody left the settlement nothing is known of that.
 * @world, @engine, @issuer: borrowed */
LimitRecall *limit_recall_new(World *world, SimEngine *engine, Issuer *issuer);
void limit_recall_free(LimitRecall *limit_recall);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LimitRecall, limit_recall_free)

/**
 * limit_recall_horizon:
 * @next: arrival of the next meeting
 *
 * Returns: before when no settlement of that or a later meeting can bring a card to the issuer
 */
Micros limit_recall_horizon(const LimitRecall *limit_recall, Micros next);

/* Cards replaced so far. */
int64_t limit_recall_n_replaced(const LimitRecall *limit_recall);

#endif
