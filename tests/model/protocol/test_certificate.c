#include "tests/model/fixture.h"

#include "model/protocol/bytes.h"
#include "model/protocol/certificate.h"

#include <string.h>

static const uint8_t authority_seed[SEAL_SEED_BYTES] = "who certifies";
static const uint8_t other_seed[SEAL_SEED_BYTES] = "who does not";
static const uint8_t card_seed[SEAL_SEED_BYTES] = "who is certified";

typedef struct {
    Authority authority;
    Authority other;
    Certificate certificate;
    uint8_t bytes[FIELD_MOST_BYTES];
    guint n;
} Bench;

static void
bench_init(Bench *bench, SuiteId suite)
{
    SealSecret secret;

    authority_init(&bench->authority, &suites[suite], authority_seed);
    authority_init(&bench->other, &suites[suite], other_seed);
    bench->certificate = (Certificate){ .serial = certificate_serial(0x12345678, 0x9ABC),
                                        .valid_from = 0x0102,
                                        .valid_until = 0x0304 };
    seal_derive_keys(&secret, bench->certificate.public_key, card_seed);
    authority_certify(&bench->authority, &bench->certificate);
    certificate_write(&bench->certificate, &suites[suite], bench->bytes);
    bench->n = certificate_bytes(&suites[suite]);
}

static bool
checks(const Bench *bench, const uint8_t *bytes)
{
    Certificate certificate;

    return certificate_check(bench->authority.public_key, bench->authority.suite, bytes,
                             &certificate);
}

/* ---- Certificates ------------------------------------------------------ */

static void
comes_back_as_it_was(gconstpointer data)
{
    Certificate read;
    Bench bench;

    bench_init(&bench, GPOINTER_TO_UINT(data));
    memset(&read, 0, sizeof read);
    g_assert_true(
        certificate_check(bench.authority.public_key, bench.authority.suite, bench.bytes, &read));
    g_assert_cmphex(read.serial, ==, 0x123456789ABC);
    g_assert_cmphex(read.valid_from, ==, 0x0102);
    g_assert_cmphex(read.valid_until, ==, 0x0304);
    assert_same_bytes(read.public_key, bench.certificate.public_key, SEAL_PUBLIC_KEY_BYTES);
    assert_same_bytes(read.signature, bench.certificate.signature, sizeof read.signature);
    g_assert_cmphex(certificate_peek_serial(bench.bytes), ==, 0x123456789ABC);
}

static void
has_the_length_of_its_suite(void)
{
    static const guint lengths[N_SUITES] = { 140, 268, 524 };
    static const guint signed_lengths[N_SUITES] = { 76, 140, 268 };

    for (SuiteId suite = 0; suite < N_SUITES; suite++) {
        g_assert_cmpuint(certificate_bytes(&suites[suite]), ==, lengths[suite]);
        g_assert_cmpuint(certificate_signed_bytes(&suites[suite]), ==, signed_lengths[suite]);
    }
}

static void
one_bit_spoils_it(gconstpointer data)
{
    Bench bench;

    bench_init(&bench, GPOINTER_TO_UINT(data));
    for (guint byte = 0; byte < bench.n; byte++)
        for (guint bit = 0; bit < 8; bit++) {
            bench.bytes[byte] ^= (uint8_t)(1U << bit);
            g_assert_false(checks(&bench, bench.bytes));
            bench.bytes[byte] ^= (uint8_t)(1U << bit);
        }
    g_assert_true(checks(&bench, bench.bytes));
}

/* The padding of a key is signed along: even the authority may not use it. */
static void
padding_must_be_zero_though_it_is_signed(void)
{
    uint8_t signature[256];
    Bench bench;
    guint n;

    bench_init(&bench, SUITE_RSA_1024);
    n = certificate_signed_bytes(bench.authority.suite);
    bench.bytes[n - 1] = 1;
    seal_sign(bench.authority.suite, &bench.authority.secret, bench.bytes, n, signature);
    memcpy(bench.bytes + n, signature, bench.authority.suite->signature_bytes);
    g_assert_true(seal_verify(bench.authority.suite, bench.authority.public_key, bench.bytes, n,
                              bench.bytes + n));
    g_assert_false(checks(&bench, bench.bytes));
}

static void
another_authority_does_not_count(void)
{
    Bench bench;

    bench_init(&bench, SUITE_P256);
    authority_certify(&bench.other, &bench.certificate);
    certificate_write(&bench.certificate, bench.authority.suite, bench.bytes);
    g_assert_false(checks(&bench, bench.bytes));
}

/* ---- Revocation lists -------------------------------------------------- */

static GBytes *
list_of(const Authority *authority, uint64_t issue, const guint64 *entries, guint n)
{
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));

    g_array_append_vals(serials, entries, n);
    return authority_sign_crl(authority, issue, serials);
}

static bool
loads(Crl *crl, const Bench *bench, const void *bytes, gsize n)
{
    g_autoptr(GBytes) list = g_bytes_new(bytes, n);

    return crl_load(crl, bench->authority.public_key, bench->authority.suite, list);
}

