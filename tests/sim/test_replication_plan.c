/* What a plan action does to the cards, in populations so small that every number is
 * known beforehand. */
#include "tests/sim/replicated.h"

#include <sodium.h>

/* A hundred cards that nobody uses. */
static const char quiet_text[] = "[scenario]\n"
                                 "name = quiet\n"
                                 "duration = 10d\n"
                                 "[scheme]\n"
                                 "embodiment = 1\n"
                                 "[cohort old]\n"
                                 "cards = 100\n"
                                 "transfer-key = 1\n"
                                 "update-key = 1\n"
                                 "activity = constant 0/d\n"
                                 "[cohort late]\n"
                                 "cards = 0\n"
                                 "transfer-key = 2\n"
                                 "update-key = 1\n"
                                 "activity = constant 50/d\n";

#define AND(more) g_strconcat(quiet_text, more, NULL)

/* Cards, share and share-at-least of a generation in the sample at @time. */
static void
assert_sample(const Rows *rows, const char *time, const char *generation, const char *expected)
{
    g_autofree char *key = g_strconcat(time, ",transfer,", generation, ",", NULL);
    g_autofree char *row = find_row(rows, FILE_PROPAGATION, key);

    g_assert_cmpstr(row, ==, expected);
}

/* ---- Issue ------------------------------------------------------------- */

#define ISSUE "[plan new]\ndo = issue\nat = 3d\ncards = 25\ncohort = late\n"

static void
issued_cards_appear_at_their_time(void)
{
    g_autofree char *text = AND(ISSUE);
    g_auto(Rows) rows = run_text(text, SETS("cohort late.activity=constant 0/d"));

    assert_sample(&rows, "259200", "1", "100,1,1"); /* a sample precedes what happens then */
    assert_sample(&rows, "259200", "2", NULL);
    assert_sample(&rows, "345600", "1", "100,0.8,1");
    assert_sample(&rows, "345600", "2", "25,0.2,0.2");
    assert_sample(&rows, "864000", "2", "25,0.2,0.2");
    g_assert_cmpfloat(metric(&rows, "time-to-share,transfer,2,0.1"), ==, 0);
    g_assert_true(isnan(metric(&rows, "time-to-share,transfer,2,0.5")));
    g_assert_cmpfloat(metric(&rows, "final-share,transfer,2"), ==, 0.2);
    g_assert_cmpfloat(metric(&rows, "meetings"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "books-residual"), ==, 0);
}

/* Nobody paid before; 25 cards pay 50 times a day from day 3 on. */
static void
issued_cards_raise_the_rate(void)
{
    g_autofree char *text = AND(ISSUE);
    g_auto(Rows) rows = run_text(text, NULL);
    double expected = 25 * 50 * 7;

    g_assert_null(find_row(&rows, FILE_OUTCOMES, "86400,"));
    g_assert_null(find_row(&rows, FILE_OUTCOMES, "259200,"));
    g_assert_cmpfloat(fabs(metric(&rows, "meetings") - expected), <, 5 * sqrt(expected));
    g_assert_cmpfloat(number_at(&rows, FILE_OUTCOMES, "864000,paid,", 0), >, 1000);
    g_assert_cmpfloat(metric(&rows, "updates-symmetric"), ==, 100);
}

/* Twice as many of the same: twice the meetings a day. */
static void
issued_cards_add_to_those_in_use(void)
{
    g_autofree char *text = AND(ISSUE);
    g_auto(Rows) rows = run_text(
        text, SETS("cohort late.cards=25", "plan new.at=5d", "scenario.sample-interval=5d"));
    double before = number_at(&rows, FILE_OUTCOMES, "432000,paid,", 0) +
                    number_at(&rows, FILE_OUTCOMES, "432000,paid-after-symmetric-update,", 0);

    g_assert_cmpfloat(fabs(before - 6250), <, 5 * sqrt(6250));
    g_assert_cmpfloat(fabs(number_at(&rows, FILE_OUTCOMES, "864000,paid,", 0) - 12500), <,
                      5 * sqrt(12500));
}

