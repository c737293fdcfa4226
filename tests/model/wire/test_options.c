/* Where the specification is silent or at odds with itself: every answer that a
 * scheme may give, and what follows from it. */
#include "tests/model/world.h"

#include "model/protocol/bytes.h"

#include <string.h>

static uint16_t
send(World *world, Side side, Exchange exchange, Path path, const uint8_t *data, size_t n_data,
     uint8_t *response)
{
    const ExchangePlan *plan = &world->protocol.plan[path][exchange];
    ApduCommand command = {
        .cla = exchange == EXCHANGE_SELECT ? APDU_CLASS_INTERINDUSTRY : APDU_CLASS_SETTLEMENT,
        .ins = exchanges[exchange].instruction,
        .p1 = exchange == EXCHANGE_SELECT ? APDU_P1_SELECT_BY_NAME : (uint8_t)path,
        .data = data,
        .n_data = (uint32_t)n_data
    };
    size_t n_response;
    uint16_t status = reader_exchange(&world->taps[side].reader, &command, plan->response.bytes,
                                      response, &n_response);

    if (status == SW_DONE)
        g_assert_cmpuint(n_response, ==, plan->response.bytes);
    return status;
}

static void
select_both(World *world, Purse *payer, Purse *payee)
{
    uint8_t response[APDU_BYTES_MAX];

    world->n_passed = 0;
    world_insert(world, SIDE_PAYER, payer);
    world_insert(world, SIDE_PAYEE, payee);
    for (Side side = 0; side < N_SIDES; side++)
        g_assert_cmphex(send(world, side, EXCHANGE_SELECT, PATH_NONE, settlement_service,
                             sizeof settlement_service, response),
                        ==, SW_DONE);
}

/* What a terminal that keeps no rule does: has the second card updated by the first,
 * whatever their IDs are. Returns the status word of Sx006. */
static uint16_t
force_update(World *world, Purse *giver, Purse *receiver, Path path)
{
    uint8_t certificate[2][FIELD_MOST_BYTES];
    uint8_t command[APDU_BYTES_MAX];
    uint8_t response[APDU_BYTES_MAX];
    uint8_t random[16];
    size_t n = path == PATH_PUBLIC_KEY ? certificate_bytes(world->protocol.suite) : 0;
    uint16_t status;

    select_both(world, giver, receiver);
    if (n > 0) {
        certificate_write(&giver->credential.certificate, world->protocol.suite, certificate[0]);
        certificate_write(&receiver->credential.certificate, world->protocol.suite, certificate[1]);
    }
    g_assert_cmphex(send(world, SIDE_PAYEE, EXCHANGE_PERMISSION, path, certificate[0], n, response),
                    ==, SW_DONE);
    memcpy(random, response, sizeof random);
    if (n > 0)
        memcpy(command, certificate[1], n);
    memcpy(command + n, random, sizeof random);
    g_assert_cmphex(
        send(world, SIDE_PAYER, EXCHANGE_OBTAINING, path, command, n + sizeof random, response), ==,
        SW_DONE);
    n = world->protocol.plan[path][EXCHANGE_OBTAINING].response.bytes;
    memcpy(command, response, n);
    status = send(world, SIDE_PAYEE, EXCHANGE_UPDATE, path, command, n, response);
    world_remove(world, SIDE_PAYER);
    world_remove(world, SIDE_PAYEE);
    return status;
}

/* ---- range ------------------------------------------------------------- */

#define LAST UINT32_MAX

typedef struct {
    const char *name;
    SchemeRange range;
    uint32_t own;
    uint32_t offered;
    uint32_t limit; /* 0: none */
    bool fits;
} RangeRow;

static const RangeRow range_rows[] = {
    /* clang-format off */
    { "inclusive/next",                      RANGE_INCLUSIVE,       3, 4, 9, true },
    { "inclusive/at-the-limit",              RANGE_INCLUSIVE,       3, 9, 9, true },
    { "inclusive/above-the-limit",           RANGE_INCLUSIVE,       3, 10, 9, false },
    { "inclusive/own",                       RANGE_INCLUSIVE,       3, 3, 9, false },
    { "inclusive/below",                     RANGE_INCLUSIVE,       3, 2, 9, false },
    { "inclusive/last-but-one-unlimited",    RANGE_INCLUSIVE,       3, LAST - 1, 0, true },
    { "inclusive/last-unlimited",            RANGE_INCLUSIVE,       3, LAST, 0, false },
    { "limit-exclusive/next",                RANGE_LIMIT_EXCLUSIVE, 3, 4, 9, true },
    { "limit-exclusive/below-the-limit",     RANGE_LIMIT_EXCLUSIVE, 3, 8, 9, true },
    { "limit-exclusive/at-the-limit",        RANGE_LIMIT_EXCLUSIVE, 3, 9, 9, false },
    { "limit-exclusive/own",                 RANGE_LIMIT_EXCLUSIVE, 3, 3, 9, false },
    { "limit-exclusive/last-but-one-unlimited", RANGE_LIMIT_EXCLUSIVE, 3, LAST - 1, 0, true },
    { "limit-exclusive/last-unlimited",      RANGE_LIMIT_EXCLUSIVE, 3, LAST, 0, false },
    { "lower-inclusive/own",                 RANGE_LOWER_INCLUSIVE, 3, 3, 9, true },
    { "lower-inclusive/below",               RANGE_LOWER_INCLUSIVE, 3, 2, 9, false },
    { "lower-inclusive/at-the-limit",        RANGE_LOWER_INCLUSIVE, 3, 9, 9, true },
    { "lower-inclusive/above-the-limit",     RANGE_LOWER_INCLUSIVE, 3, 10, 9, false },
    { "lower-inclusive/last-unlimited",      RANGE_LOWER_INCLUSIVE, 3, LAST, 0, false },
    { "lower-inclusive/own-is-last",         RANGE_LOWER_INCLUSIVE, LAST, LAST, 0, false },
    /* clang-format on */
};

static void
judges_transfer_keys(gconstpointer data)
{
    static const struct {
        const char *embodiment;
        Path path;
    } ways[] = { { "1", PATH_SYMMETRIC },
                 { "2", PATH_PUBLIC_KEY },
                 { "3", PATH_SYMMETRIC },
                 { "3", PATH_PUBLIC_KEY },
                 { "5", PATH_SYMMETRIC } };
    const RangeRow *row = data;

    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        Scheme scheme = fixture_scheme(ways[i].embodiment);
        World world;
        Purse giver;
        Purse receiver;

        scheme.range = row->range;
        world_init(&world, &scheme);
        giver = world_purse(&world, &(PurseSpec){ .transfer_key = row->offered });
        receiver = world_purse(
            &world, &(PurseSpec){ .transfer_key = row->own, .transfer_key_limit = row->limit });
        g_assert_cmphex(force_update(&world, &giver, &receiver, ways[i].path), ==,
                        row->fits ? SW_DONE : SW_TRANSFER_KEY_RANGE);
        g_assert_cmpuint(purse_transfer_key(&world, &receiver), ==,
                         row->fits ? row->offered : row->own);
        g_assert_cmpuint(world.course.log[SIDE_PAYEE].wrote, ==,
                         row->fits ? WROTE_TRANSFER_KEY : 0);
        world_clear(&world);
    }
}

static void
judges_update_keys(gconstpointer data)
{
    const RangeRow *row = data;
    Scheme scheme = fixture_scheme("5");
    bool too_old = row->offered <= row->own && row->offered != LAST; /* above every limit */
    uint16_t status;
    World world;
    Purse giver;
    Purse receiver;

    scheme.range = row->range;
    world_init(&world, &scheme);
    giver = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .update_key = row->offered });
    receiver = world_purse(
        &world,
        &(PurseSpec){ .transfer_key = 1, .update_key = row->own, .update_key_limit = row->limit });
    status = force_update(&world, &giver, &receiver, PATH_PUBLIC_KEY);
    g_assert_cmphex(status, ==,
                    row->fits ? SW_DONE
                    : too_old ? SW_UPDATE_KEY_ORDER
                              : SW_UPDATE_KEY_LIMIT);
    if (row->fits)
        assert_keys(&world, &receiver, 2, row->offered);
    else
        assert_keys(&world, &receiver, 1, row->own);
    world_clear(&world);
}

