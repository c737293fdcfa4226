/* The decision level against the wire level, on random cards: the programs of cards and
 * terminal exchange every byte, the other level looks at two records, and they must agree
 * on everything that is ever counted: outcome, both cards, exchanges, course, and the
 * duration to the microsecond. Some settlements are then torn, on copies of the cards as they
 * were, at a random instant of a random part: here too both must agree.
 *
 * A world is one scheme with keys, cohort entries, cards and terminals, all drawn from
 * the number that it has. Of a failure all that matters is printed, and
 *
 *     SETTLE_WORLD=5012 build/tests/model/test_settle
 *
 * runs that world alone. SETTLE_WORLDS=3 runs the first three of each row. */
#include "tests/model/fixture.h"

#include "model/decision/settle.h"
#include "model/decision/settle_torn.h"
#include "model/protocol/population.h"
#include "model/wire/torn_readers.h"

#include <stdlib.h>
#include <string.h>

#define CARDS 80
#define ENTRIES 14 /* and REVOKED_ENTRIES, for cards of theirs that were revoked */
#define REVOKED_ENTRIES 4
#define LISTS 3 /* revocation lists besides the empty one */
#define NEWEST_TRANSFER_KEY 5
#define NEWEST_UPDATE_KEY 3
#define TRANSFER_KEYS_MAX (NEWEST_TRANSFER_KEY + 4)
#define UPDATE_KEYS_MAX (NEWEST_UPDATE_KEY + 3)
#define FIRST_DAY 100 /* of those around which cards expire */
#define TORN_IN 30    /* one settlement in so many is torn besides */

/**
 * Row:
 * @n_worlds, @n_settlements: worlds and settlements in each
 * @same_key: of ten pairs of cards so many are given one transfer key; keeps the share of
 *   public-key updates, which take a hundred times as long, to a few per cent
 * @n_courses: that there are, counted by hand from the rules; all of them must occur
 */
typedef struct {
    const char *embodiment;
    guint n_worlds;
    guint n_settlements;
    int same_key;
    guint n_courses;
} Row;

static const Row rows[] = {
    { "conventional", 150, 2000, 3, 6 },
    { "mondex", 250, 2000, 0, 9 },
    { "1", 200, 2000, 2, 34 },
    { "4", 200, 2000, 2, 34 },
    { "2", 40, 700, 8, 24 },
    { "3", 70, 1500, 7, 52 },
    { "5", 240, 1500, 7, 112 },
    { "4-public-key", 40, 500, 8, 24 },
    { "4-by-update-key", 60, 1000, 6, 52 },
};

/**
 * Double: a population that the wire level changes and one that the decision level does
 * @tears: draws which settlements are torn and how, apart from all else
 * @is_narrow: so far, balances that need high halves are avoided
 */
typedef struct {
    guint number;
    GRand *rand;
    GRand *tears;
    Protocol protocol;
    KeyRing *ring;
    Authority authority;
    Terminal terminals[LISTS + 1];
    Card readers[N_SIDES];
    Population *wire;
    Population *decided;
    Settle *settle;
    CardCredential *credentials[CARDS];
    CohortEntry entries[ENTRIES];
    uint32_t revoked_by[REVOKED_ENTRIES];
    KeyHandle transfer_keys[TRANSFER_KEYS_MAX];
    KeyHandle update_keys[UPDATE_KEYS_MAX];
    guint n_transfer_keys;
    guint n_update_keys;
    uint64_t next_nonce;
    bool is_narrow;
    guint64 classes[SETTLE_CLASSES];
    guint64 torn[N_OUTCOMES];
} Double;

static bool
one_in(GRand *rand, int n)
{
    return g_rand_int_range(rand, 0, n) == 0;
}

/* ---- Drawing a world --------------------------------------------------- */

static Scheme
draw_scheme(GRand *rand, const char *embodiment)
{
    static const Cents largest[] = { SCHEME_NO_MAX_BALANCE, SCHEME_NO_MAX_BALANCE, 300, UINT32_MAX,
                                     INT64_C(1) << 33 };
    Scheme scheme = fixture_scheme(embodiment);

    scheme.suite = (SuiteId)fixture_draw(rand, 0, N_SUITES - 1);
    scheme.range = (SchemeRange)fixture_draw(rand, 0, N_RANGE - 1);
    scheme.expired = (SchemeExpired)fixture_draw(rand, 0, N_EXPIRED - 1);
    scheme.update_ack = !one_in(rand, 3);
    scheme.crl_scope = (SchemeCrlScope)fixture_draw(rand, 0, N_CRL_SCOPE - 1);
    scheme.overdraft = (SchemeOverdraft)fixture_draw(rand, 0, N_OVERDRAFT - 1);
    scheme.max_balance = largest[fixture_draw(rand, 0, G_N_ELEMENTS(largest) - 1)];
    scheme.uk_rule = (SchemeUkRule)fixture_draw(rand, 0, N_UK_RULE - 1);
    scheme.fig4_mac = (SchemeFig4Mac)fixture_draw(rand, 0, N_FIG4_MAC - 1);
    scheme.key_auth = (SchemeKeyAuth)one_in(rand, 3);
    scheme.max_step =
        one_in(rand, 2) ? SCHEME_NO_MAX_STEP : fixture_draw(rand, 1, NEWEST_TRANSFER_KEY);
    scheme.update_cipher = (SchemeUpdateCipher)one_in(rand, 3);
    scheme.nonce_bits = scheme.update_cipher == UPDATE_CIPHER_AEAD ? 8 * fixture_draw(rand, 1, 16)
                                                                   : 8 * fixture_draw(rand, 8, 16);
    scheme.uk_hint = (SchemeUkHint)one_in(rand, 3);
    scheme.n_held = (uint8_t)fixture_draw(rand, NEWEST_TRANSFER_KEY + 1, FIELD_HELD_MAX);
    return scheme;
}