static void
issue_at_time_zero_is_not_in_the_first_sample(void)
{
    g_autofree char *text = AND(ISSUE);
    g_auto(Rows) rows = run_text(text, SETS("plan new.at=0s", "cohort late.activity=constant 0/d"));

    assert_sample(&rows, "0", "1", "100,1,1");
    assert_sample(&rows, "0", "2", NULL);
    assert_sample(&rows, "86400", "2", "25,0.2,0.2");
    g_assert_cmpfloat(metric(&rows, "ties"), ==, 0);
}

/* The cohort's law draws the money of the new cards, which the books count as loaded. */
static void
issued_cards_bring_their_money(void)
{
    g_autofree char *text = AND(ISSUE);
    g_auto(Rows) rows =
        run_text(text, SETS("cohort old.balance=constant 0", "cohort late.balance=constant 3"));

    /* 75 minor units in circulation: who has none is refused */
    g_assert_cmpfloat(metric(&rows, "books-residual"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "value-paid"), >=, 75);
    g_assert_cmpfloat(number_at(&rows, FILE_OUTCOMES, "864000,refused-balance,", 0), >, 0);
}

/* ---- Swap -------------------------------------------------------------- */

#define SWAP "[plan exchange]\ndo = swap\nat = 3d\ncards = 37\ntransfer-key = 3\n"

static void
swap_changes_as_many_cards_as_it_says(gconstpointer data)
{
    const char *n = data;
    g_autofree char *text = AND(SWAP);
    g_autofree char *cards = g_strconcat("plan exchange.cards=", n, NULL);
    double share = g_ascii_strtod(n, NULL) / 100;

    for (guint seed = 1; seed <= 5; seed++) {
        g_autofree char *seeded = g_strdup_printf("scenario.seed=%u", seed);
        g_auto(Rows) rows = run_text(text, SETS(cards, seeded));

        g_assert_cmpfloat(number_at(&rows, FILE_PROPAGATION, "345600,transfer,3,", 0), ==,
                          100 * share);
        g_assert_cmpfloat(metric(&rows, "final-share,transfer,3"), ==, share);
        g_assert_cmpfloat(metric(&rows, "books-residual"), ==, 0);
    }
}

/* It shows in the sample after it, is no meeting and no update. */
static void
swap_is_no_meeting(void)
{
    g_autofree char *text = AND(SWAP);
    g_auto(Rows) rows = run_text(text, NULL);

    assert_sample(&rows, "259200", "3", NULL);
    assert_sample(&rows, "345600", "1", "63,0.63,1");
    assert_sample(&rows, "345600", "3", "37,0.37,0.37");
    g_assert_cmpstr(rows.files[FILE_OUTCOMES], ==,
                    "scenario,point,replication,time_s,outcome,count\n");
    g_assert_cmpstr(strchr(rows.files[FILE_LATENCY], '\n'), ==, "\n");
    g_assert_cmpfloat(metric(&rows, "meetings"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "updates-symmetric"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "value-paid"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "till-seconds-added"), ==, 0);
}

static void
limit_of_the_new_card_acts(void)
{
    g_autofree char *text = AND("[plan exchange]\n"
                                "do = swap\n"
                                "at = 1d\n"
                                "cards = 100\n"
                                "transfer-key = 2\n"
                                "[plan new]\n"
                                "do = issue\n"
                                "at = 2d\n"
                                "cards = 25\n"
                                "cohort = late\n");
    g_auto(Rows) unlimited = run_text(text, SETS("cohort late.transfer-key=3"));
    g_auto(Rows) limited =
        run_text(text, SETS("cohort late.transfer-key=3", "plan exchange.transfer-key-limit=2"));

    g_assert_cmpfloat(metric(&unlimited, "final-share,transfer,3"), ==, 1);
    g_assert_cmpfloat(metric(&unlimited, "refused"), ==, 0);
    g_assert_cmpfloat(metric(&limited, "final-share,transfer,3"), ==, 0.2);
    g_assert_cmpfloat(metric(&limited, "final-share,transfer,2"), ==, 1);
    g_assert_cmpfloat(metric(&limited, "updates-symmetric"), ==, 0);
    g_assert_cmpfloat(number_at(&limited, FILE_OUTCOMES, "864000,refused-limit,", 0), >, 500);
}

