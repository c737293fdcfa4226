/* What a plan action does to the cards, in populations so small that every number is
 * known beforehand. */
#include "sim/scenario/scenario.h"
#include "sim/world/world.h"

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

/* A column of value.csv in the sample after so many days. */
static double
book_at(const Rows *rows, guint day, Book book)
{
    g_autofree char *time = g_strdup_printf("%u,", day * 86400);

    return number_at(rows, FILE_VALUE, time, (guint)book);
}

#define BILLION 1000000000.0

/* A hundred cards with a billion each expire on day 2 and are swapped on day 3, 5 or never: a
 * sample precedes what happens then. */
static void
money_is_stranded_when_its_card_expires(void)
{
    g_autofree char *text = AND(SWAP);
#define SETTING(at, n, rule)                                                                       \
    SETS("cohort old.activity=constant 10/d", "cohort old.expiry=fixed 2d",                        \
         "plan exchange.at=" at, "plan exchange.cards=" n, "plan exchange.expiry=fixed 100d",      \
         "scheme.expired=" rule)
    g_auto(Rows) never = run_text(text, SETTING("3d", "0", "stop"));
    g_auto(Rows) some = run_text(text, SETTING("5d", "40", "stop"));
    g_auto(Rows) in_time = run_text(text, SETTING("1d", "100", "stop"));
    g_auto(Rows) allowed = run_text(text, SETTING("3d", "0", "allow-payer"));
    g_auto(Rows) equal = run_text(text, SETTING("3d", "0", "allow-equal-keys"));
#undef SETTING

    for (guint day = 0; day <= 10; day++) {
        const double expected = day <= 2 ? 0 : 100 * BILLION;

        g_assert_cmpfloat(book_at(&never, day, BOOK_STRANDED), ==, expected);
        g_assert_cmpfloat(book_at(&some, day, BOOK_STRANDED), ==, expected);
        g_assert_cmpfloat(book_at(&in_time, day, BOOK_STRANDED), ==, 0);
        g_assert_cmpfloat(book_at(&allowed, day, BOOK_STRANDED), ==, 0);
        g_assert_cmpfloat(book_at(&equal, day, BOOK_STRANDED), ==, 0);
    }
    g_assert_cmpfloat(metric(&never, "books-residual"), ==, 0);
    g_assert_cmpfloat(metric(&some, "books-residual"), ==, 0);
}

/* The day on which a run ends is no part of it. */
static void
cards_that_outlive_the_run_strand_nothing(void)
{
    g_auto(Rows) last = run_text(quiet_text, SETS("cohort old.expiry=fixed 9d"));
    g_auto(Rows) later = run_text(quiet_text, SETS("cohort old.expiry=fixed 10d"));

    g_assert_cmpfloat(book_at(&last, 9, BOOK_STRANDED), ==, 0);
    g_assert_cmpfloat(book_at(&last, 10, BOOK_STRANDED), ==, 100 * BILLION);
    g_assert_cmpfloat(book_at(&later, 10, BOOK_STRANDED), ==, 0);
}

/* What cards owe is on others: swapped on day 5 they take none of it along, and what the others
 * have was minted. Cards that owe strand nothing when they expire. */
