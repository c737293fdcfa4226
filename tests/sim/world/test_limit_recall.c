/* Which cards are called in, when each is replaced and by what. A trace says who meets when, so
 * that every moment is known; the newest key is there on replaced cards alone, and as it has
 * leaked, its card-days tell since when. */
#include "sim/scenario/scenario.h"

#include "sim/input/load.h"

#include "tests/sim/replicated.h"

#include <glib/gstdio.h>
#include <sodium.h>

/* Cards 0 and 1 are newer than card 2, which is at its limit or comes to it. */
static const char text[] =
    "[scenario]\nname = s\nduration = 100s\nsample-interval = 30s\n"
    "[scheme]\nembodiment = 1\nreclaim-delay = 10s\n"
    "[cohort newer]\ncards = 2\ntransfer-key = 2\nupdate-key = 1\n"
    "[cohort limited]\ncards = 1\ntransfer-key = 1\nupdate-key = 1\nsuccessor = fresh\n"
    "[cohort fresh]\ncards = 0\ntransfer-key = 9\nupdate-key = 1\n"
    "[terminals shop]\nkind = pos\n"
    "[mixing]\nmodel = trace\ntrace-file = trace.csv\ntrace-ids = number\n"
    "[plan watch]\ndo = leak\nat = 0s\nleak = transfer-key 9\n";

/**
 * Called: what is expected of a run
 * @sets: as with --set
 * @meetings: TIME,PAYER,PAYEE in seconds and numbers of cards
 * @n_replaced: cards; at least so many if @card_seconds is ANY
 * @card_seconds: that cards have spent on the successor's key; ANY: chance decides when it was
 */
typedef struct {
    const char *name;
    const char *sets[10];
    const char *meetings;
    int n_replaced;
    double card_seconds;
} Called;

#define ANY (-1)
#define NOTHING "1,0,1\n" /* no meeting that matters */
#define REFUSE "scheme.reclaim=on-refuse"
#define REACH "scheme.reclaim=on-reach"
#define LIMIT(n) "cohort limited.transfer-key-limit=" #n
#define INJECT(n)                                                                                  \
    "plan i.do=inject", "plan i.at=5s", "plan i.transfer-key=" #n, "plan i.cards=1",               \
        "plan i.update-key=1", "plan i.from=limited"
#define SPECIAL                                                                                    \
    "plan s.do=special", "plan s.at=0s", "plan s.rate=86400/d", "plan s.terminals=shop",           \
        "plan s.transfer-key=2", "plan s.update-key=1"

#define RECALL                                                                                     \
    "plan r.do=recall", "plan r.at=0s", "plan r.rate=86400/d", "plan r.transfer-key=2",            \
        "plan r.from=limited"

