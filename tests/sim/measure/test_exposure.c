/* Cards on leaked keys: so few that every card-day is known beforehand. */
#include "sim/measure/exposure.h"

#include "tests/sim/written.h"

#include <math.h>
#include <sodium.h>

#define DAY MICROS_PER_DAY
#define SAMPLE (4 * DAY)
#define END (10 * DAY)

/* What a replication tells recorder and exposure. */
typedef struct {
    GArray *ids[N_KEY_KINDS];
    Recorder *recorder;
    Exposure *exposure;
    GArray *metrics;
} Case;

static void
enter(Case *test, Micros at, uint64_t n, uint32_t id)
{
    recorder_cards_enter(test->recorder, at, n, id, 1);
    exposure_cards_enter(test->exposure, at, n, id, 1);
}

static void
move(Case *test, Micros now, Micros at, uint32_t from, uint32_t to)
{
    recorder_key_changes(test->recorder, now, at, KEY_TRANSFER, from, to);
    exposure_key_changes(test->exposure, now, at, KEY_TRANSFER, from, to);
}

static void
leak(Case *test, const char *name, uint32_t id, Micros now)
{
    exposure_leak(test->exposure, name, KEY_TRANSFER, id, now);
}

static void
begin_counting(Case *test, uint64_t n_old, uint64_t n_new, ExposureCount count, gpointer data)
{
    const guint32 numbers[] = { 1, 2, 3 };

    for (KeyKind kind = 0; kind < N_KEY_KINDS; kind++)
        test->ids[kind] = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_array_append_vals(test->ids[KEY_TRANSFER], numbers, 3);
    g_array_append_vals(test->ids[KEY_UPDATE], numbers, 1);
    test->metrics = g_array_new(FALSE, FALSE, sizeof(Metric));
    test->recorder = recorder_new(END, SAMPLE, test->ids, true);
    test->exposure = exposure_new(END, SAMPLE, test->recorder, count, data);
    enter(test, RECORDER_FROM_THE_START, n_old, 1);
    enter(test, RECORDER_FROM_THE_START, n_new, 2);
    recorder_settle_shares(test->recorder, 0);
}

static void
begin(Case *test, uint64_t n_old, uint64_t n_new)
{
    begin_counting(test, n_old, n_new, NULL, NULL);
}

static void
close_at(Case *test, Micros end)
{
    exposure_close(test->exposure, test->ids[KEY_TRANSFER], end, test->metrics);
}

static void
clear(Case *test)
{
    g_array_unref(test->metrics);
    exposure_free(test->exposure);
    recorder_free(test->recorder);
    for (KeyKind kind = 0; kind < N_KEY_KINDS; kind++)
        g_array_unref(test->ids[kind]);
}

static void
assert_rows(const Case *test, const char *expected)
{
    const RunId id = { "s", 0, 1 };
    Written written;
    g_autofree char *rows = NULL;

    written_init_one(&written, EXPOSURE_COLUMNS);
    exposure_write(test->exposure, &id, written.tables[0]);
    rows = written_finish_one(&written);
    g_assert_true(g_str_has_prefix(rows, EXPOSURE_COLUMNS "\n"));
    g_assert_cmpstr(rows + strlen(EXPOSURE_COLUMNS "\n"), ==, expected);
}

/* NAN: it is reported, and was not reached. */
static void
assert_metric(const Case *test, const char *name, uint32_t id, int share, double expected)
{
    for (guint i = 0; i < test->metrics->len; i++) {
        const Metric *metric = &g_array_index(test->metrics, Metric, i);

        if (strcmp(metric->name, name) != 0 || metric->generation != id || metric->share != share)
            continue;
        g_assert_cmpint(metric->reached, ==, !isnan(expected));
        if (metric->reached)
            g_assert_cmpfloat(metric->number, ==, expected);
        return;
    }
    g_assert_not_reached();
}

/* ---- Card-days --------------------------------------------------------- */

/* 3 cards for 1.5 days, 2 for 1.5, 1 for 5, none for 1. A sample precedes what happens then. */
static void
card_days_add_up_from_change_to_change(void)
{
    Case test;

    begin(&test, 3, 1);
    leak(&test, "lost", 1, DAY);
    move(&test, 5 * DAY / 2, 5 * DAY / 2, 1, 2);
    move(&test, 4 * DAY, 4 * DAY, 1, 2);
    move(&test, 9 * DAY, 9 * DAY, 1, 2);
    close_at(&test, END);
    assert_rows(&test, "s,0,1,86400,lost,transfer,1,3,0.75,,,0\n"
                       "s,0,1,345600,lost,transfer,1,2,0.5,,,7.5\n"
                       "s,0,1,691200,lost,transfer,1,1,0.25,,,11.5\n"
                       "s,0,1,864000,lost,transfer,1,0,0,,,12.5\n");
    assert_metric(&test, "exposure", 1, METRIC_NO_SHARE, 12.5);
    clear(&test);
}

