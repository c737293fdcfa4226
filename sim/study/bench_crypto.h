/* bench_crypto.h - settlements at the wire level against the libsodium calls that
 * they make. */
#ifndef SIM_STUDY_BENCH_CRYPTO_H
#define SIM_STUDY_BENCH_CRYPTO_H

#include <stdio.h>

/* Measures and prints: libsodium's operations, then settlements a second and the
 * ratio of these to their libsodium calls alone, run in turn. */
void bench_crypto_print(FILE *out);

#endif
