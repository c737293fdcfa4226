/* Random populations under random options, settled at random. After each settlement
 * two things are asked: did it end as a few lines of plain arithmetic foretell, and
 * does everything still hold that must always hold? */
#define _GNU_SOURCE /* memmem; NOLINT(bugprone-reserved-identifier) */
#include "tests/model/world.h"

#include <string.h>

#define CARDS 60
#define SLOTS_MAX 4
#define NEWEST_TRANSFER_KEY 5
#define NEWEST_UPDATE_KEY 3

/* ---- What must happen, in plain numbers -------------------------------- */

/* A card on paper: no bytes, no keys, only numbers. Limit 0: none. */
typedef struct {
    uint32_t transfer_key;
    uint32_t update_key;
    uint32_t transfer_key_limit;
    uint32_t update_key_limit;
    guint n_slots;
    uint32_t slots[SLOTS_MAX];
    int first_invalid_day;
    bool revoked;
    int64_t balance;
} Paper;

typedef struct {
    const char *outcome;
    Path path;
    guint n_exchanges;
} Forecast;

/* What the card that takes a key says. */
typedef enum { TAKEN, TRANSFER_KEY_ALONE, UPDATE_KEY_ALONE, NOT_TAKEN } Taking;

static bool
is_between(SchemeRange range, uint32_t own, uint32_t offered, uint32_t limit)
{
    bool high_enough = range == RANGE_LOWER_INCLUSIVE ? offered >= own : offered > own;
    bool low_enough =
        limit == 0 || (range == RANGE_LIMIT_EXCLUSIVE ? offered < limit : offered <= limit);

    return high_enough && low_enough;
}

/* @card is offered the keys of @giver; @why names the refusal. */
static Taking
take_keys(const Scheme *scheme, Path path, Paper *card, const Paper *giver, const char **why)
{
    uint32_t own = card->transfer_key;
    bool with_update_key = path == PATH_PUBLIC_KEY && scheme->update_key == UPDATE_KEY_TRAVELS;
    bool transfer_fits;
    bool update_fits;

    *why = "refused-limit";
    if (path == PATH_SYMMETRIC && card->update_key != giver->update_key) {
        *why = "refused-update-key";
        return NOT_TAKEN;
    }
    if (scheme->deliver == DELIVER_ID) {
        for (guint i = 0; i < card->n_slots; i++)
            if (card->slots[i] == giver->transfer_key && giver->transfer_key > own) {
                card->transfer_key = giver->transfer_key;
                return TAKEN;
            }
        return NOT_TAKEN;
    }
    transfer_fits = is_between(scheme->range, own, giver->transfer_key, card->transfer_key_limit);
    if (!with_update_key) {
        if (transfer_fits)
            card->transfer_key = giver->transfer_key;
        return transfer_fits ? TAKEN : NOT_TAKEN;
    }
    update_fits =
        is_between(scheme->range, card->update_key, giver->update_key, card->update_key_limit);
    if (scheme->uk_rule == UK_RULE_STRICT) {
        if (!update_fits)
            *why = giver->update_key < card->update_key ? "refused-update-key-order"
                                                        : "refused-update-key-limit";
        if (!update_fits || !transfer_fits)
            return NOT_TAKEN;
    }
    if (scheme->uk_rule == UK_RULE_TK_ONLY && !transfer_fits)
        return NOT_TAKEN;
    if (transfer_fits)
        card->transfer_key = giver->transfer_key;
    if (update_fits)
        card->update_key = giver->update_key;
    if (transfer_fits && update_fits)
        return TAKEN;
    return transfer_fits ? TRANSFER_KEY_ALONE : update_fits ? UPDATE_KEY_ALONE : NOT_TAKEN;
}

static bool
has_certificates(const Scheme *scheme)
{
    return scheme->pays_with == PAYS_WITH_NEWEST && scheme->authenticate != AUTHENTICATE_COMMON_KEY;
}

static bool
still_holds(const Paper *card, uint32_t id)
{
    for (guint i = 0; i < card->n_slots; i++)
        if (card->slots[i] == id && id > card->transfer_key)
            return true;
    return id == card->transfer_key;
}

