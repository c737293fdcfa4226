/* reclamation.h - cards at their limit, which the issuer calls in and replaces.
 *
 * A scheme says when a card is called in: when a key that it has taken leaves room for no
 * newer one, or when it has refused a newer one for its limit. Some time after that the card is
 * replaced by one of the cohort that succeeds its own. */
#ifndef SIM_RECLAMATION_H
#define SIM_RECLAMATION_H

#include "model/card.h"
#include "model/steps.h"

#include "sim/engine.h"
#include "sim/issuer.h"
#include "sim/world.h"

#include <glib.h>
#include <stdint.h>

typedef struct Reclamation Reclamation;

/* @world, @engine, @issuer: borrowed */
Reclamation *reclamation_new(World *world, SimEngine *engine, Issuer *issuer);
void reclamation_free(Reclamation *reclamation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reclamation, reclamation_free)

/* Calls in which of two cards that have settled is to be. Only a settlement with an update can
 * bring that about. */
void reclamation_look(Reclamation *reclamation, const WorldSettlement *settlement);

/**
 * reclamation_horizon:
 * @next: arrival of the next meeting
 *
 * Returns: before when no settlement of that or a later meeting can bring a card to the issuer
 */
Micros reclamation_horizon(const Reclamation *reclamation, Micros next);

/* Cards replaced so far. */
int64_t reclamation_n_replaced(const Reclamation *reclamation);

#endif
