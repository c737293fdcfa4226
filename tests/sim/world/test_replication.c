/* Whole runs against a second simulation of a page: embodiment 1 with cards as integers,
 * queues by Lindley's recursion and a plain list of waiting swaps. It draws from the same
 * streams, so every row must agree. */
#include "sim/scenario/plan.h"

#include "sim/base/engine_source.h"
#include "sim/base/histogram.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/traffic/arrivals.h"
#include "sim/traffic/mixing.h"
#include "sim/world/card_terms.h"
#include "sim/world/replication.h"

#include "tests/sim/replicated.h"

#include <sodium.h>

/* Three terminals at which cards queue, and cards that meet every other second. */
static const char busy_text[] = "[scenario]\n"
                                "name = busy\n"
                                "duration = 10min\n"
                                "sample-interval = 7s\n"
                                "seed = 3\n"
                                "replications = 5\n"
                                "[scheme]\n"
                                "embodiment = 1\n"
                                "[cohort new]\n"
                                "cards = 3\n"
                                "transfer-key = 2\n"
                                "update-key = 1\n"
                                "activity = constant 400/h\n"
                                "[cohort old]\n"
                                "cards = 57\n"
                                "transfer-key = 1\n"
                                "update-key = 1\n"
                                "activity = constant 900/h\n"
                                "[cohort idle]\n"
                                "cards = 20\n"
                                "transfer-key = 1\n"
                                "update-key = 1\n"
                                "activity = constant 0/h\n"
                                "[terminals till]\n"
                                "share = 50%\n"
                                "count = 2\n"
                                "kind = pos\n"
                                "interface = 14443-106\n"
                                "[terminals handheld]\n"
                                "share = 25%\n"
                                "count = unlimited\n"
                                "kind = handheld\n"
                                "interface = 7816-t0\n"
                                "[amount]\n"
                                "law = uniform 1 9\n";

/* ---- The second simulation --------------------------------------------- */

/* A card: its key and until when it is locked. */
typedef struct {
    uint32_t key;
    Micros end;
} SimpleCard;

/* A swap that is due, of one card. */
typedef struct {
    Micros at;
    uint32_t card;
    uint32_t key;
} DueSwap;

typedef struct {
    const Scenario *scenario;
    GArray *cards; /* of SimpleCard */
    GArray *due;   /* of DueSwap, in the order in which they were put off */
    Micros *free_at[2];
    Micros durations[2][N_PATHS]; /* per group of terminals */
    Histogram waits[N_PATHS];
    Mixing *mixing;
    Arrivals arrivals;
    Recorder *recorder;
    uint64_t ties;
    guint n_dropped;
    guint n_put_off;
} Simple;

static SimpleCard *
card_at(const Simple *simple, uint32_t card)
{
    return &g_array_index(simple->cards, SimpleCard, card);
}

/* Locks end with a tick of 2^14 us. */
static Micros
lock_end(const Simple *simple, uint32_t card)
{
    Micros tick = INT64_C(1) << 14;

    return (card_at(simple, card)->end + tick - 1) / tick * tick;
}

static void
add_simple_cards(Simple *simple, const ScenarioCohort *cohort, int64_t n, Micros at)
{
    SimpleCard card = { .key = (uint32_t)cohort->terms.transfer_key };

    for (int64_t i = 0; i < n; i++) {
        g_array_append_val(simple->cards, card);
        recorder_cards_enter(simple->recorder, at, 1, card.key, 1);
    }
    mixing_add_cards(simple->mixing, (uint32_t)n, cohort->activity.per_day);
}

static void
change_key(Simple *simple, uint32_t card, uint32_t key, Micros now, Micros at)
{
    recorder_key_changes(simple->recorder, now, at, KEY_TRANSFER, card_at(simple, card)->key, key);
    card_at(simple, card)->key = key;
}

