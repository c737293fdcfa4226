/* What a faithful system shows between cards of different generations: the table
 * of embodiment 5, crossed pairs, the slots of embodiment 4, the islands of
 * embodiment 1. */
#include "tests/model/world.h"

typedef struct {
    World world;
    Purse older;
    Purse newer;
} Pair;

static void
pair_init(Pair *pair, const char *embodiment, const PurseSpec *older, const PurseSpec *newer)
{
    Scheme scheme = fixture_scheme(embodiment);

    world_init(&pair->world, &scheme);
    pair->older = world_purse(&pair->world, older);
    pair->newer = world_purse(&pair->world, newer);
}

static void
assert_settles(World *world, Purse *payer, Purse *payee, const char *outcome)
{
    Settlement seen = world_settle(world, payer, payee, 0);

    g_assert_cmpstr(outcome_names[seen.outcome], ==, outcome);
}

/* ---- Embodiment 5, transfer-key IDs different -------------------------- */

/**
 * UpdateRow: the older card holds (1, 2), the newer one (2, @newer_update_key)
 * @limits: of the older card, 0 for none: transfer key, update key
 * @keys: of the older card afterwards
 */
typedef struct {
    const char *name;
    uint32_t newer_update_key;
    uint32_t limits[2];
    Path path;
    const char *outcome;
    uint32_t keys[2];
} UpdateRow;

static const UpdateRow update_rows[] = {
    /* clang-format off */
    { "equal-update-keys",                     2, { 0, 0 }, PATH_SYMMETRIC,  "paid-after-symmetric-update",  { 2, 2 } },
    { "newer-update-key-within-limit",         3, { 0, 3 }, PATH_PUBLIC_KEY, "paid-after-public-key-update", { 2, 3 } },
    { "newer-update-key-no-limit",             9, { 0, 0 }, PATH_PUBLIC_KEY, "paid-after-public-key-update", { 2, 9 } },
    { "newer-update-key-above-limit",          4, { 0, 3 }, PATH_PUBLIC_KEY, "refused-update-key-limit",     { 1, 2 } },
    { "older-update-key",                      1, { 0, 0 }, PATH_PUBLIC_KEY, "refused-update-key-order",     { 1, 2 } },
    { "equal-but-transfer-key-above-limit",    2, { 1, 0 }, PATH_SYMMETRIC,  "refused-limit",                { 1, 2 } },
    { "newer-but-transfer-key-above-limit",    3, { 1, 0 }, PATH_PUBLIC_KEY, "refused-limit",                { 1, 2 } },
    { "both-above-limit-names-the-update-key", 3, { 1, 2 }, PATH_PUBLIC_KEY, "refused-update-key-limit",     { 1, 2 } },
    { "older-and-above-limit",                 1, { 1, 0 }, PATH_PUBLIC_KEY, "refused-update-key-order",     { 1, 2 } },
    /* clang-format on */
};

static void
embodiment_5_follows_the_table(gconstpointer data)
{
    const UpdateRow *row = data;

    for (guint bits = 0; bits < 4; bits++) {
        bool is_paid = g_str_has_prefix(row->outcome, "paid");
        bool payer_is_older = (bits & 1) != 0;
        Settlement seen;
        Pair pair;
        Purse *payer;
        Purse *payee;

        pair_init(
            &pair, "5",
            &(PurseSpec){ .transfer_key = 1,
                          .update_key = 2,
                          .transfer_key_limit = row->limits[0],
                          .update_key_limit = row->limits[1],
                          .balance = 10 },
            &(PurseSpec){ .transfer_key = 2, .update_key = row->newer_update_key, .balance = 10 });
        pair.world.swapped = (bits & 2) != 0;
        payer = payer_is_older ? &pair.older : &pair.newer;
        payee = payer_is_older ? &pair.newer : &pair.older;
        for (int meeting = 0; meeting < 2; meeting++) { /* a refused pair is refused again */
            seen = world_settle(&pair.world, payer, payee, 1);
            if (is_paid && meeting == 1) {
                g_assert_cmpint(seen.outcome, ==, OUTCOME_PAID);
                break;
            }
            g_assert_cmpstr(outcome_names[seen.outcome], ==, row->outcome);
            g_assert_cmpint(seen.path, ==, row->path);
            g_assert_cmpuint(seen.n_exchanges, ==, is_paid ? 11 : 7);
            assert_keys(&pair.world, &pair.older, row->keys[0], row->keys[1]);
            assert_keys(&pair.world, &pair.newer, 2, row->newer_update_key);
            g_assert_cmpint(payer->memory.balance, ==, is_paid ? 9 : 10);
            g_assert_cmpint(payee->memory.balance, ==, is_paid ? 11 : 10);
        }
        world_clear(&pair.world);
    }
}

