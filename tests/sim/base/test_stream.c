/* Random numbers: known answers, so that no compiler changes a result, and the laws
 * that they follow. Seeds are fixed: what passes once passes always. */
#include "sim/base/stream.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond five standard deviations. */
#define FAR 5.0

/* ---- Names ------------------------------------------------------------- */

static void
assert_first_values(uint64_t seed, uint64_t replication, const char *purpose,
                    const uint64_t expected[static 4])
{
    Stream stream;

    stream_init(&stream, seed, replication, purpose);
    for (guint i = 0; i < 4; i++)
        g_assert_cmphex(stream_next(&stream), ==, expected[i]);
}

/* Computed apart from this program: BLAKE2b-256 of seed, replication (big-endian) and
 * purpose is the state. */
static void
name_gives_the_numbers_that_it_always_gave(void)
{
    assert_first_values(1, 1, "mixing",
                        (const uint64_t[]){ 0xadaafe33656371a9, 0xb991c9da5f03d12c,
                                            0x5bcd3d2f584fef19, 0x8e7e342c78ca29c9 });
    assert_first_values(UINT64_MAX, UINT64_MAX, "arrivals",
                        (const uint64_t[]){ 0x4bca0c3380af5188, 0x5094941ba0cb6852,
                                            0x49823cd2c008edfd, 0x22551fae5e61bebe });
}

static void
same_name_gives_same_numbers(void)
{
    Stream one;
    Stream two;

    stream_init(&one, 42, 7, "mixing");
    stream_init(&two, 42, 7, "mixing");
    for (guint i = 0; i < 1000; i++)
        g_assert_cmphex(stream_next(&one), ==, stream_next(&two));
}

static gint
compare_words(gconstpointer a, gconstpointer b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Streams whose names differ in one part only share none of their first numbers. */
static void
other_name_gives_other_numbers(void)
{
    static const struct {
        uint64_t seed;
        uint64_t replication;
        const char *purpose;
    } names[] = {
        { 1, 1, "mixing" },
        { 2, 1, "mixing" },
        { 1, 2, "mixing" },
        { 1, 1, "mixin" },
        { 1, 1, "arrivals" },
        { 1, 0, "mixing" },
        { 0, 1, "mixing" },
        { 1, 1, "" },
        { UINT64_C(1) << 32, 1, "mixing" },
        { 256, 1, "mixing" },
        { 1, UINT64_C(1) << 63, "mixing" },
    };
    g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(uint64_t));

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        Stream stream;

        stream_init(&stream, names[i].seed, names[i].replication, names[i].purpose);
        for (guint n = 0; n < 1000; n++) {
            uint64_t word = stream_next(&stream);

            g_array_append_val(words, word);
        }
    }
    g_array_sort(words, compare_words);
    for (guint i = 1; i < words->len; i++)
        g_assert_cmphex(g_array_index(words, uint64_t, i), !=,
                        g_array_index(words, uint64_t, i - 1));
}

static void
derived_bytes_differ_by_name(void)
{
    uint8_t one[32];
    uint8_t two[32];

    stream_derive(one, sizeof one, 1, 0, "keys");
    stream_derive(two, sizeof two, 1, 0, "keys");
    g_assert_cmpint(memcmp(one, two, sizeof one), ==, 0);
    stream_derive(two, sizeof two, 2, 0, "keys");
    g_assert_cmpint(memcmp(one, two, sizeof one), !=, 0);
    stream_derive(two, sizeof two, 1, 1, "keys");
    g_assert_cmpint(memcmp(one, two, sizeof one), !=, 0);
    stream_derive(two, sizeof two, 1, 0, "key");
    g_assert_cmpint(memcmp(one, two, sizeof one), !=, 0);
}

/* ---- Bits -------------------------------------------------------------- */

/* The vector of the generator's authors' state 1, 2, 3, 4, as other implementations
 * of xoshiro256++ test it. */
static void
is_xoshiro256_plus_plus(void)
{
    static const uint64_t expected[] = {
        41943041,
        58720359,
        UINT64_C(3588806011781223),
        UINT64_C(3591011842654386),
        UINT64_C(9228616714210784205),
        UINT64_C(9973669472204895162),
        UINT64_C(14011001112246962877),
        UINT64_C(12406186145184390807),
        UINT64_C(15849039046786891736),
        UINT64_C(10450023813501588000),
    };
    Stream stream = { .state = { 1, 2, 3, 4 } };

    for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpuint(stream_next(&stream), ==, expected[i]);
}

static void
every_bit_is_set_half_of_the_time(void)
{
    enum { N = 100000 };
    guint counts[64] = { 0 };
    Stream stream;

    stream_init(&stream, 1, 1, "test");
    for (guint n = 0; n < N; n++) {
        uint64_t bits = stream_next(&stream);

        for (guint i = 0; i < 64; i++)
            counts[i] += (guint)(bits >> i & 1);
    }
    for (guint i = 0; i < 64; i++)
        g_assert_cmpfloat(fabs(counts[i] - N / 2.0), <, FAR * sqrt(N / 4.0));
}