static void
act(Simple *simple, const ScenarioPlan *action, uint64_t number)
{
    g_autofree char *purpose = g_strconcat("plan ", action->name, NULL);
    g_autoptr(GArray) chosen = NULL;
    Stream stream;

    if (action->what == PLAN_ISSUE) {
        add_simple_cards(simple, simple->scenario->cohorts->pdata[action->cohort], action->cards,
                         action->at);
        recorder_settle_shares(simple->recorder, action->at);
        arrivals_set_rate(&simple->arrivals, action->at, simple->mixing->total_rate);
        return;
    }
    stream_init(&stream, simple->scenario->seed, number, purpose);
    chosen = card_terms_choose_cards(&stream, simple->cards->len, (uint32_t)action->cards);
    for (guint i = 0; i < chosen->len; i++) {
        DueSwap swap = { .card = g_array_index(chosen, guint32, i),
                         .key = (uint32_t)action->terms.transfer_key };

        swap.at = MAX(lock_end(simple, swap.card), action->at);
        if (swap.at == action->at) {
            change_key(simple, swap.card, swap.key, swap.at, swap.at);
            continue;
        }
        simple->n_put_off++;
        if (swap.at < simple->scenario->duration)
            g_array_append_val(simple->due, swap);
    }
    recorder_settle_shares(simple->recorder, action->at);
}

/* The first of the swaps that are due soonest; -1 if there is none. */
static int
soonest_swap(const Simple *simple)
{
    int soonest = -1;

    for (guint i = 0; i < simple->due->len; i++)
        if (soonest < 0 || g_array_index(simple->due, DueSwap, i).at <
                               g_array_index(simple->due, DueSwap, soonest).at)
            soonest = (int)i;
    return soonest;
}

static guint
group_of(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53 < 2.0 / 3 ? 0 : 1;
}

static void
meet(Simple *simple, Micros now, const uint64_t bits[static 5])
{
    uint32_t payer = mixing_draw_payer(simple->mixing, bits[0], bits[1]);
    uint32_t payee = mixing_draw_payee(simple->mixing, payer, bits[2]);
    guint group = group_of(bits[3]);
    Micros *free_at = NULL;
    Micros start = now;
    Path path = PATH_NONE;
    uint32_t key = MAX(card_at(simple, payer)->key, card_at(simple, payee)->key);

    if (lock_end(simple, payer) > now || lock_end(simple, payee) > now) {
        recorder_card_busy(simple->recorder, now, 1);
        return;
    }
    if (simple->free_at[group] != NULL) {
        const ScenarioTerminals *terminals = simple->scenario->terminals->pdata[group];

        free_at = &simple->free_at[group][random_range_below(bits[4], (uint32_t)terminals->count)];
        start = MAX(now, *free_at);
    }
    if (start >= simple->scenario->duration) {
        simple->n_dropped++;
        return;
    }
    if (card_at(simple, payer)->key != card_at(simple, payee)->key)
        path = PATH_SYMMETRIC;
    recorder_meetings(simple->recorder, start,
                      path == PATH_NONE ? OUTCOME_PAID : OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE, 1, 0);
    if (path != PATH_NONE)
        recorder_update(simple->recorder, start, path, 1);
    change_key(simple, payer, key, now, start);
    change_key(simple, payee, key, now, start);
    histogram_add(&simple->waits[path], start - now, 1);
    card_at(simple, payer)->end = start + simple->durations[group][path];
    card_at(simple, payee)->end = card_at(simple, payer)->end;
    if (free_at != NULL)
        *free_at = card_at(simple, payer)->end;
}

/* Plan actions before swaps that were put off, both before arrivals of one time. The
 * swaps of these tests are put off to times of their own. */
