#include "tests/model/fixture.h"

#include "model/protocol/apdu.h"

#include <string.h>

static uint8_t numbers[600];

/* ---- The four cases, short and extended -------------------------------- */

/**
 * CaseRow:
 * @before_data, @after_data: Lc and Le as they stand on the wire
 */
typedef struct {
    const char *name;
    bool extended;
    uint32_t n_data;
    uint32_t n_expected;
    size_t length;
    const uint8_t before_data[3];
    size_t n_before;
    const uint8_t after_data[3];
    size_t n_after;
} CaseRow;

static const CaseRow case_rows[] = {
    /* clang-format off */
    { "case-1",                  false, 0,   0,     4,   { 0 }, 0, { 0 }, 0 },
    { "case-2-short",            false, 0,   1,     5,   { 0 }, 0, { 0x01 }, 1 },
    { "case-2-short-255",        false, 0,   255,   5,   { 0 }, 0, { 0xFF }, 1 },
    { "case-2-short-256",        false, 0,   256,   5,   { 0 }, 0, { 0x00 }, 1 },
    { "case-2-extended",         true,  0,   257,   7,   { 0 }, 0, { 0x00, 0x01, 0x01 }, 3 },
    { "case-2-extended-small",   true,  0,   5,     7,   { 0 }, 0, { 0x00, 0x00, 0x05 }, 3 },
    { "case-2-extended-65536",   true,  0,   65536, 7,   { 0 }, 0, { 0x00, 0x00, 0x00 }, 3 },
    { "case-3-short",            false, 1,   0,     6,   { 0x01 }, 1, { 0 }, 0 },
    { "case-3-short-255",        false, 255, 0,     260, { 0xFF }, 1, { 0 }, 0 },
    { "case-3-extended-256",     true,  256, 0,     263, { 0x00, 0x01, 0x00 }, 3, { 0 }, 0 },
    { "case-3-extended-small",   true,  1,   0,     8,   { 0x00, 0x00, 0x01 }, 3, { 0 }, 0 },
    { "case-4-short",            false, 5,   9,     11,  { 0x05 }, 1, { 0x09 }, 1 },
    { "case-4-short-256",        false, 255, 256,   261, { 0xFF }, 1, { 0x00 }, 1 },
    { "case-4-extended",         true,  524, 16,    533, { 0x00, 0x02, 0x0C }, 3, { 0x00, 0x10 }, 2 },
    { "case-4-extended-65536",   true,  1,   65536, 10,  { 0x00, 0x00, 0x01 }, 3, { 0x00, 0x00 }, 2 },
    /* clang-format on */
};

static void
writes_and_parses(gconstpointer data)
{
    const CaseRow *row = data;
    ApduCommand command = { .cla = 0x80,
                            .ins = 0xCA,
                            .p1 = 1,
                            .p2 = 2,
                            .extended = row->extended,
                            .data = row->n_data > 0 ? numbers : NULL,
                            .n_data = row->n_data,
                            .n_expected = row->n_expected };
    static const uint8_t header[] = { 0x80, 0xCA, 1, 2 };
    uint8_t bytes[APDU_BYTES_MAX];
    ApduCommand parsed;

    g_assert_cmpuint(apdu_write(&command, bytes), ==, row->length);
    assert_same_bytes(bytes, header, 4);
    assert_same_bytes(bytes + 4, row->before_data, row->n_before);
    assert_same_bytes(bytes + 4 + row->n_before, numbers, row->n_data);
    assert_same_bytes(bytes + row->length - row->n_after, row->after_data, row->n_after);

    memset(&parsed, 0xEE, sizeof parsed);
    g_assert_true(apdu_parse(bytes, row->length, &parsed));
    g_assert_cmphex(parsed.cla, ==, 0x80);
    g_assert_cmphex(parsed.ins, ==, 0xCA);
    g_assert_cmphex(parsed.p1, ==, 1);
    g_assert_cmphex(parsed.p2, ==, 2);
    g_assert_true(parsed.extended == row->extended);
    g_assert_cmpuint(parsed.n_data, ==, row->n_data);
    g_assert_cmpuint(parsed.n_expected, ==, row->n_expected);
    if (row->n_data == 0)
        g_assert_null(parsed.data);
    else
        g_assert_true(parsed.data == bytes + 4 + row->n_before);
}

/* A command that loses its last bytes is another case or none, never read beyond. */
static void
a_command_cut_short_is_not_the_same(gconstpointer data)
{
    const CaseRow *row = data;
    ApduCommand command = { .extended = row->extended,
                            .data = numbers,
                            .n_data = row->n_data,
                            .n_expected = row->n_expected };
    uint8_t bytes[APDU_BYTES_MAX];
    size_t length = apdu_write(&command, bytes);

    for (size_t n = 0; n < length; n++) {
        g_autofree uint8_t *exact = g_memdup2(bytes, n); /* AddressSanitizer sees its end */
        ApduCommand parsed;

        if (!apdu_parse(exact, n, &parsed))
            continue;
        g_assert_cmpuint(n, >=, 4);
        g_assert_true(parsed.n_data != row->n_data || parsed.n_expected != row->n_expected);
        g_assert_true(parsed.n_data == 0 || parsed.data + parsed.n_data <= exact + n);
    }
}

