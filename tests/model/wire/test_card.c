/* What a card answers to every command in every state, what it forgets, and that
 * nothing but a passed commit changes its memory. */
#include "tests/model/world.h"

#include "model/protocol/bytes.h"

#include <string.h>

/* One card in a reader and a second one that speaks for the rest of the world. */
typedef struct {
    World world;
    Purse purse;
    Purse other;
    Card *card;
    uint8_t response[APDU_BYTES_MAX];
    size_t n_response; /* status word not counted */
} Bench;

#define OWN_BALANCE 500

/* The card holds keys (1, 1), the other one (2, @other_update_key). */
static void
bench_init_scheme(Bench *bench, const Scheme *scheme, LinkProtocol link, uint32_t other_update_key)
{
    memset(bench, 0, sizeof *bench);
    world_init(&bench->world, scheme);
    bench->world.links[SIDE_PAYER] = bench->world.links[SIDE_PAYEE] = link;
    bench->purse = world_purse(&bench->world, &(PurseSpec){ .transfer_key = 1,
                                                            .update_key = 1,
                                                            .expiry_day = 0x0203,
                                                            .balance = OWN_BALANCE });
    bench->other = world_purse(
        &bench->world,
        &(PurseSpec){ .transfer_key = 2, .update_key = other_update_key, .balance = OWN_BALANCE });
    world_insert(&bench->world, SIDE_PAYER, &bench->purse);
    bench->card = world_card(&bench->world, SIDE_PAYER);
}

static void
bench_init(Bench *bench, LinkProtocol link)
{
    Scheme scheme = fixture_scheme("5");

    bench_init_scheme(bench, &scheme, link, 2);
}

static void
bench_clear(Bench *bench)
{
    world_clear(&bench->world);
}

static uint16_t
say_to(Bench *bench, Card *card, const uint8_t *bytes, size_t n)
{
    size_t n_response = card_process(card, bytes, n, bench->response);

    if (n_response == 0)
        return 0;
    g_assert_cmpuint(n_response, >=, APDU_STATUS_BYTES);
    bench->n_response = n_response - APDU_STATUS_BYTES;
    return bytes_get_u16(bench->response + bench->n_response);
}

#define LE_NONE 0
#define LE_MOST 256
#define LE_EXTENDED 65536

static uint16_t
command_to(Bench *bench, Card *card, uint32_t header, const uint8_t *data, size_t n_data,
           uint32_t n_expected)
{
    uint8_t bytes[APDU_BYTES_MAX];
    ApduCommand command = { .cla = (uint8_t)(header >> 24),
                            .ins = (uint8_t)(header >> 16),
                            .p1 = (uint8_t)(header >> 8),
                            .p2 = (uint8_t)header,
                            .extended = n_data > 255 || n_expected > 256,
                            .data = data,
                            .n_data = (uint32_t)n_data,
                            .n_expected = n_expected };

    return say_to(bench, card, bytes, apdu_write(&command, bytes));
}

static uint16_t
command(Bench *bench, uint32_t header, const uint8_t *data, size_t n_data, uint32_t n_expected)
{
    return command_to(bench, bench->card, header, data, n_data, n_expected);
}

static const uint8_t zeros[600];
static const uint8_t deal[48] = { 0, 0, 0, 0, 0, 0, 0, 9 }; /* 221 = 9 */

static size_t
put_certificate(const Bench *bench, const Purse *purse, uint8_t *out)
{
    const Suite *suite = bench->world.protocol.suite;

    certificate_write(&purse->credential.certificate, suite, out);
    return certificate_bytes(suite);
}

static uint16_t
select_service(Bench *bench)
{
    return command(bench, 0x00A40400, settlement_service, sizeof settlement_service,
                   bench->card->reader.protocol == LINK_T_0 ? LE_NONE : LE_MOST);
}

static void
bring_to(Bench *bench, CardState state)
{
    uint8_t certificate[FIELD_MOST_BYTES];
    size_t n;

    if (bench->card->ram.state != CARD_OFF)
        world_remove(&bench->world, SIDE_PAYER);
    if (state == CARD_OFF)
        return;
    world_insert(&bench->world, SIDE_PAYER, &bench->purse);
    if (state == CARD_UNSELECTED)
        return;
    g_assert_cmphex(select_service(bench), ==, 0x9000);
    switch (state) {
    case CARD_GAVE_RANDOM:
        g_assert_cmphex(command(bench, 0x80300100, NULL, 0, LE_MOST), ==, 0x9000);
        break;
    case CARD_GAVE_RANDOM_PUBLIC_KEY:
        n = put_certificate(bench, &bench->other, certificate);
        g_assert_cmphex(command(bench, 0x80300200, certificate, n, LE_MOST), ==, 0x9000);
        break;
    case CARD_PAYER_PENDING:
        g_assert_cmphex(command(bench, 0x80400000, deal, 16, LE_MOST), ==, 0x9000);
        break;
    case CARD_PAYEE_PENDING:
        g_assert_cmphex(command(bench, 0x80420000, deal, 32, LE_MOST), ==, 0x9000);
        break;
    default:
        break;
    }
    g_assert_cmpint(bench->card->ram.state, ==, state);
}

/* ---- Every command in every state -------------------------------------- */

/* Data of a command in the table. */
typedef enum {
    NOTHING,
    ZEROS,
    DEAL,     /* 221 = 9, then zeros */
    TOO_MUCH, /* 221 = 2^63 - 1 */
    NEGATIVE, /* 221 = 2^63 */
    SERVICE,  /* AID, then zeros */
    OTHER_SERVICE,
    PEER_CERTIFICATE, /* right one, then zeros */
} Data;

/**
 * CommandRow: T=CL, embodiment 5, suite p256
 * @answers: status word and state afterwards in the states unselected, selected,
 *   gave R, gave R (public key), payer pending, payee pending. States: U unselected,
 *   S selected, R gave R, K gave R (public key), P payer, Q payee pending, = as
 *   before. Without power there is no answer, whatever the command.
 */
typedef struct {
    const char *name;
    uint32_t header;
    Data data;
    size_t n_data;
    uint32_t n_expected;
    const char *answers[6];
} CommandRow;

