/* bench_engine.h - how fast settlements are simulated at the decision level. */
#ifndef SIM_STUDY_BENCH_ENGINE_H
#define SIM_STUDY_BENCH_ENGINE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * BenchScenario: what is simulated
 * @BENCH_PLAIN: what the scenario uniform.ini does: embodiment 1, one card in a hundred with
 *   the newer key, each card pays once a day, 1 minor unit; terminals keep nobody waiting
 * @BENCH_FULL: embodiment 5, four cohorts with chips of their own, limits, a term of validity
 *   that ends half-way for one card in a hundred, amounts that differ, terminals with queues
 *   that are busy half the time
 * @BENCH_ACTIVITY: as plain, but each card with an activity of its own (gamma, shape 0.5), by
 *   which payees are drawn too
 * @BENCH_MERCHANTS: as plain, but one card in a hundred belongs to a merchant (Zipf 1) with a
 *   terminal of its own, which gets all payments but one in five
 * @BENCH_COMMUNITIES: as plain, but in eight regions, with one payment in twenty across
 * @BENCH_TORN: as plain, but one settlement in a hundred is torn
 */
typedef enum {
    BENCH_PLAIN,
    BENCH_FULL,
    BENCH_ACTIVITY,
    BENCH_MERCHANTS,
    BENCH_COMMUNITIES,
    BENCH_TORN,
    N_BENCH_SCENARIOS,
} BenchScenario;
extern const char *const bench_scenario_names[N_BENCH_SCENARIOS];

/**
 * BenchRun:
 * @cards: at least BENCH_CARDS_LEAST
 * @transfers: to expect; at most 36500 a card but in BENCH_FULL
 */
typedef struct {
    BenchScenario scenario;
    int64_t cards;
    int64_t transfers;
} BenchRun;

#define BENCH_CARDS_LEAST 1000
#define BENCH_CARDS_MOST INT64_C(4000000000)

/**
 * BenchSpeed: what came of it
 * @transfers: meetings that were decided, paid or not
 * @seconds, @setup_seconds: processor time of this thread for them, and for making the cards
 * @bytes: by which resident memory was larger at the end than before the cards were made
 * @paid_share: of @transfers
 */
typedef struct {
    uint64_t transfers;
    double seconds;
    double setup_seconds;
    double bytes;
    double paid_share;
} BenchSpeed;

/* Runs it. Returns: false with @error set, if the scenario is wrong; the memory that it needs
 * is known from estimate_shortage() too. */
bool bench_engine_measure(const BenchRun *run, BenchSpeed *speed, GError **error);

/* A table of runs, for people or as CSV. */
void bench_engine_print_header(bool is_csv, FILE *out);
void bench_engine_print(const BenchRun *run, const BenchSpeed *speed, bool is_csv, FILE *out);

#endif
