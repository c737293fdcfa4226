/* The recorder's files for small histories, every number written by hand. */
#include "sim/measure/recorder.h"

#include "tests/sim/written.h"

#include <string.h>

#define S MICROS_PER_SECOND

/* ---- Making a recorder, reading it back -------------------------------- */

static GArray *
ids_up_to(guint32 last)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(guint32));

    for (guint32 id = 1; id <= last; id++)
        g_array_append_val(ids, id);
    return ids;
}

static Recorder *
make_recorder(Micros duration, Micros interval, guint32 transfer_ids, guint32 update_ids)
{
    g_autoptr(GArray) transfer = ids_up_to(transfer_ids);
    g_autoptr(GArray) update = ids_up_to(update_ids);
    GArray *const ids[N_KEY_KINDS] = { transfer, update };

    return recorder_new(duration, interval, ids, update_ids > 0);
}

static void
enter(Recorder *recorder, Micros at, guint n, uint32_t transfer_id, uint32_t update_id)
{
    for (guint i = 0; i < n; i++)
        recorder_cards_enter(recorder, at, 1, transfer_id, update_id);
}

static void
begin(Recorder *recorder, guint n_old, guint n_new)
{
    enter(recorder, RECORDER_FROM_THE_START, n_old, 1, 1);
    enter(recorder, RECORDER_FROM_THE_START, n_new, 2, 1);
    recorder_settle_shares(recorder, 0);
}

/* A meeting that brings a card from one transfer key to another. */
static void
meet(Recorder *recorder, Micros at, uint32_t from, uint32_t to)
{
    recorder_meetings(recorder, at, from == to ? OUTCOME_PAID : OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE,
                      1, 1);
    if (from != to)
        recorder_update(recorder, at, PATH_SYMMETRIC, 1);
    recorder_key_changes(recorder, at, at, KEY_TRANSFER, from, to);
}

static const Protocol *
embodiment_1(void)
{
    static Protocol protocol;
    Scheme scheme = scheme_default();

    g_assert_true(scheme_set_embodiment(&scheme, "1"));
    protocol_init(&protocol, &scheme);
    return &protocol;
}

/* All rows, without header and the first columns, which are checked. */
static char *
rows_of(const Recorder *recorder, const Latency *latency, RecorderFile file)
{
    static const char prefix[] = "hand,4,5,";
    RunId id = { .scenario = "hand", .point = 4, .replication = 5 };
    g_autoptr(Latency) none = latency_new(embodiment_1());
    g_autoptr(GArray) metrics = NULL;
    g_autoptr(GString) rows = g_string_new(NULL);
    g_auto(GStrv) lines = NULL;
    g_autofree char *text = NULL;
    Written written;

    written_init(&written, N_FILES, recorder_file_names, recorder_file_columns);
    metrics = recorder_metrics(recorder, latency != NULL ? latency : none);
    recorder_write(recorder, latency != NULL ? latency : none, &id, written.tables);
    metrics_write(metrics, &id, written.tables[FILE_SUMMARY]);
    for (guint i = 0; i < N_FILES; i++) {
        g_autofree char *one = written_finish(&written, i);

        if (i == file)
            text = g_steal_pointer(&one);
    }
    written_clear(&written);
    lines = g_strsplit(text, "\n", -1);
    g_assert_cmpstr(lines[0], ==, recorder_file_columns[file]);
    for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
        g_assert_true(g_str_has_prefix(lines[i], prefix));
        g_string_append_printf(rows, "%s\n", lines[i] + strlen(prefix));
    }
    return g_strdup(rows->str);
}

static void
assert_rows(const Recorder *recorder, RecorderFile file, const char *expected)
{
    g_autofree char *rows = rows_of(recorder, NULL, file);

    g_assert_cmpstr(rows, ==, expected);
}

/* Rows of summary.csv that begin with @prefix, without it, joined by blanks. */
static char *
summary_of(const Recorder *recorder, const char *prefix)
{
    g_autofree char *rows = rows_of(recorder, NULL, FILE_SUMMARY);
    g_auto(GStrv) lines = g_strsplit(rows, "\n", -1);
    g_autoptr(GString) found = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], prefix))
            g_string_append_printf(found, "%s%s", found->len > 0 ? " " : "",
                                   lines[i] + strlen(prefix));
    return g_strdup(found->str);
}

static void
assert_summary(const Recorder *recorder, const char *prefix, const char *expected)
{
    g_autofree char *found = summary_of(recorder, prefix);

    g_assert_cmpstr(found, ==, expected);
}

/* ---- One history, all files ---------------------------------------- */

/* Ten seconds, sampled every four: three cards of transfer key 1 and one of 2, one of 3
 * issued on the way. */
