/* recorder_counts.h - what a recorder keeps; for recorder.c, which posts it, and recorder_rows.c,
 * which writes it. */
#ifndef SIM_MEASURE_RECORDER_COUNTS_H
#define SIM_MEASURE_RECORDER_COUNTS_H

#include "sim/measure/recorder.h"
#include "sim/measure/sampling.h"
#include "sim/measure/shares.h"

#define NEVER_OUTGROWN INT64_C(-1)

/* One generation of one kind of key. */
typedef struct {
    uint32_t id;
    int64_t cards;      /* that hold exactly this one by all that was posted */
    guint first_sample; /* that shows that a card had it; G_MAXUINT: none */
    int64_t *deltas;    /* change of cards per interval */
} Generation;

/* What updates cost in one interval. */
typedef struct {
    MicrosSum added;
    uint64_t updates[N_PATHS];
} Till;

struct Recorder {
    Sampling sampling;
    Generation *generations[N_KEY_KINDS];
    guint n_generations[N_KEY_KINDS];
    guint n_kinds;
    Shares *shares;
    uint64_t n_meetings;
    uint64_t (*outcomes)[N_OUTCOMES]; /* per interval */
    Till *till;                       /* likewise */
    uint64_t totals[N_OUTCOMES];
    uint64_t updates[N_PATHS];
    Cents (*postings)[N_BOOKS]; /* per interval, before them what was there at time 0 */
    Cents books[N_BOOKS];
    Cents turnover; /* all that was posted but what entered, whatever its sign */
    Micros
        outgrown; /* end of the interval in which that came to more than 64 bits; NEVER_OUTGROWN */
    Cents residual;
    uint64_t ties;
    uint64_t unserved;
    Micros latest; /* of what was posted */
    guint current; /* the sample that was asked for last, of [current_from, current_until) */
    Micros current_from;
    Micros current_until;
};

#endif