/* ---- Integers ---------------------------------------------------------- */

/* Chi-square of equally likely cells as a number of standard deviations. */
static double
chi_square_z(const uint64_t *counts, guint n_cells)
{
    double n = 0;
    double sum = 0;

    for (guint i = 0; i < n_cells; i++)
        n += (double)counts[i];
    for (guint i = 0; i < n_cells; i++) {
        double off = (double)counts[i] - n / n_cells;

        sum += off * off * n_cells / n;
    }
    return (sum - (n_cells - 1)) / sqrt(2.0 * (n_cells - 1));
}

static void
below_is_uniform(void)
{
    static const guint bounds[] = { 2, 3, 7, 10, 64, 1000 };

    for (guint b = 0; b < G_N_ELEMENTS(bounds); b++) {
        g_autofree uint64_t *counts = g_new0(uint64_t, bounds[b]);
        Stream stream;

        stream_init(&stream, 1, 1, "test");
        for (guint n = 0; n < 500 * bounds[b]; n++) {
            uint64_t value = stream_below(&stream, bounds[b]);

            g_assert_cmpuint(value, <, bounds[b]);
            counts[value]++;
        }
        g_assert_cmpfloat(fabs(chi_square_z(counts, bounds[b])), <, FAR);
    }
}

/* Below 3 x 2^62 a product without rejection makes every third number twice as likely. */
static void
below_rejects_what_would_favour_some(void)
{
    uint64_t n = UINT64_C(3) << 62;
    uint64_t remainders[3] = { 0 };
    uint64_t thirds[3] = { 0 };
    Stream stream;

    stream_init(&stream, 1, 1, "test");
    for (guint i = 0; i < 30000; i++) {
        uint64_t value = stream_below(&stream, n);

        g_assert_cmpuint(value, <, n);
        remainders[value % 3]++;
        thirds[value >> 62]++;
    }
    g_assert_cmpfloat(fabs(chi_square_z(remainders, 3)), <, FAR);
    g_assert_cmpfloat(fabs(chi_square_z(thirds, 3)), <, FAR);
}

static void
below_keeps_its_bounds(void)
{
    static const uint64_t bounds[] = { 1,
                                       2,
                                       3,
                                       UINT32_MAX,
                                       (UINT64_C(1) << 63) - 1,
                                       UINT64_C(1) << 63,
                                       (UINT64_C(1) << 63) + 1,
                                       UINT64_MAX };

    for (guint b = 0; b < G_N_ELEMENTS(bounds); b++) {
        uint64_t least = UINT64_MAX;
        uint64_t most = 0;
        Stream stream;

        stream_init(&stream, 1, 1, "test");
        for (guint i = 0; i < 10000; i++) {
            uint64_t value = stream_below(&stream, bounds[b]);

            g_assert_cmpuint(value, <, bounds[b]);
            least = MIN(least, value);
            most = MAX(most, value);
        }
        /* both ends of the range are reached, to a thousandth of it */
        g_assert_cmpfloat((double)least, <=, (double)bounds[b] / 1000);
        g_assert_cmpfloat((double)most, >=, (double)(bounds[b] - 1) * 0.999);
    }
}

static void
below_gives_the_numbers_that_it_always_gave(void)
{
    static const uint64_t expected[] = { 678, 724, 358, 556, 258, 294, 49, 700 };
    Stream stream;

    stream_init(&stream, 1, 1, "mixing");
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpuint(stream_below(&stream, 1000), ==, expected[i]);
}

/* ---- Exponential variates ---------------------------------------------- */

/* Where the tail of the ziggurat begins. */
#define BASE_X 7.69711747013104972

static uint64_t
bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* As hexadecimal floats: the last bit counts. Computed apart from this program with the
 * C library's exp and log they are the same to fourteen digits. */
static void
exponential_gives_the_numbers_that_it_always_gave(void)
{
    static const double expected[] = {
        0x1.14f0483188158p-1, 0x1.adebd701f9fecp-1, 0x1.7616a8dad6d8dp-5, 0x1.8463fcb574d9bp-4,
        0x1.4b6179331be73p-3, 0x1.5c614f749c4c0p-2, 0x1.90e6f1a2e96c1p-5, 0x1.82b608c0f86b1p-3,
    };
    Stream stream;

    stream_init(&stream, 1, 1, "arrivals");
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_cmphex(bits_of(stream_exponential(&stream)), ==, bits_of(expected[i]));
    }
}

/* A million of them, wedges and tail included, folded into one number. */
static void
million_exponentials_are_those_of_every_compiler(void)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    Stream stream;

    stream_init(&stream, 1, 1, "arrivals");
    for (guint n = 0; n < 1000000; n++)
        hash = (hash ^ bits_of(stream_exponential(&stream))) * UINT64_C(1099511628211);
    g_assert_cmphex(hash, ==, 0xacf934406e811040);
}

