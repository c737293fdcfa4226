#include "sim/runs/workload.h"

#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_actions.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"
#include "sim/traffic/pairs.h"

#include <math.h>

/* ---- Times and cards --------------------------------------------------- */

static double
days_from(const Scenario *scenario, Micros begin)
{
    return (double)(scenario->duration - begin) / (double)MICROS_PER_DAY;
}

/* Cards of @cohorts at the end. */
static double
cards_of(const Scenario *scenario, const GArray *cohorts)
{
    double n = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (plan_facts_concerns(cohorts, i))
            n += (double)scenario_cohort(scenario, i)->cards;
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        if (plan->what == PLAN_ISSUE && plan_facts_concerns(cohorts, (guint)plan->cohort))
            n += (double)plan_facts_issued(scenario, plan);
    }
    return n;
}

/* How often an action takes place up to @time. */
static int64_t
times_up_to(const Scenario *scenario, const ScenarioPlan *plan, Micros time)
{
    const int64_t times = plan_facts_times(scenario, plan);

    if (plan_facts_time(plan, 0) > time)
        return 0;
    return plan->every == SCENARIO_UNSET ? times : MIN(times, time / plan->every);
}

/* Days that the cards which an action issues spend in the run, from @begin on: those that are there
 * by then all of them, the others from evenly spaced times on. */
static double
days_of_issued(const Scenario *scenario, const ScenarioPlan *plan, Micros begin)
{
    const int64_t times = plan_facts_times(scenario, plan);
    const int64_t early = times_up_to(scenario, plan, begin);
    double days = (double)early * days_from(scenario, begin);

    if (early < times)
        days += (double)(times - early) *
                (days_from(scenario, plan_facts_time(plan, early)) +
                 days_from(scenario, plan_facts_time(plan, times - 1))) /
                2;
    return days * (double)plan->cards;
}

/* (transfer full): days that the cards of each cohort spend in the run, from @begin on. */
static double *
days_by_cohort(const Scenario *scenario, Micros begin)
{
    double *days = g_new0(double, scenario_n_cohorts(scenario));

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        days[i] = (double)scenario_cohort(scenario, i)->cards * days_from(scenario, begin);
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        if (plan->what == PLAN_ISSUE)
            days[plan->cohort] += days_of_issued(scenario, plan, begin);
    }
    return days;
}

/* Of cards of @cohorts. */
static double
card_days(const Scenario *scenario, const GArray *cohorts, Micros begin)
{
    g_autofree double *by_cohort = days_by_cohort(scenario, begin);
    double days = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (plan_facts_concerns(cohorts, i))
            days += by_cohort[i];
    return days;
}

/* ---- Meetings ---------------------------------------------------------- */

/* Rows of a trace that are settled, as if they were spread evenly. */
static double
rows_in_time(const Scenario *scenario)
{
    const ContactsFacts *facts = contacts_facts(scenario->trace);

    return (double)(facts->n_rows - facts->n_self) *
           MIN(1, (double)scenario->duration / (double)(facts->last + 1));
}

double
workload_payments_per_day(const Scenario *scenario, guint index)
{
    const ScenarioCohort *cohort = scenario_cohort(scenario, index);
    double dormant = plan_facts_wakes(scenario, index) ? 0 : MAX(cohort->dormant, 0);

    return scenario->mixing == MIXING_MERCHANTS && cohort->role == ROLE_MERCHANT
               ? 0
               : cohort->activity.per_day * (1 - dormant);
}

/* The share of terminals that settle byte by byte. */
static double
rogue_terminals(const Scenario *scenario)
{
    double all = 0;
    double rogue = 0;

    for (guint i = 0; i < scenario_n_terminals(scenario); i++) {
        const ScenarioTerminals *group = scenario_terminals(scenario, i);

        all += group->share;
        rogue += group->rogue != ROGUE_NONE ? group->share : 0;
    }
    return all > 0 ? rogue / all : 0;
}

