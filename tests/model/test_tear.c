/* Tears at every moment of every settlement, at both levels: the programs of cards and
 * terminal with a reader that goes silent there, and what the decision level makes of the
 * same two cards. They must agree on outcome, cards, writes and duration; what a tear may
 * and may not do is asserted besides. */
#include "tests/model/world.h"

#include "model/decision/settle_torn.h"
#include "model/wire/torn_readers.h"

#define AMOUNT INT64_C(3)
#define BALANCE INT64_C(10)

/* Two cards that meet. */
typedef struct {
    const char *name;
    PurseSpec payer;
    PurseSpec payee;
    bool update_ack;
    SchemeUkRule uk_rule;
} Pair;

#define CARD(tk, uk, ...)                                                                          \
    {                                                                                              \
        .transfer_key = tk, .update_key = uk, .balance = BALANCE, __VA_ARGS__                      \
    }

static const Pair pairs[] = {
    { "equal keys", CARD(1, 1), CARD(1, 1), true, UK_RULE_STRICT },
    { "payer older", CARD(1, 1, .n_preloaded = 2, .preloaded = { 1, 2 }), CARD(2, 1), true,
      UK_RULE_STRICT },
    { "payee older", CARD(2, 1), CARD(1, 1, .n_preloaded = 2, .preloaded = { 1, 2 }), true,
      UK_RULE_STRICT },
    { "payer older in both", CARD(1, 1, .n_preloaded = 1, .preloaded = { 3 }), CARD(3, 2), true,
      UK_RULE_STRICT },
    { "payee older in both", CARD(3, 2), CARD(1, 1, .n_preloaded = 1, .preloaded = { 3 }), true,
      UK_RULE_STRICT },
    { "crossed", CARD(2, 1), CARD(1, 2, .n_preloaded = 1, .preloaded = { 2 }), true,
      UK_RULE_STRICT },
    { "crossed, both ways", CARD(2, 1), CARD(1, 2, .n_preloaded = 1, .preloaded = { 2 }), true,
      UK_RULE_BIDIRECTIONAL },
    { "each its own field", CARD(1, 1, .transfer_key_limit = 1), CARD(2, 2), true,
      UK_RULE_PER_FIELD },
    { "transfer key alone", CARD(1, 1, .update_key_limit = 1), CARD(2, 2), true, UK_RULE_TK_ONLY },
    { "limit", CARD(1, 1, .transfer_key_limit = 1), CARD(2, 1), true, UK_RULE_STRICT },
    { "limit, in silence", CARD(1, 1, .transfer_key_limit = 1), CARD(2, 1), false, UK_RULE_STRICT },
    { "money and room for one",
      { .transfer_key = 1, .balance = 4 },
      { .transfer_key = 1, .balance = 25 },
      true,
      UK_RULE_STRICT },
    { "no money", { .transfer_key = 1 }, CARD(1, 1), true, UK_RULE_STRICT },
    { "no room", CARD(1, 1), { .transfer_key = 1, .balance = 29 }, true, UK_RULE_STRICT },
    { "expired", CARD(1, 1), CARD(2, 1, .expiry_day = 1), true, UK_RULE_STRICT },
    { "both hold another", CARD(1, 1, .n_preloaded = 2, .preloaded = { 2, 3 }),
      CARD(2, 1, .n_preloaded = 1, .preloaded = { 3 }), true, UK_RULE_STRICT },
};

static const char *const embodiments[] = {
    "1", "2", "3", "4", "5", "4-public-key", "4-by-update-key", "conventional", "mondex"
};

/* How the scheme answers what concerns tears. */
typedef struct {
    SchemeTornWrite torn_write;
    SchemeTornPair torn_pair;
    SchemeRecovery recovery;
    SchemeNonceLife nonce_life;
    bool presence_check;
    LinkProtocol link;
} Answers;

static const Answers answers[] = {
    { TORN_WRITE_ATOMIC, TORN_PAIR_UK_FIRST, RECOVERY_NONE, NONCE_LIFE_ONE_USE, false, LINK_T_CL },
    { TORN_WRITE_ATOMIC, TORN_PAIR_TK_FIRST, RECOVERY_NONE, NONCE_LIFE_POWER_ON, true, LINK_T_0 },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_UK_FIRST, RECOVERY_NONE, NONCE_LIFE_ONE_USE, true, LINK_T_CL },
    { TORN_WRITE_KEY_FIRST, TORN_PAIR_TK_FIRST, RECOVERY_NONE, NONCE_LIFE_ONE_USE, false,
      LINK_T_0 },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_TK_FIRST, RECOVERY_RETRY_IN_FIELD, NONCE_LIFE_ONE_USE, false,
      LINK_T_0 },
    { TORN_WRITE_KEY_FIRST, TORN_PAIR_UK_FIRST, RECOVERY_RETRY_IN_FIELD, NONCE_LIFE_POWER_ON, true,
      LINK_T_CL },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_UK_FIRST, RECOVERY_TORN_LOG, NONCE_LIFE_ONE_USE, false,
      LINK_T_CL },
};

static const LinkInterface *
interface_of(LinkProtocol link)
{
    return link_find_interface(link == LINK_T_0 ? "7816-t0" : "14443-106");
}

/**
 * Scene: two cards in a drawer, and what they would do if nobody tore them apart
 * @fresh: as they are put in
 * @decided: after that settlement, by the decision level
 * @courses, @timelines: at the wire level and at the decision level
 */
typedef struct {
    World world;
    Seat seats[N_SIDES];
    const LinkTerminal *terminal;
    Purse fresh[N_SIDES];
    CardMemory decided[N_SIDES];
    Course courses[2];
    Timeline timelines[2];
} Scene;

static Scheme
scheme_of(const char *embodiment, const Pair *pair, const Answers *answer)
{
    Scheme scheme = fixture_scheme(embodiment);

    scheme.update_ack = pair->update_ack;
    scheme.uk_rule = pair->uk_rule;
    scheme.max_balance = 30;
    scheme.n_held = 3;
    scheme.torn_write = answer->torn_write;
    scheme.torn_pair = answer->torn_pair;
    scheme.recovery = answer->recovery;
    scheme.nonce_life = answer->nonce_life;
    scheme.presence_check = answer->presence_check;
    return scheme;
}