/* The oldest key that both hold; 0 if there is none. */
static uint32_t
oldest_in_common(const Paper *a, const Paper *b)
{
    for (uint32_t id = 1; id <= NEWEST_TRANSFER_KEY; id++)
        if (still_holds(a, id) && still_holds(b, id))
            return id;
    return 0;
}

static Forecast
foretell(const Scheme *scheme, Paper *payer, Paper *payee, int64_t amount, int day)
{
    bool payer_is_expired = day >= payer->first_invalid_day;
    bool payee_is_expired = day >= payee->first_invalid_day;
    bool differ = payer->transfer_key != payee->transfer_key;
    Paper *older = payer->transfer_key < payee->transfer_key ? payer : payee;
    Paper *newer = older == payer ? payee : payer;
    Forecast forecast = { .n_exchanges = 4 };
    uint32_t common;
    const char *why;

    if ((scheme->expired == EXPIRED_STOP && (payer_is_expired || payee_is_expired)) ||
        (scheme->expired == EXPIRED_ALLOW_EQUAL_KEYS && differ &&
         (payer_is_expired || payee_is_expired)) ||
        (scheme->expired == EXPIRED_ALLOW_PAYER && payee_is_expired)) {
        forecast.outcome = "refused-expired";
        return forecast;
    }
    if (has_certificates(scheme) &&
        (payee->revoked || (payer->revoked && scheme->crl_scope == CRL_SCOPE_BOTH))) {
        forecast.outcome = "refused-revoked";
        return forecast;
    }
    common = scheme->pays_with == PAYS_WITH_OLDEST_COMMON ? oldest_in_common(payer, payee) : 0;
    if (differ && scheme->pays_with != PAYS_WITH_NEWEST && common == 0) {
        forecast.outcome = "refused-different-ids";
        return forecast;
    }
    if (differ && scheme->pays_with == PAYS_WITH_NEWEST) {
        bool crossed = older->update_key > newer->update_key;
        Taking taking;

        forecast.path = scheme->authenticate == AUTHENTICATE_COMMON_KEY ? PATH_SYMMETRIC
                        : scheme->authenticate == AUTHENTICATE_PUBLIC_KEY ||
                                older->update_key != newer->update_key
                            ? PATH_PUBLIC_KEY
                            : PATH_SYMMETRIC;
        forecast.n_exchanges += 3;
        taking = take_keys(scheme, forecast.path, older, newer, &why);
        if (scheme->update_ack && (taking == NOT_TAKEN || taking == UPDATE_KEY_ALONE)) {
            forecast.outcome = why;
            return forecast;
        }
        if (scheme->uk_rule == UK_RULE_BIDIRECTIONAL && scheme->update_key == UPDATE_KEY_TRAVELS &&
            forecast.path == PATH_PUBLIC_KEY && crossed) {
            forecast.n_exchanges += 3;
            take_keys(scheme, forecast.path, newer, older, &why);
        }
    }
    forecast.n_exchanges++;
    if (scheme->overdraft == OVERDRAFT_REFUSE && payer->balance < amount) {
        forecast.outcome = "refused-balance";
        return forecast;
    }
    forecast.n_exchanges++;
    if (scheme->max_balance != SCHEME_NO_MAX_BALANCE &&
        payee->balance + amount > scheme->max_balance) {
        forecast.outcome = "refused-balance";
        return forecast;
    }
    forecast.n_exchanges++;
    if (common == 0 && payer->transfer_key != payee->transfer_key) {
        forecast.outcome = "refused-authentication";
        return forecast;
    }
    forecast.n_exchanges++;
    if (common != 0)
        payer->transfer_key = payee->transfer_key = common;
    payer->balance -= amount;
    payee->balance += amount;
    forecast.outcome = forecast.path == PATH_NONE        ? "paid"
                       : forecast.path == PATH_SYMMETRIC ? "paid-after-symmetric-update"
                                                         : "paid-after-public-key-update";
    return forecast;
}

/* ---- A random population ----------------------------------------------- */

typedef struct {
    const char *embodiment;
    SchemeUkRule uk_rule;
    guint n_populations;
    guint n_settlements; /* of each */
} Row;