static void
simulate(Simple *simple, uint64_t number)
{
    const GPtrArray *plan = simple->scenario->plan;
    guint n_acted = 0;
    Micros last = -1;
    Stream mixing;
    Stream groups;
    Stream terminals;

    stream_init(&mixing, simple->scenario->seed, number, "mixing");
    stream_init(&groups, simple->scenario->seed, number, "groups of terminals");
    stream_init(&terminals, simple->scenario->seed, number, "terminals");
    for (;;) {
        const ScenarioPlan *action = n_acted < plan->len ? plan->pdata[n_acted] : NULL;
        int swap = soonest_swap(simple);
        Micros swap_at = swap < 0 ? INT64_MAX : g_array_index(simple->due, DueSwap, swap).at;
        Micros action_at = action == NULL ? INT64_MAX : action->at;
        Micros now = MIN(MIN(action_at, swap_at), simple->arrivals.next);

        if (now >= simple->scenario->duration)
            return;
        simple->ties += now == last ? 1 : 0;
        last = now;
        if (now == action_at) {
            act(simple, action, number);
            n_acted++;
        } else if (now == swap_at) {
            DueSwap due = g_array_index(simple->due, DueSwap, swap);

            g_array_remove_index(simple->due, (guint)swap);
            change_key(simple, due.card, due.key, now, now);
            recorder_settle_shares(simple->recorder, now);
        } else {
            uint64_t bits[5] = { 0 };

            for (guint i = 0; i < 3; i++)
                bits[i] = stream_next(&mixing);
            bits[3] = stream_next(&groups);
            if (group_of(bits[3]) == 0) /* the one with queues */
                bits[4] = stream_next(&terminals);
            arrivals_draw(&simple->arrivals, INT64_MAX, &now, 1);
            meet(simple, now, bits);
        }
    }
}

/* What a settlement takes at each of the two groups: from runs with that group alone, in
 * which all of one path take the same time. */
static void
measure(Simple *simple, const char *text, const char *const *overrides)
{
    static const char *const keys[] = { "none,total,", "symmetric,total," };

    for (guint group = 0; group < 2; group++) {
        g_autoptr(Scenario) alone = parse(text, overrides);
        g_auto(Rows) rows = { { NULL } };

        g_ptr_array_set_size(alone->plan, 0);
        alone->duration = 60 * MICROS_PER_SECOND;
        ((ScenarioTerminals *)alone->terminals->pdata[1 - group])->share = 0;
        rows = replicate(alone, 1);
        for (Path path = PATH_NONE; path <= PATH_SYMMETRIC; path++) {
            g_assert_cmpfloat(number_at(&rows, FILE_LATENCY, keys[path], 2), ==, 0);
            simple->durations[group][path] =
                (Micros)(number_at(&rows, FILE_LATENCY, keys[path], 1) * 1000 + 0.5);
        }
    }
    g_assert_cmpint(simple->durations[0][PATH_SYMMETRIC], >, simple->durations[0][PATH_NONE]);
    g_assert_cmpint(simple->durations[0][PATH_NONE], <, simple->durations[1][PATH_NONE]);
}

static void
simple_init(Simple *simple, const Scenario *scenario, const char *text,
            const char *const *overrides, uint64_t number)
{
    g_autoptr(GArray) transfer = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update = plan_facts_collect_ids(scenario, KEY_UPDATE);
    GArray *const ids[N_KEY_KINDS] = { transfer, update };

    *simple = (Simple){
        .scenario = scenario,
        .cards = g_array_new(FALSE, FALSE, sizeof(SimpleCard)),
        .due = g_array_new(FALSE, FALSE, sizeof(DueSwap)),
        .mixing = mixing_new(),
        .recorder = recorder_new(scenario->duration, scenario->sample_interval, ids, true),
    };
    measure(simple, text, overrides);
    simple->free_at[0] = g_new0(Micros, 100);
    for (guint i = 0; i < scenario->cohorts->len; i++)
        add_simple_cards(simple, scenario->cohorts->pdata[i],
                         ((ScenarioCohort *)scenario->cohorts->pdata[i])->cards,
                         RECORDER_FROM_THE_START);
    recorder_settle_shares(simple->recorder, 0);
    arrivals_init(&simple->arrivals, scenario->seed, number);
    arrivals_set_rate(&simple->arrivals, 0, simple->mixing->total_rate);
}

