#include "sim/runs/estimate.h"

#include "model/protocol/population.h"
#include "model/wire/card.h"

#include "sim/base/histogram.h"
#include "sim/base/machine.h"
#include "sim/base/readable.h"
#include "sim/runs/workload.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/traffic/pairs.h"

#include <math.h>
#include <stddef.h>

/* Wire level, measured by `purseroll bench crypto` on a machine of 2020. */
#define SECONDS_OF_MEETING 3e-6
#define SECONDS_OF_SYMMETRIC 1.5e-6
#define SECONDS_OF_PUBLIC_KEY 250e-6
#define SECONDS_OF_CREDENTIAL 60e-6
/* Decision level, measured by `purseroll bench engine` on the same. */
#define SECONDS_OF_DECISION 20e-9
#define SECONDS_OF_DECISION_IN_MEMORY 100e-9 /* where records are in no cache */
#define SECONDS_OF_CARD 5e-9
/* What is no meeting, at either level; measured by runs of little else. */
#define SECONDS_OF_REPLICATION 1e-3
#define SECONDS_OF_ORDER 1.2e-6
#define SECONDS_OF_RECALL 0.7e-6
#define SECONDS_OF_TAP 0.2e-6
#define SECONDS_OF_REVOKED 2e-6
#define SECONDS_OF_WAKE 2e-6
#define SECONDS_OF_DRAW 60e-9
#define SECONDS_OF_TURN 2e-6
#define SECONDS_OF_REBUILT 5e-9
#define SECONDS_OF_OUTCOME_ROW 0.15e-6
#define SECONDS_OF_KEY_ROW 1e-6
#define SECONDS_OF_TEAR 0.15e-6 /* to decide it */
#define SECONDS_OF_LOOK 2e-9
#define SECONDS_OF_ROW 0.3e-6 /* of a trace, to be read */
#define CARDS_IN_CACHE 2e6
#define MEBIBYTE (1024.0 * 1024)
#define BYTES_OF_PROGRAM (64 * MEBIBYTE)
#define BYTES_OF_DRAWN_CARD 48.0
#define BYTES_OF_UNEQUAL_CARD 16.0 /* while rates are put in order; 6 afterwards */
#define BYTES_OF_DORMANT_CARD 32.0 /* where it may be woken */
#define BYTES_OF_WAITS (sizeof(Histogram) + 2.0 * HISTOGRAM_BLOCK * sizeof(uint64_t))

/**
 * Estimate:
 * @work: of one replication
 * @bytes: of memory, one replication at a time, at the scenario's level
 * @seconds: of all of them likewise, on a current machine, on one core; right to a factor of about
 *   two
 */
typedef struct {
    Workload work;
    double bytes;
    double seconds;
} Estimate;

static bool
is_on_wire(const Scenario *scenario)
{
    return scenario->level == FIDELITY_APDU;
}

/* Cards with activities of their own, which take columns of tables. */
static double
cards_in_tables(const Scenario *scenario)
{
    double n = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (pairs_needs_table(scenario, scenario_cohort(scenario, i)))
            n += (double)scenario_cohort(scenario, i)->cards;
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *action = scenario_plan(scenario, i);

        if (action->what == PLAN_ISSUE &&
            pairs_needs_table(scenario, scenario_cohort(scenario, (guint)action->cohort)))
            n += (double)plan_facts_times(scenario, action) * (double)action->cards;
    }
    return n;
}

/* Every group with queues has a histogram of waiting times, and one more at the decision level; as
 * a rule they fall into few of its blocks. */
static double
memory_of_waits(const Scenario *scenario)
{
    guint n_groups = 0;

    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        n_groups += scenario_terminals(scenario, i)->count > 0;
    return n_groups * BYTES_OF_WAITS * (is_on_wire(scenario) ? 1 : 2);
}

/* Records, balances that outgrow 32 bits, what the wire keeps of a card, samples. */
static double
memory_of(const Scenario *scenario, double cards, double generations)
{
    double samples = (double)scenario->duration / (double)scenario->sample_interval + 1;
    double per_card = sizeof(CardRecord);

    if (is_on_wire(scenario) && scheme_has_certificates(&scenario->scheme))
        per_card += sizeof(CardCredential) + 2 * sizeof(gpointer);
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (scenario_cohort(scenario, i)->balance.high > UINT32_MAX) {
            per_card += sizeof(int32_t);
            break;
        }
    return BYTES_OF_PROGRAM + cards * per_card + cards_in_tables(scenario) * BYTES_OF_UNEQUAL_CARD +
           samples * sizeof(uint64_t) * (N_OUTCOMES + N_PATHS + 1.0 + generations);
}