/* The share of meetings in which a card or the terminal settles byte by byte whatever the level.
 * @days: by cohort; @begun: all payments */
static double
rogue_meetings(const Scenario *scenario, const double *days, double begun)
{
    double paying = 0;
    double paid = 0;
    double all = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        bool is_rogue = scenario_cohort(scenario, i)->rogue > ROGUE_CARDS_POISON;

        all += days[i];
        paid += is_rogue ? days[i] : 0;
        paying += is_rogue ? workload_payments_per_day(scenario, i) * days[i] : 0;
    }
    paid = all > 0 ? paid / all : 0;
    paying = scenario->trace != NULL ? paid : begun > 0 ? paying / begun : 0;
    return 1 - (1 - paying) * (1 - paid) * (1 - rogue_terminals(scenario));
}

/* How long a settlement lasts, roughly, with cards of today. */
#define SETTLEMENT_DAYS (0.1 / 86400)

/* The share of settlements that are torn. */
static double
torn_share(const ScenarioFaults *faults)
{
    double per_day = 0;

    for (TearParty party = 0; party < N_TEAR_PARTIES; party++)
        per_day += faults->per_day[party];
    return 1 - (1 - faults->torn) * exp(-per_day * SETTLEMENT_DAYS);
}

/* How fast cards' own clocks go in the mean: as fast as all others but for the part of a week. */
static double
pace(const Scenario *scenario)
{
    g_autoptr(Profile) profile = NULL;

    if (profile_is_flat(scenario->day_profile) && profile_is_flat(scenario->week_profile))
        return 1;
    profile = profile_new(scenario->day_profile, scenario->week_profile, scenario->start);
    return ldexp((double)profile_tick(profile, scenario->duration), -PROFILE_TICK_BITS) /
           (double)scenario->duration;
}

static void
count_meetings(const Scenario *scenario, Workload *work)
{
    g_autofree double *days = days_by_cohort(scenario, 0);
    double begun = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        begun += workload_payments_per_day(scenario, i) * days[i];
    work->meetings = scenario->trace != NULL ? rows_in_time(scenario) : begun * pace(scenario);
    work->on_wire = work->meetings *
                    (scenario->level == FIDELITY_APDU ? 1 : rogue_meetings(scenario, days, begun));
    work->torn = work->meetings * torn_share(&scenario->faults);
}

/* ---- The plan ---------------------------------------------------------- */

/* How many cards an action draws each time. */
static double
drawn_by(const Scenario *scenario, const ScenarioPlan *plan)
{
    double cards = cards_of(scenario, plan->from);

    return plan->share >= 0 ? plan->share * cards : MIN(cards, (double)plan->cards);
}

static double
drawn_in_all(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    double drawn = (double)plan_facts_times(scenario, plan) * drawn_by(scenario, plan);

    work->draws += drawn;
    return drawn;
}

/* Tables of activities are made anew for all cards whenever there are more. */
static void
count_issue(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    const double times = (double)plan_facts_times(scenario, plan);

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);

        if (pairs_needs_table(scenario, scenario_cohort(scenario, (guint)plan->cohort)) &&
            pairs_needs_table(scenario, cohort))
            work->rebuilt += times * (double)cohort->cards;
    }
}

static void
count_swap(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    work->swaps += drawn_in_all(scenario, plan, work);
}

static void
count_revoke(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    work->revoked += drawn_in_all(scenario, plan, work);
}

/* Who is replaced is struck off the lists of all campaigns that run: where they overlap, so many
 * replacements remain. A card is asked in again by those that have begun since, more of them each
 * period, so that the time until then follows Rayleigh's law. */
static double
most_by_overlapping(const Scenario *scenario, const ScenarioPlan *plan)
{
    const double cards = cards_of(scenario, plan->from);
    const double every = (double)plan->every / (double)MICROS_PER_DAY;

    return plan->every == SCENARIO_UNSET
               ? INFINITY
               : cards + cards * days_from(scenario, plan->every) /
                             sqrt(G_PI_2 * every * cards / plan->rate_per_day);
}

