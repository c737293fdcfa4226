/* exposure.h - keys that have leaked, and the cards that keep using them.
 *
 * A card is exposed while the generation in use on it is one that has leaked. What all cards
 * together spend so, in card-days, is added up from the moments at which cards change and not
 * from samples. It may rise before it falls: cards that are older than the leaked generation can
 * still be moved onto it. */
#ifndef SIM_MEASURE_EXPOSURE_H
#define SIM_MEASURE_EXPOSURE_H

#include "model/protocol/keyring.h"
#include "model/protocol/units.h"

#include "sim/base/table.h"
#include "sim/measure/observers.h"
#include "sim/measure/recorder.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Exposure Exposure;

/* At a sample. @active, @exposed: cards that are active, and those of them that are exposed. */
typedef struct {
    uint64_t active;
    uint64_t exposed;
} ExposureLook;

/* Counts at @now the active cards, and those of them with that key in use. */
typedef ExposureLook (*ExposureCount)(gpointer data, KeyKind kind, uint32_t id, Micros now);

/**
 * exposure_new:
 * @recorder: borrowed until exposure_close(): it knows how many cards hold which key
 * @count: NULL where active cards are not counted
 *
 * Nothing has leaked yet. @duration and @sample_interval are the recorder's.
 */
Exposure *exposure_new(Micros duration, Micros sample_interval, const Recorder *recorder,
                       ExposureCount count, gpointer data);
void exposure_free(Exposure *exposure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exposure, exposure_free)

/* Hears from now on of keys, cards and, where somebody asks for active cards, samples. */
void exposure_join(Exposure *exposure, Observers *observers);

/* That generation is to leak. If it has not by the end, though cards hold it or a newer one, it has
 * an exposure all the same, which is 0. */
void exposure_expect_leak(Exposure *exposure, KeyKind kind, uint32_t id);

/**
 * exposure_leak:
 * @leak: borrowed: name of the action that it comes from
 *
 * That generation is known to an attacker from @now on; nothing happens if it was before.
 */
void exposure_leak(Exposure *exposure, const char *leak, KeyKind kind, uint32_t id, Micros now);

/* Whether it has leaked. */
bool exposure_has(const Exposure *exposure, KeyKind kind, uint32_t id);

/* From @now on an attacker waits for cards of the next generation. */
void exposure_expect(Exposure *exposure, Micros now);

/**
 * exposure_key_changes:
 * @now: when it was decided
 * @at: when it takes place, not before @now
 *
 * A card changes its key; see recorder_key_changes(), which is called first.
 */
void exposure_key_changes(Exposure *exposure, Micros now, Micros at, KeyKind kind, uint32_t from,
                          uint32_t to);

/* Cards enter; see recorder_cards_enter(), which is called first. */
void exposure_cards_enter(Exposure *exposure, Micros at, uint64_t n, uint32_t transfer_id,
                          uint32_t update_id);

/* At the time of a sample: counts which active cards are exposed. */
void exposure_sample(Exposure *exposure, Micros now);

/**
 * exposure_close:
 * @ids: of all transfer keys that can occur, of guint32, ascending
 * @metrics: of Metric
 *
 * The run is over. Appends for each key that has leaked, or was to leak, `exposure` in card-days,
 * and `time-to-exposure-below` 1 and 0.1 %: from the leak until the share of cards in circulation
 * fell below that for good; 0 where there was none. If an attacker waited, for each transfer key
 * that has appeared `time-to-extraction`: from its first appearance, or from when they began to
 * wait, until it leaked.
 */
void exposure_close(Exposure *exposure, const GArray *ids, Micros end, GArray *metrics);

#define EXPOSURE_COLUMNS                                                                           \
    "scenario,point,replication,time_s,leak,key,generation,cards,share,cards_active,share_active," \
    "card_days"

/* Rows of exposure.csv: of each key, from its leak on. */
void exposure_write(const Exposure *exposure, const RunId *id, Table *table);

#endif
