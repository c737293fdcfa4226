#include "tests/model/fixture.h"

#include "model/protocol/link.h"

/* One bit a microsecond, ten bits a byte; gaps of 100 us before the card's frames and
 * 500 us before the reader's. */
static const LinkInterface blocks = {
    .protocol = LINK_T_CL,
    .bit_ps = 1000000,
    .bits_per_byte = 10,
    .block_overhead_bytes = 3,
    .block_payload_bytes = 253,
    .card_gap_ns = 100000,
    .reader_gap_ns = 500000,
};

static const LinkInterface characters = {
    .protocol = LINK_T_0,
    .bit_ps = 1000000,
    .bits_per_byte = 12,
    .card_gap_ns = 100000,
    .reader_gap_ns = 500000,
};

static const LinkTerminal terminal = { .reader_overhead_us = 1000 };
static const LinkTerminal free_terminal = { .reader_overhead_us = 0 };

#define US INT64_C(1000000) /* in picoseconds */

typedef struct {
    size_t command;
    size_t response;
    int64_t us;
} FramesRow;

/* ---- Blocks ------------------------------------------------------------ */

/* Bytes and 3 for each block, 10 us each, then the gaps. A chained block is answered
 * by one without data. */
static const FramesRow block_rows[] = {
    { 11, 11, 280 + 600 },         /* one block each way */
    { 253, 2, 2610 + 600 },        /* the longest single block */
    { 254, 2, 2680 + 2 * 600 },    /* two blocks, one receipt, one response: 4 x 3 */
    { 300, 2, 3140 + 2 * 600 },    /*   302 + 12 */
    { 10, 253, 2690 + 600 },       /*   263 + 6 */
    { 10, 600, 6280 + 3 * 600 },   /* three blocks, two requests for more: 610 + 18 */
    { 600, 600, 12300 + 5 * 600 }, /*   1200 + 10 x 3 */
};

static void
blocks_are_chained(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(block_rows); i++)
        g_assert_cmpint(link_frames_ps(&blocks, block_rows[i].command, block_rows[i].response), ==,
                        block_rows[i].us * US);
}

/* ---- Characters -------------------------------------------------------- */

static const FramesRow character_rows[] = {
    { 4, 2, 84 + 600 }, /* header with P3 and status word: 7 x 12 */
    { 5, 2, 84 + 600 },
    { 5, 18, 288 + 600 },       /* 5, procedure byte, 16, status word: 24 x 12 */
    { 21, 2, 288 + 2 * 600 },   /* 5, procedure byte, 16, status word: two turns each */
    { 260, 2, 3156 + 2 * 600 }, /* 263 x 12 */
    { 5, 258, 3168 + 600 },     /* 264 x 12 */
};

static void
procedure_bytes_are_counted(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(character_rows); i++)
        g_assert_cmpint(
            link_frames_ps(&characters, character_rows[i].command, character_rows[i].response), ==,
            character_rows[i].us * US);
}

/* ---- Whole exchanges --------------------------------------------------- */

typedef struct {
    const char *name;
    const LinkInterface *interface;
    size_t command;
    size_t expected;
    bool answered;
    Micros us;
} WholeRow;

static const WholeRow exchange_rows[] = {
    /* clang-format off */
    /* header 4, Lc, 5, Le + 9 and status word: 11 + 11 + 6 */
    { "blocks/selection",            &blocks, 5, 9, true, 280 + 600 + 1000 },
    { "blocks/no-data-either-way",   &blocks, 0, 0, true, 120 + 600 + 1000 },
    { "blocks/refused",              &blocks, 32, 16, false, 460 + 600 + 1000 },
    { "blocks/255-is-short",         &blocks, 255, 0, true, 2740 + 2 * 600 + 1000 },  /* 260 + 2 + 12 */
    { "blocks/256-is-extended",      &blocks, 256, 0, true, 2770 + 2 * 600 + 1000 },  /* 263 + 2 + 12 */
    { "blocks/256-back-is-short",    &blocks, 0, 256, true, 2750 + 2 * 600 + 1000 },  /* 5 + 258 + 12 */
    { "blocks/257-back-is-extended", &blocks, 0, 257, true, 2780 + 2 * 600 + 1000 },  /* 7 + 259 + 12 */
    { "blocks/certificate-rsa-2048", &blocks, 524, 16, true, 5690 + 3 * 600 + 1000 }, /* 4 + 3 + 524 + 2 + 18 + 18 */
    /* 6Cxx first: 7 bytes, then 14 */
    { "characters/information",      &characters, 0, 6, true, 84 + 168 + 2 * 600 + 2 * 1000 },
    { "characters/information-refused", &characters, 0, 6, false, 84 + 600 + 1000 },
    { "characters/256-needs-no-hint", &characters, 0, 256, true, 3168 + 600 + 1000 },
    { "characters/278-back",         &characters, 0, 278, true, 3168 + 360 + 2 * 600 + 2 * 1000 },
    /* 40 bytes there, GET RESPONSE with 40 */
    { "characters/s2002",            &characters, 32, 32, true, 480 + 480 + 3 * 600 + 2 * 1000 },
    { "characters/s2002-refused",    &characters, 32, 32, false, 480 + 2 * 600 + 1000 },
    { "characters/no-response-data", &characters, 16, 0, true, 288 + 2 * 600 + 1000 },
    /* 255, 255 and 30 in a chain, then twice 256 */
    { "characters/envelope-rsa-2048", &characters, 540, 512, true,
      2 * 3156 + 456 + 2 * 3168 + 8 * 600 + 5 * 1000 },
    { "characters/envelope-rsa-2048-refused", &characters, 540, 512, false,
      2 * 3156 + 456 + 6 * 600 + 3 * 1000 },
    { "characters/255-is-one-command", &characters, 255, 0, true, 3156 + 2 * 600 + 1000 },
    { "characters/256-is-a-chain",   &characters, 256, 0, true, 3156 + 108 + 4 * 600 + 2 * 1000 },
    /* clang-format on */
};

