/* shares.h - when how large a share of the cards came to hold each generation of keys, or a newer
 * one.
 *
 * All times are those at which the curves of propagation.csv get there, in whatever order the
 * changes are reported: what a settlement changes counts from its start on, though it is decided
 * when its cards arrive. A share that stands only between two changes of the same time is none. */
#ifndef SIM_MEASURE_SHARES_H
#define SIM_MEASURE_SHARES_H

#include "model/protocol/keyring.h"
#include "model/protocol/units.h"

#include <glib.h>
#include <stdint.h>

/* The time of what is there before the run begins: it precedes time 0. */
#define SHARES_FROM_THE_START INT64_C(-1)

/* Of a moment: it has not come. */
#define SHARES_NOT_YET INT64_C(-1)

typedef struct Shares Shares;

/**
 * shares_new:
 * @n_kinds: of keys that there are
 * @n_generations: of each of them; generations go by their numbers from 0, the oldest, on
 */
Shares *shares_new(guint n_kinds, const guint n_generations[static N_KEY_KINDS]);
void shares_free(Shares *shares);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shares, shares_free)

/**
 * shares_enter:
 * @at: not before any time that was named before but that of a change to come;
 *   SHARES_FROM_THE_START
 * @generations: of their keys, by kind
 * @meetings: so far, in the order of arrivals
 *
 * @n cards are in circulation from @at on. Call shares_take() when all of this moment have entered.
 */
void shares_enter(Shares *shares, Micros at, uint64_t n,
                  const guint generations[static N_KEY_KINDS], uint64_t meetings);

/* Takes the shares of all generations at @at. */
void shares_take(Shares *shares, Micros at, uint64_t meetings);

/**
 * shares_change:
 * @now: when it is decided, not before any time that was named so
 * @at: when it takes place, not before @now
 * @meetings: up to this one, in the order of arrivals
 *
 * A card's key changes.
 */
void shares_change(Shares *shares, Micros now, Micros at, KeyKind kind, guint from, guint to,
                   uint64_t meetings);

/* The run is over: all that was decided has taken place. */
void shares_close(Shares *shares);

/* Cards in circulation. */
uint64_t shares_n_cards(const Shares *shares);

/* By how many cards changes that are decided and take place after @now add to a generation. */
int64_t shares_pending(const Shares *shares, Micros now, KeyKind kind, guint generation);

/* When the generation first appeared on a card; SHARES_NOT_YET */
Micros shares_first(const Shares *shares, KeyKind kind, guint generation);

/* The moment from which times to its shares are counted: its first appearance, or as long as it has
 * not appeared that of the first newer one; SHARES_NOT_YET. */
Micros shares_begin(const Shares *shares, KeyKind kind, guint generation);

/* From then until that of metric_shares was reached; SHARES_NOT_YET */
Micros shares_time_to(const Shares *shares, KeyKind kind, guint generation, guint share);

/* The meetings in between, the last one included, in the order of arrivals: up to the latest
 * arrival of those whose changes brought the share there. Where it was not reached it means
 * nothing. */
uint64_t shares_meetings_to(const Shares *shares, KeyKind kind, guint generation, guint share);

/* From half of the first of metric_shares to all of it; SHARES_NOT_YET if it began with so many,
 * or if there never were so many. */
Micros shares_doubling_time(const Shares *shares, KeyKind kind, guint generation);

#endif
