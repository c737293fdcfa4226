#include "sim/answer.h"

#include "sim/plan.h"

/* The shares of metric_shares that are told: 50, 90 and 99 %. */
static const guint told[] = { 1, 2, 3 };
#define N_TOLD G_N_ELEMENTS(told)

/* One generation of one kind of key. */
typedef struct {
    KeyKind kind;
    uint32_t id;
    double seconds[N_TOLD];
    guint n_reached[N_TOLD];
    double final_share;
} Line;

struct Answer {
    const Scenario *scenario;
    GArray *lines; /* of Line */
    guint n;
    double outcomes[N_OUTCOMES];
    double updates[N_PATHS];
    double till_seconds;
    double over_200ms;
    double over_500ms;
};

Answer *
answer_new(const Scenario *scenario)
{
    Answer *answer = g_new0(Answer, 1);
    guint n_kinds = scheme_has_update_keys(&scenario->scheme) ? N_KEY_KINDS : 1;

    answer->scenario = scenario;
    answer->lines = g_array_new(FALSE, TRUE, sizeof(Line));
    for (KeyKind kind = 0; kind < n_kinds; kind++) {
        g_autoptr(GArray) ids = plan_collect_ids(scenario, kind);

        for (guint i = 1; i < ids->len; i++) { /* the oldest is there from the start */
            Line line = { .kind = kind, .id = g_array_index(ids, guint32, i) };

            g_array_append_val(answer->lines, line);
        }
    }
    return answer;
}

void
answer_free(Answer *answer)
{
    if (answer == NULL)
        return;
    g_array_unref(answer->lines);
    g_free(answer);
}

void
answer_add(Answer *answer, const Recorder *recorder, const Latency *latency)
{
    answer->n++;
    for (guint i = 0; i < answer->lines->len; i++) {
        Line *line = &g_array_index(answer->lines, Line, i);

        line->final_share += recorder_final_share(recorder, line->kind, line->id);
        for (guint k = 0; k < N_TOLD; k++) {
            Micros time = recorder_time_to_share(recorder, line->kind, line->id, told[k]);

            if (time < 0)
                continue;
            line->n_reached[k]++;
            line->seconds[k] += (double)time / MICROS_PER_SECOND;
        }
    }
    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        answer->outcomes[outcome] += (double)recorder_outcome(recorder, outcome);
    for (Path path = 0; path < N_PATHS; path++)
        answer->updates[path] += (double)recorder_updates(recorder, path);
    answer->till_seconds += (double)latency_till_time_added(latency) / MICROS_PER_SECOND;
    answer->over_200ms += latency_share_over(latency, 200000);
    answer->over_500ms += latency_share_over(latency, 500000);
}

static void
print_time(double seconds, FILE *out)
{
    if (!(seconds > 0))
        fprintf(out, "from the start");
    else if (seconds < 172800)
        fprintf(out, "after %.1f h", seconds / 3600);
    else
        fprintf(out, "after %.1f d", seconds / 86400);
}

static void
print_generation(const Answer *answer, const Line *line, FILE *out)
{
    fprintf(out, "%s key %u:", key_kind_names[line->kind], line->id);
    for (guint k = 0; k < N_TOLD; k++) {
        fprintf(out, " %g %% ", metric_shares[told[k]] / 10.0);
        if (line->n_reached[k] == 0)
            fprintf(out, "not reached,");
        else {
            print_time(line->seconds[k] / line->n_reached[k], out);
            if (line->n_reached[k] < answer->n)
                fprintf(out, " (in %u of %u)", line->n_reached[k], answer->n);
            fprintf(out, ",");
        }
    }
    fprintf(out, " %.2f %% in the end\n", 100 * line->final_share / answer->n);
}

static void
print_refusals(const Answer *answer, double meetings, FILE *out)
{
    bool is_first = true;

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++) {
        if (outcome_is_paid(outcome) || outcome == OUTCOME_CARD_BUSY ||
            !(answer->outcomes[outcome] > 0))
            continue;
        fprintf(out, "%s%s %.0f (%.2f %%)", is_first ? "not paid: " : ", ", outcome_names[outcome],
                answer->outcomes[outcome] / answer->n, 100 * answer->outcomes[outcome] / meetings);
        is_first = false;
    }
    fprintf(out, "%s\n", is_first ? "every meeting was paid" : "");
}

void
answer_print(const Answer *answer, FILE *out)
{
    double meetings = 0;

    if (answer->n == 0)
        return;
    for (Outcome outcome = 0; outcome < OUTCOME_CARD_BUSY; outcome++)
        meetings += answer->outcomes[outcome];
    fprintf(out, "%s: %u replication%s, seed %" G_GUINT64_FORMAT ", %.0f meetings each\n",
            answer->scenario->name, answer->n, answer->n == 1 ? "" : "s", answer->scenario->seed,
            meetings / answer->n);
    for (guint i = 0; i < answer->lines->len; i++)
        print_generation(answer, &g_array_index(answer->lines, Line, i), out);
    fprintf(out,
            "updates: %.0f symmetric, %.0f public-key; they added %.0f s at the tills; "
            "%.2f %% of payments over 200 ms, %.2f %% over 500 ms\n",
            answer->updates[PATH_SYMMETRIC] / answer->n,
            answer->updates[PATH_PUBLIC_KEY] / answer->n, answer->till_seconds / answer->n,
            100 * answer->over_200ms / answer->n, 100 * answer->over_500ms / answer->n);
    print_refusals(answer, meetings, out);
}