/* How it answers what concerns tears. */
static void
draw_answers(GRand *rand, Scheme *scheme)
{
    scheme->torn_write = (SchemeTornWrite)fixture_draw(rand, 0, N_TORN_WRITE - 1);
    scheme->torn_pair = (SchemeTornPair)one_in(rand, 2);
    scheme->recovery = one_in(rand, 2) ? RECOVERY_NONE : RECOVERY_RETRY_IN_FIELD;
    scheme->nonce_life = (SchemeNonceLife)one_in(rand, 2);
    scheme->presence_check = one_in(rand, 2);
}

/* Honest keys first, from ID 1 on; one that is some ID with the key of another (half
 * written), one that is some ID with a rogue's key, and now and then one with the ID that is never
 * taken. */
static guint
draw_keys(Double *world, KeyKind kind, uint32_t newest, KeyHandle *keys)
{
    static const uint8_t rogue[KEYRING_KEY_BYTES] = "a rogue's own";
    GRand *rand = world->rand;
    uint8_t torn[KEYRING_KEY_BYTES];
    guint n = 0;

    for (uint32_t id = 1; id <= newest; id++)
        keys[n++] = keyring_issue(world->ring, kind, id);
    memcpy(torn, keyring_pair(world->ring, keys[fixture_draw(rand, 0, (int)newest - 1)])->key,
           sizeof torn);
    keys[n++] =
        keyring_adopt(world->ring, kind, (uint32_t)fixture_draw(rand, 1, (int)newest), torn);
    keys[n++] =
        keyring_adopt(world->ring, kind, (uint32_t)fixture_draw(rand, 1, (int)newest), rogue);
    if (kind == KEY_TRANSFER)
        keys[n++] = keyring_issue(world->ring, kind, newest + 1000);
    if (one_in(rand, 4))
        keys[n++] = keyring_issue(world->ring, kind, KEYRING_LAST_ID);
    return n;
}

/* Mostly one of the honest keys, which come first. */
static KeyHandle
draw_key(GRand *rand, const KeyHandle *keys, uint32_t n_honest, guint n)
{
    return one_in(rand, 8) ? keys[fixture_draw(rand, 0, (int)n - 1)]
                           : keys[fixture_draw(rand, 0, (int)n_honest - 1)];
}

static uint32_t
draw_limit(GRand *rand, uint32_t newest)
{
    return one_in(rand, 2)    ? CARD_NO_LIMIT
           : one_in(rand, 12) ? CARD_NO_LIMIT - 1
                              : (uint32_t)fixture_draw(rand, 0, (int)newest + 1);
}

static const Chip *
draw_chip(GRand *rand, const Protocol *protocol)
{
    const Chip *chip;

    do
        chip = &chips[fixture_draw(rand, 0, (int)n_chips - 1)];
    while (scheme_has_suite(&protocol->scheme) && !chip_has_suite(chip, protocol->scheme.suite));
    return chip;
}

static CohortEntry
draw_entry(Double *world)
{
    GRand *rand = world->rand;
    CohortEntry entry = {
        .profile = { .transfer_key_limit = draw_limit(rand, NEWEST_TRANSFER_KEY),
                     .update_key_limit = draw_limit(rand, NEWEST_UPDATE_KEY),
                     .n_preloaded =
                         (uint8_t)fixture_draw(rand, 0, one_in(rand, 4) ? CARD_PRELOADED_MAX : 4) },
        .chip = draw_chip(rand, &world->protocol),
    };

    for (guint i = 0; i < entry.profile.n_preloaded; i++)
        entry.profile.preloaded[i] =
            draw_key(rand, world->transfer_keys, NEWEST_TRANSFER_KEY, world->n_transfer_keys);
    return entry;
}

/* Around the places where something changes. */
static Cents
draw_any_balance(GRand *rand, const Scheme *scheme)
{
    Cents off = fixture_draw(rand, -2, 2);

    switch (fixture_draw(rand, 0, 15)) {
    case 0:
        return MAX(off, 0);
    case 1:
        return scheme->overdraft == OVERDRAFT_ALLOW ? -fixture_draw(rand, 0, 300) : 0;
    case 2:
        return (INT64_C(1) << 32) + off;
    case 3:
        return scheme->max_balance == SCHEME_NO_MAX_BALANCE ? 1000 : scheme->max_balance + off;
    case 4:
        return one_in(rand, 20) ? (one_in(rand, 2) ? INT64_MAX - 2 - off : INT64_MIN + 2 + off) : 5;
    default:
        return fixture_draw(rand, 0, 300);
    }
}

static Cents
draw_balance(Double *world)
{
    Cents balance = draw_any_balance(world->rand, &world->protocol.scheme);

    return world->is_narrow ? CLAMP(balance, 0, UINT32_MAX) : balance;
}