/* The class of the settlement and the cards after it. */
static const Course *
decide(const Settle *settle, Population *population, CardMemory after[static N_SIDES])
{
    uint8_t class = settle_cards(settle, 0, FIXTURE_DAY, &population->records[SIDE_PAYER],
                                 &population->records[SIDE_PAYEE], NULL, NULL, AMOUNT);

    g_assert_cmpuint(class, !=, SETTLE_NO_ROOM);
    for (Side side = 0; side < N_SIDES; side++)
        after[side] = population_memory(population, side);
    return settle_course(settle, class);
}

static void
scene_init(Scene *scene, const char *embodiment, const Pair *pair, const Answers *answer)
{
    const PurseSpec *specs[N_SIDES] = { &pair->payer, &pair->payee };
    Scheme scheme = scheme_of(embodiment, pair, answer);
    g_autoptr(Population) population = population_new(N_SIDES);
    g_autoptr(Settle) settle = NULL;
    World *world = &scene->world;
    Purse copies[N_SIDES];

    world_init(world, &scheme);
    scene->terminal = &link_terminals[TERMINAL_POS];
    for (Side side = 0; side < N_SIDES; side++) {
        CohortEntry entry = { .chip = &chips[side] };

        world->links[side] = answer->link;
        scene->seats[side] = (Seat){ &chips[side], interface_of(answer->link) };
        scene->fresh[side] = copies[side] = world_purse(world, specs[side]);
        entry.profile = copies[side].profile;
        population_add_card(population, population_add_entry(population, &entry),
                            &copies[side].memory, 0);
    }
    world_settle(world, &copies[SIDE_PAYER], &copies[SIDE_PAYEE], AMOUNT);
    settle = settle_new(&world->protocol);
    settle_learn(settle, population, world->ring);
    scene->courses[0] = world->course;
    scene->courses[1] = *decide(settle, population, scene->decided);
    for (guint i = 0; i < 2; i++)
        timeline_init(&scene->timelines[i], &world->protocol, scene->seats, scene->terminal,
                      &scene->courses[i]);
}

static void
scene_clear(Scene *scene)
{
    world_clear(&scene->world);
}

/* The first instant of a part. */
static Micros
begin_of(const Timeline *timeline, guint part)
{
    return part == 0 ? 0 : timeline->parts[part - 1].end;
}

/* The cards are put in and torn apart at the wire. */
static TornCourse
tear_on_the_wire(Scene *scene, const Tear *tear, Purse purses[static N_SIDES])
{
    World *world = &scene->world;
    Card *cards[N_SIDES];
    TornCourse course;

    for (Side side = 0; side < N_SIDES; side++) {
        world_insert(world, side, &purses[side]);
        cards[side] = world_card(world, side);
    }
    course = torn_readers_settle(&world->terminal, cards, &scene->timelines[0], tear, AMOUNT,
                                 FIXTURE_DATE, world->now);
    for (Side side = 0; side < N_SIDES; side++)
        world_remove(world, side);
    return course;
}

static TornCourse
tear_by_decision(const Scene *scene, const Tear *tear, CardMemory after[static N_SIDES])
{
    const CardMemory before[N_SIDES] = { scene->fresh[SIDE_PAYER].memory,
                                         scene->fresh[SIDE_PAYEE].memory };

    memcpy(after, scene->decided, sizeof scene->decided);
    return settle_torn(&scene->world.protocol.scheme, scene->world.ring, &scene->courses[1],
                       &scene->timelines[1], tear, AMOUNT, before, after);
}

static bool
is_same_torn_course(const TornCourse *a, const TornCourse *b)
{
    for (Phase phase = 0; phase < N_PHASES; phase++)
        if (a->duration.phase[phase] != b->duration.phase[phase])
            return false;
    return a->outcome == b->outcome && a->duration.total == b->duration.total &&
           a->wrote[SIDE_PAYER] == b->wrote[SIDE_PAYER] &&
           a->wrote[SIDE_PAYEE] == b->wrote[SIDE_PAYEE];
}

static void
print_course(const char *level, const World *world, const TornCourse *course,
             const CardMemory memories[static N_SIDES])
{
    g_printerr("  %-8s %s, %" G_GINT64_FORMAT " us (%" G_GINT64_FORMAT " of them in the update)\n",
               level, outcome_names[course->outcome], course->duration.total,
               course->duration.phase[PHASE_UPDATE]);
    for (Side side = 0; side < N_SIDES; side++)
        g_printerr("    %s: wrote %u, transfer key %u (#%u), update key #%u, balance "
                   "%" G_GINT64_FORMAT "\n",
                   side == SIDE_PAYER ? "payer" : "payee", course->wrote[side],
                   keyring_id(world->ring, memories[side].transfer_key),
                   memories[side].transfer_key, memories[side].update_key, memories[side].balance);
}

/* ---- What a tear may do ------------------------------------------------ */

static uint32_t
id_of(const World *world, KeyHandle handle)
{
    return handle == 0 ? 0 : keyring_id(world->ring, handle);
}

/* No ID decreases or passes its limit. */
static void
check_ids(const World *world, const Purse *before, const CardMemory *after)
{
    uint32_t transfer_id = id_of(world, after->transfer_key);
    uint32_t update_id = id_of(world, after->update_key);

    g_assert_cmpuint(transfer_id, >=, id_of(world, before->memory.transfer_key));
    g_assert_cmpuint(update_id, >=, id_of(world, before->memory.update_key));
    g_assert_cmpuint(transfer_id, <=, before->profile.transfer_key_limit);
    g_assert_cmpuint(update_id, <=, before->profile.update_key_limit);
}

/* Value is never created and never destroyed but by the amount, and the outcome says so;
 * where random numbers live on, a command that is sent again may count twice. */
