/* Terminals that attack: each attack works where nothing stands against it, and fails where
 * something does. */
#include "tests/model/world.h"

#include "model/wire/rogue.h"

#include <math.h>

#include <string.h>

#define TARGET 700

static Settlement
settle_at(World *world, Rogue *rogue, Purse *payer, Purse *payee, Cents amount, RogueReport *report)
{
    Settlement seen;

    world->n_passed = 0;
    world_insert(world, SIDE_PAYER, payer);
    world_insert(world, SIDE_PAYEE, payee);
    seen = rogue_settle(rogue, &world->terminal, &world->taps[SIDE_PAYER].reader,
                        &world->taps[SIDE_PAYEE].reader, amount, FIXTURE_DATE, world->now, report);
    world_remove(world, SIDE_PAYER);
    world_remove(world, SIDE_PAYEE);
    return seen;
}

/* ---- Value ------------------------------------------------------------- */

static void
mints_where_both_challenges_have_one_form(gconstpointer data)
{
    SchemeFig4Mac form = GPOINTER_TO_UINT(data);
    static const char *const embodiments[] = { "1", "2", "5", "conventional", "mondex" };
    bool mints = form == FIG4_MAC_SPEC;

    for (guint e = 0; e < G_N_ELEMENTS(embodiments); e++) {
        Scheme scheme = fixture_scheme(embodiments[e]);
        g_autoptr(Rogue) rogue = NULL;
        RogueReport report;
        World world;
        Purse payer;
        Purse payee;

        scheme.fig4_mac = form;
        world_init(&world, &scheme);
        rogue = rogue_new(ROGUE_MINT, &world.protocol, 0);
        payer = world_purse(&world, &(PurseSpec){ .balance = 1 });
        payee = world_purse(&world, &(PurseSpec){ .balance = 1 });
        settle_at(&world, rogue, &payer, &payee, 1000, &report);
        g_assert_true(report.attempted);
        g_assert_cmpint(report.succeeded, ==, mints);
        g_assert_cmpint(payer.memory.balance, ==, 1);
        g_assert_cmpint(payee.memory.balance, ==, mints ? 1001 : 1);
        world_clear(&world);
    }
}

/* Two cards of different keys cannot mint for each other. */
static void
mints_within_a_generation_only(void)
{
    static const uint8_t foreign[KEYRING_KEY_BYTES] = "of another hand";
    Scheme scheme = fixture_scheme("1");
    g_autoptr(Rogue) rogue = NULL;
    RogueReport report;
    World world;
    Purse payer;
    Purse payee;

    world_init(&world, &scheme);
    rogue = rogue_new(ROGUE_MINT, &world.protocol, 0);
    payer = world_purse(&world, &(PurseSpec){ .balance = 1 });
    payee = world_purse(&world, &(PurseSpec){ .balance = 1 });
    payer.memory.transfer_key = keyring_adopt(world.ring, KEY_TRANSFER, 1, foreign);
    settle_at(&world, rogue, &payer, &payee, 1000, &report);
    g_assert_true(report.attempted);
    g_assert_false(report.succeeded);
    g_assert_cmpint(payee.memory.balance, ==, 1);
    world_clear(&world);
}

static void
no_form_of_the_challenge_stops_burning(gconstpointer data)
{
    Scheme scheme = fixture_scheme("5");
    g_autoptr(Rogue) rogue = NULL;
    RogueReport report;
    World world;
    Purse payer;
    Purse payee;

    scheme.fig4_mac = GPOINTER_TO_UINT(data);
    world_init(&world, &scheme);
    rogue = rogue_new(ROGUE_BURN, &world.protocol, 0);
    payer = world_purse(&world, &(PurseSpec){ .balance = 9 });
    payee = world_purse(&world, &(PurseSpec){ .balance = 1 });
    g_assert_cmpint(settle_at(&world, rogue, &payer, &payee, 5, &report).outcome, ==,
                    OUTCOME_TORN_AFTER_DEBIT);
    g_assert_true(report.succeeded);
    g_assert_cmpint(payer.memory.balance, ==, 4);
    g_assert_cmpint(payee.memory.balance, ==, 1);
    world_clear(&world);
}

/* A command that the terminal sends twice, and what it changes for each time that it counts. */
typedef struct {
    RogueKind kind;
    Cents payer;
    Cents payee;
} ReplayRow;

