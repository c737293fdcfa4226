/* workload.h - what a replication has to do, counted before it starts: all that takes time. */
#ifndef SIM_RUNS_WORKLOAD_H
#define SIM_RUNS_WORKLOAD_H

#include <glib.h>
#include <stdbool.h>

typedef struct Scenario Scenario;

/**
 * Workload: expected numbers of one replication, at most where chance or a plan's `when` decides
 * @cards: at the end, issued ones included
 * @meetings: payments that are begun
 * @updates: that cards need to hold the newest key, each of them for each key but the oldest; there
 *   can be no more than settlements
 * @has_public_key: whether they may be public-key ones
 * @on_wire: of them, those that are settled byte by byte: all at the wire level, those with rogue
 *   cards or terminals at either
 * @torn: of the meetings, those that are torn
 * @visits: of cards at special cards, and of attackers' cards at them
 * @swaps: cards that are replaced, by the plan or for their limit
 * @recalls: of cards at a counter
 * @taps: of cards at an attacker's reader
 * @revoked: certificates
 * @wakes: dormant cards that are woken
 * @draws: numbers of cards that are drawn by lot for actions
 * @turns: how often actions take place that do so once or with `every`, and cards are asked in by
 *   campaigns
 * @rebuilt: cards in tables of activities that are made anew because cards are issued
 * @outcome_rows, @key_rows: that samples have in outcomes.csv and, at most, in propagation.csv
 * @looks: at single cards, each at a sample
 */
typedef struct {
    double cards;
    double meetings;
    double updates;
    bool has_public_key;
    double on_wire;
    double torn;
    double visits;
    double swaps;
    double recalls;
    double taps;
    double revoked;
    double wakes;
    double draws;
    double turns;
    double rebuilt;
    double outcome_rows;
    double key_rows;
    double looks;
} Workload;

/* Payments a day that a card of a cohort begins in the mean, as if who is woken had been awake. */
double workload_payments_per_day(const Scenario *scenario, guint cohort);

Workload workload_of(const Scenario *scenario);

#endif