static void
debts_that_are_lost_are_minted(void)
{
    g_autofree char *text = AND(SWAP);
#define SETTING(expiry)                                                                            \
    SETS("cohort old.activity=constant 10/d", "cohort old.balance=constant 0",                     \
         "cohort old.expiry=" expiry, "plan exchange.at=5d", "plan exchange.cards=100",            \
         "plan exchange.expiry=never", "scheme.overdraft=allow", "amount.law=constant 7")
    g_auto(Rows) swapped = run_text(text, SETTING("never"));
    g_auto(Rows) expired = run_text(text, SETTING("fixed 3d"));
#undef SETTING

    g_assert_cmpfloat(book_at(&swapped, 5, BOOK_MINTED), ==, 0);
    g_assert_cmpfloat(book_at(&swapped, 6, BOOK_MINTED), >, 100);
    g_assert_cmpfloat(book_at(&swapped, 10, BOOK_STRANDED), ==, 0);
    g_assert_cmpfloat(book_at(&expired, 3, BOOK_STRANDED), ==, 0);
    g_assert_cmpfloat(book_at(&expired, 4, BOOK_STRANDED), >, 100);
    g_assert_cmpfloat(book_at(&expired, 6, BOOK_MINTED), ==, book_at(&expired, 10, BOOK_STRANDED));
    g_assert_cmpfloat(metric(&swapped, "books-residual"), ==, 0);
    g_assert_cmpfloat(metric(&expired, "books-residual"), ==, 0);
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

/* ---- Again and again, and on a condition ------------------------------- */

static double
final_share(const Rows *rows, const char *generation)
{
    g_autofree char *name = g_strconcat("final-share,transfer,", generation, NULL);

    return metric(rows, name);
}

/* On days 2, 4, 6 and 8; day 10 is the end. */
static void
action_repeats_until_the_end(void)
{
    g_autofree char *text = AND("[plan new]\ndo = issue\nevery = 2d\ncards = 5\ncohort = late\n");
    g_auto(Rows) rows = run_text(text, SETS("cohort late.activity=constant 0/d"));
    g_auto(Rows) twice =
        run_text(text, SETS("cohort late.activity=constant 0/d", "plan new.times=2"));

    assert_sample(&rows, "172800", "2", NULL);
    assert_sample(&rows, "259200", "2", "5,0.0476190476,0.0476190476");
    assert_sample(&rows, "864000", "2", "20,0.166666667,0.166666667");
    assert_sample(&twice, "864000", "2", "10,0.0909090909,0.0909090909");
}

#define TEN_A_DAY "plan slow.rate=10/d"
#define WHEN(rate, condition)                                                                      \
    SETS("cohort late.activity=constant 0/d", "cohort late.transfer-key=3", rate,                  \
         "plan then.when=share-at-least(transfer, 2) " condition)

/* Ten cards a day get key 2: the sample of day 6 is the first with 50 of them, since one at
 * day k shows what was swapped before. */
static void
condition_is_met_at_a_sample_and_once(void)
{
    g_autofree char *text =
        AND("[plan slow]\ndo = campaign\nat = 0s\ncards = 100\ntransfer-key = 2\n"
            "[plan then]\ndo = issue\ncards = 100\ncohort = late\n");
    g_auto(Rows) equal = run_text(text, WHEN(TEN_A_DAY, ">= 50%"));
    g_auto(Rows) above = run_text(text, WHEN(TEN_A_DAY, "> 50%"));
    g_auto(Rows) never = run_text(text, WHEN(TEN_A_DAY, "> 100%"));
    g_auto(Rows) at_once = run_text(text, WHEN(TEN_A_DAY, ">= 0"));

    assert_sample(&equal, "432000", "3", NULL);
    assert_sample(&equal, "518400", "3", "100,0.5,0.5");
    assert_sample(&equal, "864000", "3", "100,0.5,0.5");
    assert_sample(&above, "518400", "3", NULL);
    assert_sample(&above, "604800", "3", "100,0.5,0.5");
    g_assert_null(find_row(&never, FILE_SUMMARY, "final-share,transfer,3,"));
    assert_sample(&at_once, "0", "3", NULL);
    assert_sample(&at_once, "86400", "3", "100,0.5,0.5");
}

/* The sample of day 1 shows 7 or 29 of 100 cards: as doubles 0.07 x 100 is above 7, 0.29 x 100
 * below 29. */
static void
condition_knows_equality(void)
{
    g_autofree char *text =
        AND("[plan slow]\ndo = campaign\nat = 0s\ncards = 100\ntransfer-key = 2\n"
            "[plan then]\ndo = issue\ncards = 100\ncohort = late\n");
    g_auto(Rows) equal = run_text(text, WHEN("plan slow.rate=7/d", ">= 7%"));
    g_auto(Rows) above = run_text(text, WHEN("plan slow.rate=29/d", "> 29%"));

    assert_sample(&equal, "86400", "2", "7,0.07,0.07");
    assert_sample(&equal, "86400", "3", NULL);
    assert_sample(&equal, "172800", "3", "100,0.5,0.5");
    assert_sample(&above, "86400", "2", "29,0.29,0.29");
    assert_sample(&above, "172800", "3", NULL);
    assert_sample(&above, "259200", "3", "100,0.5,0.5");
}
#undef WHEN

/* ---- Which cards ------------------------------------------------------- */

#define OTHERS                                                                                     \
    "[cohort others]\ncards = 50\ntransfer-key = 1\nupdate-key = 1\nactivity = constant 0/d\n"

/* All fifty of a cohort of 150 cards, so that chance has no say. */
static void
swap_draws_from_its_cohorts(void)
{
    g_autofree char *text =
        AND(OTHERS "[plan one]\ndo = swap\nat = 1d\ncards = 50\nfrom = others\ntransfer-key = 5\n"
                   "[plan two]\ndo = swap\nat = 2d\ncards = 100\nfrom = late, old\n"
                   "transfer-key = 6\n");
    g_auto(Rows) rows = run_text(text, NULL);

    assert_sample(&rows, "172800", "5", "50,0.333333333,0.333333333");
    assert_sample(&rows, "864000", "5", "50,0.333333333,1");
    assert_sample(&rows, "864000", "6", "100,0.666666667,0.666666667");
}

/* ---- Campaigns --------------------------------------------------------- */

#define ASLEEP(number) SETS("cohort old.activity=constant 1/d", "cohort old.dormant=100%", number)

/* A card each 6 h from day 1 on: four until the sample of day 2, in which the one of that moment
 * does not show. */
static void
campaign_is_spread_evenly(void)
{
    g_autofree char *text =
        AND("[plan ask]\ndo = campaign\nat = 1d\nrate = 4/d\ntransfer-key = 3\n");
    g_auto(Rows) some = run_text(text, SETS("plan ask.cards=10"));
    g_auto(Rows) share = run_text(text, SETS("plan ask.share=7%"));

    assert_sample(&some, "86400", "3", NULL);
    assert_sample(&some, "172800", "3", "4,0.04,0.04");
    assert_sample(&some, "259200", "3", "8,0.08,0.08");
    assert_sample(&some, "864000", "3", "10,0.1,0.1");
    assert_sample(&share, "864000", "3", "7,0.07,0.07");
}

/* The same bytes as with the number: 0.29 x 100 is below 29 as doubles. */
static void
share_is_rounded_to_whole_cards(void)
{
    g_autofree char *asked = AND("[plan some]\ndo = campaign\nat = 1d\nrate = 9/d\n"
                                 "transfer-key = 3\n");
    g_autofree char *woken = AND("[plan some]\ndo = wake\nat = 1d\n");
    const char *const texts[] = { asked, woken };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(Rows) share = run_text(texts[i], ASLEEP("plan some.share=29%"));
        g_auto(Rows) cards = run_text(texts[i], ASLEEP("plan some.cards=29"));
        g_auto(Rows) fewer = run_text(texts[i], ASLEEP("plan some.cards=28"));

        assert_same_rows(&share, &cards);
        g_assert_cmpstr(share.files[FILE_SUMMARY], !=, fewer.files[FILE_SUMMARY]);
    }
}

