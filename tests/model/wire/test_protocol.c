/* The order of exchanges, what each carries, the numbers of the steps and the
 * operations they cost: the tables of the specification's flowcharts, written
 * down a second time by hand. */
#include "tests/model/world.h"

#include "model/protocol/bytes.h"

#include <string.h>

typedef struct {
    size_t command;
    size_t response;
} Bytes;

/**
 * Row: one embodiment on one path in one suite
 * @update_keys: of the older and the newer card
 * @steps: of the older card between Sx004, of the newer between Sx005, of the older
 *   between Sx006
 */
typedef struct {
    const char *name;
    const char *embodiment;
    SuiteId suite;
    uint32_t update_keys[2];
    Path path;
    int terminal_series;
    size_t information;
    Bytes permission;
    Bytes obtaining;
    Bytes update;
    const char *steps[3];
} Row;

/* Lengths by hand. ID 4, key 16, term 2, R and challenges 16; certificate 8 + 2 + 2 +
 * public key + signature: 140, 268, 524. E under an update key: nonce 24, R 16, ID, key,
 * tag 16. E in an envelope: 80 + payload (p256), 128, 256. */
static const Row rows[] = {
    /* clang-format off */
    { "1", "1", SUITE_P256, { 1, 1 }, PATH_SYMMETRIC, 1, 6,
      { 0, 16 }, { 16, 76 }, { 76, 0 },
      { "S1102A", "S1102B", "S1103A S1104A" } },
    { "2", "2", SUITE_P256, { 1, 1 }, PATH_PUBLIC_KEY, 3, 146,
      { 140, 16 }, { 156, 164 }, { 164, 0 },
      { "S3102A", "S3102B S3103B", "S3103A S3104A S3105A" } },
    { "2-rsa-1024", "2", SUITE_RSA_1024, { 1, 1 }, PATH_PUBLIC_KEY, 3, 274,
      { 268, 16 }, { 284, 256 }, { 256, 0 },
      { "S3102A", "S3102B S3103B", "S3103A S3104A S3105A" } },
    { "2-rsa-2048", "2", SUITE_RSA_2048, { 1, 1 }, PATH_PUBLIC_KEY, 3, 530,
      { 524, 16 }, { 540, 512 }, { 512, 0 },
      { "S3102A", "S3102B S3103B", "S3103A S3104A S3105A" } },
    { "3-equal-update-keys", "3", SUITE_P256, { 2, 2 }, PATH_SYMMETRIC, 4, 150,
      { 0, 16 }, { 16, 76 }, { 76, 0 },
      { "S4102A", "S4102B", "S4103A S4104A" } },
    { "3-different-update-keys", "3", SUITE_P256, { 2, 1 }, PATH_PUBLIC_KEY, 5, 150,
      { 140, 16 }, { 156, 164 }, { 164, 0 },
      { "S5102A", "S5102B S5103B", "S5103A S5104A S5105A" } },
    { "4", "4", SUITE_P256, { 1, 1 }, PATH_SYMMETRIC, 6, 6,
      { 0, 16 }, { 16, 60 }, { 60, 0 },
      { "S6102A", "S6102B", "S6103A S6104A" } },
    { "4-public-key", "4-public-key", SUITE_P256, { 1, 1 }, PATH_PUBLIC_KEY, 6, 146,
      { 140, 16 }, { 156, 148 }, { 148, 0 },
      { "S3102A", "S3102B S3103B", "S3103A S3104A S3105A" } },
    { "4-by-update-key-equal", "4-by-update-key", SUITE_P256, { 3, 3 }, PATH_SYMMETRIC, 6, 150,
      { 0, 16 }, { 16, 60 }, { 60, 0 },
      { "S6102A", "S6102B", "S6103A S6104A" } },
    { "4-by-update-key-different", "4-by-update-key", SUITE_P256, { 2, 3 }, PATH_PUBLIC_KEY, 6, 150,
      { 140, 16 }, { 156, 148 }, { 148, 0 },
      { "S3102A", "S3102B S3103B", "S3103A S3104A S3105A" } },
    { "5-equal-update-keys", "5", SUITE_P256, { 4, 4 }, PATH_SYMMETRIC, 7, 150,
      { 0, 16 }, { 16, 76 }, { 76, 0 },
      { "S7102A", "S7102B", "S7103A S7104A" } },
    { "5-newer-update-key", "5", SUITE_P256, { 1, 2 }, PATH_PUBLIC_KEY, 8, 150,
      { 140, 16 }, { 156, 184 }, { 184, 0 },
      { "S8102A", "S8102B S8103B", "S8103A S8104A S8105A" } },
    { "5-newer-update-key-rsa-1024", "5", SUITE_RSA_1024, { 1, 2 }, PATH_PUBLIC_KEY, 8, 278,
      { 268, 16 }, { 284, 256 }, { 256, 0 },
      { "S8102A", "S8102B S8103B", "S8103A S8104A S8105A" } },
    { "5-newer-update-key-rsa-2048", "5", SUITE_RSA_2048, { 1, 2 }, PATH_PUBLIC_KEY, 8, 534,
      { 524, 16 }, { 540, 512 }, { 512, 0 },
      { "S8102A", "S8102B S8103B", "S8103A S8104A S8105A" } },
    /* clang-format on */
};