/* Before the leak it was no exposure. */
static void
changes_before_the_leak_do_not_count(void)
{
    Case test;

    begin(&test, 3, 1);
    move(&test, DAY, DAY, 1, 2);
    leak(&test, "lost", 1, 6 * DAY);
    close_at(&test, END);
    assert_rows(&test, "s,0,1,518400,lost,transfer,1,2,0.5,,,0\n"
                       "s,0,1,691200,lost,transfer,1,2,0.5,,,4\n"
                       "s,0,1,864000,lost,transfer,1,2,0.5,,,8\n");
    clear(&test);
}

/* A settlement that waits for its terminal is decided before it starts. */
static void
change_that_is_decided_counts_when_it_happens(void)
{
    Case test;

    begin(&test, 3, 1);
    move(&test, DAY, 3 * DAY, 1, 2);
    move(&test, DAY, 7 * DAY, 2, 1);
    leak(&test, "lost", 1, 2 * DAY);
    close_at(&test, END);
    assert_rows(&test, "s,0,1,172800,lost,transfer,1,3,0.75,,,0\n"
                       "s,0,1,345600,lost,transfer,1,2,0.5,,,5\n"
                       "s,0,1,691200,lost,transfer,1,3,0.75,,,14\n"
                       "s,0,1,864000,lost,transfer,1,3,0.75,,,20\n");
    clear(&test);
}

/* It is no exposure of that card. */
static void
change_at_the_moment_of_the_leak_has_happened(void)
{
    Case test;

    begin(&test, 3, 1);
    move(&test, DAY, 2 * DAY, 1, 2);
    leak(&test, "lost", 1, 2 * DAY);
    close_at(&test, END);
    assert_rows(&test, "s,0,1,172800,lost,transfer,1,2,0.5,,,0\n"
                       "s,0,1,345600,lost,transfer,1,2,0.5,,,4\n"
                       "s,0,1,691200,lost,transfer,1,2,0.5,,,12\n"
                       "s,0,1,864000,lost,transfer,1,2,0.5,,,16\n");
    clear(&test);
}

/* Older cards are moved onto it, new ones come with it. */
static void
exposure_rises_before_it_falls(void)
{
    Case test;

    begin(&test, 3, 1);
    leak(&test, "lost", 2, 0);
    move(&test, 2 * DAY, 2 * DAY, 1, 2);
    enter(&test, 6 * DAY, 4, 2);
    move(&test, 8 * DAY, 8 * DAY, 2, 3);
    close_at(&test, END);
    assert_rows(&test, "s,0,1,0,lost,transfer,2,1,0.25,,,0\n"
                       "s,0,1,345600,lost,transfer,2,2,0.5,,,6\n"
                       "s,0,1,691200,lost,transfer,2,6,0.75,,,22\n"
                       "s,0,1,864000,lost,transfer,2,5,0.625,,,32\n");
    clear(&test);
}

static void
key_that_leaks_again_has_leaked(void)
{
    Case test;

    begin(&test, 3, 1);
    leak(&test, "lost", 1, 6 * DAY);
    leak(&test, "again", 1, 7 * DAY);
    g_assert_true(exposure_has(test.exposure, KEY_TRANSFER, 1));
    g_assert_false(exposure_has(test.exposure, KEY_UPDATE, 1));
    g_assert_false(exposure_has(test.exposure, KEY_TRANSFER, 2));
    exposure_leak(test.exposure, "update", KEY_UPDATE, 1, 9 * DAY);
    close_at(&test, END);
    assert_rows(&test, "s,0,1,518400,lost,transfer,1,3,0.75,,,0\n"
                       "s,0,1,691200,lost,transfer,1,3,0.75,,,6\n"
                       "s,0,1,864000,lost,transfer,1,3,0.75,,,12\n"
                       "s,0,1,777600,update,update,1,4,1,,,0\n"
                       "s,0,1,864000,update,update,1,4,1,,,4\n");
    clear(&test);
}

