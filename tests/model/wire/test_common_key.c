/* Cards that pay with the oldest transfer key that both hold (Mondex): two, one and no
 * common keys; the switch, which is for good; what the wire carries for it. */
#include "tests/model/world.h"

#include "model/protocol/bytes.h"

#include <string.h>

/* A card that was issued with keys @first to @last and now uses @current. */
static Purse
holder(World *world, uint32_t first, uint32_t last, uint32_t current)
{
    PurseSpec spec = { .transfer_key = current, .balance = 100 };

    for (uint32_t id = first; id <= last; id++)
        spec.preloaded[spec.n_preloaded++] = id;
    return world_purse(world, &spec);
}

static void
world_init_mondex(World *world, uint8_t n_held)
{
    Scheme scheme = fixture_scheme("mondex");

    scheme.n_held = n_held;
    world_init(world, &scheme);
}

/**
 * PairRow: keys of payer and payee, the current one first
 * @common: ID that they pay with, 0 if there is none
 */
typedef struct {
    const char *name;
    uint32_t held[N_SIDES][2]; /* 0: only one */
    uint32_t common;
} PairRow;

static const PairRow pair_rows[] = {
    { "two-in-common-the-older-one", { { 1, 2 }, { 1, 2 } }, 1 },
    { "one-in-common-payer-behind", { { 1, 2 }, { 2, 3 } }, 2 },
    { "one-in-common-payee-behind", { { 2, 3 }, { 1, 2 } }, 2 },
    { "one-key-each", { { 5, 0 }, { 5, 0 } }, 5 },
    { "one-key-against-two", { { 2, 0 }, { 1, 2 } }, 2 },
    { "both-switch", { { 1, 4 }, { 2, 4 } }, 4 },
    { "none-in-common", { { 1, 2 }, { 3, 4 } }, 0 },
    { "none-in-common-one-each", { { 2, 0 }, { 1, 0 } }, 0 },
    { "none-in-common-though-they-overlap", { { 1, 3 }, { 2, 4 } }, 0 },
};

static Purse
purse_of(World *world, const uint32_t held[static 2])
{
    PurseSpec spec = { .transfer_key = held[0], .balance = 100 };

    if (held[1] != 0) { /* in whatever order */
        spec.n_preloaded = 2;
        spec.preloaded[0] = held[1];
        spec.preloaded[1] = held[0];
    }
    return world_purse(world, &spec);
}

static void
pays_with_the_oldest_in_common(gconstpointer data)
{
    const PairRow *row = data;
    World world;
    Purse purses[N_SIDES];
    CardMemory before[N_SIDES];
    Settlement seen;

    world_init_mondex(&world, 2);
    for (Side side = 0; side < N_SIDES; side++) {
        purses[side] = purse_of(&world, row->held[side]);
        before[side] = purses[side].memory;
    }
    seen = world_settle(&world, &purses[SIDE_PAYER], &purses[SIDE_PAYEE], 30);
    g_assert_cmpint(seen.path, ==, PATH_NONE);
    g_assert_cmpuint(seen.rounds, ==, 0);
    if (row->common == 0) {
        g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_DIFFERENT_IDS);
        g_assert_cmpuint(seen.n_exchanges, ==, 4);
        for (Side side = 0; side < N_SIDES; side++)
            assert_same_memory(&purses[side].memory, &before[side]);
        world_clear(&world);
        return;
    }
    g_assert_cmpint(seen.outcome, ==, OUTCOME_PAID);
    g_assert_cmpuint(seen.n_exchanges, ==, 8);
    g_assert_cmpint(purses[SIDE_PAYER].memory.balance, ==, 70);
    g_assert_cmpint(purses[SIDE_PAYEE].memory.balance, ==, 130);
    for (Side side = 0; side < N_SIDES; side++) {
        bool switched = row->held[side][0] != row->common;

        g_assert_cmpuint(purse_transfer_key(&world, &purses[side]), ==, row->common);
        g_assert_cmpuint(world.course.log[side].wrote, ==, switched ? WROTE_SWITCH : 0);
    }
    world_clear(&world);
}

/* A card that was moved on has lost its first key: who holds only that one is refused
 * from then on. */
