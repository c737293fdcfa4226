/* mixing.h - who pays, and whom in a uniform crowd.
 *
 * The payer is drawn in proportion to activity. Cards of equal activity form a class, cards
 * that were issued together with activities of their own form another, with alias tables. A
 * class is drawn from in parts, ranges of cards or blocks of its tables: an alias table says
 * which part, so a draw costs the same however many cards there are. Uniform mixing: the payee is
 * drawn uniformly among all other cards. Random numbers come from the caller: always two for
 * somebody by activity and one for a payee, whatever they are used for. */
#ifndef SIM_TRAFFIC_MIXING_H
#define SIM_TRAFFIC_MIXING_H

#include "model/protocol/random_range.h"

#include "sim/base/alias_blocks.h"
#include "sim/base/card_set.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * MixingClass: cards among which one is drawn
 * @rate: payments a day of one card, or where they differ
 * @tables: the rates of all
 * @total_rate: payments a day of all @n
 * @cards: as ranges, or where they were chosen one by one
 * @chosen, @weights: of uint32_t, and of double the rate of each
 */
typedef struct {
    double rate;
    AliasBlocks *tables; /* NULL: all have the same */
    double total_rate;
    uint32_t n;
    CardSet *cards;
    GArray *chosen; /* NULL: @cards says */
    GArray *weights;
} MixingClass;

/**
 * MixingPart: where in a class a card is drawn
 * @first: card; of chosen cards their place in the class
 * @place: of the first in the class
 * @floor: of 2^32, the share of each column that is surely its owner's; 0 of chosen cards
 */
typedef struct {
    uint32_t first;
    uint32_t n;
    uint32_t floor;
    uint32_t place;
    const MixingClass *class;
} MixingPart;

/**
 * Mixing:
 * @parts: of MixingPart, those that pay; made anew whenever cards are added
 * @choice: among the parts; NULL if nobody pays
 * @total_rate: payments a day of all cards
 * @is_even: whether all cards are equally active
 */
typedef struct {
    GArray *classes; /* of MixingClass */
    GArray *parts;
    AliasTable *choice;
    uint32_t n_cards;
    double total_rate;
    bool is_even;
} Mixing;

Mixing *mixing_new(void);
void mixing_free(Mixing *mixing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mixing, mixing_free)

/* Adds @n cards that follow those added before. @rate: payments a day of each. */
void mixing_add_cards(Mixing *mixing, uint32_t n, double rate);

/* Adds @n cards with activities of their own, 1 or more. @rates: payments a day of each; a
 * card of rate 0 is dormant */
void mixing_add_unequal_cards(Mixing *mixing, const double *rates, uint32_t n);

/**
 * mixing_wake:
 * @cards: (transfer full): of uint32_t, different cards that do not pay
 * @rates: (transfer full): of double, payments a day of each
 *
 * From now on they pay. They become a class of their own, together with cards that were woken
 * before and are no more than they are: so there are few such classes, and however they are woken
 * each card is moved a few times only.
 */
void mixing_wake(Mixing *mixing, GArray *cards, GArray *rates);

/* Whether the card ever pays. Takes as long as there are classes and cards that were woken. */
bool mixing_is_active(const Mixing *mixing, uint32_t card);

/* The card at place @k of a part whose floor does not say it. @coin: 32 random bits */
uint32_t mixing_find(const MixingPart *part, uint32_t k, uint32_t coin);

/* Somebody by activity. @which, @who: 64 random bits each. The total rate must not be 0. */
static inline uint32_t
mixing_draw_payer(const Mixing *mixing, uint64_t which, uint64_t who)
{
    const MixingPart *part;
    uint32_t k;
    uint32_t coin;

    if (mixing->is_even)
        return random_range_below(who, mixing->n_cards);
    part = &g_array_index(mixing->parts, MixingPart, alias_draw(mixing->choice, which));
    k = random_range_below(who, part->n);
    coin = (uint32_t)(who * part->n >> 32); /* behind the point: independent */
    return __builtin_expect(coin < part->floor, 1) ? part->first + k : mixing_find(part, k, coin);
}

/* A payee for @payer. There must be two cards. */
static inline uint32_t
mixing_draw_payee(const Mixing *mixing, uint32_t payer, uint64_t who)
{
    return random_range_other(who, mixing->n_cards, payer);
}

#endif