static void
check_value(const Scheme *scheme, const Purse before[static N_SIDES],
            const CardMemory after[static N_SIDES], Outcome outcome)
{
    bool may_count_twice =
        scheme->nonce_life == NONCE_LIFE_POWER_ON && scheme->recovery == RECOVERY_RETRY_IN_FIELD;
    Cents debit = before[SIDE_PAYER].memory.balance - after[SIDE_PAYER].balance;
    Cents credit = after[SIDE_PAYEE].balance - before[SIDE_PAYEE].memory.balance;

    if (outcome == OUTCOME_TORN_AFTER_DEBIT) {
        g_assert_cmpint(debit, ==, AMOUNT);
        g_assert_cmpint(credit, ==, 0);
    } else if (outcome_is_paid(outcome) || outcome == OUTCOME_TORN_AFTER_CREDIT) {
        g_assert_true(debit == AMOUNT || (may_count_twice && debit == 2 * AMOUNT));
        g_assert_true(credit == AMOUNT || (may_count_twice && credit == 2 * AMOUNT));
    } else {
        g_assert_cmpint(debit, ==, 0);
        g_assert_cmpint(credit, ==, 0);
    }
}

/* Atomic writes leave the pair of before or the new one. */
static void
check_atomic(const Scene *scene, const CardMemory after[static N_SIDES])
{
    for (Side side = 0; side < N_SIDES; side++) {
        const CardMemory *old = &scene->fresh[side].memory;
        const CardMemory *new = &scene->decided[side];

        g_assert_true(after[side].transfer_key == old->transfer_key ||
                      after[side].transfer_key == new->transfer_key);
        g_assert_true(after[side].update_key == old->update_key ||
                      after[side].update_key == new->update_key);
    }
}

/* A card waits for a credit from its S2103B on until it has it. The next payment of the two brings
 * back what this one has destroyed and no more. */
static void
check_log(Scene *scene, const Tear *tear, Purse torn[static N_SIDES], Outcome outcome)
{
    World *world = &scene->world;
    bool is_credited = outcome_is_paid(outcome) || outcome == OUTCOME_TORN_AFTER_CREDIT;
    bool is_owed = outcome == OUTCOME_TORN_AFTER_DEBIT;
    Cents sum = torn[SIDE_PAYER].memory.balance + torn[SIDE_PAYEE].memory.balance;
    Cents restored;

    g_assert_true((torn[SIDE_PAYER].unfinished.debit.deal.key != 0) == (is_credited || is_owed));
    g_assert_true(
        (torn[SIDE_PAYEE].unfinished.credit.deal.key != 0) ==
        (!is_credited && settle_takes(&world->protocol.scheme, &scene->courses[1],
                                      &scene->timelines[1], tear, SIDE_PAYEE, CARD_STEP_S2103B)));
    world_settle(world, &torn[SIDE_PAYER], &torn[SIDE_PAYEE], 1);
    restored = world->course.log[SIDE_PAYEE].restored;
    g_assert_cmpint(world->course.log[SIDE_PAYER].restored, ==, 0);
    g_assert_true(restored == 0 || (is_owed && restored == AMOUNT));
    if (is_owed && outcome_is_paid(world->course.seen.outcome))
        g_assert_cmpint(restored, ==, AMOUNT);
    g_assert_cmpint(torn[SIDE_PAYER].memory.balance + torn[SIDE_PAYEE].memory.balance, ==,
                    sum + restored);
}

static void
check_tear(Scene *scene, const char *embodiment, const Pair *pair, const Tear *tear)
{
    const World *world = &scene->world;
    const Scheme *scheme = &world->protocol.scheme;
    Purse torn[N_SIDES] = { scene->fresh[SIDE_PAYER], scene->fresh[SIDE_PAYEE] };
    TornCourse wire = tear_on_the_wire(scene, tear, torn);
    const CardMemory after[N_SIDES] = { torn[SIDE_PAYER].memory, torn[SIDE_PAYEE].memory };
    CardMemory decided[N_SIDES];
    TornCourse decision = tear_by_decision(scene, tear, decided);

    if (!is_same_torn_course(&wire, &decision) || !is_same_memory(&after[0], &decided[0]) ||
        !is_same_memory(&after[1], &decided[1])) {
        Moment moment = timeline_moment(&scene->timelines[0], tear->instant);
        const ExchangeVisit *visit = &scene->timelines[0].visits[moment.visit];

        g_printerr("embodiment %s, %s, torn-write %s, torn-pair %s, recovery %s, nonce-life %s: "
                   "%s goes at exchange %u (%s with the %s), place %d, step %s\n",
                   embodiment, pair->name, scheme_torn_write_names[scheme->torn_write],
                   scheme_torn_pair_names[scheme->torn_pair],
                   scheme_recovery_names[scheme->recovery],
                   scheme_nonce_life_names[scheme->nonce_life], tear_party_names[tear->party],
                   moment.visit, exchanges[visit->exchange].number,
                   visit->to == SIDE_PAYER ? "payer" : "payee", moment.place,
                   moment.step == CARD_STEP_NONE ? "none" : card_steps[moment.step].number);
        print_course("wire", world, &wire, after);
        print_course("decided", world, &decision, decided);
        g_error("the two levels disagree");
    }
    for (Side side = 0; side < N_SIDES; side++)
        check_ids(world, &scene->fresh[side], &after[side]);
    check_value(scheme, scene->fresh, after, wire.outcome);
    if (scheme->torn_write == TORN_WRITE_ATOMIC)
        check_atomic(scene, after);
    if (scheme->recovery == RECOVERY_TORN_LOG)
        check_log(scene, tear, torn, wire.outcome);
}