/* Settlements that are no meetings. */
static double
orders_of(const Workload *work)
{
    return work->visits + work->swaps;
}

/* Of the meetings; what is torn on the wire is half as long. */
static double
torn_share(const Workload *work)
{
    return work->meetings > 0 ? work->torn / work->meetings : 0;
}

/* Cards that have met somebody on the wire, where each settlement has two of them. */
static double
cards_on_wire(const Workload *work)
{
    return work->cards > 0 ? work->cards * -expm1(-2 * work->on_wire / work->cards) : 0;
}

/* What is settled byte by byte, and the certificates for it. A card that is new or no one's has a
 * certificate of its own for one settlement. */
static double
seconds_on_wire(const Scenario *scenario, const Workload *work)
{
    double orders = is_on_wire(scenario) ? orders_of(work) : 0;
    double settled = work->on_wire + orders;
    double updates = MIN(work->updates, settled);
    double seconds = (settled - torn_share(work) * work->on_wire / 2) * SECONDS_OF_MEETING;

    if (scheme_has_certificates(&scenario->scheme))
        seconds += (cards_on_wire(work) + orders) * SECONDS_OF_CREDENTIAL;
    return seconds +
           updates * (work->has_public_key ? SECONDS_OF_PUBLIC_KEY : SECONDS_OF_SYMMETRIC);
}

static double
seconds_of_decisions(const Workload *work)
{
    double seconds =
        work->cards < CARDS_IN_CACHE ? SECONDS_OF_DECISION : SECONDS_OF_DECISION_IN_MEMORY;

    return (work->meetings - work->on_wire) * (seconds + torn_share(work) * SECONDS_OF_TEAR);
}

/* What is done besides settling, at either level. */
static double
seconds_besides(const Workload *work)
{
    return SECONDS_OF_REPLICATION + work->cards * SECONDS_OF_CARD +
           orders_of(work) * SECONDS_OF_ORDER + work->recalls * SECONDS_OF_RECALL +
           work->taps * SECONDS_OF_TAP + work->revoked * SECONDS_OF_REVOKED +
           work->wakes * SECONDS_OF_WAKE + work->draws * SECONDS_OF_DRAW +
           work->turns * SECONDS_OF_TURN + work->rebuilt * SECONDS_OF_REBUILT +
           work->outcome_rows * SECONDS_OF_OUTCOME_ROW + work->key_rows * SECONDS_OF_KEY_ROW +
           work->looks * SECONDS_OF_LOOK;
}

/* Numbers of the cards that one action draws, and the set of them; and those that may be woken. */
static double
memory_of_plan(const Scenario *scenario, double cards)
{
    double bytes = 0;
    double dormant = 0;

    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *action = scenario_plan(scenario, i);
        double drawn = action->share > 0 ? action->share * cards : (double)action->cards;

        if (action->what != PLAN_ISSUE)
            bytes = MAX(bytes, drawn * BYTES_OF_DRAWN_CARD);
    }
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (plan_facts_wakes(scenario, i) && scenario_cohort(scenario, i)->dormant > 0)
            dormant +=
                (double)scenario_cohort(scenario, i)->cards * scenario_cohort(scenario, i)->dormant;
    return bytes + dormant * BYTES_OF_DORMANT_CARD;
}

static Estimate
estimate_of(const Scenario *scenario)
{
    g_autoptr(GArray) transfer_ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    const Workload work = workload_of(scenario);
    double replications = (double)scenario->replications;
    Estimate estimate = { .work = work };

    estimate.bytes = memory_of(scenario, work.cards, (double)transfer_ids->len + update_ids->len) +
                     memory_of_plan(scenario, work.cards) + memory_of_waits(scenario);
    estimate.seconds = replications * (seconds_on_wire(scenario, &work) +
                                       seconds_of_decisions(&work) + seconds_besides(&work));
    if (scenario->trace != NULL)
        estimate.seconds += replications * work.meetings * SECONDS_OF_ROW;
    return estimate;
}

/* The largest of the points. */
static double
most_bytes(const GPtrArray *points)
{
    double bytes = 0;

    for (guint i = 0; i < points->len; i++)
        bytes = MAX(bytes, estimate_of(points->pdata[i]).bytes);
    return bytes;
}

/* Replications side by side share the program. @bytes: of one alone */
static double
bytes_of_jobs(double bytes, guint jobs)
{
    return BYTES_OF_PROGRAM + jobs * (bytes - BYTES_OF_PROGRAM);
}

static double
total_seconds(const GPtrArray *points)
{
    double seconds = 0;

    for (guint i = 0; i < points->len; i++)
        seconds += estimate_of(points->pdata[i]).seconds;
    return seconds;
}