static Scheme
scheme_of(const Row *row)
{
    Scheme scheme = fixture_scheme(row->embodiment);

    scheme.suite = row->suite;
    return scheme;
}

/* ---- Order and contents ------------------------------------------------ */

static void
assert_passed(const World *world, guint i, Side side, const char *header, Bytes bytes)
{
    const Passed *passed = &world->passed[i];
    g_autofree char *found =
        g_strdup_printf("%02X%02X%02X%02X", passed->header[0], passed->header[1], passed->header[2],
                        passed->header[3]);

    g_assert_cmpint(passed->side, ==, side);
    g_assert_cmpstr(found, ==, header);
    g_assert_cmpuint(passed->n_command, ==, bytes.command);
    g_assert_cmpuint(passed->n_response, ==, bytes.response);
    g_assert_cmphex(passed->status, ==, 0x9000);
}

/* What one card says, the other hears: compares the relayed parts byte by byte. */
static void
assert_update_is_relayed(const World *world, const Row *row, guint at)
{
    const Passed *permission = &world->passed[at];
    const Passed *obtaining = &world->passed[at + 1];
    const Passed *update = &world->passed[at + 2];
    Side older = permission->side;
    const Passed *newer_information = world_passed(world, EXCHANGE_INFORMATION, side_other(older));
    const Passed *older_information = world_passed(world, EXCHANGE_INFORMATION, older);

    assert_same_bytes(obtaining->command + obtaining->n_command - 16, permission->response, 16);
    assert_same_bytes(update->command, obtaining->response, obtaining->n_response);
    if (row->path == PATH_PUBLIC_KEY) {
        assert_same_bytes(permission->command, newer_information->response, permission->n_command);
        assert_same_bytes(obtaining->command, older_information->response,
                          obtaining->n_command - 16);
    }
}

static void
assert_value_transfer_is_relayed(const World *world, guint at, Cents amount)
{
    const Passed *s2001 = &world->passed[at];
    const Passed *s2002 = &world->passed[at + 1];
    const Passed *s2003 = &world->passed[at + 2];
    const Passed *s2004 = &world->passed[at + 3];

    g_assert_cmpuint(bytes_get_u64(s2001->command), ==, (uint64_t)amount);
    g_assert_cmpuint(bytes_get_u64(s2001->command + 8), ==, (uint64_t)FIXTURE_DATE);
    assert_same_bytes(s2002->command, s2001->command, 16);
    assert_same_bytes(s2002->command + 16, s2001->response, 16);
    assert_same_bytes(s2003->command, s2002->response, 32);
    assert_same_bytes(s2004->command, s2003->response, 16);
}

typedef struct {
    const Row *row;
    bool payer_is_older;
    bool swapped;
    bool payer_on_t0;
} Case;