/* Whoever has been swapped on day 5 is not there any more. The 20 cards until then keep what
 * the swap gave them too. */
static void
campaign_skips_cards_that_were_replaced(void)
{
    g_autofree char *text =
        AND("[plan ask]\ndo = campaign\nat = 0s\nrate = 4/d\ncards = 100\ntransfer-key = 3\n"
            "[plan all]\ndo = swap\nat = 129h\ncards = 100\ntransfer-key = 5\n");
    g_auto(Rows) rows = run_text(text, SETS("cohort old.balance=constant 0"));

    assert_sample(&rows, "432000", "3", "20,0.2,0.2");
    assert_sample(&rows, "864000", "3", "0,0,1");
    assert_sample(&rows, "864000", "5", "100,1,1");
}

/* ---- At a rate --------------------------------------------------------- */

/* 0.1 a day from day 2 on, 2,000 cards: e^(-0.8) of them are never replaced in eight days. */
static void
replacement_is_as_rare_as_its_rate_says(void)
{
    g_autofree char *text =
        AND("[plan wear]\ndo = replace\nat = 2d\nrate = 0.1/d\ntransfer-key = 3\n");
    g_auto(Rows) rows = run_text(text, SETS("cohort old.cards=2000"));
    double expected = 1 - exp(-0.8);

    assert_sample(&rows, "172800", "3", NULL);
    g_assert_cmpfloat(fabs(final_share(&rows, "3") - expected), <,
                      4 * sqrt(expected * (1 - expected) / 2000));
}

/* 2,000 more cards from day 5 on are under the same rate; others are not. */
static void
replacement_follows_the_number_of_cards(void)
{
    g_autofree char *text = AND(
        OTHERS "[plan wear]\ndo = replace\nat = 0s\nrate = 0.1/d\nfrom = late\n"
               "transfer-key = 3\n[plan new]\ndo = issue\nat = 5d\ncards = 2000\ncohort = late\n");
    g_auto(Rows) rows = run_text(text, SETS("cohort late.activity=constant 0/d"));
    double expected = (1 - exp(-0.5)) * 2000;

    g_assert_null(find_row(&rows, FILE_PROPAGATION, "432000,transfer,3,"));
    g_assert_cmpfloat(fabs(final_share(&rows, "3") * 2150 - expected), <,
                      4 * sqrt(expected * exp(-0.5)));
}