static void
simple_clear(Simple *simple)
{
    g_array_unref(simple->cards);
    g_array_unref(simple->due);
    g_free(simple->free_at[0]);
    for (Path path = 0; path < N_PATHS; path++)
        histogram_clear(&simple->waits[path]);
    mixing_free(simple->mixing);
    recorder_free(simple->recorder);
}

/* summary.csv up to the metrics that need the value and the durations. */
static char *
summary_before_value(const Rows *rows)
{
    const char *end = strstr(rows->files[FILE_SUMMARY], "value-paid");

    g_assert_nonnull(end);
    return g_strndup(rows->files[FILE_SUMMARY], (gsize)(end - rows->files[FILE_SUMMARY]));
}

static void
assert_waits(const Rows *rows, const char *path, const Histogram *expected)
{
    g_autofree char *key = g_strconcat(path, ",wait,", NULL);
    g_autofree char *row = find_row(rows, FILE_LATENCY, key);
    g_autofree char *total = g_strconcat(path, ",total,", NULL);
    Distribution d = histogram_distribution(expected);
    g_autofree char *wanted =
        g_strdup_printf("%" G_GUINT64_FORMAT ",%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g", d.n, d.mean,
                        d.sd, d.least, d.p50, d.p90, d.p99, d.most);

    g_assert_cmpstr(row, ==, wanted);
    g_assert_cmpfloat(number_at(rows, FILE_LATENCY, total, 0), ==, (double)d.n);
}

/* Runs both. Returns: the second simulation, for what only it knows */
static Simple
assert_as_simulated(const char *text, const char *const *overrides, int64_t number, Rows *rows)
{
    g_autoptr(Scenario) scenario = parse(text, overrides);
    g_autoptr(Latency) no_latency = NULL;
    RunId id = { .scenario = scenario->name, .replication = number };
    g_autofree char *found = NULL;
    g_autofree char *expected = NULL;
    Protocol protocol;
    Simple simple;
    Rows simple_rows;

    *rows = replicate(scenario, number);
    simple_init(&simple, scenario, text, overrides, (uint64_t)number);
    simulate(&simple, (uint64_t)number);
    recorder_set_unserved(simple.recorder, simple.n_dropped);
    recorder_close(simple.recorder);
    protocol_init(&protocol, &scenario->scheme);
    no_latency = latency_new(&protocol);
    simple_rows = write_rows(simple.recorder, no_latency, &id);
    g_assert_cmpstr(rows->files[FILE_OUTCOMES], ==, simple_rows.files[FILE_OUTCOMES]);
    g_assert_cmpstr(rows->files[FILE_PROPAGATION], ==, simple_rows.files[FILE_PROPAGATION]);
    found = summary_before_value(rows);
    expected = summary_before_value(&simple_rows);
    g_assert_cmpstr(found, ==, expected);
    assert_waits(rows, "none", &simple.waits[PATH_NONE]);
    assert_waits(rows, "symmetric", &simple.waits[PATH_SYMMETRIC]);
    rows_clear(&simple_rows);
    return simple;
}

/* ---- Queues and locks -------------------------------------------------- */

static void
queues_and_locks_are_those_of_a_second_simulation(void)
{
    for (int64_t number = 1; number <= 3; number++) {
        g_auto(Rows) rows = { { NULL } };
        Simple simple = assert_as_simulated(busy_text, NULL, number, &rows);

        g_assert_cmpfloat(metric(&rows, "card-busy"), >, 300);
        g_assert_cmpfloat(metric(&rows, "meetings"), >, 3000);
        g_assert_cmpfloat(metric(&rows, "updates-symmetric"), ==, 77);
        g_assert_cmpfloat(number_at(&rows, FILE_LATENCY, "none,wait,", 5), >, 100);
        simple_clear(&simple);
    }
}

