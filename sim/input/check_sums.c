#include "sim/base/readable.h"
#include "sim/input/check.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
#include "sim/input/text.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/law.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"

/* Cards of a cohort at time 0 and all that the plan issues. */
static int64_t
cards_of(const Scenario *scenario, guint cohort)
{
    int64_t n = scenario_cohort(scenario, cohort)->cards;

    for (guint i = 0; i < scenario->plan->len; i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        if (plan->what == PLAN_ISSUE && plan->cohort == (int)cohort)
            n += plan_facts_issued(scenario, plan);
    }
    return n;
}

/* ---- What is on the cards ----------------------------------------------- */

/* Whether the numbers of cards, and how long they pay, could be read without a mistake. */
static bool
are_cards_sure(const Reading *reading)
{
    const Scenario *scenario = reading->scenario;

    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);
        g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);

        if (cohort->cards == SCENARIO_UNSET || !text_is_sure(reading->text, header, NULL))
            return false;
    }
    return text_is_sure(reading->text, NULL, NULL) &&
           text_is_sure(reading->text, "scenario", "duration");
}

/* What all cards together bring at most. */
static CentsSum
add_up_balances(const Scenario *scenario)
{
    CentsSum sum = 0;

    for (guint i = 0; i < scenario->cohorts->len; i++)
        sum += (CentsSum)cards_of(scenario, i) * scenario_cohort(scenario, i)->balance.high;
    return sum;
}

/* If all cards together may bring too much, each cohort is to blame whose cards may hold more than
 * an even share of what they could: one at least. */
static void
check_balances(const Reading *reading)
{
    const Scenario *scenario = reading->scenario;
    int64_t cards = 0;

    if (add_up_balances(scenario) <= SCENARIO_MONEY_SUM_MAX)
        return;
    for (guint i = 0; i < scenario->cohorts->len; i++)
        cards += cards_of(scenario, i);
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);
        g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);

        if (cohort->balance.high > SCENARIO_MONEY_SUM_MAX / cards && cards_of(scenario, i) > 0)
            text_mistake(reading->text, header, "balance",
                         "expected at most %" G_GINT64_FORMAT
                         " on a card, so that the %" G_GINT64_FORMAT
                         " cards of cohorts and plan bring at most %" G_GINT64_FORMAT
                         " in all, found up to %" G_GINT64_FORMAT,
                         SCENARIO_MONEY_SUM_MAX / cards, cards, SCENARIO_MONEY_SUM_MAX,
                         cohort->balance.high);
    }
}

/* ---- What is paid ------------------------------------------------------- */

/* Payments of the whole run as expected, at most: as if no card were dormant, and what the plan
 * issues were there from the start. */
static double
count_payments(const Scenario *scenario)
{
    const double days = (double)scenario->duration / (double)MICROS_PER_DAY;
    double n = 0;

    if (scenario->trace != NULL)
        return (double)contacts_facts(scenario->trace)->n_rows;
    for (guint i = 0; i < scenario->cohorts->len; i++)
        n += (double)cards_of(scenario, i) * scenario_cohort(scenario, i)->activity.per_day * days;
    return n;
}

/* What a payment moves in the mean, at most: no more than a purse has room for, and without
 * overdraft no more than there is. */
static double
mean_payment(const Scenario *scenario)
{
    const double drawn = law_mean(&scenario->amount);
    const double room = (double)scenario->scheme.max_balance;
    const double there = (double)add_up_balances(scenario);
    const double mean = MIN(drawn, room);

    return scenario->scheme.overdraft == OVERDRAFT_ALLOW ? mean : MIN(mean, there);
}

/* The sum that is to be expected; what chance adds stops the run if it is too much. What a trace
 * itself says of amounts is known only as it is settled. */
static void
check_payments(const Reading *reading)
{
    const Scenario *scenario = reading->scenario;
    const double n = count_payments(scenario);
    const double mean = mean_payment(scenario);
    const bool are_in_trace =
        scenario->trace != NULL && contacts_format_has(&scenario->trace_format, TRACE_AMOUNT);

    g_autofree char *most = readable_number((double)SCENARIO_MONEY_SUM_MAX / n);
    g_autofree char *payments = readable_number(n);
    g_autofree char *found = readable_number(mean);

    if (n * mean > (double)SCENARIO_MONEY_SUM_MAX && !are_in_trace)
        text_mistake(reading->text, "amount", "law",
                     "expected at most %s in the mean, so that about %s payments come to at most "
                     "%" G_GINT64_FORMAT ", found %s",
                     most, payments, SCENARIO_MONEY_SUM_MAX, found);
}

void
check_sums(const Reading *reading)
{
    if (!are_cards_sure(reading))
        return;
    check_balances(reading);
    if (text_is_sure(reading->text, "amount", "law"))
        check_payments(reading);
}
