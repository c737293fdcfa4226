/* Durations against what really passes: a tap counts the bytes of every APDU, and the
 * operations of the cards are summed from a list written by hand. */
#include "tests/model/world.h"

#include <string.h>

/* ---- By hand ----------------------------------------------------------- */

/* One bit a microsecond, ten bits a byte, gaps of 100 and 500 us. */
static const LinkInterface plain_interface = {
    .name = "plain",
    .protocol = LINK_T_CL,
    .bit_ps = 1000000,
    .bits_per_byte = 10,
    .block_overhead_bytes = 3,
    .block_payload_bytes = 253,
    .card_gap_ns = 100000,
    .reader_gap_ns = 500000,
    .activation_us = 5000,
};

static const LinkTerminal plain_terminal = { .name = "plain", .reader_overhead_us = 1000 };

static const Chip plain_chip = {
    .name = "plain",
    .cost = { [CHIP_RANDOM] = { 1000000, 0 },
              [CHIP_HASH] = { 500000, 1000 },
              [CHIP_CIPHER] = { 7000000, 100000 },
              [CHIP_MAC] = { 2000000, 20 },
              [CHIP_MAC_CHECK] = { 3000000, 0 },
              [CHIP_WRITE] = { 4000000, 0 },
              [CHIP_WRITE_KEY] = { 6000000, 0 } },
    .suite_ns = { [SUITE_P256] = { 20000000, 30000000, 40000000, 50000000 } },
};

static Duration
duration_of_pair(const char *embodiment, const PurseSpec *payer_spec, const PurseSpec *payee_spec,
                 Cents amount)
{
    static const Seat seats[N_SIDES] = { { &plain_chip, &plain_interface },
                                         { &plain_chip, &plain_interface } };
    Scheme scheme = fixture_scheme(embodiment);
    Duration duration;
    World world;
    Purse payer;
    Purse payee;

    world_init(&world, &scheme);
    payer = world_purse(&world, payer_spec);
    payee = world_purse(&world, payee_spec);
    world_settle(&world, &payer, &payee, amount);
    duration = duration_of(&world.protocol, seats, &plain_terminal, &world.course);
    world_clear(&world);
    return duration;
}

/* Bytes of command and response with 3 of each block, 10 us each, 1600 us beside:
 * selection 11 + 11, information 5 + 8, S2001 22 + 18, S2002 38 + 34, S2003 38 + 18,
 * S2004 21 + 2. MAC over 32 bytes: 2000.64 us. */
static void
is_the_sum_of_line_and_chip(void)
{
    Duration duration =
        duration_of_pair("1", &(PurseSpec){ .balance = 5 }, &(PurseSpec){ .balance = 5 }, 1);

    g_assert_cmpint(duration.phase[PHASE_SELECT], ==, 10000 + 1880 + 1880);
    g_assert_cmpint(duration.phase[PHASE_INFORMATION], ==, 1790 + 1790);
    g_assert_cmpint(duration.phase[PHASE_UPDATE], ==, 0);
    g_assert_cmpint(duration.phase[PHASE_VALUE], ==,
                    2060 + 1000                     /* S2001: 223 */
                        + 2380 + 2001 + 1000        /* S2002: 224, 225 */
                        + 2220 + 3000 + 4000 + 2001 /* S2003: check, write, 226 */
                        + 1890 + 3000 + 4000);      /* S2004: check, write */
    g_assert_cmpint(duration.total, ==, 13760 + 3580 + 28552);
}

/* Sx004 5 + 18, Sx005 22 + 78, Sx006 81 + 2; cipher over 36 bytes twice. */
static void
counts_a_symmetric_update(void)
{
    Duration duration = duration_of_pair("1", &(PurseSpec){ .transfer_key = 1 },
                                         &(PurseSpec){ .transfer_key = 2 }, 0);

    g_assert_cmpint(duration.phase[PHASE_UPDATE], ==,
                    290 + 1600 + 1000                 /* R */
                        + 1060 + 1600 + 10600         /* encrypt */
                        + 890 + 1600 + 10600 + 6000); /* decrypt, write */
}

