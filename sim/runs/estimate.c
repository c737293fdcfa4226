#include "sim/runs/estimate.h"

#include "model/protocol/population.h"
#include "model/wire/card.h"

#include "sim/base/machine.h"
#include "sim/base/readable.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/traffic/pairs.h"

#include <math.h>

/* Wire level, measured by `purseroll bench crypto` on a machine of 2020. */
#define SECONDS_OF_MEETING 3e-6
#define SECONDS_OF_SYMMETRIC 1.5e-6
#define SECONDS_OF_PUBLIC_KEY 250e-6
#define SECONDS_OF_CREDENTIAL 60e-6
/* Decision level, measured by `purseroll bench engine` on the same. */
#define SECONDS_OF_DECISION 20e-9
#define SECONDS_OF_DECISION_IN_MEMORY 100e-9 /* where records are in no cache */
#define SECONDS_OF_CARD 5e-9
#define SECONDS_OF_ROW 0.3e-6 /* of a trace, to be read */
#define CARDS_IN_CACHE 2e6
#define MEBIBYTE (1024.0 * 1024)
#define BYTES_OF_PROGRAM (64 * MEBIBYTE)
#define BYTES_OF_DRAWN_CARD 48.0
#define BYTES_OF_UNEQUAL_CARD 16.0 /* while rates are put in order; 6 afterwards */
#define BYTES_OF_DORMANT_CARD 32.0 /* where it may be woken */

/**
 * Estimate:
 * @cards: at the end, issued ones included
 * @meetings: expected, of all replications
 * @bytes: of memory, one replication at a time, at the scenario's level
 * @seconds: likewise, on a current machine, on one core; right to a factor of about two
 */
typedef struct {
    double cards;
    double meetings;
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

/* Of all replications. */
static double
seconds_on_wire(const Scenario *scenario, double cards, double meetings, double updates,
                bool is_public_key)
{
    double seconds = meetings * SECONDS_OF_MEETING;

    if (scheme_has_certificates(&scenario->scheme))
        seconds += (double)scenario->replications * cards * SECONDS_OF_CREDENTIAL;
    return seconds + updates * (is_public_key ? SECONDS_OF_PUBLIC_KEY : SECONDS_OF_SYMMETRIC);
}

static double
seconds_of_decisions(const Scenario *scenario, double cards, double meetings)
{
    return (double)scenario->replications * cards * SECONDS_OF_CARD +
           meetings *
               (cards < CARDS_IN_CACHE ? SECONDS_OF_DECISION : SECONDS_OF_DECISION_IN_MEMORY);
}

/* Rows of a trace that are settled in one replication, as if they were spread evenly. */
static double
rows_in_time(const Scenario *scenario)
{
    const ContactsFacts *facts = contacts_facts(scenario->trace);

    return (double)(facts->n_rows - facts->n_self) *
           MIN(1, (double)scenario->duration / (double)(facts->last + 1));
}

/* Whether the plan wakes cards of a cohort that are dormant. */
static bool
is_woken(const Scenario *scenario, guint cohort)
{
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *action = scenario_plan(scenario, i);

        if (action->what == PLAN_WAKE && plan_facts_concerns(action->from, cohort))
            return true;
    }
    return false;
}

double
estimate_payments_per_day(const Scenario *scenario, guint index)
{
    const ScenarioCohort *cohort = scenario_cohort(scenario, index);
    double dormant = is_woken(scenario, index) ? 0 : MAX(cohort->dormant, 0);

    return cohort->activity.per_day * (1 - dormant);
}

/* Those that cards begin which an action issues. */
static double
meetings_of_issued(const Scenario *scenario, const ScenarioPlan *action)
{
    double times = (double)plan_facts_times(scenario, action);
    double first = (double)plan_facts_time(action, 0);
    double last = (double)plan_facts_time(action, (int64_t)times - 1);
    double days = ((double)scenario->duration - (first + last) / 2) / (double)MICROS_PER_DAY;

    return times * (double)action->cards *
           estimate_payments_per_day(scenario, (guint)action->cohort) * days;
}

