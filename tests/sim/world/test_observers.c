/* What is told of everything that two cards do to each other, at both levels: each kind of
 * settlement with the right cards, and what they held before and after it. */
#include "sim/measure/observers.h"

#include "sim/scenario/scenario.h"

#include "tests/sim/replicated.h"

#include <sodium.h>

/* Thirty cards that meet, half of them older; all that is no meeting happens to some as well. */
static const char text[] =
    "[scenario]\nname = s\nduration = 10d\nsample-interval = 2d\n"
    "[scheme]\nembodiment = 5\n"
    "[cohort old]\ncards = 15\ntransfer-key = 1\nupdate-key = 1\nactivity = constant 3/d\n"
    "[cohort new]\ncards = 15\ntransfer-key = 2\nupdate-key = 2\nactivity = constant 3/d\n"
    "[cohort late]\ncards = 0\ntransfer-key = 3\nupdate-key = 2\nactivity = constant 3/d\n"
    "[terminals shop]\ncount = 2\n"
    "[plan issued]\ndo = issue\nat = 3d\ncards = 5\ncohort = late\n"
    "[plan swapped]\ndo = swap\nat = 2d\ncards = 3\ntransfer-key = 3\nupdate-key = 2\n"
    "[plan sites]\ndo = special\nat = 4d\nrate = 1/d\nterminals = shop\ntransfer-key = 4\n"
    "update-key = 2\n"
    "[plan home]\ndo = recall\nat = 5d\nrate = 0.1/d\ntransfer-key = 5\n"
    "[plan lost]\ndo = leak\nat = 1d\nleak = whole-card\ntaps = 2/d\n"
    "[plan poison]\ndo = inject\nat = 6d\ncards = 3\ntransfer-key = 9\nupdate-key = 2\n";

#define N_CARDS_MAX 40

/**
 * Diary: what one observer was told
 * @known: memories of cards after the last settlement that was told of them; @is_known: whether
 *   any was
 * @n_outcomes: of meetings
 * @keys_seen: changes of keys by the memories of cards in circulation; @keys_told: as such
 * @settlements, @keys: a line each
 */
typedef struct {
    CardMemory known[N_CARDS_MAX];
    bool is_known[N_CARDS_MAX];
    guint n_of[N_OBSERVED_KINDS];
    guint n_outcomes[OUTCOME_CARD_BUSY + 1];
    guint keys_seen;
    guint keys_told;
    guint cards;
    guint samples;
    GString *settlements;
    GString *keys;
} Diary;

static void
assert_same_memory(const CardMemory *a, const CardMemory *b)
{
    g_assert_cmpuint(a->transfer_key, ==, b->transfer_key);
    g_assert_cmpuint(a->update_key, ==, b->update_key);
    g_assert_cmpint(a->balance, ==, b->balance);
}

/* The card held what was told last. @after: on the card with that number from now on */
static void
follow(Diary *diary, uint32_t card, const CardMemory *before, const CardMemory *after)
{
    g_assert_cmpuint(card, <, N_CARDS_MAX);
    if (diary->is_known[card])
        assert_same_memory(&diary->known[card], before);
    diary->known[card] = *after;
    diary->is_known[card] = true;
    diary->keys_seen += before->transfer_key != after->transfer_key;
    diary->keys_seen += before->update_key != after->update_key;
}

static void
write_line(Diary *diary, const ObservedSettlement *told)
{
    g_string_append_printf(diary->settlements, "%d @%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ":",
                           told->kind, told->decided, told->start);
    if (told->kind == OBSERVED_MEETING || told->course != NULL)
        g_string_append_printf(diary->settlements, " %d %d %d %d", told->outcome, told->path,
                               told->wrote[SIDE_PAYER], told->wrote[SIDE_PAYEE]);
    for (Side side = 0; side < N_SIDES; side++)
        g_string_append_printf(
            diary->settlements, ", %u %u/%u %" G_GINT64_FORMAT " to %u/%u %" G_GINT64_FORMAT,
            told->cards[side], told->before[side].transfer_key, told->before[side].update_key,
            told->before[side].balance, told->after[side].transfer_key,
            told->after[side].update_key, told->after[side].balance);
    g_string_append_c(diary->settlements, '\n');
}