static Cents
draw_amount(GRand *rand, const Scheme *scheme, Cents payer, Cents payee)
{
    Cents off = fixture_draw(rand, -1, 1);
    Cents amount;

    switch (fixture_draw(rand, 0, 11)) {
    case 0:
        amount = payer > INT64_MAX - 1 ? payer : MAX(payer, 0) + off;
        break;
    case 1: /* the payee reaches 2^32 */
        amount = (INT64_C(1) << 32) - CLAMP(payee, 0, INT64_C(1) << 32) + off;
        break;
    case 2:
        amount = scheme->max_balance - MAX(payee, 0) +
                 (scheme->max_balance == SCHEME_NO_MAX_BALANCE ? MIN(off, 0) : off);
        break;
    case 3:
        amount = one_in(rand, 10) ? INT64_MAX : 0;
        break;
    default:
        amount = fixture_draw(rand, 0, 60);
    }
    return MAX(amount, 0);
}

static uint16_t
draw_expiry(GRand *rand)
{
    switch (fixture_draw(rand, 0, 24)) {
    case 0:
        return 0;
    case 1:
        return CARD_NEVER_EXPIRES - 1;
    case 2:
    case 3:
    case 4:
    case 5:
        return (uint16_t)(FIRST_DAY + fixture_draw(rand, 0, 3));
    default:
        return CARD_NEVER_EXPIRES;
    }
}

static CardMemory
draw_memory(Double *world)
{
    const Scheme *scheme = &world->protocol.scheme;

    return (CardMemory){
        .transfer_key = draw_key(world->rand, world->transfer_keys, NEWEST_TRANSFER_KEY,
                                 world->n_transfer_keys),
        .update_key =
            scheme_has_update_keys(scheme)
                ? draw_key(world->rand, world->update_keys, NEWEST_UPDATE_KEY, world->n_update_keys)
                : 0,
        .expiry_day = draw_expiry(world->rand),
        .balance = draw_balance(world),
    };
}

static const CohortEntry *
entry_of(const Double *world, uint32_t card)
{
    return population_entry(world->wire, world->wire->records[card].entry);
}

static uint64_t
serial_of(const Double *world, uint32_t card)
{
    return certificate_serial(card, entry_of(world, card)->certificate_entry);
}

/* A terminal for each list; list n names the cards whose entry was revoked by then. */
static void
set_up_terminals(Double *world)
{
    const uint8_t *authority_key =
        world->protocol.has_certificates ? world->authority.public_key : NULL;

    for (uint32_t list = 0; list <= LISTS; list++) {
        g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));
        g_autoptr(GBytes) signed_list = NULL;

        terminal_init(&world->terminals[list], &world->protocol, authority_key);
        for (uint32_t card = 0; card < CARDS; card++) {
            uint32_t revoked_by = entry_of(world, card)->revoked_by;
            guint64 serial = serial_of(world, card);

            if (revoked_by != POPULATION_NOT_REVOKED && revoked_by <= list)
                g_array_append_val(serials, serial);
        }
        if (authority_key == NULL || list == 0)
            continue;
        signed_list = authority_sign_crl(&world->authority, list, serials);
        g_assert_true(terminal_load_crl(&world->terminals[list], signed_list));
    }
}

static Population *
draw_population(Double *world, const CardMemory *memories, const uint16_t *entries)
{
    Population *population = population_new(CARDS);

    for (guint i = 0; i < ENTRIES; i++)
        population_add_entry(population, &world->entries[i]);
    for (guint i = 0; i < REVOKED_ENTRIES; i++)
        population_add_revoked_entry(population, (uint16_t)i, world->revoked_by[i]);
    for (guint i = 0; i < CARDS; i++)
        population_add_card(population, entries[i], &memories[i], 0);
    return population;
}

static void
double_init(Double *world, const Row *row, guint number)
{
    static const uint8_t seed[SEAL_SEED_BYTES] = "of ring and authority";
    CardMemory memories[CARDS];
    uint16_t entries[CARDS];
    Scheme scheme;

    memset(world, 0, sizeof *world);
    world->number = number;
    world->rand = g_rand_new_with_seed(number);
    world->is_narrow = number % 2 == 1;
    world->tears = g_rand_new_with_seed(number + 1);
    scheme = draw_scheme(world->rand, row->embodiment);
    draw_answers(world->tears, &scheme);
    protocol_init(&world->protocol, &scheme);
    world->ring = keyring_new(seed);
    authority_init(&world->authority, world->protocol.suite, seed);
    world->n_transfer_keys =
        draw_keys(world, KEY_TRANSFER, NEWEST_TRANSFER_KEY, world->transfer_keys);
    world->n_update_keys = draw_keys(world, KEY_UPDATE, NEWEST_UPDATE_KEY, world->update_keys);
    for (guint i = 0; i < ENTRIES; i++)
        world->entries[i] = draw_entry(world);
    for (guint i = 0; i < REVOKED_ENTRIES; i++)
        world->revoked_by[i] = (uint32_t)fixture_draw(world->rand, 1, LISTS);
    for (guint i = 0; i < CARDS; i++) {
        memories[i] = draw_memory(world);
        entries[i] = (uint16_t)fixture_draw(world->rand, 0, ENTRIES + REVOKED_ENTRIES - 1);
    }
    world->wire = draw_population(world, memories, entries);
    world->decided = draw_population(world, memories, entries);
    set_up_terminals(world);
    for (Side side = 0; side < N_SIDES; side++)
        card_init(&world->readers[side], &world->protocol, world->ring,
                  world->protocol.has_certificates ? world->authority.public_key : NULL);
    world->settle = settle_new(&world->protocol);
    settle_learn(world->settle, world->decided, world->ring);
}

