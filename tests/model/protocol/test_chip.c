#include "model/protocol/chip.h"

#include <glib.h>

#define NS_PER_MS 1e6

/* Base and slope are rounded to whole nanoseconds, half of one at most each:
 * over 256 bytes that adds up to 128.5 ns. */
#define ROUNDING_NS 129

static void
assert_near(int64_t ns, double measured_ms)
{
    int64_t measured_ns = (int64_t)(measured_ms * NS_PER_MS + 0.5);

    g_assert_cmpint(ns, >=, measured_ns - ROUNDING_NS);
    g_assert_cmpint(ns, <=, measured_ns + ROUNDING_NS);
}

static int64_t
operation_ns(const char *name, ChipOperation operation, size_t bytes)
{
    const Chip *chip = chip_find(name);

    g_assert_nonnull(chip);
    return chip_operation_ns(chip, operation, bytes);
}

static int64_t
suite_operation_ns(const char *name, SuiteId suite, ChipSuiteOperation operation, size_t bytes)
{
    const Chip *chip = chip_find(name);

    g_assert_nonnull(chip);
    return chip_suite_operation_ns(chip, suite, operation, bytes);
}

/* ---- The table --------------------------------------------------------- */

static void
finds_each_chip_by_its_own_name(void)
{
    g_assert_cmpuint(n_chips, >, 0);
    for (size_t i = 0; i < n_chips; i++)
        g_assert_true(chip_find(chips[i].name) == &chips[i]); /* so names are unique */
}

static void
finds_nothing_by_another_name(void)
{
    g_assert_null(chip_find(""));
    g_assert_null(chip_find("jcop4"));
    g_assert_null(chip_find("JCOP4-P71"));
}

static void
names_the_measured_card(void)
{
    for (size_t i = 0; i < n_chips; i++)
        g_assert_true(g_str_has_suffix(chips[i].source, ")"));
    g_assert_cmpstr(chip_find("athena-idprotect")->source, ==,
                    "Athena IDProtect (athena_idprotect)");
}

static void
names_every_operation(void)
{
    for (size_t i = 0; i < N_CHIP_OPERATIONS; i++)
        g_assert_nonnull(chip_operation_names[i]);
    for (size_t i = 0; i < N_CHIP_SUITE_OPERATIONS; i++)
        g_assert_nonnull(chip_suite_operation_names[i]);
    g_assert_cmpstr(chip_operation_names[CHIP_WRITE_KEY], ==, "write-key");
    g_assert_cmpstr(chip_suite_operation_names[CHIP_ENVELOPE_OPEN], ==, "envelope-open");
}

static void
has_every_common_operation(void)
{
    for (size_t i = 0; i < n_chips; i++)
        for (int operation = 0; operation < N_CHIP_OPERATIONS; operation++)
            g_assert_cmpint(chip_operation_ns(&chips[i], (ChipOperation)operation, 16), >, 0);
}

static void
lacks_elliptic_curves_where_none_were_measured(void)
{
    static const char *const without[] = { "javacos-a22", "gemplus-gxp", "smartcafe-6" };

    g_assert_true(chip_has_suite(chip_find("jcop4-p71"), SUITE_P256));
    for (size_t i = 0; i < G_N_ELEMENTS(without); i++)
        g_assert_false(chip_has_suite(chip_find(without[i]), SUITE_P256));
}

static void
has_rsa_on_every_chip(void)
{
    for (size_t i = 0; i < n_chips; i++) {
        g_assert_true(chip_has_suite(&chips[i], SUITE_RSA_1024));
        g_assert_true(chip_has_suite(&chips[i], SUITE_RSA_2048));
    }
}

static void
lacks_a_suite_as_a_whole(void)
{
    Chip partial = *chip_find("jcop4-p71");

    for (size_t i = 0; i < n_chips; i++)
        if (!chip_has_suite(&chips[i], SUITE_P256))
            for (size_t operation = 0; operation < N_CHIP_SUITE_OPERATIONS; operation++)
                g_assert_cmpuint(chips[i].suite_ns[SUITE_P256][operation], ==, CHIP_LACKS);

    partial.suite_ns[SUITE_P256][CHIP_ENVELOPE_OPEN] = CHIP_LACKS;
    g_assert_false(chip_has_suite(&partial, SUITE_P256));
}