/* More than the tills can do: the last in the queue do not come to it. */
static void
overrun_terminals_drop_who_starts_after_the_end(void)
{
    const char *const *sets =
        SETS("cohort old.activity=constant 9000/h", "terminals till.share=100%",
             "terminals till.count=1", "terminals handheld.share=50%");
    g_auto(Rows) rows = { { NULL } };
    Simple simple = assert_as_simulated(busy_text, sets, 1, &rows);

    g_assert_cmpuint(simple.n_dropped, >, 3);
    g_assert_cmpfloat(metric(&rows, "card-busy"), >, metric(&rows, "meetings"));
    simple_clear(&simple);
}

static void
card_busy_is_no_meeting(void)
{
    g_auto(Rows) rows = run_text(busy_text, NULL);

    g_assert_cmpfloat(metric(&rows, "card-busy"), >, 0);
    g_assert_cmpfloat(metric(&rows, "meetings"), ==,
                      metric(&rows, "paid") + metric(&rows, "refused"));
    g_assert_cmpfloat(metric(&rows, "meetings"), ==,
                      number_at(&rows, FILE_LATENCY, "none,total,", 0) +
                          number_at(&rows, FILE_LATENCY, "symmetric,total,", 0));
}

/* Cards that meet three times in ten years: whoever rested for long is free. */
static void
years_of_rest_make_no_card_busy(void)
{
    g_auto(Rows) rows =
        run_text(busy_text,
                 SETS("scenario.duration=20y", "scenario.sample-interval=1y",
                      "cohort old.activity=constant 0.3/y", "cohort new.activity=constant 0.3/y"));

    g_assert_cmpfloat(metric(&rows, "meetings"), >, 250);
    g_assert_cmpfloat(metric(&rows, "card-busy"), ==, 0);
}

/* ---- Plan -------------------------------------------------------------- */

/* Appended to busy_text. */
#define ISSUE(name, at, n)                                                                         \
    "[plan " name "]\ndo = issue\nat = " at "\ncards = " n "\ncohort = late\n"
#define SWAP(name, at, n, key)                                                                     \
    "[plan " name "]\ndo = swap\nat = " at "\ncards = " n "\ntransfer-key = " key "\n"

static const char late_cohort[] = "[cohort late]\n"
                                  "cards = 0\n"
                                  "transfer-key = 4\n"
                                  "update-key = 1\n"
                                  "activity = constant 1200/h\n";

static void
issue_and_swap_are_those_of_a_second_simulation(void)
{
    g_autofree char *text =
        g_strconcat(busy_text, late_cohort, SWAP("a", "61s", "30", "3"), ISSUE("b", "200s", "9"),
                    SWAP("c", "200s", "2", "5"), ISSUE("d", "401500ms", "5"),
                    SWAP("e", "500s", "94", "6"), NULL);

    for (int64_t number = 1; number <= 3; number++) {
        g_auto(Rows) rows = { { NULL } };
        Simple simple = assert_as_simulated(text, NULL, number, &rows);

        g_assert_cmpuint(simple.n_put_off, >, 5);
        g_assert_cmpuint(simple.cards->len, ==, 94);
        simple_clear(&simple);
    }
}

/* A row that stands before the action is the same with and without it. */
static void
assert_same_until(const Rows *a, const Rows *b, RecorderFile file, double until_s)
{
    g_auto(GStrv) one = g_strsplit(a->files[file], "\n", -1);
    g_auto(GStrv) two = g_strsplit(b->files[file], "\n", -1);
    guint n = 1;

    for (; one[n] != NULL && *one[n] != '\0'; n++) {
        g_auto(GStrv) fields = g_strsplit(one[n], ",", -1);

        if (g_ascii_strtod(fields[3], NULL) > until_s)
            break;
        g_assert_cmpstr(one[n], ==, two[n]);
    }
    g_assert_cmpuint(n, >, 86); /* paid and something else in each interval of 7 s */
    g_assert_cmpstr(a->files[file], !=, b->files[file]);
}