static guint64
tear_everywhere(Scene *scene, const char *embodiment, const Pair *pair)
{
    static const uint32_t chances[] = { 0, UINT32_MAX / 2, UINT32_MAX };
    const Timeline *timeline = &scene->timelines[0];
    guint64 n = 0;

    for (guint i = 0; i < timeline->n_parts; i++) {
        const TimelinePart *part = &timeline->parts[i];
        guint n_chances = part->moment.place == PLACE_STEP ? G_N_ELEMENTS(chances) : 1;

        if (begin_of(timeline, i) == part->end)
            continue;
        for (guint chance = 0; chance < n_chances; chance++)
            for (TearParty party = 0; party < N_TEAR_PARTIES; party++, n++)
                check_tear(scene, embodiment, pair,
                           &(Tear){ party, chance == 0 ? begin_of(timeline, i) : part->end - 1,
                                    chances[chance] });
    }
    return n;
}

/* Public keys take their time, sanitizers more so: then each pair meets some of the answers. */
static guint
stride_of(const char *embodiment)
{
    Scheme scheme = fixture_scheme(embodiment);

    return fixture_is_sanitized ? 6 : scheme_has_certificates(&scheme) ? 3 : 1;
}

static void
levels_agree_at_every_moment(gconstpointer data)
{
    const char *embodiment = data;
    guint stride = stride_of(embodiment);
    guint64 n = 0;

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        for (guint j = i % stride; j < G_N_ELEMENTS(answers); j += stride) {
            Scene scene;

            scene_init(&scene, embodiment, &pairs[i], &answers[j]);
            n += tear_everywhere(&scene, embodiment, &pairs[i]);
            scene_clear(&scene);
        }
    g_test_message("%" G_GUINT64_FORMAT " tears", n);
}

/* ---- What a tear does, moment by moment -------------------------------- */

static Answers
faithful(void)
{
    return answers[0];
}

/* The tear of @party in the middle of a part. */
static Tear
tear_in(const Scene *scene, TearParty party, Exchange exchange, Side to, Place place, CardStep step)
{
    const Timeline *timeline = &scene->timelines[0];

    for (guint i = 0; i < timeline->n_parts; i++) {
        const Moment *moment = &timeline->parts[i].moment;
        const ExchangeVisit *visit = &timeline->visits[moment->visit];

        if (visit->exchange == exchange && visit->to == to && moment->place == place &&
            (place != PLACE_STEP || moment->step == step))
            return (Tear){ .party = party,
                           .instant = (begin_of(timeline, i) + timeline->parts[i].end) / 2 };
    }
    g_error("no such moment");
}

/* A payment of 3 between equal cards: who goes when, and what both then hold. */
typedef struct {
    const char *name;
    TearParty party;
    Exchange exchange;
    Side to;
    Place place;
    CardStep step;
    Outcome outcome;
    Cents payer;
    Cents payee;
} Row;

#define S2002_PAYEE EXCHANGE_S2002, SIDE_PAYEE
#define S2003_PAYER EXCHANGE_S2003, SIDE_PAYER
#define S2004_PAYEE EXCHANGE_S2004, SIDE_PAYEE

static const Row rows[] = {
    /* clang-format off */
    { "payer-leaves-at-sx001", TEAR_PAYER, EXCHANGE_SELECT, SIDE_PAYER, PLACE_BEFORE, 0, OUTCOME_TORN_BEFORE_DEBIT, 10, 10 },
    { "payer-leaves-within-s2104a", TEAR_PAYER, S2003_PAYER, PLACE_STEP, CARD_STEP_S2104A, OUTCOME_TORN_BEFORE_DEBIT, 10, 10 },
    { "payee-leaves-while-s2103b-is-answered", TEAR_PAYEE, S2002_PAYEE, PLACE_BACK, 0, OUTCOME_TORN_BEFORE_DEBIT, 10, 10 },
    { "payee-leaves-before-s2003-is-sent", TEAR_PAYEE, S2003_PAYER, PLACE_BEFORE, 0, OUTCOME_TORN_AFTER_DEBIT, 7, 10 },
    { "payee-leaves-while-s2003-is-sent", TEAR_PAYEE, S2003_PAYER, PLACE_THERE, 0, OUTCOME_TORN_AFTER_DEBIT, 7, 10 },
    { "payee-leaves-within-s2104b", TEAR_PAYEE, S2004_PAYEE, PLACE_STEP, CARD_STEP_S2104B, OUTCOME_TORN_AFTER_DEBIT, 7, 10 },
    { "payee-leaves-within-s2105b", TEAR_PAYEE, S2004_PAYEE, PLACE_STEP, CARD_STEP_S2105B, OUTCOME_TORN_AFTER_DEBIT, 7, 10 },
    { "payee-leaves-after-s2105b", TEAR_PAYEE, S2004_PAYEE, PLACE_BACK, 0, OUTCOME_TORN_AFTER_CREDIT, 7, 13 },
    { "payer-leaves-within-s2105a", TEAR_PAYER, S2003_PAYER, PLACE_STEP, CARD_STEP_S2105A, OUTCOME_TORN_AFTER_DEBIT, 7, 10 },
    { "payer-leaves-while-s2003-is-answered", TEAR_PAYER, S2003_PAYER, PLACE_BACK, 0, OUTCOME_TORN_AFTER_DEBIT, 7, 10 },
    { "payer-leaves-after-that", TEAR_PAYER, S2004_PAYEE, PLACE_BEFORE, 0, OUTCOME_PAID, 7, 13 },
    { "terminal-fails-within-s2104a", TEAR_TERMINAL, S2003_PAYER, PLACE_STEP, CARD_STEP_S2104A, OUTCOME_TORN_BEFORE_DEBIT, 10, 10 },
    { "terminal-fails-within-s2105a", TEAR_TERMINAL, S2003_PAYER, PLACE_STEP, CARD_STEP_S2105A, OUTCOME_TORN_AFTER_DEBIT, 7, 10 },
    { "terminal-fails-while-s2004-is-sent", TEAR_TERMINAL, S2004_PAYEE, PLACE_THERE, 0, OUTCOME_TORN_AFTER_DEBIT, 7, 10 },
    { "terminal-fails-at-the-last-response", TEAR_TERMINAL, S2004_PAYEE, PLACE_BACK, 0, OUTCOME_TORN_AFTER_CREDIT, 7, 13 },
    /* clang-format on */
};

