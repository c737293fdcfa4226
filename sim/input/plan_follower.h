/* plan_follower.h - what is known of the cards while a plan is followed in time: their kinds, and
 * the entries of the population that these need. */
#ifndef SIM_INPUT_PLAN_FOLLOWER_H
#define SIM_INPUT_PLAN_FOLLOWER_H

#include "sim/input/text.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/handle.h"
#include "sim/scenario/plan.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The keys and the chip that a card of some kind has from its cohort and its swaps. Which cards a
 * swap draws is chance, so each kind remains possible until a swap replaces all. */
typedef struct {
    int64_t transfer_key;
    int64_t transfer_key_limit;
    int64_t update_key;
    int64_t update_key_limit;
    const GArray *preloaded;
    const Chip *chip;
    guint cohort;
} Kind;

/**
 * Follower: what is known of the cards at some time
 * @kinds: of Kind, in order of first appearance
 * @seen: set of Kind*
 * @lasting: of ScenarioPlan*, what may happen to any kind of card from now on
 * @n_done: kinds to whom all of @lasting has happened
 * @cards: in circulation, by cohort
 * @raised: of GArray*, preloaded IDs of rotations
 * @entries: cohort entries that were needed, at most, and that no swap adds to any more; those of
 *   revoked cards come on top of them
 * @revoked: entries of revoked cards
 * @replaced: by ScenarioPlan* of @lasting a set of Kind*, an entry each, whatever the keys in use
 */
typedef struct {
    ScenarioText *text;
    const Scenario *scenario;
    GArray *kinds;
    GHashTable *seen;
    GPtrArray *lasting;
    guint n_done;
    int64_t *cards;
    GPtrArray *raised;
    int64_t entries;
    int64_t revoked;
    GHashTable *replaced;
} Follower;

/* (transfer full): an empty set of Kind *. */
GHashTable *plan_follower_new_set(void);

/* Adds a kind unless it is there, or too many are. */
void plan_follower_add_kind(Follower *follower, const Kind *kind);

/* Cards of a cohort; @terms: what they are issued with. */
void plan_follower_add_cohort(Follower *follower, guint index, const CardTerms *terms,
                              int64_t cards);

/* A number after @change: SCENARIO_UNSET leaves what it was. */
int64_t plan_follower_changed(int64_t was, int64_t change);

/* What becomes of a card by new terms. */
Kind plan_follower_swap(const Kind *old, const CardTerms *change);

/* Forgets the kinds of cards that the action replaces. */
void plan_follower_forget(Follower *follower, const ScenarioPlan *plan);

/* Adds the entries of cards that an action has made. */
void plan_follower_add_entries(GHashTable *set, const GArray *swapped);

/* Entries of one swap, of which each takes a card. */
int64_t plan_follower_count_entries(const GArray *swapped, int64_t cards);

/* The set of kinds that a lasting action has made. */
GHashTable *plan_follower_replaced_by(Follower *follower, const ScenarioPlan *plan);

/* That of its new cards and, where cards are called in, that of their replacements. */
int64_t plan_follower_entries_of_cohort(const Scenario *scenario);

/* So many cards are revoked: they have entries of their own, and who is replaced from now on gets
 * another one than those before. */
void plan_follower_revoke(Follower *follower, int64_t cards);

/* Of rogue cards that are issued. */
void plan_follower_add_rogues(Follower *follower, RogueCards rogue);

/* @plan: NULL before the first action. Returns: false after complaining of the action that needs
 * more entries than there are, or of [scheme] reclaim */
bool plan_follower_check_entries(Follower *follower, const ScenarioPlan *plan);

#endif
