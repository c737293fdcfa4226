#include "sim/runs/answer.h"

#include "sim/base/readable.h"
#include "sim/input/sweep.h"
#include "sim/runs/answer_meetings.h"
#include "sim/runs/trace_notes.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"

#include <math.h>

/* The shares of metric_shares that are reported: 50, 90 and 99 %. */
static const int reported[] = { 1, 2, 3 };

struct Answer {
    const GPtrArray *points;
    AnswerMeetings *meetings; /* per point */
};

Answer *
answer_new(const GPtrArray *points)
{
    Answer *answer = g_new0(Answer, 1);

    answer->points = points;
    answer->meetings = g_new0(AnswerMeetings, points->len);
    return answer;
}

void
answer_free(Answer *answer)
{
    if (answer == NULL)
        return;
    for (guint i = 0; i < answer->points->len; i++)
        answer_meetings_clear(&answer->meetings[i]);
    g_free(answer->meetings);
    g_free(answer);
}

void
answer_add(Answer *answer, int64_t point, const ReplicationResult *result)
{
    answer_meetings_add(&answer->meetings[point], result);
}

/* How a time is told.
 * @after: what stands before it
 * @grain: what it is known to, in seconds: an interval that is not wider says nothing
 */
typedef struct {
    const char *after;
    double grain;
} Telling;

static void
print_time(const EnsembleFigure *figure, double seconds, Telling telling, FILE *out)
{
    bool has_interval =
        figure->n > 1 && isfinite(figure->low) && figure->high - figure->low > telling.grain;
    g_autofree char *text = has_interval ? readable_interval(seconds, figure->low, figure->high)
                                         : readable_duration(seconds);

    if (seconds > 0)
        fprintf(out, "%s %s", telling.after, text);
    else
        fprintf(out, "from the start");
}

/* A share that only some replications reached has a median at most. */
static void
print_share(const EnsembleFigure *figure, Telling telling, FILE *out)
{
    if (figure->n_reached == 0) {
        fprintf(out, "not reached");
        return;
    }
    if (figure->n_reached == figure->n) {
        print_time(figure, figure->mean, telling, out);
        return;
    }
    fprintf(out, "in %u of %u", figure->n_reached, figure->n);
    if (isfinite(figure->p50)) {
        fprintf(out, ", median ");
        print_time(figure, figure->p50, telling, out);
    }
}

/* When the shares that are reported were reached. */
static void
print_shares(const Ensemble *ensemble, const char *metric, KeyKind kind, uint32_t id,
             Telling telling, FILE *out)
{
    EnsembleFigure figure;

    for (guint i = 0; i < G_N_ELEMENTS(reported); i++) {
        ensemble_figure(ensemble, metric, (int)kind, id, reported[i], &figure);
        fprintf(out, " %g %% ", metric_shares[reported[i]] / 10.0);
        print_share(&figure, telling, out);
        fprintf(out, ",");
    }
}

/* The final share of active cards has no value in a run at the end of which none is active. */
static void
print_final_share(const EnsembleFigure *figure, FILE *out)
{
    g_autofree char *percent = readable_percent(figure->mean);

    if (figure->n_reached == figure->n)
        fprintf(out, " %s in the end\n", percent);
    else if (figure->n == 1)
        fprintf(out, " no card active in the end\n");
    else
        fprintf(out, " no card active in the end in %u of %u\n", figure->n - figure->n_reached,
                figure->n);
}

static double
mean_of(const Ensemble *ensemble, const char *name)
{
    EnsembleFigure figure = { .mean = NAN };

    ensemble_figure(ensemble, name, METRIC_NO_KEY, 0, METRIC_NO_SHARE, &figure);
    return figure.mean;
}