static void
assert_row(Scene *scene, const Row *row, Outcome outcome, Cents payer, Cents payee)
{
    Tear tear = tear_in(scene, row->party, row->exchange, row->to, row->place, row->step);
    Purse torn[N_SIDES] = { scene->fresh[SIDE_PAYER], scene->fresh[SIDE_PAYEE] };
    TornCourse course = tear_on_the_wire(scene, &tear, torn);

    g_assert_cmpstr(outcome_names[course.outcome], ==, outcome_names[outcome]);
    g_assert_cmpint(torn[SIDE_PAYER].memory.balance, ==, payer);
    g_assert_cmpint(torn[SIDE_PAYEE].memory.balance, ==, payee);
}

static void
commits_what_came_before_it(gconstpointer data)
{
    const Row *row = data;

    for (guint i = 0; i < G_N_ELEMENTS(embodiments); i++) {
        Answers answer = faithful();
        Scene scene;

        scene_init(&scene, embodiments[i], &pairs[0], &answer);
        assert_row(&scene, row, row->outcome, row->payer, row->payee);
        scene_clear(&scene);
    }
}

static const Row *
row_named(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_equal(rows[i].name, name))
            return &rows[i];
    g_error("no row %s", name);
}

/* A payee that is missed before S2003 costs the payer nothing; one that leaves later does. */
static void
presence_check_saves_who_left_before(void)
{
    Answers answer = faithful();
    Scene scene;

    answer.presence_check = true;
    scene_init(&scene, "1", &pairs[0], &answer);
    assert_row(&scene, row_named("payee-leaves-before-s2003-is-sent"), OUTCOME_TORN_BEFORE_DEBIT,
               10, 10);
    assert_row(&scene, row_named("payee-leaves-while-s2003-is-sent"), OUTCOME_TORN_AFTER_DEBIT, 7,
               10);
    scene_clear(&scene);
}

/* A lost command is simply sent again; a lost response shows that it was done, and under
 * power-on does it again. */
static void
retry_counts_twice_under_power_on_alone(void)
{
    Row sent = { .party = TEAR_PAYEE, .exchange = S2004_PAYEE, PLACE_THERE, 0 };
    Answers answer = faithful();
    Scene scene;

    answer.recovery = RECOVERY_RETRY_IN_FIELD;
    scene_init(&scene, "1", &pairs[0], &answer);
    assert_row(&scene, &sent, OUTCOME_PAID, 7, 13);
    assert_row(&scene, row_named("payer-leaves-while-s2003-is-answered"), OUTCOME_TORN_AFTER_DEBIT,
               7, 10);
    assert_row(&scene, row_named("payee-leaves-within-s2105b"), OUTCOME_TORN_AFTER_CREDIT, 7, 13);
    assert_row(&scene, row_named("payee-leaves-after-s2105b"), OUTCOME_TORN_AFTER_CREDIT, 7, 13);
    scene_clear(&scene);
    answer.nonce_life = NONCE_LIFE_POWER_ON;
    scene_init(&scene, "1", &pairs[0], &answer);
    assert_row(&scene, &sent, OUTCOME_PAID, 7, 13);
    assert_row(&scene, row_named("payer-leaves-while-s2003-is-answered"), OUTCOME_PAID, 4, 13);
    assert_row(&scene, row_named("payee-leaves-after-s2105b"), OUTCOME_PAID, 7, 16);
    scene_clear(&scene);
}

/* ---- The log of what was torn ------------------------------------------ */

/* Two cards of which the payer has debited 3 and the payee has credited nothing. */
static void
scene_torn_after_debit(Scene *scene, const char *embodiment, SchemeNonceLife life,
                       Purse torn[static N_SIDES])
{
    const Row *row = row_named("terminal-fails-while-s2004-is-sent");
    Answers answer = faithful();
    Tear tear;

    answer.recovery = RECOVERY_TORN_LOG;
    answer.nonce_life = life;
    scene_init(scene, embodiment, &pairs[0], &answer);
    memcpy(torn, scene->fresh, sizeof scene->fresh);
    tear = tear_in(scene, row->party, row->exchange, row->to, row->place, row->step);
    g_assert_cmpint(tear_on_the_wire(scene, &tear, torn).outcome, ==, OUTCOME_TORN_AFTER_DEBIT);
}

/* Pays 1. */
static void
assert_pays(Scene *scene, Purse *payer, Purse *payee, Cents payer_has, Cents payee_has)
{
    g_assert_true(outcome_is_paid(world_settle(&scene->world, payer, payee, 1).outcome));
    g_assert_cmpint(payer->memory.balance, ==, payer_has);
    g_assert_cmpint(payee->memory.balance, ==, payee_has);
}

/* The next payment of the two brings it back, and only the first. */
static void
log_brings_it_back_once(gconstpointer data)
{
    for (SchemeNonceLife life = 0; life < N_NONCE_LIFE; life++) {
        Purse torn[N_SIDES];
        Scene scene;

        scene_torn_after_debit(&scene, data, life, torn);
        assert_pays(&scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE], 6, 14);
        assert_pays(&scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE], 5, 15);
        assert_pays(&scene, &torn[SIDE_PAYEE], &torn[SIDE_PAYER], 14, 6);
        scene_clear(&scene);
        scene_torn_after_debit(&scene, data, life, torn);
        assert_pays(&scene, &torn[SIDE_PAYEE], &torn[SIDE_PAYER], 12, 8);
        assert_pays(&scene, &torn[SIDE_PAYEE], &torn[SIDE_PAYER], 11, 9);
        assert_pays(&scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE], 8, 12);
        scene_clear(&scene);
    }
}

/* A third card neither gets it nor brings it; and it is lost once the payer has debited, or the
 * payee has waited for, something else. */