static const Row rows[] = {
    { "conventional", UK_RULE_STRICT, 40, 500 },
    { "mondex", UK_RULE_STRICT, 60, 500 },
    { "1", UK_RULE_STRICT, 40, 500 },
    { "4", UK_RULE_STRICT, 40, 500 },
    { "2", UK_RULE_STRICT, 15, 120 },
    { "3", UK_RULE_STRICT, 15, 160 },
    { "5", UK_RULE_STRICT, 25, 160 },
    { "5", UK_RULE_PER_FIELD, 15, 160 },
    { "5", UK_RULE_TK_ONLY, 15, 160 },
    { "5", UK_RULE_BIDIRECTIONAL, 15, 160 },
    { "4-public-key", UK_RULE_STRICT, 12, 120 },
    { "4-by-update-key", UK_RULE_STRICT, 12, 160 },
};

typedef struct {
    World world;
    Purse purses[CARDS];
    Paper papers[CARDS];
    uint32_t issued[CARDS]; /* transfer-key ID at issue */
    guint transfer_updates[CARDS];
    guint update_updates[CARDS];
    int64_t initial_sum;
} Population;

static Scheme
draw_scheme(GRand *rand, const Row *row)
{
    Scheme scheme = fixture_scheme(row->embodiment);

    scheme.range = (SchemeRange)fixture_draw(rand, 0, N_RANGE - 1);
    scheme.expired = (SchemeExpired)fixture_draw(rand, 0, N_EXPIRED - 1);
    scheme.crl_scope = (SchemeCrlScope)fixture_draw(rand, 0, N_CRL_SCOPE - 1);
    scheme.overdraft = (SchemeOverdraft)fixture_draw(rand, 0, N_OVERDRAFT - 1);
    scheme.fig4_mac = (SchemeFig4Mac)fixture_draw(rand, 0, N_FIG4_MAC - 1);
    scheme.update_ack = fixture_draw(rand, 0, 3) > 0;
    scheme.max_balance = fixture_draw(rand, 0, 1) == 0 ? SCHEME_NO_MAX_BALANCE : 250;
    scheme.uk_rule = row->uk_rule;
    scheme.n_held = SLOTS_MAX + 1;
    return scheme;
}

static uint32_t
draw_limit(GRand *rand, uint32_t own)
{
    return fixture_draw(rand, 0, 1) == 0 ? 0 : (uint32_t)fixture_draw(rand, (int)own, 6);
}

static void
draw_card(Population *population, guint i, GRand *rand)
{
    Paper *paper = &population->papers[i];
    PurseSpec spec;

    *paper = (Paper){ .transfer_key = (uint32_t)fixture_draw(rand, 1, NEWEST_TRANSFER_KEY),
                      .update_key = (uint32_t)fixture_draw(rand, 1, NEWEST_UPDATE_KEY),
                      .n_slots = (guint)fixture_draw(rand, 0, SLOTS_MAX),
                      .first_invalid_day =
                          fixture_draw(rand, 0, 2) == 0 ? fixture_draw(rand, 98, 103) : 65535,
                      .revoked = fixture_draw(rand, 0, 14) == 0,
                      .balance = fixture_draw(rand, 0, 200) };
    paper->transfer_key_limit = draw_limit(rand, paper->transfer_key);
    paper->update_key_limit = draw_limit(rand, paper->update_key);
    for (guint s = 0; s < paper->n_slots; s++)
        paper->slots[s] = (uint32_t)fixture_draw(rand, 1, NEWEST_TRANSFER_KEY);
    spec = (PurseSpec){ .transfer_key = paper->transfer_key,
                        .update_key = paper->update_key,
                        .transfer_key_limit = paper->transfer_key_limit,
                        .update_key_limit = paper->update_key_limit,
                        .expiry_day = (uint16_t)paper->first_invalid_day,
                        .n_preloaded = (uint8_t)paper->n_slots,
                        .balance = paper->balance };
    memcpy(spec.preloaded, paper->slots, sizeof paper->slots);
    population->purses[i] = world_purse(&population->world, &spec);
    population->issued[i] = paper->transfer_key;
    population->initial_sum += paper->balance;
}

static void
revoke_cards(Population *population)
{
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GBytes) list = NULL;

    for (guint i = 0; i < CARDS; i++) {
        guint64 serial = population->purses[i].serial;

        if (population->papers[i].revoked)
            g_array_append_val(serials, serial); /* ascending, as they were issued */
    }
    list = authority_sign_crl(&population->world.authority, 1, serials);
    g_assert_true(terminal_load_crl(&population->world.terminal, list));
}