static void
on_settlement(gpointer data, const ObservedSettlement *told)
{
    Diary *diary = data;

    diary->n_of[told->kind]++;
    write_line(diary, told);
    if (told->kind == OBSERVED_MEETING) {
        diary->n_outcomes[told->outcome]++;
        g_assert_cmpuint(told->cards[SIDE_PAYER], !=, told->cards[SIDE_PAYEE]);
        for (Side side = 0; side < N_SIDES; side++)
            follow(diary, told->cards[side], &told->before[side], &told->after[side]);
    } else if (told->kind == OBSERVED_SWAP) {
        g_assert_cmpuint(told->cards[SIDE_PAYER], ==, told->cards[SIDE_PAYEE]);
        follow(diary, told->cards[SIDE_PAYEE], &told->before[SIDE_PAYER], &told->after[SIDE_PAYEE]);
    } else {
        g_assert_cmpuint(told->cards[SIDE_PAYER], ==, OBSERVED_NO_CARD);
        follow(diary, told->cards[SIDE_PAYEE], &told->before[SIDE_PAYEE], &told->after[SIDE_PAYEE]);
    }
}

static void
on_keys(gpointer data, Micros now, Micros at, KeyKind kind, uint32_t from, uint32_t to)
{
    Diary *diary = data;

    diary->keys_told++;
    g_assert_cmpint(now, <=, at);
    g_string_append_printf(diary->keys, "%" G_GINT64_FORMAT " %d %u to %u\n", at, kind, from, to);
}

static void
on_cards(gpointer data, Micros at, uint32_t first, uint64_t n, uint32_t transfer_id,
         uint32_t update_id)
{
    Diary *diary = data;

    g_assert_cmpint(at, ==, 3 * MICROS_PER_DAY);
    g_assert_cmpuint(first, ==, 30);
    g_assert_cmpuint(transfer_id, ==, 3);
    g_assert_cmpuint(update_id, ==, 2);
    diary->cards += (guint)n;
}

static void
on_sample(gpointer data, Micros now)
{
    Diary *diary = data;

    g_assert_cmpint(now, ==, 2 * MICROS_PER_DAY * diary->samples);
    diary->samples++;
}

static void
diary_init(Diary *diary)
{
    *diary = (Diary){ .settlements = g_string_new(NULL), .keys = g_string_new(NULL) };
}