/* Refused for its update key: decrypted, but nothing written; Fig. 4 never begins. */
static void
counts_no_more_than_what_took_place(void)
{
    Duration duration = duration_of_pair("1", &(PurseSpec){ .transfer_key = 1, .update_key = 1 },
                                         &(PurseSpec){ .transfer_key = 2, .update_key = 2 }, 0);

    g_assert_cmpint(duration.phase[PHASE_UPDATE], ==,
                    290 + 1600 + 1000 + 1060 + 1600 + 10600 + 890 + 1600 + 10600);
    g_assert_cmpint(duration.phase[PHASE_VALUE], ==, 0);
}

/* Embodiment 4: one short write, cipher over 20 bytes, E of 60. */
static void
counts_the_write_of_an_id(void)
{
    Duration duration = duration_of_pair(
        "4", &(PurseSpec){ .transfer_key = 1, .n_preloaded = 1, .preloaded = { 2 } },
        &(PurseSpec){ .transfer_key = 2 }, 0);

    g_assert_cmpint(duration.phase[PHASE_UPDATE], ==,
                    290 + 1600 + 1000 + 900 + 1600 + 9000 + 730 + 1600 + 9000 + 4000);
}

/* Embodiment 5, both keys, p256. Sx004 146 + 18, Sx005 162 + 186, Sx006 189 + 2. Hash of
 * the certificate's 76 bytes: 576 us; of E 120 and R 16: 636 us. */
static void
counts_a_public_key_update(void)
{
    Duration duration = duration_of_pair("5", &(PurseSpec){ .transfer_key = 1, .update_key = 1 },
                                         &(PurseSpec){ .transfer_key = 2, .update_key = 2 }, 0);

    g_assert_cmpint(duration.phase[PHASE_UPDATE], ==,
                    1700 + 1600 + 30576 + 1000                  /* verify, R */
                        + 3540 + 1600 + 30576 + 40000 + 20636   /* verify, seal, sign */
                        + 1970 + 1600 + 30636 + 50000 + 12000); /* verify, open, two keys */
}

/* ---- Against what passed ----------------------------------------------- */

#define EXCHANGES_MAX FIXTURE_EXCHANGES_MAX

typedef struct {
    const LinkInterface *interfaces[N_SIDES];
    const LinkTerminal *terminal;
    int64_t line_ps[EXCHANGES_MAX];
} Clock;

static void
count_apdu(guint number, Side side, size_t command_bytes, size_t response_bytes, gpointer user_data)
{
    Clock *clock = user_data;

    clock->line_ps[number] +=
        link_frames_ps(clock->interfaces[side], command_bytes, response_bytes) +
        (int64_t)clock->terminal->reader_overhead_us * 1000000;
}

/* Whole microseconds of one step. */
static Micros
rounded(int64_t ns)
{
    return (ns + 500) / 1000;
}

/* What was written between two states of a memory. */
static int64_t
writes_ns(const Protocol *protocol, const Chip *chip, const CardMemory *before,
          const CardMemory *after)
{
    int64_t key = chip_operation_ns(chip, CHIP_WRITE_KEY, 0);
    int64_t ns = after->update_key != before->update_key ? key : 0;

    if (after->transfer_key != before->transfer_key)
        ns +=
            protocol->scheme.deliver == DELIVER_KEY ? key : chip_operation_ns(chip, CHIP_WRITE, 0);
    return ns;
}

/* A debit or credit, and the ID in use if the card switches with it. */
static int64_t
commit_ns(const Protocol *protocol, const Chip *chip, const CardMemory *before,
          const CardMemory *after)
{
    bool switched = protocol->scheme.pays_with == PAYS_WITH_OLDEST_COMMON &&
                    after->transfer_key != before->transfer_key;

    return (switched ? 2 : 1) * chip_operation_ns(chip, CHIP_WRITE, 0);
}

