/* mixing.h - who pays, and whom in a uniform crowd.
 *
 * The payer is drawn in proportion to activity. Cards of equal activity form a class, cards
 * that were issued together with activities of their own form another, with an alias table;
 * so a draw costs the same however many cards there are. Uniform mixing: the payee is drawn
 * uniformly among all other cards. Random numbers come from the caller: always two for
 * somebody by activity and one for a payee, whatever they are used for. */
#ifndef MODEL_MIXING_H
#define MODEL_MIXING_H

#include "model/alias.h"
#include "model/card_set.h"
#include "model/scale.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * MixingClass: cards among which one is drawn
 * @rate: payments a day of one card, or where they differ
 * @table: the rates of all
 * @total_rate: payments a day of all @n
 * @cards: as ranges, or where they were chosen one by one
 * @chosen, @weights: of uint32_t, and of double the rate of each
 */
typedef struct {
    double rate;
    AliasTable *table; /* NULL: all have the same */
    double total_rate;
    uint32_t n;
    CardSet *cards;
    GArray *chosen; /* NULL: @cards tells */
    GArray *weights;
} MixingClass;

/* Classes up to and with this one have the bits below @up_to; the last has all that are left. */
typedef struct {
    uint64_t up_to;
    guint class;
} MixingShare;

/**
 * Mixing:
 * @shares: of MixingShare, classes that pay; made anew whenever cards are added
 * @total_rate: payments a day of all cards
 * @is_even: whether all cards are equally active
 */
typedef struct {
    GArray *classes; /* of MixingClass */
    GArray *shares;
    uint32_t n_cards;
    double total_rate;
    bool is_even;
} Mixing;

Mixing *mixing_new(void);
void mixing_free(Mixing *mixing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mixing, mixing_free)

/* Adds @n cards that follow those added before. @rate: payments a day of each. */
void mixing_add_cards(Mixing *mixing, uint32_t n, double rate);

/* Adds cards with activities of their own. @rates: (transfer full): not yet built, payments
 * a day of each as its weight; a card of weight 0 is dormant */
void mixing_add_unequal_cards(Mixing *mixing, AliasTable *rates);

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

/* The class of somebody drawn by activity. @which: 64 random bits. The total rate must not
 * be 0. */
static inline const MixingClass *
mixing_draw_class(const Mixing *mixing, uint64_t which)
{
    const MixingShare *share = &g_array_index(mixing->shares, MixingShare, 0);

    for (guint n = mixing->shares->len; n > 1; n -= n / 2)
        share += which >= share[n / 2 - 1].up_to ? n / 2 : 0;
    return &g_array_index(mixing->classes, MixingClass, share->class);
}

/* Where in the class, before the table is read, if there is one. */
static inline uint32_t
mixing_place(const MixingClass *class, uint64_t who)
{
    return scale_bits(who, class->n);
}

/* The card at a place that came from the same @who. */
static inline uint32_t
mixing_card(const MixingClass *class, uint32_t place, uint64_t who)
{
    uint32_t k = class->table == NULL ? place : alias_choose(class->table, place, who);

    return class->chosen == NULL ? card_set_at(class->cards, k)
                                 : g_array_index(class->chosen, uint32_t, k);
}

/* Somebody by activity. @which, @who: 64 random bits each. The total rate must not be 0. */
static inline uint32_t
mixing_draw_payer(const Mixing *mixing, uint64_t which, uint64_t who)
{
    const MixingClass *class;

    if (mixing->is_even)
        return scale_bits(who, mixing->n_cards);
    class = mixing_draw_class(mixing, which);
    return mixing_card(class, mixing_place(class, who), who);
}

/* A payee for @payer. There must be two cards. */
static inline uint32_t
mixing_draw_payee(const Mixing *mixing, uint32_t payer, uint64_t who)
{
    return scale_other(who, mixing->n_cards, payer);
}

#endif