static void
rotation_rises_each_time(void)
{
    g_autofree char *text =
        AND("[plan next]\ndo = rotate\nevery = 3d\ncards = 100\ntransfer-key = 2\n"
            "transfer-key-limit = 2\n");
    g_auto(Rows) rows = run_text(text, SETS("cohort old.balance=constant 0"));

    assert_sample(&rows, "345600", "2", "100,1,1");
    assert_sample(&rows, "604800", "3", "100,1,1");
    assert_sample(&rows, "864000", "4", "100,1,1");
    g_assert_null(find_row(&rows, FILE_PROPAGATION, "864000,transfer,5,"));
}

/* ---- Limits, recall, special cards -------------------------------------- */

/* Those issued before the change take key 9, those after it do not. */
static void
limits_concern_cards_issued_after(void)
{
    g_autofree char *text =
        AND("[cohort new]\ncards = 0\ntransfer-key = 9\nupdate-key = 1\n"
            "activity = constant 50/d\n"
            "[plan first]\ndo = issue\nat = 1d\ncards = 30\ncohort = late\n"
            "[plan less]\ndo = limits\nat = 2d\ncohort = late\ntransfer-key-limit = 4\n"
            "[plan second]\ndo = issue\nat = 3d\ncards = 50\ncohort = late\n"
            "[plan third]\ndo = issue\nat = 4d\ncards = 20\ncohort = new\n");
    g_auto(Rows) rows = run_text(text, SETS("cohort late.activity=constant 0/d"));

    assert_sample(&rows, "864000", "9", "150,0.75,0.75");
    assert_sample(&rows, "864000", "2", "50,0.25,1");
}

/* Nobody meets; one half cannot take the key, the other comes in at the rate. */
static void
recall_writes_what_a_card_can_take(void)
{
    g_autofree char *text =
        AND("[cohort limited]\ncards = 2000\ntransfer-key = 1\nupdate-key = 1\n"
            "transfer-key-limit = 2\nactivity = constant 0/d\n"
            "[plan home]\ndo = recall\nat = 2d\nrate = 0.1/d\ntransfer-key = 3\n");
    g_auto(Rows) rows = run_text(text, SETS("cohort old.cards=2000"));
    g_auto(Rows) freely =
        run_text(text, SETS("cohort old.cards=2000", "scheme.embodiment=conventional"));
    double expected = 1 - exp(-0.8);

    assert_sample(&rows, "172800", "3", NULL);
    g_assert_cmpfloat(fabs(2 * final_share(&rows, "3") - expected), <,
                      4 * sqrt(expected * (1 - expected) / 2000));
    g_assert_cmpfloat(fabs(final_share(&freely, "3") - expected), <,
                      4 * sqrt(expected * (1 - expected) / 4000));
    g_assert_cmpfloat(metric(&rows, "meetings"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "updates-symmetric"), ==, 0);
}

/* 200 of 300 cards can be updated; two terminals see 100 cards a day each, for five days. */
static void
special_cards_update_by_the_rules(void)
{
    g_autofree char *text =
        AND("[cohort limited]\ncards = 100\ntransfer-key = 1\nupdate-key = 1\n"
            "transfer-key-limit = 2\nactivity = constant 0/d\n"
            "[cohort island]\ncards = 100\ntransfer-key = 1\nupdate-key = 2\n"
            "activity = constant 0/d\n[terminals desk]\ncount = 2\n"
            "[plan sites]\ndo = special\nat = 5d\nrate = 100/d\nterminals = desk\n"
            "transfer-key = 3\nupdate-key = 2\n");
    g_auto(Rows) common = run_text(text, SETS("scheme.embodiment=1"));
    g_auto(Rows) mixed = run_text(text, SETS("scheme.embodiment=3"));
    double seen = 1 - exp(-1000.0 / 300);

    assert_sample(&common, "432000", "3", NULL);
    g_assert_cmpfloat(fabs(final_share(&common, "3") * 300 - 100 * seen), <, 10);
    g_assert_cmpfloat(fabs(final_share(&mixed, "3") * 300 - 200 * seen), <, 14);
    g_assert_cmpfloat(metric(&mixed, "meetings"), ==, 0);
    g_assert_cmpfloat(metric(&mixed, "books-residual"), ==, 0);
}