static void
an_exchange_costs_its_frames_and_overheads(gconstpointer data)
{
    const WholeRow *row = data;

    g_assert_cmpint(
        link_exchange_us(row->interface, &terminal, row->command, row->expected, row->answered), ==,
        row->us);
}

/* Of these, what passes until the card has it all. */
static const WholeRow command_rows[] = {
    /* clang-format off */
    { "blocks/selection",            &blocks, 5, 9, true, 140 + 500 + 1000 },
    { "blocks/256-is-extended",      &blocks, 256, 0, true, 2720 + 2 * 500 + 100 + 1000 },
    { "characters/information",      &characters, 0, 6, true, 84 + 600 + 60 + 500 + 2 * 1000 },
    { "characters/256-needs-no-hint", &characters, 0, 256, true, 60 + 500 + 1000 },
    { "characters/s2002",            &characters, 32, 32, true, 456 + 2 * 500 + 100 + 1000 },
    { "characters/255-is-one-command", &characters, 255, 0, true, 3132 + 2 * 500 + 100 + 1000 },
    { "characters/256-is-a-chain",   &characters, 256, 0, true,
      3156 + 2 * 600 + 84 + 2 * 500 + 100 + 2 * 1000 },
    /* clang-format on */
};

static void
a_command_costs_what_comes_before_the_cards_answer(gconstpointer data)
{
    const WholeRow *row = data;

    g_assert_cmpint(link_command_us(row->interface, &terminal, row->command, row->expected), ==,
                    row->us);
}

static void
rounds_half_up_once(void)
{
    LinkInterface odd = blocks;

    g_assert_cmpint(link_round_us(0), ==, 0);
    g_assert_cmpint(link_round_us(499999), ==, 0);
    g_assert_cmpint(link_round_us(500000), ==, 1);
    g_assert_cmpint(link_round_us(1499999), ==, 1);
    odd.bit_ps = 1333333;
    odd.card_gap_ns = odd.reader_gap_ns = 0;
    /* 12 bytes of 10 bits: 159.99996 us */
    g_assert_cmpint(link_exchange_us(&odd, &free_terminal, 0, 0, true), ==, 160);
    odd.bit_ps = 1004166; /* 120.49992 */
    g_assert_cmpint(link_exchange_us(&odd, &free_terminal, 0, 0, true), ==, 120);
}

/* ---- The table --------------------------------------------------------- */

static void
interfaces_are_found_by_name(void)
{
    static const char *const names[] = { "14443-106", "14443-212", "14443-424",
                                         "14443-848", "7816-t0",   "7816-t1" };

    g_assert_cmpuint(link_n_interfaces, ==, G_N_ELEMENTS(names));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_true(link_find_interface(names[i]) == &link_interfaces[i]);
    g_assert_null(link_find_interface("14443"));
    g_assert_null(link_find_interface(""));
}

/* Bits a second: 106 kbit/s is 13.56 MHz / 128, and so on. */
static void
interfaces_have_the_rates_of_the_standards(void)
{
    static const struct {
        const char *name;
        double hertz;
        double cycles;
    } rates[] = { { "14443-106", 13.56e6, 128 }, { "14443-212", 13.56e6, 64 },
                  { "14443-424", 13.56e6, 32 },  { "14443-848", 13.56e6, 16 },
                  { "7816-t0", 3.5712e6, 32 },   { "7816-t1", 3.5712e6, 32 } };

    for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
        const LinkInterface *interface = link_find_interface(rates[i].name);

        g_assert_cmpfloat_with_epsilon((double)interface->bit_ps,
                                       rates[i].cycles / rates[i].hertz * 1e12, 1.0);
    }
}

static void
faster_interfaces_take_less_time(void)
{
    for (guint i = 1; i < 4; i++)
        g_assert_cmpint(link_exchange_us(&link_interfaces[i], &free_terminal, 32, 32, true), <,
                        link_exchange_us(&link_interfaces[i - 1], &free_terminal, 32, 32, true));
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    g_test_add_func("/link/frames/blocks-are-chained", blocks_are_chained);
    g_test_add_func("/link/frames/procedure-bytes-are-counted", procedure_bytes_are_counted);
    for (guint i = 0; i < G_N_ELEMENTS(exchange_rows); i++) {
        g_autofree char *path = g_strdup_printf("/link/exchange/costs-its-frames-and-overheads/%s",
                                                exchange_rows[i].name);

        g_test_add_data_func(path, &exchange_rows[i], an_exchange_costs_its_frames_and_overheads);
    }
    for (guint i = 0; i < G_N_ELEMENTS(command_rows); i++) {
        g_autofree char *path = g_strdup_printf(
            "/link/command/costs-what-comes-before-the-answer/%s", command_rows[i].name);

        g_test_add_data_func(path, &command_rows[i],
                             a_command_costs_what_comes_before_the_cards_answer);
    }
    g_test_add_func("/link/exchange/rounds-half-up-once", rounds_half_up_once);
    g_test_add_func("/link/interfaces/are-found-by-name", interfaces_are_found_by_name);
    g_test_add_func("/link/interfaces/have-the-rates-of-the-standards",
                    interfaces_have_the_rates_of_the_standards);
    g_test_add_func("/link/interfaces/faster-ones-take-less-time",
                    faster_interfaces_take_less_time);
    return g_test_run();
}
