/* inverse_cdf.h - random quantities by a law that is no formula of additions.
 *
 * A table of a law's inverse distribution function, made once with GSL and rounded, so
 * that no library's last bit reaches a result; a draw is a look-up and a straight line.
 * Points stand ever closer to both ends: 64 for each halving of the probability that is
 * left, down to 2^-32. The largest value is the one that is exceeded that rarely. */
#ifndef SIM_BASE_INVERSE_CDF_H
#define SIM_BASE_INVERSE_CDF_H

#include <stdint.h>

#define INVERSE_CDF_STEPS 64    /* to a halving */
#define INVERSE_CDF_HALVINGS 31 /* from 1/2 to 2^-32 */
#define INVERSE_CDF_POINTS (INVERSE_CDF_STEPS * INVERSE_CDF_HALVINGS + 1)

/* The gamma distributions that can be had. */
#define INVERSE_CDF_GAMMA_SHAPE_MIN 0.05
#define INVERSE_CDF_GAMMA_SHAPE_MAX 1000.0

/**
 * InverseCdfHalf: the values below the median, or those above
 * @at: by the probability of a value farther out, from 2^-32 to 1/2
 * @end: the value farthest out
 */
typedef struct {
    double at[INVERSE_CDF_POINTS];
    double end;
} InverseCdfHalf;

/**
 * InverseCdfLaw:
 * @shape: of a gamma distribution or a Pareto distribution (above 1), or the standard
 *   deviation of the logarithm; an exponential distribution has none
 */
typedef struct {
    enum {
        INVERSE_CDF_EXPONENTIAL,
        INVERSE_CDF_GAMMA,
        INVERSE_CDF_LOG_NORMAL,
        INVERSE_CDF_PARETO
    } kind;
    double shape;
} InverseCdfLaw;

/* A log-normal law has median 1 here, the others have mean 1. */
typedef struct {
    InverseCdfLaw law;
    InverseCdfHalf half[2];
} InverseCdf;

/* Returns: (transfer full): to be freed with g_free() */
InverseCdf *inverse_cdf_new(const InverseCdfLaw *law);

/* The mean of what is drawn, to a thousandth: that of the law, unless values that are rarer than
 * the table's largest make up more of it (log-normal from a deviation of 3.1 on, Pareto below a
 * shape of 1.5). */
double inverse_cdf_mean(const InverseCdf *quantiles);

/* Rounds to 20 bits: what differs in the last bits of a double becomes equal. */
double inverse_cdf_round(double value);

/* The largest value that a table of the law holds. */
double inverse_cdf_most(const InverseCdfLaw *law);

/* A value. @bits: 64 random ones. */
static inline double
inverse_cdf_draw(const InverseCdf *quantiles, uint64_t bits)
{
    const InverseCdfHalf *half = &quantiles->half[bits >> 63];
    uint64_t out = bits << 1 | 1; /* of 2^65: the probability of a value farther out */
    int halvings = __builtin_clzll(out);
    unsigned point;
    double part;

    if (__builtin_expect(halvings >= INVERSE_CDF_HALVINGS, 0))
        return half->end + (half->at[0] - half->end) * ((double)(int64_t)out * 0x1p-33);
    out <<= halvings;
    point = (unsigned)(INVERSE_CDF_HALVINGS - 1 - halvings) * INVERSE_CDF_STEPS +
            (unsigned)(out >> 57 & (INVERSE_CDF_STEPS - 1));
    part = (double)(int64_t)(out << 7 >> 11) * 0x1p-53;
    return half->at[point] + (half->at[point + 1] - half->at[point]) * part;
}

#endif