static void
double_clear(Double *world)
{
    for (guint i = 0; i <= LISTS; i++)
        terminal_clear(&world->terminals[i]);
    for (guint i = 0; i < CARDS; i++)
        g_free(world->credentials[i]);
    population_free(world->wire);
    population_free(world->decided);
    settle_free(world->settle);
    keyring_free(world->ring);
    g_rand_free(world->rand);
    g_rand_free(world->tears);
}

/* ---- One settlement at both levels ------------------------------------- */

typedef struct {
    uint32_t cards[N_SIDES];
    Seat seats[N_SIDES];
    const LinkTerminal *terminal;
    uint32_t crl;
    Micros skew;
    Micros now;
    Cents amount;
} Meeting;

static const CardCredential *
credential_of(Double *world, uint32_t card)
{
    static const uint8_t seed[SEAL_SEED_BYTES] = "of the cards";
    if (!world->protocol.has_certificates)
        return NULL;
    if (world->credentials[card] == NULL) {
        world->credentials[card] = g_new(CardCredential, 1);
        card_credential_derive(world->credentials[card], &world->authority, serial_of(world, card),
                               0, CARD_NEVER_EXPIRES, seed);
    }
    return world->credentials[card];
}

/* Puts the cards into the readers of their terminal; what they hold stands in @memories. */
static Terminal *
insert(Double *world, const Meeting *meeting, CardMemory memories[static N_SIDES])
{
    static const uint8_t entropy_key[ENTROPY_KEY_BYTES] = "of the cards' random numbers";
    Terminal *terminal = &world->terminals[meeting->crl];

    terminal->clock_skew = meeting->skew;
    for (Side side = 0; side < N_SIDES; side++) {
        uint32_t card = meeting->cards[side];
        CardIdentity identity = {
            .memory = &memories[side],
            .profile = &entry_of(world, card)->profile,
            .credential = credential_of(world, card),
            .serial = serial_of(world, card),
        };

        card_power_on(&world->readers[side], &identity, meeting->seats[side].interface->protocol,
                      entropy_key, world->next_nonce++);
    }
    return terminal;
}

static Course
settle_on_the_wire(Double *world, const Meeting *meeting)
{
    CardMemory memories[N_SIDES] = {
        population_memory(world->wire, meeting->cards[SIDE_PAYER]),
        population_memory(world->wire, meeting->cards[SIDE_PAYEE]),
    };
    Terminal *terminal = insert(world, meeting, memories);
    Course course;

    course.seen = terminal_settle(terminal, &world->readers[SIDE_PAYER].reader,
                                  &world->readers[SIDE_PAYEE].reader, meeting->amount, FIXTURE_DATE,
                                  meeting->now);
    for (Side side = 0; side < N_SIDES; side++) {
        course.log[side] = world->readers[side].log;
        card_power_off(&world->readers[side]);
        population_store(world->wire, meeting->cards[side], &memories[side]);
    }
    return course;
}

static int32_t *
high_of(Population *population, uint32_t card)
{
    return population->balance_high == NULL ? NULL : &population->balance_high[card];
}

static uint8_t
decide(Double *world, const Meeting *meeting)
{
    Population *population = world->decided;
    uint32_t payer = meeting->cards[SIDE_PAYER];
    uint32_t payee = meeting->cards[SIDE_PAYEE];

    return settle_cards(world->settle, meeting->crl, settle_day(meeting->now + meeting->skew),
                        &population->records[payer], &population->records[payee],
                        high_of(population, payer), high_of(population, payee), meeting->amount);
}

/* Where there is no room for a balance, nothing may have changed; then room is made. */
static const Course *
settle_by_decision(Double *world, const Meeting *meeting)
{
    Population *population = world->decided;
    CardRecord before[N_SIDES] = { population->records[meeting->cards[SIDE_PAYER]],
                                   population->records[meeting->cards[SIDE_PAYEE]] };
    uint8_t class = decide(world, meeting);

    if (class == SETTLE_NO_ROOM) {
        g_assert_null(population->balance_high);
        for (Side side = 0; side < N_SIDES; side++)
            assert_same_bytes(&before[side], &population->records[meeting->cards[side]],
                              sizeof before[side]);
        population_widen(population);
        class = decide(world, meeting);
    }
    g_assert_cmpuint(class, !=, SETTLE_NO_ROOM);
    world->classes[class]++;
    return settle_course(world->settle, class);
}

/* ---- Whether they agree ------------------------------------------------ */

static char *
describe_memory(const Double *world, const CardMemory *memory)
{
    return g_strdup_printf(
        "transfer key %u (#%u), update key %u (#%u), expiry day %u, balance %" G_GINT64_FORMAT,
        world->settle->keys[memory->transfer_key].id, memory->transfer_key,
        world->settle->keys[memory->update_key].id, memory->update_key, memory->expiry_day,
        memory->balance);
}

static char *
describe_course(const Course *course, const Duration *duration)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%s, path %s, %s older, %u rounds, %u exchanges, %s",
                           outcome_names[course->seen.outcome], path_names[course->seen.path],
                           course->seen.payer_is_older ? "payer" : "payee", course->seen.rounds,
                           course->seen.n_exchanges,
                           course->seen.answered ? "answered" : "not answered");
    for (Side side = 0; side < N_SIDES; side++)
        g_string_append_printf(text, ", %s refused %d, in silence %d, wrote %u%s",
                               side == SIDE_PAYER ? "payer" : "payee", course->log[side].refused,
                               course->log[side].refused_in_silence, course->log[side].wrote,
                               course->log[side].at_limit ? ", at its limit" : "");
    g_string_append_printf(text, ", %" G_GINT64_FORMAT " us", duration->total);
    return g_string_free(text, FALSE);
}