/* ---- The crossed pair -------------------------------------------------- */

static const PurseSpec crossed_older = { .transfer_key = 1, .update_key = 2 };
static const PurseSpec crossed_newer = { .transfer_key = 2, .update_key = 1 };

static void
a_crossed_pair_is_freed_by_a_card_that_is_newer_in_both(void)
{
    Pair pair;
    Purse third;

    pair_init(&pair, "5", &crossed_older, &crossed_newer);
    third = world_purse(&pair.world, &(PurseSpec){ .transfer_key = 2, .update_key = 2 });
    assert_settles(&pair.world, &pair.older, &pair.newer, "refused-update-key-order");
    assert_settles(&pair.world, &third, &pair.older, "paid-after-symmetric-update");
    assert_keys(&pair.world, &pair.older, 2, 2);
    assert_settles(&pair.world, &pair.older, &pair.newer, "paid");
    assert_keys(&pair.world, &pair.newer, 2, 1);
    world_clear(&pair.world);
}

static void
a_crossed_pair_is_freed_by_a_still_newer_transfer_key(void)
{
    Pair pair;
    Purse third;

    pair_init(&pair, "5", &crossed_older, &crossed_newer);
    third = world_purse(&pair.world, &(PurseSpec){ .transfer_key = 3, .update_key = 2 });
    assert_settles(&pair.world, &third, &pair.newer, "paid-after-public-key-update");
    assert_keys(&pair.world, &pair.newer, 3, 2);
    assert_settles(&pair.world, &pair.newer, &pair.older, "paid-after-symmetric-update");
    assert_keys(&pair.world, &pair.older, 3, 2);
    world_clear(&pair.world);
}

static void
the_newest_update_key_alone_frees_no_crossed_pair(void)
{
    Pair pair;
    Purse third;

    pair_init(&pair, "5", &crossed_older, &crossed_newer);
    third = world_purse(&pair.world, &(PurseSpec){ .transfer_key = 2, .update_key = 3 });
    assert_settles(&pair.world, &third, &pair.newer, "paid"); /* same TK: nothing is updated */
    assert_keys(&pair.world, &pair.newer, 2, 1);
    assert_settles(&pair.world, &pair.older, &pair.newer, "refused-update-key-order");
    world_clear(&pair.world);
}

static void
an_update_key_never_spreads_without_a_transfer_key(void)
{
    Pair pair;

    pair_init(&pair, "5", &(PurseSpec){ .transfer_key = 2, .update_key = 1 },
              &(PurseSpec){ .transfer_key = 2, .update_key = 2 });
    for (int meeting = 0; meeting < 3; meeting++)
        assert_settles(&pair.world, &pair.older, &pair.newer, "paid");
    assert_keys(&pair.world, &pair.older, 2, 1);
    world_clear(&pair.world);
}

/* ---- Embodiment 3 ------------------------------------------------------ */