static void
population_init(Population *population, const Scheme *scheme, GRand *rand)
{
    memset(population, 0, sizeof *population);
    world_init(&population->world, scheme);
    population->world.keep_traffic = true;
    for (guint i = 0; i < CARDS; i++)
        draw_card(population, i, rand);
    if (has_certificates(scheme))
        revoke_cards(population);
    for (Side side = 0; side < N_SIDES; side++)
        population->world.links[side] = (LinkProtocol)fixture_draw(rand, LINK_T_CL, LINK_T_1);
}

/* ---- What must always hold --------------------------------------------- */

/* Before a settlement: what the cards of both sides held. */
typedef struct {
    guint card[N_SIDES];
    CardMemory memory[N_SIDES];
} Before;

static uint32_t
id_of(const Population *population, KeyHandle handle)
{
    return handle == 0 ? 0 : keyring_id(population->world.ring, handle);
}

/* I1: not a unit more or less. */
static void
assert_value_is_conserved(const Population *population)
{
    int64_t sum = 0;

    for (guint i = 0; i < CARDS; i++)
        sum += population->purses[i].memory.balance;
    g_assert_cmpint(sum, ==, population->initial_sum);
}

/* I2, I5, I9. */
static void
assert_ids_are_lawful(Population *population, guint i, const CardMemory *before)
{
    const CardMemory *after = &population->purses[i].memory;
    const Paper *paper = &population->papers[i];
    const Scheme *scheme = &population->world.protocol.scheme;
    uint32_t transfer_key = id_of(population, after->transfer_key);
    uint32_t update_key = id_of(population, after->update_key);

    g_assert_cmpuint(transfer_key, >=, id_of(population, before->transfer_key));
    g_assert_cmpuint(update_key, >=, id_of(population, before->update_key));
    if (paper->transfer_key_limit != 0 && scheme->deliver == DELIVER_KEY &&
        scheme->pays_with == PAYS_WITH_NEWEST)
        g_assert_cmpuint(transfer_key, <=, paper->transfer_key_limit);
    if (paper->update_key_limit != 0)
        g_assert_cmpuint(update_key, <=, paper->update_key_limit);
    if (scheme->deliver == DELIVER_ID || scheme->pays_with == PAYS_WITH_OLDEST_COMMON) {
        bool held = transfer_key == population->issued[i];

        for (guint s = 0; s < paper->n_slots; s++)
            held |= transfer_key == paper->slots[s];
        g_assert_true(held);
    }
    population->transfer_updates[i] += after->transfer_key != before->transfer_key ? 1U : 0U;
    population->update_updates[i] += after->update_key != before->update_key ? 1U : 0U;
    g_assert_cmpuint(population->transfer_updates[i], <, NEWEST_TRANSFER_KEY);
    g_assert_cmpuint(population->update_updates[i], <, NEWEST_UPDATE_KEY);
}

/* I3, I4, I12. */
static void
assert_only_equal_keys_pay(const Population *population, const Before *before,
                           const Settlement *seen)
{
    const CardMemory *payer = &population->purses[before->card[SIDE_PAYER]].memory;
    const CardMemory *payee = &population->purses[before->card[SIDE_PAYEE]].memory;
    guint update = seen->path == PATH_NONE ? 0 : 3;
    guint back = seen->rounds == 2 ? 3 : 0;

    if (payer->balance != before->memory[SIDE_PAYER].balance ||
        payee->balance != before->memory[SIDE_PAYEE].balance)
        g_assert_true(outcome_is_paid(seen->outcome));
    if (!outcome_is_paid(seen->outcome))
        return;
    g_assert_cmpuint(payer->transfer_key, ==, payee->transfer_key);
    g_assert_cmpuint(seen->n_exchanges, ==, 8 + update + back);
    if (back != 0)
        g_assert_cmpint(population->world.protocol.scheme.uk_rule, ==, UK_RULE_BIDIRECTIONAL);
}