/* Cards are asked in one after the other, and the last ones may come too late. */
static void
count_campaign(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    const int64_t times = plan_facts_times(scenario, plan);
    const double drawn = drawn_by(scenario, plan);
    double asked = 0;

    drawn_in_all(scenario, plan, work);
    for (int64_t nth = 0; nth < times; nth++)
        asked +=
            MIN(drawn, 1 + plan->rate_per_day * days_from(scenario, plan_facts_time(plan, nth)));
    work->turns += asked;
    work->swaps += MIN(asked, most_by_overlapping(scenario, plan));
}

/* How often one of the cards that the action concerns has its turn, at a rate for each. */
static double
turns_of_cards(const Scenario *scenario, const ScenarioPlan *plan)
{
    return plan->rate_per_day * card_days(scenario, plan->from, plan_facts_time(plan, 0));
}

static void
count_replace(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    work->swaps += turns_of_cards(scenario, plan);
}

static void
count_recall(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    work->recalls += turns_of_cards(scenario, plan);
}

static void
count_special(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    const int64_t count = scenario_terminals(scenario, (guint)plan->terminals)->count;

    work->visits +=
        plan->rate_per_day * (double)MAX(count, 1) * days_from(scenario, plan_facts_time(plan, 0));
}

static void
count_inject(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    work->visits += drawn_in_all(scenario, plan, work);
}

static void
count_leak(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    work->taps += MAX(plan->taps_per_day, 0) * days_from(scenario, plan_facts_time(plan, 0));
}

static double
dormant_cards(const Scenario *scenario, const ScenarioPlan *plan)
{
    double n = 0;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (plan_facts_concerns(plan->from, i))
            n += (double)scenario_cohort(scenario, i)->cards *
                 MAX(scenario_cohort(scenario, i)->dormant, 0);
    return n;
}

/* Who is awake is woken no more. */
static void
count_wake(const Scenario *scenario, const ScenarioPlan *plan, Workload *work)
{
    const double dormant = dormant_cards(scenario, plan);
    const double times = (double)plan_facts_times(scenario, plan);
    const double days = days_from(scenario, plan_facts_time(plan, 0));

    if (plan_facts_lasts(plan))
        work->wakes += dormant * -expm1(-plan->rate_per_day * days);
    else if (plan->share >= 0)
        work->wakes += dormant * (1 - pow(1 - plan->share, times));
    else
        work->wakes += MIN(dormant, times * (double)plan->cards);
}

static void
count_nothing(const Scenario *scenario G_GNUC_UNUSED, const ScenarioPlan *plan G_GNUC_UNUSED,
              Workload *work G_GNUC_UNUSED)
{
}

static void (*const counts[])(const Scenario *scenario, const ScenarioPlan *plan,
                              Workload *work) = {
    [PLAN_ISSUE] = count_issue,     [PLAN_SWAP] = count_swap,
    [PLAN_REVOKE] = count_revoke,   [PLAN_CAMPAIGN] = count_campaign,
    [PLAN_REPLACE] = count_replace, [PLAN_ROTATE] = count_swap,
    [PLAN_LIMITS] = count_nothing,  [PLAN_RECALL] = count_recall,
    [PLAN_SPECIAL] = count_special, [PLAN_WAKE] = count_wake,
    [PLAN_INJECT] = count_inject,   [PLAN_LEAK] = count_leak,
};
G_STATIC_ASSERT(G_N_ELEMENTS(counts) == N_PLAN_DO);

static void
count_plan(const Scenario *scenario, Workload *work)
{
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        if (counts[plan->what] == NULL)
            g_error("sim/runs/workload.c: do = %s is not counted", plan_actions[plan->what].name);
        counts[plan->what](scenario, plan, work);
        work->turns += (double)plan_facts_times(scenario, plan);
    }
}

/* ---- Cards that are called in for their limit -------------------------- */