static const Called cases[] = {
    { "refused", { REFUSE, LIMIT(1) }, "5,0,2\n", 1, 85 },
    { "refused-as-a-payer", { REFUSE, LIMIT(1) }, "5,2,0\n", 1, 85 },
    { "refused-twice", { REFUSE, LIMIT(1) }, "5,0,2\n7,2,1\n", 1, 85 },
    { "refused-and-moved-others-later", { REFUSE, LIMIT(1) }, "5,0,2\n20,0,2\n", 1, 85 + 80 },
    { "refused-by-an-older-card", { REFUSE, LIMIT(1) }, "5,0,1\n", 0, 0 },
    { "refused-for-its-balance", { REFUSE, "cohort limited.balance=constant 0" }, "5,2,0\n", 0, 0 },
    { "refused-for-another-update-key",
      { REFUSE, LIMIT(1), "cohort limited.update-key=2" },
      "5,0,2\n",
      0,
      0 },
    { "took-what-it-could", { REFUSE, LIMIT(2) }, "5,0,2\n", 0, 0 },
    { "exclusive-refused", { REFUSE, LIMIT(2), "scheme.range=limit-exclusive" }, "5,0,2\n", 1, 85 },
    { "longer-delay", { REFUSE, LIMIT(1), "scheme.reclaim-delay=60s" }, "5,0,2\n", 1, 35 },
    { "no-delay", { REFUSE, LIMIT(1), "scheme.reclaim-delay=0s" }, "5,0,2\n6,2,0\n", 1, 95 + 94 },
    { "shortly-before-the-end", { REFUSE, LIMIT(1) }, "89.999999,0,2\n", 1, 1e-6 },
    { "too-late", { REFUSE, LIMIT(1) }, "90,0,2\n", 0, 0 },
    { "never", { "scheme.reclaim=never", LIMIT(1) }, "5,0,2\n", 0, 0 },
    { "own-successor",
      { REFUSE, LIMIT(1), "cohort limited.successor=limited" },
      "5,0,2\n30,0,2\n",
      2,
      0 },
    { "refused-again-before-and-after",
      { REFUSE, LIMIT(1), "cohort limited.successor=limited" },
      "5,0,2\n7,0,2\n16,0,2\n18,0,2\n",
      2,
      0 },
    { "replaced-meanwhile",
      { REFUSE, LIMIT(1), "plan x.do=swap", "plan x.at=8s", "plan x.cards=3" },
      "5,0,2\n",
      0,
      0 },
    { "reached", { REACH, LIMIT(2) }, "5,0,2\n", 1, 85 },
    { "reached-exclusive", { REACH, LIMIT(3), "scheme.range=limit-exclusive" }, "5,0,2\n", 1, 85 },
    { "not-reached", { REACH, LIMIT(3) }, "5,0,2\n", 0, 0 },
    { "not-reached-exclusive",
      { REACH, LIMIT(4), "scheme.range=limit-exclusive" },
      "5,0,2\n",
      0,
      0 },
    { "no-limit-to-reach", { REACH }, "5,0,2\n", 0, 0 },
    { "issued-at-the-limit", { REACH, LIMIT(1) }, "5,0,2\n", 0, 0 },
    { "reached-update-key",
      { REACH, "scheme.embodiment=5", "cohort newer.update-key=2",
        "cohort limited.update-key-limit=2" },
      "5,0,2\n",
      1,
      85 },
    { "not-reached-update-key",
      { REACH, "scheme.embodiment=5", "cohort newer.update-key=2",
        "cohort limited.update-key-limit=3" },
      "5,0,2\n",
      0,
      0 },
    { "refused-update-key",
      { REFUSE, "scheme.embodiment=5", "cohort newer.update-key=2",
        "cohort limited.update-key-limit=1" },
      "5,0,2\n",
      1,
      85 },
    { "refused-for-the-order-of-update-keys", /* which is judged before the limit */
      { REFUSE, LIMIT(1), "scheme.embodiment=5", "cohort limited.update-key=2" },
      "5,0,2\n",
      0,
      0 },
    { "refused-per-field-for-both",
      { REFUSE, LIMIT(1), "scheme.embodiment=5", "cohort limited.update-key=2",
        "scheme.uk-rule=per-field" },
      "5,0,2\n",
      1,
      85 },
    { "refused-update-key-alone",
      { REFUSE, "scheme.embodiment=5", "cohort newer.update-key=2",
        "cohort limited.update-key-limit=1", "scheme.uk-rule=per-field" },
      "5,0,2\n",
      1,
      85 },
    { "refused-update-key-alone-as-a-payer",
      { REFUSE, "scheme.embodiment=5", "cohort newer.update-key=2",
        "cohort limited.update-key-limit=1", "scheme.uk-rule=tk-only" },
      "5,2,0\n",
      1,
      85 },
    { "refused-update-key-for-its-order-alone",
      { REFUSE, "scheme.embodiment=5", "cohort limited.update-key=2",
        "cohort limited.update-key-limit=2", "scheme.uk-rule=per-field" },
      "5,0,2\n",
      0,
      0 },
    { "refused-update-key-in-the-second-round",
      { REFUSE, "scheme.embodiment=5", "cohort newer.update-key=2", "cohort limited.transfer-key=3",
        "cohort limited.update-key-limit=1", "scheme.uk-rule=bidirectional" },
      "5,0,2\n",
      1,
      85 },
    { "refused-unsigned",
      { REFUSE, LIMIT(1), "scheme.key-auth=issuer-signed", "cohort newer.rogue=poison" },
      "5,0,2\n",
      0,
      0 },
    { "refused-for-the-step", { REFUSE, LIMIT(8), "scheme.max-step=1", INJECT(7) }, NOTHING, 0, 0 },
    { "refused-in-silence", { REFUSE, LIMIT(1), "scheme.update-ack=no" }, "5,0,2\n", 1, 85 },
    { "refused-an-attacker", { REFUSE, LIMIT(1), INJECT(2) }, NOTHING, 1, 85 },
    { "reached-by-an-attacker", { REACH, LIMIT(2), INJECT(2) }, NOTHING, 1, 85 },
    { "refused-a-special-card", { REFUSE, LIMIT(1), SPECIAL }, NOTHING, 1, ANY },
    { "refused-a-special-card-at-once",
      { REFUSE, LIMIT(1), SPECIAL, "scheme.reclaim-delay=0s" },
      NOTHING,
      1,
      ANY },
    { "reached-by-a-special-card", { REACH, LIMIT(2), SPECIAL }, NOTHING, 1, ANY },
    { "not-reached-by-a-special-card", { REACH, LIMIT(3), SPECIAL }, NOTHING, 0, 0 },
    { "reached-by-a-recall", { REACH, LIMIT(2), RECALL }, NOTHING, 1, ANY },
    { "refused-a-recall", { REFUSE, LIMIT(1), RECALL }, NOTHING, 1, ANY },
    { "took-what-a-recall-wrote", { REFUSE, LIMIT(2), RECALL }, NOTHING, 0, 0 },
    { "refused-a-recall-at-the-last-preloaded",
      { REFUSE, RECALL, "scheme.embodiment=4", "cohort fresh.preloaded=9" },
      NOTHING,
      1,
      ANY },
    { "refused-a-recall-for-want-of-one-key",
      { REFUSE, RECALL, "scheme.embodiment=4", "cohort limited.preloaded=1,9",
        "cohort fresh.preloaded=9" },
      NOTHING,
      0,
      0 },
    { "reached-the-last-preloaded",
      { REACH, "scheme.embodiment=4", "cohort limited.preloaded=1,2", "cohort newer.preloaded=2,9",
        "cohort fresh.preloaded=9" },
      "5,0,2\n",
      1,
      85 },
    { "not-reached-the-last-preloaded",
      { REACH, "scheme.embodiment=4", "cohort limited.preloaded=1,2,9",
        "cohort newer.preloaded=2,9", "cohort fresh.preloaded=9" },
      "5,0,2\n",
      0,
      0 },
};

