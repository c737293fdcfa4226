/* theory.h - what is known of the spreading of a key without simulating it.
 *
 * N cards of equal rates meet in uniform random pairs, m of them hold the newer key at
 * first. Times are in units in which a card takes part in r transfers; a transfer has
 * two cards, so all together make N r / 2 of them. */
#ifndef SIM_STUDY_THEORY_H
#define SIM_STUDY_THEORY_H

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
 * Returns: the mean time that a card keeps using the old key, (N - 1) / N (H_(N-1) -
 *   H_(m-1)) / r
 */
double theory_exposure(guint n, guint m, double r, double *variance);

/* The share of holders after @t: x0 e^(rt) / (1 - x0 + x0 e^(rt)), in the limit of many
 * cards. */
double theory_logistic(double x0, double r, double t);

/* The same where nobody holds the key at first and cards are replaced by new ones, which hold
 * it, at the rate @mu: x' = (mu + r x) (1 - x). */
double theory_replacement(double mu, double r, double t);

/* The mean time that a card then keeps using an old key: ln(1 + r / mu) / r. */
double theory_replacement_exposure(double mu, double r);

/**
 * theory_unequal:
 * @shape: of the gamma law, of mean 1, that the cards' activities follow
 * @x0: share of holders at first
 *
 * Both ends of a transfer are drawn by activity, and a card of activity a takes part in a
 * transfers. With L(tau) = (1 + tau / shape)^-shape, the share without the key is
 * U = (1 - x0) L(tau), tau' = 1 + (1 - x0) L'(tau).
 *
 * Returns: U after @t
 */
double theory_unequal(double shape, double x0, double t);

/* Shares of the consumers' and of the merchants' cards that hold the key. */
typedef struct {
    double consumers;
    double merchants;
} TheoryMerchants;

/**
 * theory_merchants:
 * @start: at first
 * @rate: payments of a consumer, each to any of the merchants
 * @per_merchant: consumers to a merchant
 *
 * x_c' = rate x_m (1 - x_c), x_m' = rate per_merchant x_c (1 - x_m).
 */
TheoryMerchants theory_merchants(TheoryMerchants start, double rate, double per_merchant, double t);

/**
 * theory_communities:
 * @x0: share of holders in the first of two equal communities; in the second there is none
 * @cross: share of transfers that lead into the other one
 * @level: of all cards
 *
 * x_a' = r (1 - x_a) ((1 - cross) x_a + cross x_b), and likewise x_b'. The second lags by about
 * ln(1 / (cross r t_a)) / r.
 *
 * Returns: when the share of holders is @level
 */
double theory_communities(double x0, double r, double cross, double level);

/**
 * theory_wait:
 * @load: share of the time that the server is taken
 * @mean, @square: means of the service time and of its square
 *
 * Returns: the mean wait in a queue with Poisson arrivals and one server, after Pollaczek and
 *   Khinchine
 */
double theory_wait(double load, double mean, double square);
/* The chance that an attacker does not hold the newer key yet after @t, to whom @a cards a unit of
 * time come: exp(-a times the integral of the logistic curve) = (1 + x0 (e^(rt) - 1))^(-a/r). */
double theory_extraction(double x0, double r, double a, double t);

/**
 * theory_loss:
 * @hazards: of @n parties that may go
 * @windows: how long in a transfer the going of each destroys what is paid
 *
 * Returns: the expected loss of a transfer by its amount, in the limit of small hazards. It is
 *   the same whether a key is updated before or not: that comes before all windows
 */
double theory_loss(const double *hazards, const double *windows, guint n);

#endif
