#include "sim/runs/terminal_load.h"

#include "model/decision/settle.h"

#include "sim/runs/workload.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/traffic/pairs.h"

#include <math.h>

/* What settlements of a scenario consist of, to know how long they take.
 * @protocol, @settle: what happens in them
 * @update: the course of a payment after an update; NULL if there are none
 * @weights: of each chip in a payer's place and in a payee's, which add up to 1
 */
typedef struct {
    const Scenario *scenario;
    Protocol protocol;
    Settle *settle;
    const Course *update;
    double *weights[N_SIDES];
    Workload work;
} Service;

static void
weigh(Service *service, Side side, const ScenarioCohort *cohort, double weight)
{
    const Chip *first = &g_array_index(service->scenario->chips, Chip, 0);

    service->weights[side][cohort->terms.chip - first] += weight;
}

static double
cards_of_role(const Scenario *scenario, CohortRole role)
{
    double n = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (scenario_cohort(scenario, i)->role == role)
            n += (double)scenario_cohort(scenario, i)->cards;
    return n;
}

/* How often a card of @cohort is paid, beside others. */
static double
popularity_of(const Scenario *scenario, const ScenarioCohort *cohort)
{
    double to_persons = scenario->person_to_person;

    if (scenario->mixing == MIXING_ACTIVITY)
        return cohort->activity.per_day;
    if (scenario->mixing != MIXING_MERCHANTS)
        return 1;
    return (cohort->role == ROLE_MERCHANT ? 1 - to_persons : to_persons) /
           MAX(1, cards_of_role(scenario, cohort->role));
}

/* Makes weights add up to 1: evenly where there are none yet. */
static void
scale(double *weights, guint n)
{
    double sum = 0;

    for (guint i = 0; i < n; i++)
        sum += weights[i];
    for (guint i = 0; i < n; i++)
        weights[i] = sum > 0 ? weights[i] / sum : 1.0 / n;
}

static void
weigh_chips(Service *service)
{
    const Scenario *scenario = service->scenario;

    for (Side side = 0; side < N_SIDES; side++)
        service->weights[side] = g_new0(double, scenario->chips->len);
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);
        double cards = (double)cohort->cards;

        weigh(service, SIDE_PAYER, cohort, cards * workload_payments_per_day(scenario, i));
        weigh(service, SIDE_PAYEE, cohort, cards * popularity_of(scenario, cohort));
    }
    for (Side side = 0; side < N_SIDES; side++)
        scale(service->weights[side], scenario->chips->len);
}

/* A payment after an update of the payee in which a transfer key was stored. */
static const Course *
find_update(const Service *service)
{
    Outcome outcome = service->work.has_public_key ? OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE
                                                   : OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE;

    for (guint class = 0; class < SETTLE_CLASSES; class ++) {
        const Course *course = settle_course(service->settle, (uint8_t) class);

        if (course->seen.outcome == outcome && course->seen.rounds == 1 &&
            !course->seen.payer_is_older && course->log[SIDE_PAYEE].wrote != 0)
            return course;
    }
    return NULL;
}

static void
service_init(Service *service, const Scenario *scenario)
{
    *service = (Service){ .scenario = scenario, .work = workload_of(scenario) };
    protocol_init(&service->protocol, &scenario->scheme);
    service->settle = settle_new(&service->protocol);
    if (service->work.updates > 0 && scheme_has_updates(&scenario->scheme))
        service->update = find_update(service);
    weigh_chips(service);
}

static void
service_clear(Service *service)
{
    for (Side side = 0; side < N_SIDES; side++)
        g_free(service->weights[side]);
    settle_free(service->settle);
}

/* The mean time in seconds that a settlement of @course takes in a group of terminals. */
static double
mean_time(const Service *service, const ScenarioTerminals *row, const Course *course)
{
    const GArray *all = service->scenario->chips;
    double sum = 0;

    for (guint payer = 0; payer < all->len; payer++)
        for (guint payee = 0; payee < all->len; payee++) {
            const Seat seats[N_SIDES] = {
                { &g_array_index(all, Chip, payer), row->interface[SIDE_PAYER] },
                { &g_array_index(all, Chip, payee), row->interface[SIDE_PAYEE] },
            };
            double weight =
                service->weights[SIDE_PAYER][payer] * service->weights[SIDE_PAYEE][payee];

            if (weight > 0)
                sum += weight * (double)duration_of(&service->protocol, seats,
                                                    &link_terminals[row->kind], course)
                                    .total;
        }
    return sum / MICROS_PER_SECOND;
}

/* Of all meetings and updates a second, how many seconds of work they are in @row. */
static double
work_in(const Service *service, const ScenarioTerminals *row)
{
    double seconds = (double)service->scenario->duration / MICROS_PER_SECOND;
    double payment = mean_time(service, row, settle_course(service->settle, SETTLE_PAID));
    double work = service->work.meetings * payment;

    if (service->update != NULL)
        work += MIN(service->work.updates, service->work.meetings) *
                (mean_time(service, row, service->update) - payment);
    return work / seconds;
}

