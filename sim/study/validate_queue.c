#include "sim/study/theory.h"
#include "sim/study/validate_runs.h"
#include "sim/study/validate_subjects.h"
#include "sim/traffic/terminals.h"

#include <math.h>

#define LOAD 0.8
#define TILLS 8
#define PERSONS 200000
#define QUEUE_REPLICATIONS 2

/* Service times in seconds of the persons' three chips, and how many persons have each: as much
 * as a payment takes without update, with a symmetric and with a public-key one. */
static const double three_times[] = { 0.3, 0.45, 1.5 };
static const double three_shares[] = { 0.90, 0.08, 0.02 };

/* What a chip adds when it writes the debit: all else of a payment takes 70.307 ms. */
static const char queue_text[] =
    "[scenario]\nname = queue\nduration = 1d\nsample-interval = 1d\n"
    "[scheme]\nembodiment = 1\n[mixing]\nmodel = merchants\nzipf = 0\n"
    "[chip quick]\nlike = jcop4-p71\nwrite = 229.693ms\n"
    "[chip slower]\nlike = jcop4-p71\nwrite = 379.693ms\n"
    "[chip slow]\nlike = jcop4-p71\nwrite = 1429.693ms\n"
    "[chip even]\nlike = jcop4-p71\nwrite = 265.693ms\n"
    "[cohort quick]\ncards = %u\ntransfer-key = 1\nupdate-key = 1\nchip = %s\n"
    "activity = constant %.9f/d\n"
    "[cohort slower]\ncards = %u\ntransfer-key = 1\nupdate-key = 1\nchip = %s\n"
    "activity = constant %.9f/d\n"
    "[cohort slow]\ncards = %u\ntransfer-key = 1\nupdate-key = 1\nchip = %s\n"
    "activity = constant %.9f/d\n"
    "[cohort shops]\ncards = %u\ntransfer-key = 1\nupdate-key = 1\nrole = merchant\n"
    "[terminals tills]\ncount = %u\n";

/* Mean of a power of the service time. */
static double
service_power(guint power)
{
    double sum = 0;

    for (guint i = 0; i < G_N_ELEMENTS(three_times); i++)
        sum += three_shares[i] * pow(three_times[i], power);
    return sum;
}

/* @is_even: all take the mean of the three times. */
static char *
write_scenario(bool is_even)
{
    double rate = LOAD / service_power(1) * TILLS / PERSONS * 86400;
    guint cards[G_N_ELEMENTS(three_shares)];

    for (guint i = 0; i < G_N_ELEMENTS(three_shares); i++)
        cards[i] = (guint)round(three_shares[i] * PERSONS);
    return g_strdup_printf(queue_text, cards[0], is_even ? "even" : "quick", rate, cards[1],
                           is_even ? "even" : "slower", rate, cards[2], is_even ? "even" : "slow",
                           rate, TILLS, TILLS);
}

typedef struct {
    GArray *waits;
    GArray *loads;
} QueueValues;

static void
observe_queue(const ReplicationResult *result, gpointer data)
{
    const TerminalUse *use = &g_array_index(result->uses, TerminalUse, 0);
    QueueValues *values = data;

    validate_note(values->waits, use->waits.mean / 1000);
    validate_note(values->loads, use->utilisation);
}

/* The error of the load is that of as many gaps and service times. */
static void
check_queue(Validation *validation, FILE *out, bool is_even)
{
    double mean = service_power(1);
    double square = is_even ? mean * mean : service_power(2);
    g_autofree char *text = write_scenario(is_even);
    g_autoptr(GArray) waits = validate_values_new();
    g_autoptr(GArray) loads = validate_values_new();
    QueueValues values = { waits, loads };
    ValidateCheck check;

    validate_repeat_whole(validation, text, QUEUE_REPLICATIONS, observe_queue, &values);
    check = validate_mean(loads, LOAD,
                          LOAD * sqrt(square / (mean * mean) * mean / (LOAD * TILLS * 86400)));
    validate_report(validation, out, &check,
                    is_even ? "terminal queue, equal times: utilisation"
                            : "terminal queue, three times: utilisation");
    check = validate_mean(waits, theory_wait(LOAD, mean, square), NAN);
    validate_report(validation, out, &check,
                    is_even ? "terminal queue, equal times: wait in seconds"
                            : "terminal queue, three times: wait in seconds");
}

void
validate_queue(Validation *validation, FILE *out)
{
    check_queue(validation, out, false);
    check_queue(validation, out, true);
}