static bool
is_same_course(const Course *a, const Course *b)
{
    for (Side side = 0; side < N_SIDES; side++)
        if (a->log[side].refused != b->log[side].refused ||
            a->log[side].refused_in_silence != b->log[side].refused_in_silence ||
            a->log[side].wrote != b->log[side].wrote ||
            a->log[side].at_limit != b->log[side].at_limit)
            return false;
    return a->seen.outcome == b->seen.outcome && a->seen.path == b->seen.path &&
           a->seen.payer_is_older == b->seen.payer_is_older && a->seen.rounds == b->seen.rounds &&
           a->seen.n_exchanges == b->seen.n_exchanges && a->seen.answered == b->seen.answered &&
           duration_class(a) == duration_class(b);
}

static bool
is_same_duration(const Duration *a, const Duration *b)
{
    for (Phase phase = 0; phase < N_PHASES; phase++)
        if (a->phase[phase] != b->phase[phase])
            return false;
    return a->total == b->total;
}

static void
print_scheme(const Scheme *scheme)
{
    g_printerr(
        "  deliver %s, authenticate %s, update-key %s, pays-with %s, suite %s, range %s, "
        "expired %s, update-ack %s,\n  crl-scope %s, overdraft %s, max-balance %" G_GINT64_FORMAT
        ", uk-rule %s, fig4-mac %s, key-auth %s, max-step %" G_GINT64_FORMAT
        ", nonce-bits %" G_GINT64_FORMAT ", update-cipher %s, uk-hint %s\n",
        scheme_deliver_names[scheme->deliver], scheme_authenticate_names[scheme->authenticate],
        scheme_update_key_names[scheme->update_key], scheme_pays_with_names[scheme->pays_with],
        suites[scheme->suite].name, scheme_range_names[scheme->range],
        scheme_expired_names[scheme->expired], scheme->update_ack ? "yes" : "no",
        scheme_crl_scope_names[scheme->crl_scope], scheme_overdraft_names[scheme->overdraft],
        scheme->max_balance, scheme_uk_rule_names[scheme->uk_rule],
        scheme_fig4_mac_names[scheme->fig4_mac], scheme_key_auth_names[scheme->key_auth],
        scheme->max_step, scheme->nonce_bits, scheme_update_cipher_names[scheme->update_cipher],
        scheme_uk_hint_names[scheme->uk_hint]);
}

static void
print_card(const Double *world, const Meeting *meeting, Side side, const CardMemory *before)
{
    uint32_t card = meeting->cards[side];
    const CohortEntry *entry = entry_of(world, card);
    CardMemory memories[] = { *before, population_memory(world->wire, card),
                              population_memory(world->decided, card) };
    static const char *const whens[] = { "before", "wire", "decided" };

    g_printerr("  %s: card %u, limits %u and %u, revoked by list %u, preloaded",
               side == SIDE_PAYER ? "payer" : "payee", card, entry->profile.transfer_key_limit,
               entry->profile.update_key_limit, entry->revoked_by);
    for (guint i = 0; i < entry->profile.n_preloaded; i++)
        g_printerr(" %u (#%u)", world->settle->keys[entry->profile.preloaded[i]].id,
                   entry->profile.preloaded[i]);
    g_printerr("\n");
    for (guint i = 0; i < G_N_ELEMENTS(memories); i++) {
        g_autofree char *text = describe_memory(world, &memories[i]);

        g_printerr("    %-8s %s\n", whens[i], text);
    }
}

static void
fail(const Double *world, guint number, const Meeting *meeting, const CardMemory *before,
     const Course *courses[static 2], const Duration durations[static 2])
{
    g_printerr("world %u, settlement %u: amount %" G_GINT64_FORMAT ", clock %" G_GINT64_FORMAT
               " us, revocation list %u\n",
               world->number, number, meeting->amount, meeting->now + meeting->skew, meeting->crl);
    print_scheme(&world->protocol.scheme);
    for (Side side = 0; side < N_SIDES; side++)
        print_card(world, meeting, side, &before[side]);
    for (guint i = 0; i < 2; i++) {
        g_autofree char *text = describe_course(courses[i], &durations[i]);

        g_printerr("  %-8s %s\n", i == 0 ? "wire" : "decided", text);
    }
    g_error("the two levels disagree");
}

/* ---- The same, torn ---------------------------------------------------- */

/* An instant of some part that takes time; @party and @chance are drawn as well. */
static Tear
draw_tear(GRand *rand, const Timeline *timeline)
{
    Tear tear = { .party = (TearParty)fixture_draw(rand, 0, N_TEAR_PARTIES - 1),
                  .chance = g_rand_int(rand) };
    Micros begin;
    Micros end;

    do {
        guint part = (guint)fixture_draw(rand, 0, (int)timeline->n_parts - 1);

        begin = part == 0 ? 0 : timeline->parts[part - 1].end;
        end = timeline->parts[part].end;
    } while (begin == end);
    tear.instant = begin + fixture_draw(rand, 0, (int)(end - begin) - 1);
    return tear;
}

