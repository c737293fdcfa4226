/* issuer.h - who brings cards into circulation, and knows which belong to which cohort.
 *
 * What the issuer does to single cards stands in issuer_orders.h, how their certificates are
 * revoked in issuer_revocation.h. */
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

/* The first card of a cohort that had cards at time 0. */
uint32_t issuer_first_card(const Issuer *issuer, guint cohort);

/* Cards of @cohorts, of guint; none: all */
uint32_t issuer_n_cards(const Issuer *issuer, const GArray *cohorts);

/* The @nth of them, from 0. */
uint32_t issuer_card(const Issuer *issuer, const GArray *cohorts, uint32_t nth);

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

/* A card has been replaced: strikes it off all sets. */
void issuer_strike_off(const Issuer *issuer, uint32_t card);

#endif