static void
a_switch_is_for_good(void)
{
    World world;
    Purse stays;
    Purse moves;
    Purse newer;

    world_init_mondex(&world, 2);
    stays = holder(&world, 1, 1, 1);
    moves = holder(&world, 1, 2, 1);
    newer = holder(&world, 2, 3, 2);
    g_assert_cmpint(world_settle(&world, &moves, &stays, 1).outcome, ==, OUTCOME_PAID);
    g_assert_cmpuint(purse_transfer_key(&world, &moves), ==, 1);
    g_assert_cmpint(world_settle(&world, &newer, &moves, 1).outcome, ==, OUTCOME_PAID);
    g_assert_cmpuint(purse_transfer_key(&world, &moves), ==, 2);
    g_assert_cmpint(world_settle(&world, &moves, &stays, 1).outcome, ==,
                    OUTCOME_REFUSED_DIFFERENT_IDS);
    g_assert_cmpint(world_settle(&world, &stays, &moves, 1).outcome, ==,
                    OUTCOME_REFUSED_DIFFERENT_IDS);
    g_assert_cmpint(world_settle(&world, &moves, &newer, 1).outcome, ==, OUTCOME_PAID);
    g_assert_cmpuint(purse_transfer_key(&world, &newer), ==, 2);
    world_clear(&world);
}

/* Every payment that does not come about leaves both cards where they were: the key
 * moves with the money. */
static void
without_debit_or_credit_nobody_switches(void)
{
    World world;
    Purse behind;
    Purse ahead;
    Settlement seen;

    world_init_mondex(&world, 2);
    behind = holder(&world, 1, 2, 1);
    ahead = holder(&world, 2, 3, 2);
    seen = world_settle(&world, &behind, &ahead, 101);
    g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_BALANCE);
    g_assert_cmpuint(seen.n_exchanges, ==, 5);
    g_assert_cmpuint(purse_transfer_key(&world, &behind), ==, 1);
    g_assert_cmpuint(world.course.log[SIDE_PAYER].wrote, ==, 0);
    world_clear(&world);
}

/* Two keys under one ID: the card uses its own, the other's challenge does not fit. */
static void
equal_ids_of_different_keys_do_not_pay(void)
{
    static const uint8_t other[KEYRING_KEY_BYTES] = "another key";
    World world;
    Purse payer;
    Purse payee;
    Settlement seen;

    world_init_mondex(&world, 2);
    payer = holder(&world, 1, 2, 1);
    payee = holder(&world, 2, 2, 2);
    payee.profile.preloaded[0] = payee.memory.transfer_key =
        keyring_adopt(world.ring, KEY_TRANSFER, 2, other);
    seen = world_settle(&world, &payer, &payee, 1);
    g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_AUTHENTICATION);
    g_assert_cmphex(seen.status, ==, SW_TRANSMISSION_CHALLENGE);
    g_assert_cmpuint(purse_transfer_key(&world, &payer), ==, 1);
    world_clear(&world);
}

/* A card says what it still holds, in order, and fills the places that are left. */
static void
information_lists_what_is_held(void)
{
    static const uint32_t expected[5] = { 3, 7, 9, KEYRING_LAST_ID, KEYRING_LAST_ID };
    const Slot *slot;
    const Passed *passed;
    World world;
    Purse card;
    Purse other;

    world_init_mondex(&world, 5);
    card = world_purse(
        &world,
        &(PurseSpec){ .transfer_key = 3, .n_preloaded = 5, .preloaded = { 9, 1, 3, 7, 2 } });
    other = holder(&world, 3, 3, 3);
    g_assert_cmpint(world_settle(&world, &card, &other, 0).outcome, ==, OUTCOME_PAID);
    slot = fixture_slot(&world.protocol.plan[PATH_NONE][EXCHANGE_INFORMATION].response,
                        FIELD_HELD_KEY_IDS);
    g_assert_cmpuint(slot->bytes, ==, 20);
    passed = world_passed(&world, EXCHANGE_INFORMATION, SIDE_PAYER);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpuint(bytes_get_u32(passed->response + slot->at + (size_t)i * FIELD_ID_BYTES),
                         ==, expected[i]);
    world_clear(&world);
}

/* The fields exist in this scheme only; everywhere else messages are as long as ever. */
static void
only_this_scheme_has_the_fields(void)
{
    static const Exchange with_fields[] = { EXCHANGE_INFORMATION, EXCHANGE_S2001, EXCHANGE_S2002 };

    for (guint e = 0; scheme_embodiment_names[e] != NULL; e++) {
        Scheme scheme = fixture_scheme(scheme_embodiment_names[e]);
        bool is_mondex = g_str_equal(scheme_embodiment_names[e], "mondex");
        Protocol protocol;
        guint n = 0;

        protocol_init(&protocol, &scheme);
        for (guint i = 0; i < G_N_ELEMENTS(with_fields); i++) {
            const ExchangePlan *plan = &protocol.plan[PATH_NONE][with_fields[i]];

            for (guint s = 0; s < plan->command.n_slots; s++)
                n += plan->command.slots[s].field == FIELD_COMMON_KEY_ID;
            for (guint s = 0; s < plan->response.n_slots; s++)
                n += plan->response.slots[s].field == FIELD_HELD_KEY_IDS;
        }
        g_assert_cmpuint(n, ==, is_mondex ? 3 : 0);
    }
}