/* ---- What an operation costs ------------------------------------------- */

static void
grows_with_length(void)
{
    for (size_t i = 0; i < n_chips; i++)
        for (int operation = CHIP_RANDOM; operation <= CHIP_MAC_CHECK; operation++)
            g_assert_cmpint(chip_operation_ns(&chips[i], (ChipOperation)operation, 17), >,
                            chip_operation_ns(&chips[i], (ChipOperation)operation, 16));
}

static void
writes_at_one_price(void)
{
    for (size_t i = 0; i < n_chips; i++)
        for (int operation = CHIP_WRITE; operation <= CHIP_WRITE_KEY; operation++)
            g_assert_cmpint(chip_operation_ns(&chips[i], (ChipOperation)operation, 64), ==,
                            chip_operation_ns(&chips[i], (ChipOperation)operation, 1));
}

static void
takes_longer_to_check_a_mac_than_to_make_one(void)
{
    for (size_t i = 0; i < n_chips; i++)
        g_assert_cmpint(chip_operation_ns(&chips[i], CHIP_MAC_CHECK, 64), >=,
                        chip_operation_ns(&chips[i], CHIP_MAC, 64));
}

static void
adds_up_base_and_bytes(void)
{
    const Chip chip = { .cost = { [CHIP_MAC] = { 1000, 7 }, [CHIP_HASH] = { 50, 3 } } };

    g_assert_cmpint(chip_operation_ns(&chip, CHIP_MAC, 0), ==, 1000);
    g_assert_cmpint(chip_operation_ns(&chip, CHIP_MAC, 10), ==, 1070);
    g_assert_cmpint(chip_operation_ns(&chip, CHIP_HASH, 100), ==, 350);
}

static void
does_not_wrap_on_long_data(void)
{
    const Chip chip = { .cost = { [CHIP_MAC] = { UINT32_MAX, UINT32_MAX } } };

    g_assert_cmpint(chip_operation_ns(&chip, CHIP_MAC, 1000), ==, INT64_C(1001) * UINT32_MAX);
}

/* Random numbers and the hash were measured at two lengths: the line passes
 * through both. */
static void
returns_the_two_measured_lengths(void)
{
    assert_near(operation_ns("jcop4-p71", CHIP_HASH, 64), 2.56);
    assert_near(operation_ns("jcop4-p71", CHIP_HASH, 256), 5.34);
    assert_near(operation_ns("gemplus-gxp", CHIP_HASH, 64), 1.32);
    assert_near(operation_ns("gemplus-gxp", CHIP_HASH, 256), 3.69);
    assert_near(operation_ns("smartcafe-6", CHIP_RANDOM, 16), 14.24);
    assert_near(operation_ns("smartcafe-6", CHIP_RANDOM, 256), 18.03);
}

/* Of more than two lengths the least-squares line keeps the mean: MACs took
 * 9.21, 9.44 and 10.32 ms on 16, 64 and 256 bytes. */
static void
keeps_the_mean_of_the_measured_macs(void)
{
    int64_t sum = operation_ns("jcop3-p60", CHIP_MAC, 16) +
                  operation_ns("jcop3-p60", CHIP_MAC, 64) +
                  operation_ns("jcop3-p60", CHIP_MAC, 256);

    assert_near(sum / 3, (9.21 + 9.44 + 10.32) / 3);
}

static void
raises_the_mac_by_what_verifying_took_longer(void)
{
    assert_near(operation_ns("infineon-cjtop", CHIP_MAC_CHECK, 100) -
                    operation_ns("infineon-cjtop", CHIP_MAC, 100),
                25.19 - 21.96);
    g_assert_cmpint(operation_ns("athena-idprotect", CHIP_MAC_CHECK, 100), ==,
                    operation_ns("athena-idprotect", CHIP_MAC, 100)); /* 9.79 ms both */
}