static void
chip_of_the_new_card_acts(void)
{
    g_autofree char *text = AND(SWAP);
    const char *const *slow = SETS("cohort old.activity=constant 5/d", "plan exchange.cards=100",
                                   "plan exchange.chip=jcop-2.4.1");
    g_auto(Rows) rows = run_text(text, slow);
    double least = number_at(&rows, FILE_LATENCY, "none,total,", 3);
    double most = number_at(&rows, FILE_LATENCY, "none,total,", 7);

    g_assert_cmpfloat(most, >, least);
}

/* Two purses of ten; each payment takes all. Who is swapped can still pay. */
static void
value_moves_to_the_new_card(void)
{
    g_autofree char *text = AND(SWAP);
    const char *const *sets =
        SETS("cohort old.cards=2", "cohort old.activity=constant 100/d", "plan exchange.cards=2",
             "cohort old.balance=constant 1000000", "amount.law=constant 1");
    g_auto(Rows) rows = run_text(text, sets);

    g_assert_cmpfloat(metric(&rows, "refused"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "value-paid"), ==, metric(&rows, "meetings"));
    g_assert_cmpfloat(metric(&rows, "books-residual"), ==, 0);
}

/* The old cards expire on day 2. Swapped on day 1 they hand over their money; on day 3,
 * with expired = stop, they cannot, and with allow-payer they can. */
static void
value_of_an_expired_card_is_stranded(void)
{
    g_autofree char *text = AND(SWAP);
#define SETTING(at, rule)                                                                          \
    SETS("cohort old.activity=constant 10/d", "cohort old.expiry=fixed 2d",                        \
         "plan exchange.cards=100", "plan exchange.expiry=fixed 100d", "plan exchange.at=" at,     \
         "scheme.expired=" rule)
    g_auto(Rows) in_time = run_text(text, SETTING("1d", "stop"));
    g_auto(Rows) too_late = run_text(text, SETTING("3d", "stop"));
    g_auto(Rows) allowed = run_text(text, SETTING("3d", "allow-payer"));
#undef SETTING

    g_assert_cmpfloat(metric(&in_time, "refused"), ==, 0);
    g_assert_cmpfloat(metric(&in_time, "final-share,transfer,3"), ==, 1);

    assert_sample(&too_late, "345600", "3", "100,1,1");
    g_assert_cmpfloat(number_at(&too_late, FILE_OUTCOMES, "259200,refused-expired,", 0), >, 500);
    g_assert_null(find_row(&too_late, FILE_OUTCOMES, "345600,refused-expired,"));
    g_assert_cmpfloat(number_at(&too_late, FILE_OUTCOMES, "345600,refused-balance,", 0), >, 500);
    g_assert_null(find_row(&too_late, FILE_OUTCOMES, "345600,paid,"));
    g_assert_cmpfloat(metric(&too_late, "books-residual"), ==, 0);

    g_assert_null(find_row(&allowed, FILE_OUTCOMES, "345600,refused-balance,"));
    g_assert_cmpfloat(number_at(&allowed, FILE_OUTCOMES, "345600,paid,", 0), >, 500);
}

/* The last valid instant of `fixed 4d` from day 3 on is one microsecond before day 7. */
static void
term_of_the_new_card_counts_from_the_swap(void)
{
    g_autofree char *text = AND(SWAP);
    g_auto(Rows) rows =
        run_text(text, SETS("cohort old.activity=constant 10/d", "plan exchange.cards=100",
                            "plan exchange.expiry=fixed 4d"));

    g_assert_null(find_row(&rows, FILE_OUTCOMES, "604800,refused-expired,"));
    g_assert_cmpfloat(number_at(&rows, FILE_OUTCOMES, "604800,paid,", 0), >, 500);
    g_assert_null(find_row(&rows, FILE_OUTCOMES, "691200,paid,"));
    g_assert_cmpfloat(number_at(&rows, FILE_OUTCOMES, "691200,refused-expired,", 0), >, 500);
}

/* A swap never takes a key back: the old card, which is newer, updates its successor. */
static void
newer_old_card_updates_its_successor(void)
{
    g_autofree char *text = AND("[plan back]\ndo = swap\nat = 5d\ncards = 100\ntransfer-key = 1\n");
    g_auto(Rows) rows = run_text(text, SETS("cohort old.transfer-key=2"));
    g_auto(Rows) broke =
        run_text(text, SETS("cohort old.transfer-key=2", "cohort old.balance=constant 0"));

    g_assert_cmpfloat(metric(&rows, "final-share,transfer,2"), ==, 1);
    /* nothing to hand over, no settlement, no update */
    g_assert_cmpfloat(metric(&broke, "final-share,transfer,2"), ==, 0);
}