static const guint64 entries[] = { 3, 5, 8, UINT64_MAX };

static void
names_whom_it_names(gconstpointer data)
{
    Crl crl = { 0 };
    Bench bench;

    bench_init(&bench, GPOINTER_TO_UINT(data));
    g_assert_false(crl_names(&crl, 3)); /* before there is one */
    for (guint n = 0; n <= G_N_ELEMENTS(entries); n++) {
        g_autoptr(GBytes) list = list_of(&bench.authority, n + 1, entries, n);

        g_assert_cmpuint(g_bytes_get_size(list), ==,
                         12 + 8 * n + bench.authority.suite->signature_bytes);
        g_assert_true(crl_load(&crl, bench.authority.public_key, bench.authority.suite, list));
        g_assert_cmpuint(crl.issue, ==, n + 1);
        for (guint64 serial = 0; serial < 10; serial++)
            g_assert_true(
                crl_names(&crl, serial) ==
                ((serial == 3 && n > 0) || (serial == 5 && n > 1) || (serial == 8 && n > 2)));
        g_assert_true(crl_names(&crl, UINT64_MAX) == (n > 3));
    }
    crl_clear(&crl);
    g_assert_false(crl_names(&crl, 3));
}

static void
one_bit_spoils_the_list(gconstpointer data)
{
    Crl crl = { 0 };
    gsize n;
    Bench bench;
    uint8_t *bytes;

    bench_init(&bench, GPOINTER_TO_UINT(data));
    bytes = g_bytes_unref_to_data(list_of(&bench.authority, 1, entries, G_N_ELEMENTS(entries)), &n);
    for (gsize byte = 0; byte < n; byte++)
        for (guint bit = 0; bit < 8; bit++) {
            bytes[byte] ^= (uint8_t)(1U << bit);
            g_assert_false(loads(&crl, &bench, bytes, n));
            bytes[byte] ^= (uint8_t)(1U << bit);
        }
    g_assert_null(crl.serials);
    g_assert_true(loads(&crl, &bench, bytes, n));
    crl_clear(&crl);
    g_free(bytes);
}

static void
a_list_of_the_wrong_length_is_none(void)
{
    Crl crl = { 0 };
    gsize n;
    Bench bench;
    uint8_t *bytes;

    bench_init(&bench, SUITE_P256);
    bytes = g_bytes_unref_to_data(list_of(&bench.authority, 1, entries, G_N_ELEMENTS(entries)), &n);
    for (gsize cut = 0; cut < n; cut++) {
        g_autofree uint8_t *exact = g_memdup2(bytes, cut);

        g_assert_false(loads(&crl, &bench, exact, cut));
    }
    bytes = g_realloc(bytes, n + 8);
    memset(bytes + n, 0, 8);
    g_assert_false(loads(&crl, &bench, bytes, n + 8));
    g_free(bytes);
}

/* A count that is signed and still wrong. */
static void
the_count_must_agree_with_the_length(void)
{
    Crl crl = { 0 };
    uint8_t list[12 + 16 + 64] = { 0 };
    Bench bench;

    bench_init(&bench, SUITE_P256);
    bytes_put_u64(list, 1);
    for (uint32_t count = 0; count < 4; count++) {
        bytes_put_u32(list + 8, count);
        bytes_put_u64(list + 12, 1);
        bytes_put_u64(list + 20, 2);
        seal_sign(bench.authority.suite, &bench.authority.secret, list, 28, list + 28);
        g_assert_true(loads(&crl, &bench, list, sizeof list) == (count == 2));
        crl_clear(&crl);
    }
    bytes_put_u32(list + 8, 0x20000002); /* times 8, in 32 bits, the same length */
    seal_sign(bench.authority.suite, &bench.authority.secret, list, 28, list + 28);
    g_assert_false(loads(&crl, &bench, list, sizeof list));
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (SuiteId suite = 0; suite < N_SUITES; suite++) {
        static const struct {
            const char *name;
            GTestDataFunc function;
        } tests[] = { { "comes-back-as-it-was", comes_back_as_it_was },
                      { "is-spoiled-by-one-bit", one_bit_spoils_it },
                      { "crl/names-whom-it-names", names_whom_it_names },
                      { "crl/is-spoiled-by-one-bit", one_bit_spoils_the_list } };

        for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
            g_autofree char *path =
                g_strdup_printf("/certificate/%s/%s", suites[suite].name, tests[i].name);

            g_test_add_data_func(path, GUINT_TO_POINTER(suite), tests[i].function);
        }
    }
    g_test_add_func("/certificate/has-the-length-of-its-suite", has_the_length_of_its_suite);
    g_test_add_func("/certificate/padding-must-be-zero-though-it-is-signed",
                    padding_must_be_zero_though_it_is_signed);
    g_test_add_func("/certificate/another-authority-does-not-count",
                    another_authority_does_not_count);
    g_test_add_func("/certificate/crl/of-the-wrong-length-is-none",
                    a_list_of_the_wrong_length_is_none);
    g_test_add_func("/certificate/crl/the-count-must-agree-with-the-length",
                    the_count_must_agree_with_the_length);
    return g_test_run();
}