/* ---- Which terminals take them ------------------------------------------ */

/* Merchants who stand at terminals @from to @from + @count of @all: merchant i at terminal i
 * modulo their number. */
static double
merchants_at(double merchants, double all, double from, double count)
{
    return floor(merchants / all) * count + CLAMP(fmod(merchants, all) - from, 0, count);
}

/* Shares of all settlements that each group gets. */
static void
share_out(const Scenario *scenario, double *shares)
{
    guint n = scenario_n_terminals(scenario);
    bool has_merchants = scenario->mixing == MIXING_MERCHANTS;
    double drawn = has_merchants ? scenario->person_to_person : 1;
    double merchants = cards_of_role(scenario, ROLE_MERCHANT);
    double sum = 0;
    double all = 0;
    double from = 0;

    for (guint i = 0; i < n; i++) {
        sum += scenario_terminals(scenario, i)->share;
        all += (double)scenario_terminals(scenario, i)->count;
    }
    for (guint i = 0; i < n; i++) {
        const ScenarioTerminals *row = scenario_terminals(scenario, i);

        shares[i] = drawn * row->share / sum;
        if (has_merchants && merchants > 0)
            shares[i] +=
                (1 - drawn) * merchants_at(merchants, all, from, (double)row->count) / merchants;
        from += (double)row->count;
    }
}

#define RANKS_ADDED_UP 10000

/* The share of payments to merchants that go to the most popular one. */
static double
largest_popularity(const Scenario *scenario)
{
    double n = cards_of_role(scenario, ROLE_MERCHANT);
    guint n_added = (guint)MIN(n, RANKS_ADDED_UP);
    double from = n_added + 0.5;
    double flat = 1 - scenario->zipf;
    double sum = 0;

    for (guint rank = 1; rank <= n_added; rank++)
        sum += pow(rank, -scenario->zipf);
    if (n > from) /* all others as an integral */
        sum += fabs(flat) < 1e-9 ? log((n + 0.5) / from)
                                 : (pow(n + 0.5, flat) - pow(from, flat)) / flat;
    return n > 0 ? 1 / sum : 0;
}

static bool
has_queues(const Scenario *scenario)
{
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        if (scenario_terminals(scenario, i)->count > 0)
            return scenario->mixing != MIXING_TRACE;
    return false;
}

/**
 * find_expected:
 * @loads: room for a load a group of terminals; NaN where nobody waits
 * @busiest: (out): that of the terminal at which the most popular merchant stands; NaN without
 *   merchants
 *
 * The mean over the run: all payments that cards begin, and each update as if every card took
 * part in one for each key but the oldest, as far as there are meetings for that.
 */
static void
find_expected(const Scenario *scenario, double *loads, double *busiest)
{
    guint n = scenario_n_terminals(scenario);
    g_autofree double *shares = g_new0(double, n);
    double most = scenario->mixing == MIXING_MERCHANTS
                      ? (1 - scenario->person_to_person) * largest_popularity(scenario)
                      : NAN;
    Service service;

    *busiest = NAN;
    for (guint i = 0; i < n; i++)
        loads[i] = NAN;
    if (!has_queues(scenario))
        return;
    service_init(&service, scenario);
    share_out(scenario, shares);
    for (guint i = 0; i < n; i++) {
        const ScenarioTerminals *row = scenario_terminals(scenario, i);
        double work;

        if (row->count == 0)
            continue;
        work = work_in(&service, row);
        loads[i] = shares[i] * work / (double)row->count;
        *busiest = fmax(*busiest, most * work);
    }
    service_clear(&service);
}

void
terminal_load_print(const char *name, double load, FILE *out)
{
    if (load > TERMINAL_LOAD_HIGH)
        fprintf(out,
                "[terminals %s]: its load is %.2f, above %g: waits grow as long as that lasts\n",
                name, load, TERMINAL_LOAD_HIGH);
}

void
terminal_load_print_expected(const GPtrArray *points, FILE *out)
{
    const Scenario *first = points->pdata[0];
    guint n = scenario_n_terminals(first);
    g_autofree double *highest = g_new0(double, n);
    g_autofree double *loads = g_new0(double, n);
    double busiest = NAN;

    for (guint point = 0; point < points->len; point++) {
        double here;

        find_expected(points->pdata[point], loads, &here);
        busiest = fmax(busiest, here);
        for (guint i = 0; i < n; i++)
            highest[i] = fmax(highest[i], loads[i]);
    }
    for (guint i = 0; i < n; i++)
        if (highest[i] > TERMINAL_LOAD_HIGH) {
            fprintf(out, "# ");
            terminal_load_print(scenario_terminals(first, i)->name, highest[i], out);
        }
    if (busiest > TERMINAL_LOAD_HIGH)
        fprintf(out, "# the terminal of the most popular merchant has a load of %.2f, above %g\n",
                busiest, TERMINAL_LOAD_HIGH);
}