static void
diary_clear(Diary *diary)
{
    g_string_free(diary->settlements, TRUE);
    g_string_free(diary->keys, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Diary, diary_clear)

/* Runs it with @diary listening, and counts besides what the recorder counted. */
static Rows
observe(const Scenario *scenario, Diary *diary, uint64_t recorded[static OUTCOME_CARD_BUSY + 1])
{
    Replication *replication = replication_new(scenario, 1);
    const Recorder *recorder = replication_recorder(replication);

    diary_init(diary);
    replication_observe(replication, &(Observer){
                                         .on_settlement = on_settlement,
                                         .hears_plain = true,
                                         .on_keys = on_keys,
                                         .on_cards = on_cards,
                                         .on_sample = on_sample,
                                         .data = diary,
                                     });
    while (sim_engine_step(replication_engine(replication)))
        continue;
    for (Outcome outcome = 0; outcome < OUTCOME_CARD_BUSY; outcome++)
        recorded[outcome] = recorder_outcome(recorder, outcome);
    return finish(replication, scenario, 1);
}

#define WIRE "scenario.fidelity=apdu"
#define DECISION "scenario.fidelity=decision"

/* What the observer heard fits together and what was recorded. */
static void
assert_whole(const Diary *diary, const uint64_t recorded[static OUTCOME_CARD_BUSY + 1])
{
    for (Outcome outcome = 0; outcome < OUTCOME_CARD_BUSY; outcome++)
        g_assert_cmpuint(diary->n_outcomes[outcome], ==, recorded[outcome]);
    g_assert_cmpuint(diary->keys_told, ==, diary->keys_seen);
    g_assert_cmpuint(diary->cards, ==, 5);
    g_assert_cmpuint(diary->samples, ==, 5);
}

static void
both_levels_tell_the_same(gconstpointer extra)
{
    g_autoptr(Scenario) bytes = parse(text, SETS(WIRE, extra));
    g_autoptr(Scenario) rules = parse(text, SETS(DECISION, extra));
    uint64_t recorded[OUTCOME_CARD_BUSY + 1];
    g_auto(Diary) on_wire = { 0 };
    g_auto(Diary) by_rule = { 0 };
    g_auto(Rows) a = observe(bytes, &on_wire, recorded);

    assert_whole(&on_wire, recorded);
    {
        g_auto(Rows) b = observe(rules, &by_rule, recorded);

        assert_whole(&by_rule, recorded);
        assert_same_rows(&a, &b);
    }
    g_assert_cmpstr(on_wire.settlements->str, ==, by_rule.settlements->str);
    g_assert_cmpstr(on_wire.keys->str, ==, by_rule.keys->str);
    for (ObservedKind kind = 0; kind < N_OBSERVED_KINDS; kind++)
        g_assert_cmpuint(on_wire.n_of[kind], >, 0);
}

/* Samples are events here whether anybody listens or not. */
static void
listening_changes_nothing(void)
{
    g_autoptr(Scenario) scenario = parse(text, SETS(DECISION, "scenario.active-within=1d"));
    uint64_t recorded[OUTCOME_CARD_BUSY + 1];
    g_auto(Diary) diary = { 0 };
    g_auto(Rows) heard = observe(scenario, &diary, recorded);
    g_auto(Rows) unheard = replicate(scenario, 1);

    assert_same_rows(&heard, &unheard);
}

/* Who asks for less leaves the engine its short cuts, and hears of the same changes. */
static void
keys_alone_are_told_alike(void)
{
    g_autoptr(Scenario) scenario = parse(text, SETS(DECISION));
    uint64_t recorded[OUTCOME_CARD_BUSY + 1];
    g_auto(Diary) all = { 0 };
    g_auto(Diary) alone = { 0 };
    g_auto(Rows) rows = observe(scenario, &all, recorded);
    g_autoptr(Replication) replication = replication_new(scenario, 1);

    diary_init(&alone);
    replication_observe(replication, &(Observer){ .on_keys = on_keys, .data = &alone });
    while (sim_engine_step(replication_engine(replication)))
        continue;
    g_assert_cmpstr(alone.keys->str, ==, all.keys->str);
}

static void
count(gpointer data, const ObservedSettlement *settlement G_GNUC_UNUSED)
{
    (*(guint *)data)++;
}

/* Observers are called in turn, those that listen to something else are passed over. */
static void
each_hears_what_it_asks_for(void)
{
    g_auto(Diary) diary = { 0 };
    Observers observers = { 0 };
    const uint32_t cards[N_SIDES] = { 0, 1 };
    const CardMemory memories[N_SIDES] = { { .transfer_key = 1 }, { .transfer_key = 1 } };
    const ObservedSettlement settlement = { .cards = cards, .before = memories, .after = memories };
    guint n = 0;

    diary_init(&diary);
    observers_tell_settlement(&observers, &settlement);
    observers_join(&observers, &(Observer){ .on_keys = on_keys, .data = &diary });
    g_assert_false(observers.hear_settlements || observers.hear_plain || observers.hear_samples);
    g_assert_true(observers.hear_keys);
    observers_join(&observers, &(Observer){ .on_settlement = count, .data = &n });
    g_assert_true(observers.hear_settlements && !observers.hear_plain);
    observers_join(&observers,
                   &(Observer){ .on_settlement = count, .hears_plain = true, .data = &n });
    g_assert_true(observers.hear_plain);
    observers_tell_settlement(&observers, &settlement);
    observers_tell_keys(&observers, 0, 1, KEY_TRANSFER, 1, 2);
    observers_tell_sample(&observers, 0);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpuint(diary.keys_told, ==, 1);
    observers_clear(&observers);
    g_assert_false(observers.hear_settlements);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    g_test_add_data_func("/observers/levels-tell-the-same", NULL, both_levels_tell_the_same);
    g_test_add_data_func("/observers/levels-tell-the-same-without-update-keys",
                         "scheme.embodiment=2", both_levels_tell_the_same);
    g_test_add_data_func("/observers/levels-tell-the-same-of-tears", "faults.torn=20%",
                         both_levels_tell_the_same);
    g_test_add_func("/observers/listening-changes-nothing", listening_changes_nothing);
    g_test_add_func("/observers/keys-alone-are-told-alike", keys_alone_are_told_alike);
    g_test_add_func("/observers/each-hears-what-it-asks-for", each_hears_what_it_asks_for);
    return g_test_run();
}