static void
run_that_ends_earlier_adds_up_to_its_end(void)
{
    Case test;

    begin(&test, 3, 1);
    leak(&test, "lost", 1, DAY);
    move(&test, 5 * DAY, 5 * DAY, 1, 2);
    close_at(&test, 8 * DAY);
    assert_rows(&test, "s,0,1,86400,lost,transfer,1,3,0.75,,,0\n"
                       "s,0,1,345600,lost,transfer,1,3,0.75,,,9\n"
                       "s,0,1,691200,lost,transfer,1,2,0.5,,,18\n");
    assert_metric(&test, "exposure", 1, METRIC_NO_SHARE, 18);
    clear(&test);
}

/* ---- Thresholds -------------------------------------------------------- */

/* 2 of 200 cards are 1 %, which is not below it, and one is; 0.1 % is none. */
static void
threshold_is_passed_for_good(void)
{
    Case test;

    begin(&test, 2, 198);
    leak(&test, "lost", 1, DAY);
    move(&test, 2 * DAY, 2 * DAY, 1, 2);
    move(&test, 3 * DAY, 3 * DAY, 2, 1);
    move(&test, 5 * DAY, 5 * DAY, 1, 2);
    move(&test, 8 * DAY, 8 * DAY, 1, 2);
    close_at(&test, END);
    assert_metric(&test, "time-to-exposure-below", 1, METRIC_BELOW_1_PERCENT, 4 * 86400);
    assert_metric(&test, "time-to-exposure-below", 1, METRIC_BELOW_01_PERCENT, 7 * 86400);
    clear(&test);
}

/* Cards that enter make the share smaller. */
static void
threshold_is_passed_when_others_enter(void)
{
    Case test;

    begin(&test, 2, 198);
    leak(&test, "lost", 1, DAY);
    enter(&test, 4 * DAY, 1, 3);
    close_at(&test, END);
    assert_metric(&test, "time-to-exposure-below", 1, METRIC_BELOW_1_PERCENT, 3 * 86400);
    assert_metric(&test, "time-to-exposure-below", 1, METRIC_BELOW_01_PERCENT, (double)NAN);
    clear(&test);
}

/* 200 cards, two of them on the old key: the settlement that is decided first begins last. */
static void
threshold_is_passed_in_the_order_of_starts(void)
{
    Case test;

    begin(&test, 2, 198);
    leak(&test, "lost", 1, DAY);
    move(&test, 2 * DAY, 8 * DAY, 1, 2);
    move(&test, 3 * DAY, 4 * DAY, 1, 2);
    close_at(&test, END);
    assert_metric(&test, "time-to-exposure-below", 1, METRIC_BELOW_1_PERCENT, 3 * 86400);
    assert_metric(&test, "time-to-exposure-below", 1, METRIC_BELOW_01_PERCENT, 7 * 86400);
    clear(&test);
}

/* One card leaves the key and another takes it at the same time. */
static void
share_within_a_moment_passes_no_threshold(void)
{
    Case test;

    begin(&test, 1, 199);
    leak(&test, "lost", 1, DAY);
    move(&test, 2 * DAY, 2 * DAY, 2, 1);
    move(&test, 2 * DAY, 2 * DAY, 1, 2);
    close_at(&test, END);
    assert_metric(&test, "time-to-exposure-below", 1, METRIC_BELOW_1_PERCENT, 0);
    clear(&test);
}

/* ---- What was to leak ---------------------------------------------------- */

/* Key 1 has leaked, 2 has not, and 3 is on no card. */
static void
key_that_did_not_leak_has_no_exposure(void)
{
    Case test;

    begin(&test, 3, 1);
    for (uint32_t id = 1; id <= 3; id++)
        exposure_expect_leak(test.exposure, KEY_TRANSFER, id);
    exposure_expect_leak(test.exposure, KEY_TRANSFER, 2);
    leak(&test, "lost", 1, 6 * DAY);
    close_at(&test, END);
    assert_metric(&test, "exposure", 1, METRIC_NO_SHARE, 12);
    assert_metric(&test, "exposure", 2, METRIC_NO_SHARE, 0);
    assert_metric(&test, "time-to-exposure-below", 2, METRIC_BELOW_01_PERCENT, 0);
    g_assert_cmpuint(test.metrics->len, ==, 6); /* of two keys exposure and two thresholds */
    clear(&test);
}

/* ---- How long an attacker waits ----------------------------------------- */

/* From a generation's first appearance, or from when they began, whichever is later; what they
 * got before it appeared took no time. */
