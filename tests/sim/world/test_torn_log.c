/* What comes back of the value that tears destroy (recovery = torn-log), at both levels. */
#include "tests/sim/replicated.h"

#include <sodium.h>

#define AMOUNT 10

static const char text[] = "[scenario]\n"
                           "name = torn\n"
                           "duration = 100d\n"
                           "sample-interval = 100d\n"
                           "[scheme]\n"
                           "embodiment = 1\n"
                           "[cohort a]\n"
                           "cards = 2\n"
                           "transfer-key = 1\n"
                           "update-key = 1\n"
                           "activity = constant 10/d\n"
                           "[amount]\n"
                           "law = constant 10\n"
                           "[faults]\n"
                           "torn = 30%\n"
                           "recovery = torn-log\n";

static const char *const levels[] = { "scenario.fidelity=apdu", "scenario.fidelity=decision" };

/* What was debited and not credited at once. */
static double
torn_value(const Rows *rows)
{
    return AMOUNT * number_at(rows, FILE_OUTCOMES, "8640000,torn-after-debit,", 0);
}

/* Two cards always meet each other again: at most the last tear is not made good. */
static void
two_cards_lose_nothing(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
        g_auto(Rows) none = run_text(text, SETS(levels[i], "faults.recovery=none"));
        g_auto(Rows) log = run_text(text, SETS(levels[i]));

        g_assert_cmpfloat(torn_value(&none), >, 50 * AMOUNT);
        g_assert_cmpfloat(metric(&none, "value-destroyed"), ==, torn_value(&none));
        g_assert_cmpfloat(torn_value(&log), >, 50 * AMOUNT);
        g_assert_true(metric(&log, "value-destroyed") == 0 ||
                      metric(&log, "value-destroyed") == AMOUNT);
        g_assert_cmpfloat(metric(&log, "books-residual"), ==, 0);
    }
}

/* It comes back if the pair meets, 2 r / (n - 1), before the payer pays or the payee is paid by
 * somebody else, 2 r (n - 2) / (n - 1): one time in n - 1. */
static void
more_cards_rarely_meet_again(void)
{
    static const struct {
        const char *cards;
        double share;
    } rows[] = { { "cohort a.cards=3", 0.5 },
                 { "cohort a.cards=5", 0.25 },
                 { "cohort a.cards=11", 0.1 } };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Rows) rows_there = run_text(
            text, SETS(rows[i].cards, "cohort a.activity=constant 150/d", "faults.torn=5%"));
        double n = torn_value(&rows_there) / AMOUNT;
        double back = 1 - metric(&rows_there, "value-destroyed") / torn_value(&rows_there);

        g_assert_cmpfloat(n, >, 300);
        g_assert_cmpfloat(fabs(back - rows[i].share), <,
                          4 * sqrt(rows[i].share * (1 - rows[i].share) / n));
    }
}

/* A card that takes another's place waits for nothing. */
static void
new_cards_have_nothing_to_finish(void)
{
    g_autofree char *swaps =
        g_strconcat(text, "[plan swaps]\ndo = swap\nevery = 6h\ncards = 1\n", NULL);
    g_auto(Rows) wire = run_text(swaps, SETS(levels[0]));
    g_auto(Rows) decision = run_text(swaps, SETS(levels[1]));

    assert_same_rows(&wire, &decision);
    g_assert_cmpfloat(metric(&wire, "value-destroyed"), >, 5 * AMOUNT);
    g_assert_cmpfloat(metric(&wire, "value-destroyed"), <, torn_value(&wire));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    g_test_add_func("/torn-log/two-cards-lose-nothing", two_cards_lose_nothing);
    g_test_add_func("/torn-log/more-cards-rarely-meet-again", more_cards_rarely_meet_again);
    g_test_add_func("/torn-log/new-cards-have-nothing-to-finish", new_cards_have_nothing_to_finish);
    return g_test_run();
}