static void
log_is_for_the_pair_alone(gconstpointer data)
{
    Purse torn[N_SIDES];
    Purse third;
    Scene scene;

    scene_torn_after_debit(&scene, data, NONCE_LIFE_ONE_USE, torn);
    third = world_purse(&scene.world, &pairs[0].payee);
    assert_pays(&scene, &torn[SIDE_PAYEE], &third, 9, 11);
    assert_pays(&scene, &third, &torn[SIDE_PAYER], 10, 8);
    assert_pays(&scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE], 7, 13);
    scene_clear(&scene);
    scene_torn_after_debit(&scene, data, NONCE_LIFE_ONE_USE, torn);
    third = world_purse(&scene.world, &pairs[0].payee);
    assert_pays(&scene, &torn[SIDE_PAYER], &third, 6, 11);
    assert_pays(&scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE], 5, 11);
    scene_clear(&scene);
    scene_torn_after_debit(&scene, data, NONCE_LIFE_ONE_USE, torn);
    third = world_purse(&scene.world, &pairs[0].payee);
    assert_pays(&scene, &third, &torn[SIDE_PAYEE], 9, 11);
    assert_pays(&scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE], 6, 12);
    scene_clear(&scene);
}

/* What is owed comes back at S2101B or S2103A of the next payment; if that is torn before, then at
 * the one after that, as does what it destroys itself. Nothing is lost, nothing comes twice. */
static void
check_what_is_owed(Scene *scene, const Tear *tear, const Purse *payer, const Purse *payee,
                   Side owed)
{
    World *world = &scene->world;
    CardStep step = owed == SIDE_PAYER ? CARD_STEP_S2103A : CARD_STEP_S2101B;
    bool comes_back = settle_takes(&world->protocol.scheme, &scene->courses[1],
                                   &scene->timelines[1], tear, owed, step);
    Purse torn[N_SIDES] = { *payer, *payee };
    TornCourse course = tear_on_the_wire(scene, tear, torn);
    Cents lost = course.outcome == OUTCOME_TORN_AFTER_DEBIT ? AMOUNT : 0;

    g_assert_cmpint(course.restored[owed], ==, comes_back ? AMOUNT : 0);
    g_assert_cmpint(course.restored[side_other(owed)], ==, 0);
    g_assert_cmpint(torn[SIDE_PAYER].memory.balance + torn[SIDE_PAYEE].memory.balance, ==,
                    2 * BALANCE - (comes_back ? 0 : AMOUNT) - lost);
    for (guint n = 0; n < 2; n++) {
        world_settle(world, &torn[SIDE_PAYER], &torn[SIDE_PAYEE], 1);
        g_assert_cmpint(torn[SIDE_PAYER].memory.balance + torn[SIDE_PAYEE].memory.balance, ==,
                        2 * BALANCE);
    }
}

/* From now on the card on @side waits for a credit, which takes its time. */
static void
scene_waits(Scene *scene, Side side)
{
    for (guint i = 0; i < 2; i++) {
        scene->courses[i].log[side].waited = true;
        scene->courses[i].log[side_other(side)].waited = false;
        timeline_init(&scene->timelines[i], &scene->world.protocol, scene->seats, scene->terminal,
                      &scene->courses[i]);
    }
}

static void
log_outlives_another_tear(gconstpointer data)
{
    Purse torn[N_SIDES];
    const Purse *payer = &torn[SIDE_PAYER];
    const Purse *payee = &torn[SIDE_PAYEE];
    Scene scene;

    scene_torn_after_debit(&scene, data, NONCE_LIFE_ONE_USE, torn);
    for (Side owed = 0; owed < N_SIDES; owed++) {
        const Timeline *timeline = &scene.timelines[0];

        scene_waits(&scene, owed);
        for (guint i = 0; i < timeline->n_parts; i++)
            for (TearParty party = 0; party < N_TEAR_PARTIES; party++)
                check_what_is_owed(&scene, &(Tear){ party, timeline->parts[i].end - 1, 0 },
                                   owed == SIDE_PAYEE ? payer : payee,
                                   owed == SIDE_PAYEE ? payee : payer, owed);
    }
    scene_clear(&scene);
}

/* Who has no room for it waits on, and pays meanwhile. */
static void
log_waits_for_room(void)
{
    Purse torn[N_SIDES];
    Purse third;
    Scene scene;

    scene_torn_after_debit(&scene, "1", NONCE_LIFE_ONE_USE, torn);
    third = world_purse(&scene.world, &pairs[0].payee);
    torn[SIDE_PAYEE].memory.balance = 30; /* the most */
    assert_pays(&scene, &torn[SIDE_PAYEE], &torn[SIDE_PAYER], 29, 8);
    assert_pays(&scene, &torn[SIDE_PAYEE], &third, 28, 11);
    assert_pays(&scene, &torn[SIDE_PAYEE], &third, 27, 12);
    assert_pays(&scene, &torn[SIDE_PAYEE], &torn[SIDE_PAYER], 29, 9);
    scene_clear(&scene);
}

/* ---- Half keys --------------------------------------------------------- */

/* Payer and payee of @embodiment, the payer older in both keys, torn within the write. */
static Scene *
scene_torn_within_store(const char *embodiment, SchemeTornWrite torn_write, SchemeTornPair pair,
                        uint32_t chance, Purse torn[static N_SIDES])
{
    bool is_public_key = g_str_equal(embodiment, "5");
    Answers answer = faithful();
    Scene *scene = g_new(Scene, 1);
    Tear tear;

    answer.torn_write = torn_write;
    answer.torn_pair = pair;
    scene_init(scene, embodiment, &pairs[is_public_key ? 3 : 1], &answer);
    memcpy(torn, scene->fresh, sizeof scene->fresh);
    tear = tear_in(scene, TEAR_PAYER, EXCHANGE_UPDATE, SIDE_PAYER, PLACE_STEP,
                   is_public_key ? CARD_STEP_STORE_OPENED : CARD_STEP_STORE);
    tear.chance = chance;
    g_assert_cmpint(tear_on_the_wire(scene, &tear, torn).outcome, ==, OUTCOME_TORN_BEFORE_DEBIT);
    return scene;
}

static void
free_scene(Scene *scene)
{
    scene_clear(scene);
    g_free(scene);
}