static uint32_t
newest_key(const Scenario *scenario)
{
    g_autoptr(GArray) ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);

    return ids->len == 0 ? 0 : g_array_index(ids, guint32, ids->len - 1);
}

/* Whether cards of the cohort come to the end of what they can take. */
static bool
comes_to_limit(const Scenario *scenario, const ScenarioCohort *cohort, uint32_t newest)
{
    const CardTerms *terms = &cohort->terms;
    int64_t limit = terms->transfer_key_limit;

    if (scenario->scheme.deliver == DELIVER_ID)
        limit = terms->preloaded->len == 0
                    ? terms->transfer_key
                    : g_array_index(terms->preloaded, uint32_t, terms->preloaded->len - 1);
    if (limit == SCENARIO_UNSET || limit == SCENARIO_NO_LIMIT)
        return false;
    return scenario->reclaim == RECLAIM_ON_REACH ? newest >= limit : newest > limit;
}

/* How often one card of the cohort is replaced: @most times if each replacement comes to its limit
 * as well. */
static double
replacements(const Scenario *scenario, guint cohort, uint32_t newest, double most)
{
    guint n_cohorts = scenario_n_cohorts(scenario);

    for (guint n = 0; n <= n_cohorts; n++) {
        const ScenarioCohort *row = scenario_cohort(scenario, cohort);

        if (!comes_to_limit(scenario, row, newest))
            return MIN(n, most);
        cohort = row->successor < 0 ? cohort : (guint)row->successor;
    }
    return most;
}

/* A card can be replaced again after the delay and a meeting. */
static void
count_reclaimed(const Scenario *scenario, Workload *work)
{
    const double days = days_from(scenario, 0);
    const double per_card = work->cards > 0 ? 2 * work->meetings / work->cards : 0;
    const double delay = (double)scenario->reclaim_delay / (double)MICROS_PER_DAY;
    const double most = per_card > 0 ? days / (delay + days / per_card) : 0;
    const uint32_t newest = newest_key(scenario);

    if (scenario->reclaim == RECLAIM_NEVER || delay >= days)
        return;
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        work->swaps +=
            (double)scenario_cohort(scenario, i)->cards * replacements(scenario, i, newest, most);
}

/* ---- Samples ----------------------------------------------------------- */

/* Whether it is counted at each sample who holds an attacker's key. */
static bool
looks_for_poison(const Scenario *scenario)
{
    return plan_facts_has(scenario, PLAN_INJECT) ||
           scenario_has_rogue_cards(scenario, ROGUE_CARDS_POISON);
}

static void
count_samples(const Scenario *scenario, Workload *work)
{
    g_autoptr(GArray) transfer_ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    double samples = (double)scenario->duration / (double)scenario->sample_interval + 1;
    bool is_of_active = scenario->active_within != SCENARIO_UNSET;
    double looks = (is_of_active ? 1 : 0) + (looks_for_poison(scenario) ? 1 : 0) +
                   (is_of_active && plan_facts_has(scenario, PLAN_LEAK) ? 1 : 0);

    work->outcome_rows = samples * N_OUTCOMES;
    work->key_rows = samples * (transfer_ids->len + update_ids->len);
    work->looks = samples * work->cards * looks;
}

static void
count_updates(const Scenario *scenario, Workload *work)
{
    g_autoptr(GArray) transfer_ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    const Scheme *scheme = &scenario->scheme;

    work->updates = work->cards * (transfer_ids->len - 1.0);
    work->has_public_key = scheme->authenticate == AUTHENTICATE_PUBLIC_KEY ||
                           (scheme_has_certificates(scheme) && update_ids->len > 1);
}

Workload
workload_of(const Scenario *scenario)
{
    g_autoptr(GArray) everybody = g_array_new(FALSE, FALSE, sizeof(guint));
    Workload work = { .cards = cards_of(scenario, everybody) };

    count_meetings(scenario, &work);
    count_updates(scenario, &work);
    count_plan(scenario, &work);
    count_reclaimed(scenario, &work);
    count_samples(scenario, &work);
    return work;
}
