/* validate_runs.h - what the checks of `validate` have in common: the runs, what is read off
 * them, and the lines that are printed. */
#ifndef SIM_STUDY_VALIDATE_RUNS_H
#define SIM_STUDY_VALIDATE_RUNS_H

#include "model/protocol/units.h"

#include "sim/measure/metrics.h"
#include "sim/study/validate.h"
#include "sim/world/replication.h"

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

/* Of the shift in time that the first few updates of a population bring about, mean and
 * variance are of the order of 1 / m; a share, or the share of transfers with an update,
 * answers with a bias below 0.25 / m, which is this by sqrt(N m) where m is N / 100. */
#define VALIDATE_MEAN_FIELD 2.5
#define VALIDATE_DAY ((double)MICROS_PER_DAY)

/* ---- Lines ------------------------------------------------------------- */

/**
 * ValidateCheck: one line
 * @mean: of @n values
 * @error: standard error of @mean
 * @slack: see validate_all()
 */
typedef struct {
    double exact;
    double mean;
    double error;
    double slack;
    uint64_t n;
} ValidateCheck;

/* Prints the line and counts it. */
void validate_report(Validation *validation, FILE *out, const ValidateCheck *check,
                     const char *what);

/* A check of the mean of @values, of double; @sd: of one value, NAN if it is not known. */
ValidateCheck validate_mean(const GArray *values, double exact, double sd);

/* Of how often something happened, independently, in @n cases. */
ValidateCheck validate_share(double exact, uint64_t happened, uint64_t n);

/* A list of values, of double, and one more of them. */
GArray *validate_values_new(void);
void validate_note(GArray *values, double value);

/* ---- Runs -------------------------------------------------------------- */

/* Takes what it wants of a replication that has not begun yet. */
typedef void (*ValidateObserve)(Replication *replication, gpointer data);

/* @n replications of the scenario @text with each seed, ten times as many in a long
 * validation. */
void validate_repeat(const Validation *validation, const char *text, guint n,
                     ValidateObserve observe, gpointer data);

/* The same, with what is left of each when it has run to its end. */
typedef void (*ValidateObserveResult)(const ReplicationResult *result, gpointer data);
void validate_repeat_whole(const Validation *validation, const char *text, guint n,
                           ValidateObserveResult observe, gpointer data);

/* Runs until @at, which must be the time of a sample or the end. */
void validate_run_until(Replication *replication, Micros at);

#define VALIDATE_ALL (METRIC_N_SHARES - 1) /* index in metric_shares */

/* Runs until all cards hold transfer key 2. */
void validate_run_to_all(Replication *replication);

/* Of now: the share of cards that hold transfer key 2; updates and meetings so far. */
double validate_share_now(const Replication *replication);
uint64_t validate_updates_now(const Replication *replication);
uint64_t validate_meetings_now(const Replication *replication);

/**
 * ValidateRefusals: meetings that are looked at, and those of them that are refused
 */
typedef struct {
    uint64_t refused;
    uint64_t meetings;
} ValidateRefusals;

/* Runs on and adds the meetings from @from, the time of a sample, to the end. */
void validate_count_refused(Replication *replication, Micros from, ValidateRefusals *refusals);

/* Card-days without transfer key 2 by the number of cards, until all hold it, by the
 * trapezoidal rule with samples @step apart: short enough for its error, step^2 / 12 times the
 * slopes at both ends, not to show. */
double validate_run_exposure(Replication *replication, Micros step);

/**
 * ValidateShares: a scenario whose share of cards with transfer key 2 is known on some days
 * @name: what the lines begin with
 * @days: @n_days of them, ascending, each the time of a sample
 * @share: that share; @data: what it depends on
 * @slack: of each line
 */
typedef struct {
    const char *name;
    const char *text;
    guint replications;
    const guint *days;
    guint n_days;
    double (*share)(double day, const void *data);
    const void *data;
    double slack;
} ValidateShares;

/* Runs it and reports a line a day. */
void validate_check_shares(Validation *validation, FILE *out, const ValidateShares *shares);

/* ---- Scenarios --------------------------------------------------------- */

/* Each card takes part in one transfer a day: it pays in every other. */
#define VALIDATE_RATE 1.0
#define VALIDATE_PAYS "activity = constant 0.5/d\n"

/* Embodiment 1, @m of @n cards with transfer key 2. */
char *validate_uniform_pairs(guint n, guint m, const char *duration, const char *interval);

#endif