static Recorder *
small_history(void)
{
    Recorder *recorder = make_recorder(10 * S, 4 * S, 3, 2);

    begin(recorder, 3, 1);
    recorder_book(recorder, RECORDER_FROM_THE_START, BOOK_INITIAL, 400);

    recorder_meetings(recorder, 0, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE, 1, 10);
    recorder_till_time(recorder, 0, S / 4);
    recorder_update(recorder, 0, PATH_SYMMETRIC, 1);
    recorder_key_changes(recorder, 0, 0, KEY_TRANSFER, 1, 2);
    recorder_key_changes(recorder, 0, 0, KEY_UPDATE, 1, 1);

    recorder_meetings(recorder, 4 * S - 1, OUTCOME_PAID, 1, 20);
    recorder_card_busy(recorder, 4 * S, 1);
    recorder_meetings(recorder, 4 * S, OUTCOME_REFUSED_LIMIT, 1, 0);

    recorder_meetings(recorder, 8 * S - 1, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE, 1, 5);
    recorder_till_time(recorder, 8 * S - 1, S / 2);
    recorder_update(recorder, 8 * S - 1, PATH_SYMMETRIC, 1);
    recorder_key_changes(recorder, 8 * S - 1, 8 * S - 1, KEY_TRANSFER, 1, 2);

    enter(recorder, 8 * S, 1, 3, 2);
    recorder_settle_shares(recorder, 8 * S);
    recorder_book(recorder, 0, BOOK_LOADED, 50);

    recorder_meetings(recorder, 9 * S + S / 2, OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE, 1, 7);
    recorder_till_time(recorder, 9 * S + S / 2, 2 * S);
    recorder_update(recorder, 9 * S + S / 2, PATH_PUBLIC_KEY, 1);
    recorder_key_changes(recorder, 9 * S + S / 2, 9 * S + S / 2, KEY_TRANSFER, 1, 3);
    recorder_key_changes(recorder, 9 * S + S / 2, 9 * S + S / 2, KEY_UPDATE, 1, 2);

    recorder_meetings(recorder, 10 * S - 1, OUTCOME_REFUSED_EXPIRED, 1, 0);
    recorder_meetings(recorder, 10 * S - 1, OUTCOME_TORN_AFTER_DEBIT, 1, 0);
    recorder_book(recorder, 0, BOOK_DESTROYED, 3);
    recorder_book(recorder, 0, BOOK_MINTED, 1);
    recorder_book(recorder, 0, BOOK_STRANDED, 2);
    g_assert_cmpint(recorder_balance_books(recorder, 440), ==, 6);
    recorder_set_ties(recorder, 9);
    return recorder;
}

static void
propagation_is_as_counted_by_hand(void)
{
    g_autoptr(Recorder) recorder = small_history();

    /* time, key, generation, cards, share, share_at_least */
    assert_rows(recorder, FILE_PROPAGATION,
                "0,transfer,1,3,0.75,1\n"
                "0,transfer,2,1,0.25,0.25\n"
                "0,update,1,4,1,1\n"
                "4,transfer,1,2,0.5,1\n"
                "4,transfer,2,2,0.5,0.5\n"
                "4,update,1,4,1,1\n"
                "8,transfer,1,1,0.25,1\n"
                "8,transfer,2,3,0.75,0.75\n"
                "8,update,1,4,1,1\n"
                "10,transfer,1,0,0,1\n"
                "10,transfer,2,3,0.6,1\n"
                "10,transfer,3,2,0.4,0.4\n"
                "10,update,1,3,0.6,1\n"
                "10,update,2,2,0.4,0.4\n");
}

static void
outcomes_are_as_counted_by_hand(void)
{
    g_autoptr(Recorder) recorder = small_history();

    assert_rows(recorder, FILE_OUTCOMES,
                "4,paid,1\n"
                "4,paid-after-symmetric-update,1\n"
                "8,paid-after-symmetric-update,1\n"
                "8,refused-limit,1\n"
                "8,card-busy,1\n"
                "10,paid-after-public-key-update,1\n"
                "10,refused-expired,1\n"
                "10,torn-after-debit,1\n");
}

static void
till_time_is_as_counted_by_hand(void)
{
    g_autoptr(Recorder) recorder = small_history();

    assert_rows(recorder, FILE_TILL, "4,0.25,1,0\n8,0.5,1,0\n10,2,0,1\n");
}