/* Two cards that are nearly always in a settlement: the swap waits for its end, to the tick. */
static void
busy_card_is_swapped_when_it_is_free(void)
{
    static const char text[] = "[scenario]\n"
                               "duration = 10s\n"
                               "sample-interval = 10ms\n"
                               "[scheme]\n"
                               "embodiment = 1\n"
                               "[cohort two]\n"
                               "cards = 2\n"
                               "transfer-key = 1\n"
                               "update-key = 1\n"
                               "activity = constant 40000/h\n"
                               "[plan exchange]\n"
                               "do = swap\n"
                               "at = 5s\n"
                               "cards = 2\n"
                               "transfer-key = 2\n";
    Micros tick = INT64_C(1) << 14;
    bool was_put_off = false;

    for (guint seed = 1; seed <= 10; seed++) {
        g_autofree char *seeded = g_strdup_printf("scenario.seed=%u", seed);
        g_autoptr(Scenario) scenario = parse(text, SETS(seeded));
        g_autoptr(Replication) replication = replication_new(scenario, 1);
        const Recorder *recorder = replication_recorder(replication);
        SimEngine *engine = replication_engine(replication);

        while (recorder_time_to_share(recorder, KEY_TRANSFER, 2, 5) < 0)
            g_assert_true(sim_engine_step(engine));
        g_assert_cmpint(sim_engine_now(engine), >=, 5 * MICROS_PER_SECOND);
        if (sim_engine_now(engine) > 5 * MICROS_PER_SECOND) {
            was_put_off = true;
            g_assert_cmpint(sim_engine_now(engine) % tick, ==, 0);
            g_assert_cmpint(sim_engine_now(engine), <, 5 * MICROS_PER_SECOND + 300000);
        }
        /* both were in the same settlement */
        g_assert_cmpint(recorder_time_to_share(recorder, KEY_TRANSFER, 2, 0), ==, 0);
        g_assert_cmpint(recorder_time_to_share(recorder, KEY_TRANSFER, 2, 5), ==, 0);
    }
    g_assert_true(was_put_off);
}

static void
add_swaps(void)
{
    static const char *const numbers[] = { "1", "37", "99", "100" };

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *name =
            g_strdup_printf("/replication/swap/of-%s-changes-%s-cards", numbers[i], numbers[i]);

        g_test_add_data_func(name, numbers[i], swap_changes_as_many_cards_as_it_says);
    }
    g_test_add_func("/replication/swap/is-no-meeting", swap_is_no_meeting);
    g_test_add_func("/replication/swap/limit-of-the-new-card-acts", limit_of_the_new_card_acts);
    g_test_add_func("/replication/swap/chip-of-the-new-card-acts", chip_of_the_new_card_acts);
    g_test_add_func("/replication/swap/value-moves-to-the-new-card", value_moves_to_the_new_card);
    g_test_add_func("/replication/swap/value-of-an-expired-card-is-stranded",
                    value_of_an_expired_card_is_stranded);
    g_test_add_func("/replication/swap/term-of-the-new-card-counts-from-it",
                    term_of_the_new_card_counts_from_the_swap);
    g_test_add_func("/replication/swap/newer-old-card-updates-its-successor",
                    newer_old_card_updates_its_successor);
    g_test_add_func("/replication/swap/busy-card-is-swapped-when-it-is-free",
                    busy_card_is_swapped_when_it_is_free);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/replication/issue/cards-appear-at-their-time",
                    issued_cards_appear_at_their_time);
    g_test_add_func("/replication/issue/cards-raise-the-rate", issued_cards_raise_the_rate);
    g_test_add_func("/replication/issue/cards-add-to-those-in-use",
                    issued_cards_add_to_those_in_use);
    g_test_add_func("/replication/issue/at-time-zero-is-not-in-the-first-sample",
                    issue_at_time_zero_is_not_in_the_first_sample);
    g_test_add_func("/replication/issue/cards-bring-their-money", issued_cards_bring_their_money);
    add_swaps();
    return g_test_run();
}
