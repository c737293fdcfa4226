/* recorder.h - what one replication leaves behind.
 *
 * Counts are posted to the interval in which a settlement starts, so sampling
 * needs no event: a change in [T(k-1), T(k)) shows in the sample at T(k). The
 * last sample stands at the end of the run, on the grid or not. */
#ifndef SIM_MEASURE_RECORDER_H
#define SIM_MEASURE_RECORDER_H

#include "model/protocol/keyring.h"
#include "model/protocol/outcome.h"
#include "model/protocol/protocol.h"
#include "model/protocol/units.h"

#include "sim/base/table.h"
#include "sim/measure/latency.h"
#include "sim/measure/metrics.h"
#include "sim/measure/shares.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Recorder Recorder;

/**
 * recorder_new:
 * @ids: of each kind, the IDs that may occur, of guint32, ascending
 * @has_update_keys: whether the scheme uses update keys at all
 */
Recorder *recorder_new(Micros duration, Micros sample_interval,
                       GArray *const ids[static N_KEY_KINDS], bool has_update_keys);
void recorder_free(Recorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recorder, recorder_free)

/* The time of what is there before the run begins: it stands in the sample at time 0,
 * which what happens at time 0 does not. */
#define RECORDER_FROM_THE_START SHARES_FROM_THE_START

/* @n cards with these IDs are in circulation from @at on, which is now. */
void recorder_cards_enter(Recorder *recorder, Micros at, uint64_t n, uint32_t transfer_id,
                          uint32_t update_id);

/* Call when all cards that enter or change at one moment have done so: times to
 * shares are taken. */
void recorder_settle_shares(Recorder *recorder, Micros at);

/**
 * recorder_key_changes:
 * @now: when it is decided: what is decided later is reported later
 * @at: when it takes place, not before @now
 *
 * A card changes its key of @kind.
 */
void recorder_key_changes(Recorder *recorder, Micros now, Micros at, KeyKind kind, uint32_t from,
                          uint32_t to);

/**
 * RecorderChange: changes of keys, with their generations looked up; 0: none
 */
typedef struct {
    guint n;
    struct {
        KeyKind kind;
        guint from;
        guint to;
    } keys[N_KEY_KINDS * N_SIDES];
} RecorderChange;

/* Adds the change of a card's key of @kind; none if the IDs are the same. */
void recorder_change_add(RecorderChange *change, const Recorder *recorder, KeyKind kind,
                         uint32_t from, uint32_t to);

/* What a settlement that is decided at @now changes, at its start @at. @unreported: meetings up to
 * this one that are not reported yet but will be, all in the interval of @at. */
void recorder_change(Recorder *recorder, Micros now, Micros at, const RecorderChange *change,
                     uint64_t unreported);

/* @n arrivals in the interval of @at whose card was busy. */
void recorder_card_busy(Recorder *recorder, Micros at, uint64_t n);

/**
 * recorder_meetings:
 * @at: the start of the settlement; of several, the latest
 * @n: how many that started in the same interval and ended alike
 * @moved: value that reached their payees
 *
 * Meetings are numbered in the order in which they are reported. Report what a
 * meeting changes after it.
 */
void recorder_meetings(Recorder *recorder, Micros at, Outcome outcome, uint64_t n, Cents moved);

/* @n updates that wrote a key in the interval of @at, whatever became of the payment. */
void recorder_update(Recorder *recorder, Micros at, Path path, uint64_t n);

/* The update phase of a settlement that started at @at took @micros; 0: it had none. */
void recorder_till_time(Recorder *recorder, Micros at, Micros micros);

/* The books, in the order of the columns of value.csv: what was on the cards at first, what
 * came with new cards, what was taken off cards in exchange for something else, what was
 * paid, what torn settlements destroyed or created, what was left on cards that have expired or
 * are out of circulation. Posted by recorder_meetings() is BOOK_PAID alone. */
typedef enum {
    BOOK_INITIAL,
    BOOK_LOADED,
    BOOK_UNLOADED,
    BOOK_PAID,
    BOOK_DESTROYED,
    BOOK_MINTED,
    BOOK_STRANDED,
    N_BOOKS,
} Book;