/* The action falls on a sample, between others, with queues full of cards. */
static void
action_changes_no_row_before_it(gconstpointer data)
{
    g_autofree char *plain =
        g_strconcat(busy_text, late_cohort, ISSUE("always", "500s", "1"), NULL);
    g_autofree char *acted = g_strconcat(plain, (const char *)data, NULL);
    const char *const *sets =
        SETS("cohort old.balance=uniform 1000 9000", "cohort late.balance=uniform 1000 9000");
    g_auto(Rows) without = run_text(plain, sets);
    g_auto(Rows) with = run_text(acted, sets);

    assert_same_until(&without, &with, FILE_PROPAGATION, 301);
    assert_same_until(&without, &with, FILE_OUTCOMES, 301);
}

/* ---- One run, many ways ------------------------------------------------ */

static void
same_scenario_gives_same_rows(void)
{
    g_auto(Rows) one = run_text(busy_text, NULL);
    g_auto(Rows) two = run_text(busy_text, NULL);
    g_auto(Rows) other = run_text(busy_text, SETS("scenario.seed=4"));

    assert_same_rows(&one, &two);
    g_assert_cmpstr(one.files[FILE_PROPAGATION], !=, other.files[FILE_PROPAGATION]);
    g_assert_cmpstr(one.files[FILE_OUTCOMES], !=, other.files[FILE_OUTCOMES]);
}

/* All five take turns, event by event; the third runs alone as well. */
static void
replication_alone_equals_that_of_a_batch(void)
{
    g_autoptr(Scenario) scenario = parse(busy_text, NULL);
    g_autoptr(Scenario) another = parse(busy_text, NULL);
    g_auto(Rows) alone = replicate(another, 3);
    Replication *batch[5];
    Rows rows[5];
    bool any = true;

    for (guint i = 0; i < 5; i++)
        batch[i] = replication_new(scenario, i + 1);
    while (any) {
        any = false;
        for (guint i = 0; i < 5; i++)
            any = sim_engine_step(replication_engine(batch[i])) || any;
    }
    for (guint i = 0; i < 5; i++)
        rows[i] = finish(batch[i], scenario, i + 1);
    assert_same_rows(&rows[2], &alone);
    for (guint i = 0; i < 5; i++) {
        g_assert_true(i == 2 || metric(&rows[i], "time-to-share,transfer,2,1") !=
                                    metric(&alone, "time-to-share,transfer,2,1"));
        rows_clear(&rows[i]);
    }
}

