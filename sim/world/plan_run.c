#include "sim/world/plan_run.h"

#include "sim/base/share.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_actions.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"
#include "sim/traffic/arrivals.h"
#include "sim/world/attacker_reader.h"
#include "sim/world/card_terms.h"
#include "sim/world/decision.h"
#include "sim/world/issuer_orders.h"
#include "sim/world/issuer_revocation.h"

/**
 * Action:
 * @stream: which cards
 * @n_done: how often it has taken place
 * @order: what is done to cards; of a rotation, this time
 * @attacker: of a leak
 * @arrivals: when, of what goes on at a rate
 */
typedef struct {
    PlanRun *run;
    const ScenarioPlan *plan;
    Stream stream;
    int64_t n_done;
    IssuerOrder *order;
    AttackerReader *attacker;
    Arrivals arrivals;
} Action;

/* Cards of one campaign in the order in which they are asked in. */
typedef struct {
    const Action *action;
    GArray *cards; /* of guint32 */
    IssuerSet *left;
    guint next;
    Micros began;
} Campaign;

struct PlanRun {
    World *world;
    SimEngine *engine;
    Issuer *issuer;
    Pairs *pairs;
    Meetings *meetings;
    Exposure *exposure; /* NULL where nothing leaks */
    Action *actions;
    guint n_actions;
    GPtrArray *campaigns; /* of Campaign */
    GPtrArray *attackers; /* of AttackerReader */
    GArray *everybody;    /* no cohort: all cards */
};

/* ---- Which cards ------------------------------------------------------- */

/* As many of the cards that it may draw as there are. */
static GArray *
draw_cards(Action *action, int64_t n)
{
    const Issuer *issuer = action->run->issuer;
    uint32_t n_cards = issuer_n_cards(issuer, action->plan->from);
    GArray *cards =
        card_terms_choose_cards(&action->stream, n_cards, (uint32_t)MIN(n, (int64_t)n_cards));

    for (guint i = 0; i < cards->len; i++) {
        guint32 *card = &g_array_index(cards, guint32, i);

        *card = issuer_card(issuer, action->plan->from, *card);
    }
    return cards;
}

static void
settle_shares(const Action *action, Micros now)
{
    recorder_settle_shares(action->run->world->recorder, now);
}

/* ---- At once ----------------------------------------------------------- */

static void follow_cards(PlanRun *run, Micros now);

static void
issue_cards(Action *action, Micros now)
{
    PlanRun *run = action->run;

    issuer_add_cards(run->issuer, (guint)action->plan->cohort, action->plan->cards, now);
    issuer_revocation_revoke_rogues(run->issuer, now);
    settle_shares(action, now);
    if (run->world->decision != NULL)
        decision_learn(run->world->decision);
    meetings_follow_pairs(run->meetings, now);
    follow_cards(run, now);
}

static void
swap_cards(Action *action, Micros now)
{
    g_autoptr(GArray) cards = draw_cards(action, action->plan->cards);

    for (guint i = 0; i < cards->len; i++)
        issuer_orders_carry_out(action->order, g_array_index(cards, guint32, i), now);
    settle_shares(action, now);
}

static void
rotate_cards(Action *action, Micros now)
{
    CardTerms terms = plan_facts_raise_terms(&action->plan->terms, action->n_done);

    action->order = issuer_orders_add(action->run->issuer, PLAN_ROTATE, &terms);
    g_array_unref(terms.preloaded);
    swap_cards(action, now);
}

static void
revoke_cards(Action *action, Micros now)
{
    g_autoptr(GArray) cards = draw_cards(action, action->plan->cards);

    issuer_revocation_revoke(action->run->issuer, cards, now);
}

static void
set_limits(Action *action, Micros now G_GNUC_UNUSED)
{
    issuer_set_limits(action->run->issuer, (guint)action->plan->cohort, &action->plan->terms);
}