static void
follows_the_table(gconstpointer data)
{
    const Case *c = data;
    const Row *row = c->row;
    Scheme scheme = scheme_of(row);
    Side older_side = c->payer_is_older ? SIDE_PAYER : SIDE_PAYEE;
    World world;
    Purse older;
    Purse newer;
    Purse *payer = c->payer_is_older ? &older : &newer;
    Purse *payee = c->payer_is_older ? &newer : &older;
    char p1 = (char)('0' + row->path);
    char permission[] = "8030P100";
    char obtaining[] = "8032P100";
    char update[] = "8034P100";
    Settlement seen;

    permission[4] = obtaining[4] = update[4] = '0';
    permission[5] = obtaining[5] = update[5] = p1;
    world_init(&world, &scheme);
    world.swapped = c->swapped;
    world.links[SIDE_PAYER] = c->payer_on_t0 ? LINK_T_0 : LINK_T_CL;
    world.links[SIDE_PAYEE] = c->payer_on_t0 ? LINK_T_1 : LINK_T_CL;
    older = world_purse(&world, &(PurseSpec){ .transfer_key = 2,
                                              .update_key = row->update_keys[0],
                                              .n_preloaded = 1,
                                              .preloaded = { 5 },
                                              .balance = 1000 });
    newer = world_purse(
        &world,
        &(PurseSpec){ .transfer_key = 5, .update_key = row->update_keys[1], .balance = 1000 });
    seen = world_settle(&world, payer, payee, 300);

    g_assert_cmpstr(outcome_names[seen.outcome], ==,
                    row->path == PATH_SYMMETRIC ? "paid-after-symmetric-update"
                                                : "paid-after-public-key-update");
    g_assert_cmpint(seen.path, ==, row->path);
    g_assert_true(seen.payer_is_older == c->payer_is_older);
    g_assert_cmpuint(seen.n_exchanges, ==, 11);
    g_assert_cmpuint(seen.rounds, ==, 1);
    g_assert_cmpuint(world.n_passed, ==, 11);

    assert_passed(&world, 0, SIDE_PAYER, "00A40400", (Bytes){ 5, 9 });
    assert_passed(&world, 1, SIDE_PAYEE, "00A40400", (Bytes){ 5, 9 });
    assert_passed(&world, 2, SIDE_PAYER, "80CA0000", (Bytes){ 0, row->information });
    assert_passed(&world, 3, SIDE_PAYEE, "80CA0000", (Bytes){ 0, row->information });
    assert_passed(&world, 4, older_side, permission, row->permission);
    assert_passed(&world, 5, side_other(older_side), obtaining, row->obtaining);
    assert_passed(&world, 6, older_side, update, row->update);
    assert_passed(&world, 7, SIDE_PAYER, "80400000", (Bytes){ 16, 16 });
    assert_passed(&world, 8, SIDE_PAYEE, "80420000", (Bytes){ 32, 32 });
    assert_passed(&world, 9, SIDE_PAYER, "80440000", (Bytes){ 32, 16 });
    assert_passed(&world, 10, SIDE_PAYEE, "80460000", (Bytes){ 16, 0 });
    assert_update_is_relayed(&world, row, 4);
    assert_value_transfer_is_relayed(&world, 7, 300);

    g_assert_cmpuint(purse_transfer_key(&world, &older), ==, 5);
    g_assert_cmpuint(purse_transfer_key(&world, &newer), ==, 5);
    g_assert_cmpint(payer->memory.balance, ==, 700);
    g_assert_cmpint(payee->memory.balance, ==, 1300);
    world_clear(&world);
}

static const struct {
    const char *embodiment;
    size_t information;
} equal_rows[] = {
    { "1", 6 }, { "2", 146 }, { "3", 150 }, { "4", 6 }, { "5", 150 }, { "conventional", 6 },
};