/* The reason why lower-inclusive is only there to be shown. */
static void
lower_inclusive_swaps_the_key_under_an_id(void)
{
    static const uint8_t foreign[KEYRING_KEY_BYTES] = "of another hand";

    for (SchemeRange range = 0; range < N_RANGE; range++) {
        Scheme scheme = fixture_scheme("1");
        World world;
        Purse giver;
        Purse receiver;
        KeyHandle own;

        scheme.range = range;
        world_init(&world, &scheme);
        giver = world_purse(&world, &(PurseSpec){ .transfer_key = 3 });
        receiver = world_purse(&world, &(PurseSpec){ .transfer_key = 3 });
        own = receiver.memory.transfer_key;
        giver.memory.transfer_key = keyring_adopt(world.ring, KEY_TRANSFER, 3, foreign);
        force_update(&world, &giver, &receiver, PATH_SYMMETRIC);
        g_assert_cmpuint(receiver.memory.transfer_key, ==,
                         range == RANGE_LOWER_INCLUSIVE ? giver.memory.transfer_key : own);
        world_clear(&world);
    }
}

/* S6104A says newer: strict whatever the range is. */
static void
embodiment_4_is_strict_in_every_range(void)
{
    for (SchemeRange range = 0; range < N_RANGE; range++) {
        Scheme scheme = fixture_scheme("4");
        World world;
        Purse giver;
        Purse receiver;

        scheme.range = range;
        world_init(&world, &scheme);
        giver = world_purse(&world, &(PurseSpec){ .transfer_key = 3 });
        receiver = world_purse(
            &world, &(PurseSpec){ .transfer_key = 3, .n_preloaded = 2, .preloaded = { 3, 2 } });
        g_assert_cmphex(force_update(&world, &giver, &receiver, PATH_SYMMETRIC), ==,
                        SW_TRANSFER_KEY_RANGE);
        giver.memory.transfer_key = keyring_issue(world.ring, KEY_TRANSFER, 2);
        g_assert_cmphex(force_update(&world, &giver, &receiver, PATH_SYMMETRIC), ==,
                        SW_TRANSFER_KEY_RANGE);
        g_assert_cmpuint(purse_transfer_key(&world, &receiver), ==, 3);
        world_clear(&world);
    }
}

static void
the_last_id_is_refused_by_a_settlement(void)
{
    static const char *const embodiments[] = { "1", "2", "3", "4", "4-public-key", "5" };

    for (guint i = 0; i < G_N_ELEMENTS(embodiments); i++) {
        Scheme scheme = fixture_scheme(embodiments[i]);
        World world;
        Purse older;
        Purse newer;

        world_init(&world, &scheme);
        older = world_purse(
            &world, &(PurseSpec){ .transfer_key = 1, .n_preloaded = 1, .preloaded = { LAST } });
        newer = world_purse(&world, &(PurseSpec){ .transfer_key = LAST });
        g_assert_cmpint(world_settle(&world, &older, &newer, 0).outcome, ==, OUTCOME_REFUSED_LIMIT);
        g_assert_cmpuint(purse_transfer_key(&world, &older), ==, 1);
        world_clear(&world);
    }
}

/* ---- expired ----------------------------------------------------------- */

typedef struct {
    SchemeExpired expired;
    bool payer;
    bool payee;
    bool ids_differ;
    bool stops;
} ExpiryRow;

static const ExpiryRow expiry_rows[] = {
    { EXPIRED_STOP, false, false, false, false },
    { EXPIRED_STOP, true, false, false, true },
    { EXPIRED_STOP, false, true, false, true },
    { EXPIRED_STOP, true, true, true, true },
    { EXPIRED_STOP, true, false, true, true },
    { EXPIRED_STOP, false, true, true, true },
    { EXPIRED_ALLOW_EQUAL_KEYS, true, false, false, false },
    { EXPIRED_ALLOW_EQUAL_KEYS, false, true, false, false },
    { EXPIRED_ALLOW_EQUAL_KEYS, true, true, false, false },
    { EXPIRED_ALLOW_EQUAL_KEYS, true, false, true, true },
    { EXPIRED_ALLOW_EQUAL_KEYS, false, true, true, true },
    { EXPIRED_ALLOW_EQUAL_KEYS, false, false, true, false },
    { EXPIRED_ALLOW_PAYER, true, false, false, false },
    { EXPIRED_ALLOW_PAYER, true, false, true, false },
    { EXPIRED_ALLOW_PAYER, false, true, false, true },
    { EXPIRED_ALLOW_PAYER, false, true, true, true },
    { EXPIRED_ALLOW_PAYER, true, true, false, true },
};

static void
an_expired_card_stops_what_the_option_says(void)
{
    static const char *const embodiments[] = { "1", "2", "3", "4", "5", "conventional", "mondex" };

    for (guint e = 0; e < G_N_ELEMENTS(embodiments); e++)
        for (guint i = 0; i < G_N_ELEMENTS(expiry_rows); i++)
            for (int payer_is_older = 0; payer_is_older < 2; payer_is_older++) {
                const ExpiryRow *row = &expiry_rows[i];
                Scheme scheme = fixture_scheme(embodiments[e]);
                PurseSpec specs[2] = { { .expiry_day = row->payer ? 100 : 101, .balance = 7 },
                                       { .expiry_day = row->payee ? 100 : 101 } };
                PurseSpec *older = &specs[payer_is_older ? 0 : 1];
                World world;
                Purse payer;
                Purse payee;
                Settlement seen;

                scheme.expired = row->expired;
                specs[0].transfer_key = specs[1].transfer_key = 2;
                older->transfer_key = row->ids_differ ? 1 : 2;
                older->n_preloaded = 1;
                older->preloaded[0] = 2;
                world_init(&world, &scheme);
                payer = world_purse(&world, &specs[0]);
                payee = world_purse(&world, &specs[1]);
                seen = world_settle(&world, &payer, &payee, 7);
                if (row->stops) {
                    g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_EXPIRED);
                    g_assert_cmpuint(seen.n_exchanges, ==, 4);
                } else if (scheme.pays_with == PAYS_WITH_OWN && row->ids_differ) {
                    g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_DIFFERENT_IDS);
                } else {
                    g_assert_true(outcome_is_paid(seen.outcome));
                    g_assert_cmpuint(seen.n_exchanges, ==,
                                     row->ids_differ && scheme.pays_with == PAYS_WITH_NEWEST ? 11
                                                                                             : 8);
                }
                world_clear(&world);
            }
}

static Outcome
settle_at(Micros now, Micros clock_skew, uint16_t expiry_day)
{
    Scheme scheme = fixture_scheme("1");
    World world;
    Purse payer;
    Purse payee;
    Outcome outcome;

    world_init(&world, &scheme);
    world.now = now;
    world.terminal.clock_skew = clock_skew;
    payer = world_purse(&world, &(PurseSpec){ .expiry_day = expiry_day });
    payee = world_purse(&world, &(PurseSpec){ .expiry_day = CARD_NEVER_EXPIRES });
    outcome = world_settle(&world, &payer, &payee, 0).outcome;
    world_clear(&world);
    return outcome;
}

static void
the_last_instant_before_the_day_is_still_valid(void)
{
    Micros day = 20 * MICROS_PER_DAY;

    g_assert_cmpint(settle_at(day - 1, 0, 20), ==, OUTCOME_PAID);
    g_assert_cmpint(settle_at(day, 0, 20), ==, OUTCOME_REFUSED_EXPIRED);
    g_assert_cmpint(settle_at(day + 1, 0, 20), ==, OUTCOME_REFUSED_EXPIRED);
}

static void
the_terminals_clock_judges(void)
{
    Micros day = 20 * MICROS_PER_DAY;

    g_assert_cmpint(settle_at(day - 1, 1, 20), ==, OUTCOME_REFUSED_EXPIRED);
    g_assert_cmpint(settle_at(day - 2, 1, 20), ==, OUTCOME_PAID);
    g_assert_cmpint(settle_at(day, -1, 20), ==, OUTCOME_PAID);
    g_assert_cmpint(settle_at(40 * MICROS_PER_DAY, -40 * MICROS_PER_DAY, 20), ==, OUTCOME_PAID);
}