/* ---- Campaigns --------------------------------------------------------- */

static void
free_campaign(gpointer data)
{
    g_array_unref(((Campaign *)data)->cards);
    g_free(data);
}

static void on_invited(SimEngine *engine, gpointer data);

/* The next card is asked in when its turn comes, whatever became of those before. */
static void
invite_next(Campaign *campaign)
{
    double per_day = campaign->action->plan->rate_per_day;
    double after = (double)campaign->next * (double)MICROS_PER_DAY / per_day;
    const PlanRun *run = campaign->action->run;

    if (campaign->next < campaign->cards->len &&
        after < (double)(run->world->end - campaign->began))
        sim_engine_schedule(run->engine, campaign->began + (Micros)after, RANK_PLAN, on_invited,
                            campaign);
}

/* A card that has been replaced since it was chosen is no longer there. */
static void
on_invited(SimEngine *engine, gpointer data)
{
    Campaign *campaign = data;
    guint32 card = g_array_index(campaign->cards, guint32, campaign->next++);

    if (issuer_set_has(campaign->left, card))
        issuer_orders_carry_out(campaign->action->order, card, sim_engine_now(engine));
    settle_shares(campaign->action, sim_engine_now(engine));
    invite_next(campaign);
}

static void
begin_campaign(Action *action, Micros now)
{
    const ScenarioPlan *plan = action->plan;
    uint32_t n_cards = issuer_n_cards(action->run->issuer, plan->from);
    int64_t n =
        plan->cards == SCENARIO_UNSET ? (int64_t)share_count(plan->share, n_cards) : plan->cards;
    Campaign *campaign = g_new(Campaign, 1);

    *campaign = (Campaign){ .action = action, .cards = draw_cards(action, n), .began = now };
    card_terms_shuffle_cards(&action->stream, campaign->cards);
    campaign->left = issuer_watch(action->run->issuer, campaign->cards);
    g_ptr_array_add(action->run->campaigns, campaign);
    invite_next(campaign);
}

/* ---- What goes on at a rate -------------------------------------------- */

/* How often in a day one of its cards, whichever, has its turn. */
static double
total_rate(const Action *action)
{
    const PlanRun *run = action->run;

    if (action->plan->what == PLAN_SPECIAL) {
        const ScenarioTerminals *group =
            scenario_terminals(run->world->scenario, (guint)action->plan->terminals);

        return action->plan->rate_per_day * (double)MAX(group->count, 1);
    }
    if (action->plan->what == PLAN_WAKE)
        return action->plan->rate_per_day * pairs_n_dormant(run->pairs, action->plan->from);
    if (action->plan->what == PLAN_LEAK)
        return action->plan->taps_per_day;
    return action->plan->rate_per_day * issuer_n_cards(run->issuer, action->plan->from);
}

/* Of whose cards one has its turn: an attacker cannot choose who comes by. */
static const GArray *
drawn_from(const Action *action)
{
    return action->plan->what == PLAN_LEAK ? action->run->everybody : action->plan->from;
}

static void on_turn(SimEngine *engine, gpointer data);
static void wake_cards(Action *action, int64_t n, Micros now);

static void
schedule_turn(Action *action)
{
    if (action->arrivals.next < action->run->world->end)
        sim_engine_schedule(action->run->engine, action->arrivals.next, RANK_PLAN, on_turn, action);
}

static void
on_turn(SimEngine *engine, gpointer data)
{
    Action *action = data;
    const Issuer *issuer = action->run->issuer;
    const GArray *from = drawn_from(action);
    Micros now = sim_engine_now(engine);
    uint32_t n_cards = issuer_n_cards(issuer, from);
    uint32_t nth;

    if (action->arrivals.next != now)
        return; /* cards have been issued since: it comes at another time */
    arrivals_draw(&action->arrivals, now + 1, &now, 1);
    if (action->plan->what == PLAN_WAKE) {
        wake_cards(action, 1, now);
        return; /* which sets its rate anew */
    }
    nth = (uint32_t)stream_below(&action->stream, n_cards);
    issuer_orders_carry_out(action->order, issuer_card(issuer, from, nth), now);
    settle_shares(action, now);
    schedule_turn(action);
}