/* The operations that a card carried out in an exchange, by its status word. */
static Micros
card_us(const Protocol *protocol, Path path, const Chip *chip, const Passed *passed,
        const CardMemory *before, const CardMemory *after)
{
    SuiteId suite = protocol->scheme.suite;
    size_t id_and_key = protocol->scheme.deliver == DELIVER_KEY ? 20 : 4;
    size_t challenged = protocol->scheme.fig4_mac == FIG4_MAC_SPEC            ? 32
                        : protocol->scheme.fig4_mac == FIG4_MAC_DIRECTION_TAG ? 33
                                                                              : 49;
    static const size_t certified[N_SUITES] = { 76, 140, 268 };
    size_t enveloped = suite == SUITE_RSA_1024   ? 128
                       : suite == SUITE_RSA_2048 ? 256
                                                 : 80 + id_and_key;
    int64_t random = chip_operation_ns(chip, CHIP_RANDOM, 16);
    bool public_key = path == PATH_PUBLIC_KEY;
    bool done = passed->status == 0x9000;

    if (public_key && suite == SUITE_P256 && protocol->scheme.update_key == UPDATE_KEY_TRAVELS)
        enveloped += id_and_key;
    switch (passed->exchange) {
    case EXCHANGE_PERMISSION:
        if (!public_key)
            return rounded(random);
        return rounded(chip_suite_operation_ns(chip, suite, CHIP_VERIFY, certified[suite]) +
                       (done ? random : 0));
    case EXCHANGE_OBTAINING:
        if (!public_key)
            return rounded(chip_operation_ns(chip, CHIP_CIPHER, 16 + id_and_key));
        if (!done)
            return rounded(chip_suite_operation_ns(chip, suite, CHIP_VERIFY, certified[suite]));
        return rounded(chip_suite_operation_ns(chip, suite, CHIP_VERIFY, certified[suite]) +
                       chip_suite_operation_ns(chip, suite, CHIP_ENVELOPE_SEAL, 0)) +
               rounded(chip_suite_operation_ns(chip, suite, CHIP_SIGN, enveloped + 16));
    case EXCHANGE_UPDATE:
        if (!public_key)
            return rounded(chip_operation_ns(chip, CHIP_CIPHER, 16 + id_and_key)) +
                   rounded(writes_ns(protocol, chip, before, after));
        if (passed->status == 0x6604)
            return rounded(chip_suite_operation_ns(chip, suite, CHIP_VERIFY, enveloped + 16));
        return rounded(chip_suite_operation_ns(chip, suite, CHIP_VERIFY, enveloped + 16)) +
               rounded(chip_suite_operation_ns(chip, suite, CHIP_ENVELOPE_OPEN, 0)) +
               rounded(writes_ns(protocol, chip, before, after));
    case EXCHANGE_S2001:
        return done ? rounded(random) : 0;
    case EXCHANGE_S2002:
        return done ? rounded(chip_operation_ns(chip, CHIP_MAC, challenged)) + rounded(random) : 0;
    case EXCHANGE_S2003:
        return rounded(chip_operation_ns(chip, CHIP_MAC_CHECK, challenged)) +
               (done ? rounded(commit_ns(protocol, chip, before, after)) +
                           rounded(chip_operation_ns(chip, CHIP_MAC, challenged))
                     : 0);
    case EXCHANGE_S2004:
        return rounded(chip_operation_ns(chip, CHIP_MAC_CHECK, challenged)) +
               (done ? rounded(commit_ns(protocol, chip, before, after)) : 0);
    default:
        return 0;
    }
}

static Phase
phase_of(Exchange exchange)
{
    return exchange == EXCHANGE_SELECT        ? PHASE_SELECT
           : exchange == EXCHANGE_INFORMATION ? PHASE_INFORMATION
           : exchange <= EXCHANGE_UPDATE      ? PHASE_UPDATE
                                              : PHASE_VALUE;
}

