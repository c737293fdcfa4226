/* communities.h - cards of several regions, which mostly pay their like.
 *
 * Whoever pays first draws a region, in proportion to the weights of its own region's row,
 * then one of its cards, all equally likely but the payer itself. A region without anybody to
 * be paid is left out; where nobody is left, anybody else is paid. */
#ifndef SIM_TRAFFIC_COMMUNITIES_H
#define SIM_TRAFFIC_COMMUNITIES_H

#include "sim/base/alias.h"
#include "sim/base/card_set.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Cards from @first to the next span's are of @region. */
typedef struct {
    uint32_t first;
    guint region;
} CommunitySpan;

/**
 * Communities:
 * @n: regions
 * @cross: share of payments to other regions, to each card there alike
 * @weights: in its place, borrowed: @n rows, that of the payer's region by the payee's; or NULL
 * @cards: of each region
 * @spans: of CommunitySpan, ascending
 * @rows: by the payer's region; NULL until they are needed
 */
typedef struct {
    guint n;
    double cross;
    const double *weights;
    uint32_t n_cards;
    CardSet **cards;
    GArray *spans;
    AliasTable **rows;
} Communities;

Communities *communities_new(guint n, double cross, const double *weights);
void communities_free(Communities *communities);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Communities, communities_free)

/* Adds @n cards of a region, which follow those added before. */
void communities_add(Communities *communities, guint region, uint32_t n);

/* Makes the rows anew if cards have been added. */
void communities_link(Communities *communities);

/* A payee for @payer, after communities_link(). @where, @who: 64 random bits each. There must
 * be two cards. */
uint32_t communities_draw_payee(const Communities *communities, uint32_t payer, uint64_t where,
                                uint64_t who);

#endif