static void
set_rate(Action *action, Micros now)
{
    arrivals_set_rate(&action->arrivals, now, total_rate(action));
    schedule_turn(action);
}

/* Cards have been issued. */
static void
follow_cards(PlanRun *run, Micros now)
{
    for (guint i = 0; i < run->n_actions; i++)
        if (plan_facts_lasts(run->actions[i].plan) && run->actions[i].n_done > 0)
            set_rate(&run->actions[i], now);
}

/* ---- Dormant cards ----------------------------------------------------- */

/* There are fewer, which the other actions must know that wake them at a rate. */
static void
wake_cards(Action *action, int64_t n, Micros now)
{
    PlanRun *run = action->run;

    pairs_wake(run->pairs, action->plan->from, n, &action->stream);
    meetings_follow_pairs(run->meetings, now);
    for (guint i = 0; i < run->n_actions; i++)
        if (run->actions[i].plan->what == PLAN_WAKE && run->actions[i].n_done > 0 &&
            plan_facts_lasts(run->actions[i].plan))
            set_rate(&run->actions[i], now);
}

static void
begin_waking(Action *action, Micros now)
{
    const ScenarioPlan *plan = action->plan;
    uint32_t n_dormant;

    if (plan_facts_lasts(plan)) {
        set_rate(action, now);
        return;
    }
    n_dormant = pairs_n_dormant(action->run->pairs, plan->from);
    wake_cards(action,
               plan->share >= 0 ? (int64_t)share_count(plan->share, n_dormant) : plan->cards, now);
}

/* ---- Leaks ------------------------------------------------------------- */

static void
leak_secret(Action *action, Micros now)
{
    PlanRun *run = action->run;
    g_autoptr(GArray) cards = NULL;

    action->attacker =
        attacker_reader_new(run->world, run->exposure, action->plan, run->attackers->len);
    g_ptr_array_add(run->attackers, action->attacker);
    if (plan_facts_leaks_key(action->plan->leak.what)) {
        attacker_reader_take_key(action->attacker, now);
    } else {
        cards = draw_cards(action, 1);
        if (cards->len > 0)
            issuer_orders_carry_out(
                issuer_orders_add_task(run->issuer, attacker_reader_take_card, action->attacker),
                g_array_index(cards, guint32, 0), now);
    }
    if (action->plan->taps_per_day < 0)
        return;
    exposure_expect(run->exposure, now);
    action->order = issuer_orders_add_task(run->issuer, attacker_reader_tap, action->attacker);
    set_rate(action, now);
}

/* ---- When -------------------------------------------------------------- */

static void (*const acts[])(Action *action, Micros now) = {
    [PLAN_ISSUE] = issue_cards,       [PLAN_SWAP] = swap_cards,   [PLAN_REVOKE] = revoke_cards,
    [PLAN_CAMPAIGN] = begin_campaign, [PLAN_REPLACE] = set_rate,  [PLAN_ROTATE] = rotate_cards,
    [PLAN_LIMITS] = set_limits,       [PLAN_RECALL] = set_rate,   [PLAN_SPECIAL] = set_rate,
    [PLAN_WAKE] = begin_waking,       [PLAN_INJECT] = swap_cards, [PLAN_LEAK] = leak_secret,
};
G_STATIC_ASSERT(G_N_ELEMENTS(acts) == N_PLAN_DO);

static void
demand_acts(void)
{
    for (PlanDo i = 0; i < N_PLAN_DO; i++)
        if (acts[i] == NULL)
            g_error("sim/world/plan_run.c: nothing is done for do = %s", plan_actions[i].name);
}