/* clang-format off */
#define ALWAYS(a) { a, a, a, a, a, a }
#define AFTER_SELECTION(a) { "6985=", a, a, a, a, a }
static const CommandRow command_rows[] = {
    { "select", 0x00A40400, SERVICE, 5, LE_MOST, ALWAYS("9000S") },
    { "select/exact-le", 0x00A40400, SERVICE, 5, 9, ALWAYS("9000S") },
    { "select/short-le", 0x00A40400, SERVICE, 5, 8, ALWAYS("6C09U") },
    { "select/another-service", 0x00A40400, OTHER_SERVICE, 5, LE_MOST, ALWAYS("6A82U") },
    { "select/part-of-the-name", 0x00A40400, SERVICE, 4, LE_MOST, ALWAYS("6A82U") },
    { "select/more-than-the-name", 0x00A40400, SERVICE, 6, LE_MOST, ALWAYS("6A82U") },
    { "select/no-name", 0x00A40400, NOTHING, 0, LE_MOST, ALWAYS("6A82U") },
    { "select/p1-0", 0x00A40000, SERVICE, 5, LE_MOST, ALWAYS("6A86U") },
    { "select/p1-1", 0x00A40100, SERVICE, 5, LE_MOST, ALWAYS("6A86U") },
    { "select/p2-12", 0x00A4040C, SERVICE, 5, LE_MOST, ALWAYS("6A86U") },
    { "select/settlement-class", 0x80A40400, SERVICE, 5, LE_MOST, ALWAYS("6D00=") },

    { "information", 0x80CA0000, NOTHING, 0, LE_MOST, AFTER_SELECTION("9000S") },
    { "information/exact-le", 0x80CA0000, NOTHING, 0, 150, AFTER_SELECTION("9000S") },
    { "information/no-le", 0x80CA0000, NOTHING, 0, LE_NONE, AFTER_SELECTION("6196S") },
    { "information/short-le", 0x80CA0000, NOTHING, 0, 149, AFTER_SELECTION("6C96=") },
    { "information/with-data", 0x80CA0000, ZEROS, 1, LE_MOST, ALWAYS("6700=") },
    { "information/p1-1", 0x80CA0100, NOTHING, 0, LE_MOST, ALWAYS("6A86=") },
    { "information/p1-2", 0x80CA0200, NOTHING, 0, LE_MOST, ALWAYS("6A86=") },
    { "information/p1-3", 0x80CA0300, NOTHING, 0, LE_MOST, ALWAYS("6A86=") },
    { "information/p2-1", 0x80CA0001, NOTHING, 0, LE_MOST, ALWAYS("6A86=") },
    { "information/interindustry-class", 0x00CA0000, NOTHING, 0, LE_MOST, ALWAYS("6D00=") },

    { "permission/p1-0", 0x80300000, NOTHING, 0, LE_MOST, ALWAYS("6A86=") },
    { "permission/p1-1", 0x80300100, NOTHING, 0, LE_MOST, AFTER_SELECTION("9000R") },
    { "permission/p1-1/short-le", 0x80300100, NOTHING, 0, 15, AFTER_SELECTION("6C10=") },
    { "permission/p1-1/with-data", 0x80300100, ZEROS, 16, LE_MOST, ALWAYS("6700=") },
    { "permission/p1-1/with-certificate", 0x80300100, PEER_CERTIFICATE, 140, LE_MOST, ALWAYS("6700=") },
    { "permission/p1-2", 0x80300200, PEER_CERTIFICATE, 140, LE_MOST, AFTER_SELECTION("9000K") },
    { "permission/p1-2/short-le", 0x80300200, PEER_CERTIFICATE, 140, 1, AFTER_SELECTION("6C10=") },
    { "permission/p1-2/no-certificate", 0x80300200, NOTHING, 0, LE_MOST, ALWAYS("6700=") },
    { "permission/p1-2/false-certificate", 0x80300200, ZEROS, 140, LE_MOST, AFTER_SELECTION("6602S") },
    { "permission/p1-2/short", 0x80300200, PEER_CERTIFICATE, 139, LE_MOST, ALWAYS("6700=") },
    { "permission/p1-2/long", 0x80300200, PEER_CERTIFICATE, 141, LE_MOST, ALWAYS("6700=") },
    { "permission/p1-2/very-long", 0x80300200, ZEROS, 600, LE_EXTENDED, ALWAYS("6700=") },
    { "permission/p1-3", 0x80300300, NOTHING, 0, LE_MOST, ALWAYS("6A86=") },

    { "obtaining/p1-0", 0x80320000, ZEROS, 16, LE_MOST, ALWAYS("6A86=") },
    { "obtaining/p1-1", 0x80320100, ZEROS, 16, LE_MOST, AFTER_SELECTION("9000S") },
    { "obtaining/p1-1/short-le", 0x80320100, ZEROS, 16, 75, AFTER_SELECTION("6C4C=") },
    { "obtaining/p1-1/no-random", 0x80320100, NOTHING, 0, LE_MOST, ALWAYS("6700=") },
    { "obtaining/p1-1/short", 0x80320100, ZEROS, 15, LE_MOST, ALWAYS("6700=") },
    { "obtaining/p1-1/long", 0x80320100, ZEROS, 17, LE_MOST, ALWAYS("6700=") },
    { "obtaining/p1-2", 0x80320200, PEER_CERTIFICATE, 156, LE_MOST, AFTER_SELECTION("9000S") },
    { "obtaining/p1-2/false-certificate", 0x80320200, ZEROS, 156, LE_MOST, AFTER_SELECTION("6603S") },
    { "obtaining/p1-2/no-data", 0x80320200, NOTHING, 0, LE_MOST, ALWAYS("6700=") },
    { "obtaining/p1-2/no-certificate", 0x80320200, ZEROS, 16, LE_MOST, ALWAYS("6700=") },
    { "obtaining/p1-2/long", 0x80320200, PEER_CERTIFICATE, 157, LE_MOST, ALWAYS("6700=") },
    { "obtaining/p1-3", 0x80320300, ZEROS, 16, LE_MOST, ALWAYS("6A86=") },

    { "update/p1-0", 0x80340000, ZEROS, 76, LE_NONE, ALWAYS("6A86=") },
    { "update/p1-1/false", 0x80340100, ZEROS, 76, LE_NONE, { "6985=", "6985=", "6601S", "6985S", "6985S", "6985S" } },
    { "update/p1-1/no-data", 0x80340100, NOTHING, 0, LE_NONE, ALWAYS("6700=") },
    { "update/p1-1/short", 0x80340100, ZEROS, 75, LE_NONE, ALWAYS("6700=") },
    { "update/p1-1/long", 0x80340100, ZEROS, 77, LE_NONE, ALWAYS("6700=") },
    { "update/p1-2/false", 0x80340200, ZEROS, 184, LE_NONE, { "6985=", "6985=", "6985S", "6604S", "6985S", "6985S" } },
    { "update/p1-2/no-data", 0x80340200, NOTHING, 0, LE_NONE, ALWAYS("6700=") },
    { "update/p1-2/short", 0x80340200, ZEROS, 183, LE_NONE, ALWAYS("6700=") },
    { "update/p1-2/long", 0x80340200, ZEROS, 185, LE_NONE, ALWAYS("6700=") },
    { "update/p1-3", 0x80340300, ZEROS, 76, LE_NONE, ALWAYS("6A86=") },

    { "s2001", 0x80400000, DEAL, 16, LE_MOST, AFTER_SELECTION("9000P") },
    { "s2001/more-than-the-balance", 0x80400000, TOO_MUCH, 16, LE_MOST, AFTER_SELECTION("9401S") },
    { "s2001/negative", 0x80400000, NEGATIVE, 16, LE_MOST, AFTER_SELECTION("9401S") },
    { "s2001/short-le", 0x80400000, DEAL, 16, 15, AFTER_SELECTION("6C10=") },
    { "s2001/no-data", 0x80400000, NOTHING, 0, LE_MOST, ALWAYS("6700=") },
    { "s2001/short", 0x80400000, DEAL, 15, LE_MOST, ALWAYS("6700=") },
    { "s2001/long", 0x80400000, DEAL, 17, LE_MOST, ALWAYS("6700=") },
    { "s2001/p1-1", 0x80400100, DEAL, 16, LE_MOST, ALWAYS("6A86=") },
    { "s2001/p1-2", 0x80400200, DEAL, 16, LE_MOST, ALWAYS("6A86=") },
    { "s2001/p1-3", 0x80400300, DEAL, 16, LE_MOST, ALWAYS("6A86=") },

    { "s2002", 0x80420000, DEAL, 32, LE_MOST, AFTER_SELECTION("9000Q") },
    { "s2002/more-than-a-card-holds", 0x80420000, TOO_MUCH, 32, LE_MOST, AFTER_SELECTION("9402S") },
    { "s2002/negative", 0x80420000, NEGATIVE, 32, LE_MOST, AFTER_SELECTION("9402S") },
    { "s2002/short-le", 0x80420000, DEAL, 32, 31, AFTER_SELECTION("6C20=") },
    { "s2002/no-data", 0x80420000, NOTHING, 0, LE_MOST, ALWAYS("6700=") },
    { "s2002/short", 0x80420000, DEAL, 31, LE_MOST, ALWAYS("6700=") },
    { "s2002/long", 0x80420000, DEAL, 33, LE_MOST, ALWAYS("6700=") },
    { "s2002/p1-1", 0x80420100, DEAL, 32, LE_MOST, ALWAYS("6A86=") },
    { "s2002/p1-2", 0x80420200, DEAL, 32, LE_MOST, ALWAYS("6A86=") },
    { "s2002/p1-3", 0x80420300, DEAL, 32, LE_MOST, ALWAYS("6A86=") },

    { "s2003/false", 0x80440000, ZEROS, 32, LE_MOST, { "6985=", "6985=", "6985S", "6985S", "660AS", "6985S" } },
    { "s2003/short-le", 0x80440000, ZEROS, 32, 15, { "6985=", "6985=", "6985S", "6985S", "6C10=", "6985S" } },
    { "s2003/no-data", 0x80440000, NOTHING, 0, LE_MOST, ALWAYS("6700=") },
    { "s2003/short", 0x80440000, ZEROS, 31, LE_MOST, ALWAYS("6700=") },
    { "s2003/long", 0x80440000, ZEROS, 33, LE_MOST, ALWAYS("6700=") },
    { "s2003/p1-1", 0x80440100, ZEROS, 32, LE_MOST, ALWAYS("6A86=") },
    { "s2003/p1-2", 0x80440200, ZEROS, 32, LE_MOST, ALWAYS("6A86=") },
    { "s2003/p1-3", 0x80440300, ZEROS, 32, LE_MOST, ALWAYS("6A86=") },

    { "s2004/false", 0x80460000, ZEROS, 16, LE_NONE, { "6985=", "6985=", "6985S", "6985S", "6985S", "660BS" } },
    { "s2004/no-data", 0x80460000, NOTHING, 0, LE_NONE, ALWAYS("6700=") },
    { "s2004/short", 0x80460000, ZEROS, 15, LE_NONE, ALWAYS("6700=") },
    { "s2004/long", 0x80460000, ZEROS, 17, LE_NONE, ALWAYS("6700=") },
    { "s2004/p1-1", 0x80460100, ZEROS, 16, LE_NONE, ALWAYS("6A86=") },
    { "s2004/p1-2", 0x80460200, ZEROS, 16, LE_NONE, ALWAYS("6A86=") },
    { "s2004/p1-3", 0x80460300, ZEROS, 16, LE_NONE, ALWAYS("6A86=") },

    { "get-response/nothing-held", 0x00C00000, NOTHING, 0, LE_MOST, ALWAYS("6985=") },
    { "get-response/settlement-class", 0x80C00000, NOTHING, 0, LE_MOST, ALWAYS("6D00=") },
    { "unknown-instruction", 0x80B00000, NOTHING, 0, LE_MOST, ALWAYS("6D00=") },
    { "unknown-instruction/next-to-a-known-one", 0x80310100, NOTHING, 0, LE_MOST, ALWAYS("6D00=") },
    { "unknown-instruction/interindustry-class", 0x00B00000, NOTHING, 0, LE_MOST, ALWAYS("6D00=") },
    { "unknown-class", 0x20CA0000, NOTHING, 0, LE_MOST, ALWAYS("6E00=") },
    { "unknown-class/secure-messaging", 0x84CA0000, NOTHING, 0, LE_MOST, ALWAYS("6E00=") },
    { "unknown-class/channel-1", 0x01A40400, SERVICE, 5, LE_MOST, ALWAYS("6E00=") },
    { "chain/first-of-s2001", 0x90400000, DEAL, 8, LE_NONE, ALWAYS("9000=") },
    { "chain/first-of-update", 0x90340100, ZEROS, 38, LE_NONE, ALWAYS("9000=") },
    { "chain/no-data", 0x90400000, NOTHING, 0, LE_NONE, ALWAYS("6700=") },
};
/* clang-format on */