/* Runs @called at @level. */
static ReplicationResult
run(const Called *called, const char *folder, const char *level)
{
    g_autofree char *path = g_build_filename(folder, "s.ini", NULL);
    const char *const sets[] = { level,           called->sets[0], called->sets[1], called->sets[2],
                                 called->sets[3], called->sets[4], called->sets[5], called->sets[6],
                                 called->sets[7], called->sets[8], called->sets[9], NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_parse(path, text, strlen(text), sets, &error);
    Replication *replication;

    g_assert_no_error(error);
    replication = replication_new(scenario, 1);
    while (sim_engine_step(replication_engine(replication)))
        continue;
    return replication_finish(replication);
}

static double
value_of(const ReplicationResult *result, const char *name)
{
    for (guint i = 0; i < result->metrics->len; i++) {
        const Metric *metric = &g_array_index(result->metrics, Metric, i);

        if (strcmp(metric->name, name) == 0)
            return metric_value(metric);
    }
    return 0;
}

static void
card_is_called_in(gconstpointer data)
{
    const Called *called = data;
    g_autofree char *rows = g_strconcat("time,payer,payee\n", called->meetings, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("test-limit-recall-XXXXXX", &error);
    g_autofree char *trace = NULL;

    g_assert_no_error(error);
    trace = g_build_filename(folder, "trace.csv", NULL);
    g_assert_true(g_file_set_contents(trace, rows, -1, NULL));
    for (guint i = 0; i < 2; i++) {
        g_auto(ReplicationResult) result =
            run(called, folder, i == 0 ? "scenario.fidelity=apdu" : "scenario.fidelity=decision");

        g_assert_no_error(result.failure);
        if (called->card_seconds == ANY) {
            g_assert_cmpfloat(value_of(&result, "reclaimed"), >=, called->n_replaced);
            continue;
        }
        g_assert_cmpfloat(value_of(&result, "reclaimed"), ==, called->n_replaced);
        g_assert_cmpfloat_with_epsilon(value_of(&result, "exposure") * 86400, called->card_seconds,
                                       1e-9);
    }
    g_remove(trace);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = g_strconcat("/limit-recall/", cases[i].name, NULL);

        g_test_add_data_func(name, &cases[i], card_is_called_in);
    }
    return g_test_run();
}
