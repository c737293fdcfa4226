#include "sim/runs/answer_meetings.h"

#include "sim/base/readable.h"
#include "sim/runs/terminal_load.h"
#include "sim/scenario/scenario.h"
#include "sim/traffic/terminals.h"

#define LONG_WAIT 60.0       /* seconds, from which on it is said */
#define MANY_BUSY_CARDS 0.01 /* of the arrivals, likewise */

void
answer_meetings_clear(AnswerMeetings *meetings)
{
    g_clear_pointer(&meetings->loads, g_array_unref);
}

void
answer_meetings_add(AnswerMeetings *meetings, const ReplicationResult *result)
{
    meetings->n++;
    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        meetings->outcomes[outcome] += (double)recorder_outcome(result->recorder, outcome);
    if (meetings->loads == NULL) {
        meetings->loads = g_array_new(FALSE, TRUE, sizeof(double));
        g_array_set_size(meetings->loads, result->uses->len);
    }
    for (guint i = 0; i < result->uses->len; i++) {
        const TerminalUse *use = &g_array_index(result->uses, TerminalUse, i);

        g_array_index(meetings->loads, double, i) += use->load;
        meetings->unserved += (double)use->unserved;
        if (use->count == 0 || use->settlements == 0)
            continue;
        meetings->queued += (double)use->settlements;
        meetings->waited += (double)use->settlements * use->waits.mean / 1000;
    }
}

static double
meetings_of(const AnswerMeetings *meetings)
{
    double sum = 0;

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++)
        sum += outcome == OUTCOME_CARD_BUSY ? 0 : meetings->outcomes[outcome];
    return sum;
}

/* "N (x %)": @sum over all replications, as a mean, and of @all. */
static void
print_count(const AnswerMeetings *meetings, double sum, double all, FILE *out)
{
    g_autofree char *mean = readable_count(sum / meetings->n);
    g_autofree char *percent = readable_percent(sum / all);

    fprintf(out, "%s (%s)", mean, percent);
}

/* Returns: whether there was a refusal or a tear */
static bool
print_refusals(const AnswerMeetings *meetings, double all, FILE *out)
{
    const char *between = "not paid: ";

    for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++) {
        if (outcome_is_paid(outcome) || outcome == OUTCOME_CARD_BUSY ||
            !(meetings->outcomes[outcome] > 0))
            continue;
        fprintf(out, "%s%s ", between, outcome_names[outcome]);
        print_count(meetings, meetings->outcomes[outcome], all, out);
        between = ", ";
    }
    return between[0] == ',';
}

static void
print_outcomes(const AnswerMeetings *meetings, FILE *out)
{
    double all = meetings_of(meetings);
    double wait = meetings->queued > 0 ? meetings->waited / meetings->queued : 0;
    g_autofree char *mean = readable_duration(wait);

    if (!(all > 0)) {
        fprintf(out, "no meetings\n");
        return;
    }
    if (!print_refusals(meetings, all, out))
        fprintf(out, "every meeting was paid");
    if (wait > LONG_WAIT)
        fprintf(out, "; the mean wait for a terminal was %s", mean);
    fprintf(out, "\n");
}

static void
print_missed(const AnswerMeetings *meetings, FILE *out)
{
    double busy = meetings->outcomes[OUTCOME_CARD_BUSY];
    double arrivals = meetings_of(meetings) + busy + meetings->unserved;

    if (meetings->unserved > 0) {
        fprintf(out, "unserved arrivals: ");
        print_count(meetings, meetings->unserved, arrivals, out);
        fprintf(out, ", which still waited for a terminal at the end\n");
    }
    if (busy > MANY_BUSY_CARDS * arrivals) {
        fprintf(out, "card-busy arrivals: ");
        print_count(meetings, busy, arrivals, out);
        fprintf(out, ", which found a card in another settlement\n");
    }
}

void
answer_meetings_print(const AnswerMeetings *meetings, const Scenario *scenario, FILE *out)
{
    print_outcomes(meetings, out);
    print_missed(meetings, out);
    for (guint i = 0; i < meetings->loads->len; i++)
        terminal_load_print(scenario_terminals(scenario, i)->name,
                            g_array_index(meetings->loads, double, i) / meetings->n, out);
}