static size_t
make_data(const Bench *bench, Data kind, size_t n, uint8_t *out)
{
    memset(out, 0, 600);
    switch (kind) {
    case DEAL:
        memcpy(out, deal, sizeof deal);
        break;
    case TOO_MUCH:
        bytes_put_u64(out, INT64_MAX);
        break;
    case NEGATIVE:
        bytes_put_u64(out, (uint64_t)1 << 63);
        break;
    case SERVICE:
        memcpy(out, settlement_service, sizeof settlement_service);
        break;
    case OTHER_SERVICE:
        memcpy(out, settlement_service, sizeof settlement_service);
        out[4] ^= 3;
        break;
    case PEER_CERTIFICATE:
        put_certificate(bench, &bench->other, out);
        break;
    case NOTHING:
    case ZEROS:
        break;
    }
    return n;
}

static const CardState states_with_power[] = { CARD_UNSELECTED,    CARD_SELECTED,
                                               CARD_GAVE_RANDOM,   CARD_GAVE_RANDOM_PUBLIC_KEY,
                                               CARD_PAYER_PENDING, CARD_PAYEE_PENDING };

static void
assert_answer(const Bench *bench, CardState before, uint16_t status, const char *expected)
{
    static const char letters[N_CARD_STATES] = "OUSRKPQ";
    char letter = expected[4] == '=' ? letters[before] : expected[4];
    g_autofree char *wanted = g_strdup_printf("%.4s%c", expected, letter);
    g_autofree char *found = g_strdup_printf("%04X%c", status, letters[bench->card->ram.state]);

    g_assert_cmpstr(found, ==, wanted);
}