static void
exponential_has_mean_and_variance_one(void)
{
    enum { N = 1000000 };
    double sum = 0;
    double squares = 0;
    Stream stream;

    stream_init(&stream, 2, 1, "test");
    for (guint n = 0; n < N; n++) {
        double x = stream_exponential(&stream);

        g_assert_cmpfloat(x, >=, 0);
        sum += x;
        squares += x * x;
    }
    /* fourth central moment 9: the variance of a sample variance is 8 / n */
    g_assert_cmpfloat(fabs(sum / N - 1), <, FAR / sqrt(N));
    g_assert_cmpfloat(fabs(squares / N - sum / N * (sum / N) - 1), <, FAR * sqrt(8.0 / N));
}

static int
compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov: sqrt(n) D exceeds 1.95 once in a thousand times. */
static void
exponential_has_its_distribution_function(void)
{
    enum { N = 1000000 };
    g_autofree double *x = g_new(double, N);
    double d = 0;
    Stream stream;

    stream_init(&stream, 3, 1, "test");
    for (guint n = 0; n < N; n++)
        x[n] = stream_exponential(&stream);
    qsort(x, N, sizeof *x, compare_doubles);
    for (guint n = 0; n < N; n++) {
        double f = -expm1(-x[n]);

        d = fmax(d, fmax(f - n / (double)N, (n + 1) / (double)N - f));
    }
    g_assert_cmpfloat(sqrt(N) * d, <, 1.95);
    g_assert_cmpfloat(sqrt(N) * d, >, 0.3); /* too even is not random either */
}

/* A thousand cells of equal probability: a wrong strip of the 256 shows. */
static void
exponential_fills_cells_evenly(void)
{
    enum { CELLS = 1000, N = 4000000 };
    g_autofree uint64_t *counts = g_new0(uint64_t, CELLS);
    Stream stream;

    stream_init(&stream, 4, 1, "test");
    for (guint n = 0; n < N; n++) {
        guint cell = (guint)(exp(-stream_exponential(&stream)) * CELLS);

        counts[MIN(cell, CELLS - 1)]++;
    }
    g_assert_cmpfloat(fabs(chi_square_z(counts, CELLS)), <, FAR);
}

/* Beyond the base strip an exponential begins anew. */
static void
exponential_has_its_tail(void)
{
    enum { N = 4000000 };
    double expected = N * exp(-BASE_X);
    double excess = 0;
    guint n_beyond = 0;
    guint n_twice = 0;
    Stream stream;

    stream_init(&stream, 5, 1, "test");
    for (guint n = 0; n < N; n++) {
        double x = stream_exponential(&stream);

        if (x <= BASE_X)
            continue;
        n_beyond++;
        excess += x - BASE_X;
        n_twice += x > BASE_X + 1 ? 1 : 0;
    }
    g_assert_cmpfloat(fabs(n_beyond - expected), <, FAR * sqrt(expected));
    g_assert_cmpfloat(fabs(excess / n_beyond - 1), <, FAR / sqrt(n_beyond));
    g_assert_cmpfloat(fabs(n_twice - n_beyond / exp(1)), <, FAR * sqrt(n_beyond / exp(1)));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream/init/name-gives-the-numbers-that-it-always-gave",
                    name_gives_the_numbers_that_it_always_gave);
    g_test_add_func("/stream/init/same-name-gives-same-numbers", same_name_gives_same_numbers);
    g_test_add_func("/stream/init/other-name-gives-other-numbers", other_name_gives_other_numbers);
    g_test_add_func("/stream/derive/bytes-differ-by-name", derived_bytes_differ_by_name);
    g_test_add_func("/stream/next/is-xoshiro256-plus-plus", is_xoshiro256_plus_plus);
    g_test_add_func("/stream/next/every-bit-is-set-half-of-the-time",
                    every_bit_is_set_half_of_the_time);
    g_test_add_func("/stream/below/is-uniform", below_is_uniform);
    g_test_add_func("/stream/below/rejects-what-would-favour-some",
                    below_rejects_what_would_favour_some);
    g_test_add_func("/stream/below/keeps-its-bounds", below_keeps_its_bounds);
    g_test_add_func("/stream/below/gives-the-numbers-that-it-always-gave",
                    below_gives_the_numbers_that_it_always_gave);
    g_test_add_func("/stream/exponential/gives-the-numbers-that-it-always-gave",
                    exponential_gives_the_numbers_that_it_always_gave);
    g_test_add_func("/stream/exponential/million-are-those-of-every-compiler",
                    million_exponentials_are_those_of_every_compiler);
    g_test_add_func("/stream/exponential/has-mean-and-variance-one",
                    exponential_has_mean_and_variance_one);
    g_test_add_func("/stream/exponential/has-its-distribution-function",
                    exponential_has_its_distribution_function);
    g_test_add_func("/stream/exponential/fills-cells-evenly", exponential_fills_cells_evenly);
    g_test_add_func("/stream/exponential/has-its-tail", exponential_has_its_tail);
    return g_test_run();
}
