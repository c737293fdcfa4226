/* What is counted before a run is what takes place in it. */
#include "sim/runs/workload.h"

#include "sim/scenario/scenario.h"

#include "tests/sim/replicated.h"

#include <sodium.h>
#include <stddef.h>

/* Three hundred cards that meet now and then. */
static const char text[] = "[scenario]\n"
                           "name = busy\n"
                           "duration = 10d\n"
                           "fidelity = decision\n"
                           "[scheme]\n"
                           "embodiment = 1\n"
                           "[cohort old]\n"
                           "cards = 200\n"
                           "transfer-key = 1\n"
                           "update-key = 1\n"
                           "activity = constant 2/d\n"
                           "balance = constant 1000\n"
                           "[cohort other]\n"
                           "cards = 100\n"
                           "transfer-key = 1\n"
                           "update-key = 1\n"
                           "activity = constant 2/d\n"
                           "balance = constant 1000\n"
                           "[terminals tills]\n"
                           "count = 20\n";

#define N_TORN N_OBSERVED_KINDS /* counted beside the kinds */

typedef struct {
    double n[N_OBSERVED_KINDS + 1];
} Counter;

static void
count(gpointer data, const ObservedSettlement *settlement)
{
    Counter *counter = data;

    counter->n[settlement->kind]++;
    counter->n[N_TORN] += settlement->outcome >= OUTCOME_TORN_BEFORE_DEBIT &&
                          settlement->outcome <= OUTCOME_TORN_AFTER_CREDIT;
}

/**
 * Case: a number that is expected, and what it is held against
 * @factor: how far apart they may be; what is counted at most is counted too high
 */
typedef struct {
    const char *name;
    const char *const overrides[8];
    size_t number;
    guint counted;
    double factor;
} Case;

#define NUMBER(field) offsetof(Workload, field)