static gboolean
quit(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

static void
batches_of_any_size_give_the_same_rows(void)
{
    static const guint batches[] = { 1, 7, 1024 };
    g_auto(Rows) stepped = run_text(busy_text, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(batches); i++) {
        g_autoptr(Scenario) scenario = parse(busy_text, NULL);
        g_autoptr(GMainContext) context = g_main_context_new();
        g_autoptr(GMainLoop) loop = g_main_loop_new(context, FALSE);
        Replication *replication = replication_new(scenario, 1);
        g_autoptr(GSource) source =
            sim_engine_source_new(replication_engine(replication), batches[i]);
        g_auto(Rows) rows = { { NULL } };

        g_source_set_callback(source, quit, loop, NULL);
        g_source_attach(source, context);
        g_main_loop_run(loop);
        rows = finish(replication, scenario, 1);
        assert_same_rows(&rows, &stepped);
    }
}

/* ---- Mondex ------------------------------------------------------------ */

/* Two cohorts of two adjacent keys each. */
static const char mondex_text[] = "[scenario]\n"
                                  "duration = 20d\n"
                                  "[scheme]\n"
                                  "embodiment = mondex\n"
                                  "[cohort a]\n"
                                  "cards = 40\n"
                                  "preloaded = 1,2\n"
                                  "activity = constant 4/d\n"
                                  "[cohort b]\n"
                                  "cards = 40\n"
                                  "preloaded = 2,3\n"
                                  "activity = constant 4/d\n";

/* The generation of a card is its current ID; payments that move it are plain ones. */
static void
mondex_cards_move_on_without_updates(void)
{
    g_auto(Rows) rows = run_text(mondex_text, NULL);

    g_assert_cmpfloat(number_at(&rows, FILE_PROPAGATION, "0,transfer,1,", 0), ==, 40);
    g_assert_cmpfloat(number_at(&rows, FILE_PROPAGATION, "0,transfer,2,", 0), ==, 40);
    g_assert_cmpfloat(metric(&rows, "final-share,transfer,2"), ==, 1);
    g_assert_null(find_row(&rows, FILE_SUMMARY, "final-share,transfer,3,")); /* needed by nobody */
    g_assert_cmpfloat(metric(&rows, "updates-symmetric"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "updates-public-key"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "books-residual"), ==, 0);
    g_assert_null(strstr(rows.files[FILE_OUTCOMES], ",refused"));
    g_assert_null(strstr(rows.files[FILE_OUTCOMES], "-update"));
}

/* Cards of keys 1 and 2 and of keys 3 and 4 have nothing in common, ever. */
static void
mondex_cards_two_migrations_apart_are_refused(void)
{
    g_auto(Rows) rows = run_text(mondex_text, SETS("cohort b.preloaded=3,4"));

    g_assert_cmpfloat(metric(&rows, "final-share,transfer,3"), ==, 0.5);
    g_assert_nonnull(strstr(rows.files[FILE_OUTCOMES], "refused-different-ids"));
}

/* ---- Books ------------------------------------------------------------- */

/* Small purses, limits, terms that end, cards issued and swapped on the way: whatever is
 * refused, every minor unit is accounted for and every arrival counted once. */
static const char mixed_text[] = "[scenario]\n"
                                 "duration = 20d\n"
                                 "[scheme]\n"
                                 "[cohort a]\n"
                                 "cards = 40\n"
                                 "transfer-key = 3\n"
                                 "update-key = 1\n"
                                 "transfer-key-limit = 3\n"
                                 "activity = constant 4/d\n"
                                 "expiry = fixed 9d\n"
                                 "balance = uniform 0 300\n"
                                 "[cohort b]\n"
                                 "cards = 40\n"
                                 "transfer-key = 2\n"
                                 "update-key = 2\n"
                                 "chip = jcop-2.4.1\n"
                                 "activity = constant 6/d\n"
                                 "balance = uniform 0 300\n"
                                 "[cohort c]\n"
                                 "cards = 0\n"
                                 "transfer-key = 4\n"
                                 "update-key = 2\n"
                                 "balance = uniform 0 30\n"
                                 "[plan more]\n"
                                 "do = issue\n"
                                 "at = 5d\n"
                                 "cards = 10\n"
                                 "cohort = c\n"
                                 "[plan exchange]\n"
                                 "do = swap\n"
                                 "at = 12d\n"
                                 "cards = 30\n"
                                 "transfer-key = 4\n"
                                 "transfer-key-limit = 9\n"
                                 "[amount]\n"
                                 "law = uniform 1 90\n";

static double
sum_of_outcomes(const Rows *rows)
{
    g_auto(GStrv) lines = g_strsplit(rows->files[FILE_OUTCOMES], "\n", -1);
    double sum = 0;

    for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
        sum += g_ascii_strtod(strrchr(lines[i], ',') + 1, NULL);
    return sum;
}

static void
books_close(gconstpointer data)
{
    g_autofree char *embodiment = g_strconcat("scheme.embodiment=", (const char *)data, NULL);
    g_auto(Rows) rows = run_text(mixed_text, SETS(embodiment));
    g_auto(Rows) overdrawn = run_text(mixed_text, SETS(embodiment, "scheme.overdraft=allow"));

    g_assert_cmpfloat(metric(&rows, "books-residual"), ==, 0);
    g_assert_cmpfloat(metric(&rows, "refused"), >, 100);
    g_assert_cmpfloat(metric(&rows, "paid"), >, 100);
    g_assert_cmpfloat(metric(&rows, "value-paid"), >, 1000);
    g_assert_cmpfloat(metric(&rows, "value-destroyed"), ==, 0);
    g_assert_cmpfloat(sum_of_outcomes(&rows), ==,
                      metric(&rows, "meetings") + metric(&rows, "card-busy"));
    g_assert_cmpfloat(metric(&rows, "meetings"), ==,
                      metric(&rows, "paid") + metric(&rows, "refused"));
    g_assert_cmpfloat(metric(&overdrawn, "books-residual"), ==, 0);
    g_assert_cmpfloat(metric(&overdrawn, "value-paid"), >, metric(&rows, "value-paid"));
}

static void
add_runs(void)
{
    g_test_add_func("/replication/settle/queues-and-locks-are-those-of-a-second-simulation",
                    queues_and_locks_are_those_of_a_second_simulation);
    g_test_add_func("/replication/settle/overrun-terminals-drop-who-starts-after-the-end",
                    overrun_terminals_drop_who_starts_after_the_end);
    g_test_add_func("/replication/settle/card-busy-is-no-meeting", card_busy_is_no_meeting);
    g_test_add_func("/replication/mondex/cards-move-on-without-updates",
                    mondex_cards_move_on_without_updates);
    g_test_add_func("/replication/mondex/cards-two-migrations-apart-are-refused",
                    mondex_cards_two_migrations_apart_are_refused);
    g_test_add_func("/replication/settle/years-of-rest-make-no-card-busy",
                    years_of_rest_make_no_card_busy);
    g_test_add_func("/replication/run/same-scenario-gives-same-rows",
                    same_scenario_gives_same_rows);
    g_test_add_func("/replication/run/alone-equals-that-of-a-batch",
                    replication_alone_equals_that_of_a_batch);
    g_test_add_func("/replication/run/batches-of-any-size-give-the-same-rows",
                    batches_of_any_size_give_the_same_rows);
    for (guint i = 0; scheme_embodiment_names[i] != NULL; i++) {
        g_autofree char *name = g_strdup_printf("/replication/close/books-close-in-embodiment-%s",
                                                scheme_embodiment_names[i]);

        g_test_add_data_func(name, scheme_embodiment_names[i], books_close);
    }
}

/* Each begins at 301 s: what it does, and the name it goes by. */
#define FROM_301S(what, more) "[plan extra]\ndo = " what "\nat = 301s\n" more
#define EVERY_301S(what, more) "[plan extra]\ndo = " what "\nevery = 301s\n" more

static const struct {
    const char *name;
    const char *text;
} late_actions[] = {
    { "issue", ISSUE("extra", "301s", "5") },
    { "swap", SWAP("extra", "301s", "40", "9") },
    { "swap-from-cohorts", FROM_301S("swap", "cards = 9\nfrom = idle\ntransfer-key = 9\n") },
    { "swap-every-period", EVERY_301S("swap", "cards = 9\ntransfer-key = 9\n") },
    { "issue-every-period", EVERY_301S("issue", "cards = 5\ncohort = late\n") },
    { "campaign", FROM_301S("campaign", "cards = 40\nrate = 2000/h\ntransfer-key = 9\n") },
    { "replace", FROM_301S("replace", "rate = 30/h\ntransfer-key = 9\n") },
    { "rotate", EVERY_301S("rotate", "cards = 9\ntransfer-key = 9\n") },
    { "recall", FROM_301S("recall", "rate = 30/h\ntransfer-key = 9\n") },
    { "special", FROM_301S("special", "rate = 900/h\nterminals = till\ntransfer-key = 9\n"
                                      "update-key = 1\n") },
    { "limits",
      FROM_301S("limits", "cohort = late\ntransfer-key-limit = 4\n") ISSUE("more", "301s", "5") },
};

static void
add_plans(void)
{
    g_test_add_func("/replication/plan/issue-and-swap-are-those-of-a-second-simulation",
                    issue_and_swap_are_those_of_a_second_simulation);
    for (guint i = 0; i < G_N_ELEMENTS(late_actions); i++) {
        g_autofree char *name =
            g_strdup_printf("/replication/plan/%s-changes-no-row-before-it", late_actions[i].name);

        g_test_add_data_func(name, late_actions[i].text, action_changes_no_row_before_it);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    add_runs();
    add_plans();
    return g_test_run();
}