/* Of a second debit the payee sees nothing: they are credited once. */
static const ReplayRow replay_rows[] = {
    { ROGUE_REPLAY, 0, 5 },
    { ROGUE_REPLAY_DEBIT, -5, 0 },
};

static void
replay(const ReplayRow *row, SchemeNonceLife life)
{
    Scheme scheme = fixture_scheme("1");
    int64_t again = life == NONCE_LIFE_POWER_ON ? 1 : 0;
    g_autoptr(Rogue) rogue = NULL;
    RogueReport report;
    World world;
    Purse payer;
    Purse payee;

    scheme.nonce_life = life;
    world_init(&world, &scheme);
    rogue = rogue_new(row->kind, &world.protocol, 0);
    payer = world_purse(&world, &(PurseSpec){ .balance = 19 });
    payee = world_purse(&world, &(PurseSpec){ .balance = 1 });
    g_assert_cmpint(settle_at(&world, rogue, &payer, &payee, 5, &report).outcome, ==, OUTCOME_PAID);
    g_assert_true(report.attempted);
    g_assert_cmpint(report.succeeded, ==, again);
    g_assert_cmpint(payer.memory.balance, ==, 14 + again * row->payer);
    g_assert_cmpint(payee.memory.balance, ==, 6 + again * row->payee);
    world_clear(&world);
}

static void
a_random_number_that_serves_once_stops_a_replay(gconstpointer row)
{
    for (SchemeNonceLife life = 0; life < N_NONCE_LIFE; life++)
        replay(row, life);
}

/* ---- Keys -------------------------------------------------------------- */

typedef struct {
    const char *name;
    SchemeUpdateCipher cipher;
    SchemeKeyAuth auth;
    int64_t max_step;
    Outcome outcome;
} MalleateRow;

static const MalleateRow malleate_rows[] = {
    { "malleable", UPDATE_CIPHER_MALLEABLE, KEY_AUTH_PEER, SCHEME_NO_MAX_STEP,
      OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE },
    { "aead", UPDATE_CIPHER_AEAD, KEY_AUTH_PEER, SCHEME_NO_MAX_STEP, OUTCOME_REFUSED_UPDATE_KEY },
    { "issuer-signed", UPDATE_CIPHER_MALLEABLE, KEY_AUTH_ISSUER_SIGNED, SCHEME_NO_MAX_STEP,
      OUTCOME_REFUSED_CERTIFICATE },
    { "max-step", UPDATE_CIPHER_MALLEABLE, KEY_AUTH_PEER, 9, OUTCOME_REFUSED_LIMIT },
};

/* The older card holds the true key under an ID that nobody gave out; every other card that
 * meets it follows, and no generation below that ID is ever taken again. */
static void
exchanges_the_id_under_a_malleable_cipher(gconstpointer data)
{
    const MalleateRow *row = data;
    Scheme scheme = fixture_scheme("1");
    bool succeeds = row->outcome == OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE;
    g_autoptr(Rogue) rogue = NULL;
    RogueReport report;
    World world;
    Purse older;
    Purse newer;

    scheme.update_cipher = row->cipher;
    scheme.key_auth = row->auth;
    scheme.max_step = row->max_step;
    world_init(&world, &scheme);
    rogue = rogue_new(ROGUE_MALLEATE, &world.protocol, TARGET);
    older = world_purse(&world, &(PurseSpec){ .transfer_key = 1, .balance = 9 });
    newer = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .balance = 9 });
    g_assert_cmpint(settle_at(&world, rogue, &older, &newer, 5, &report).outcome, ==, row->outcome);
    g_assert_true(report.attempted);
    g_assert_cmpint(report.succeeded, ==, succeeds);
    g_assert_cmpuint(purse_transfer_key(&world, &older), ==, succeeds ? TARGET : 1);
    world_clear(&world);
}

/* Recorded messages come back with R: how often follows from how many different R there
 * are on record. Returns: how many of @tries were replayed, and what was to be expected. */