static void on_due(SimEngine *engine, gpointer data);

static void
schedule_next(Action *action)
{
    const PlanRun *run = action->run;

    if (action->n_done < plan_facts_times(run->world->scenario, action->plan))
        sim_engine_schedule(run->engine, plan_facts_time(action->plan, action->n_done), RANK_PLAN,
                            on_due, action);
}

static void
on_due(SimEngine *engine, gpointer data)
{
    Action *action = data;

    acts[action->plan->what](action, sim_engine_now(engine));
    action->n_done++;
    schedule_next(action);
}

static bool
is_met(const Action *action, Micros now)
{
    const PlanTrigger *when = &action->plan->when;
    uint64_t all;
    uint64_t cards =
        recorder_sampled_cards(action->run->world->recorder, when->kind, when->id, now, &all);
    int than_wanted = share_compare(cards, when->share, all);

    return when->or_equal ? than_wanted >= 0 : than_wanted > 0;
}

/* Looks at the sample of this moment, or the next one. */
static void
on_sample(SimEngine *engine, gpointer data)
{
    Action *action = data;
    Micros now = sim_engine_now(engine);
    Micros next = recorder_interval_end(action->run->world->recorder, now);

    if (is_met(action, now))
        sim_engine_schedule(engine, now, RANK_PLAN, on_due, action);
    else if (next < action->run->world->end)
        sim_engine_schedule(engine, next, RANK_SAMPLE, on_sample, action);
}

static void
init_action(Action *action, PlanRun *run, guint index, uint64_t number)
{
    const ScenarioPlan *plan = scenario_plan(run->world->scenario, index);
    uint64_t seed = run->world->seed;
    g_autofree char *purpose = g_strconcat("plan ", plan->name, NULL);
    g_autofree char *times = g_strconcat("plan times ", plan->name, NULL);

    *action = (Action){ .run = run, .plan = plan };
    stream_init(&action->stream, seed, number, purpose);
    arrivals_init_for(&action->arrivals, seed, number, times);
    if (plan->what != PLAN_ROTATE &&
        (plan_facts_swaps(plan->what) || (plan_facts_lasts(plan) && plan->what != PLAN_WAKE) ||
         plan->what == PLAN_INJECT))
        action->order = issuer_orders_add(run->issuer, plan->what, &plan->terms);
    if (plan->what == PLAN_INJECT)
        issuer_orders_bring_key(action->order,
                                attacks_find(run->world->attacks, ATTACKS_PLAN, index));
    if (plan->when.is_set)
        sim_engine_schedule(run->engine, 0, RANK_SAMPLE, on_sample, action);
    else
        schedule_next(action);
}

PlanRun *
plan_run_new(World *world, SimEngine *engine, Issuer *issuer, Pairs *pairs, Meetings *meetings,
             Exposure *exposure, uint64_t number)
{
    PlanRun *run = g_new0(PlanRun, 1);

    demand_acts();
    run->world = world;
    run->engine = engine;
    run->issuer = issuer;
    run->pairs = pairs;
    run->meetings = meetings;
    run->exposure = exposure;
    run->campaigns = g_ptr_array_new_with_free_func(free_campaign);
    run->attackers = g_ptr_array_new_with_free_func((GDestroyNotify)attacker_reader_free);
    run->everybody = g_array_new(FALSE, FALSE, sizeof(guint));
    run->actions = g_new(Action, scenario_n_plan(world->scenario));
    run->n_actions = scenario_n_plan(world->scenario);
    for (guint i = 0; i < scenario_n_plan(world->scenario); i++)
        init_action(&run->actions[i], run, i, number);
    return run;
}

void
plan_run_free(PlanRun *run)
{
    if (run == NULL)
        return;
    g_free(run->actions);
    g_ptr_array_unref(run->campaigns);
    g_ptr_array_unref(run->attackers);
    g_array_unref(run->everybody);
    g_free(run);
}
