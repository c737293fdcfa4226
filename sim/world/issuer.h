/* issuer.h - who brings cards into circulation, replaces them and writes on them.
 *
 * The issuer knows which cards belong to which cohort. What it does to a card that is in a
 * settlement, or waits for one, it does when the card is free. */
#ifndef SIM_WORLD_ISSUER_H
#define SIM_WORLD_ISSUER_H

#include "sim/base/engine.h"
#include "sim/measure/revoked_cards.h"
#include "sim/traffic/meetings.h"
#include "sim/world/world.h"

#include <glib.h>
#include <stdint.h>

typedef struct Issuer Issuer;

/**
 * issuer_new:
 * @world, @engine, @pairs: borrowed
 * @revoked: borrowed: counts the revoked cards in circulation; NULL where none is ever revoked
 * @number: of the replication
 */
Issuer *issuer_new(World *world, SimEngine *engine, Pairs *pairs, RevokedCards *revoked,
                   uint64_t number);
void issuer_free(Issuer *issuer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Issuer, issuer_free)

/* Cards of a cohort enter at @at, which may be RECORDER_FROM_THE_START. The caller tells
 * decision level and meetings. */
void issuer_add_cards(Issuer *issuer, guint cohort, int64_t n, Micros at);

/* Cards of @cohort that are added from now on have the limits that @terms set. */
void issuer_set_limits(Issuer *issuer, guint cohort, const CardTerms *terms);

/* Cards of @cohorts, of guint; none: all */
uint32_t issuer_n_cards(const Issuer *issuer, const GArray *cohorts);

/* The @nth of them, from 0. */
uint32_t issuer_card(const Issuer *issuer, const GArray *cohorts, uint32_t nth);

/**
 * IssuerOrder: what is done to cards, as long as there may be such to whom it is done
 * @what: an action that swaps, PLAN_RECALL, PLAN_SPECIAL or PLAN_INJECT
 * @terms: what the new card has; the key that a recall writes; what the special card holds
 */
typedef struct IssuerOrder IssuerOrder;

/* Returns: (transfer none): with the issuer it goes */
IssuerOrder *issuer_order(Issuer *issuer, PlanDo what, const CardTerms *terms);

/* The card that updates others holds @key instead of the one in the terms: @attacker's own. */
void issuer_bring_key(IssuerOrder *order, Attacker *attacker);
/* What others do to cards that are free; @data: as they said. */
typedef void (*IssuerDeed)(gpointer data, uint32_t card, Micros now);

/* Likewise, but @deed is done. */
IssuerOrder *issuer_order_deed(Issuer *issuer, IssuerDeed deed, gpointer data);

/* Does it to @card, at once or when it is free. */
void issuer_carry_out(const IssuerOrder *order, uint32_t card, Micros now);

/* A set of cards, one bit each by number, from which every card that is replaced is struck
 * off. Free it with the issuer. */
typedef struct {
    guint8 *bits;
    uint32_t n_cards;
} IssuerSet;

/* @cards: that are in it at first; NULL: none, but any that may ever be can be added */
IssuerSet *issuer_watch(Issuer *issuer, const GArray *cards);
void issuer_set_add(IssuerSet *set, uint32_t card);
bool issuer_set_has(const IssuerSet *set, uint32_t card);

/* Replaces a card, which is free, by one of the successor of its cohort, as that is issued now. */
void issuer_renew(Issuer *issuer, uint32_t card, Micros now);

/* The certificates of cards, and of their copies, are revoked; nothing happens where the scheme
 * has none. */
void issuer_revoke(Issuer *issuer, const GArray *cards, Micros now);

/* Likewise of rogue cards that are revoked from the start, as many as have entered since the last
 * time: they show the certificate of the first card there is of an honest cohort. */
void issuer_revoke_rogues(Issuer *issuer, Micros now);

#endif
