/* One bit of one protected field turned over on its way, one settlement for each bit:
 * none is paid, nobody is credited, no key is written.
 *
 * Unprotected are the answers to Sx002, which the terminal alone judges, the answer
 * to the selection, headers and status words. */
#include "tests/model/world.h"

#include <string.h>

typedef enum { EVERY_BIT, ONE_BIT_OF_EACH_BYTE } Density;

typedef struct {
    const char *name;
    const char *embodiment;
    SuiteId suite;
    uint32_t update_keys[2]; /* of the older and the newer card */
    bool ids_are_equal;
    SchemeFig4Mac fig4_mac;
    LinkProtocol link;
    Density density;
} Row;

static const Row rows[] = {
    /* clang-format off */
    { "no-update",           "1", SUITE_P256, { 1, 1 }, true,  FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "no-update/direction-tag", "1", SUITE_P256, { 1, 1 }, true, FIG4_MAC_DIRECTION_TAG, LINK_T_CL, EVERY_BIT },
    { "no-update/direction-and-cards", "1", SUITE_P256, { 1, 1 }, true, FIG4_MAC_DIRECTION_AND_CARDS, LINK_T_CL, EVERY_BIT },
    { "no-update/conventional", "conventional", SUITE_P256, { 1, 1 }, true, FIG4_MAC_SPEC, LINK_T_1, EVERY_BIT },
    { "no-update/mondex", "mondex", SUITE_P256, { 1, 1 }, true, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "symmetric/1",         "1", SUITE_P256, { 1, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "symmetric/1/t-0",     "1", SUITE_P256, { 1, 1 }, false, FIG4_MAC_SPEC, LINK_T_0, EVERY_BIT },
    { "symmetric/3",         "3", SUITE_P256, { 2, 2 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "symmetric/4",         "4", SUITE_P256, { 1, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "symmetric/4-by-update-key", "4-by-update-key", SUITE_P256, { 3, 3 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "symmetric/5",         "5", SUITE_P256, { 2, 2 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "public-key/2",        "2", SUITE_P256, { 1, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "public-key/3",        "3", SUITE_P256, { 2, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "public-key/4-public-key", "4-public-key", SUITE_P256, { 1, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "public-key/4-by-update-key", "4-by-update-key", SUITE_P256, { 2, 3 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "public-key/5",        "5", SUITE_P256, { 1, 2 }, false, FIG4_MAC_SPEC, LINK_T_CL, EVERY_BIT },
    { "public-key/2/rsa-1024", "2", SUITE_RSA_1024, { 1, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, ONE_BIT_OF_EACH_BYTE },
    { "public-key/2/rsa-2048", "2", SUITE_RSA_2048, { 1, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, ONE_BIT_OF_EACH_BYTE },
    { "public-key/3/rsa-1024", "3", SUITE_RSA_1024, { 2, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, ONE_BIT_OF_EACH_BYTE },
    { "public-key/3/rsa-2048", "3", SUITE_RSA_2048, { 2, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, ONE_BIT_OF_EACH_BYTE },
    { "public-key/4-public-key/rsa-1024", "4-public-key", SUITE_RSA_1024, { 1, 1 }, false, FIG4_MAC_SPEC, LINK_T_CL, ONE_BIT_OF_EACH_BYTE },
    { "public-key/4-by-update-key/rsa-2048", "4-by-update-key", SUITE_RSA_2048, { 2, 3 }, false, FIG4_MAC_SPEC, LINK_T_CL, ONE_BIT_OF_EACH_BYTE },
    { "public-key/5/rsa-1024", "5", SUITE_RSA_1024, { 1, 2 }, false, FIG4_MAC_SPEC, LINK_T_CL, ONE_BIT_OF_EACH_BYTE },
    { "public-key/5/rsa-2048", "5", SUITE_RSA_2048, { 1, 2 }, false, FIG4_MAC_SPEC, LINK_T_CL, ONE_BIT_OF_EACH_BYTE },
    { "public-key/5/rsa-2048/t-0", "5", SUITE_RSA_2048, { 1, 2 }, false, FIG4_MAC_DIRECTION_AND_CARDS, LINK_T_0, ONE_BIT_OF_EACH_BYTE },
    /* clang-format on */
};

/* Which bit: of which byte in the data of which message. */
typedef struct {
    guint number;
    bool response;
    size_t byte;
    uint8_t mask;
    guint n_flipped;
} Flip;

static bool
flip(const Part *part, gpointer user_data)
{
    Flip *f = user_data;

    if (part->number == f->number && part->is_response == f->response && f->byte >= part->at &&
        f->byte < part->at + part->n) {
        part->data[f->byte - part->at] ^= f->mask;
        f->n_flipped++;
    }
    return true;
}

typedef struct {
    World world;
    Purse older;
    Purse newer;
    CardMemory at_first[2]; /* older, newer */
    bool payer_is_older;
    Density density;
} Bench;

#define AMOUNT 300

static void
bench_init(Bench *bench, const Row *row, bool payer_is_older)
{
    Scheme scheme = fixture_scheme(row->embodiment);

    scheme.suite = row->suite;
    scheme.fig4_mac = row->fig4_mac;
    bench->payer_is_older = payer_is_older;
    bench->density = payer_is_older ? ONE_BIT_OF_EACH_BYTE : row->density;
    world_init(&bench->world, &scheme);
    bench->world.links[SIDE_PAYER] = bench->world.links[SIDE_PAYEE] = row->link;
    bench->older =
        world_purse(&bench->world, &(PurseSpec){ .transfer_key = row->ids_are_equal ? 5 : 2,
                                                 .update_key = row->update_keys[0],
                                                 .n_preloaded = 2,
                                                 .preloaded = { 5, 7 },
                                                 .balance = 1000 });
    bench->newer = world_purse(
        &bench->world,
        &(PurseSpec){ .transfer_key = 5, .update_key = row->update_keys[1], .balance = 1000 });
    bench->at_first[0] = bench->older.memory;
    bench->at_first[1] = bench->newer.memory;
}

static Settlement
settle(Bench *bench)
{
    bench->older.memory = bench->at_first[0];
    bench->newer.memory = bench->at_first[1];
    bench->world.next_nonce = 1000; /* the same randoms every time */
    return bench->payer_is_older
               ? world_settle(&bench->world, &bench->older, &bench->newer, AMOUNT)
               : world_settle(&bench->world, &bench->newer, &bench->older, AMOUNT);
}

/* Which check finds it. */
static uint16_t
expected_status(Exchange exchange, Field field, Path path)
{
    switch (field) {
    case FIELD_SERVICE:
        return 0x6A82;
    case FIELD_CERTIFICATE:
        return exchange == EXCHANGE_PERMISSION ? 0x6602 : 0x6603;
    case FIELD_UPDATE_RANDOM:
    case FIELD_PROTECTED_KEY:
    case FIELD_SIGNATURE:
        return path == PATH_PUBLIC_KEY ? 0x6604 : 0x6601;
    case FIELD_PAID_VALUE:
    case FIELD_DATE:
    case FIELD_SERIAL:
    case FIELD_TRANSMISSION_RANDOM:
    case FIELD_TRANSMISSION_CHALLENGE:
        return 0x660A;
    case FIELD_RECEPTION_RANDOM:
    case FIELD_RECEPTION_CHALLENGE:
        return 0x660B;
    default:
        g_assert_not_reached();
    }
}

static void
assert_refused(const Bench *bench, const Settlement *seen, Exchange exchange, Field field)
{
    const Purse *payer = bench->payer_is_older ? &bench->older : &bench->newer;
    const Purse *payee = bench->payer_is_older ? &bench->newer : &bench->older;
    bool debited = field == FIELD_RECEPTION_RANDOM || field == FIELD_RECEPTION_CHALLENGE;
    bool updated = exchange >= EXCHANGE_S2001;
    KeyHandle transfer_key = bench->at_first[updated ? 1 : 0].transfer_key;
    KeyHandle update_key = bench->at_first[0].update_key;

    if (updated && seen->path == PATH_PUBLIC_KEY &&
        bench->world.protocol.scheme.update_key == UPDATE_KEY_TRAVELS)
        update_key = bench->at_first[1].update_key;
    g_assert_true(outcome_is_refused(seen->outcome));
    if (field == FIELD_PAID_VALUE && (seen->status == 0x9401 || seen->status == 0x9402))
        g_assert_cmpint(seen->outcome, ==, OUTCOME_REFUSED_BALANCE);
    else if (field == FIELD_COMMON_KEY_ID) /* the card holds no such key, or not that one */
        g_assert_true(seen->status == 0x660C || seen->status == 0x660A);
    else
        g_assert_cmphex(seen->status, ==, expected_status(exchange, field, seen->path));
    g_assert_cmpint(payer->memory.balance, ==, debited ? 1000 - AMOUNT : 1000);
    g_assert_cmpint(payee->memory.balance, ==, 1000);
    g_assert_cmpuint(bench->older.memory.transfer_key, ==, transfer_key);
    g_assert_cmpuint(bench->older.memory.update_key, ==, update_key);
    g_assert_cmpuint(bench->newer.memory.transfer_key, ==, bench->at_first[1].transfer_key);
    g_assert_cmpuint(bench->newer.memory.update_key, ==, bench->at_first[1].update_key);
    if (!updated)
        for (Side side = 0; side < N_SIDES; side++)
            g_assert_cmpuint(bench->world.course.log[side].wrote, ==, 0);
}

/* OutcomeCache over the bits of one field in one message. Returns how many. */
static guint
flip_field(Bench *bench, guint number, Exchange exchange, bool response, const Slot *slot)
{
    guint n = 0;

    for (size_t byte = 0; byte < slot->bytes; byte++)
        for (guint bit = 0; bit < 8; bit++) {
            Flip f = { .number = number,
                       .response = response,
                       .byte = slot->at + byte,
                       .mask = (uint8_t)(1U << bit) };
            Settlement seen;

            if (bench->density == ONE_BIT_OF_EACH_BYTE && bit != (byte * 5 + 3) % 8)
                continue;
            bench->world.hook = flip;
            bench->world.hook_data = &f;
            seen = settle(bench);
            g_assert_cmpuint(f.n_flipped, ==, 1);
            assert_refused(bench, &seen, exchange, slot->field);
            n++;
        }
    return n;
}

static bool
is_protected(Exchange exchange, bool response, Field field)
{
    return field != FIELD_CONTROL_INFORMATION && !(exchange == EXCHANGE_INFORMATION && response);
}

static void
no_turned_bit_is_accepted(gconstpointer data)
{
    const Row *row = data;
    guint n = 0;

    for (int payer_is_older = 0; payer_is_older < 2; payer_is_older++) {
        Passed clean[FIXTURE_EXCHANGES_MAX];
        Bench bench;
        Settlement seen;
        guint n_clean;

        if (payer_is_older && row->density == ONE_BIT_OF_EACH_BYTE)
            break;
        bench_init(&bench, row, payer_is_older);
        seen = settle(&bench); /* untouched, it is paid */
        g_assert_true(outcome_is_paid(seen.outcome));
        g_assert_true((seen.path == PATH_NONE) == row->ids_are_equal);
        n_clean = bench.world.n_passed;
        memcpy(clean, bench.world.passed, sizeof clean);
        for (guint number = 0; number < n_clean; number++)
            for (int response = 0; response < 2; response++) {
                Exchange exchange = clean[number].exchange;
                const ExchangePlan *plan = &bench.world.protocol.plan[seen.path][exchange];
                const Message *message = response ? &plan->response : &plan->command;

                g_assert_cmpuint(message->bytes, ==,
                                 response ? clean[number].n_response : clean[number].n_command);
                if (payer_is_older && exchange >= EXCHANGE_S2001)
                    continue; /* the same as with the newer one */
                for (guint i = 0; i < message->n_slots; i++)
                    if (is_protected(exchange, response, message->slots[i].field))
                        n += flip_field(&bench, number, exchange, response, &message->slots[i]);
            }
        world_clear(&bench.world);
    }
    g_test_message("%u settlements", n);
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/bit-flips/%s/none-is-accepted", rows[i].name);

        g_test_add_data_func(path, &rows[i], no_turned_bit_is_accepted);
    }
    return g_test_run();
}