static void
summary_is_as_counted_by_hand(void)
{
    g_autoptr(Recorder) recorder = small_history();

    recorder_set_unserved(recorder, 8);
    /* metric, key, generation, share, unit, value */
    assert_rows(recorder, FILE_SUMMARY,
                "time-to-share,transfer,1,0.1,s,0\n"
                "time-to-share,transfer,1,0.5,s,0\n"
                "time-to-share,transfer,1,0.9,s,0\n"
                "time-to-share,transfer,1,0.99,s,0\n"
                "time-to-share,transfer,1,0.999,s,0\n"
                "time-to-share,transfer,1,1,s,0\n"
                "doubling-time,transfer,1,,s,\n"
                "meetings-to-share,transfer,1,0.1,meetings,0\n"
                "meetings-to-share,transfer,1,0.5,meetings,0\n"
                "meetings-to-share,transfer,1,0.9,meetings,0\n"
                "meetings-to-share,transfer,1,0.99,meetings,0\n"
                "meetings-to-share,transfer,1,0.999,meetings,0\n"
                "meetings-to-share,transfer,1,1,meetings,0\n"
                "final-share,transfer,1,,share,1\n"
                /* half in the first meeting, at time 0; the rest in the fifth */
                "time-to-share,transfer,2,0.1,s,0\n"
                "time-to-share,transfer,2,0.5,s,0\n"
                "time-to-share,transfer,2,0.9,s,9.5\n"
                "time-to-share,transfer,2,0.99,s,9.5\n"
                "time-to-share,transfer,2,0.999,s,9.5\n"
                "time-to-share,transfer,2,1,s,9.5\n"
                "doubling-time,transfer,2,,s,\n"
                "meetings-to-share,transfer,2,0.1,meetings,0\n"
                "meetings-to-share,transfer,2,0.5,meetings,1\n"
                "meetings-to-share,transfer,2,0.9,meetings,5\n"
                "meetings-to-share,transfer,2,0.99,meetings,5\n"
                "meetings-to-share,transfer,2,0.999,meetings,5\n"
                "meetings-to-share,transfer,2,1,meetings,5\n"
                "final-share,transfer,2,,share,1\n"
                /* a fifth from its appearance on, never half */
                "time-to-share,transfer,3,0.1,s,0\n"
                "time-to-share,transfer,3,0.5,s,\n"
                "time-to-share,transfer,3,0.9,s,\n"
                "time-to-share,transfer,3,0.99,s,\n"
                "time-to-share,transfer,3,0.999,s,\n"
                "time-to-share,transfer,3,1,s,\n"
                "doubling-time,transfer,3,,s,\n"
                "meetings-to-share,transfer,3,0.1,meetings,0\n"
                "meetings-to-share,transfer,3,0.5,meetings,\n"
                "meetings-to-share,transfer,3,0.9,meetings,\n"
                "meetings-to-share,transfer,3,0.99,meetings,\n"
                "meetings-to-share,transfer,3,0.999,meetings,\n"
                "meetings-to-share,transfer,3,1,meetings,\n"
                "final-share,transfer,3,,share,0.4\n"
                "time-to-share,update,1,0.1,s,0\n"
                "time-to-share,update,1,0.5,s,0\n"
                "time-to-share,update,1,0.9,s,0\n"
                "time-to-share,update,1,0.99,s,0\n"
                "time-to-share,update,1,0.999,s,0\n"
                "time-to-share,update,1,1,s,0\n"
                "doubling-time,update,1,,s,\n"
                "meetings-to-share,update,1,0.1,meetings,0\n"
                "meetings-to-share,update,1,0.5,meetings,0\n"
                "meetings-to-share,update,1,0.9,meetings,0\n"
                "meetings-to-share,update,1,0.99,meetings,0\n"
                "meetings-to-share,update,1,0.999,meetings,0\n"
                "meetings-to-share,update,1,1,meetings,0\n"
                "final-share,update,1,,share,1\n"
                "time-to-share,update,2,0.1,s,0\n"
                "time-to-share,update,2,0.5,s,\n"
                "time-to-share,update,2,0.9,s,\n"
                "time-to-share,update,2,0.99,s,\n"
                "time-to-share,update,2,0.999,s,\n"
                "time-to-share,update,2,1,s,\n"
                "doubling-time,update,2,,s,\n"
                "meetings-to-share,update,2,0.1,meetings,0\n"
                "meetings-to-share,update,2,0.5,meetings,\n"
                "meetings-to-share,update,2,0.9,meetings,\n"
                "meetings-to-share,update,2,0.99,meetings,\n"
                "meetings-to-share,update,2,0.999,meetings,\n"
                "meetings-to-share,update,2,1,meetings,\n"
                "final-share,update,2,,share,0.4\n"
                /* one refused, one expired, one torn among seven */
                "meetings,,,,meetings,7\n"
                "paid,,,,meetings,4\n"
                "updates-symmetric,,,,updates,2\n"
                "updates-public-key,,,,updates,1\n"
                "refused,,,,meetings,2\n"
                "card-busy,,,,arrivals,1\n"
                "unserved,,,,arrivals,8\n"
                "value-paid,,,,minor-units,42\n"
                "value-destroyed,,,,minor-units,3\n"
                "books-residual,,,,minor-units,6\n"
                "ties,,,,events,9\n"
                "till-seconds-added,,,,s,0\n"
                "share-over-200ms,,,,share,0\n"
                "share-over-500ms,,,,share,0\n");
}

static void
totals_are_as_counted_by_hand(void)
{
    g_autoptr(Recorder) recorder = small_history();

    g_assert_cmpuint(recorder_n_cards(recorder), ==, 5);
    g_assert_cmpuint(recorder_outcome(recorder, OUTCOME_PAID), ==, 1);
    g_assert_cmpuint(recorder_outcome(recorder, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE), ==, 2);
    g_assert_cmpuint(recorder_outcome(recorder, OUTCOME_CARD_BUSY), ==, 1);
    g_assert_cmpuint(recorder_outcome(recorder, OUTCOME_REFUSED_BALANCE), ==, 0);
    g_assert_cmpuint(recorder_updates(recorder, PATH_SYMMETRIC), ==, 2);
    g_assert_cmpuint(recorder_updates(recorder, PATH_PUBLIC_KEY), ==, 1);
    g_assert_cmpfloat(recorder_final_share(recorder, KEY_TRANSFER, 3), ==, 0.4);
    g_assert_cmpfloat(recorder_final_share(recorder, KEY_TRANSFER, 1), ==, 1);
    g_assert_cmpint(recorder_time_to_share(recorder, KEY_TRANSFER, 2, 2), ==, 9 * S + S / 2);
    g_assert_cmpint(recorder_time_to_share(recorder, KEY_TRANSFER, 3, 1), ==, -1);
}

