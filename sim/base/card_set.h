/* card_set.h - some of the cards, as ranges of their numbers, counted through. */
#ifndef SIM_BASE_CARD_SET_H
#define SIM_BASE_CARD_SET_H

#include "model/protocol/random_range.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * CardRange: cards first .. first + n - 1
 * @before: cards of the set in the ranges before it
 */
typedef struct {
    uint32_t first;
    uint32_t n;
    uint32_t before;
} CardRange;

/**
 * CardSet:
 * @ranges: of CardRange, in the order in which they were added, which is that of the numbers
 */
typedef struct {
    GArray *ranges;
    uint32_t n;
} CardSet;

CardSet *card_set_new(void);
void card_set_free(CardSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardSet, card_set_free)

/* Adds cards @first .. @first + @n - 1, all above those in the set. */
void card_set_add(CardSet *set, uint32_t first, uint32_t n);

/**
 * card_set_find:
 * @index: (out) (optional): how many cards of the set come before it
 *
 * Returns: whether @card is in the set
 */
bool card_set_find(const CardSet *set, uint32_t card, uint32_t *index);

/* Where many ranges are searched. */
uint32_t card_set_search(const CardSet *set, uint32_t k);

/* Card @k of the set, counted from 0, below its number of cards. */
static inline uint32_t
card_set_at(const CardSet *set, uint32_t k)
{
    const CardRange *range = &g_array_index(set->ranges, CardRange, 0);

    return k < range->n ? range->first + k : card_set_search(set, k);
}

/* Any card of the set but @one, which is in it and not alone. @bits: 64 random ones. */
static inline uint32_t
card_set_draw_other(const CardSet *set, uint32_t one, uint64_t bits)
{
    uint32_t other = card_set_at(set, random_range_below(bits, set->n - 1));

    return other == one ? card_set_at(set, set->n - 1) : other; /* the last stands in for it */
}

#endif