static Outcome
pay(Scene *scene, Purse *payer, Purse *payee)
{
    return world_settle(&scene->world, payer, payee, 1).outcome;
}

/* New ID with the old key: true holders refuse the card, older ones catch it and pay it,
 * until a newer generation comes. */
static void
half_key_with_new_id_spreads_to_older_cards(void)
{
    Purse torn[N_SIDES];
    Scene *scene = scene_torn_within_store("1", TORN_WRITE_ID_FIRST, TORN_PAIR_UK_FIRST, 0, torn);
    World *world = &scene->world;
    Purse older = world_purse(world, &(PurseSpec){ .balance = BALANCE });
    Purse newer = world_purse(world, &(PurseSpec){ .transfer_key = 3, .balance = BALANCE });

    g_assert_cmpuint(purse_transfer_key(world, &torn[SIDE_PAYER]), ==, 2);
    g_assert_cmpint(pay(scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE]), ==,
                    OUTCOME_REFUSED_AUTHENTICATION);
    g_assert_cmpint(pay(scene, &torn[SIDE_PAYER], &older), ==, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE);
    g_assert_cmpint(pay(scene, &older, &torn[SIDE_PAYER]), ==, OUTCOME_PAID);
    g_assert_cmpint(pay(scene, &older, &torn[SIDE_PAYEE]), ==, OUTCOME_REFUSED_AUTHENTICATION);
    g_assert_cmpint(pay(scene, &newer, &older), ==, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE);
    g_assert_cmpint(pay(scene, &newer, &torn[SIDE_PAYEE]), ==, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE);
    g_assert_cmpint(pay(scene, &older, &torn[SIDE_PAYEE]), ==, OUTCOME_PAID);
    free_scene(scene);
}

/* Old ID with the new key: equal IDs fail, the next card of a newer ID repairs it. */
static void
half_key_with_old_id_is_repaired(void)
{
    Purse torn[N_SIDES];
    Scene *scene = scene_torn_within_store("1", TORN_WRITE_KEY_FIRST, TORN_PAIR_UK_FIRST, 0, torn);
    World *world = &scene->world;
    Purse equal = world_purse(world, &(PurseSpec){ .balance = BALANCE });

    g_assert_cmpuint(purse_transfer_key(world, &torn[SIDE_PAYER]), ==, 1);
    g_assert_cmpint(pay(scene, &torn[SIDE_PAYER], &equal), ==, OUTCOME_REFUSED_AUTHENTICATION);
    g_assert_cmpint(pay(scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE]), ==,
                    OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE);
    g_assert_cmpuint(torn[SIDE_PAYER].memory.transfer_key, ==,
                     torn[SIDE_PAYEE].memory.transfer_key);
    free_scene(scene);
}

/* What a torn S8105A leaves of (TK 1, UK 1) that is offered (TK 3, UK 2): IDs, and whether
 * each key is the one that belongs to its ID. */
typedef struct {
    SchemeTornWrite torn_write;
    SchemeTornPair torn_pair;
    uint32_t chance;
    uint32_t transfer_id;
    uint32_t update_id;
    bool transfer_is_whole;
    bool update_is_whole;
} HalfRow;

static const HalfRow half_rows[] = {
    { TORN_WRITE_ATOMIC, TORN_PAIR_UK_FIRST, UINT32_MAX, 1, 1, true, true },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_UK_FIRST, 0, 1, 2, true, false },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_UK_FIRST, UINT32_MAX / 2, 1, 2, true, true },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_UK_FIRST, UINT32_MAX, 3, 2, false, true },
    { TORN_WRITE_KEY_FIRST, TORN_PAIR_UK_FIRST, 0, 1, 1, true, false },
    { TORN_WRITE_KEY_FIRST, TORN_PAIR_UK_FIRST, UINT32_MAX, 1, 2, false, true },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_TK_FIRST, 0, 3, 1, false, true },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_TK_FIRST, UINT32_MAX / 2, 3, 1, true, true },
    { TORN_WRITE_ID_FIRST, TORN_PAIR_TK_FIRST, UINT32_MAX, 3, 2, true, false },
};

static bool
is_whole(const World *world, KeyKind kind, KeyHandle handle)
{
    return keyring_issue(world->ring, kind, keyring_id(world->ring, handle)) == handle;
}

static void
two_keys_are_torn_between_any_fields(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(half_rows); i++) {
        const HalfRow *row = &half_rows[i];
        Purse torn[N_SIDES];
        Scene *scene =
            scene_torn_within_store("5", row->torn_write, row->torn_pair, row->chance, torn);
        const World *world = &scene->world;
        const CardMemory *card = &torn[SIDE_PAYER].memory;

        g_assert_cmpuint(keyring_id(world->ring, card->transfer_key), ==, row->transfer_id);
        g_assert_cmpuint(keyring_id(world->ring, card->update_key), ==, row->update_id);
        g_assert_true(is_whole(world, KEY_TRANSFER, card->transfer_key) == row->transfer_is_whole);
        g_assert_true(is_whole(world, KEY_UPDATE, card->update_key) == row->update_is_whole);
        free_scene(scene);
    }
}

/* A key that was written counts and stays, though its response is lost: the next time the
 * cards have equal IDs. */
static void
update_half_is_done_once(void)
{
    Answers answer = faithful();
    Scene scene;
    Tear tear;
    Purse torn[N_SIDES];
    TornCourse course;

    scene_init(&scene, "1", &pairs[1], &answer);
    tear = tear_in(&scene, TEAR_PAYER, EXCHANGE_UPDATE, SIDE_PAYER, PLACE_BACK, 0);
    memcpy(torn, scene.fresh, sizeof scene.fresh);
    course = tear_on_the_wire(&scene, &tear, torn);
    g_assert_cmpint(course.outcome, ==, OUTCOME_TORN_BEFORE_DEBIT);
    g_assert_cmpuint(course.wrote[SIDE_PAYER], ==, WROTE_TRANSFER_KEY);
    g_assert_cmpint(pay(&scene, &torn[SIDE_PAYER], &torn[SIDE_PAYEE]), ==, OUTCOME_PAID);
    g_assert_cmpuint(scene.world.course.seen.n_exchanges, ==, 8);
    scene_clear(&scene);
}