static void
equal_ids_take_8_exchanges(gconstpointer data)
{
    guint row = GPOINTER_TO_UINT(data);
    Scheme scheme = fixture_scheme(equal_rows[row].embodiment);
    Bytes information = { 0, equal_rows[row].information };
    World world;
    Purse payer;
    Purse payee;
    Settlement seen;

    world_init(&world, &scheme);
    payer = world_purse(&world, &(PurseSpec){ .transfer_key = 3, .balance = 50 });
    payee = world_purse(&world, &(PurseSpec){ .transfer_key = 3, .balance = 1 });
    seen = world_settle(&world, &payer, &payee, 50);
    g_assert_cmpint(seen.outcome, ==, OUTCOME_PAID);
    g_assert_cmpint(seen.path, ==, PATH_NONE);
    g_assert_cmpuint(seen.n_exchanges, ==, 8);
    g_assert_cmpuint(seen.rounds, ==, 0);
    g_assert_cmpuint(world.n_passed, ==, 8);
    assert_passed(&world, 0, SIDE_PAYER, "00A40400", (Bytes){ 5, 9 });
    assert_passed(&world, 1, SIDE_PAYEE, "00A40400", (Bytes){ 5, 9 });
    assert_passed(&world, 2, SIDE_PAYER, "80CA0000", information);
    assert_passed(&world, 3, SIDE_PAYEE, "80CA0000", information);
    assert_passed(&world, 4, SIDE_PAYER, "80400000", (Bytes){ 16, 16 });
    assert_passed(&world, 5, SIDE_PAYEE, "80420000", (Bytes){ 32, 32 });
    assert_passed(&world, 6, SIDE_PAYER, "80440000", (Bytes){ 32, 16 });
    assert_passed(&world, 7, SIDE_PAYEE, "80460000", (Bytes){ 16, 0 });
    assert_value_transfer_is_relayed(&world, 4, 50);
    g_assert_cmpint(payer.memory.balance, ==, 0);
    g_assert_cmpint(payee.memory.balance, ==, 51);
    world_clear(&world);
}

/* Card information in its order: certificate, update-key ID, transfer-key ID, term. */
static void
card_information_has_its_fields_in_order(void)
{
    Scheme scheme = fixture_scheme("5");
    uint8_t certificate[256];
    const Passed *passed;
    World world;
    Purse payer;
    Purse payee;

    world_init(&world, &scheme);
    payer = world_purse(
        &world,
        &(PurseSpec){ .transfer_key = 0x01020304, .update_key = 0x0A0B0C0D, .expiry_day = 0x1122 });
    payee = world_purse(&world, &(PurseSpec){ .transfer_key = 0x01020304 });
    world_settle(&world, &payer, &payee, 0);
    passed = world_passed(&world, EXCHANGE_INFORMATION, SIDE_PAYER);
    certificate_write(&payer.credential.certificate, &suites[SUITE_P256], certificate);
    assert_same_bytes(passed->response, certificate, 140);
    g_assert_cmphex(bytes_get_u32(passed->response + 140), ==, 0x0A0B0C0D);
    g_assert_cmphex(bytes_get_u32(passed->response + 144), ==, 0x01020304);
    g_assert_cmphex(bytes_get_u16(passed->response + 148), ==, 0x1122);
    world_clear(&world);
}

/* ---- Numbers of the steps ---------------------------------------------- */

static void
assert_step_numbers(const Protocol *protocol, Path path, Exchange exchange, const char *expected)
{
    const ExchangePlan *plan = &protocol->plan[path][exchange];
    int series = protocol_card_series(&protocol->scheme, path);
    g_autoptr(GString) found = g_string_new(NULL);

    for (guint i = 0; i < plan->n_steps; i++) {
        const char *number = card_steps[plan->steps[i]].number;

        if (i > 0)
            g_string_append_c(found, ' ');
        if (number[0] == 'S')
            g_string_append(found, number);
        else
            g_string_append_printf(found, "S%d%s", series, number);
    }
    g_assert_cmpstr(found->str, ==, expected);
}

static void
steps_are_numbered_as_in_the_figures(gconstpointer data)
{
    const Row *row = data;
    Scheme scheme = scheme_of(row);
    Protocol protocol;

    protocol_init(&protocol, &scheme);
    g_assert_cmpint(protocol_terminal_series(&scheme, row->path), ==, row->terminal_series);
    assert_step_numbers(&protocol, row->path, EXCHANGE_PERMISSION, row->steps[0]);
    assert_step_numbers(&protocol, row->path, EXCHANGE_OBTAINING, row->steps[1]);
    assert_step_numbers(&protocol, row->path, EXCHANGE_UPDATE, row->steps[2]);
    assert_step_numbers(&protocol, row->path, EXCHANGE_S2001, "S2101A S2102A");
    assert_step_numbers(&protocol, row->path, EXCHANGE_S2002, "S2101B S2102B S2103B");
    assert_step_numbers(&protocol, row->path, EXCHANGE_S2003, "S2103A S2104A S2105A");
    assert_step_numbers(&protocol, row->path, EXCHANGE_S2004, "S2104B S2105B");
    g_assert_cmpuint(protocol.plan[row->path][EXCHANGE_SELECT].n_steps, ==, 0);
}