static void
add_other_actions(void)
{
    g_test_add_func("/replication/plan/repeats-until-the-end", action_repeats_until_the_end);
    g_test_add_func("/replication/plan/condition-is-met-at-a-sample-and-once",
                    condition_is_met_at_a_sample_and_once);
    g_test_add_func("/replication/when/knows-equality", condition_knows_equality);
    g_test_add_func("/replication/swap/draws-from-its-cohorts", swap_draws_from_its_cohorts);
    g_test_add_func("/replication/campaign/is-spread-evenly", campaign_is_spread_evenly);
    g_test_add_func("/replication/share/is-rounded-to-whole-cards",
                    share_is_rounded_to_whole_cards);
    g_test_add_func("/replication/campaign/skips-cards-that-were-replaced",
                    campaign_skips_cards_that_were_replaced);
    g_test_add_func("/replication/replace/is-as-rare-as-its-rate-says",
                    replacement_is_as_rare_as_its_rate_says);
    g_test_add_func("/replication/replace/follows-the-number-of-cards",
                    replacement_follows_the_number_of_cards);
    g_test_add_func("/replication/rotate/rises-each-time", rotation_rises_each_time);
    g_test_add_func("/replication/limits/concern-cards-issued-after",
                    limits_concern_cards_issued_after);
    g_test_add_func("/replication/recall/writes-what-a-card-can-take",
                    recall_writes_what_a_card_can_take);
    g_test_add_func("/replication/special/updates-by-the-rules", special_cards_update_by_the_rules);
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
    g_test_add_func("/replication/books/money-is-stranded-when-its-card-expires",
                    money_is_stranded_when_its_card_expires);
    g_test_add_func("/replication/books/cards-that-outlive-the-run-strand-nothing",
                    cards_that_outlive_the_run_strand_nothing);
    g_test_add_func("/replication/books/debts-that-are-lost-are-minted",
                    debts_that_are_lost_are_minted);
    g_test_add_func("/replication/swap/term-of-the-new-card-counts-from-it",
                    term_of_the_new_card_counts_from_the_swap);
    g_test_add_func("/replication/swap/newer-old-card-updates-its-successor",
                    newer_old_card_updates_its_successor);
    g_test_add_func("/replication/swap/busy-card-is-swapped-when-it-is-free",
                    busy_card_is_swapped_when_it_is_free);
}

/* ---- More than can be numbered ------------------------------------------ */

/* Key 3 has no room any more when the plan brings it, on day 3. */
static void
full_ring_ends_the_replication_by_name(void)
{
    g_autofree char *text = AND("[plan s]\ndo = swap\nat = 3d\ncards = 5\ntransfer-key = 3\n");
    g_autoptr(Scenario) scenario = parse(text, NULL);
    Replication *replication = replication_new(scenario, 4);
    uint8_t key[KEYRING_KEY_BYTES] = { 0 };

    for (uint32_t i = 0; i < KEYRING_PAIRS_MAX; i++) {
        memcpy(key, &i, sizeof i);
        keyring_adopt(replication_world(replication)->ring, KEY_TRANSFER, 1000 + i, key);
    }
    replication_world(replication)->ring->is_overfull = false; /* so far nobody needed more */
    while (sim_engine_step(replication_engine(replication)))
        continue;
    {
        g_auto(ReplicationResult) result = replication_finish(replication);

        g_assert_error(result.failure, REPLICATION_ERROR, REPLICATION_ERROR_OVERFULL);
        g_assert_cmpstr(result.failure->message, ==,
                        "test.ini: replication 4: more than 65535 different keys, with those that "
                        "torn writes and attackers leave, after 3d");
    }
}

static void
full_population_ends_the_replication_by_name(void)
{
    g_autofree char *text = AND(ISSUE);
    g_autoptr(Scenario) scenario = parse(text, NULL);
    Replication *replication = replication_new(scenario, 1);
    Population *population = replication_world(replication)->population;

    while (population->entries->len < POPULATION_ENTRIES_MAX)
        population_add_entry(population, population_entry(population, 0));
    while (sim_engine_step(replication_engine(replication)))
        continue;
    {
        g_auto(ReplicationResult) result = replication_finish(replication);

        g_assert_error(result.failure, REPLICATION_ERROR, REPLICATION_ERROR_OVERFULL);
        g_assert_cmpstr(result.failure->message, ==,
                        "test.ini: replication 1: more than 65535 kinds of cards after 3d");
    }
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
    add_other_actions();
    g_test_add_func("/replication/overfull/full-ring-ends-it-by-name",
                    full_ring_ends_the_replication_by_name);
    g_test_add_func("/replication/overfull/full-population-ends-it-by-name",
                    full_population_ends_the_replication_by_name);
    return g_test_run();
}
