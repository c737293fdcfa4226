/* Two settlements of the same two cards in one power session: the second one, whatever became of
 * the first and wherever it is cut itself, is the one that it would have been with the power off in
 * between. What belongs to one settlement does not outlive it. */
#include "tests/model/world.h"

#include <string.h>

typedef struct {
    const char *name;
    const char *embodiment;
    SuiteId suite;
    LinkProtocol link;
    SchemeRecovery recovery;
    SchemeTornWrite torn_write;
    SchemeNonceLife nonce_life;
} Row;

static const Row rows[] = {
    /* clang-format off */
    { "1/torn-log",            "1", SUITE_P256, LINK_T_CL, RECOVERY_TORN_LOG, TORN_WRITE_ATOMIC, NONCE_LIFE_ONE_USE },
    { "1/torn-log/power-on",   "1", SUITE_P256, LINK_T_CL, RECOVERY_TORN_LOG, TORN_WRITE_ATOMIC, NONCE_LIFE_POWER_ON },
    { "1/retry-in-field",      "1", SUITE_P256, LINK_T_CL, RECOVERY_RETRY_IN_FIELD, TORN_WRITE_KEY_FIRST, NONCE_LIFE_ONE_USE },
    { "2/chained/torn-log",    "2", SUITE_RSA_1024, LINK_T_0, RECOVERY_TORN_LOG, TORN_WRITE_ID_FIRST, NONCE_LIFE_ONE_USE },
    { "3/power-on",            "3", SUITE_P256, LINK_T_1, RECOVERY_NONE, TORN_WRITE_ATOMIC, NONCE_LIFE_POWER_ON },
    { "4/torn-log",            "4", SUITE_P256, LINK_T_CL, RECOVERY_TORN_LOG, TORN_WRITE_ATOMIC, NONCE_LIFE_ONE_USE },
    { "5/torn-log",            "5", SUITE_P256, LINK_T_CL, RECOVERY_TORN_LOG, TORN_WRITE_ID_FIRST, NONCE_LIFE_ONE_USE },
    { "mondex/torn-log/id-first", "mondex", SUITE_P256, LINK_T_CL, RECOVERY_TORN_LOG, TORN_WRITE_ID_FIRST, NONCE_LIFE_ONE_USE },
    { "mondex/torn-log/key-first", "mondex", SUITE_P256, LINK_T_CL, RECOVERY_TORN_LOG, TORN_WRITE_KEY_FIRST, NONCE_LIFE_ONE_USE },
    /* clang-format on */
};

#define BALANCE INT64_C(1000)
#define ALL (2 * BALANCE)
#define NEVER UINT_MAX

/**
 * First: what becomes of the settlement before
 * @is_reverse: the payee of the second one pays
 * @lost_from: the commands and responses that are lost, from this one on; the cards keep their
 * power
 */
typedef struct {
    Cents amount;
    bool is_reverse;
    guint lost_from;
} First;

/* Cut: where the second one is cut; CARD_STEP_NONE: nowhere */
typedef struct {
    Side side;
    CardStep step;
} Cut;

/* What is left of all. */
typedef struct {
    guint n_parts; /* commands and responses of the first one */
    Settlement seen;
    CardLog log[N_SIDES];
    CardMemory memory[N_SIDES]; /* after the second one */
    bool owes[N_SIDES];
    bool waits[N_SIDES];
    CardMemory in_the_end[N_SIDES]; /* when they have met once more */
} Result;

typedef struct {
    guint n;
    guint lost_from;
} Line;

static bool
lose(const Part *part, gpointer user_data)
{
    Line *line = user_data;

    (void)part;
    return line->n++ < line->lost_from;
}

static void
insert_both(World *world, Purse purses[static N_SIDES])
{
    for (Side side = 0; side < N_SIDES; side++)
        world_insert(world, side, &purses[side]);
}

static void
remove_both(World *world)
{
    for (Side side = 0; side < N_SIDES; side++)
        world_remove(world, side);
}