static void
without_update_the_symmetric_series_counts(void)
{
    static const struct {
        const char *embodiment;
        int series;
    } expected[] = { { "1", 1 }, { "2", 3 }, { "3", 4 }, { "4", 6 }, { "5", 7 } };

    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        Scheme scheme = fixture_scheme(expected[i].embodiment);

        g_assert_cmpint(protocol_terminal_series(&scheme, PATH_NONE), ==, expected[i].series);
        g_assert_cmpint(protocol_card_series(&scheme, PATH_NONE), ==, expected[i].series);
    }
}

static void
terminal_steps_are_numbered_in_order(void)
{
    static const char *const numbers[N_EXCHANGES] = { "001",   "002",   "004",   "005",  "006",
                                                      "S2001", "S2002", "S2003", "S2004" };

    for (Exchange exchange = 0; exchange < N_EXCHANGES; exchange++)
        g_assert_cmpstr(exchanges[exchange].number, ==, numbers[exchange]);
    g_assert_cmpstr(STEP_DECIDE_NUMBER, ==, "003");
}

/* ---- Which check ends a settlement how --------------------------------- */

/* What is wrong with the pair. */
typedef enum {
    NEWER_CERTIFICATE_FORGED,
    OLDER_CERTIFICATE_FORGED,
    NEWER_SIGNS_WITH_ANOTHER_KEY,
    OLDER_OPENS_WITH_ANOTHER_KEY,
    UPDATE_KEYS_DIFFER_UNSEEN,
    ABOVE_TRANSFER_KEY_LIMIT,
    NOT_PRELOADED,
    TRANSFER_KEYS_DIFFER_UNSEEN,
    BALANCE_TOO_SMALL,
} Fault;

/**
 * FaultRow:
 * @equal_ids: no update takes place
 * @n_exchanges: the settlement ends with this one
 * @updated: the key update stands
 */
typedef struct {
    const char *name;
    const char *embodiment;
    uint32_t update_keys[2];
    bool equal_ids;
    Fault fault;
    const char *outcome;
    uint16_t status;
    guint n_exchanges;
    CardStep step;
    bool updated;
} FaultRow;