/* Meant for 10 s, cut short in the second interval: as if it had been meant for 8. */
static void
cut_run_is_a_shorter_run(void)
{
    g_autoptr(Recorder) recorder = make_recorder(10 * S, 4 * S, 3, 2);
    g_autofree char *propagation = NULL;
    g_autofree char *outcomes = NULL;

    begin(recorder, 3, 1);
    recorder_meetings(recorder, 4 * S - 1, OUTCOME_PAID, 1, 20);
    g_assert_cmpint(recorder_next_sample(recorder, 3 * S), ==, 4 * S);
    recorder_meetings(recorder, 4 * S, OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE, 1, 10);
    recorder_key_changes(recorder, 4 * S, 4 * S, KEY_TRANSFER, 1, 2);
    g_assert_cmpint(recorder_next_sample(recorder, 3 * S), ==, 8 * S);
    g_assert_cmpint(recorder_next_sample(recorder, 8 * S - 1), ==, 8 * S);
    g_assert_cmpint(recorder_next_sample(recorder, 8 * S), ==, 12 * S);
    recorder_set_end(recorder, 8 * S);
    recorder_meetings(recorder, 8 * S - 1, OUTCOME_PAID, 1, 20);
    propagation = rows_of(recorder, NULL, FILE_PROPAGATION);
    outcomes = rows_of(recorder, NULL, FILE_OUTCOMES);
    g_assert_cmpstr(propagation, ==,
                    "0,transfer,1,3,0.75,1\n"
                    "0,transfer,2,1,0.25,0.25\n"
                    "0,update,1,4,1,1\n"
                    "4,transfer,1,3,0.75,1\n"
                    "4,transfer,2,1,0.25,0.25\n"
                    "4,update,1,4,1,1\n"
                    "8,transfer,1,2,0.5,1\n"
                    "8,transfer,2,2,0.5,0.5\n"
                    "8,update,1,4,1,1\n");
    g_assert_cmpstr(outcomes, ==, "4,paid,1\n8,paid,1\n8,paid-after-symmetric-update,1\n");
}

/* Three totals come from the latency of the same run: 40 refused updates of 30 ms. */
static void
till_time_comes_from_latency(void)
{
    static const LinkInterface interface = { .protocol = LINK_T_CL, .block_payload_bytes = 1000 };
    static const LinkTerminal terminal = { .reader_overhead_us = 10000 };
    static const Chip chip = { .cost = { [CHIP_WRITE_KEY] = { 400000000, 0 } } };
    const Seat seats[N_SIDES] = { { &chip, &interface }, { &chip, &interface } };
    const Course paid = { .seen = { .n_exchanges = 8, .answered = true } };
    const Course refused = {
        .seen = { OUTCOME_REFUSED_LIMIT, PATH_SYMMETRIC, false, 1, 7, false, 0 },
        .log[SIDE_PAYEE].refused = CARD_STEP_STORE,
    };
    const Course updated = {
        .seen = { OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE, PATH_SYMMETRIC, false, 1, 11, true, 0 },
        .log[SIDE_PAYEE].wrote = WROTE_TRANSFER_KEY,
    };
    g_autoptr(Latency) latency = latency_new(embodiment_1());
    g_autoptr(Recorder) recorder = small_history();
    g_autofree char *rows = NULL;

    for (guint i = 0; i < 40; i++)
        latency_count(latency, latency_class(latency, &refused, 0, seats, &terminal), 0);
    for (guint i = 0; i < 3; i++)
        latency_count(latency, latency_class(latency, &paid, 0, seats, &terminal), 0);
    latency_count(latency, latency_class(latency, &updated, 0, seats, &terminal), 0);
    rows = rows_of(recorder, latency, FILE_SUMMARY);
    g_assert_true(g_str_has_suffix(rows, "till-seconds-added,,,,s,1.63\n"
                                         "share-over-200ms,,,,share,0.25\n"
                                         "share-over-500ms,,,,share,0.25\n"));
}

/* ---- Samples ----------------------------------------------------------- */

/* [T(k-1), T(k)) shows at T(k), to the microsecond. */
static void
change_shows_at_the_end_of_its_interval(void)
{
    static const struct {
        Micros at;
        guint shows; /* in sample */
    } cases[] = { { 0, 1 },         { 1, 1 },         { 4 * S - 1, 1 }, { 4 * S, 2 },
                  { 4 * S + 1, 2 }, { 8 * S - 1, 2 }, { 8 * S, 3 },     { 10 * S - 1, 3 } };
    static const char *const times[] = { "0", "4", "8", "10" };

    for (guint c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_autoptr(Recorder) recorder = make_recorder(10 * S, 4 * S, 2, 0);
        g_autoptr(GString) expected = g_string_new(NULL);

        begin(recorder, 2, 0);
        meet(recorder, cases[c].at, 1, 2);
        for (guint k = 0; k < G_N_ELEMENTS(times); k++)
            if (k < cases[c].shows)
                g_string_append_printf(expected, "%s,transfer,1,2,1,1\n", times[k]);
            else
                g_string_append_printf(expected, "%s,transfer,1,1,0.5,1\n%s,transfer,2,1,0.5,0.5\n",
                                       times[k], times[k]);
        assert_rows(recorder, FILE_PROPAGATION, expected->str);
    }
}

/* Terminals have queues: who arrived first may start later. Numbers follow the reports,
 * intervals the starts. */
static void
meetings_that_wait_are_posted_to_their_start(void)
{
    g_autoptr(Recorder) recorder = make_recorder(10 * S, 4 * S, 2, 0);

    begin(recorder, 19, 1);
    meet(recorder, 9 * S, 1, 2);
    meet(recorder, 3 * S, 1, 1);
    meet(recorder, 5 * S, 1, 2);
    assert_rows(recorder, FILE_OUTCOMES,
                "4,paid,1\n8,paid-after-symmetric-update,1\n10,paid-after-symmetric-update,1\n");
    assert_summary(recorder, "time-to-share,transfer,2,0.1,", "s,9");
    assert_summary(recorder, "meetings-to-share,transfer,2,0.1,", "meetings,1");
    assert_rows(recorder, FILE_PROPAGATION,
                "0,transfer,1,19,0.95,1\n0,transfer,2,1,0.05,0.05\n"
                "4,transfer,1,19,0.95,1\n4,transfer,2,1,0.05,0.05\n"
                "8,transfer,1,18,0.9,1\n8,transfer,2,2,0.1,0.1\n"
                "10,transfer,1,17,0.85,1\n10,transfer,2,3,0.15,0.15\n");
}

