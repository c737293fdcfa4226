/* merchants.h - the merchants of a scenario: who of them is paid, and where they stand.
 *
 * Popularity follows Zipf's law: the merchant of rank k is paid in proportion to k^-s. Ranks
 * are dealt at random, as the population is drawn. Merchants do not pay. Each one's card
 * belongs to one terminal: merchant i, in the order of the cards, to terminal i modulo their
 * number, where the terminals of all groups with a number of them are counted through. */
#ifndef SIM_TRAFFIC_MERCHANTS_H
#define SIM_TRAFFIC_MERCHANTS_H

#include "sim/base/alias.h"
#include "sim/base/card_set.h"
#include "sim/base/stream.h"
#include "sim/scenario/card_group.h"
#include "sim/traffic/terminals.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Scenario Scenario;

/* A card that is no merchant's. */
#define MERCHANTS_NOBODY UINT32_MAX

/**
 * Merchants:
 * @persons, @merchants: their cards
 * @lots: of the population
 * @drawn: of uint64_t, a lot of each merchant: their order is that of popularity
 * @popularity: of each merchant; NULL: to be made
 */
typedef struct {
    double zipf;
    uint32_t n_cards;
    CardSet *persons;
    CardSet *merchants;
    Stream lots;
    GArray *drawn;
    AliasTable *popularity;
} Merchants;

/* @zipf: see Scenario; @seed: of the population */
Merchants *merchants_new(double zipf, uint64_t seed, uint64_t replication);
void merchants_free(Merchants *merchants);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Merchants, merchants_free)

/* Adds @n cards of a cohort, which follow those added before. */
void merchants_add(Merchants *merchants, const ScenarioCohort *cohort, uint32_t n);

/* Deals ranks anew if merchants have been added. */
void merchants_rank(Merchants *merchants);

/* A merchant, after merchants_rank(), as a number among them. @bits: 64 random ones. There
 * must be one. */
static inline uint32_t
merchants_draw(const Merchants *merchants, uint64_t bits)
{
    return alias_draw(merchants->popularity, bits);
}

/* The card of merchant @i. */
static inline uint32_t
merchants_card(const Merchants *merchants, uint32_t i)
{
    return card_set_at(merchants->merchants, i);
}

/* Whether there are two of those who are no merchants. */
static inline bool
merchants_has_persons(const Merchants *merchants)
{
    return merchants->persons->n > 1;
}

/* Any of those who are no merchants but @payer. @bits: 64 random ones. */
static inline uint32_t
merchants_draw_person(const Merchants *merchants, uint32_t payer, uint64_t bits)
{
    return card_set_draw_other(merchants->persons, payer, bits);
}

/* Which merchant's card this is; MERCHANTS_NOBODY if none's. */
uint32_t merchants_find(const Merchants *merchants, uint32_t card);

#endif