static void
answers_as_the_table_says(gconstpointer data)
{
    const CommandRow *row = data;
    uint8_t bytes[600];
    CardMemory before;
    Bench bench;
    size_t n;

    bench_init(&bench, LINK_T_CL);
    before = bench.purse.memory;
    n = make_data(&bench, row->data, row->n_data, bytes);
    for (guint i = 0; i < G_N_ELEMENTS(states_with_power); i++) {
        uint16_t status;

        bring_to(&bench, states_with_power[i]);
        status = command(&bench, row->header, bytes, n, row->n_expected);
        assert_answer(&bench, states_with_power[i], status, row->answers[i]);
        if (status != 0x9000)
            g_assert_cmpuint(bench.n_response, ==, 0);
        assert_same_memory(&bench.purse.memory, &before);
        g_assert_cmpuint(bench.card->log.wrote, ==, 0);
    }
    bring_to(&bench, CARD_OFF);
    g_assert_cmphex(command(&bench, row->header, bytes, n, row->n_expected), ==, 0);
    g_assert_cmpint(bench.card->ram.state, ==, CARD_OFF);
    bench_clear(&bench);
}

static void
refuses_what_is_no_apdu(void)
{
    static const uint8_t malformed[][8] = {
        { 0x80, 0x40, 0x00 },
        { 0x80, 0x40, 0x00, 0x00, 0x10, 0x01, 0x02 },
        { 0x80, 0x40, 0x00, 0x00, 0x01, 0x01, 0x02, 0x03 },
        { 0x80, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 },
    };
    static const size_t lengths[] = { 3, 7, 8, 8 };
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    for (guint i = 0; i < G_N_ELEMENTS(states_with_power); i++)
        for (guint m = 0; m < G_N_ELEMENTS(lengths); m++) {
            bring_to(&bench, states_with_power[i]);
            assert_answer(&bench, states_with_power[i],
                          say_to(&bench, bench.card, malformed[m], lengths[m]), "6700=");
        }
    bench_clear(&bench);
}

/* Every class and instruction that the table does not know, in every state. */
static void
refuses_every_other_instruction_and_class(void)
{
    static const uint8_t known[] = { 0xCA, 0x30, 0x32, 0x34, 0x40, 0x42, 0x44, 0x46 };
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    for (guint i = 0; i < G_N_ELEMENTS(states_with_power); i++)
        for (uint32_t byte = 0; byte < 256; byte++) {
            bring_to(&bench, states_with_power[i]);
            if (memchr(known, (int)byte, sizeof known) == NULL)
                assert_answer(&bench, states_with_power[i],
                              command(&bench, 0x80000000 | byte << 16, zeros, 4, LE_MOST), "6D00=");
            if (byte != 0xA4 && byte != 0xC0)
                assert_answer(&bench, states_with_power[i],
                              command(&bench, byte << 16, zeros, 4, LE_MOST), "6D00=");
            if (byte != 0x00 && byte != 0x80 && (byte & 0x10) == 0)
                assert_answer(&bench, states_with_power[i],
                              command(&bench, byte << 24 | 0x400000, deal, 16, LE_MOST), "6E00=");
        }
    bench_clear(&bench);
}

/* A path that the scheme does not have is a wrong parameter. */
static void
serves_only_the_paths_of_its_scheme(void)
{
    static const struct {
        const char *embodiment;
        bool paths[4]; /* for P1 = 0 to 3 */
    } expected[] = {
        { "1", { false, true, false, false } },
        { "2", { false, false, true, false } },
        { "3", { false, true, true, false } },
        { "4", { false, true, false, false } },
        { "4-public-key", { false, false, true, false } },
        { "5", { false, true, true, false } },
        { "conventional", { false, false, false, false } },
        { "mondex", { false, false, false, false } },
    };
    static const uint32_t headers[] = { 0x80300000, 0x80320000, 0x80340000 };

    for (guint e = 0; e < G_N_ELEMENTS(expected); e++) {
        Scheme scheme = fixture_scheme(expected[e].embodiment);
        Bench bench;

        bench_init_scheme(&bench, &scheme, LINK_T_CL, 1);
        bring_to(&bench, CARD_SELECTED);
        for (guint h = 0; h < G_N_ELEMENTS(headers); h++)
            for (uint32_t p1 = 0; p1 < 4; p1++) /* 5 bytes are never the right length */
                g_assert_cmphex(command(&bench, headers[h] | p1 << 8, zeros, 5, LE_MOST), ==,
                                expected[e].paths[p1] ? 0x6700 : 0x6A86);
        bench_clear(&bench);
    }
}

/* ---- Chains ------------------------------------------------------------ */

static void
a_chain_is_one_command(void)
{
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    bring_to(&bench, CARD_SELECTED);
    g_assert_cmphex(command(&bench, 0x90400000, deal, 7, LE_NONE), ==, 0x9000);
    g_assert_cmphex(command(&bench, 0x90400000, deal + 7, 1, LE_NONE), ==, 0x9000);
    g_assert_cmpint(bench.card->ram.state, ==, CARD_SELECTED);
    g_assert_cmphex(command(&bench, 0x80400000, deal + 8, 8, LE_MOST), ==, 0x9000);
    g_assert_cmpint(bench.card->ram.state, ==, CARD_PAYER_PENDING);
    g_assert_cmpuint(bench.n_response, ==, 16);
    g_assert_cmpuint(bytes_get_u64(bench.card->ram.deal.terms), ==, 9);
    bench_clear(&bench);
}

static void
a_chain_ends_with_its_own_command(void)
{
    static const uint32_t strangers[] = { 0x80420000, 0x80400100, 0x80400001, 0x00400000 };
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    for (guint i = 0; i < G_N_ELEMENTS(strangers); i++) {
        bring_to(&bench, CARD_SELECTED);
        g_assert_cmphex(command(&bench, 0x90400000, deal, 8, LE_NONE), ==, 0x9000);
        g_assert_cmphex(command(&bench, strangers[i], deal, 8, LE_MOST), ==, 0x6883);
        /* the chain is forgotten: what follows stands alone */
        g_assert_cmphex(command(&bench, 0x80400000, deal, 8, LE_MOST), ==, 0x6700);
        g_assert_cmphex(command(&bench, 0x80400000, deal, 16, LE_MOST), ==, 0x9000);
    }
    bench_clear(&bench);
}

static void
a_chain_that_grows_too_long_is_dropped(void)
{
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    bring_to(&bench, CARD_SELECTED);
    for (int i = 0; i < APDU_BYTES_MAX / 255; i++)
        g_assert_cmphex(command(&bench, 0x90340200, zeros, 255, LE_NONE), ==, 0x9000);
    g_assert_cmphex(command(&bench, 0x90340200, zeros, 255, LE_NONE), ==, 0x6700);
    g_assert_cmphex(command(&bench, 0x80400000, deal, 16, LE_MOST), ==, 0x9000);
    bench_clear(&bench);
}

/* ---- What is committed when -------------------------------------------- */

/* What both cards hold may change in one exchange each, and in no other. */
typedef struct {
    Purse *purses[N_SIDES];
    CardMemory last[N_SIDES];
    guint n_changes;
} Diary;