static Duration
time_of_what_passed(const World *world, const Seat seats[static N_SIDES], const Clock *clock,
                    const CardMemory before[static N_SIDES], const CardMemory after[static N_SIDES])
{
    Duration duration = { .phase[PHASE_SELECT] = seats[SIDE_PAYER].interface->activation_us +
                                                 seats[SIDE_PAYEE].interface->activation_us };

    for (guint i = 0; i < world->n_passed; i++) {
        const Passed *passed = &world->passed[i];
        Micros line = (clock->line_ps[i] + 500000) / 1000000;

        duration.phase[phase_of(passed->exchange)] +=
            line + card_us(&world->protocol, world->course.seen.path, seats[passed->side].chip,
                           passed, &before[passed->side], &after[passed->side]);
    }
    for (Phase phase = 0; phase < N_PHASES; phase++)
        duration.total += duration.phase[phase];
    return duration;
}

typedef struct {
    const char *embodiment;
    SuiteId suite;
    guint n_settlements;
} Row;

static const Row rows[] = {
    { "conventional", SUITE_P256, 300 },
    { "mondex", SUITE_P256, 600 },
    { "1", SUITE_P256, 1500 },
    { "4", SUITE_P256, 1000 },
    { "2", SUITE_P256, 250 },
    { "2", SUITE_RSA_1024, 250 },
    { "2", SUITE_RSA_2048, 250 },
    { "3", SUITE_P256, 300 },
    { "3", SUITE_RSA_2048, 300 },
    { "5", SUITE_P256, 400 },
    { "5", SUITE_RSA_1024, 300 },
    { "5", SUITE_RSA_2048, 400 },
    { "4-public-key", SUITE_RSA_1024, 250 },
    { "4-by-update-key", SUITE_P256, 250 },
};

static const Chip *
draw_chip(GRand *rand, const Protocol *protocol)
{
    const Chip *chip;

    do
        chip = &chips[fixture_draw(rand, 0, (int)n_chips - 1)];
    while (protocol->has_certificates && !chip_has_suite(chip, protocol->scheme.suite));
    return chip;
}

static Purse
draw_purse(World *world, GRand *rand)
{
    uint32_t update_key = (uint32_t)fixture_draw(rand, 1, 3);
    PurseSpec spec = { .transfer_key = (uint32_t)fixture_draw(rand, 1, 3),
                       .update_key = update_key,
                       .transfer_key_limit = fixture_draw(rand, 0, 3) == 0 ? 3 : 0,
                       .update_key_limit = fixture_draw(rand, 0, 3) == 0 ? update_key : 0,
                       .expiry_day = fixture_draw(rand, 0, 15) == 0 ? 1 : 0,
                       .n_preloaded = (uint8_t)fixture_draw(rand, 1, 2),
                       .preloaded = { 3, 2 },
                       .balance = fixture_draw(rand, 0, 100) };

    if (spec.transfer_key_limit != 0) {
        uint32_t limit = (uint32_t)fixture_draw(rand, 1, 3);

        spec.transfer_key_limit = MAX(spec.transfer_key, limit);
    }
    return world_purse(world, &spec);
}

/* Now and then a card whose certificate or secret key is not the right one. */
static void
forge_now_and_then(Purse *purse, const World *world, GRand *rand)
{
    static const uint8_t other_seed[SEAL_SEED_BYTES] = "of another card";
    uint8_t public_key[SEAL_PUBLIC_KEY_BYTES];

    /* a refusal in silence does not show in what passes: it has a test of its own */
    if (!world->protocol.has_certificates || !world->protocol.scheme.update_ack)
        return;
    switch (fixture_draw(rand, 0, 11)) {
    case 0:
        purse->credential.certificate.valid_until ^= 1;
        break;
    case 1:
        seal_derive_keys(&purse->credential.secret, public_key, other_seed);
        break;
    default:
        break;
    }
}

static Scheme
draw_scheme(GRand *rand, const Row *row)
{
    Scheme scheme = fixture_scheme(row->embodiment);

    scheme.suite = row->suite;
    scheme.uk_rule = (SchemeUkRule)fixture_draw(rand, 0, N_UK_RULE - 1);
    scheme.fig4_mac = (SchemeFig4Mac)fixture_draw(rand, 0, N_FIG4_MAC - 1);
    scheme.update_ack = fixture_draw(rand, 0, 3) > 0;
    scheme.n_held = 3;
    return scheme;
}