/* With the cards as they are in the readers. */
static Settlement
settle(World *world, bool is_reverse, Cents amount)
{
    Side payer = is_reverse ? SIDE_PAYEE : SIDE_PAYER;

    world->n_passed = 0;
    for (Side side = 0; side < N_SIDES; side++)
        world->taps[side].chain_is_open = false;
    return terminal_settle(&world->terminal, &world->taps[payer].reader,
                           &world->taps[side_other(payer)].reader, amount, FIXTURE_DATE,
                           world->now);
}

static void
set_up(World *world, Purse purses[static N_SIDES], const Row *row)
{
    Scheme scheme = fixture_scheme(row->embodiment);

    scheme.suite = row->suite;
    scheme.recovery = row->recovery;
    scheme.torn_write = row->torn_write;
    scheme.nonce_life = row->nonce_life;
    world_init(world, &scheme);
    world->links[SIDE_PAYER] = world->links[SIDE_PAYEE] = row->link;
    purses[SIDE_PAYER] = world_purse(
        world, &(PurseSpec){
                   .transfer_key = 2, .n_preloaded = 1, .preloaded = { 5 }, .balance = BALANCE });
    purses[SIDE_PAYEE] =
        world_purse(world, &(PurseSpec){ .transfer_key = 5,
                                         .update_key = row->embodiment[0] == '5' ? 2 : 1,
                                         .balance = BALANCE });
}

static void
note(Result *result, const World *world, const Purse purses[static N_SIDES])
{
    for (Side side = 0; side < N_SIDES; side++) {
        result->log[side] = world->course.log[side];
        result->memory[side] = purses[side].memory;
        result->owes[side] = purses[side].unfinished.debit.deal.key != 0;
        result->waits[side] = purses[side].unfinished.credit.deal.key != 0;
    }
}

static Result
settle_three_times(const Row *row, const First *first, const Cut *cut, bool power_goes_between)
{
    Line line = { 0, first->lost_from };
    Result result = { 0 };
    Purse purses[N_SIDES];
    World world;

    set_up(&world, purses, row);
    insert_both(&world, purses);
    world.hook = lose;
    world.hook_data = &line;
    settle(&world, first->is_reverse, first->amount);
    result.n_parts = line.n;
    world.hook = NULL;
    if (power_goes_between) {
        remove_both(&world);
        insert_both(&world, purses);
    }
    card_cut_power(world_card(&world, cut->side), &(CardCut){ .step = cut->step });
    result.seen = settle(&world, false, 100);
    remove_both(&world);
    note(&result, &world, purses);
    world_settle(&world, &purses[SIDE_PAYER], &purses[SIDE_PAYEE], 10);
    for (Side side = 0; side < N_SIDES; side++)
        result.in_the_end[side] = purses[side].memory;
    world_clear(&world);
    return result;
}

static Cents
sum_of(const CardMemory memory[static N_SIDES])
{
    return memory[SIDE_PAYER].balance + memory[SIDE_PAYEE].balance;
}

static void
assert_same(const Result *through, const Result *apart)
{
    g_assert_cmpint(through->seen.outcome, ==, apart->seen.outcome);
    g_assert_cmphex(through->seen.status, ==, apart->seen.status);
    for (Side side = 0; side < N_SIDES; side++) {
        const CardLog *log = &through->log[side];
        const CardLog *expected = &apart->log[side];

        g_assert_cmpint(log->refused, ==, expected->refused);
        g_assert_cmpint(log->refused_in_silence, ==, expected->refused_in_silence);
        g_assert_cmphex(log->wrote, ==, expected->wrote);
        g_assert_cmpint(log->committed, ==, expected->committed);
        g_assert_cmpint(log->waited, ==, expected->waited);
        g_assert_cmpint(log->restored, ==, expected->restored);
        assert_same_memory(&through->memory[side], &apart->memory[side]);
        g_assert_cmpint(through->owes[side], ==, apart->owes[side]);
        g_assert_cmpint(through->waits[side], ==, apart->waits[side]);
        assert_same_memory(&through->in_the_end[side], &apart->in_the_end[side]);
    }
}