static bool
note_change(const Part *part, gpointer user_data)
{
    Diary *diary = user_data;

    for (Side side = 0; side < N_SIDES; side++) {
        const CardMemory *now = &diary->purses[side]->memory;
        const CardMemory *before = &diary->last[side];
        bool balance = now->balance != before->balance;
        bool keys =
            now->transfer_key != before->transfer_key || now->update_key != before->update_key;

        if (balance)
            g_assert_true(part->is_response && part->side == side &&
                          part->exchange == (side == SIDE_PAYER ? EXCHANGE_S2003 : EXCHANGE_S2004));
        if (keys)
            g_assert_true(part->is_response && part->side == side &&
                          part->exchange == EXCHANGE_UPDATE);
        diary->n_changes += balance || keys ? 1U : 0U;
        diary->last[side] = *now;
    }
    return true;
}

static void
memory_changes_in_commits_only(gconstpointer data)
{
    const char *embodiment = data;

    for (int payer_is_older = 0; payer_is_older < 2; payer_is_older++)
        for (uint32_t update_key = 1; update_key < 3; update_key++) {
            Scheme scheme = fixture_scheme(embodiment);
            bool reaches = scheme.authenticate != AUTHENTICATE_COMMON_KEY || update_key == 1;
            Bench bench;
            Diary diary;

            bench_init_scheme(&bench, &scheme, LINK_T_CL, update_key);
            bring_to(&bench, CARD_OFF);
            bench.purse.profile.n_preloaded = 1;
            bench.purse.profile.preloaded[0] = bench.other.memory.transfer_key;
            diary = (Diary){ .purses = { payer_is_older ? &bench.purse : &bench.other,
                                         payer_is_older ? &bench.other : &bench.purse } };
            for (Side side = 0; side < N_SIDES; side++)
                diary.last[side] = diary.purses[side]->memory;
            bench.world.hook = note_change;
            bench.world.hook_data = &diary;
            world_settle(&bench.world, diary.purses[SIDE_PAYER], diary.purses[SIDE_PAYEE], 9);
            g_assert_cmpuint(diary.n_changes, ==, reaches ? 3 : 0);
            bench_clear(&bench);
        }
}

/* ---- Random numbers serve once ----------------------------------------- */

/* The other card answers Sx005 for the R in @bench->response; @data: E [, signature]. */
static size_t
obtain(Bench *bench, Path path, uint8_t *data)
{
    Card *card = world_card(&bench->world, SIDE_PAYEE);
    uint8_t request[FIELD_MOST_BYTES];
    size_t n = path == PATH_PUBLIC_KEY ? put_certificate(bench, &bench->purse, request) : 0;

    memcpy(request + n, bench->response, 16);
    world_insert(&bench->world, SIDE_PAYEE, &bench->other);
    g_assert_cmphex(command_to(bench, card, 0x00A40400, settlement_service, 5, LE_MOST), ==,
                    0x9000);
    g_assert_cmphex(command_to(bench, card, path == PATH_PUBLIC_KEY ? 0x80320200 : 0x80320100,
                               request, n + 16, LE_MOST),
                    ==, 0x9000);
    memcpy(data, bench->response, bench->n_response);
    n = bench->n_response;
    world_remove(&bench->world, SIDE_PAYEE);
    return n;
}

static uint16_t
update(Bench *bench, Path path, const uint8_t *data, size_t n)
{
    return command(bench, path == PATH_PUBLIC_KEY ? 0x80340200 : 0x80340100, data, n, LE_NONE);
}

/* What happens between R and its use. */
typedef enum {
    NOTHING_ELSE,
    SELECTED_AGAIN,
    POWER_LOST,
    INFORMATION_READ,
    ANOTHER_RANDOM,
    FALSE_UPDATE_FIRST,
    WRONG_LENGTH_FIRST,
    PAYMENT_BEGUN,
    OTHER_PATH_BEGUN,
    N_EVENTS
} Event;

static void
happen(Bench *bench, Event event, Path path, const uint8_t *data, size_t n)
{
    uint8_t spoiled[FIELD_MOST_BYTES];
    uint8_t certificate[FIELD_MOST_BYTES];
    size_t n_certificate = put_certificate(bench, &bench->other, certificate);
    uint32_t permission = path == PATH_PUBLIC_KEY ? 0x80300200 : 0x80300100;
    uint32_t other_permission = path == PATH_PUBLIC_KEY ? 0x80300100 : 0x80300200;

    switch (event) {
    case SELECTED_AGAIN:
        g_assert_cmphex(select_service(bench), ==, 0x9000);
        break;
    case POWER_LOST:
        bring_to(bench, CARD_SELECTED);
        break;
    case INFORMATION_READ:
        g_assert_cmphex(command(bench, 0x80CA0000, NULL, 0, LE_MOST), ==, 0x9000);
        break;
    case ANOTHER_RANDOM:
        g_assert_cmphex(command(bench, permission, certificate,
                                path == PATH_PUBLIC_KEY ? n_certificate : 0, LE_MOST),
                        ==, 0x9000);
        break;
    case FALSE_UPDATE_FIRST:
        memcpy(spoiled, data, n);
        spoiled[0] ^= 1;
        g_assert_cmphex(update(bench, path, spoiled, n), !=, 0x9000);
        break;
    case WRONG_LENGTH_FIRST:
        g_assert_cmphex(update(bench, path, data, n - 1), ==, 0x6700);
        break;
    case PAYMENT_BEGUN:
        g_assert_cmphex(command(bench, 0x80400000, deal, 16, LE_MOST), ==, 0x9000);
        break;
    case OTHER_PATH_BEGUN:
        g_assert_cmphex(command(bench, other_permission, certificate,
                                path == PATH_PUBLIC_KEY ? 0 : n_certificate, LE_MOST),
                        ==, 0x9000);
        break;
    case NOTHING_ELSE:
    case N_EVENTS:
        break;
    }
}

static void
an_update_random_number_serves_once(gconstpointer path_data)
{
    Path path = GPOINTER_TO_UINT(path_data);

    for (Event event = NOTHING_ELSE; event < N_EVENTS; event++) {
        Scheme scheme = fixture_scheme("5");
        bool passes = event == NOTHING_ELSE || event == WRONG_LENGTH_FIRST;
        uint8_t data[FIELD_MOST_BYTES];
        CardMemory before;
        uint16_t status;
        Bench bench;
        size_t n;

        bench_init_scheme(&bench, &scheme, LINK_T_CL, path == PATH_PUBLIC_KEY ? 2 : 1);
        before = bench.purse.memory;
        bring_to(&bench, path == PATH_PUBLIC_KEY ? CARD_GAVE_RANDOM_PUBLIC_KEY : CARD_GAVE_RANDOM);
        n = obtain(&bench, path, data);
        happen(&bench, event, path, data, n);
        status = update(&bench, path, data, n);
        if (passes)
            g_assert_cmphex(status, ==, 0x9000);
        else if (event == ANOTHER_RANDOM)
            g_assert_cmphex(status, ==, path == PATH_PUBLIC_KEY ? 0x6604 : 0x6601);
        else
            g_assert_cmphex(status, ==, 0x6985);
        if (passes)
            g_assert_cmpuint(bench.purse.memory.transfer_key, ==, bench.other.memory.transfer_key);
        else
            assert_same_memory(&bench.purse.memory, &before);
        bench.purse.memory = before; /* even where the key would be new again */
        g_assert_cmphex(update(&bench, path, data, n), ==, 0x6985);
        assert_same_memory(&bench.purse.memory, &before);
        bench_clear(&bench);
    }
}

