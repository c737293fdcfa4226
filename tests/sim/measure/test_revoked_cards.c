/* Settlements of revoked cards, by the interval in which they start. */
#include "sim/measure/revoked_cards.h"

#include "sim/measure/metrics.h"

#include "tests/sim/written.h"

#define DAY MICROS_PER_DAY

/* Four days and a half, looked at every other day. */
static RevokedCards *
make_revoked_cards(void)
{
    return revoked_cards_new(9 * DAY / 2, 2 * DAY);
}

/* Ends the run and compares what is written below the names of the columns. */
static void
assert_rows_at_end(RevokedCards *revoked, Micros end, GArray *metrics, const char *expected)
{
    const RunId id = { "s", 0, 1 };
    g_autofree char *whole = g_strconcat(REVOKED_CARDS_COLUMNS "\n", expected, NULL);
    g_autofree char *rows = NULL;
    Written written;

    revoked_cards_close(revoked, end, metrics);
    written_init_one(&written, REVOKED_CARDS_COLUMNS);
    revoked_cards_write(revoked, &id, written.tables[0]);
    rows = written_finish_one(&written);
    g_assert_cmpstr(rows, ==, whole);
}

static void
assert_total(const GArray *metrics, guint i, const char *name, int64_t expected)
{
    const Metric *metric = &g_array_index(metrics, Metric, i);

    g_assert_cmpuint(metrics->len, >, i);
    g_assert_cmpstr(metric->name, ==, name);
    g_assert_true(metric->is_integer);
    g_assert_cmpint(metric->integer, ==, expected);
}

static void
settlement_counts_in_the_interval_of_its_start(void)
{
    g_autoptr(RevokedCards) revoked = make_revoked_cards();
    g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(Metric));

    revoked_cards_cards(revoked, DAY, 3);
    revoked_cards_settled(revoked, 2 * DAY - 1, OUTCOME_PAID);
    revoked_cards_settled(revoked, 2 * DAY, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE);
    revoked_cards_settled(revoked, 3 * DAY, OUTCOME_REFUSED_REVOKED);
    revoked_cards_settled(revoked, 4 * DAY, OUTCOME_REFUSED_EXPIRED);
    assert_rows_at_end(revoked, 9 * DAY / 2, metrics,
                       "s,0,1,172800,3,1,1,0\n"
                       "s,0,1,345600,3,2,1,1\n"
                       "s,0,1,388800,3,1,0,0\n");
    assert_total(metrics, 0, "revoked-settlements", 4);
    assert_total(metrics, 1, "revoked-accepted", 2);
}

/* Nobody was revoked before; who is replaced is in circulation no more. */
static void
rows_begin_with_the_first_revocation(void)
{
    g_autoptr(RevokedCards) revoked = make_revoked_cards();
    g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(Metric));

    revoked_cards_cards(revoked, 2 * DAY, 5);
    revoked_cards_cards(revoked, 4 * DAY - 1, 2);
    revoked_cards_cards(revoked, 4 * DAY, -1);
    assert_rows_at_end(revoked, 9 * DAY / 2, metrics,
                       "s,0,1,345600,7,0,0,0\n"
                       "s,0,1,388800,6,0,0,0\n");
}

static void
run_that_ends_earlier_has_fewer_rows(void)
{
    g_autoptr(RevokedCards) revoked = make_revoked_cards();
    g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(Metric));

    revoked_cards_cards(revoked, 0, 1);
    revoked_cards_settled(revoked, 5 * DAY / 2, OUTCOME_PAID);
    assert_rows_at_end(revoked, 3 * DAY, metrics,
                       "s,0,1,172800,1,0,0,0\n"
                       "s,0,1,259200,1,1,1,0\n");
    assert_total(metrics, 0, "revoked-settlements", 1);
}

static void
nobody_revoked_leaves_no_row(void)
{
    g_autoptr(RevokedCards) revoked = make_revoked_cards();
    g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(Metric));

    assert_rows_at_end(revoked, 9 * DAY / 2, metrics, "");
    assert_total(metrics, 0, "revoked-settlements", 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/revoked-cards/settled/counts-in-the-interval-of-its-start",
                    settlement_counts_in_the_interval_of_its_start);
    g_test_add_func("/revoked-cards/cards/rows-begin-with-the-first-revocation",
                    rows_begin_with_the_first_revocation);
    g_test_add_func("/revoked-cards/close/run-that-ends-earlier-has-fewer-rows",
                    run_that_ends_earlier_has_fewer_rows);
    g_test_add_func("/revoked-cards/close/nobody-revoked-leaves-no-row",
                    nobody_revoked_leaves_no_row);
    return g_test_run();
}