static const FaultRow fault_rows[] = {
    /* clang-format off */
    { "newer-certificate/2", "2", { 1, 1 }, false, NEWER_CERTIFICATE_FORGED, "refused-certificate", 0x6602, 5, CARD_STEP_CHECK_NEWER, false },
    { "newer-certificate/3", "3", { 1, 2 }, false, NEWER_CERTIFICATE_FORGED, "refused-certificate", 0x6602, 5, CARD_STEP_CHECK_NEWER, false },
    { "newer-certificate/5", "5", { 1, 2 }, false, NEWER_CERTIFICATE_FORGED, "refused-certificate", 0x6602, 5, CARD_STEP_CHECK_NEWER, false },
    { "newer-certificate/4-public-key", "4-public-key", { 1, 1 }, false, NEWER_CERTIFICATE_FORGED, "refused-certificate", 0x6602, 5, CARD_STEP_CHECK_NEWER, false },
    { "older-certificate/2", "2", { 1, 1 }, false, OLDER_CERTIFICATE_FORGED, "refused-certificate", 0x6603, 6, CARD_STEP_CHECK_OLDER, false },
    { "older-certificate/5", "5", { 1, 2 }, false, OLDER_CERTIFICATE_FORGED, "refused-certificate", 0x6603, 6, CARD_STEP_CHECK_OLDER, false },
    { "signature/2", "2", { 1, 1 }, false, NEWER_SIGNS_WITH_ANOTHER_KEY, "refused-certificate", 0x6604, 7, CARD_STEP_CHECK_SIGNATURE, false },
    { "signature/5", "5", { 1, 2 }, false, NEWER_SIGNS_WITH_ANOTHER_KEY, "refused-certificate", 0x6604, 7, CARD_STEP_CHECK_SIGNATURE, false },
    { "envelope/2", "2", { 1, 1 }, false, OLDER_OPENS_WITH_ANOTHER_KEY, "refused-certificate", 0x6605, 7, CARD_STEP_OPEN, false },
    { "envelope/5", "5", { 1, 2 }, false, OLDER_OPENS_WITH_ANOTHER_KEY, "refused-certificate", 0x6605, 7, CARD_STEP_OPEN, false },
    { "update-random/1", "1", { 1, 2 }, false, UPDATE_KEYS_DIFFER_UNSEEN, "refused-update-key", 0x6601, 7, CARD_STEP_CHECK_RANDOM, false },
    { "update-random/4", "4", { 1, 2 }, false, UPDATE_KEYS_DIFFER_UNSEEN, "refused-update-key", 0x6601, 7, CARD_STEP_CHECK_RANDOM, false },
    { "update-random/5-one-id-two-keys", "5", { 1, 1 }, false, UPDATE_KEYS_DIFFER_UNSEEN, "refused-update-key", 0x6601, 7, CARD_STEP_CHECK_RANDOM, false },
    { "limit/1", "1", { 1, 1 }, false, ABOVE_TRANSFER_KEY_LIMIT, "refused-limit", 0x6606, 7, CARD_STEP_STORE, false },
    { "limit/2", "2", { 1, 1 }, false, ABOVE_TRANSFER_KEY_LIMIT, "refused-limit", 0x6606, 7, CARD_STEP_STORE_OPENED, false },
    { "limit/3-symmetric", "3", { 1, 1 }, false, ABOVE_TRANSFER_KEY_LIMIT, "refused-limit", 0x6606, 7, CARD_STEP_STORE, false },
    { "limit/3-public-key", "3", { 2, 1 }, false, ABOVE_TRANSFER_KEY_LIMIT, "refused-limit", 0x6606, 7, CARD_STEP_STORE_OPENED, false },
    { "limit/5-symmetric", "5", { 1, 1 }, false, ABOVE_TRANSFER_KEY_LIMIT, "refused-limit", 0x6606, 7, CARD_STEP_STORE, false },
    { "limit/5-public-key", "5", { 1, 2 }, false, ABOVE_TRANSFER_KEY_LIMIT, "refused-limit", 0x6606, 7, CARD_STEP_STORE_OPENED, false },
    { "preloaded/4", "4", { 1, 1 }, false, NOT_PRELOADED, "refused-limit", 0x6609, 7, CARD_STEP_STORE, false },
    { "preloaded/4-public-key", "4-public-key", { 1, 1 }, false, NOT_PRELOADED, "refused-limit", 0x6609, 7, CARD_STEP_STORE_OPENED, false },
    { "challenge-224/1", "1", { 1, 1 }, true, TRANSFER_KEYS_DIFFER_UNSEEN, "refused-authentication", 0x660A, 7, CARD_STEP_S2103A, false },
    { "challenge-224/conventional", "conventional", { 1, 1 }, true, TRANSFER_KEYS_DIFFER_UNSEEN, "refused-authentication", 0x660A, 7, CARD_STEP_S2103A, false },
    { "balance/1-equal", "1", { 1, 1 }, true, BALANCE_TOO_SMALL, "refused-balance", 0x9401, 5, CARD_STEP_S2101A, false },
    { "balance/1-after-update", "1", { 1, 1 }, false, BALANCE_TOO_SMALL, "refused-balance", 0x9401, 8, CARD_STEP_S2101A, true },
    { "balance/5-after-public-key-update", "5", { 1, 2 }, false, BALANCE_TOO_SMALL, "refused-balance", 0x9401, 8, CARD_STEP_S2101A, true },
    /* clang-format on */
};