/* What the duration depends on besides seats and terminal. */
static char *
course_text(const Course *course)
{
    const CardLog *logs = course->log;

    return g_strdup_printf("%d %d %u %u %d %d/%d/%u %d/%d/%u", course->seen.path,
                           course->seen.payer_is_older, course->seen.rounds,
                           course->seen.n_exchanges, course->seen.answered, logs[0].refused,
                           logs[0].refused_in_silence, logs[0].wrote, logs[1].refused,
                           logs[1].refused_in_silence, logs[1].wrote);
}

static void
assert_one_class_for_each_course(GHashTable *by_class, GHashTable *by_text, const Course *course)
{
    gpointer class = GSIZE_TO_POINTER(duration_class(course));
    char *text = course_text(course);
    gpointer other;

    if (g_hash_table_lookup_extended(by_class, class, NULL, &other))
        g_assert_cmpstr(other, ==, text);
    if (g_hash_table_lookup_extended(by_text, text, NULL, &other))
        g_assert_true(other == class);
    g_hash_table_insert(by_class, class, g_strdup(text));
    g_hash_table_insert(by_text, text, class);
}

static void
equals_what_passed(gconstpointer data)
{
    const Row *row = data;
    GRand *rand = g_rand_new_with_seed(1000 + (guint32)(row - rows));
    g_autoptr(GHashTable) by_class = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_autoptr(GHashTable) by_text = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint outcomes[N_OUTCOMES] = { 0 };
    World world = { 0 };

    for (guint i = 0; i < row->n_settlements; i++) {
        Seat seats[N_SIDES];
        Clock clock = { .terminal = &link_terminals[fixture_draw(rand, 0, N_TERMINAL_KINDS - 1)] };
        CardMemory before[N_SIDES];
        CardMemory after[N_SIDES];
        Purse purses[N_SIDES];
        Duration expected;
        Duration found;

        if (i % 25 == 0) {
            Scheme scheme = draw_scheme(rand, row);

            if (i > 0)
                world_clear(&world);
            world_init(&world, &scheme);
            world.watch = count_apdu;
        }
        for (Side side = 0; side < N_SIDES; side++) {
            seats[side].chip = draw_chip(rand, &world.protocol);
            seats[side].interface =
                &link_interfaces[fixture_draw(rand, 0, (int)link_n_interfaces - 1)];
            clock.interfaces[side] = seats[side].interface;
            world.links[side] = seats[side].interface->protocol;
            purses[side] = draw_purse(&world, rand);
            forge_now_and_then(&purses[side], &world, rand);
            before[side] = purses[side].memory;
        }
        world.hook_data = &clock;
        world_settle(&world, &purses[SIDE_PAYER], &purses[SIDE_PAYEE], fixture_draw(rand, 0, 40));
        for (Side side = 0; side < N_SIDES; side++)
            after[side] = purses[side].memory;
        outcomes[world.course.seen.outcome]++;
        expected = time_of_what_passed(&world, seats, &clock, before, after);
        found = duration_of(&world.protocol, seats, clock.terminal, &world.course);
        for (Phase phase = 0; phase < N_PHASES; phase++)
            g_assert_cmpint(found.phase[phase], ==, expected.phase[phase]);
        g_assert_cmpint(found.total, ==, expected.total);
        assert_one_class_for_each_course(by_class, by_text, &world.course);
    }
    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (outcomes[outcome] > 0)
            g_test_message("%6u %s", outcomes[outcome], outcome_names[outcome]);
    world_clear(&world);
    g_rand_free(rand);
}