/* The free line would start below zero: slope = sum of xy / sum of xx. */
static void
starts_the_line_at_zero_rather_than_below(void)
{
    double xy = 16 * 0.41 + 64 * 2.52 + 128 * 3.73 + 256 * 9.90;
    double xx = 16 * 16 + 64 * 64 + 128 * 128 + 256 * 256;

    g_assert_cmpint(operation_ns("athena-idprotect", CHIP_CIPHER, 0), ==, 0);
    assert_near(operation_ns("athena-idprotect", CHIP_CIPHER, 64), 64 * xy / xx);
}

/* 256 bytes were measured at 65.70 ms, 128 bytes at 9.24. */
static void
leaves_the_cipher_artefact_out(void)
{
    g_assert_cmpint(operation_ns("jcop-2.4.1", CHIP_CIPHER, 256), <, 13000000);
}

static void
takes_the_key_write_where_no_write_was_measured(void)
{
    assert_near(operation_ns("jcop4-p71", CHIP_WRITE, 16), 3.28);
    assert_near(operation_ns("jcop4-p71", CHIP_WRITE_KEY, 16), 3.20);
    assert_near(operation_ns("javacos-a22", CHIP_WRITE, 16), 0.82);
    assert_near(operation_ns("javacos-a22", CHIP_WRITE_KEY, 16), 0.82);
}

/* ---- What an operation of a suite costs -------------------------------- */

/* Signatures were measured with the hash of 256 bytes: the table takes it out
 * and the function puts it back. */
static void
returns_the_measured_signatures_of_256_bytes(void)
{
    assert_near(suite_operation_ns("jcop4-p71", SUITE_P256, CHIP_SIGN, 256), 31.96);
    assert_near(suite_operation_ns("jcop4-p71", SUITE_P256, CHIP_VERIFY, 256), 30.22);
    assert_near(suite_operation_ns("athena-idprotect", SUITE_P256, CHIP_VERIFY, 256), 202.93);
    assert_near(suite_operation_ns("infineon-cjtop", SUITE_RSA_1024, CHIP_SIGN, 256), 109.14);
    assert_near(suite_operation_ns("jcop-2.4.1", SUITE_RSA_2048, CHIP_VERIFY, 256), 60.84);
}

static void
adds_the_hash_of_the_real_length(void)
{
    for (size_t i = 0; i < n_chips; i++)
        for (int operation = CHIP_SIGN; operation <= CHIP_VERIFY; operation++)
            g_assert_cmpint(chip_suite_operation_ns(&chips[i], SUITE_RSA_2048,
                                                    (ChipSuiteOperation)operation, 300),
                            ==,
                            chips[i].suite_ns[SUITE_RSA_2048][operation] +
                                chip_operation_ns(&chips[i], CHIP_HASH, 300));
}

static void
hashes_nothing_for_an_envelope(void)
{
    assert_near(suite_operation_ns("jcop4-p71", SUITE_RSA_1024, CHIP_ENVELOPE_OPEN, 0), 14.98);
    assert_near(suite_operation_ns("jcop4-p71", SUITE_RSA_1024, CHIP_ENVELOPE_OPEN, 300), 14.98);
    assert_near(suite_operation_ns("jcop4-p71", SUITE_RSA_1024, CHIP_ENVELOPE_SEAL, 0), 3.46);
}

static void
seals_on_p256_at_twice_the_price_of_opening(void)
{
    assert_near(suite_operation_ns("jcop4-p71", SUITE_P256, CHIP_ENVELOPE_OPEN, 0), 20.04);
    for (size_t i = 0; i < n_chips; i++)
        g_assert_cmpuint(chips[i].suite_ns[SUITE_P256][CHIP_ENVELOPE_SEAL], ==,
                         UINT64_C(2) * chips[i].suite_ns[SUITE_P256][CHIP_ENVELOPE_OPEN]);
}