static TornCourse
tear_on_the_wire(Double *world, const Meeting *meeting, const Timeline *timeline, const Tear *tear,
                 CardMemory memories[static N_SIDES])
{
    Card *const cards[N_SIDES] = { &world->readers[SIDE_PAYER], &world->readers[SIDE_PAYEE] };
    Terminal *terminal = insert(world, meeting, memories);
    TornCourse course = torn_readers_settle(terminal, cards, timeline, tear, meeting->amount,
                                            FIXTURE_DATE, meeting->now);

    for (Side side = 0; side < N_SIDES; side++)
        card_power_off(&world->readers[side]);
    return course;
}

static void
fail_torn(const Double *world, guint number, const Timeline *timeline, const Tear *tear,
          const TornCourse courses[static 2], CardMemory memories[static 2][N_SIDES])
{
    const Scheme *scheme = &world->protocol.scheme;
    const Moment moment = timeline_moment(timeline, tear->instant);
    const ExchangeVisit *visit = &timeline->visits[moment.visit];

    g_printerr("world %u, settlement %u: %s goes at exchange %s with the %s, place %d, step %s\n",
               world->number, number, tear_party_names[tear->party],
               exchanges[visit->exchange].number, visit->to == SIDE_PAYER ? "payer" : "payee",
               moment.place,
               moment.step == CARD_STEP_NONE ? "none" : card_steps[moment.step].number);
    print_scheme(scheme);
    g_printerr("  torn-write %s, torn-pair %s, recovery %s, nonce-life %s, presence-check %s\n",
               scheme_torn_write_names[scheme->torn_write],
               scheme_torn_pair_names[scheme->torn_pair], scheme_recovery_names[scheme->recovery],
               scheme_nonce_life_names[scheme->nonce_life], scheme->presence_check ? "yes" : "no");
    for (guint i = 0; i < 2; i++) {
        g_printerr("  %s: %s, %" G_GINT64_FORMAT " us\n", i == 0 ? "wire" : "decided",
                   outcome_names[courses[i].outcome], courses[i].duration.total);
        for (Side side = 0; side < N_SIDES; side++) {
            const CardMemory *memory = &memories[i][side];

            g_printerr("    %s wrote %u: #%u, #%u, %" G_GINT64_FORMAT "\n",
                       side == SIDE_PAYER ? "payer" : "payee", courses[i].wrote[side],
                       memory->transfer_key, memory->update_key, memory->balance);
        }
    }
    g_error("the two levels disagree about a tear");
}

/* @before, @courses: of the settlement that has just been at both levels */
static void
compare_torn(Double *world, guint number, const Meeting *meeting,
             const CardMemory before[static N_SIDES], const Course *const courses[static 2])
{
    CardMemory memories[2][N_SIDES];
    TornCourse torn[2];
    Timeline timelines[2];
    Tear tear;
    bool agree;

    for (guint i = 0; i < 2; i++)
        timeline_init(&timelines[i], &world->protocol, meeting->seats, meeting->terminal,
                      courses[i]);
    tear = draw_tear(world->tears, &timelines[0]);
    for (Side side = 0; side < N_SIDES; side++) {
        memories[0][side] = before[side];
        memories[1][side] = population_memory(world->decided, meeting->cards[side]);
    }
    torn[0] = tear_on_the_wire(world, meeting, &timelines[0], &tear, memories[0]);
    torn[1] = settle_torn(&world->protocol.scheme, world->ring, courses[1], &timelines[1], &tear,
                          meeting->amount, before, memories[1]);
    world->torn[torn[0].outcome]++;
    agree = torn[0].outcome == torn[1].outcome &&
            is_same_duration(&torn[0].duration, &torn[1].duration);
    for (Side side = 0; side < N_SIDES; side++)
        agree &= torn[0].wrote[side] == torn[1].wrote[side] &&
                 is_same_memory(&memories[0][side], &memories[1][side]);
    if (!agree)
        fail_torn(world, number, &timelines[0], &tear, torn, memories);
}

static void
compare(Double *world, guint number, const Meeting *meeting)
{
    const CardMemory before[N_SIDES] = {
        population_memory(world->wire, meeting->cards[SIDE_PAYER]),
        population_memory(world->wire, meeting->cards[SIDE_PAYEE]),
    };
    const uint16_t entries[N_SIDES] = {
        world->decided->records[meeting->cards[SIDE_PAYER]].entry,
        world->decided->records[meeting->cards[SIDE_PAYEE]].entry,
    };
    Course wire = settle_on_the_wire(world, meeting);
    Course decided = *settle_by_decision(world, meeting);
    const Course *courses[] = { &wire, &decided };
    bool agree = (world->wire->balance_high == NULL) == (world->decided->balance_high == NULL);
    Duration durations[2];

    settle_note_limits(world->settle, before, entries, &decided);
    agree &= is_same_course(&wire, &decided);
    for (guint i = 0; i < 2; i++)
        durations[i] = duration_of(&world->protocol, meeting->seats, meeting->terminal, courses[i]);
    agree &= is_same_duration(&durations[0], &durations[1]);
    for (Side side = 0; side < N_SIDES; side++) {
        CardMemory expected = population_memory(world->wire, meeting->cards[side]);
        CardMemory found = population_memory(world->decided, meeting->cards[side]);

        agree &= is_same_memory(&expected, &found);
    }
    if (!agree)
        fail(world, number, meeting, before, courses, durations);
    if (one_in(world->tears, TORN_IN))
        compare_torn(world, number, meeting, before, courses);
}

/* ---- Driving ----------------------------------------------------------- */

