/* bench_crypto.h - settlements at the wire level against the libsodium calls that
 * they make. */
#ifndef SIM_STUDY_BENCH_CRYPTO_H
#define SIM_STUDY_BENCH_CRYPTO_H

#include "model/protocol/protocol.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct BenchCrypto BenchCrypto;

/* Two cards of embodiment 5, suite p256, and their terminal. */
BenchCrypto *bench_crypto_new(void);
void bench_crypto_free(BenchCrypto *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BenchCrypto, bench_crypto_free)

/* Settles @n times on @path, every card taken back to what it held. Returns: whether all
 * were paid on that path. */
bool bench_crypto_settle(BenchCrypto *bench, Path path, uint64_t n);

/* Makes the libsodium calls of @n such settlements, on data of the same lengths, and
 * nothing else. */
void bench_crypto_replay(BenchCrypto *bench, Path path, uint64_t n);

/* Measures and prints: libsodium's operations, then settlements a second and the
 * ratio of the two functions above, run in turn. */
void bench_crypto_print(FILE *out);

#endif