/* Runs S2001 and S2002 between the card and the other one. The card pays or is
 * paid; fills what it needs for its last command. */
static void
reach_last_command(Bench *bench, bool pays, uint8_t *last)
{
    Card *other = world_card(&bench->world, SIDE_PAYEE);
    Card *payer = pays ? bench->card : other;
    Card *payee = pays ? other : bench->card;
    uint8_t data[32];

    bench->other.memory.transfer_key = bench->purse.memory.transfer_key;
    bring_to(bench, CARD_SELECTED);
    world_insert(&bench->world, SIDE_PAYEE, &bench->other);
    g_assert_cmphex(command_to(bench, other, 0x00A40400, settlement_service, 5, LE_MOST), ==,
                    0x9000);
    memcpy(data, deal, 16);
    g_assert_cmphex(command_to(bench, payer, 0x80400000, data, 16, LE_MOST), ==, 0x9000);
    memcpy(data + 16, bench->response, 16);
    g_assert_cmphex(command_to(bench, payee, 0x80420000, data, 32, LE_MOST), ==, 0x9000);
    memcpy(last, bench->response, 32);
    if (!pays) {
        g_assert_cmphex(command_to(bench, payer, 0x80440000, last, 32, LE_MOST), ==, 0x9000);
        memcpy(last, bench->response, 16);
    }
    world_remove(&bench->world, SIDE_PAYEE);
}

static uint16_t
commit(Bench *bench, bool pays, const uint8_t *last)
{
    return pays ? command(bench, 0x80440000, last, 32, LE_MOST)
                : command(bench, 0x80460000, last, 16, LE_NONE);
}

static void
a_commit_cannot_be_repeated(gconstpointer data)
{
    bool pays = GPOINTER_TO_UINT(data) != 0;
    Cents after = pays ? OWN_BALANCE - 9 : OWN_BALANCE + 9;
    uint8_t last[32];
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    reach_last_command(&bench, pays, last);
    g_assert_cmphex(commit(&bench, pays, last), ==, 0x9000);
    g_assert_cmpint(bench.purse.memory.balance, ==, after);
    for (int again = 0; again < 3; again++) {
        g_assert_cmphex(commit(&bench, pays, last), ==, 0x6985);
        g_assert_cmpint(bench.purse.memory.balance, ==, after);
    }
    bring_to(&bench, pays ? CARD_PAYER_PENDING : CARD_PAYEE_PENDING);
    g_assert_cmphex(commit(&bench, pays, last), ==, pays ? 0x660A : 0x660B);
    g_assert_cmpint(bench.purse.memory.balance, ==, after);
    bench_clear(&bench);
}

static void
a_challenge_is_lost_with(gconstpointer data)
{
    static const Event events[] = { SELECTED_AGAIN, POWER_LOST, INFORMATION_READ, PAYMENT_BEGUN };
    bool pays = GPOINTER_TO_UINT(data) != 0;

    for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
        uint8_t last[32];
        uint16_t status;
        Bench bench;

        bench_init(&bench, LINK_T_CL);
        reach_last_command(&bench, pays, last);
        happen(&bench, events[i], PATH_SYMMETRIC, NULL, 0);
        status = commit(&bench, pays, last);
        g_assert_cmphex(status, ==, pays && events[i] == PAYMENT_BEGUN ? 0x660A : 0x6985);
        g_assert_cmphex(commit(&bench, pays, last), ==, 0x6985);
        g_assert_cmpint(bench.purse.memory.balance, ==, OWN_BALANCE);
        bench_clear(&bench);
    }
}

/* A false challenge uses the random number up: there is one guess. */
static void
there_is_one_guess(gconstpointer data)
{
    bool pays = GPOINTER_TO_UINT(data) != 0;
    uint8_t last[32];
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    reach_last_command(&bench, pays, last);
    last[3] ^= 0x20;
    g_assert_cmphex(commit(&bench, pays, last), ==, pays ? 0x660A : 0x660B);
    last[3] ^= 0x20;
    g_assert_cmphex(commit(&bench, pays, last), ==, 0x6985);
    g_assert_cmpint(bench.purse.memory.balance, ==, OWN_BALANCE);
    bench_clear(&bench);
}

static void
assert_zero(const void *bytes, size_t n)
{
    const uint8_t *byte = bytes;

    for (size_t i = 0; i < n; i++)
        g_assert_cmphex(byte[i], ==, 0);
}

static void
assert_remembers_nothing(const Card *card)
{
    CardVolatile ram = card->ram;

    g_assert_cmpint(ram.state, ==, CARD_SELECTED);
    ram.state = CARD_OFF;
    assert_zero(&ram, sizeof ram);
}

/* Once its last command is answered, nothing of what was opened or drawn is left. */
static void
the_last_command_leaves_nothing_in_ram(void)
{
    for (int spoiled = 0; spoiled < 2; spoiled++) {
        static const CardState given[] = { CARD_GAVE_RANDOM, CARD_GAVE_RANDOM_PUBLIC_KEY };

        for (guint i = 0; i < G_N_ELEMENTS(given); i++) {
            Path path = i == 0 ? PATH_SYMMETRIC : PATH_PUBLIC_KEY;
            Scheme scheme = fixture_scheme("5");
            uint8_t data[FIELD_MOST_BYTES];
            Bench bench;
            size_t n;

            bench_init_scheme(&bench, &scheme, LINK_T_CL, i == 0 ? 1 : 2);
            bring_to(&bench, given[i]);
            n = obtain(&bench, path, data);
            data[40] ^= (uint8_t)spoiled;
            g_assert_cmphex(update(&bench, path, data, n) == 0x9000, ==, !spoiled);
            assert_remembers_nothing(bench.card);
            bench_clear(&bench);
        }
        for (int pays = 0; pays < 2; pays++) {
            uint8_t last[32];
            Bench bench;

            bench_init(&bench, LINK_T_CL);
            reach_last_command(&bench, pays, last);
            last[0] ^= (uint8_t)spoiled;
            g_assert_cmphex(commit(&bench, pays, last) == 0x9000, ==, !spoiled);
            assert_remembers_nothing(bench.card);
            bench_clear(&bench);
        }
    }
}

static void
random_numbers_do_not_come_twice(void)
{
    const guint n = 200; /* of each of R, 223 and 225 */
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    for (guint i = 0; i < n; i++) {
        if (i % 7 == 0)
            bring_to(&bench, CARD_SELECTED);
        g_assert_cmphex(command(&bench, 0x80300100, NULL, 0, LE_MOST), ==, 0x9000);
        g_hash_table_add(seen, g_bytes_new(bench.response, 16));
        g_assert_cmphex(command(&bench, 0x80400000, deal, 16, LE_MOST), ==, 0x9000);
        g_hash_table_add(seen, g_bytes_new(bench.response, 16));
        g_assert_cmphex(command(&bench, 0x80420000, deal, 32, LE_MOST), ==, 0x9000);
        g_hash_table_add(seen, g_bytes_new(bench.response + 16, 16));
    }
    g_assert_cmpuint(g_hash_table_size(seen), ==, 600);
    bench_clear(&bench);
}