static void
embodiment_3_crosses_cohorts_by_public_key_for_ever(void)
{
    Pair pair;

    pair_init(&pair, "3", &(PurseSpec){ .transfer_key = 1, .update_key = 2 },
              &(PurseSpec){ .transfer_key = 2, .update_key = 1 });
    assert_settles(&pair.world, &pair.older, &pair.newer, "paid-after-public-key-update");
    assert_keys(&pair.world, &pair.older, 2, 2);
    assert_keys(&pair.world, &pair.newer, 2, 1);
    for (uint32_t generation = 3; generation < 6; generation++) {
        pair.newer.memory.transfer_key = keyring_issue(pair.world.ring, KEY_TRANSFER, generation);
        assert_settles(&pair.world, &pair.newer, &pair.older, "paid-after-public-key-update");
        assert_keys(&pair.world, &pair.older, generation, 2);
    }
    world_clear(&pair.world);
}

/* ---- Embodiment 4 ------------------------------------------------------ */

/* A card of the cohort that holds @first and @first + 1, @in_use one of them. */
static Purse
slots_purse(World *world, uint32_t first, uint32_t in_use)
{
    return world_purse(world, &(PurseSpec){ .transfer_key = in_use,
                                            .n_preloaded = 2,
                                            .preloaded = { first, first + 1 } });
}

static void
cohorts_that_share_a_slot_meet_there(void)
{
    Scheme scheme = fixture_scheme("4");
    World world;
    Purse low;
    Purse middle;

    world_init(&world, &scheme);
    low = slots_purse(&world, 1, 1);
    middle = slots_purse(&world, 2, 2);
    assert_settles(&world, &low, &middle, "paid-after-symmetric-update");
    assert_keys(&world, &low, 2, 1);
    assert_settles(&world, &middle, &low, "paid");
    world_clear(&world);
}

static void
a_card_moved_on_never_pays_the_oldest_cohort_again(void)
{
    Scheme scheme = fixture_scheme("4");
    World world;
    Purse low;
    Purse middle;
    Purse high;

    world_init(&world, &scheme);
    low = slots_purse(&world, 1, 1);
    middle = slots_purse(&world, 2, 2);
    high = slots_purse(&world, 3, 3);
    assert_settles(&world, &high, &middle, "paid-after-symmetric-update");
    assert_keys(&world, &middle, 3, 1);
    assert_settles(&world, &low, &middle, "refused-limit");
    assert_settles(&world, &middle, &low, "refused-limit");
    assert_settles(&world, &low, &high, "refused-limit");
    assert_keys(&world, &low, 1, 1);
    world_clear(&world);
}

/* @slots - 1 rollovers can be followed without new cards, and no more. */
static void
rollovers_are_one_less_than_the_slots(void)
{
    for (uint8_t slots = 1; slots <= CARD_PRELOADED_MAX; slots++) {
        Scheme scheme = fixture_scheme("4");
        PurseSpec spec = { .transfer_key = 1, .n_preloaded = slots };
        World world;
        Purse card;
        guint rollovers = 0;

        for (uint8_t i = 0; i < slots; i++)
            spec.preloaded[i] = i + 1U;
        world_init(&world, &scheme);
        card = world_purse(&world, &spec);
        for (uint32_t generation = 2; generation < CARD_PRELOADED_MAX + 4; generation++) {
            Purse newest = world_purse(&world, &(PurseSpec){ .transfer_key = generation });

            rollovers += outcome_is_paid(world_settle(&world, &newest, &card, 0).outcome);
        }
        g_assert_cmpuint(rollovers, ==, slots - 1U);
        g_assert_cmpuint(purse_transfer_key(&world, &card), ==, slots);
        world_clear(&world);
    }
}

/* A leap over a generation needs only the one that it lands on. */
static void
a_preloaded_id_may_be_leapt_to(void)
{
    Scheme scheme = fixture_scheme("4");
    World world;
    Purse card;
    Purse newest;

    world_init(&world, &scheme);
    card = world_purse(
        &world, &(PurseSpec){ .transfer_key = 1, .n_preloaded = 3, .preloaded = { 7, 2, 4 } });
    newest = world_purse(&world, &(PurseSpec){ .transfer_key = 7 });
    assert_settles(&world, &newest, &card, "paid-after-symmetric-update");
    g_assert_cmpuint(card.memory.transfer_key, ==, newest.memory.transfer_key);
    g_assert_cmpuint(world.course.log[SIDE_PAYEE].wrote, ==, WROTE_TRANSFER_KEY_ID);
    world_clear(&world);
}