/* ---- Time -------------------------------------------------------------- */

static void
parts_add_up_to_the_duration(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(embodiments); i++)
        for (guint j = 0; j < G_N_ELEMENTS(pairs); j++)
            for (guint k = 0; k < 2; k++) {
                Scene scene;
                const Timeline *timeline = &scene.timelines[0];
                Duration whole;
                Duration sum;

                scene_init(&scene, embodiments[i], &pairs[j], &answers[k]);
                whole = duration_of(&scene.world.protocol, scene.seats, scene.terminal,
                                    &scene.courses[0]);
                g_assert_cmpint(timeline->parts[timeline->n_parts - 1].end, ==, whole.total);
                sum = timeline_until(timeline, whole.total);
                for (Phase phase = 0; phase < N_PHASES; phase++)
                    g_assert_cmpint(sum.phase[phase], ==, whole.phase[phase]);
                for (guint part = 0; part < timeline->n_parts; part++)
                    g_assert_cmpint(begin_of(timeline, part), <=, timeline->parts[part].end);
                scene_clear(&scene);
            }
}

/* A card that leaves while the other one is spoken to is missed when its turn comes. */
static void
ends_when_somebody_is_missed(void)
{
    Answers answer = faithful();
    Scene scene;
    const Timeline *timeline = &scene.timelines[0];
    Purse torn[N_SIDES];
    Tear tear;
    TornCourse course;

    scene_init(&scene, "1", &pairs[0], &answer);
    memcpy(torn, scene.fresh, sizeof scene.fresh);
    tear = tear_in(&scene, TEAR_PAYEE, S2003_PAYER, PLACE_THERE, 0);
    course = tear_on_the_wire(&scene, &tear, torn);
    g_assert_cmpint(course.duration.total, ==, timeline->begins[7]);
    memcpy(torn, scene.fresh, sizeof scene.fresh);
    tear = tear_in(&scene, TEAR_PAYER, S2003_PAYER, PLACE_THERE, 0);
    course = tear_on_the_wire(&scene, &tear, torn);
    g_assert_cmpint(course.duration.total, ==, tear.instant);
    scene_clear(&scene);
}

/* Torn before it is selected, a card has done nothing, though it has just been paid and is still
 * powered. */
static void
is_not_named_by_the_settlement_before(void)
{
    Answers answer = faithful();
    Scene scene;
    World *world = &scene.world;
    Tear tear;
    TornCourse course;
    Card *cards[N_SIDES];

    scene_init(&scene, "1", &pairs[0], &answer);
    for (Side side = 0; side < N_SIDES; side++) {
        world_insert(world, side, &scene.fresh[side]);
        cards[side] = world_card(world, side);
    }
    g_assert_true(outcome_is_paid(terminal_settle(&world->terminal, &cards[SIDE_PAYER]->reader,
                                                  &cards[SIDE_PAYEE]->reader, AMOUNT, FIXTURE_DATE,
                                                  world->now)
                                      .outcome));
    tear = (Tear){ .party = TEAR_PAYER, .instant = 0 };
    course = torn_readers_settle(&world->terminal, cards, &scene.timelines[0], &tear, AMOUNT,
                                 FIXTURE_DATE, world->now);
    g_assert_cmpint(course.outcome, ==, OUTCOME_TORN_BEFORE_DEBIT);
    for (Side side = 0; side < N_SIDES; side++) {
        g_assert_cmphex(course.wrote[side], ==, 0);
        world_remove(world, side);
    }
    scene_clear(&scene);
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    for (guint i = 0; i < G_N_ELEMENTS(embodiments); i++) {
        g_autofree char *path =
            g_strdup_printf("/tear/%s/levels-agree-at-every-moment", embodiments[i]);

        g_test_add_data_func(path, embodiments[i], levels_agree_at_every_moment);
    }
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/tear/value/%s", rows[i].name);

        g_test_add_data_func(path, &rows[i], commits_what_came_before_it);
    }
    g_test_add_func("/tear/value/presence-check-saves-who-left-before",
                    presence_check_saves_who_left_before);
    g_test_add_func("/tear/value/retry-counts-twice-under-power-on-alone",
                    retry_counts_twice_under_power_on_alone);
    for (guint i = 0; i < G_N_ELEMENTS(embodiments); i++) {
        g_autofree char *once = g_strdup_printf("/tear/log/brings-it-back-once/%s", embodiments[i]);
        g_autofree char *alone =
            g_strdup_printf("/tear/log/is-for-the-pair-alone/%s", embodiments[i]);
        g_autofree char *outlives =
            g_strdup_printf("/tear/log/outlives-another-tear/%s", embodiments[i]);

        g_test_add_data_func(once, embodiments[i], log_brings_it_back_once);
        g_test_add_data_func(alone, embodiments[i], log_is_for_the_pair_alone);
        g_test_add_data_func(outlives, embodiments[i], log_outlives_another_tear);
    }
    g_test_add_func("/tear/log/waits-for-room", log_waits_for_room);
    g_test_add_func("/tear/keys/half-key-with-new-id-spreads-to-older-cards",
                    half_key_with_new_id_spreads_to_older_cards);
    g_test_add_func("/tear/keys/half-key-with-old-id-is-repaired",
                    half_key_with_old_id_is_repaired);
    g_test_add_func("/tear/keys/two-keys-are-torn-between-any-fields",
                    two_keys_are_torn_between_any_fields);
    g_test_add_func("/tear/keys/update-half-is-done-once", update_half_is_done_once);
    g_test_add_func("/tear/outcome/is-not-named-by-the-settlement-before",
                    is_not_named_by_the_settlement_before);
    g_test_add_func("/tear/time/parts-add-up-to-the-duration", parts_add_up_to_the_duration);
    g_test_add_func("/tear/time/ends-when-somebody-is-missed", ends_when_somebody_is_missed);
    return g_test_run();
}