static void
last_sample_on_the_grid_is_written_once(void)
{
    g_autoptr(Recorder) recorder = make_recorder(8 * S, 4 * S, 2, 0);

    begin(recorder, 1, 0);
    assert_rows(recorder, FILE_PROPAGATION,
                "0,transfer,1,1,1,1\n4,transfer,1,1,1,1\n8,transfer,1,1,1,1\n");
}

/* Fractions of a second, and an interval as long as the run. */
static void
times_are_written_in_seconds(void)
{
    g_autoptr(Recorder) recorder = make_recorder(1500000, 250000, 2, 0);
    g_autoptr(Recorder) one = make_recorder(7 * S, 7 * S, 2, 0);

    begin(recorder, 1, 0);
    recorder_card_busy(recorder, 1499999, 1);
    recorder_card_busy(recorder, 250000, 1);
    assert_rows(recorder, FILE_OUTCOMES, "0.5,card-busy,1\n1.5,card-busy,1\n");
    begin(one, 1, 0);
    assert_rows(one, FILE_PROPAGATION, "0,transfer,1,1,1,1\n7,transfer,1,1,1,1\n");
}

/* What has appeared keeps its row, even when nobody holds it any more. */
static void
generation_that_is_gone_has_rows_of_zero(void)
{
    g_autoptr(Recorder) recorder = make_recorder(3 * S, S, 3, 0);

    begin(recorder, 1, 1);
    meet(recorder, S, 2, 3);
    meet(recorder, 2 * S, 1, 3);
    assert_rows(recorder, FILE_PROPAGATION,
                "0,transfer,1,1,0.5,1\n"
                "0,transfer,2,1,0.5,0.5\n"
                "1,transfer,1,1,0.5,1\n"
                "1,transfer,2,1,0.5,0.5\n"
                "2,transfer,1,1,0.5,1\n"
                "2,transfer,2,0,0,0.5\n"
                "2,transfer,3,1,0.5,0.5\n"
                "3,transfer,1,0,0,1\n"
                "3,transfer,2,0,0,1\n"
                "3,transfer,3,2,1,1\n");
}

static void
generation_that_never_appears_has_no_row(void)
{
    g_autoptr(Recorder) recorder = make_recorder(S, S, 9, 0);

    begin(recorder, 1, 0);
    assert_rows(recorder, FILE_PROPAGATION, "0,transfer,1,1,1,1\n1,transfer,1,1,1,1\n");
    assert_summary(recorder, "final-share,transfer,", "1,,share,1");
}

/* Nobody ever held 2, whose share is that of 3. */
static void
generation_that_is_skipped_has_the_rows_of_the_newer_one(void)
{
    g_autoptr(Recorder) recorder = make_recorder(2 * S, S, 9, 0);

    begin(recorder, 2, 0);
    recorder_key_changes(recorder, S, S, KEY_TRANSFER, 1, 3);
    recorder_close(recorder);
    assert_rows(recorder, FILE_PROPAGATION,
                "0,transfer,1,2,1,1\n"
                "1,transfer,1,2,1,1\n"
                "2,transfer,1,1,0.5,1\n"
                "2,transfer,2,0,0,0.5\n"
                "2,transfer,3,1,0.5,0.5\n");
    assert_summary(recorder, "final-share,transfer,", "1,,share,1 2,,share,0.5 3,,share,0.5");
    assert_summary(recorder, "time-to-share,transfer,2,0.5", ",s,0");
}

static void
generation_between_two_samples_has_rows(void)
{
    g_autoptr(Recorder) recorder = make_recorder(3 * S, S, 2, 0);

    begin(recorder, 1, 0);
    recorder_key_changes(recorder, S, S, KEY_TRANSFER, 1, 2);
    recorder_key_changes(recorder, S + S / 2, S + S / 2, KEY_TRANSFER, 2, 1);
    recorder_close(recorder);
    assert_rows(recorder, FILE_PROPAGATION,
                "0,transfer,1,1,1,1\n"
                "1,transfer,1,1,1,1\n"
                "2,transfer,1,1,1,1\n"
                "2,transfer,2,0,0,0\n"
                "3,transfer,1,1,1,1\n"
                "3,transfer,2,0,0,0\n");
    assert_summary(recorder, "final-share,transfer,2", ",,share,0");
}

static void
scheme_without_update_keys_has_no_rows_of_them(void)
{
    g_autoptr(Recorder) recorder = make_recorder(S, S, 2, 0);

    begin(recorder, 1, 1);
    recorder_key_changes(recorder, 0, 0, KEY_UPDATE, 0, 0);
    assert_summary(recorder, "final-share,update,", "");
    assert_rows(recorder, FILE_PROPAGATION,
                "0,transfer,1,1,0.5,1\n0,transfer,2,1,0.5,0.5\n"
                "1,transfer,1,1,0.5,1\n1,transfer,2,1,0.5,0.5\n");
}

/* ---- Times and meetings to a share ------------------------------------- */

#define TIMES "time-to-share,transfer,2,"
#define MEETINGS "meetings-to-share,transfer,2,"