/* A terminal that names another key to the payer alone. */
static bool
rename_key(const Part *part, gpointer user_data)
{
    const uint32_t *id = user_data;

    if (part->exchange == EXCHANGE_S2001 && !part->is_response)
        bytes_put_u32(part->data + part->n - FIELD_ID_BYTES, *id);
    return true;
}

/* Older than the current one, never held, and the ID that fills empty places. */
static void
a_card_refuses_a_key_that_it_does_not_hold(void)
{
    static const uint32_t ids[] = { 0, 1, 2, 5, 6, KEYRING_LAST_ID };

    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        uint32_t id = ids[i];
        World world;
        Purse payer;
        Purse payee;
        CardMemory before;
        Settlement seen;

        world_init_mondex(&world, 4);
        payer = holder(&world, 1, 4, 3);
        payee = holder(&world, 3, 3, 3);
        before = payer.memory;
        world.hook = rename_key;
        world.hook_data = &id;
        seen = world_settle(&world, &payer, &payee, 1);
        g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_DIFFERENT_IDS);
        g_assert_cmphex(seen.status, ==, SW_KEY_NOT_HELD);
        g_assert_cmpuint(seen.n_exchanges, ==, 5);
        g_assert_cmpint(world.course.log[SIDE_PAYER].refused, ==, CARD_STEP_S2101A);
        assert_same_memory(&payer.memory, &before);
        world_clear(&world);
    }
}

/* What a card holds and was not agreed on is refused by the other card's challenge. */
static void
a_key_named_to_one_card_alone_pays_nobody(void)
{
    uint32_t id = 4;
    World world;
    Purse payer;
    Purse payee;
    Settlement seen;

    world_init_mondex(&world, 4);
    payer = holder(&world, 1, 4, 3);
    payee = holder(&world, 3, 4, 3);
    world.hook = rename_key;
    world.hook_data = &id;
    seen = world_settle(&world, &payer, &payee, 1);
    g_assert_cmphex(seen.status, ==, SW_TRANSMISSION_CHALLENGE);
    g_assert_cmpuint(purse_transfer_key(&world, &payer), ==, 3);
    g_assert_cmpint(payer.memory.balance, ==, 100);
    world_clear(&world);
}

/* The ID in use is one write more, on the card that switches and only there. */
static void
a_switch_costs_one_write(void)
{
    const Chip *chip = chip_find("jcop4-p71");
    const Seat seats[N_SIDES] = { { chip, &link_interfaces[0] }, { chip, &link_interfaces[0] } };
    Micros write = (chip_operation_ns(chip, CHIP_WRITE, 0) + 500) / 1000;

    for (Side behind = 0; behind < N_SIDES; behind++) {
        World world;
        Purse purses[N_SIDES];
        Duration first;
        Duration second;

        world_init_mondex(&world, 2);
        purses[behind] = holder(&world, 1, 2, 1);
        purses[side_other(behind)] = holder(&world, 2, 3, 2);
        world_settle(&world, &purses[SIDE_PAYER], &purses[SIDE_PAYEE], 1);
        first = duration_of(&world.protocol, seats, &link_terminals[0], &world.course);
        world_settle(&world, &purses[SIDE_PAYER], &purses[SIDE_PAYEE], 1);
        second = duration_of(&world.protocol, seats, &link_terminals[0], &world.course);
        g_assert_cmpint(first.total - second.total, ==, write);
        g_assert_cmpint(first.phase[PHASE_VALUE] - second.phase[PHASE_VALUE], ==, write);
        g_assert_cmpint(first.phase[PHASE_UPDATE], ==, 0);
        world_clear(&world);
    }
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(pair_rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/common-key/pays-with-the-oldest-in-common/%s", pair_rows[i].name);

        g_test_add_data_func(path, &pair_rows[i], pays_with_the_oldest_in_common);
    }
    g_test_add_func("/common-key/switch/is-for-good", a_switch_is_for_good);
    g_test_add_func("/common-key/switch/needs-debit-or-credit",
                    without_debit_or_credit_nobody_switches);
    g_test_add_func("/common-key/switch/costs-one-write", a_switch_costs_one_write);
    g_test_add_func("/common-key/ids/of-different-keys-do-not-pay",
                    equal_ids_of_different_keys_do_not_pay);
    g_test_add_func("/common-key/information/lists-what-is-held", information_lists_what_is_held);
    g_test_add_func("/common-key/fields/exist-in-this-scheme-only",
                    only_this_scheme_has_the_fields);
    g_test_add_func("/common-key/named/is-refused-if-not-held",
                    a_card_refuses_a_key_that_it_does_not_hold);
    g_test_add_func("/common-key/named/to-one-card-alone-pays-nobody",
                    a_key_named_to_one_card_alone_pays_nobody);
    return g_test_run();
}