static void
a_card_without_a_term_never_expires(void)
{
    g_assert_cmpint(settle_at(70000 * MICROS_PER_DAY, 0, CARD_NEVER_EXPIRES), ==, OUTCOME_PAID);
    g_assert_cmpint(settle_at(70000 * MICROS_PER_DAY, 0, CARD_NEVER_EXPIRES - 1), ==,
                    OUTCOME_REFUSED_EXPIRED);
}

/* ---- update-ack -------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *embodiment;
    uint32_t update_keys[2];
    uint32_t limit;
    const char *outcome_with_ack;
} AckRow;

static const AckRow ack_rows[] = {
    { "update-key-differs", "1", { 1, 2 }, 0, "refused-update-key" },
    { "above-the-limit", "1", { 1, 1 }, 1, "refused-limit" },
    { "above-the-limit-public-key", "2", { 1, 1 }, 1, "refused-limit" },
    { "not-preloaded", "4", { 1, 1 }, 0, "refused-limit" },
    { "crossed", "5", { 2, 1 }, 0, "refused-update-key-order" },
};

static void
without_acknowledgement_the_value_transfer_fails_three_exchanges_later(gconstpointer data)
{
    const AckRow *row = data;

    for (guint bits = 0; bits < 4; bits++) {
        Scheme scheme = fixture_scheme(row->embodiment);
        World world;
        Purse older;
        Purse newer;
        Settlement seen;

        scheme.update_ack = (bits & 1) != 0;
        world_init(&world, &scheme);
        older = world_purse(&world, &(PurseSpec){ .transfer_key = 1,
                                                  .update_key = row->update_keys[0],
                                                  .transfer_key_limit = row->limit,
                                                  .balance = 10 });
        newer = world_purse(
            &world,
            &(PurseSpec){ .transfer_key = 2, .update_key = row->update_keys[1], .balance = 10 });
        seen = (bits & 2) != 0 ? world_settle(&world, &older, &newer, 1)
                               : world_settle(&world, &newer, &older, 1);
        g_assert_cmpstr(outcome_names[seen.outcome], ==,
                        scheme.update_ack ? row->outcome_with_ack : "refused-authentication");
        g_assert_cmpuint(seen.n_exchanges, ==, scheme.update_ack ? 7 : 10);
        g_assert_cmphex(world.passed[6].status == SW_DONE, ==, !scheme.update_ack);
        if (!scheme.update_ack)
            g_assert_cmpint(world.course.log[SIDE_PAYER].refused, ==, CARD_STEP_S2103A);
        g_assert_cmpint(older.memory.balance, ==, 10);
        g_assert_cmpint(newer.memory.balance, ==, 10);
        g_assert_cmpuint(purse_transfer_key(&world, &older), ==, 1);
        world_clear(&world);
    }
}

/* ---- crl --------------------------------------------------------------- */

static GBytes *
list_of(const Authority *authority, uint64_t issue, uint64_t serial)
{
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));
    guint64 entries[] = { serial - 1, serial, serial + 1 };

    g_array_append_vals(serials, entries, G_N_ELEMENTS(entries));
    return authority_sign_crl(authority, issue, serials);
}

/* Settles a pair of which @revoked stands in the terminal's list. */
static Settlement
settle_revoked(Scheme scheme, Side revoked, bool ids_differ)
{
    g_autoptr(GBytes) list = NULL;
    Settlement seen;
    World world;
    Purse purses[N_SIDES];

    world_init(&world, &scheme);
    for (Side side = 0; side < N_SIDES; side++) { /* strangers between them in the list */
        world.next_card += 10;
        purses[side] = world_purse(
            &world, &(PurseSpec){ .transfer_key = side == SIDE_PAYEE || !ids_differ ? 2 : 1,
                                  .n_preloaded = 1,
                                  .preloaded = { 2 },
                                  .balance = 3 });
    }
    list = list_of(&world.authority, 1, purses[revoked].serial);
    g_assert_true(terminal_load_crl(&world.terminal, list) == world.protocol.has_certificates);
    seen = world_settle(&world, &purses[SIDE_PAYER], &purses[SIDE_PAYEE], 3);
    world_clear(&world);
    return seen;
}

static void
a_revoked_card_stops_everything_in_its_scope(void)
{
    static const char *const embodiments[] = { "2", "3", "5", "4-public-key", "4-by-update-key" };

    for (guint e = 0; e < G_N_ELEMENTS(embodiments); e++)
        for (SchemeCrlScope scope = 0; scope < N_CRL_SCOPE; scope++)
            for (Side revoked = 0; revoked < N_SIDES; revoked++)
                for (int ids_differ = 0; ids_differ < 2; ids_differ++) {
                    Scheme scheme = fixture_scheme(embodiments[e]);
                    bool stops = scope == CRL_SCOPE_BOTH || revoked == SIDE_PAYEE;
                    Settlement seen;

                    scheme.crl_scope = scope;
                    seen = settle_revoked(scheme, revoked, ids_differ);
                    if (stops) {
                        g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_REVOKED);
                        g_assert_cmpuint(seen.n_exchanges, ==, 4);
                    } else {
                        g_assert_true(outcome_is_paid(seen.outcome));
                    }
                }
}

static void
embodiments_without_certificates_have_no_list(void)
{
    static const char *const embodiments[] = { "1", "4", "conventional", "mondex" };

    for (guint e = 0; e < G_N_ELEMENTS(embodiments); e++)
        for (Side revoked = 0; revoked < N_SIDES; revoked++)
            g_assert_cmpint(settle_revoked(fixture_scheme(embodiments[e]), revoked, false).outcome,
                            ==, OUTCOME_PAID);
}

/* Order at Sx003: expired before revoked, revoked before different IDs. */
static void
expiry_is_judged_before_the_list(void)
{
    Scheme scheme = fixture_scheme("2");
    g_autoptr(GBytes) list = NULL;
    World world;
    Purse payer;
    Purse payee;

    world_init(&world, &scheme);
    payer = world_purse(&world, &(PurseSpec){ .expiry_day = 1 });
    payee = world_purse(&world, &(PurseSpec){ .expiry_day = CARD_NEVER_EXPIRES });
    list = list_of(&world.authority, 1, payer.serial);
    g_assert_true(terminal_load_crl(&world.terminal, list));
    g_assert_cmpint(world_settle(&world, &payer, &payee, 0).outcome, ==, OUTCOME_REFUSED_EXPIRED);
    world.now = 0;
    g_assert_cmpint(world_settle(&world, &payer, &payee, 0).outcome, ==, OUTCOME_REFUSED_REVOKED);
    world_clear(&world);
}

static void
a_list_that_is_forged_or_not_newer_is_not_taken(void)
{
    static const uint8_t other_seed[SEAL_SEED_BYTES] = "an authority of one's own";
    Scheme scheme = fixture_scheme("2");
    Authority other;
    World world;
    g_autoptr(GBytes) third = NULL;
    g_autoptr(GBytes) second = NULL;
    g_autoptr(GBytes) third_again = NULL;
    g_autoptr(GBytes) forged = NULL;
    g_autoptr(GBytes) fourth = NULL;

    world_init(&world, &scheme);
    authority_init(&other, world.protocol.suite, other_seed);
    second = list_of(&world.authority, 2, 200);
    third = list_of(&world.authority, 3, 300);
    third_again = list_of(&world.authority, 3, 333);
    fourth = list_of(&world.authority, 4, 400);
    forged = list_of(&other, 9, 900);
    g_assert_true(terminal_load_crl(&world.terminal, third));
    g_assert_false(terminal_load_crl(&world.terminal, second));
    g_assert_false(terminal_load_crl(&world.terminal, third_again));
    g_assert_false(terminal_load_crl(&world.terminal, forged));
    g_assert_true(crl_names(&world.terminal.crl, 300));
    g_assert_false(crl_names(&world.terminal.crl, 200));
    g_assert_true(terminal_load_crl(&world.terminal, fourth));
    g_assert_true(crl_names(&world.terminal.crl, 400));
    g_assert_false(crl_names(&world.terminal.crl, 300));
    world_clear(&world);
}