/* Ten cards, one a second: each share at the very meeting that reaches it. */
static void
share_is_reached_by_a_meeting(void)
{
    g_autoptr(Recorder) recorder = make_recorder(100 * S, 50 * S, 2, 0);

    begin(recorder, 9, 1);
    for (Micros i = 1; i <= 9; i++) {
        meet(recorder, 3 * i * S, 1, 1); /* one of three changes something */
        meet(recorder, (3 * i + 1) * S, 2, 2);
        meet(recorder, (3 * i + 2) * S, 1, 2);
    }
    meet(recorder, 30 * S, 2, 2);
    assert_summary(recorder, TIMES, "0.1,s,0 0.5,s,14 0.9,s,26 0.99,s,29 0.999,s,29 1,s,29");
    assert_summary(recorder, MEETINGS,
                   "0.1,meetings,0 0.5,meetings,12 0.9,meetings,24 0.99,meetings,27 "
                   "0.999,meetings,27 1,meetings,27");
}

/* A share is reached exactly, not nearly: 499, 899, 989, 998 and 999 of 1,000 are too few. */
static void
share_is_exact_among_a_thousand(void)
{
    static const guint needed[METRIC_N_SHARES] = { 100, 500, 900, 990, 999, 1000 };
    g_autoptr(Recorder) recorder = make_recorder(1000 * S, 100 * S, 2, 0);

    begin(recorder, 999, 1);
    for (guint holders = 2; holders <= 1000; holders++) {
        meet(recorder, (Micros)holders * S / 2, 1, 2);
        for (guint i = 0; i < METRIC_N_SHARES; i++)
            g_assert_cmpint(recorder_time_to_share(recorder, KEY_TRANSFER, 2, i), ==,
                            holders < needed[i] ? -1 : (Micros)needed[i] * S / 2);
    }
}

/* From 5 to 10 %, if the generation began with less. */
static void
doubling_is_that_from_a_twentieth_to_a_tenth(void)
{
    g_autoptr(Recorder) recorder = make_recorder(1000 * S, 100 * S, 2, 0);
    g_autoptr(Recorder) begins_above = make_recorder(1000 * S, 100 * S, 2, 0);

    begin(recorder, 999, 1);
    begin(begins_above, 95, 5);
    for (guint holders = 2; holders <= 99; holders++)
        meet(recorder, (Micros)holders * holders * S / 100, 1, 2);
    assert_summary(recorder, "doubling-time,transfer,2,,s,", "");
    meet(recorder, 100 * S, 1, 2);
    assert_summary(recorder, "doubling-time,transfer,2,,s,", "75"); /* 100 - 50 x 50 / 100 */
    for (guint i = 0; i < 10; i++)
        meet(begins_above, S, 1, 2);
    assert_summary(begins_above, "doubling-time,transfer,2,,s,", "");
}

/* The cohort of the holders comes first in the file: alone it is everybody. */
static void
shares_wait_until_all_have_entered(void)
{
    g_autoptr(Recorder) recorder = make_recorder(S, S, 2, 0);

    enter(recorder, RECORDER_FROM_THE_START, 1, 2, 1);
    enter(recorder, RECORDER_FROM_THE_START, 99, 1, 1);
    recorder_settle_shares(recorder, 0);
    assert_summary(recorder, TIMES, "0.1,s, 0.5,s, 0.9,s, 0.99,s, 0.999,s, 1,s,");
    assert_summary(recorder, "final-share,transfer,2,", ",share,0.01");
}

/* Counted from the appearance of the generation, by then five meetings have been. */
static void
time_begins_when_the_generation_appears(void)
{
    g_autoptr(Recorder) recorder = make_recorder(100 * S, 50 * S, 2, 0);

    begin(recorder, 3, 0);
    for (guint i = 1; i <= 5; i++)
        meet(recorder, i * S, 1, 1);
    enter(recorder, 20 * S, 1, 2, 1);
    recorder_settle_shares(recorder, 20 * S);
    meet(recorder, 30 * S, 1, 1);
    meet(recorder, 40 * S + 1, 1, 2);
    meet(recorder, 50 * S, 1, 2);
    assert_summary(recorder, TIMES, "0.1,s,0 0.5,s,20.000001 0.9,s, 0.99,s, 0.999,s, 1,s,");
    assert_summary(recorder, MEETINGS,
                   "0.1,meetings,0 0.5,meetings,2 0.9,meetings, 0.99,meetings, 0.999,meetings, "
                   "1,meetings,");
}

/* A plan action reaches a share in no meeting. */
static void
share_is_reached_by_a_plan_action(void)
{
    g_autoptr(Recorder) recorder = make_recorder(100 * S, 50 * S, 2, 0);

    begin(recorder, 5, 1);
    meet(recorder, 10 * S, 1, 2);
    enter(recorder, 20 * S, 4, 2, 1);
    recorder_settle_shares(recorder, 20 * S);
    recorder_key_changes(recorder, 30 * S, 30 * S, KEY_TRANSFER, 1, 2);
    recorder_key_changes(recorder, 30 * S, 30 * S, KEY_TRANSFER, 1, 2);
    recorder_key_changes(recorder, 30 * S, 30 * S, KEY_TRANSFER, 1, 2);
    recorder_settle_shares(recorder, 30 * S);
    assert_summary(recorder, TIMES, "0.1,s,0 0.5,s,20 0.9,s,30 0.99,s, 0.999,s, 1,s,");
    assert_summary(recorder, MEETINGS,
                   "0.1,meetings,0 0.5,meetings,1 0.9,meetings,1 0.99,meetings, 0.999,meetings, "
                   "1,meetings,");
}