typedef struct {
    const char *name;
    size_t length;
    uint8_t bytes[12];
} MalformedRow;

static const MalformedRow malformed_rows[] = {
    { "nothing", 0, { 0 } },
    { "half-a-header", 3, { 0x80, 0x40, 0x00 } },
    { "lc-too-large", 7, { 0x80, 0x40, 0, 0, 3, 1, 2 } },
    { "lc-too-small", 9, { 0x80, 0x40, 0, 0, 2, 1, 2, 3, 4 } },
    { "lc-without-data", 6, { 0x80, 0x40, 0, 0, 0, 0 } },
    { "extended-lc-0-with-data", 9, { 0x80, 0x40, 0, 0, 0, 0, 0, 1, 2 } },
    { "extended-lc-too-large", 9, { 0x80, 0x40, 0, 0, 0, 0, 3, 1, 2 } },
    { "extended-lc-too-small", 12, { 0x80, 0x40, 0, 0, 0, 0, 2, 1, 2, 3, 4, 5 } },
    { "extended-le-of-one-byte", 10, { 0x80, 0x40, 0, 0, 0, 0, 2, 1, 2, 3 } },
};

static void
does_not_parse(gconstpointer data)
{
    const MalformedRow *row = data;
    g_autofree uint8_t *exact = g_memdup2(row->bytes, row->length);
    ApduCommand parsed;

    g_assert_false(apdu_parse(exact, row->length, &parsed));
}

/* ---- Status words ------------------------------------------------------ */

static const struct {
    uint16_t status;
    const char *outcome;
} status_rows[] = {
    { 0x9000, "paid" },
    { 0x6301, "paid" },
    { 0x6302, "refused-limit" },
    { 0x6601, "refused-update-key" },
    { 0x6602, "refused-certificate" },
    { 0x6603, "refused-certificate" },
    { 0x6604, "refused-certificate" },
    { 0x6605, "refused-certificate" },
    { 0x6606, "refused-limit" },
    { 0x6607, "refused-update-key-order" },
    { 0x6608, "refused-update-key-limit" },
    { 0x6609, "refused-limit" },
    { 0x660A, "refused-authentication" },
    { 0x660B, "refused-authentication" },
    { 0x9401, "refused-balance" },
    { 0x9402, "refused-balance" },
};

static void
each_refusal_has_its_outcome(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(status_rows); i++)
        g_assert_cmpstr(outcome_names[apdu_status_outcome(status_rows[i].status)], ==,
                        status_rows[i].outcome);
}

/* Whatever else a card may say, the settlement was not paid. */
static void
every_other_status_is_refused(void)
{
    for (guint32 status = 0; status < 0x10000; status++) {
        Outcome outcome = apdu_status_outcome((uint16_t)status);

        if (status != 0x9000 && status != 0x6301)
            g_assert_true(outcome_is_refused(outcome));
    }
}

static void
each_status_has_a_meaning(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(status_rows); i++)
        g_assert_cmpstr(apdu_status_meaning(status_rows[i].status), !=, "unknown status");
    g_assert_cmpstr(apdu_status_meaning(0x6110), ==, "more data to fetch");
    g_assert_cmpstr(apdu_status_meaning(0x6C10), ==, "wrong Le, the right one follows");
    g_assert_cmpstr(apdu_status_meaning(0x1234), ==, "unknown status");
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (size_t i = 0; i < sizeof numbers; i++)
        numbers[i] = (uint8_t)(i * 7 + 1);
    for (guint i = 0; i < G_N_ELEMENTS(case_rows); i++) {
        g_autofree char *whole =
            g_strdup_printf("/apdu/%s/is-written-and-parsed", case_rows[i].name);
        g_autofree char *cut =
            g_strdup_printf("/apdu/%s/cut-short-is-not-the-same", case_rows[i].name);

        g_test_add_data_func(whole, &case_rows[i], writes_and_parses);
        g_test_add_data_func(cut, &case_rows[i], a_command_cut_short_is_not_the_same);
    }
    for (guint i = 0; i < G_N_ELEMENTS(malformed_rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/apdu/malformed/%s/does-not-parse", malformed_rows[i].name);

        g_test_add_data_func(path, &malformed_rows[i], does_not_parse);
    }
    g_test_add_func("/apdu/status/each-refusal-has-its-outcome", each_refusal_has_its_outcome);
    g_test_add_func("/apdu/status/every-other-is-refused", every_other_status_is_refused);
    g_test_add_func("/apdu/status/each-has-a-meaning", each_status_has_a_meaning);
    return g_test_run();
}