static guint
count_replays(int64_t nonce_bits, guint tries, double *expected)
{
    Scheme scheme = fixture_scheme("1");
    g_autoptr(Rogue) rogue = NULL;
    double n_recorded = 0;
    guint n = 0;
    World world;
    Purse newer;

    scheme.nonce_bits = nonce_bits;
    world_init(&world, &scheme);
    rogue = rogue_new(ROGUE_REPLAY_UPDATE, &world.protocol, 0);
    newer = world_purse(&world, &(PurseSpec){ .transfer_key = 2 });
    *expected = 0;
    for (guint i = 0; i < tries; i++) {
        double share = ldexp(n_recorded, -(int)nonce_bits);
        RogueReport report;
        Purse older = world_purse(&world, &(PurseSpec){ .transfer_key = 1 });

        settle_at(&world, rogue, &older, &newer, 0, &report);
        g_assert_true(report.attempted);
        g_assert_cmpuint(purse_transfer_key(&world, &older), ==, 2);
        *expected += share;
        n_recorded += report.succeeded ? 0 : 1;
        n += report.succeeded;
    }
    world_clear(&world);
    return n;
}

static void
replays_as_often_as_random_numbers_recur(void)
{
    double expected;
    guint n = count_replays(8, 400, &expected);

    /* the variance is below the mean */
    g_assert_cmpfloat(ABS(n - expected), <, 4 * sqrt(expected));
    g_assert_cmpfloat(expected, >, 150);
    g_assert_cmpuint(count_replays(64, 400, &expected), ==, 0);
}

/* An old message installs the key of its time, a leaked one for example, where a newer one
 * was meant. */
static void
a_replay_installs_the_key_of_its_time(void)
{
    Scheme scheme = fixture_scheme("1");
    g_autoptr(Rogue) rogue = NULL;
    bool replayed = false;
    World world;
    Purse leaked;
    Purse newest;

    scheme.nonce_bits = 8;
    world_init(&world, &scheme);
    rogue = rogue_new(ROGUE_REPLAY_UPDATE, &world.protocol, 0);
    leaked = world_purse(&world, &(PurseSpec){ .transfer_key = 2 });
    newest = world_purse(&world, &(PurseSpec){ .transfer_key = 3 });
    for (guint i = 0; i < 1000 && !replayed; i++) {
        Purse older = world_purse(&world, &(PurseSpec){ .transfer_key = 1 });
        RogueReport report;

        settle_at(&world, rogue, &older, i < 200 ? &leaked : &newest, 0, &report);
        replayed = i >= 200 && report.succeeded && purse_transfer_key(&world, &older) == 2;
    }
    g_assert_true(replayed);
    world_clear(&world);
}

/* ---- What a terminal should look at ------------------------------------ */

static void
freezing_keeps_a_card_on_its_key(void)
{
    Scheme scheme = fixture_scheme("5");
    g_autoptr(Rogue) rogue = NULL;
    RogueReport report;
    World world;
    Purse older;
    Purse same;
    Purse newer;

    world_init(&world, &scheme);
    rogue = rogue_new(ROGUE_FREEZE, &world.protocol, 0);
    older = world_purse(&world, &(PurseSpec){ .transfer_key = 1, .balance = 9 });
    same = world_purse(&world, &(PurseSpec){ .transfer_key = 1, .balance = 9 });
    newer = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .balance = 9 });
    g_assert_cmpint(settle_at(&world, rogue, &older, &newer, 5, &report).outcome, ==,
                    OUTCOME_REFUSED_AUTHENTICATION);
    g_assert_true(report.attempted);
    g_assert_cmpuint(purse_transfer_key(&world, &older), ==, 1);
    g_assert_cmpint(settle_at(&world, rogue, &older, &same, 5, &report).outcome, ==, OUTCOME_PAID);
    g_assert_false(report.attempted);
    world_clear(&world);
}

static void
a_forced_public_key_update_is_slow_or_none(void)
{
    static const struct {
        const char *embodiment;
        bool succeeds;
        Outcome outcome;
    } rows[] = {
        { "3", true, OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE },
        { "5", true, OUTCOME_REFUSED_UPDATE_KEY_ORDER },
        { "1", false, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Scheme scheme = fixture_scheme(rows[i].embodiment);
        g_autoptr(Rogue) rogue = NULL;
        RogueReport report;
        World world;
        Purse older;
        Purse newer;

        world_init(&world, &scheme);
        rogue = rogue_new(ROGUE_FORCE_PUBLIC_KEY, &world.protocol, 0);
        older = world_purse(&world, &(PurseSpec){ .transfer_key = 1, .balance = 9 });
        newer = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .balance = 9 });
        g_assert_cmpint(settle_at(&world, rogue, &older, &newer, 5, &report).outcome, ==,
                        rows[i].outcome);
        g_assert_cmpint(report.succeeded, ==, rows[i].succeeds);
        world_clear(&world);
    }
}