/* Cards that are issued at the beginning and by the plan, and the meetings they begin. */
static void
count(const Scenario *scenario, Estimate *estimate)
{
    double n = (double)scenario->replications;
    double days = (double)scenario->duration / (double)MICROS_PER_DAY;

    estimate->cards = (double)plan_facts_n_issued(scenario);
    if (scenario->trace != NULL)
        estimate->meetings = n * rows_in_time(scenario);
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);

        estimate->cards += (double)cohort->cards;
        if (scenario->trace != NULL)
            continue;
        estimate->meetings +=
            n * (double)cohort->cards * estimate_payments_per_day(scenario, i) * days;
    }
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *action = scenario_plan(scenario, i);

        if (action->what == PLAN_ISSUE && scenario->trace == NULL)
            estimate->meetings += n * meetings_of_issued(scenario, action);
    }
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
        if (is_woken(scenario, i) && scenario_cohort(scenario, i)->dormant > 0)
            dormant +=
                (double)scenario_cohort(scenario, i)->cards * scenario_cohort(scenario, i)->dormant;
    return bytes + dormant * BYTES_OF_DORMANT_CARD;
}

/* Each card once for each key but the oldest, as far as there are meetings for that. */
static double
updates_of(const Scenario *scenario, const Estimate *estimate, guint n_keys)
{
    return MIN((double)scenario->replications * estimate->cards * (n_keys - 1.0),
               estimate->meetings);
}

static bool
has_public_key(const Scenario *scenario, guint n_update_keys)
{
    return scenario->scheme.authenticate == AUTHENTICATE_PUBLIC_KEY ||
           (scheme_has_certificates(&scenario->scheme) && n_update_keys > 1);
}

EstimatedTraffic
estimate_traffic(const Scenario *scenario)
{
    g_autoptr(GArray) transfer_ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    Estimate estimate = { 0 };
    double n = (double)scenario->replications;

    count(scenario, &estimate);
    return (EstimatedTraffic){
        .meetings = estimate.meetings / n,
        .updates = updates_of(scenario, &estimate, transfer_ids->len) / n,
        .has_public_key = has_public_key(scenario, update_ids->len),
    };
}

static Estimate
estimate_of(const Scenario *scenario)
{
    g_autoptr(GArray) transfer_ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    Estimate estimate = { 0 };
    double updates;
    bool is_public_key = has_public_key(scenario, update_ids->len);

    count(scenario, &estimate);
    updates = updates_of(scenario, &estimate, transfer_ids->len);
    estimate.bytes =
        memory_of(scenario, estimate.cards, (double)transfer_ids->len + update_ids->len) +
        memory_of_plan(scenario, estimate.cards);
    estimate.seconds =
        is_on_wire(scenario)
            ? seconds_on_wire(scenario, estimate.cards, estimate.meetings, updates, is_public_key)
            : seconds_of_decisions(scenario, estimate.cards, estimate.meetings);
    if (scenario->trace != NULL)
        estimate.seconds += estimate.meetings * SECONDS_OF_ROW;
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

    return (guint)MAX(1, MIN(n, floor(machine_free_bytes() / most_bytes(points))));
}

char *
estimate_shortage(const GPtrArray *points, guint jobs)
{
    double needed = jobs * most_bytes(points);
    double available = machine_free_bytes();

    if (needed <= available)
        return NULL;
    return g_strdup_printf("expected at least %.0f MiB of free memory for %u replication%s side by "
                           "side, found %.0f MiB",
                           ceil(needed / MEBIBYTE), jobs, jobs == 1 ? "" : "s",
                           available / MEBIBYTE);
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

    for (guint i = 0; i < points->len; i++) {
        Estimate estimate = estimate_of(points->pdata[i]);

        sum.cards = MAX(sum.cards, estimate.cards);
        sum.meetings += estimate.meetings;
        sum.bytes = MAX(sum.bytes, estimate.bytes);
        sum.seconds += estimate.seconds;
    }
    meetings = readable_number(sum.meetings);
    mebibytes = readable_number(sum.bytes / MEBIBYTE);
    seconds = readable_number(sum.seconds);
    fprintf(out, "# %.0f cards, about %s meetings in %" G_GINT64_FORMAT " replication%s", sum.cards,
            meetings, n, n == 1 ? "" : "s");
    if (points->len > 1)
        fprintf(out, ", %" G_GINT64_FORMAT " at each of %u points", scenario->replications,
                points->len);
    fprintf(out, "\n# about %s MiB of memory and %s s on one core\n", mebibytes, seconds);
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
