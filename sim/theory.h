/* theory.h - what is known of the spreading of a key without simulating it.
 *
 * N cards of equal rates meet in uniform random pairs, m of them hold the newer key at
 * first. Times are in units in which a card takes part in r transfers; a transfer has
 * two cards, so all together make N r / 2 of them. */
#ifndef SIM_THEORY_H
#define SIM_THEORY_H

#include <glib.h>

/**
 * TheoryCount: the number of transfers until as many cards hold the key
 * @fourth: fourth cumulant
 */
typedef struct {
    double mean;
    double variance;
    double fourth;
} TheoryCount;

/**
 * theory_meetings:
 * @n: cards
 * @from, @to: holders at first and in the end
 *
 * From k holders one transfer makes k + 1 with probability p = 2 k (N - k) / (N (N - 1)),
 * so each step is geometric and all are independent (Mocquard, Sericola, Anceaume, INFORMS
 * J. Computing 32(1), 2020).
 */
TheoryCount theory_meetings(guint n, guint from, guint to);

/**
 * theory_exposure:
 * @variance: (out): of one population
 *
 * Returns: the mean time that a card goes on using the old key, (N - 1) / N (H_(N-1) -
 *   H_(m-1)) / r
 */
double theory_exposure(guint n, guint m, double r, double *variance);

/* The share of holders after @t: x0 e^(rt) / (1 - x0 + x0 e^(rt)), in the limit of many
 * cards. */
double theory_logistic(double x0, double r, double t);

/* The same where nobody holds the key at first and cards are replaced by new ones, which hold
 * it, at the rate @mu: x' = (mu + r x) (1 - x). */
double theory_replacement(double mu, double r, double t);

#endif