/* Embodiment 4 has no upper limit. */
static void
embodiment_4_asks_no_limit(void)
{
    Pair pair;

    pair_init(&pair, "4",
              &(PurseSpec){ .transfer_key_limit = 1, .n_preloaded = 1, .preloaded = { 2 } },
              &(PurseSpec){ .transfer_key = 2 });
    assert_settles(&pair.world, &pair.older, &pair.newer, "paid-after-symmetric-update");
    world_clear(&pair.world);
}

/* What is moved is the card's own preloaded key, not the other card's. */
static void
embodiment_4_takes_no_foreign_key(void)
{
    static const uint8_t foreign[KEYRING_KEY_BYTES] = "injected by who?";
    Pair pair;
    KeyHandle own;

    pair_init(&pair, "4", &(PurseSpec){ .n_preloaded = 1, .preloaded = { 2 } },
              &(PurseSpec){ .transfer_key = 2 });
    own = pair.older.profile.preloaded[0];
    pair.newer.memory.transfer_key = keyring_adopt(pair.world.ring, KEY_TRANSFER, 2, foreign);
    assert_settles(&pair.world, &pair.older, &pair.newer, "refused-authentication");
    g_assert_cmpuint(pair.older.memory.transfer_key, ==, own);
    world_clear(&pair.world);
}

/* ---- Islands ----------------------------------------------------------- */

static void
different_update_keys_are_harmless_while_ids_are_equal(gconstpointer data)
{
    Pair pair;

    pair_init(&pair, data, &(PurseSpec){ .transfer_key = 4, .update_key = 1, .balance = 5 },
              &(PurseSpec){ .transfer_key = 4, .update_key = 2, .balance = 5 });
    g_assert_cmpint(world_settle(&pair.world, &pair.older, &pair.newer, 5).outcome, ==,
                    OUTCOME_PAID);
    g_assert_cmpint(world_settle(&pair.world, &pair.newer, &pair.older, 9).outcome, ==,
                    OUTCOME_PAID);
    assert_keys(&pair.world, &pair.older, 4, 1);
    assert_keys(&pair.world, &pair.newer, 4, 2);
    world_clear(&pair.world);
}

static void
a_rollover_splits_embodiment_1_into_islands(void)
{
    Scheme scheme = fixture_scheme("1");
    World world;
    Purse island[2][2];
    Purse first;

    world_init(&world, &scheme);
    for (uint32_t key = 0; key < 2; key++)
        for (int i = 0; i < 2; i++)
            island[key][i] = world_purse(&world, &(PurseSpec){ .update_key = key + 1 });
    first = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .update_key = 1 });
    assert_settles(&world, &island[0][0], &island[1][0], "paid");
    assert_settles(&world, &first, &island[0][0], "paid-after-symmetric-update");
    assert_settles(&world, &island[0][0], &island[0][1], "paid-after-symmetric-update");
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            for (int again = 0; again < 2; again++)
                assert_settles(&world, &island[0][i], &island[1][j], "refused-update-key");
    assert_settles(&world, &island[1][0], &island[1][1], "paid");
    assert_keys(&world, &island[1][0], 1, 2);
    world_clear(&world);
}

/* A gap of more than one generation is jumped at once. */
static void
a_generation_gap_is_jumped_at_once(gconstpointer data)
{
    Pair pair;

    pair_init(&pair, data, &(PurseSpec){ .transfer_key = 1 },
              &(PurseSpec){ .transfer_key = 4000000000 });
    g_assert_true(outcome_is_paid(world_settle(&pair.world, &pair.older, &pair.newer, 0).outcome));
    g_assert_cmpuint(purse_transfer_key(&pair.world, &pair.older), ==, 4000000000);
    world_clear(&pair.world);
}