/* Cuts the second one at every step of every card. */
static void
cut_everywhere(const Row *row, const First *first)
{
    for (Side side = 0; side < N_SIDES; side++)
        for (CardStep step = CARD_STEP_NONE; step < N_CARD_STEPS; step++) {
            const Cut cut = { side, step };
            Result apart = settle_three_times(row, first, &cut, true);
            Result through = settle_three_times(row, first, &cut, false);

            assert_same(&through, &apart);
            g_assert_cmpint(sum_of(through.memory), <=, ALL);
            g_assert_cmpint(sum_of(through.in_the_end), <=, ALL);
        }
}

static void
the_second_is_as_alone(gconstpointer data)
{
    static const First whole[] = { { 100, false, NEVER }, { 100, true, NEVER } };
    static const First refused[] = { { 5 * BALANCE, false, NEVER }, { 5 * BALANCE, true, NEVER } };
    const Cut nowhere = { SIDE_PAYER, CARD_STEP_NONE };
    const Row *row = data;
    guint n_parts;

    for (guint i = 0; i < G_N_ELEMENTS(whole); i++) {
        cut_everywhere(row, &whole[i]);
        cut_everywhere(row, &refused[i]);
    }
    n_parts = settle_three_times(row, &whole[0], &nowhere, true).n_parts;
    g_assert_cmpuint(n_parts, >=, 16);
    for (guint i = 0; i < n_parts; i += fixture_is_sanitized ? 5 : 1)
        cut_everywhere(row, &(First){ 100, i % 2 == 1, i });
}

/* A first payment as it should be, then a second one whose payer loses its power in S2104A: it was
 * not debited, so the payee, which waits, gets nothing at their next meeting. */
static void
a_debit_that_was_cut_pays_nothing_out(void)
{
    const Cut cut = { SIDE_PAYER, CARD_STEP_S2104A };
    Result result = settle_three_times(&rows[0], &(First){ 100, false, NEVER }, &cut, false);

    g_assert_cmpint(result.seen.outcome, ==, OUTCOME_TORN_AFTER_DEBIT); /* as far as it can see */
    g_assert_false(result.log[SIDE_PAYER].committed);
    g_assert_cmpint(result.memory[SIDE_PAYER].balance, ==, BALANCE - 100);
    g_assert_cmpint(result.memory[SIDE_PAYEE].balance, ==, BALANCE + 100);
    g_assert_cmpint(result.in_the_end[SIDE_PAYER].balance, ==, BALANCE - 110);
    g_assert_cmpint(result.in_the_end[SIDE_PAYEE].balance, ==, BALANCE + 110);
}

/* The other way: a credit that was cut is still waited for, and comes at the next meeting. */
static void
a_credit_that_was_cut_is_waited_for(void)
{
    const Cut cut = { SIDE_PAYEE, CARD_STEP_S2105B };
    Result result = settle_three_times(&rows[0], &(First){ 100, false, NEVER }, &cut, false);

    g_assert_true(result.waits[SIDE_PAYEE]);
    g_assert_cmpint(result.memory[SIDE_PAYER].balance, ==, BALANCE - 200);
    g_assert_cmpint(result.memory[SIDE_PAYEE].balance, ==, BALANCE + 100);
    g_assert_cmpint(result.in_the_end[SIDE_PAYER].balance, ==, BALANCE - 210);
    g_assert_cmpint(result.in_the_end[SIDE_PAYEE].balance, ==, BALANCE + 210);
}

int
main(int argc, char **argv)
{
    fixture_init(&argc, &argv);
    g_test_add_func("/power-session/torn-log/a-debit-that-was-cut-pays-nothing-out",
                    a_debit_that_was_cut_pays_nothing_out);
    g_test_add_func("/power-session/torn-log/a-credit-that-was-cut-is-waited-for",
                    a_credit_that_was_cut_is_waited_for);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path =
            g_strdup_printf("/power-session/%s/the-second-is-as-alone", rows[i].name);

        g_test_add_data_func(path, &rows[i], the_second_is_as_alone);
    }
    return g_test_run();
}