static void
attacker_waits_from_the_later_of_both(void)
{
    Case test;

    begin(&test, 3, 1);
    exposure_expect(test.exposure, 2 * DAY);
    exposure_expect(test.exposure, 6 * DAY);
    leak(&test, "lost", 2, 5 * DAY);
    enter(&test, 4 * DAY, 1, 3);
    leak(&test, "lost", 3, 7 * DAY);
    close_at(&test, END);
    assert_metric(&test, "time-to-extraction", 1, METRIC_NO_SHARE, (double)NAN);
    assert_metric(&test, "time-to-extraction", 2, METRIC_NO_SHARE, 3 * 86400);
    assert_metric(&test, "time-to-extraction", 3, METRIC_NO_SHARE, 3 * 86400);
    clear(&test);
}

static void
nobody_waits_unless_told(void)
{
    Case test;

    begin(&test, 3, 1);
    leak(&test, "lost", 1, DAY);
    close_at(&test, END);
    g_assert_cmpuint(test.metrics->len, ==, 3); /* exposure and two thresholds */
    clear(&test);
}

/* ---- Active cards ------------------------------------------------------ */

/* By what cards hold already, though it is decided for later; all four are active. */
static ExposureLook
count_decided(gpointer exposed, KeyKind kind G_GNUC_UNUSED, uint32_t id G_GNUC_UNUSED,
              Micros now G_GNUC_UNUSED)
{
    return (ExposureLook){ .active = 4, .exposed = *(uint64_t *)exposed };
}

/* A card waits from day 2 to day 5, so it is on the old key on day 4. */
static void
active_cards_that_wait_hold_what_they_held(void)
{
    Case test;
    uint64_t exposed = 3;

    begin_counting(&test, 3, 1, count_decided, &exposed);
    leak(&test, "lost", 1, DAY);
    move(&test, 2 * DAY, 5 * DAY, 1, 2);
    exposed = 2;
    exposure_sample(test.exposure, 4 * DAY);
    exposure_sample(test.exposure, 8 * DAY);
    close_at(&test, END);
    assert_rows(&test, "s,0,1,86400,lost,transfer,1,3,0.75,3,0.75,0\n"
                       "s,0,1,345600,lost,transfer,1,3,0.75,3,0.75,9\n"
                       "s,0,1,691200,lost,transfer,1,2,0.5,2,0.5,18\n"
                       "s,0,1,864000,lost,transfer,1,2,0.5,2,0.5,22\n");
    clear(&test);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    g_test_add_func("/exposure/card-days/add-up-from-change-to-change",
                    card_days_add_up_from_change_to_change);
    g_test_add_func("/exposure/card-days/changes-before-the-leak-do-not-count",
                    changes_before_the_leak_do_not_count);
    g_test_add_func("/exposure/card-days/change-that-is-decided-counts-when-it-happens",
                    change_that_is_decided_counts_when_it_happens);
    g_test_add_func("/exposure/card-days/change-at-the-moment-of-the-leak-has-happened",
                    change_at_the_moment_of_the_leak_has_happened);
    g_test_add_func("/exposure/card-days/rise-before-they-fall", exposure_rises_before_it_falls);
    g_test_add_func("/exposure/leak/key-that-leaks-again-has-leaked",
                    key_that_leaks_again_has_leaked);
    g_test_add_func("/exposure/close/run-that-ends-earlier-adds-up-to-its-end",
                    run_that_ends_earlier_adds_up_to_its_end);
    g_test_add_func("/exposure/threshold/is-passed-for-good", threshold_is_passed_for_good);
    g_test_add_func("/exposure/threshold/is-passed-when-others-enter",
                    threshold_is_passed_when_others_enter);
    g_test_add_func("/exposure/threshold/is-passed-in-the-order-of-starts",
                    threshold_is_passed_in_the_order_of_starts);
    g_test_add_func("/exposure/threshold/is-not-passed-within-a-moment",
                    share_within_a_moment_passes_no_threshold);
    g_test_add_func("/exposure/leak/key-that-did-not-leak-has-none",
                    key_that_did_not_leak_has_no_exposure);
    g_test_add_func("/exposure/active/who-waits-holds-what-they-held",
                    active_cards_that_wait_hold_what_they_held);
    g_test_add_func("/exposure/wait/begins-with-the-later-of-both",
                    attacker_waits_from_the_later_of_both);
    g_test_add_func("/exposure/wait/is-told-of-nobody-else", nobody_waits_unless_told);
    return g_test_run();
}