/* ---- overdraft, max-balance -------------------------------------------- */

typedef struct {
    const char *name;
    SchemeOverdraft overdraft;
    Cents max_balance;
    Cents balances[N_SIDES];
    Cents amount;
    uint16_t status;
    guint n_exchanges;
} BalanceRow;

#define NONE SCHEME_NO_MAX_BALANCE

static const BalanceRow balance_rows[] = {
    /* clang-format off */
    { "refuse/everything",           OVERDRAFT_REFUSE, NONE, { 5, 0 }, 5, 0x9000, 8 },
    { "refuse/one-too-much",         OVERDRAFT_REFUSE, NONE, { 5, 0 }, 6, 0x9401, 5 },
    { "refuse/nothing-from-nothing", OVERDRAFT_REFUSE, NONE, { 0, 0 }, 0, 0x9000, 8 },
    { "refuse/too-large-to-hold",    OVERDRAFT_REFUSE, NONE, { 5, 0 }, INT64_MAX, 0x9401, 5 },
    { "allow/goes-below-zero",       OVERDRAFT_ALLOW,  NONE, { 5, 0 }, 50, 0x9000, 8 },
    { "allow/goes-further-below",    OVERDRAFT_ALLOW,  NONE, { -45, 0 }, 50, 0x9000, 8 },
    { "allow/never-wraps",           OVERDRAFT_ALLOW,  NONE, { -2, 0 }, INT64_MAX, 0x9401, 5 },
    { "allow/negative-payee",        OVERDRAFT_ALLOW,  NONE, { 5, -50 }, 5, 0x9000, 8 },
    { "max-balance/reached",         OVERDRAFT_REFUSE, 100,  { 60, 40 }, 60, 0x9000, 8 },
    { "max-balance/passed",          OVERDRAFT_REFUSE, 100,  { 61, 40 }, 61, 0x9402, 6 },
    { "max-balance/already-above",   OVERDRAFT_REFUSE, 100,  { 61, 101 }, 0, 0x9402, 6 },
    { "max-balance/payer-above-may-pay", OVERDRAFT_REFUSE, 100, { 500, 0 }, 100, 0x9000, 8 },
    { "max-balance/none-never-wraps", OVERDRAFT_REFUSE, NONE, { 5, INT64_MAX - 4 }, 5, 0x9402, 6 },
    { "max-balance/none-to-the-last", OVERDRAFT_REFUSE, NONE, { 5, INT64_MAX - 5 }, 5, 0x9000, 8 },
    /* clang-format on */
};

static void
balances_follow_the_option(gconstpointer data)
{
    const BalanceRow *row = data;
    bool is_paid = row->status == 0x9000;
    Scheme scheme = fixture_scheme("1");
    World world;
    Purse payer;
    Purse payee;
    Settlement seen;

    scheme.overdraft = row->overdraft;
    scheme.max_balance = row->max_balance;
    world_init(&world, &scheme);
    payer = world_purse(&world, &(PurseSpec){ .balance = row->balances[SIDE_PAYER] });
    payee = world_purse(&world, &(PurseSpec){ .balance = row->balances[SIDE_PAYEE] });
    seen = world_settle(&world, &payer, &payee, row->amount);
    g_assert_cmpint(seen.outcome, ==, is_paid ? OUTCOME_PAID : OUTCOME_REFUSED_BALANCE);
    g_assert_cmphex(seen.status, ==, row->status);
    g_assert_cmpuint(seen.n_exchanges, ==, row->n_exchanges);
    g_assert_cmpint(payer.memory.balance, ==,
                    row->balances[SIDE_PAYER] - (is_paid ? row->amount : 0));
    g_assert_cmpint(payee.memory.balance, ==,
                    row->balances[SIDE_PAYEE] + (is_paid ? row->amount : 0));
    world_clear(&world);
}

/* ---- uk-rule ----------------------------------------------------------- */

typedef struct {
    const char *outcome;
    uint32_t older[2];
    uint32_t newer[2];
    guint n_exchanges;
} RuleResult;

/**
 * RuleRow:
 * @older, @newer: transfer key and update key
 * @limits: of the older card; 0: none
 * @newer_update_key_limit: 0: none
 */
typedef struct {
    const char *name;
    uint32_t older[2];
    uint32_t newer[2];
    uint32_t limits[2];
    uint32_t newer_update_key_limit;
    RuleResult results[N_UK_RULE]; /* strict, per-field, tk-only, bidirectional */
} RuleRow;

#define PAID "paid-after-public-key-update"
#define ORDER "refused-update-key-order"
#define UK_LIMIT "refused-update-key-limit"
#define LIMIT "refused-limit"

static const RuleRow rule_rows[] = {
    /* clang-format off */
    { "both-fit", { 1, 2 }, { 2, 3 }, { 2, 3 }, 0,
      { { PAID,     { 2, 3 }, { 2, 3 }, 11 },
        { PAID,     { 2, 3 }, { 2, 3 }, 11 },
        { PAID,     { 2, 3 }, { 2, 3 }, 11 },
        { PAID,     { 2, 3 }, { 2, 3 }, 11 } } },
    { "crossed", { 1, 2 }, { 2, 1 }, { 0, 0 }, 0,
      { { ORDER,    { 1, 2 }, { 2, 1 }, 7 },
        { PAID,     { 2, 2 }, { 2, 1 }, 11 },
        { PAID,     { 2, 2 }, { 2, 1 }, 11 },
        { PAID,     { 2, 2 }, { 2, 2 }, 14 } } },
    { "crossed-newer-card-at-its-limit", { 1, 3 }, { 2, 1 }, { 0, 0 }, 2,
      { { ORDER,    { 1, 3 }, { 2, 1 }, 7 },
        { PAID,     { 2, 3 }, { 2, 1 }, 11 },
        { PAID,     { 2, 3 }, { 2, 1 }, 11 },
        { PAID,     { 2, 3 }, { 2, 1 }, 14 } } },
    { "crossed-transfer-key-above-limit", { 1, 2 }, { 2, 1 }, { 1, 0 }, 0,
      { { ORDER,    { 1, 2 }, { 2, 1 }, 7 },
        { LIMIT,    { 1, 2 }, { 2, 1 }, 7 },
        { LIMIT,    { 1, 2 }, { 2, 1 }, 7 },
        { LIMIT,    { 1, 2 }, { 2, 1 }, 7 } } },
    { "update-key-above-limit", { 1, 2 }, { 2, 4 }, { 0, 3 }, 0,
      { { UK_LIMIT, { 1, 2 }, { 2, 4 }, 7 },
        { PAID,     { 2, 2 }, { 2, 4 }, 11 },
        { PAID,     { 2, 2 }, { 2, 4 }, 11 },
        { PAID,     { 2, 2 }, { 2, 4 }, 11 } } },
    { "transfer-key-above-limit", { 1, 2 }, { 2, 3 }, { 1, 0 }, 0,
      { { LIMIT,    { 1, 2 }, { 2, 3 }, 7 },
        { LIMIT,    { 1, 3 }, { 2, 3 }, 7 },
        { LIMIT,    { 1, 2 }, { 2, 3 }, 7 },
        { LIMIT,    { 1, 3 }, { 2, 3 }, 7 } } },
    { "both-above-limit", { 1, 2 }, { 2, 3 }, { 1, 2 }, 0,
      { { UK_LIMIT, { 1, 2 }, { 2, 3 }, 7 },
        { LIMIT,    { 1, 2 }, { 2, 3 }, 7 },
        { LIMIT,    { 1, 2 }, { 2, 3 }, 7 },
        { LIMIT,    { 1, 2 }, { 2, 3 }, 7 } } },
    /* clang-format on */
};

typedef struct {
    const RuleRow *row;
    SchemeUkRule rule;
} RuleCase;