/* Four of ten; ten more are issued with the old key: half is ten then, not five. */
static void
issued_cards_dilute_a_share(void)
{
    g_autoptr(Recorder) recorder = make_recorder(100 * S, 10 * S, 2, 0);

    begin(recorder, 6, 4);
    enter(recorder, 5 * S, 10, 1, 1);
    recorder_settle_shares(recorder, 5 * S);
    for (guint i = 0; i < 5; i++)
        meet(recorder, (10 + i) * S, 1, 2);
    g_assert_cmpint(recorder_time_to_share(recorder, KEY_TRANSFER, 2, 1), ==, -1);
    g_assert_cmpfloat(recorder_final_share(recorder, KEY_TRANSFER, 2), ==, 0.45);
    meet(recorder, 20 * S, 1, 2);
    g_assert_cmpint(recorder_time_to_share(recorder, KEY_TRANSFER, 2, 1), ==, 20 * S);
    g_assert_cmpuint(recorder_n_cards(recorder), ==, 20);
    assert_summary(recorder, MEETINGS "0.5,", "meetings,6");
}

/* What was reached stays reached, though the share falls again. */
static void
reached_share_stays_reached(void)
{
    g_autoptr(Recorder) recorder = make_recorder(100 * S, 50 * S, 2, 0);

    begin(recorder, 1, 1);
    enter(recorder, 10 * S, 98, 1, 1);
    recorder_settle_shares(recorder, 10 * S);
    recorder_key_changes(recorder, 20 * S, 20 * S, KEY_TRANSFER, 2, 1);
    recorder_settle_shares(recorder, 20 * S);
    assert_summary(recorder, TIMES, "0.1,s,0 0.5,s,0 0.9,s, 0.99,s, 0.999,s, 1,s,");
    assert_summary(recorder, "final-share,transfer,2,", ",share,0");
}

/* Whoever holds 3 counts for 2 as well, and a jump from 1 to 3 moves both. */
static void
newer_generations_count_for_older_ones(void)
{
    g_autoptr(Recorder) recorder = make_recorder(100 * S, 100 * S, 3, 0);

    begin(recorder, 9, 1);
    enter(recorder, 0, 10, 3, 1);
    recorder_settle_shares(recorder, 0);
    for (guint i = 1; i <= 9; i++)
        meet(recorder, i * S, 1, 3);
    assert_summary(recorder, TIMES, "0.1,s,0 0.5,s,0 0.9,s,7 0.99,s,9 0.999,s,9 1,s,9");
    assert_summary(recorder, "time-to-share,transfer,3,",
                   "0.1,s,0 0.5,s,0 0.9,s,8 0.99,s, 0.999,s, 1,s,");
    meet(recorder, 10 * S, 2, 3);
    assert_summary(recorder, "time-to-share,transfer,3,",
                   "0.1,s,0 0.5,s,0 0.9,s,8 0.99,s,10 0.999,s,10 1,s,10");
    assert_rows(recorder, FILE_PROPAGATION,
                "0,transfer,1,9,0.9,1\n"
                "0,transfer,2,1,0.1,0.1\n"
                "100,transfer,1,0,0,1\n"
                "100,transfer,2,0,0,1\n"
                "100,transfer,3,20,1,1\n");
}

/* ---- Totals ------------------------------------------------------------ */

static void
books_that_close_leave_nothing(void)
{
    g_autoptr(Recorder) recorder = make_recorder(S, S, 1, 0);

    begin(recorder, 1, 0);
    recorder_book(recorder, RECORDER_FROM_THE_START, BOOK_INITIAL, 1000);
    recorder_book(recorder, RECORDER_FROM_THE_START, BOOK_INITIAL, 500);
    recorder_book(recorder, 0, BOOK_LOADED, 100);
    recorder_book(recorder, 0, BOOK_MINTED, 10);
    recorder_book(recorder, 0, BOOK_DESTROYED, 4);
    recorder_book(recorder, 0, BOOK_STRANDED, 6);
    g_assert_cmpint(recorder_balance_books(recorder, 1600), ==, 0);
    assert_summary(recorder, "books-residual", ",,,,minor-units,0");
    g_assert_cmpint(recorder_balance_books(recorder, 1601), ==, -1);
    assert_summary(recorder, "books-residual", ",,,,minor-units,-1");
}

/* Whatever its sign and its book. */
static void
no_sum_of_postings_wraps(void)
{
    g_autoptr(Recorder) recorder = make_recorder(2 * S, S, 1, 0);
    Micros by;

    begin(recorder, 1, 0);
    recorder_book(recorder, RECORDER_FROM_THE_START, BOOK_INITIAL, INT64_MAX);
    recorder_book(recorder, 0, BOOK_DESTROYED, INT64_MAX - 10);
    recorder_book(recorder, 0, BOOK_DESTROYED, -4);
    recorder_meetings(recorder, 0, OUTCOME_PAID, 1, 6);
    g_assert_false(recorder_has_outgrown(recorder, &by));
    g_assert_cmpint(by, ==, -1);
    recorder_meetings(recorder, S, OUTCOME_PAID, 1, 1);
    recorder_book(recorder, 0, BOOK_MINTED, 1);
    g_assert_true(recorder_has_outgrown(recorder, &by));
    g_assert_cmpint(by, ==, 2 * S);
    assert_summary(recorder, "value-paid", ",,,,minor-units,6");
    assert_summary(recorder, "value-destroyed", ",,,,minor-units,9223372036854775793");
}