static void
break_pair(World *world, Fault fault, Purse *older, Purse *newer)
{
    static const uint8_t other_key[KEYRING_KEY_BYTES] = "of another make";
    static const uint8_t other_seed[SEAL_SEED_BYTES] = "another seed altogether";
    uint8_t public_key[SEAL_PUBLIC_KEY_BYTES];
    SealSecret secret;

    seal_derive_keys(&secret, public_key, other_seed);
    switch (fault) {
    case NEWER_CERTIFICATE_FORGED:
        newer->credential.certificate.valid_until ^= 1;
        break;
    case OLDER_CERTIFICATE_FORGED:
        older->credential.certificate.valid_until ^= 1;
        break;
    case NEWER_SIGNS_WITH_ANOTHER_KEY:
        newer->credential.secret = secret;
        break;
    case OLDER_OPENS_WITH_ANOTHER_KEY:
        older->credential.secret = secret;
        break;
    case UPDATE_KEYS_DIFFER_UNSEEN:
        if (purse_update_key(world, older) == purse_update_key(world, newer))
            older->memory.update_key =
                keyring_adopt(world->ring, KEY_UPDATE, purse_update_key(world, newer), other_key);
        break;
    case TRANSFER_KEYS_DIFFER_UNSEEN:
        older->memory.transfer_key =
            keyring_adopt(world->ring, KEY_TRANSFER, purse_transfer_key(world, newer), other_key);
        break;
    case ABOVE_TRANSFER_KEY_LIMIT:
        older->profile.transfer_key_limit = purse_transfer_key(world, newer) - 1;
        break;
    case NOT_PRELOADED:
        older->profile.preloaded[0] = keyring_issue(world->ring, KEY_TRANSFER, 4);
        break;
    case BALANCE_TOO_SMALL:
        older->memory.balance = newer->memory.balance = 9;
        break;
    }
}

static void
ends_as_the_check_says(gconstpointer data)
{
    const FaultRow *row = data;
    Scheme scheme = fixture_scheme(row->embodiment);

    for (int payer_is_older = 0; payer_is_older < 2; payer_is_older++) {
        Side side_of_older = payer_is_older ? SIDE_PAYER : SIDE_PAYEE;
        World world;
        Purse older;
        Purse newer;
        CardMemory before[2];
        Side refuser;
        Settlement seen;

        world_init(&world, &scheme);
        older = world_purse(&world, &(PurseSpec){ .transfer_key = row->equal_ids ? 5 : 3,
                                                  .update_key = row->update_keys[0],
                                                  .n_preloaded = 1,
                                                  .preloaded = { 5 },
                                                  .balance = 10 });
        newer = world_purse(
            &world,
            &(PurseSpec){ .transfer_key = 5, .update_key = row->update_keys[1], .balance = 10 });
        break_pair(&world, row->fault, &older, &newer);
        before[0] = older.memory;
        before[1] = newer.memory;
        seen = payer_is_older ? world_settle(&world, &older, &newer, 10)
                              : world_settle(&world, &newer, &older, 10);
        g_assert_cmpstr(outcome_names[seen.outcome], ==, row->outcome);
        g_assert_cmphex(seen.status, ==, row->status);
        g_assert_false(seen.answered);
        g_assert_cmpuint(seen.n_exchanges, ==, row->n_exchanges);
        g_assert_cmpuint(world.n_passed, ==, row->n_exchanges);
        refuser = world.passed[world.n_passed - 1].side;
        g_assert_cmpint(world.course.log[refuser].refused, ==, row->step);
        g_assert_cmpint(world.course.log[side_other(refuser)].refused, ==, CARD_STEP_NONE);
        g_assert_cmpint(world.course.log[side_of_older].wrote != 0, ==, row->updated);
        if (row->updated)
            before[0].transfer_key = newer.memory.transfer_key;
        if (row->updated && scheme.update_key == UPDATE_KEY_TRAVELS)
            before[0].update_key = newer.memory.update_key;
        assert_same_memory(&older.memory, &before[0]);
        assert_same_memory(&newer.memory, &before[1]);
        world_clear(&world);
    }
}

/* 226 fails only if somebody tampers: the payer would have made it with the key that
 * checked 224. */
static bool
spoil_226(const Part *part, gpointer user_data)
{
    (void)user_data;
    if (part->exchange == EXCHANGE_S2004 && !part->is_response)
        part->data[0] ^= 1;
    return true;
}

static void
a_wrong_226_ends_after_the_debit(void)
{
    Scheme scheme = fixture_scheme("1");
    World world;
    Purse payer;
    Purse payee;
    Settlement seen;

    world_init(&world, &scheme);
    payer = world_purse(&world, &(PurseSpec){ .balance = 10 });
    payee = world_purse(&world, &(PurseSpec){ .balance = 10 });
    world.hook = spoil_226;
    seen = world_settle(&world, &payer, &payee, 4);
    g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_AUTHENTICATION);
    g_assert_cmphex(seen.status, ==, 0x660B);
    g_assert_cmpint(world.course.log[SIDE_PAYEE].refused, ==, CARD_STEP_S2104B);
    g_assert_cmpint(payer.memory.balance, ==, 6);
    g_assert_cmpint(payee.memory.balance, ==, 10);
    world_clear(&world);
}

