#include "model/protocol/duration.h"
#include "model/protocol/link.h"
#include "model/protocol/tear.h"

#include "sim/study/theory.h"
#include "sim/study/validate_runs.h"
#include "sim/study/validate_subjects.h"

/* Hazards so small that what went before the windows hardly matters: who has gone cannot go
 * again, and the longest settlement takes half a second. */
#define HAZARD 0.01
#define LONGEST 0.5
#define S2003_VISIT 6
#define S2004_VISIT 7

static const char tears_text[] =
    "[scenario]\nname = tears\nduration = %s\nsample-interval = %s\n"
    "[scheme]\nembodiment = 5\n"
    "[cohort a]\ncards = %u\ntransfer-key = 1\nupdate-key = 1\nactivity = constant 1/d\n"
    "[cohort b]\ncards = %u\ntransfer-key = %u\nupdate-key = %u\nactivity = constant 1/d\n"
    "[faults]\npayer-leaves = %g/s\npayee-leaves = %g/s\nterminal-fails = %g/s\n"
    "presence-check = %s\n";

static double
seconds(Micros time)
{
    return (double)time / (double)MICROS_PER_SECOND;
}

/* How long the going of each party destroys what is paid: from the steps' durations. */
static void
find_windows(double windows[static N_TEAR_PARTIES], bool is_looked_for)
{
    const Scheme scheme = scheme_default();
    const Seat seats[N_SIDES] = { { &chips[0], &link_interfaces[0] },
                                  { &chips[0], &link_interfaces[0] } };
    const Course course = { .seen = { .n_exchanges = S2004_VISIT + 1, .answered = true } };
    const LinkTerminal *terminal = &link_terminals[TERMINAL_HANDHELD];
    Protocol protocol;
    ExchangeTime debit;
    ExchangeTime credit;
    Micros debited_on; /* S2105A and the response */
    Micros until_credited;

    protocol_init(&protocol, &scheme);
    debit = duration_exchange(&protocol, seats, terminal, &course, S2003_VISIT);
    credit = duration_exchange(&protocol, seats, terminal, &course, S2004_VISIT);
    debited_on = debit.steps[2] + debit.back;
    until_credited = credit.before + credit.there + credit.steps[0] + credit.steps[1];
    windows[TEAR_PAYER] = seconds(debited_on);
    windows[TEAR_PAYEE] = seconds((is_looked_for ? 0 : debit.before) + debit.there +
                                  debit.steps[0] + debit.steps[1] + debited_on + until_credited);
    windows[TEAR_TERMINAL] = seconds(debited_on + until_credited);
}

static void
count_losses(const ReplicationResult *result, gpointer data)
{
    uint64_t *counts = data;

    counts[0] += recorder_outcome(result->recorder, OUTCOME_TORN_AFTER_DEBIT);
    for (Outcome outcome = 0; outcome < OUTCOME_CARD_BUSY; outcome++)
        counts[1] += recorder_outcome(result->recorder, outcome);
}

/* @has_updates: half of the cards are a generation ahead in both keys. */
static void
check_loss(Validation *validation, FILE *out, const char *what, const double *hazards,
           bool has_updates, bool is_looked_for)
{
    guint cards = has_updates ? 500000 : 20000;
    guint newer = has_updates ? 2 : 1;
    const char *duration = has_updates ? "1d" : "50d";
    g_autofree char *text = g_strdup_printf(tears_text, duration, duration, cards, cards, newer,
                                            newer, hazards[TEAR_PAYER], hazards[TEAR_PAYEE],
                                            hazards[TEAR_TERMINAL], is_looked_for ? "yes" : "no");
    double windows[N_TEAR_PARTIES];
    uint64_t counts[2] = { 0 };
    ValidateCheck check;
    double sum = hazards[TEAR_PAYER] + hazards[TEAR_PAYEE] + hazards[TEAR_TERMINAL];

    find_windows(windows, is_looked_for);
    validate_repeat_whole(validation, text, has_updates ? 1 : 2, count_losses, counts);
    check = validate_share(theory_loss(hazards, windows, N_TEAR_PARTIES), counts[0], counts[1]);
    check.slack = check.exact * sum * LONGEST;
    validate_report(validation, out, &check, what);
}

void
validate_tears(Validation *validation, FILE *out)
{
    static const double payer[] = { HAZARD, 0, 0 };
    static const double payee[] = { 0, HAZARD, 0 };
    static const double terminal[] = { 0, 0, HAZARD };
    static const double all[] = { HAZARD, HAZARD, HAZARD };

    check_loss(validation, out, "tears: loss per transfer, payer leaves", payer, false, false);
    check_loss(validation, out, "tears: loss per transfer, payee leaves", payee, false, false);
    check_loss(validation, out, "tears: loss per transfer, payee, looked for", payee, false, true);
    check_loss(validation, out, "tears: loss per transfer, terminal fails", terminal, false, false);
    check_loss(validation, out, "tears: loss per transfer, slow updates", all, true, false);
}