static void
conventional_cards_are_never_updated(void)
{
    Pair pair;
    Settlement seen;

    pair_init(&pair, "conventional", &(PurseSpec){ .transfer_key = 1, .balance = 5 },
              &(PurseSpec){ .transfer_key = 2 });
    seen = world_settle(&pair.world, &pair.older, &pair.newer, 5);
    g_assert_cmpint(seen.outcome, ==, OUTCOME_REFUSED_DIFFERENT_IDS);
    g_assert_cmpuint(seen.n_exchanges, ==, 4);
    g_assert_cmpint(seen.path, ==, PATH_NONE);
    g_assert_cmpuint(purse_transfer_key(&pair.world, &pair.older), ==, 1);
    world_clear(&pair.world);
}

int
main(int argc, char **argv)
{
    static const char *const with_update_keys[] = { "1", "3", "4", "5" };
    static const char *const with_keys[] = { "1", "2", "3", "5" };

    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(update_rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/update/embodiment-5/follows-the-table/%s", update_rows[i].name);

        g_test_add_data_func(path, &update_rows[i], embodiment_5_follows_the_table);
    }
    g_test_add_func("/update/crossed-pair/is-freed-by-a-card-that-is-newer-in-both",
                    a_crossed_pair_is_freed_by_a_card_that_is_newer_in_both);
    g_test_add_func("/update/crossed-pair/is-freed-by-a-still-newer-transfer-key",
                    a_crossed_pair_is_freed_by_a_still_newer_transfer_key);
    g_test_add_func("/update/crossed-pair/is-not-freed-by-the-newest-update-key-alone",
                    the_newest_update_key_alone_frees_no_crossed_pair);
    g_test_add_func("/update/embodiment-5/an-update-key-never-spreads-without-a-transfer-key",
                    an_update_key_never_spreads_without_a_transfer_key);
    g_test_add_func("/update/embodiment-3/crosses-cohorts-by-public-key-for-ever",
                    embodiment_3_crosses_cohorts_by_public_key_for_ever);
    g_test_add_func("/update/embodiment-4/cohorts-that-share-a-slot-meet-there",
                    cohorts_that_share_a_slot_meet_there);
    g_test_add_func("/update/embodiment-4/a-card-moved-on-never-pays-the-oldest-cohort-again",
                    a_card_moved_on_never_pays_the_oldest_cohort_again);
    g_test_add_func("/update/embodiment-4/rollovers-are-one-less-than-the-slots",
                    rollovers_are_one_less_than_the_slots);
    g_test_add_func("/update/embodiment-4/a-preloaded-id-may-be-leapt-to",
                    a_preloaded_id_may_be_leapt_to);
    g_test_add_func("/update/embodiment-4/asks-no-limit", embodiment_4_asks_no_limit);
    g_test_add_func("/update/embodiment-4/takes-no-foreign-key", embodiment_4_takes_no_foreign_key);
    for (guint i = 0; i < G_N_ELEMENTS(with_update_keys); i++) {
        g_autofree char *path = g_strdup_printf(
            "/update/embodiment-%s/different-update-keys-are-harmless-while-ids-are-equal",
            with_update_keys[i]);

        g_test_add_data_func(path, with_update_keys[i],
                             different_update_keys_are_harmless_while_ids_are_equal);
    }
    g_test_add_func("/update/embodiment-1/a-rollover-splits-it-into-islands",
                    a_rollover_splits_embodiment_1_into_islands);
    for (guint i = 0; i < G_N_ELEMENTS(with_keys); i++) {
        g_autofree char *path = g_strdup_printf(
            "/update/embodiment-%s/a-generation-gap-is-jumped-at-once", with_keys[i]);

        g_test_add_data_func(path, with_keys[i], a_generation_gap_is_jumped_at_once);
    }
    g_test_add_func("/update/conventional/cards-are-never-updated",
                    conventional_cards_are_never_updated);
    return g_test_run();
}
