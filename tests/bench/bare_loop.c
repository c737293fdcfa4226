/* bare_loop.c - the least that a simulation of newer-wins among uniform pairs has to do.
 *
 *   bare_loop CARDS TRANSFERS
 *
 * The yardstick of `make bench`: 16-byte records, a time for each arrival, xoshiro256++
 * and a ziggurat, the newer key wins, a balance goes down and another up. Records are
 * prefetched block by block and lie in huge pages. It knows no terminal, no clock of
 * validity, no count but the last line: `CARDS TRANSFERS SECONDS HOLDERS`. */
#define _DEFAULT_SOURCE

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define BLOCK 256
#define LAYERS 256
#define BASE_X 7.69711747013104972
#define STRIP_AREA 0.0039496598225815571993
#define HUGE_PAGE (UINT64_C(2) << 20)

typedef struct {
    uint16_t key;
    uint16_t other[3];
    uint32_t balance;
    uint32_t last;
} Record;

typedef struct {
    uint64_t s[4];
} Random;

static double edge[LAYERS + 1];

static void
build_ziggurat(void)
{
    double x = BASE_X;

    edge[0] = STRIP_AREA / exp(-BASE_X);
    edge[1] = BASE_X;
    for (int i = 2; i < LAYERS; i++) {
        x = -log(exp(-x) + STRIP_AREA / x);
        edge[i] = x;
    }
}

static inline uint64_t
rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline uint64_t
next(Random *random)
{
    uint64_t *s = random->s;
    uint64_t result = rotate(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

static inline uint32_t
below(Random *random, uint32_t n)
{
    return (uint32_t)((unsigned __int128)next(random) * n >> 64);
}

static double
exponential(Random *random)
{
    double beyond = 0;

    for (;;) {
        uint64_t bits = next(random);
        unsigned i = bits & (LAYERS - 1);
        double x = (double)(int64_t)(bits >> 11) * 0x1p-53 * edge[i];
        double u;

        if (x < edge[i + 1])
            return beyond + x;
        if (i == 0) {
            beyond += BASE_X;
            continue;
        }
        u = (double)(int64_t)(next(random) >> 11) * 0x1p-53;
        if (exp(-edge[i]) + u * (exp(-edge[i + 1]) - exp(-edge[i])) < exp(-x))
            return beyond + x;
    }
}

static void *
allocate(uint64_t bytes)
{
    void *memory = aligned_alloc(HUGE_PAGE, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);

    if (memory == NULL) {
        fprintf(stderr, "bare_loop: no memory for %" PRIu64 " bytes\n", bytes);
        exit(1);
    }
    madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

static inline void
transfer(Record *payer, Record *payee)
{
    uint16_t newest = payer->key > payee->key ? payer->key : payee->key;

    payer->key = newest;
    payee->key = newest;
    payer->balance -= 1;
    payee->balance += 1;
}

/* Returns the sum of the times, so that nobody leaves them out. */
static double
run(Record *records, uint32_t n, uint64_t transfers)
{
    Random times = { { 1, 2, 3, 4 } };
    Random pairs = { { 5, 6, 7, 8 } };
    double mean_gap = 86400e6 / n;
    double now = 0;
    double sum = 0;
    double at[BLOCK];
    uint32_t payers[BLOCK];
    uint32_t payees[BLOCK];

    for (uint64_t done = 0; done < transfers; done += BLOCK) {
        for (int i = 0; i < BLOCK; i++)
            at[i] = now += exponential(&times) * mean_gap;
        for (int i = 0; i < BLOCK; i++) {
            uint32_t payer = below(&pairs, n);
            uint32_t payee = below(&pairs, n - 1);

            payers[i] = payer;
            payees[i] = payee < payer ? payee : payee + 1;
            __builtin_prefetch(&records[payers[i]], 1);
            __builtin_prefetch(&records[payees[i]], 1);
        }
        for (int i = 0; i < BLOCK; i++) {
            transfer(&records[payers[i]], &records[payees[i]]);
            sum += at[i];
        }
    }
    return sum;
}

static double
seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int
main(int argc, char **argv)
{
    uint32_t n = argc == 3 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    uint64_t transfers = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    Record *records;
    uint64_t holders = 0;
    double began;
    double sum;

    if (n < 2 || transfers == 0) {
        fprintf(stderr, "usage: bare_loop CARDS TRANSFERS\n");
        return 2;
    }
    build_ziggurat();
    records = allocate((uint64_t)n * sizeof *records);
    for (uint32_t i = 0; i < n; i++)
        records[i] = (Record){ .key = i < n / 100 + 1 ? 2 : 1, .balance = 1000000000 };
    began = seconds();
    sum = run(records, n, transfers);
    began = seconds() - began;
    for (uint32_t i = 0; i < n; i++)
        holders += records[i].key == 2;
    printf("%" PRIu32 " %" PRIu64 " %.6f %" PRIu64 "\n", n, transfers, began, holders);
    free(records);
    return sum > 0 ? 0 : 1;
}