static void
fills_a_missing_rsa_figure_from_the_other(void)
{
    /* only signing was measured: 200.86 ms with 7.93 ms of hashing */
    assert_near(suite_operation_ns("jcop3-p60", SUITE_RSA_2048, CHIP_ENVELOPE_OPEN, 0),
                200.86 - 7.93);
    /* only the bare operations were: private 29.44 ms, public 4.12 ms */
    assert_near(suite_operation_ns("javacos-a22", SUITE_RSA_1024, CHIP_SIGN, 256), 29.44 + 4.54);
    assert_near(suite_operation_ns("javacos-a22", SUITE_RSA_1024, CHIP_VERIFY, 256), 4.12 + 4.54);
}

static void
refuses_a_suite_that_the_chip_lacks(void)
{
    g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*chip_has_suite*");
    suite_operation_ns("javacos-a22", SUITE_P256, CHIP_SIGN, 256);
    g_test_assert_expected_messages();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/chip/find/finds-each-chip-by-its-own-name", finds_each_chip_by_its_own_name);
    g_test_add_func("/chip/find/finds-nothing-by-another-name", finds_nothing_by_another_name);
    g_test_add_func("/chip/table/names-the-measured-card", names_the_measured_card);
    g_test_add_func("/chip/table/names-every-operation", names_every_operation);
    g_test_add_func("/chip/table/has-every-common-operation", has_every_common_operation);
    g_test_add_func("/chip/table/lacks-elliptic-curves-where-none-were-measured",
                    lacks_elliptic_curves_where_none_were_measured);
    g_test_add_func("/chip/table/has-rsa-on-every-chip", has_rsa_on_every_chip);
    g_test_add_func("/chip/table/lacks-a-suite-as-a-whole", lacks_a_suite_as_a_whole);

    g_test_add_func("/chip/operation/grows-with-length", grows_with_length);
    g_test_add_func("/chip/operation/writes-at-one-price", writes_at_one_price);
    g_test_add_func("/chip/operation/takes-longer-to-check-a-mac-than-to-make-one",
                    takes_longer_to_check_a_mac_than_to_make_one);
    g_test_add_func("/chip/operation/adds-up-base-and-bytes", adds_up_base_and_bytes);
    g_test_add_func("/chip/operation/does-not-wrap-on-long-data", does_not_wrap_on_long_data);
    g_test_add_func("/chip/operation/returns-the-two-measured-lengths",
                    returns_the_two_measured_lengths);
    g_test_add_func("/chip/operation/keeps-the-mean-of-the-measured-macs",
                    keeps_the_mean_of_the_measured_macs);
    g_test_add_func("/chip/operation/raises-the-mac-by-what-verifying-took-longer",
                    raises_the_mac_by_what_verifying_took_longer);
    g_test_add_func("/chip/operation/starts-the-line-at-zero-rather-than-below",
                    starts_the_line_at_zero_rather_than_below);
    g_test_add_func("/chip/operation/leaves-the-cipher-artefact-out",
                    leaves_the_cipher_artefact_out);
    g_test_add_func("/chip/operation/takes-the-key-write-where-no-write-was-measured",
                    takes_the_key_write_where_no_write_was_measured);

    g_test_add_func("/chip/suite/returns-the-measured-signatures-of-256-bytes",
                    returns_the_measured_signatures_of_256_bytes);
    g_test_add_func("/chip/suite/adds-the-hash-of-the-real-length",
                    adds_the_hash_of_the_real_length);
    g_test_add_func("/chip/suite/hashes-nothing-for-an-envelope", hashes_nothing_for_an_envelope);
    g_test_add_func("/chip/suite/seals-on-p256-at-twice-the-price-of-opening",
                    seals_on_p256_at_twice_the_price_of_opening);
    g_test_add_func("/chip/suite/fills-a-missing-rsa-figure-from-the-other",
                    fills_a_missing_rsa_figure_from_the_other);
    g_test_add_func("/chip/suite/refuses-a-suite-that-the-chip-lacks",
                    refuses_a_suite_that_the_chip_lacks);
    return g_test_run();
}