static guint
count_writes(const World *world)
{
    guint n = 0;

    for (Side side = 0; side < N_SIDES; side++)
        n += ((world->course.log[side].wrote & WROTE_TRANSFER_KEY) != 0 ? 1U : 0U) +
             ((world->course.log[side].wrote & WROTE_UPDATE_KEY) != 0 ? 1U : 0U);
    return n;
}

static void
update_keys_follow_the_rule(gconstpointer data)
{
    const RuleCase *c = data;
    const RuleRow *row = c->row;
    const RuleResult *result = &row->results[c->rule];

    for (int payer_is_older = 0; payer_is_older < 2; payer_is_older++)
        for (SchemeRange range = 0; range < N_RANGE; range += RANGE_LOWER_INCLUSIVE) {
            Scheme scheme = fixture_scheme("5");
            guint n_changed = 0;
            Settlement seen;
            World world;
            Purse older;
            Purse newer;

            scheme.uk_rule = c->rule;
            scheme.range = range;
            world_init(&world, &scheme);
            older = world_purse(&world, &(PurseSpec){ .transfer_key = row->older[0],
                                                      .update_key = row->older[1],
                                                      .transfer_key_limit = row->limits[0],
                                                      .update_key_limit = row->limits[1] });
            newer = world_purse(&world,
                                &(PurseSpec){ .transfer_key = row->newer[0],
                                              .update_key = row->newer[1],
                                              .update_key_limit = row->newer_update_key_limit });
            seen = payer_is_older ? world_settle(&world, &older, &newer, 0)
                                  : world_settle(&world, &newer, &older, 0);
            g_assert_cmpstr(outcome_names[seen.outcome], ==, result->outcome);
            g_assert_cmpuint(seen.n_exchanges, ==, result->n_exchanges);
            g_assert_cmpuint(seen.rounds, ==, result->n_exchanges == 14 ? 2 : 1);
            assert_keys(&world, &older, result->older[0], result->older[1]);
            assert_keys(&world, &newer, result->newer[0], result->newer[1]);
            for (int i = 0; i < 2; i++)
                n_changed += (row->older[i] != result->older[i] ? 1U : 0U) +
                             (row->newer[i] != result->newer[i] ? 1U : 0U);
            if (range != RANGE_LOWER_INCLUSIVE) /* which writes an equal key again */
                g_assert_cmpuint(count_writes(&world), ==, n_changed);
            world_clear(&world);
        }
}

/* The 14 exchanges: Sx004 to Sx006 one way, then the other, then Fig. 4. */
static void
bidirectional_goes_both_ways(void)
{
    Scheme scheme = fixture_scheme("5");
    static const Exchange order[] = { EXCHANGE_PERMISSION, EXCHANGE_OBTAINING, EXCHANGE_UPDATE,
                                      EXCHANGE_PERMISSION, EXCHANGE_OBTAINING, EXCHANGE_UPDATE };
    static const Side sides[] = { SIDE_PAYEE, SIDE_PAYER, SIDE_PAYEE,
                                  SIDE_PAYER, SIDE_PAYEE, SIDE_PAYER };
    World world;
    Purse older;
    Purse newer;

    scheme.uk_rule = UK_RULE_BIDIRECTIONAL;
    world_init(&world, &scheme);
    older = world_purse(&world, &(PurseSpec){ .transfer_key = 1, .update_key = 2 });
    newer = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .update_key = 1, .balance = 2 });
    world_settle(&world, &newer, &older, 2);
    g_assert_cmpuint(world.n_passed, ==, 14);
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        g_assert_cmpint(world.passed[4 + i].exchange, ==, order[i]);
        g_assert_cmpint(world.passed[4 + i].side, ==, sides[i]);
        g_assert_cmpuint(world.passed[4 + i].header[2], ==, PATH_PUBLIC_KEY);
    }
    g_assert_cmphex(world.passed[6].status, ==, 0x6301); /* transfer key alone */
    g_assert_cmphex(world.passed[9].status, ==, 0x6302); /* update key alone */
    g_assert_cmpint(world.passed[10].exchange, ==, EXCHANGE_S2001);
    g_assert_cmpint(older.memory.balance, ==, 2);
    world_clear(&world);
}

/* Only embodiment 5 hands on update keys, and only between different ones. */
static void
bidirectional_concerns_no_other_update(void)
{
    static const struct {
        const char *embodiment;
        uint32_t update_keys[2];
    } pairs[] = { { "5", { 1, 1 } }, { "5", { 1, 2 } }, { "3", { 2, 1 } }, { "2", { 2, 1 } } };

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        Scheme scheme = fixture_scheme(pairs[i].embodiment);
        World world;
        Purse older;
        Purse newer;

        scheme.uk_rule = UK_RULE_BIDIRECTIONAL;
        world_init(&world, &scheme);
        older = world_purse(&world, &(PurseSpec){ .update_key = pairs[i].update_keys[0] });
        newer = world_purse(
            &world, &(PurseSpec){ .transfer_key = 2, .update_key = pairs[i].update_keys[1] });
        g_assert_cmpuint(world_settle(&world, &older, &newer, 0).n_exchanges, ==, 11);
        world_clear(&world);
    }
}

/* ---- fig4-mac ---------------------------------------------------------- */

/* A terminal without any key: the payee's 225 goes to a third card as 223, and that
 * card's 224 comes back as 226. Returns the payee's answer. */
static uint16_t
reflect(World *world, Purse *payee, Purse *third, uint64_t amount)
{
    uint8_t command[64] = { 0 };
    uint8_t response[APDU_BYTES_MAX];
    size_t n = world->protocol.plan[PATH_NONE][EXCHANGE_S2002].command.bytes;
    uint16_t status;

    select_both(world, third, payee);
    bytes_put_u64(command, amount);
    bytes_put_u64(command + 8, (uint64_t)FIXTURE_DATE);
    if (n > 32) /* each is told that the other one pays */
        bytes_put_u64(command + 32, third->serial);
    g_assert_cmphex(send(world, SIDE_PAYEE, EXCHANGE_S2002, PATH_NONE, command, n, response), ==,
                    SW_DONE);
    memcpy(command + 16, response + 16, 16);
    if (n > 32)
        bytes_put_u64(command + 32, payee->serial);
    g_assert_cmphex(send(world, SIDE_PAYER, EXCHANGE_S2002, PATH_NONE, command, n, response), ==,
                    SW_DONE);
    memcpy(command, response, 16);
    status = send(world, SIDE_PAYEE, EXCHANGE_S2004, PATH_NONE, command, 16, response);
    world_remove(world, SIDE_PAYER);
    world_remove(world, SIDE_PAYEE);
    return status;
}

static void
reflection_mints_only_where_both_challenges_have_one_form(gconstpointer data)
{
    SchemeFig4Mac form = GPOINTER_TO_UINT(data);
    Scheme scheme = fixture_scheme("1");
    bool mints = form == FIG4_MAC_SPEC;
    World world;
    Purse payee;
    Purse third;
    Purse stranger;

    scheme.fig4_mac = form;
    world_init(&world, &scheme);
    payee = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .balance = 1 });
    third = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .balance = 1 });
    stranger = world_purse(&world, &(PurseSpec){ .transfer_key = 3, .balance = 1 });
    g_assert_cmphex(reflect(&world, &payee, &third, 1000), ==,
                    mints ? SW_DONE : SW_RECEPTION_CHALLENGE);
    g_assert_cmpint(payee.memory.balance, ==, mints ? 1001 : 1);
    g_assert_cmpint(third.memory.balance, ==, 1);
    /* not even then across generations */
    g_assert_cmphex(reflect(&world, &payee, &stranger, 1000), ==, SW_RECEPTION_CHALLENGE);
    g_assert_cmpint(payee.memory.balance, ==, mints ? 1001 : 1);
    world_clear(&world);
}

