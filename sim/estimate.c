#include "sim/estimate.h"

#include "model/population.h"

#include "sim/machine.h"
#include "sim/plan.h"

#include <math.h>

/* Wire level, measured by `purseroll bench crypto` on a machine of 2020. */
#define SECONDS_OF_MEETING 3e-6
#define SECONDS_OF_SYMMETRIC 1.5e-6
#define SECONDS_OF_PUBLIC_KEY 250e-6
#define SECONDS_OF_CREDENTIAL 60e-6
#define MEBIBYTE (1024.0 * 1024)
#define BYTES_OF_PROGRAM (64 * MEBIBYTE)

static double
memory_of(const Scenario *scenario, double cards, double generations)
{
    double samples = (double)scenario->duration / (double)scenario->sample_interval + 1;
    double per_card = sizeof(CardRecord);

    if (scheme_has_certificates(&scenario->scheme))
        per_card += sizeof(CardCredential) + 2 * sizeof(gpointer);
    return BYTES_OF_PROGRAM + cards * per_card +
           samples * sizeof(uint64_t) * (N_OUTCOMES + generations);
}

Estimate
estimate_of(const Scenario *scenario)
{
    g_autoptr(GArray) transfer_ids = plan_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_collect_ids(scenario, KEY_UPDATE);
    double days = (double)scenario->duration / (double)MICROS_PER_DAY;
    bool has_certificates = scheme_has_certificates(&scenario->scheme);
    double n = (double)scenario->replications;
    double updates;
    Estimate estimate = { .cards = (double)plan_n_issued(scenario) };

    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario->cohorts->pdata[i];

        estimate.cards += (double)cohort->cards;
        estimate.meetings += n * (double)cohort->cards * cohort->activity_per_day * days;
    }
    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *action = scenario->plan->pdata[i];

        if (action->what != PLAN_ISSUE)
            continue;
        estimate.meetings +=
            n * (double)action->cards *
            ((const ScenarioCohort *)scenario->cohorts->pdata[action->cohort])->activity_per_day *
            (double)(scenario->duration - action->at) / (double)MICROS_PER_DAY;
    }
    updates = MIN(n * estimate.cards * (transfer_ids->len - 1.0), estimate.meetings);
    estimate.bytes =
        memory_of(scenario, estimate.cards, (double)transfer_ids->len + update_ids->len);
    estimate.seconds = estimate.meetings * SECONDS_OF_MEETING;
    if (has_certificates)
        estimate.seconds += n * estimate.cards * SECONDS_OF_CREDENTIAL;
    if (scenario->scheme.authenticate == AUTHENTICATE_PUBLIC_KEY ||
        (has_certificates && update_ids->len > 1))
        estimate.seconds += updates * SECONDS_OF_PUBLIC_KEY;
    else
        estimate.seconds += updates * SECONDS_OF_SYMMETRIC;
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

guint
estimate_jobs(const GPtrArray *points)
{
    const Scenario *scenario = points->pdata[0];
    double n = MIN((double)machine_processors(), (double)points->len * (double)scenario->replications);

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

    for (guint i = 0; i < points->len; i++) {
        Estimate estimate = estimate_of(points->pdata[i]);

        sum.cards = MAX(sum.cards, estimate.cards);
        sum.meetings += estimate.meetings;
        sum.bytes = MAX(sum.bytes, estimate.bytes);
        sum.seconds += estimate.seconds;
    }
    fprintf(out, "# %.0f cards, about %.3g meetings in %" G_GINT64_FORMAT " replication%s",
            sum.cards, sum.meetings, n, n == 1 ? "" : "s");
    if (points->len > 1)
        fprintf(out, ", %" G_GINT64_FORMAT " at each of %u points", scenario->replications,
                points->len);
    fprintf(out,
            "\n# about %.3g MiB of memory and %.2g s on one core, every byte at the wire level\n",
            sum.bytes / MEBIBYTE, sum.seconds);
}