/* I6, I7, I8. */
static void
assert_the_path_allows_it(const Population *population, const Before *before,
                          const Settlement *seen)
{
    const Scheme *scheme = &population->world.protocol.scheme;

    if (scheme->authenticate == AUTHENTICATE_COMMON_KEY)
        g_assert_cmpint(seen->path, !=, PATH_PUBLIC_KEY);
    if (scheme->authenticate == AUTHENTICATE_PUBLIC_KEY)
        g_assert_cmpint(seen->path, !=, PATH_SYMMETRIC);
    for (Side side = 0; side < N_SIDES; side++) {
        const CardMemory *after = &population->purses[before->card[side]].memory;
        bool transfer_changed = after->transfer_key != before->memory[side].transfer_key;
        bool update_changed = after->update_key != before->memory[side].update_key;

        if (transfer_changed && seen->path == PATH_SYMMETRIC)
            g_assert_cmpuint(before->memory[SIDE_PAYER].update_key, ==,
                             before->memory[SIDE_PAYEE].update_key);
        if (transfer_changed && scheme->pays_with == PAYS_WITH_NEWEST)
            g_assert_cmpint(seen->path, !=, PATH_NONE);
        if (transfer_changed && scheme->pays_with == PAYS_WITH_OLDEST_COMMON)
            g_assert_true(outcome_is_paid(seen->outcome));
        if (scheme->pays_with != PAYS_WITH_NEWEST)
            g_assert_cmpint(seen->path, ==, PATH_NONE);
        if (update_changed) {
            g_assert_cmpint(scheme->update_key, ==, UPDATE_KEY_TRAVELS);
            g_assert_cmpint(seen->path, ==, PATH_PUBLIC_KEY);
            if (scheme->uk_rule == UK_RULE_STRICT)
                g_assert_true(transfer_changed);
        }
    }
}

static void
assert_absent(const GByteArray *traffic, const uint8_t *secret, size_t n)
{
    g_assert_null(memmem(traffic->data, traffic->len, secret, n));
}

/* I11, I13. */
static void
assert_keys_stay_inside(const Population *population, const Before *before)
{
    const World *world = &population->world;

    for (guint handle = 1; handle < world->ring->n_pairs; handle++) {
        const KeyPair *pair = keyring_pair(world->ring, (KeyHandle)handle);

        g_assert_cmpuint(pair->next, ==, 0); /* no second key under this ID */
        assert_absent(world->traffic, pair->key, sizeof pair->key);
        if (pair->kind == KEY_UPDATE)
            assert_absent(world->traffic, pair->cipher_key, sizeof pair->cipher_key);
    }
    if (!world->protocol.has_certificates)
        return;
    for (Side side = 0; side < N_SIDES; side++) {
        const SealSecret *secret = &population->purses[before->card[side]].credential.secret;

        assert_absent(world->traffic, secret->sign, 32);
        assert_absent(world->traffic, secret->decrypt, sizeof secret->decrypt);
    }
}

static void
assert_as_foretold(const Population *population, guint i)
{
    const Purse *purse = &population->purses[i];
    const Paper *paper = &population->papers[i];

    g_assert_cmpuint(purse_transfer_key(&population->world, purse), ==, paper->transfer_key);
    if (purse->memory.update_key != 0)
        g_assert_cmpuint(purse_update_key(&population->world, purse), ==, paper->update_key);
    g_assert_cmpint(purse->memory.balance, ==, paper->balance);
    g_assert_cmpint(purse->memory.expiry_day, ==, paper->first_invalid_day);
}

static void
settle_two(Population *population, GRand *rand)
{
    const Scheme *scheme = &population->world.protocol.scheme;
    guint payer = (guint)fixture_draw(rand, 0, CARDS - 1);
    guint payee = (payer + (guint)fixture_draw(rand, 1, CARDS - 1)) % CARDS;
    int64_t amount = fixture_draw(rand, 0, 120);
    int day = fixture_draw(rand, 96, 104);
    Before before = { .card = { payer, payee },
                      .memory = { population->purses[payer].memory,
                                  population->purses[payee].memory } };
    Forecast forecast =
        foretell(scheme, &population->papers[payer], &population->papers[payee], amount, day);
    Settlement seen;

    population->world.now =
        day * MICROS_PER_DAY + fixture_draw(rand, 0, 1000) * (MICROS_PER_DAY / 1001);
    seen = world_settle(&population->world, &population->purses[payer], &population->purses[payee],
                        amount);
    g_assert_cmpstr(outcome_names[seen.outcome], ==, forecast.outcome);
    g_assert_cmpint(seen.path, ==, forecast.path);
    g_assert_cmpuint(seen.n_exchanges, ==, forecast.n_exchanges);
    for (Side side = 0; side < N_SIDES; side++) {
        assert_as_foretold(population, before.card[side]);
        assert_ids_are_lawful(population, before.card[side], &before.memory[side]);
    }
    assert_value_is_conserved(population);
    assert_only_equal_keys_pay(population, &before, &seen);
    assert_the_path_allows_it(population, &before, &seen);
    assert_keys_stay_inside(population, &before);
}