static void
every_form_pays(gconstpointer data)
{
    SchemeFig4Mac form = GPOINTER_TO_UINT(data);
    static const char *const embodiments[] = { "1", "2", "5", "conventional" };
    size_t serial = form == FIG4_MAC_DIRECTION_AND_CARDS ? 8 : 0;

    for (guint e = 0; e < G_N_ELEMENTS(embodiments); e++) {
        Scheme scheme = fixture_scheme(embodiments[e]);
        World world;
        Purse payer;
        Purse payee;

        scheme.fig4_mac = form;
        world_init(&world, &scheme);
        payer = world_purse(&world, &(PurseSpec){ .balance = 9 });
        payee = world_purse(&world, &(PurseSpec){ .balance = 1 });
        for (int i = 0; i < 2; i++) {
            g_assert_cmpint(world_settle(&world, &payer, &payee, 4).outcome, ==, OUTCOME_PAID);
            g_assert_cmpuint(world_passed(&world, EXCHANGE_S2001, SIDE_PAYER)->n_command, ==,
                             16 + serial);
            g_assert_cmpuint(world_passed(&world, EXCHANGE_S2002, SIDE_PAYEE)->n_command, ==,
                             32 + serial);
        }
        g_assert_cmpint(payee.memory.balance, ==, 9);
        if (serial > 0) {
            g_assert_cmpuint(
                bytes_get_u64(world_passed(&world, EXCHANGE_S2001, SIDE_PAYER)->command + 16), ==,
                payee.serial);
            g_assert_cmpuint(
                bytes_get_u64(world_passed(&world, EXCHANGE_S2002, SIDE_PAYEE)->command + 32), ==,
                payer.serial);
        }
        world_clear(&world);
    }
}

/* ---- key-auth ---------------------------------------------------------- */

typedef struct {
    const char *embodiment;
    Path path;
    guint n_keys; /* delivered with a signature */
} DeliveryRow;

static const DeliveryRow delivery_rows[] = {
    { "1", PATH_SYMMETRIC, 1 },  { "2", PATH_PUBLIC_KEY, 1 }, { "3", PATH_SYMMETRIC, 1 },
    { "3", PATH_PUBLIC_KEY, 1 }, { "5", PATH_SYMMETRIC, 1 },  { "5", PATH_PUBLIC_KEY, 2 },
};

/* A world with two cards between which an update takes the row's path. */
static void
set_up_delivery(World *world, const Scheme *scheme, const DeliveryRow *row, Purse *newer,
                Purse *older)
{
    world_init(world, scheme);
    *newer = world_purse(world, &(PurseSpec){ .transfer_key = 3,
                                              .update_key = row->path == PATH_PUBLIC_KEY ? 2 : 1,
                                              .balance = 9 });
    *older = world_purse(world, &(PurseSpec){ .transfer_key = 1, .balance = 9 });
}

static void
what_the_issuer_signed_is_handed_on(gconstpointer data)
{
    const DeliveryRow *row = data;
    const Seat seat = { &chips[0], &link_interfaces[0] };

    for (SuiteId suite = 0; suite < N_SUITES; suite++) {
        Scheme scheme = fixture_scheme(row->embodiment);
        size_t bytes[N_KEY_AUTH];
        Duration durations[N_KEY_AUTH];
        World world;
        Purse newer;
        Purse older;

        scheme.suite = suite;
        for (SchemeKeyAuth auth = 0; auth < N_KEY_AUTH; auth++) {
            scheme.key_auth = auth;
            set_up_delivery(&world, &scheme, row, &newer, &older);
            g_assert_cmpint(world_settle(&world, &older, &newer, 4).path, ==, row->path);
            g_assert_cmpuint(world.course.seen.n_exchanges, ==, 11);
            g_assert_cmpuint(purse_transfer_key(&world, &older), ==, 3);
            durations[auth] = duration_of(&world.protocol, (const Seat[]){ seat, seat },
                                          &link_terminals[0], &world.course);
            bytes[auth] = world_passed(&world, EXCHANGE_UPDATE, SIDE_PAYER)->n_command;
            world_clear(&world);
        }
        g_assert_cmpuint(bytes[KEY_AUTH_ISSUER_SIGNED] - bytes[KEY_AUTH_PEER], ==,
                         (guint64)row->n_keys * suites[suite].signature_bytes);
        g_assert_cmpint(durations[KEY_AUTH_ISSUER_SIGNED].phase[PHASE_UPDATE] -
                            durations[KEY_AUTH_PEER].phase[PHASE_UPDATE],
                        >,
                        row->n_keys * (chip_suite_operation_ns(&chips[0], suite, CHIP_VERIFY,
                                                               KEYRING_SIGNED_BYTES) /
                                       1000));
    }
}

/* A key of nobody's issue under a new ID, and an issued key under an ID that is not its own. */
static void
what_the_issuer_did_not_sign_is_refused(gconstpointer data)
{
    static const uint8_t foreign[KEYRING_KEY_BYTES] = "of another hand";
    const DeliveryRow *row = data;

    for (guint i = 0; i < 2 * N_KEY_AUTH; i++) {
        Scheme scheme = fixture_scheme(row->embodiment);
        World world;
        Purse newer;
        Purse older;
        Settlement seen;

        scheme.key_auth = i % N_KEY_AUTH;
        set_up_delivery(&world, &scheme, row, &newer, &older);
        newer.memory.transfer_key = keyring_adopt(
            world.ring, KEY_TRANSFER, 3,
            i < N_KEY_AUTH ? foreign : keyring_pair(world.ring, older.memory.transfer_key)->key);
        seen = world_settle(&world, &older, &newer, 4);
        if (scheme.key_auth == KEY_AUTH_PEER) {
            g_assert_true(outcome_is_paid(seen.outcome));
            g_assert_cmpuint(older.memory.transfer_key, ==, newer.memory.transfer_key);
        } else {
            g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_CERTIFICATE);
            g_assert_cmphex(seen.status, ==, SW_KEY_SIGNATURE);
            g_assert_cmpuint(seen.n_exchanges, ==, 7);
            g_assert_cmpint(older.memory.balance, ==, 9);
            assert_keys(&world, &older, 1, scheme_has_update_keys(&scheme) ? 1 : 0);
        }
        world_clear(&world);
    }
}

/* The signature of another key or ID will not do, nor one that somebody has touched. */
static bool
touch_signature(const Part *part, gpointer user_data)
{
    const size_t at = *(const size_t *)user_data;

    if (part->exchange == EXCHANGE_UPDATE && !part->is_response && at >= part->at &&
        at < part->at + part->n)
        part->data[at - part->at] ^= 1;
    return true;
}

static void
a_touched_signature_is_refused(gconstpointer data)
{
    const DeliveryRow *row = data;

    for (guint key = 0; key < row->n_keys; key++) {
        Scheme scheme = fixture_scheme(row->embodiment);
        World world;
        Purse newer;
        Purse older;
        size_t at;

        scheme.key_auth = KEY_AUTH_ISSUER_SIGNED;
        scheme.suite = SUITE_RSA_2048; /* its padding is checked as well */
        set_up_delivery(&world, &scheme, row, &newer, &older);
        at = fixture_slot(&world.protocol.plan[row->path][EXCHANGE_UPDATE].command,
                          FIELD_KEY_SIGNATURES)
                 ->at +
             (size_t)key * suites[SUITE_RSA_2048].signature_bytes;
        world.hook = touch_signature;
        world.hook_data = &at;
        for (guint i = 0; i < 2; i++, at += suites[SUITE_RSA_2048].signature_bytes - 1)
            g_assert_cmpint(world_settle(&world, &older, &newer, 4).status, ==, SW_KEY_SIGNATURE);
        world.hook = NULL;
        g_assert_true(outcome_is_paid(world_settle(&world, &older, &newer, 4).outcome));
        world_clear(&world);
    }
}

/* ---- max-step ---------------------------------------------------------- */

static void
a_card_takes_no_larger_step(gconstpointer data)
{
    const DeliveryRow *row = data;

    for (int64_t step = 1; step <= 3; step++) {
        Scheme scheme = fixture_scheme(row->embodiment);
        World world;
        Purse newer;
        Purse older;
        Settlement seen;

        scheme.max_step = step;
        set_up_delivery(&world, &scheme, row, &newer, &older); /* from 1 to 3 */
        seen = world_settle(&world, &older, &newer, 4);
        g_assert_cmpuint(purse_transfer_key(&world, &older), ==, step < 2 ? 1 : 3);
        g_assert_cmpint(outcome_is_paid(seen.outcome), ==, step >= 2);
        if (step < 2)
            g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_LIMIT);
        world_clear(&world);
    }
}