void
estimate_choose_level(const GPtrArray *points)
{
    if (((const Scenario *)points->pdata[0])->fidelity != FIDELITY_AUTO)
        return;
    if (total_seconds(points) < ESTIMATE_WIRE_SECONDS && most_bytes(points) <= machine_free_bytes())
        return;
    for (guint i = 0; i < points->len; i++)
        ((Scenario *)points->pdata[i])->level = FIDELITY_DECISION;
}

guint
estimate_jobs(const GPtrArray *points)
{
    const Scenario *scenario = points->pdata[0];
    double n =
        MIN((double)machine_processors(), (double)points->len * (double)scenario->replications);
    double available = machine_free_bytes();
    double bytes = most_bytes(points);
    guint jobs = (guint)MAX(1, n);

    while (jobs > 1 && bytes_of_jobs(bytes, jobs) > available)
        jobs--;
    return jobs;
}

char *
estimate_shortage(const GPtrArray *points, guint jobs)
{
    double needed = bytes_of_jobs(most_bytes(points), jobs);
    double available = machine_free_bytes();

    if (needed <= available)
        return NULL;
    return g_strdup_printf("expected at least %.0f MiB of free memory for %u replication%s side by "
                           "side, found %.0f MiB",
                           ceil(needed / MEBIBYTE), jobs, jobs == 1 ? "" : "s",
                           available / MEBIBYTE);
}

/* What is no meeting, for a line of its own. */
static const struct {
    const char *name;
    size_t offset;
} others[] = {
    { "cards replaced", offsetof(Workload, swaps) },
    { "visits to cards that update others", offsetof(Workload, visits) },
    { "visits to a counter", offsetof(Workload, recalls) },
    { "taps at attackers' readers", offsetof(Workload, taps) },
    { "certificates revoked", offsetof(Workload, revoked) },
    { "cards woken", offsetof(Workload, wakes) },
};

static double *
other(Workload *work, guint i)
{
    return (double *)(gpointer)((char *)work + others[i].offset);
}

static void
print_others(Workload *work, FILE *out)
{
    const char *before = "# besides about";

    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *number = NULL;

        if (*other(work, i) < 1)
            continue;
        number = readable_number(*other(work, i));
        fprintf(out, "%s %s %s", before, number, others[i].name);
        before = ",";
    }
    if (before[0] == ',')
        fprintf(out, "\n");
}

/* Adds what a point needs; memory and cards are those of the largest. */
static void
add_point(Estimate *sum, const Scenario *scenario)
{
    Estimate estimate = estimate_of(scenario);
    const double n = (double)scenario->replications;

    sum->work.cards = MAX(sum->work.cards, estimate.work.cards);
    sum->work.meetings += n * estimate.work.meetings;
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        *other(&sum->work, i) += n * *other(&estimate.work, i);
    sum->bytes = MAX(sum->bytes, estimate.bytes);
    sum->seconds += estimate.seconds;
}

void
estimate_print(const GPtrArray *points, FILE *out)
{
    const Scenario *scenario = points->pdata[0];
    int64_t n = points->len * scenario->replications;
    Estimate sum = { 0 };
    g_autofree char *meetings = NULL;
    g_autofree char *mebibytes = NULL;
    g_autofree char *seconds = NULL;

    for (guint i = 0; i < points->len; i++)
        add_point(&sum, points->pdata[i]);
    meetings = readable_number(sum.work.meetings);
    mebibytes = readable_number(sum.bytes / MEBIBYTE);
    seconds = readable_number(sum.seconds);
    fprintf(out, "# %.0f cards, about %s meetings in %" G_GINT64_FORMAT " replication%s",
            sum.work.cards, meetings, n, n == 1 ? "" : "s");
    if (points->len > 1)
        fprintf(out, ", %" G_GINT64_FORMAT " at each of %u points", scenario->replications,
                points->len);
    fprintf(out, "\n");
    print_others(&sum.work, out);
    fprintf(out, "# about %s MiB of memory and %s s on one core\n", mebibytes, seconds);
    if (scenario->fidelity != FIDELITY_AUTO)
        fprintf(out, "# fidelity %s, as asked for\n", scenario_fidelity_names[scenario->level]);
    else if (is_on_wire(scenario))
        fprintf(out, "# fidelity apdu: every byte on the wire takes less than %g s\n",
                ESTIMATE_WIRE_SECONDS);
    else
        fprintf(out,
                "# fidelity decision: every byte on the wire would take more than %g s or "
                "more memory than is free\n",
                ESTIMATE_WIRE_SECONDS);
}