static Micros
draw_now(GRand *rand)
{
    static const int edges[] = { -1, 0, 0, 1 };
    Micros day = FIRST_DAY + fixture_draw(rand, -1, 4);

    if (one_in(rand, 30))
        return fixture_draw(rand, 0, 5) * MICROS_PER_DAY + fixture_draw(rand, 0, 1);
    if (one_in(rand, 200))
        return (Micros)(CARD_NEVER_EXPIRES + fixture_draw(rand, -2, 2)) * MICROS_PER_DAY;
    if (one_in(rand, 3))
        return day * MICROS_PER_DAY + edges[fixture_draw(rand, 0, 3)];
    return day * MICROS_PER_DAY + fixture_draw(rand, 0, 1000) * (MICROS_PER_DAY / 1001);
}

static Micros
draw_skew(GRand *rand)
{
    return one_in(rand, 3) ? fixture_draw(rand, -3, 3) * (MICROS_PER_DAY / 2) : 0;
}

/* One key under two IDs, or two keys under one. */
static void
confuse(const Double *world, const KeyHandle *keys, uint32_t newest, KeyHandle *one,
        KeyHandle *other)
{
    KeyHandle torn = keys[newest];
    KeyHandle rogue = keys[newest + 1];

    if (one_in(world->rand, 2)) {
        *one = torn;
        *other = keyring_twin(world->ring, torn);
    } else {
        *one = rogue;
        *other = keys[keyring_id(world->ring, rogue) - 1];
    }
}

/* Gives both cards something new to hold. */
static void
redraw(Double *world, const Row *row, const Meeting *meeting)
{
    bool same_key = fixture_draw(world->rand, 1, 10) <= row->same_key;
    CardMemory memories[N_SIDES];

    for (Side side = 0; side < N_SIDES; side++)
        memories[side] = draw_memory(world);
    if (same_key)
        memories[SIDE_PAYER].transfer_key = memories[SIDE_PAYEE].transfer_key;
    else if (one_in(world->rand, 6))
        confuse(world, world->transfer_keys, NEWEST_TRANSFER_KEY,
                &memories[SIDE_PAYER].transfer_key, &memories[SIDE_PAYEE].transfer_key);
    if (memories[SIDE_PAYER].update_key != 0 && one_in(world->rand, 10))
        confuse(world, world->update_keys, NEWEST_UPDATE_KEY, &memories[SIDE_PAYER].update_key,
                &memories[SIDE_PAYEE].update_key);
    else if (one_in(world->rand, 3))
        memories[SIDE_PAYER].update_key = memories[SIDE_PAYEE].update_key;
    for (Side side = 0; side < N_SIDES; side++) {
        population_store(world->wire, meeting->cards[side], &memories[side]);
        population_store(world->decided, meeting->cards[side], &memories[side]);
    }
}

static Cents
draw_amount_between(Double *world, const uint32_t cards[static N_SIDES])
{
    const Scheme *scheme = &world->protocol.scheme;
    Cents payer = population_balance(world->wire, cards[SIDE_PAYER]);
    Cents payee = population_balance(world->wire, cards[SIDE_PAYEE]);
    Cents amount = draw_amount(world->rand, scheme, payer, payee);

    if (world->is_narrow)
        amount = MIN(amount, UINT32_MAX - payee);
    if (world->is_narrow && scheme->overdraft == OVERDRAFT_ALLOW)
        amount = MIN(amount, payer);
    return amount;
}

static Meeting
draw_meeting(Double *world, const Row *row)
{
    GRand *rand = world->rand;
    uint32_t payer = (uint32_t)fixture_draw(rand, 0, CARDS - 1);
    Meeting meeting = {
        .cards = { payer, (payer + (uint32_t)fixture_draw(rand, 1, CARDS - 1)) % CARDS },
        .terminal = &link_terminals[fixture_draw(rand, 0, N_TERMINAL_KINDS - 1)],
        .crl = (uint32_t)fixture_draw(rand, 0, LISTS),
        .now = draw_now(rand),
        .skew = draw_skew(rand),
    };

    if (!one_in(rand, 4))
        redraw(world, row, &meeting);
    for (Side side = 0; side < N_SIDES; side++)
        meeting.seats[side] = (Seat){
            entry_of(world, meeting.cards[side])->chip,
            &link_interfaces[fixture_draw(rand, 0, (int)link_n_interfaces - 1)],
        };
    meeting.amount = draw_amount_between(world, meeting.cards);
    return meeting;
}

static int64_t
number_from_environment(const char *name, int64_t otherwise)
{
    const char *text = g_getenv(name);

    return text == NULL ? otherwise : g_ascii_strtoll(text, NULL, 10);
}

/* Where every course must occur: not in a shortened run. */
static bool
is_whole(int64_t only)
{
    return !fixture_is_sanitized && only < 0 && g_getenv("SETTLE_WORLDS") == NULL;
}

static void
report(const Row *row, const guint64 classes[static SETTLE_CLASSES], const Settle *settle,
       bool is_whole)
{
    guint64 outcomes[N_OUTCOMES] = { 0 };
    guint64 paths[N_PATHS] = { 0 };
    guint n_courses = 0;

    for (guint i = 0; i < SETTLE_CLASSES; i++) {
        const Course *course = settle_course(settle, (uint8_t)i);

        outcomes[course->seen.outcome] += classes[i];
        paths[course->seen.path] += classes[i];
        n_courses += classes[i] > 0 ? 1 : 0;
    }
    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        if (outcomes[outcome] > 0)
            g_test_message("%8" G_GUINT64_FORMAT " %s", outcomes[outcome], outcome_names[outcome]);
    for (Path path = 0; path < N_PATHS; path++)
        g_test_message("%8" G_GUINT64_FORMAT " path %s", paths[path], path_names[path]);
    g_test_message("%8u courses", n_courses);
    if (is_whole)
        g_assert_cmpuint(n_courses, ==, row->n_courses);
}