static void
a_preloaded_key_is_no_larger_step_either(void)
{
    for (int64_t step = 1; step <= 2; step++) {
        Scheme scheme = fixture_scheme("4");
        World world;
        Purse newer;
        Purse older;

        scheme.max_step = step;
        world_init(&world, &scheme);
        newer = world_purse(
            &world, &(PurseSpec){ .transfer_key = 3, .n_preloaded = 2, .preloaded = { 1, 3 } });
        older = world_purse(
            &world, &(PurseSpec){ .transfer_key = 1, .n_preloaded = 2, .preloaded = { 1, 3 } });
        g_assert_cmpint(world_settle(&world, &older, &newer, 0).outcome, ==,
                        step < 2 ? OUTCOME_REFUSED_LIMIT : OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE);
        world_clear(&world);
    }
}

/* ---- nonce-bits -------------------------------------------------------- */

static void
random_numbers_are_as_long_as_the_scheme_says(gconstpointer data)
{
    const DeliveryRow *row = data;

    for (int64_t bits = 8; bits <= SCHEME_NONCE_BITS_MAX; bits += 8) {
        Scheme scheme = fixture_scheme(row->embodiment);
        size_t n = (size_t)bits / 8;
        World world;
        Purse newer;
        Purse older;

        scheme.nonce_bits = bits;
        set_up_delivery(&world, &scheme, row, &newer, &older);
        g_assert_true(outcome_is_paid(world_settle(&world, &older, &newer, 4).outcome));
        g_assert_cmpuint(world_passed(&world, EXCHANGE_PERMISSION, SIDE_PAYER)->n_response, ==, n);
        g_assert_cmpuint(world_passed(&world, EXCHANGE_S2001, SIDE_PAYER)->n_response, ==, n);
        g_assert_cmpuint(world_passed(&world, EXCHANGE_S2002, SIDE_PAYEE)->n_command, ==, 16 + n);
        g_assert_cmpuint(world_passed(&world, EXCHANGE_S2002, SIDE_PAYEE)->n_response, ==, 16 + n);
        if (row->path == PATH_SYMMETRIC)
            g_assert_cmpuint(world_passed(&world, EXCHANGE_UPDATE, SIDE_PAYER)->n_command, ==,
                             24 + n + 20 + 16);
        world_clear(&world);
    }
}

/* ---- update-cipher ----------------------------------------------------- */

/* Somebody between the cards who knows which ID the newer one will send. */
static bool
exchange_id(const Part *part, gpointer user_data)
{
    const World *world = user_data;
    size_t at = SEAL_NONCE_BYTES + world->protocol.random_bytes;
    uint32_t mask = GUINT32_TO_BE(3 ^ 700);

    if (part->exchange == EXCHANGE_UPDATE && !part->is_response && part->data != NULL)
        for (size_t i = 0; i < sizeof mask; i++)
            part->data[at + i] ^= ((const uint8_t *)&mask)[i];
    return true;
}

static void
only_an_authenticated_cipher_keeps_its_id(gconstpointer data)
{
    SchemeUpdateCipher cipher = GPOINTER_TO_UINT(data);

    for (SchemeKeyAuth auth = 0; auth < N_KEY_AUTH; auth++) {
        Scheme scheme = fixture_scheme("1");
        bool passes = cipher == UPDATE_CIPHER_MALLEABLE && auth == KEY_AUTH_PEER;
        World world;
        Purse newer;
        Purse older;

        scheme.update_cipher = cipher;
        scheme.key_auth = auth;
        set_up_delivery(&world, &scheme, &delivery_rows[0], &newer, &older);
        world.hook = exchange_id;
        world.hook_data = &world;
        g_assert_cmpint(world_settle(&world, &older, &newer, 4).outcome, ==,
                        passes                         ? OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE
                        : cipher == UPDATE_CIPHER_AEAD ? OUTCOME_REFUSED_UPDATE_KEY
                                                       : OUTCOME_REFUSED_CERTIFICATE);
        g_assert_cmpuint(purse_transfer_key(&world, &older), ==, passes ? 700 : 1);
        /* the key is the true one all the same */
        g_assert_cmpint(keyring_twin(world.ring, older.memory.transfer_key) ==
                            newer.memory.transfer_key,
                        ==, passes);
        world_clear(&world);
    }
}

static void
every_cipher_pays_and_tells_another_key(gconstpointer data)
{
    SchemeUpdateCipher cipher = GPOINTER_TO_UINT(data);
    Scheme scheme = fixture_scheme("1");
    World world;
    Purse newer;
    Purse older;
    Purse stranger;

    scheme.update_cipher = cipher;
    set_up_delivery(&world, &scheme, &delivery_rows[0], &newer, &older);
    stranger = world_purse(&world, &(PurseSpec){ .transfer_key = 1, .update_key = 2 });
    g_assert_cmpint(world_settle(&world, &newer, &stranger, 4).outcome, ==,
                    OUTCOME_REFUSED_UPDATE_KEY);
    g_assert_cmpint(world_settle(&world, &newer, &older, 4).outcome, ==,
                    OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE);
    g_assert_cmpuint(world_passed(&world, EXCHANGE_UPDATE, SIDE_PAYEE)->n_command, ==,
                     cipher == UPDATE_CIPHER_AEAD ? 76 : 60);
    world_clear(&world);
}

static void
a_malleable_cipher_wants_long_random_numbers(void)
{
    Scheme scheme = fixture_scheme("1");

    scheme.update_cipher = UPDATE_CIPHER_MALLEABLE;
    scheme.nonce_bits = SCHEME_MALLEABLE_NONCE_BITS_MIN;
    g_assert_true(scheme_is_possible(&scheme, NULL));
    scheme.nonce_bits -= 8;
    g_assert_false(scheme_is_possible(&scheme, NULL));
    g_assert_true(scheme_set_embodiment(&scheme, "2")); /* nothing travels under an update key */
    g_assert_true(scheme_is_possible(&scheme, NULL));
}

/* ---- recovery ---------------------------------------------------------- */

static void
a_log_wants_long_random_numbers(void)
{
    Scheme scheme = fixture_scheme("2");

    scheme.nonce_bits = SCHEME_LOG_NONCE_BITS_MIN - 8;
    g_assert_true(scheme_is_possible(&scheme, NULL));
    scheme.recovery = RECOVERY_TORN_LOG;
    g_assert_false(scheme_is_possible(&scheme, NULL));
    scheme.nonce_bits += 8;
    g_assert_true(scheme_is_possible(&scheme, NULL));
}

/* 226 of the last debit: out of one card and into the other, both ways. */
static void
a_log_sends_a_challenge_in_four_messages(void)
{
    static const struct {
        Exchange exchange;
        Side side;
        size_t command;
        size_t response;
    } rows[] = {
        { EXCHANGE_S2001, SIDE_PAYER, 0, FIELD_CHALLENGE_BYTES },
        { EXCHANGE_S2002, SIDE_PAYEE, FIELD_CHALLENGE_BYTES, FIELD_CHALLENGE_BYTES },
        { EXCHANGE_S2003, SIDE_PAYER, FIELD_CHALLENGE_BYTES, 0 },
        { EXCHANGE_S2004, SIDE_PAYEE, 0, 0 },
    };
    size_t commands[2][G_N_ELEMENTS(rows)];
    size_t responses[2][G_N_ELEMENTS(rows)];

    for (guint log = 0; log < 2; log++) {
        Scheme scheme = fixture_scheme("1");
        World world;
        Purse payer;
        Purse payee;

        scheme.recovery = log ? RECOVERY_TORN_LOG : RECOVERY_NONE;
        world_init(&world, &scheme);
        payer = world_purse(&world, &(PurseSpec){ .balance = 10 });
        payee = world_purse(&world, &(PurseSpec){ .balance = 10 });
        g_assert_true(outcome_is_paid(world_settle(&world, &payer, &payee, 1).outcome));
        for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
            commands[log][i] = world_passed(&world, rows[i].exchange, rows[i].side)->n_command;
            responses[log][i] = world_passed(&world, rows[i].exchange, rows[i].side)->n_response;
        }
        world_clear(&world);
    }
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_cmpuint(commands[1][i], ==, commands[0][i] + rows[i].command);
        g_assert_cmpuint(responses[1][i], ==, responses[0][i] + rows[i].response);
    }
}

