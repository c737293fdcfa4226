/* active_cards.h - the cards at the end of a run, counted by what they hold and when they were
 * used. */
#ifndef SIM_WORLD_ACTIVE_CARDS_H
#define SIM_WORLD_ACTIVE_CARDS_H

#include "sim/measure/exposure.h"
#include "sim/world/world.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether a card was in a settlement within the scenario's active-within. */
bool active_cards_is_active(const World *world, const CardRecord *record, Micros now);

/* The ID of the key in use on a card; 0 of no key. */
uint32_t active_cards_id(const World *world, const CardRecord *record, KeyKind kind);

/* An ExposureCount. @world: its World */
ExposureLook active_cards_count_exposed(gpointer world, KeyKind kind, uint32_t id, Micros now);

/**
 * active_cards_count_active:
 * @ids: of guint32, ascending
 * @at_least: (out): of each, how many of the active cards hold it or a newer one
 *
 * Returns: how many cards were in a settlement within the scenario's active-within, which must be
 *   set
 */
uint64_t active_cards_count_active(const World *world, KeyKind kind, const GArray *ids,
                                   uint64_t *at_least, Micros now);

/**
 * active_cards_take:
 * @now: the end of the run
 *
 * Returns: (transfer full): of Metric: `active-cards`, which were in a settlement within the
 *   scenario's active-within; of each generation `final-share-active`, the share of them that
 *   holds it or a newer one; where keys are delivered `due-for-reclamation`, cards whose limit
 *   is below the newest transfer key in use. Empty if the scenario does not ask for it
 */
GArray *active_cards_take(const World *world, Micros now);

#endif