/* Duration of a settlement whose newer card signs with another card's key. */
static Duration
duration_with_forged_signature(bool update_ack)
{
    static const uint8_t other_seed[SEAL_SEED_BYTES] = "of another card";
    const Seat seats[N_SIDES] = { { &chips[0], &link_interfaces[0] },
                                  { &chips[1], &link_interfaces[0] } };
    uint8_t public_key[SEAL_PUBLIC_KEY_BYTES];
    Scheme scheme = fixture_scheme("2");
    Duration duration;
    World world;
    Purse older;
    Purse newer;

    scheme.update_ack = update_ack;
    world_init(&world, &scheme);
    older = world_purse(&world, &(PurseSpec){ .transfer_key = 1, .update_key = 1 });
    newer = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .update_key = 1 });
    seal_derive_keys(&newer.credential.secret, public_key, other_seed);
    world_settle(&world, &older, &newer, 0); /* the payer is the older card */
    g_assert_cmpint(world.course.seen.outcome, ==,
                    update_ack ? OUTCOME_REFUSED_CERTIFICATE : OUTCOME_REFUSED_AUTHENTICATION);
    duration = duration_of(&world.protocol, seats, &link_terminals[0], &world.course);
    world_clear(&world);
    return duration;
}

static void
refusal_in_silence_takes_as_long_as_one_that_is_told(void)
{
    Duration reported = duration_with_forged_signature(true);
    Duration silent = duration_with_forged_signature(false);

    g_assert_cmpint(reported.phase[PHASE_VALUE], ==, 0);
    g_assert_cmpint(silent.phase[PHASE_VALUE], >, 0);
    g_assert_cmpint(silent.phase[PHASE_UPDATE], ==, reported.phase[PHASE_UPDATE]);
}

/* ---- Order ------------------------------------------------------------- */

static void
exchanges_are_listed_in_the_order_they_passed(void)
{
    static const struct {
        SchemeUkRule rule;
        uint32_t older[2];
        uint32_t newer[2];
    } pairs[] = { { UK_RULE_STRICT, { 1, 1 }, { 1, 1 } },
                  { UK_RULE_STRICT, { 1, 1 }, { 2, 1 } },
                  { UK_RULE_STRICT, { 1, 1 }, { 2, 2 } },
                  { UK_RULE_STRICT, { 1, 2 }, { 2, 1 } },
                  { UK_RULE_BIDIRECTIONAL, { 1, 2 }, { 2, 1 } } };

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        for (int payer_is_older = 0; payer_is_older < 2; payer_is_older++) {
            ExchangeVisit visits[COURSE_EXCHANGES_MAX];
            Scheme scheme = fixture_scheme("5");
            World world;
            Purse older;
            Purse newer;
            guint n;

            scheme.uk_rule = pairs[i].rule;
            world_init(&world, &scheme);
            older = world_purse(&world, &(PurseSpec){ .transfer_key = pairs[i].older[0],
                                                      .update_key = pairs[i].older[1] });
            newer = world_purse(&world, &(PurseSpec){ .transfer_key = pairs[i].newer[0],
                                                      .update_key = pairs[i].newer[1] });
            if (payer_is_older)
                world_settle(&world, &older, &newer, 0);
            else
                world_settle(&world, &newer, &older, 0);
            n = course_exchanges(&world.course.seen, visits);
            g_assert_cmpuint(n, ==, world.n_passed);
            for (guint v = 0; v < n; v++) {
                g_assert_cmpint(visits[v].exchange, ==, world.passed[v].exchange);
                g_assert_cmpint(visits[v].to, ==, world.passed[v].side);
            }
            world_clear(&world);
        }
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    g_test_add_func("/duration/is-the-sum-of-line-and-chip", is_the_sum_of_line_and_chip);
    g_test_add_func("/duration/counts-a-symmetric-update", counts_a_symmetric_update);
    g_test_add_func("/duration/counts-no-more-than-what-took-place",
                    counts_no_more_than_what_took_place);
    g_test_add_func("/duration/counts-the-write-of-an-id", counts_the_write_of_an_id);
    g_test_add_func("/duration/counts-a-public-key-update", counts_a_public_key_update);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/duration/equals-what-passed/%s/%s",
                                                rows[i].embodiment, suites[rows[i].suite].name);

        g_test_add_data_func(path, &rows[i], equals_what_passed);
    }
    g_test_add_func("/duration/of/refusal-in-silence-takes-as-long-as-one-that-is-reported",
                    refusal_in_silence_takes_as_long_as_one_that_is_told);
    g_test_add_func("/duration/exchanges-are-listed-in-the-order-they-passed",
                    exchanges_are_listed_in_the_order_they_passed);
    return g_test_run();
}