/* ---- uk-hint ----------------------------------------------------------- */

static void
a_hint_spares_what_would_be_in_vain(void)
{
    static const struct {
        const char *embodiment;
        uint32_t update_key;   /* of the newer card */
        uint32_t transfer_key; /* likewise */
        bool stops;
    } rows[] = {
        { "1", 2, 3, true }, { "1", 1, 3, false }, { "1", 2, 1, false },
        { "4", 2, 3, true }, { "3", 2, 3, false }, { "5", 2, 3, false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        PurseSpec spec = { .transfer_key = 1, .n_preloaded = 2, .preloaded = { 1, 3 } };
        Scheme scheme = fixture_scheme(rows[i].embodiment);
        Settlement seen;
        World world;
        Purse newer;
        Purse older;

        scheme.uk_hint = UK_HINT_COHORT;
        world_init(&world, &scheme);
        older = world_purse(&world, &spec);
        spec.transfer_key = rows[i].transfer_key;
        spec.update_key = rows[i].update_key;
        newer = world_purse(&world, &spec);
        seen = world_settle(&world, &older, &newer, 0);
        if (rows[i].stops) {
            g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_UPDATE_KEY);
            g_assert_cmpuint(seen.n_exchanges, ==, 4);
            g_assert_cmpint(seen.path, ==, PATH_NONE);
        } else {
            g_assert_true(outcome_is_paid(seen.outcome));
        }
        world_clear(&world);
    }
}

#define ADD(path, function) g_test_add_func("/options/" path, function)

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(range_rows); i++) {
        g_autofree char *transfer =
            g_strdup_printf("/options/range/judges-transfer-keys/%s", range_rows[i].name);
        g_autofree char *update =
            g_strdup_printf("/options/range/judges-update-keys/%s", range_rows[i].name);

        g_test_add_data_func(transfer, &range_rows[i], judges_transfer_keys);
        g_test_add_data_func(update, &range_rows[i], judges_update_keys);
    }
    ADD("range/lower-inclusive-swaps-the-key-under-an-id",
        lower_inclusive_swaps_the_key_under_an_id);
    ADD("range/embodiment-4-is-strict-in-each", embodiment_4_is_strict_in_every_range);
    ADD("range/the-last-id-is-refused-by-a-settlement", the_last_id_is_refused_by_a_settlement);
    ADD("expired/stops-what-the-option-says", an_expired_card_stops_what_the_option_says);
    ADD("expired/the-last-instant-before-the-day-is-still-valid",
        the_last_instant_before_the_day_is_still_valid);
    ADD("expired/the-terminals-clock-judges", the_terminals_clock_judges);
    ADD("expired/a-card-without-a-term-never-expires", a_card_without_a_term_never_expires);
    for (guint i = 0; i < G_N_ELEMENTS(ack_rows); i++) {
        g_autofree char *path = g_strdup_printf(
            "/options/update-ack/without-it-fails-three-exchanges-later/%s", ack_rows[i].name);

        g_test_add_data_func(
            path, &ack_rows[i],
            without_acknowledgement_the_value_transfer_fails_three_exchanges_later);
    }
    ADD("crl/a-revoked-card-stops-everything-in-its-scope",
        a_revoked_card_stops_everything_in_its_scope);
    ADD("crl/embodiments-without-certificates-have-none",
        embodiments_without_certificates_have_no_list);
    ADD("crl/expiry-is-judged-first", expiry_is_judged_before_the_list);
    ADD("crl/is-not-taken-if-forged-or-not-newer", a_list_that_is_forged_or_not_newer_is_not_taken);
    for (guint i = 0; i < G_N_ELEMENTS(balance_rows); i++) {
        g_autofree char *path = g_strdup_printf("/options/balance/%s", balance_rows[i].name);

        g_test_add_data_func(path, &balance_rows[i], balances_follow_the_option);
    }
    for (guint i = 0; i < G_N_ELEMENTS(rule_rows); i++)
        for (SchemeUkRule rule = 0; rule < N_UK_RULE; rule++) {
            RuleCase *c = g_new(RuleCase, 1);
            g_autofree char *path = g_strdup_printf("/options/uk-rule/%s/%s",
                                                    scheme_uk_rule_names[rule], rule_rows[i].name);

            *c = (RuleCase){ &rule_rows[i], rule };
            g_test_add_data_func_full(path, c, update_keys_follow_the_rule, g_free);
        }
    ADD("uk-rule/bidirectional-goes-both-ways", bidirectional_goes_both_ways);
    ADD("uk-rule/bidirectional-concerns-no-other-update", bidirectional_concerns_no_other_update);
    for (SchemeFig4Mac form = 0; form < N_FIG4_MAC; form++) {
        g_autofree char *reflection = g_strdup_printf(
            "/options/fig4-mac/%s/%s", scheme_fig4_mac_names[form],
            form == FIG4_MAC_SPEC ? "lets-a-reflection-mint" : "stops-a-reflection");
        g_autofree char *pays =
            g_strdup_printf("/options/fig4-mac/%s/pays", scheme_fig4_mac_names[form]);

        g_test_add_data_func(reflection, GUINT_TO_POINTER(form),
                             reflection_mints_only_where_both_challenges_have_one_form);
        g_test_add_data_func(pays, GUINT_TO_POINTER(form), every_form_pays);
    }
    for (guint i = 0; i < G_N_ELEMENTS(delivery_rows); i++) {
        static const struct {
            const char *name;
            GTestDataFunc function;
        } cases[] = {
            { "key-auth/what-the-issuer-signed-is-handed-on", what_the_issuer_signed_is_handed_on },
            { "key-auth/what-the-issuer-did-not-sign-is-refused",
              what_the_issuer_did_not_sign_is_refused },
            { "key-auth/a-touched-signature-is-refused", a_touched_signature_is_refused },
            { "max-step/a-card-takes-no-larger-step", a_card_takes_no_larger_step },
            { "nonce-bits/are-the-length-on-the-wire",
              random_numbers_are_as_long_as_the_scheme_says },
        };

        for (guint c = 0; c < G_N_ELEMENTS(cases); c++) {
            g_autofree char *path =
                g_strdup_printf("/options/%s/%s/%s", cases[c].name, delivery_rows[i].embodiment,
                                path_names[delivery_rows[i].path]);

            g_test_add_data_func(path, &delivery_rows[i], cases[c].function);
        }
    }
    ADD("max-step/a-preloaded-key-is-no-larger-step-either",
        a_preloaded_key_is_no_larger_step_either);
    for (SchemeUpdateCipher cipher = 0; cipher < N_UPDATE_CIPHER; cipher++) {
        g_autofree char *keeps =
            g_strdup_printf("/options/update-cipher/%s/%s", scheme_update_cipher_names[cipher],
                            cipher == UPDATE_CIPHER_AEAD ? "keeps-its-id" : "loses-its-id");
        g_autofree char *pays =
            g_strdup_printf("/options/update-cipher/%s/pays", scheme_update_cipher_names[cipher]);

        g_test_add_data_func(keeps, GUINT_TO_POINTER(cipher),
                             only_an_authenticated_cipher_keeps_its_id);
        g_test_add_data_func(pays, GUINT_TO_POINTER(cipher),
                             every_cipher_pays_and_tells_another_key);
    }
    ADD("update-cipher/malleable-wants-long-random-numbers",
        a_malleable_cipher_wants_long_random_numbers);
    ADD("recovery/a-log-wants-long-random-numbers", a_log_wants_long_random_numbers);
    ADD("recovery/a-log-sends-a-challenge-in-four-messages",
        a_log_sends_a_challenge_in_four_messages);
    ADD("uk-hint/spares-what-would-be-in-vain", a_hint_spares_what_would_be_in_vain);
    return g_test_run();
}