/* A card that does not answer any more: what the terminal can say about it. */
typedef struct {
    guint number;
    bool response;
} Silence;

static bool
fall_silent(const Part *part, gpointer user_data)
{
    const Silence *silence = user_data;

    return part->number != silence->number || part->is_response != silence->response;
}

static void
a_silent_card_tears_the_settlement(void)
{
    Scheme scheme = fixture_scheme("5");

    for (Silence silence = { 0, false }; silence.number < 11; silence.number++)
        for (int response = 0; response < 2; response++) {
            World world;
            Purse older;
            Purse newer;
            Settlement seen;
            bool debited = silence.number > 9 || (silence.number == 9 && response);
            bool credited = silence.number == 10 && response;

            silence.response = response;
            world_init(&world, &scheme);
            older = world_purse(&world, &(PurseSpec){ .update_key = 1, .balance = 10 });
            newer = world_purse(&world,
                                &(PurseSpec){ .transfer_key = 2, .update_key = 2, .balance = 10 });
            world.hook = fall_silent;
            world.hook_data = &silence;
            seen = world_settle(&world, &newer, &older, 3);
            g_assert_cmpint(seen.outcome, ==,
                            silence.number < 9 ? OUTCOME_TORN_BEFORE_DEBIT
                                               : OUTCOME_TORN_AFTER_DEBIT);
            g_assert_cmpuint(seen.n_exchanges, ==, silence.number + 1);
            g_assert_cmphex(seen.status, ==, 0);
            g_assert_cmpint(newer.memory.balance, ==, debited ? 7 : 10);
            g_assert_cmpint(older.memory.balance, ==, credited ? 13 : 10);
            g_assert_cmpuint(purse_transfer_key(&world, &older), ==,
                             silence.number > 6 || (silence.number == 6 && response) ? 2 : 1);
            world_clear(&world);
        }
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *steps =
            g_strdup_printf("/protocol/%s/steps-are-numbered-as-in-the-figures", rows[i].name);

        for (guint bits = 0; bits < 8; bits++) {
            Case *c = g_new(Case, 1);
            g_autofree char *path = g_strdup_printf(
                "/protocol/%s/follows-the-table/payer-is-%s%s%s", rows[i].name,
                bits & 1 ? "older" : "newer", bits & 2 ? "-in-the-second-reader" : "",
                bits & 4 ? "-with-contacts" : "");

            *c = (Case){ &rows[i], (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0 };
            g_test_add_data_func_full(path, c, follows_the_table, g_free);
        }
        g_test_add_data_func(steps, &rows[i], steps_are_numbered_as_in_the_figures);
    }
    for (guint i = 0; i < G_N_ELEMENTS(equal_rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/protocol/%s/equal-ids-take-8-exchanges", equal_rows[i].embodiment);

        g_test_add_data_func(path, GUINT_TO_POINTER(i), equal_ids_take_8_exchanges);
    }
    g_test_add_func("/protocol/information/has-its-fields-in-order",
                    card_information_has_its_fields_in_order);
    g_test_add_func("/protocol/steps/without-update-the-symmetric-series-counts",
                    without_update_the_symmetric_series_counts);
    g_test_add_func("/protocol/steps/terminal-steps-are-numbered-in-order",
                    terminal_steps_are_numbered_in_order);
    for (guint i = 0; i < G_N_ELEMENTS(fault_rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/protocol/checks/%s/ends-as-the-check-says", fault_rows[i].name);

        g_test_add_data_func(path, &fault_rows[i], ends_as_the_check_says);
    }
    g_test_add_func("/protocol/checks/a-wrong-226-ends-after-the-debit",
                    a_wrong_226_ends_after_the_debit);
    g_test_add_func("/protocol/tears/a-silent-card-tears-the-settlement",
                    a_silent_card_tears_the_settlement);
    return g_test_run();
}
