/* issuer_orders.h - what is done to single cards: they are replaced, called back, updated.
 *
 * What is done to a card that is in a settlement, or waits for one, is done when the card is
 * free. */
#ifndef SIM_WORLD_ISSUER_ORDERS_H
#define SIM_WORLD_ISSUER_ORDERS_H

#include "sim/scenario/plan.h"
#include "sim/world/attacks.h"
#include "sim/world/issuer.h"

#include <glib.h>
#include <stdint.h>

/**
 * IssuerOrder: what is done to cards, as long as there may be such to whom it is done
 * @what: an action that swaps, PLAN_RECALL, PLAN_SPECIAL or PLAN_INJECT
 * @terms: what the new card has; the key that a recall writes; what the special card holds
 */
typedef struct IssuerOrder IssuerOrder;

/* Returns: (transfer none): with the issuer it goes */
IssuerOrder *issuer_orders_add(Issuer *issuer, PlanDo what, const CardTerms *terms);

/* The card that updates others holds @key instead of the one in the terms: @attacker's own. */
void issuer_orders_bring_key(IssuerOrder *order, Attacker *attacker);

/* What others do to cards that are free; @data: as they said. */
typedef void (*IssuerTask)(gpointer data, uint32_t card, Micros now);

/* An order to carry out @task. */
IssuerOrder *issuer_orders_add_task(Issuer *issuer, IssuerTask task, gpointer data);

/* Does it to @card, at once or when it is free. */
void issuer_orders_carry_out(const IssuerOrder *order, uint32_t card, Micros now);

/* Replaces a card, which is free, by one of the successor of its cohort, as that is issued now. */
void issuer_orders_renew(Issuer *issuer, uint32_t card, Micros now);

#endif