static void
an_expired_card_pays_where_nobody_asks(void)
{
    Scheme scheme = fixture_scheme("1");
    g_autoptr(Rogue) rogue = NULL;
    RogueReport report;
    World world;
    Purse payer;
    Purse payee;

    world_init(&world, &scheme);
    rogue = rogue_new(ROGUE_IGNORE_EXPIRY, &world.protocol, 0);
    payer = world_purse(&world, &(PurseSpec){ .expiry_day = FIXTURE_DAY, .balance = 9 });
    payee = world_purse(&world, &(PurseSpec){ .balance = 9 });
    g_assert_cmpint(world_settle(&world, &payer, &payee, 5).outcome, ==, OUTCOME_REFUSED_EXPIRED);
    g_assert_cmpint(settle_at(&world, rogue, &payer, &payee, 5, &report).outcome, ==, OUTCOME_PAID);
    g_assert_true(report.succeeded);
    payer = world_purse(&world, &(PurseSpec){ .balance = 9 });
    settle_at(&world, rogue, &payer, &payee, 0, &report);
    g_assert_false(report.attempted);
    world_clear(&world);
}

static void
revoke(World *world, const Purse *purse)
{
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GBytes) list = NULL;
    guint64 serial = purse->serial;

    g_array_append_val(serials, serial);
    list = authority_sign_crl(&world->authority, 1, serials);
    g_assert_true(terminal_load_crl(&world->terminal, list));
}

/* @kind: ignores the list, or shows it another card's certificate. */
static void
a_revoked_card_passes_the_list(gconstpointer data)
{
    RogueKind kind = GPOINTER_TO_UINT(data);
    Scheme scheme = fixture_scheme("5");
    g_autoptr(Rogue) rogue = NULL;
    RogueReport report;
    World world;
    Purse revoked;
    Purse good;
    Purse newer;

    world_init(&world, &scheme);
    rogue = rogue_new(kind, &world.protocol, 0);
    revoked = world_purse(&world, &(PurseSpec){ .balance = 9 });
    good = world_purse(&world, &(PurseSpec){ .balance = 9 });
    newer = world_purse(&world, &(PurseSpec){ .transfer_key = 2, .update_key = 2, .balance = 9 });
    revoke(&world, &revoked);
    g_assert_cmpint(world_settle(&world, &revoked, &good, 1).outcome, ==, OUTCOME_REFUSED_REVOKED);
    settle_at(&world, rogue, &good, &newer, 0, &report); /* a certificate passes by */
    g_assert_false(report.attempted);
    good = world_purse(&world, &(PurseSpec){ .balance = 9 });
    g_assert_cmpint(settle_at(&world, rogue, &revoked, &good, 1, &report).outcome, ==,
                    OUTCOME_PAID);
    g_assert_true(report.succeeded);
    /* the certificate that is shown has to be the card's own where an update wants it */
    g_assert_cmpint(settle_at(&world, rogue, &revoked, &newer, 1, &report).outcome, ==,
                    kind == ROGUE_IGNORE_CRL ? OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE
                                             : OUTCOME_REFUSED_CERTIFICATE);
    world_clear(&world);
}

/* ---- All of them ------------------------------------------------------- */

static bool
contains(const GByteArray *traffic, const uint8_t *bytes, size_t n)
{
    for (size_t at = 0; at + n <= traffic->len; at++)
        if (memcmp(traffic->data + at, bytes, n) == 0)
            return true;
    return false;
}

/* Whatever is altered, held back or sent elsewhere, no card gives a key away; and a card pays
 * and counts as at a true terminal where there is nothing to attack. */