/* ---- Power off --------------------------------------------------------- */

static void
assert_ram_is_zero(const Card *card)
{
    assert_zero(&card->ram, sizeof card->ram);
    assert_zero(card->chained, sizeof card->chained);
    assert_zero(card->held, sizeof card->held);
    assert_zero(card->entropy.block, sizeof card->entropy.block);
    g_assert_cmpuint(card->n_chained, ==, 0);
    g_assert_cmpuint(card->n_held, ==, 0);
    g_assert_cmpuint(card->held_at, ==, 0);
    g_assert_null(card->identity.memory);
    g_assert_null(card->identity.credential);
}

static void
ram_is_zero_without_power(void)
{
    Bench bench;

    bench_init(&bench, LINK_T_0);
    for (guint i = 0; i < G_N_ELEMENTS(states_with_power); i++) {
        Bench plain;

        bench_init(&plain, LINK_T_CL);
        bring_to(&plain, states_with_power[i]);
        world_remove(&plain.world, SIDE_PAYER);
        assert_ram_is_zero(plain.card);
        bench_clear(&plain);
    }
    /* in the midst of a chain, and with a response that nobody fetched */
    g_assert_cmphex(select_service(&bench), ==, 0x6109);
    g_assert_cmphex(command(&bench, 0x80420000, deal, 32, LE_NONE), ==, 0x6120);
    g_assert_cmpuint(bench.card->n_held, ==, 32);
    world_remove(&bench.world, SIDE_PAYER);
    assert_ram_is_zero(bench.card);
    world_insert(&bench.world, SIDE_PAYER, &bench.purse);
    memset(bench.response, 0xAA, 100);
    g_assert_cmphex(command(&bench, 0x90340200, bench.response, 100, LE_NONE), ==, 0x9000);
    g_assert_cmpuint(bench.card->n_chained, ==, 100);
    world_remove(&bench.world, SIDE_PAYER);
    assert_ram_is_zero(bench.card);
    bench_clear(&bench);
}

/* Selection wipes what the last settlement left. */
static void
selection_forgets(void)
{
    Bench bench;
    CardVolatile fresh;

    bench_init(&bench, LINK_T_CL);
    bring_to(&bench, CARD_SELECTED);
    fresh = bench.card->ram;
    assert_zero(fresh.random, sizeof fresh.random);
    for (guint i = 0; i < G_N_ELEMENTS(states_with_power); i++) {
        bring_to(&bench, states_with_power[i]);
        g_assert_cmphex(select_service(&bench), ==, 0x9000);
        assert_same_bytes(bench.card->ram.random, fresh.random, sizeof fresh.random);
        assert_same_bytes(bench.card->ram.peer_key, fresh.peer_key, sizeof fresh.peer_key);
        assert_same_bytes(bench.card->ram.deal.terms, fresh.deal.terms, sizeof fresh.deal.terms);
        g_assert_cmpint(bench.card->ram.tentative, ==, 0);
    }
    bench_clear(&bench);
}

/* ---- Expected length, T=0 ---------------------------------------------- */

static void
a_short_le_commits_nothing(void)
{
    uint8_t last[32];
    Bench bench;

    bench_init(&bench, LINK_T_CL);
    reach_last_command(&bench, true, last);
    for (uint32_t n_expected = 1; n_expected < 16; n_expected++) {
        g_assert_cmphex(command(&bench, 0x80440000, last, 32, n_expected), ==, 0x6C10);
        g_assert_cmpint(bench.purse.memory.balance, ==, OWN_BALANCE);
        g_assert_cmpint(bench.card->ram.state, ==, CARD_PAYER_PENDING);
    }
    g_assert_cmphex(command(&bench, 0x80440000, last, 32, 16), ==, 0x9000);
    g_assert_cmpint(bench.purse.memory.balance, ==, OWN_BALANCE - 9);
    bench_clear(&bench);
}

static void
get_response_inside_a_chain_breaks_it(void)
{
    const uint8_t half[8] = { 0 };
    Bench bench;

    bench_init(&bench, LINK_T_0);
    g_assert_cmphex(select_service(&bench), ==, 0x6109);
    g_assert_cmphex(command(&bench, 0x90400000, half, sizeof half, 0), ==, 0x9000);
    g_assert_cmphex(command(&bench, 0x00C00000, NULL, 0, 9), ==, 0x6883);
    /* what was sent before is gone: the other half alone is too short */
    g_assert_cmphex(command(&bench, 0x80400000, half, sizeof half, 0), ==, 0x6700);
    bench_clear(&bench);
}

static void
t_0_tells_the_right_le(void)
{
    static const uint32_t wrong[] = { 1, 149, 151, 255, 256 };
    Bench bench;

    bench_init(&bench, LINK_T_0);
    g_assert_cmphex(select_service(&bench), ==, 0x6109);
    g_assert_cmphex(command(&bench, 0x00C00000, NULL, 0, 9), ==, 0x9000);
    g_assert_cmpuint(bench.n_response, ==, 9);
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_cmphex(command(&bench, 0x80CA0000, NULL, 0, wrong[i]), ==, 0x6C96);
    g_assert_cmphex(command(&bench, 0x80CA0000, NULL, 0, 150), ==, 0x9000);
    g_assert_cmpuint(bench.n_response, ==, 150);
    bench_clear(&bench);
}

static void
get_response_fetches_what_is_held(void)
{
    Bench bench;

    bench_init(&bench, LINK_T_0);
    select_service(&bench);
    g_assert_cmphex(command(&bench, 0x80420000, deal, 32, LE_NONE), ==, 0x6120);
    g_assert_cmpint(bench.card->ram.state, ==, CARD_PAYEE_PENDING);
    g_assert_cmphex(command(&bench, 0x00C00000, NULL, 0, 31), ==, 0x6C20);
    g_assert_cmphex(command(&bench, 0x00C00000, NULL, 0, 32), ==, 0x9000);
    g_assert_cmpuint(bench.n_response, ==, 32);
    assert_same_bytes(bench.response + 16, bench.card->ram.random, 16);    /* 225 */
    g_assert_cmphex(command(&bench, 0x00C00000, NULL, 0, 32), ==, 0x6985); /* once */
    g_assert_cmpint(bench.card->ram.state, ==, CARD_PAYEE_PENDING);
    g_assert_cmphex(command(&bench, 0x80420000, deal, 32, LE_NONE), ==, 0x6120);
    g_assert_cmphex(command(&bench, 0x00C00000, NULL, 0, LE_MOST), ==, 0x9000);
    g_assert_cmpuint(bench.n_response, ==, 32);
    bench_clear(&bench);
}