/* Of the torn ones, each name that they may have. */
static void
report_torn(const guint64 torn[static N_OUTCOMES], bool is_whole)
{
    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++) {
        if (!outcome_is_torn(outcome))
            continue;
        g_test_message("%8" G_GUINT64_FORMAT " %s", torn[outcome], outcome_names[outcome]);
        g_assert_true(torn[outcome] > 0 || !is_whole);
    }
}

static void
run_world(Double *world, const Row *row, guint64 classes[static SETTLE_CLASSES],
          guint64 torn[static N_OUTCOMES])
{
    for (guint i = 0; i < row->n_settlements; i++) {
        Meeting meeting = draw_meeting(world, row);

        compare(world, i, &meeting);
        world->is_narrow &= i < row->n_settlements / 2;
    }
    for (guint i = 0; i < SETTLE_CLASSES; i++)
        classes[i] += world->classes[i];
    for (guint i = 0; i < N_OUTCOMES; i++)
        torn[i] += world->torn[i];
}

static void
agrees_with_the_wire(gconstpointer data)
{
    const Row *row = data;
    guint first = 1000 * (guint)(row - rows);
    int64_t only = number_from_environment("SETTLE_WORLD", -1);
    guint n_worlds = fixture_is_sanitized ? row->n_worlds / 10 + 1 : row->n_worlds;
    guint64 classes[SETTLE_CLASSES] = { 0 };
    guint64 torn[N_OUTCOMES] = { 0 };

    n_worlds = (guint)MIN(n_worlds, number_from_environment("SETTLE_WORLDS", n_worlds));
    for (guint i = 0; i < n_worlds; i++) {
        guint number = only >= 0 ? (guint)only : first + i;
        Double world;

        if (number / 1000 != first / 1000)
            break; /* the one asked for belongs to another row */
        double_init(&world, row, number);
        run_world(&world, row, classes, torn);
        if (i + 1 == n_worlds || only >= 0) {
            report(row, classes, world.settle, is_whole(only));
            report_torn(torn, is_whole(only));
        }
        double_clear(&world);
        if (only >= 0)
            break;
    }
}

/* ---- The parts --------------------------------------------------------- */

static void
day_is_that_of_the_clock(void)
{
    g_assert_cmpint(settle_day(0), ==, 0);
    g_assert_cmpint(settle_day(-1), ==, -1);
    g_assert_cmpint(settle_day(-3 * MICROS_PER_DAY), ==, -1);
    g_assert_cmpint(settle_day(7 * MICROS_PER_DAY - 1), ==, 6);
    g_assert_cmpint(settle_day(7 * MICROS_PER_DAY), ==, 7);
    g_assert_cmpint(settle_day(INT64_MAX), ==, CARD_NEVER_EXPIRES - 1);
}

/* Entries, keys and chips that come later are learned beside those already known. */
static void
learns_what_is_added(void)
{
    static const uint8_t seed[KEYRING_SEED_BYTES] = "of a ring";
    g_autoptr(KeyRing) ring = keyring_new(seed);
    g_autoptr(Population) population = population_new(2);
    g_autoptr(Settle) settle = NULL;
    CohortEntry entry = { .profile = { .transfer_key_limit = CARD_NO_LIMIT }, .chip = &chips[1] };
    CardMemory old = { .transfer_key = keyring_issue(ring, KEY_TRANSFER, 1),
                       .update_key = keyring_issue(ring, KEY_UPDATE, 1),
                       .expiry_day = CARD_NEVER_EXPIRES,
                       .balance = 5 };
    CardMemory new = old;
    Scheme scheme = fixture_scheme("1");
    Protocol protocol;
    uint8_t class;

    protocol_init(&protocol, &scheme);
    settle = settle_new(&protocol);
    population_add_card(population, population_add_entry(population, &entry), &old, 0);
    settle_learn(settle, population, ring);
    entry.chip = &chips[0];
    new.transfer_key = keyring_issue(ring, KEY_TRANSFER, 2);
    population_add_card(population, population_add_entry(population, &entry), &new, 0);
    settle_learn(settle, population, ring);
    g_assert_cmpuint(settle->chips->len, ==, 2);
    g_assert_true(settle->chips->pdata[settle->gates[0].chip] == &chips[1]);
    g_assert_true(settle->chips->pdata[settle->gates[1].chip] == &chips[0]);
    class =
        settle_cards(settle, 0, 0, &population->records[1], &population->records[0], NULL, NULL, 2);
    g_assert_cmpint(settle_course(settle, class)->seen.outcome, ==,
                    OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE);
    g_assert_cmpuint(population->records[0].transfer_key, ==, new.transfer_key);
    g_assert_cmpint(population_balance(population, 0), ==, 7);
    g_assert_cmpint(population_balance(population, 1), ==, 3);
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/settle/%s/agrees-with-the-wire", rows[i].embodiment);

        g_test_add_data_func(path, &rows[i], agrees_with_the_wire);
    }
    g_test_add_func("/settle/day/is-that-of-the-clock", day_is_that_of_the_clock);
    g_test_add_func("/settle/learn/learns-what-is-added", learns_what_is_added);
    return g_test_run();
}