/* Each outcome once: which of the three sums takes it. */
static void
every_outcome_is_summed_where_it_belongs(void)
{
    g_autoptr(Recorder) recorder = make_recorder(S, S, 1, 0);

    begin(recorder, 1, 0);
    for (Outcome outcome = 0; outcome < OUTCOME_CARD_BUSY; outcome++)
        recorder_meetings(recorder, 0, outcome, 1, 1);
    recorder_card_busy(recorder, 0, 1);
    recorder_card_busy(recorder, 0, 1);
    assert_summary(recorder, "meetings,", ",,,meetings,16");
    assert_summary(recorder, "paid,", ",,,meetings,3");
    assert_summary(recorder, "refused,", ",,,meetings,10");
    assert_summary(recorder, "card-busy,", ",,,arrivals,2");
    assert_summary(recorder, "value-paid,", ",,,minor-units,16");
    assert_rows(recorder, FILE_OUTCOMES,
                "1,paid,1\n"
                "1,paid-after-symmetric-update,1\n"
                "1,paid-after-public-key-update,1\n"
                "1,refused-expired,1\n"
                "1,refused-revoked,1\n"
                "1,refused-update-key,1\n"
                "1,refused-update-key-order,1\n"
                "1,refused-update-key-limit,1\n"
                "1,refused-limit,1\n"
                "1,refused-certificate,1\n"
                "1,refused-different-ids,1\n"
                "1,refused-authentication,1\n"
                "1,refused-balance,1\n"
                "1,torn-before-debit,1\n"
                "1,torn-after-debit,1\n"
                "1,torn-after-credit,1\n"
                "1,card-busy,2\n");
}

static void
add_files(void)
{
    g_test_add_func("/recorder/write/propagation-is-as-counted-by-hand",
                    propagation_is_as_counted_by_hand);
    g_test_add_func("/recorder/write/outcomes-are-as-counted-by-hand",
                    outcomes_are_as_counted_by_hand);
    g_test_add_func("/recorder/write/summary-is-as-counted-by-hand", summary_is_as_counted_by_hand);
    g_test_add_func("/recorder/write/till-time-is-as-counted-by-hand",
                    till_time_is_as_counted_by_hand);
    g_test_add_func("/recorder/cut/is-a-shorter-run", cut_run_is_a_shorter_run);
    g_test_add_func("/recorder/write/till-time-comes-from-latency", till_time_comes_from_latency);
    g_test_add_func("/recorder/totals/are-as-counted-by-hand", totals_are_as_counted_by_hand);
    g_test_add_func("/recorder/totals/books-that-close-leave-nothing",
                    books_that_close_leave_nothing);
    g_test_add_func("/recorder/totals/no-sum-of-postings-wraps", no_sum_of_postings_wraps);
    g_test_add_func("/recorder/totals/every-outcome-is-summed-where-it-belongs",
                    every_outcome_is_summed_where_it_belongs);
}

static void
add_samples(void)
{
    g_test_add_func("/recorder/sample/change-shows-at-the-end-of-its-interval",
                    change_shows_at_the_end_of_its_interval);
    g_test_add_func("/recorder/sample/meetings-that-wait-are-posted-to-their-start",
                    meetings_that_wait_are_posted_to_their_start);
    g_test_add_func("/recorder/sample/last-on-the-grid-is-written-once",
                    last_sample_on_the_grid_is_written_once);
    g_test_add_func("/recorder/sample/times-are-written-in-seconds", times_are_written_in_seconds);
    g_test_add_func("/recorder/sample/generation-that-is-gone-has-rows-of-zero",
                    generation_that_is_gone_has_rows_of_zero);
    g_test_add_func("/recorder/sample/generation-that-never-appears-has-no-row",
                    generation_that_never_appears_has_no_row);
    g_test_add_func("/recorder/sample/generation-that-is-skipped-has-the-rows-of-the-newer-one",
                    generation_that_is_skipped_has_the_rows_of_the_newer_one);
    g_test_add_func("/recorder/sample/generation-between-two-samples-has-rows",
                    generation_between_two_samples_has_rows);
    g_test_add_func("/recorder/sample/scheme-without-update-keys-has-no-rows-of-them",
                    scheme_without_update_keys_has_no_rows_of_them);
}

static void
add_shares(void)
{
    g_test_add_func("/recorder/share/is-reached-by-a-meeting", share_is_reached_by_a_meeting);
    g_test_add_func("/recorder/share/is-exact-among-a-thousand", share_is_exact_among_a_thousand);
    g_test_add_func("/recorder/share/doubling-is-that-from-a-twentieth-to-a-tenth",
                    doubling_is_that_from_a_twentieth_to_a_tenth);
    g_test_add_func("/recorder/share/waits-until-all-have-entered",
                    shares_wait_until_all_have_entered);
    g_test_add_func("/recorder/share/time-begins-when-the-generation-appears",
                    time_begins_when_the_generation_appears);
    g_test_add_func("/recorder/share/is-reached-by-a-plan-action",
                    share_is_reached_by_a_plan_action);
    g_test_add_func("/recorder/share/is-diluted-by-issued-cards", issued_cards_dilute_a_share);
    g_test_add_func("/recorder/share/once-reached-stays-reached", reached_share_stays_reached);
    g_test_add_func("/recorder/share/newer-generations-count-for-older-ones",
                    newer_generations_count_for_older_ones);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_files();
    add_samples();
    add_shares();
    return g_test_run();
}