static void
another_command_drops_what_is_held(void)
{
    Bench bench;

    bench_init(&bench, LINK_T_0);
    select_service(&bench);
    g_assert_cmphex(command(&bench, 0x80420000, deal, 32, LE_NONE), ==, 0x6120);
    g_assert_cmphex(command(&bench, 0x80B00000, NULL, 0, LE_MOST), ==, 0x6D00);
    g_assert_cmphex(command(&bench, 0x00C00000, NULL, 0, 32), ==, 0x6985);
    bench_clear(&bench);
}

typedef struct {
    const char *name;
    SuiteId suite;
    LinkProtocol link;
    uint32_t n_expected;
    struct {
        uint16_t status;
        size_t n;
    } answers[3];
} LongRow;

/* Card information of embodiment 5: 150, 278 and 534 bytes. */
static const LongRow long_rows[] = {
    { "rsa-1024/short", SUITE_RSA_1024, LINK_T_CL, 256, { { 0x6116, 256 }, { 0x9000, 22 } } },
    { "rsa-1024/t-0", SUITE_RSA_1024, LINK_T_0, 256, { { 0x6116, 256 }, { 0x9000, 22 } } },
    { "rsa-1024/extended", SUITE_RSA_1024, LINK_T_CL, 65536, { { 0x9000, 278 } } },
    { "rsa-1024/extended-exact", SUITE_RSA_1024, LINK_T_1, 278, { { 0x9000, 278 } } },
    { "rsa-1024/extended-too-short", SUITE_RSA_1024, LINK_T_CL, 277, { { 0x6C00, 0 } } },
    { "rsa-1024/too-short", SUITE_RSA_1024, LINK_T_CL, 255, { { 0x6C00, 0 } } },
    { "rsa-2048/short",
      SUITE_RSA_2048,
      LINK_T_CL,
      256,
      { { 0x6100, 256 }, { 0x6116, 256 }, { 0x9000, 22 } } },
    { "rsa-2048/t-0",
      SUITE_RSA_2048,
      LINK_T_0,
      256,
      { { 0x6100, 256 }, { 0x6116, 256 }, { 0x9000, 22 } } },
    { "rsa-2048/extended", SUITE_RSA_2048, LINK_T_CL, 65536, { { 0x9000, 534 } } },
};

static void
long_responses_come_in_parts(gconstpointer data)
{
    const LongRow *row = data;
    Scheme scheme = fixture_scheme("5");
    uint8_t whole[APDU_BYTES_MAX];
    uint8_t certificate[FIELD_MOST_BYTES];
    size_t n = 0;
    Bench bench;

    scheme.suite = row->suite;
    bench_init_scheme(&bench, &scheme, row->link, 2);
    select_service(&bench);
    for (guint i = 0; i < G_N_ELEMENTS(row->answers) && row->answers[i].status != 0; i++) {
        uint16_t left = (uint16_t)(row->answers[i > 0 ? i - 1 : 0].status & 0xFF);
        uint16_t status = i == 0 ? command(&bench, 0x80CA0000, NULL, 0, row->n_expected)
                                 : command(&bench, 0x00C00000, NULL, 0, left == 0 ? 256 : left);

        g_assert_cmphex(status, ==, row->answers[i].status);
        g_assert_cmpuint(bench.n_response, ==, row->answers[i].n);
        memcpy(whole + n, bench.response, bench.n_response);
        n += bench.n_response;
    }
    if (n > 0) {
        size_t n_certificate = put_certificate(&bench, &bench.purse, certificate);

        assert_same_bytes(whole, certificate, n_certificate);
        g_assert_cmpuint(n, ==, n_certificate + 10);
        g_assert_cmphex(bytes_get_u16(whole + n - 2), ==, 0x0203); /* 111 */
    }
    bench_clear(&bench);
}

int
main(int argc, char **argv)
{
    static const char *const with_updates[] = { "1", "2", "3", "4", "5", "4-public-key" };
    static const char *const sides[] = { "payee", "payer" };

    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(command_rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/card/answers-as-the-table-says/%s", command_rows[i].name);

        g_test_add_data_func(path, &command_rows[i], answers_as_the_table_says);
    }
    g_test_add_func("/card/refuses-what-is-no-apdu", refuses_what_is_no_apdu);
    g_test_add_func("/card/refuses-every-other-instruction-and-class",
                    refuses_every_other_instruction_and_class);
    g_test_add_func("/card/serves-only-the-paths-of-its-scheme",
                    serves_only_the_paths_of_its_scheme);
    g_test_add_func("/card/chain/is-one-command", a_chain_is_one_command);
    g_test_add_func("/card/chain/ends-with-its-own-command", a_chain_ends_with_its_own_command);
    g_test_add_func("/card/chain/is-dropped-when-too-long", a_chain_that_grows_too_long_is_dropped);
    for (guint i = 0; i < G_N_ELEMENTS(with_updates); i++) {
        g_autofree char *path =
            g_strdup_printf("/card/memory/changes-in-commits-only/embodiment-%s", with_updates[i]);

        g_test_add_data_func(path, with_updates[i], memory_changes_in_commits_only);
    }
    g_test_add_data_func("/card/R/serves-once/symmetric", GUINT_TO_POINTER(PATH_SYMMETRIC),
                         an_update_random_number_serves_once);
    g_test_add_data_func("/card/R/serves-once/public-key", GUINT_TO_POINTER(PATH_PUBLIC_KEY),
                         an_update_random_number_serves_once);
    for (guint pays = 0; pays < 2; pays++) {
        static const struct {
            const char *name;
            GTestDataFunc function;
        } tests[] = { { "cannot-be-repeated", a_commit_cannot_be_repeated },
                      { "is-lost-with-its-state", a_challenge_is_lost_with },
                      { "leaves-one-guess", there_is_one_guess } };

        for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
            g_autofree char *path =
                g_strdup_printf("/card/commit-of-%s/%s", sides[pays], tests[i].name);

            g_test_add_data_func(path, GUINT_TO_POINTER(pays), tests[i].function);
        }
    }
    g_test_add_func("/card/last-command/leaves-nothing-in-ram",
                    the_last_command_leaves_nothing_in_ram);
    g_test_add_func("/card/random-numbers/do-not-come-twice", random_numbers_do_not_come_twice);
    g_test_add_func("/card/power-off/leaves-ram-zero", ram_is_zero_without_power);
    g_test_add_func("/card/selection/forgets", selection_forgets);
    g_test_add_func("/card/expected-length/too-short-commits-nothing", a_short_le_commits_nothing);
    g_test_add_func("/card/t-0/tells-the-right-le", t_0_tells_the_right_le);
    g_test_add_func("/card/chain/get-response-inside-a-chain-breaks-it",
                    get_response_inside_a_chain_breaks_it);
    g_test_add_func("/card/t-0/get-response-fetches-what-is-held",
                    get_response_fetches_what_is_held);
    g_test_add_func("/card/t-0/another-command-drops-what-is-held",
                    another_command_drops_what_is_held);
    for (guint i = 0; i < G_N_ELEMENTS(long_rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/card/long-responses/come-in-parts/%s", long_rows[i].name);

        g_test_add_data_func(path, &long_rows[i], long_responses_come_in_parts);
    }
    return g_test_run();
}