static void
no_attack_brings_a_key_out(gconstpointer data)
{
    RogueKind kind = GPOINTER_TO_UINT(data);
    static const char *const embodiments[] = { "1", "2", "3", "4", "5", "mondex" };

    for (guint e = 0; e < G_N_ELEMENTS(embodiments); e++)
        for (LinkProtocol link = LINK_T_CL; link <= LINK_T_1; link++) {
            PurseSpec spec = { .balance = 9, .n_preloaded = 2, .preloaded = { 1, 2 } };
            Scheme scheme = fixture_scheme(embodiments[e]);
            g_autoptr(Rogue) rogue = NULL;
            RogueReport report;
            World world;
            Purse older;
            Purse newer;
            KeyHandle keys[4];

            world_init(&world, &scheme);
            world.links[SIDE_PAYER] = world.links[SIDE_PAYEE] = link;
            world.keep_traffic = true;
            rogue = rogue_new(kind, &world.protocol, TARGET);
            older = world_purse(&world, &spec);
            spec.transfer_key = 2;
            spec.update_key = e % 2 == 0 ? 1 : 2;
            newer = world_purse(&world, &spec);
            keys[0] = older.memory.transfer_key;
            keys[1] = newer.memory.transfer_key;
            keys[2] = older.memory.update_key;
            keys[3] = newer.memory.update_key;
            for (guint i = 0; i < 3; i++)
                settle_at(&world, rogue, i == 1 ? &newer : &older, i == 1 ? &older : &newer, 1,
                          &report);
            g_assert_cmpuint(world.traffic->len, >, 100);
            for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
                if (keys[i] != 0)
                    g_assert_false(contains(world.traffic, keyring_pair(world.ring, keys[i])->key,
                                            KEYRING_KEY_BYTES));
            world_clear(&world);
        }
}

#define ADD(path, function) g_test_add_func("/rogue/" path, function)

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (SchemeFig4Mac form = 0; form < N_FIG4_MAC; form++) {
        g_autofree char *mint = g_strdup_printf("/rogue/mint/%s/%s", scheme_fig4_mac_names[form],
                                                form == FIG4_MAC_SPEC ? "mints" : "is-stopped");
        g_autofree char *burn =
            g_strdup_printf("/rogue/burn/%s/burns", scheme_fig4_mac_names[form]);

        g_test_add_data_func(mint, GUINT_TO_POINTER(form),
                             mints_where_both_challenges_have_one_form);
        g_test_add_data_func(burn, GUINT_TO_POINTER(form), no_form_of_the_challenge_stops_burning);
    }
    ADD("mint/within-a-generation-only", mints_within_a_generation_only);
    g_test_add_data_func("/rogue/replay/is-stopped-by-randoms-that-serve-once", &replay_rows[0],
                         a_random_number_that_serves_once_stops_a_replay);
    for (guint i = 0; i < G_N_ELEMENTS(malleate_rows); i++) {
        g_autofree char *path = g_strdup_printf("/rogue/malleate/%s", malleate_rows[i].name);

        g_test_add_data_func(path, &malleate_rows[i], exchanges_the_id_under_a_malleable_cipher);
    }
    g_test_add_data_func("/rogue/replay-debit/one-random-number-serves-once", &replay_rows[1],
                         a_random_number_that_serves_once_stops_a_replay);
    ADD("replay-update/as-often-as-random-numbers-recur", replays_as_often_as_random_numbers_recur);
    ADD("replay-update/installs-the-key-of-its-time", a_replay_installs_the_key_of_its_time);
    ADD("freeze/keeps-a-card-on-its-key", freezing_keeps_a_card_on_its_key);
    ADD("force-public-key/is-slow-or-none", a_forced_public_key_update_is_slow_or_none);
    ADD("ignore-expiry/an-expired-card-pays", an_expired_card_pays_where_nobody_asks);
    for (RogueKind kind = ROGUE_NONE + 1; kind < N_ROGUES; kind++) {
        g_autofree char *passes =
            g_strdup_printf("/rogue/%s/a-revoked-card-passes", rogue_names[kind]);
        g_autofree char *secret = g_strdup_printf("/rogue/%s/brings-no-key-out", rogue_names[kind]);

        if (kind == ROGUE_IGNORE_CRL || kind == ROGUE_FOREIGN_CERTIFICATE)
            g_test_add_data_func(passes, GUINT_TO_POINTER(kind), a_revoked_card_passes_the_list);
        g_test_add_data_func(secret, GUINT_TO_POINTER(kind), no_attack_brings_a_key_out);
    }
    return g_test_run();
}