/* Posts @value at @at, or before the run with RECORDER_FROM_THE_START. */
void recorder_book(Recorder *recorder, Micros at, Book book, Cents value);

/* More value has been moved by @at than the books can hold: what they say is worth nothing. */
void recorder_outgrow(Recorder *recorder, Micros at);

/* Whether that has happened, or what was paid, destroyed, minted and stranded has come to more
 * than 64 bits in all. @by: (out): the end of the interval in which it has, or -1. Nothing was
 * posted that would have been too much. */
bool recorder_has_outgrown(const Recorder *recorder, Micros *by);

/* Returns: what the books do not explain of the sum of all balances, which is now. It is kept
 * as the residual of the run. */
Cents recorder_balance_books(Recorder *recorder, CentsSum balances);

/* Events that fell together in time. */
void recorder_set_ties(Recorder *recorder, uint64_t ties);

/* Arrivals that still waited for their terminal at the end of the run. */
void recorder_set_unserved(Recorder *recorder, uint64_t unserved);

/* When the run ends, as far as it has been said. */
Micros recorder_end(const Recorder *recorder);

/* Cards in circulation now. */
uint64_t recorder_n_cards(const Recorder *recorder);

/* Those that hold exactly this key at @now, up to which all was posted. */
int64_t recorder_cards_with(const Recorder *recorder, Micros now, KeyKind kind, uint32_t id);

/* The run is over: call before anything is asked about times, or written. */
void recorder_close(Recorder *recorder);

/* When the generation first appeared; -1: it did not. */
Micros recorder_first_appearance(const Recorder *recorder, KeyKind kind, uint32_t id);

/* The moment from which its times are counted: that, or if it did not appear the first appearance
 * of a newer one; -1: there was none. */
Micros recorder_begin(const Recorder *recorder, KeyKind kind, uint32_t id);

/* The files that a recorder writes rows of, and their header lines. */
typedef enum {
    FILE_PROPAGATION,
    FILE_OUTCOMES,
    FILE_LATENCY,
    FILE_VALUE,
    FILE_TILL,
    FILE_SUMMARY,
    N_FILES
} RecorderFile;
extern const char *const recorder_file_names[N_FILES];
extern const char *const recorder_file_columns[N_FILES];

/* Cuts the run short: it is as if it had never been meant to last longer than @end. No
 * change after @end may have been reported. */
void recorder_set_end(Recorder *recorder, Micros end);

/* The end of the interval of @at. */
Micros recorder_interval_end(const Recorder *recorder, Micros at);

/* Cards that hold a key of @id or a newer one in the sample at @at, which is now; @all: (out)
 * all cards in it. What starts later, though it is decided already, does not count. */
uint64_t recorder_sampled_cards(const Recorder *recorder, KeyKind kind, uint32_t id, Micros at,
                                uint64_t *all);

/* The first sample after @now that shows all that was reported so far. */
Micros recorder_next_sample(const Recorder *recorder, Micros now);

/* The figures of summary.csv; @latency: of the same replication. (transfer full): of Metric */
GArray *recorder_metrics(const Recorder *recorder, const Latency *latency);

/* Writes the rows of a replication, all but those of summary.csv, which metrics_write() makes
 * of recorder_metrics(). @latency: of the same replication. */
void recorder_write(const Recorder *recorder, const Latency *latency, const RunId *id,
                    Table *const tables[static N_FILES]);

/**
 * recorder_time_to_share:
 * @share: index in metric_shares
 *
 * Returns: microseconds from recorder_begin() until that share of the cards held the generation or
 *   a newer one; -1 if it did not come to that
 */
Micros recorder_time_to_share(const Recorder *recorder, KeyKind kind, uint32_t id, guint share);

/* The meetings in between, see shares_meetings_to(). */
uint64_t recorder_meetings_to_share(const Recorder *recorder, KeyKind kind, uint32_t id,
                                    guint share);

/* Totals for the answer that `run` ends with. */
uint64_t recorder_outcome(const Recorder *recorder, Outcome outcome);
uint64_t recorder_updates(const Recorder *recorder, Path path);
double recorder_final_share(const Recorder *recorder, KeyKind kind, uint32_t id);

#endif