static void
print_generation(const Scenario *scenario, const Ensemble *ensemble, KeyKind kind, uint32_t id,
                 FILE *out)
{
    EnsembleFigure figure;

    if (!ensemble_figure(ensemble, "final-share", (int)kind, id, METRIC_NO_SHARE, &figure))
        return; /* a key that is only preloaded, for example */
    fprintf(out, "%s key %u:", key_kind_names[kind], id);
    print_shares(ensemble, METRIC_TIME_TO_SHARE, kind, id, (Telling){ .after = "after" }, out);
    print_final_share(&figure, out);
    if (ensemble_figure(ensemble, "final-share-active", (int)kind, id, METRIC_NO_SHARE, &figure)) {
        double grain = (double)scenario->sample_interval / MICROS_PER_SECOND;
        g_autofree char *interval = readable_duration(grain);

        fprintf(out, "  of active cards, looked at every %s:", interval);
        print_shares(ensemble, METRIC_TIME_TO_SHARE_ACTIVE, kind, id, (Telling){ "within", grain },
                     out);
        print_final_share(&figure, out);
    }
    if (ensemble_figure(ensemble, "doubling-time", (int)kind, id, METRIC_NO_SHARE, &figure) &&
        figure.n_reached > 0) {
        fprintf(out, "  from 5 to 10 %% ");
        print_share(&figure, (Telling){ .after = "in" }, out);
        fprintf(out, "\n");
    }
}

/* All replications that there were to be have not made the interval as small as it was to be. */
static void
print_shortfall(const Scenario *scenario, const Ensemble *ensemble, FILE *out)
{
    const StopRule *rule = &scenario->until;
    double half = stop_rule_half_width(rule, ensemble);

    if (!rule->is_set || stop_rule_was_met(rule, ensemble))
        return;
    if (isfinite(half)) {
        g_autofree char *known = readable_number(100 * half);
        g_autofree char *asked = readable_number(100 * rule->precision);

        fprintf(out, "not enough replications: %s is known to +- %s %%, +- %s %% was asked\n",
                rule->metric, known, asked);
        return;
    }
    fprintf(out, "not enough replications: %s has no interval, as not all of them reached %g %%\n",
            rule->metric, metric_shares[rule->share] / 10.0);
}

static void
print_updates(const Ensemble *ensemble, FILE *out)
{
    g_autofree char *symmetric = readable_count(mean_of(ensemble, "updates-symmetric"));
    g_autofree char *public_key = readable_count(mean_of(ensemble, "updates-public-key"));
    g_autofree char *added = readable_count(mean_of(ensemble, "till-seconds-added"));
    g_autofree char *over_200ms = readable_percent(mean_of(ensemble, "share-over-200ms"));
    g_autofree char *over_500ms = readable_percent(mean_of(ensemble, "share-over-500ms"));

    fprintf(out,
            "updates: %s symmetric, %s public-key; they added %s s at the tills; "
            "%s of payments over 200 ms, %s over 500 ms\n",
            symmetric, public_key, added, over_200ms, over_500ms);
}

static void
print_heading(const Scenario *scenario, guint n, double meetings, FILE *out)
{
    g_autofree char *count = readable_count(meetings);

    fprintf(out, "%s", scenario->name);
    for (guint i = 0; i < scenario->sweep->len; i++) {
        const ScenarioAxis *axis = scenario->sweep->pdata[i];

        fprintf(out, ", %s.%s = %s", axis->group, axis->key,
                sweep_value(scenario, i, scenario->point));
    }
    fprintf(out, ": %u replication%s, seed %" G_GUINT64_FORMAT ", %s meetings each\n", n,
            n == 1 ? "" : "s", scenario->seed, count);
}

void
answer_print(const Answer *answer, guint point, const Ensemble *ensemble, FILE *out)
{
    const Scenario *scenario = answer->points->pdata[point];
    guint n_kinds = scheme_has_update_keys(&scenario->scheme) ? N_KEY_KINDS : 1;
    double meetings = mean_of(ensemble, "meetings");
    guint n = ensemble_size(ensemble);

    if (n == 0)
        return;
    print_heading(scenario, n, meetings, out);
    if (n > 1)
        print_shortfall(scenario, ensemble, out);
    if (scenario->trace != NULL && contacts_facts(scenario->trace)->n_self > 0)
        fprintf(out, "self rows of the trace, which are no meetings: %" G_GUINT64_FORMAT "\n",
                contacts_facts(scenario->trace)->n_self);
    trace_notes_print(scenario, "", out);
    for (KeyKind kind = 0; kind < n_kinds; kind++) {
        g_autoptr(GArray) ids = plan_facts_collect_ids(scenario, kind);

        for (guint i = 1; i < ids->len; i++) /* the oldest is there from the start */
            print_generation(scenario, ensemble, kind, g_array_index(ids, guint32, i), out);
    }
    print_updates(ensemble, out);
    answer_meetings_print(&answer->meetings[point], scenario, out);
}