static void
hold_after_every_settlement(gconstpointer data)
{
    const Row *row = data;
    GRand *rand = g_rand_new_with_seed(20260411 + (guint32)(row - rows));
    guint outcomes[N_OUTCOMES] = { 0 };

    for (guint p = 0; p < row->n_populations; p++) {
        Population population;
        Scheme scheme = draw_scheme(rand, row);

        population_init(&population, &scheme, rand);
        for (guint i = 0; i < row->n_settlements; i++) {
            settle_two(&population, rand);
            outcomes[population.world.course.seen.outcome]++;
        }
        world_clear(&population.world);
    }
    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (outcomes[outcome] > 0)
            g_test_message("%6u %s", outcomes[outcome], outcome_names[outcome]);
    g_assert_cmpuint(outcomes[OUTCOME_PAID], >, 0);
    g_rand_free(rand);
}

/* I10: where nothing is refused, IDs spread exactly as if cards compared numbers and
 * the smaller one took the larger. */
static void
spreads_as_newer_wins(gconstpointer data)
{
    const char *embodiment = data;
    guint n = g_str_equal(embodiment, "1") || g_str_equal(embodiment, "4") ? 3000 : 600;
    Scheme scheme = fixture_scheme(embodiment);
    GRand *rand = g_rand_new_with_seed(7);
    uint32_t plain[CARDS];
    Purse purses[CARDS];
    World world;

    world_init(&world, &scheme);
    for (guint i = 0; i < CARDS; i++) {
        plain[i] = i == 0 ? 5 : (uint32_t)fixture_draw(rand, 1, 3);
        purses[i] =
            world_purse(&world, &(PurseSpec){ .transfer_key = plain[i],
                                              /* by age, so that nobody is crossed */
                                              .update_key = scheme.update_key == UPDATE_KEY_TRAVELS
                                                                ? 1 + plain[i] / 3
                                                                : 1,
                                              .n_preloaded = 4,
                                              .preloaded = { 2, 3, 4, 5 },
                                              .balance = 1000000 });
    }
    for (guint meeting = 0; meeting < n; meeting++) {
        guint a = (guint)fixture_draw(rand, 0, CARDS - 1);
        guint b = (a + (guint)fixture_draw(rand, 1, CARDS - 1)) % CARDS;
        uint32_t newer = MAX(plain[a], plain[b]);

        plain[a] = plain[b] = newer;
        if (meeting == n / 2)
            for (guint i = 0; i < 3; i++) { /* a new generation is issued */
                purses[i].memory.transfer_key = keyring_issue(world.ring, KEY_TRANSFER, 5);
                plain[i] = 5;
            }
        g_assert_true(outcome_is_paid(world_settle(&world, &purses[a], &purses[b], 1).outcome));
        for (guint i = 0; i < CARDS; i++)
            g_assert_cmpuint(purse_transfer_key(&world, &purses[i]), ==, plain[i]);
    }
    g_rand_free(rand);
    world_clear(&world);
}

int
main(int argc, char **argv)
{
    static const char *const with_updates[] = { "1", "2", "3", "4", "5", "4-by-update-key" };

    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/invariants/%s-%s/hold-after-every-settlement", rows[i].embodiment,
                            scheme_uk_rule_names[rows[i].uk_rule]);

        g_test_add_data_func(path, &rows[i], hold_after_every_settlement);
    }
    for (guint i = 0; i < G_N_ELEMENTS(with_updates); i++) {
        g_autofree char *path =
            g_strdup_printf("/invariants/%s/spreads-as-newer-wins", with_updates[i]);

        g_test_add_data_func(path, with_updates[i], spreads_as_newer_wins);
    }
    return g_test_run();
}