static const Case cases[] = {
    { "meetings", { NULL }, NUMBER(meetings), OBSERVED_MEETING, 1.1 },
    { "meetings-of-a-quiet-night",
      { "amount.day-profile=1,3", "scenario.duration=12h", "cohort old.activity=constant 20/d",
        "scenario.sample-interval=12h" },
      NUMBER(meetings),
      OBSERVED_MEETING,
      1.1 },
    { "meetings-of-issued-cards",
      { "plan p.do=issue", "plan p.cards=40", "plan p.cohort=old", "plan p.every=1d" },
      NUMBER(meetings),
      OBSERVED_MEETING,
      1.1 },
    { "torn", { "faults.torn=40%" }, NUMBER(torn), N_TORN, 1.1 },
    { "torn-by-hazard",
      { "faults.payer-leaves=0.3/s", "faults.terminal-fails=0.3/s" },
      NUMBER(torn),
      N_TORN,
      2 },
    { "special",
      { "plan p.do=special", "plan p.rate=7/d", "plan p.terminals=tills", "plan p.transfer-key=2",
        "plan p.update-key=1", "plan p.at=3d" },
      NUMBER(visits),
      OBSERVED_SPECIAL,
      1.1 },
    { "inject",
      { "plan p.do=inject", "plan p.cards=9", "plan p.every=1h", "plan p.transfer-key=2",
        "plan p.update-key=1" },
      NUMBER(visits),
      OBSERVED_INJECT,
      1.1 },
    { "recall",
      { "plan p.do=recall", "plan p.rate=0.1/d", "plan p.transfer-key=2", "plan p.at=5d",
        "cohort old.activity=constant 0/d", "cohort other.activity=constant 0/d" },
      NUMBER(recalls),
      OBSERVED_RECALL,
      1.7 },
    { "swap",
      { "plan p.do=swap", "plan p.cards=7", "plan p.every=2h", "plan p.times=90" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.01 },
    { "swap-of-more-than-there-are",
      { "plan p.do=swap", "plan p.cards=500", "plan p.from=other",
        "plan p.when=share-at-least(transfer, 1) > 0" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.01 },
    { "replace",
      { "plan p.do=replace", "plan p.rate=3/d", "plan p.from=other", "plan p.at=4d" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.1 },
    { "replace-when-cards-are-issued",
      { "plan p.do=replace", "plan p.rate=3/d", "plan p.at=0d", "plan q.do=issue",
        "plan q.cards=300", "plan q.cohort=old", "plan q.at=8d" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.1 },
    { "replace-while-cards-are-issued",
      { "plan p.do=replace", "plan p.rate=3/d", "plan p.at=5d", "plan q.do=issue",
        "plan q.cards=200", "plan q.cohort=old", "plan q.every=1d" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.1 },
    { "rotate",
      { "plan p.do=rotate", "plan p.cards=5", "plan p.every=8h", "plan p.transfer-key=2" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.01 },
    { "campaign-that-is-over",
      { "plan p.do=campaign", "plan p.share=50%", "plan p.rate=100/d", "plan p.at=2d" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.05 },
    { "campaign-that-comes-too-late",
      { "plan p.do=campaign", "plan p.cards=300", "plan p.rate=20/d", "plan p.at=5d" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.05 },
    { "campaigns-that-overlap",
      { "plan p.do=campaign", "plan p.cards=300", "plan p.rate=300/d", "plan p.every=1h" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      1.5 },
    { "reclaimed-once",
      { "scheme.reclaim=on-refuse", "scheme.reclaim-delay=1h", "cohort old.transfer-key-limit=1",
        "cohort old.successor=other", "cohort new.cards=300", "cohort new.transfer-key=2",
        "cohort new.update-key=1" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      3 },
    { "reclaimed-again-and-again",
      { "scheme.reclaim=on-refuse", "scheme.reclaim-delay=1h", "cohort old.transfer-key-limit=1",
        "cohort other.transfer-key=2" },
      NUMBER(swaps),
      OBSERVED_SWAP,
      3 },
};

static void
number_is_what_takes_place(const void *data)
{
    const Case *row = data;
    g_autoptr(Scenario) scenario = parse(text, row->overrides);
    const Workload work = workload_of(scenario);
    const double expected = *(const double *)(gconstpointer)((const char *)&work + row->number);
    Replication *replication = replication_new(scenario, 1);
    Counter counter = { 0 };

    replication_observe(
        replication, &(Observer){ .on_settlement = count, .hears_plain = true, .data = &counter });
    while (sim_engine_step(replication_engine(replication)))
        continue;
    g_test_message("%s: %g expected, %g counted", row->name, expected, counter.n[row->counted]);
    g_assert_cmpfloat(counter.n[row->counted], >, 20);
    g_assert_cmpfloat(expected, >=, counter.n[row->counted] / row->factor);
    g_assert_cmpfloat(expected, <=, counter.n[row->counted] * row->factor);
    replication_free(replication);
}

/* Who settles byte by byte whatever the level. */
typedef struct {
    const char *name;
    const char *const overrides[7];
    double share;
} OnWire;

static const OnWire on_wire[] = {
    { "nobody", { NULL }, 0 },
    { "everybody", { "scenario.fidelity=apdu" }, 1 },
    { "half-the-terminals",
      { "terminals tills.share=50%", "terminals bad.share=50%", "terminals bad.rogue=burn" },
      0.5 },
    { "a-third-of-the-cards", { "cohort other.rogue=leaked-key" }, 1 - 4.0 / 9 },
    { "poisoned-cards-do-not", { "cohort other.rogue=poison" }, 0 },
};

static void
share_is_on_the_wire(const void *data)
{
    const OnWire *row = data;
    g_autoptr(Scenario) scenario = parse(text, row->overrides);
    const Workload work = workload_of(scenario);

    g_assert_cmpfloat_with_epsilon(work.on_wire, row->share * work.meetings, 1e-6);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (sodium_init() < 0)
        return 1;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = g_strconcat("/workload/counts/", cases[i].name, NULL);

        g_test_add_data_func(name, &cases[i], number_is_what_takes_place);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(on_wire); i++) {
        g_autofree char *name = g_strconcat("/workload/on-wire/", on_wire[i].name, NULL);

        g_test_add_data_func(name, &on_wire[i], share_is_on_the_wire);
    }
    return g_test_run();
}
