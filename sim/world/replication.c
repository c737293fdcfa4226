#include "sim/world/replication.h"

#include "sim/base/quantity.h"
#include "sim/base/stream.h"
#include "sim/measure/metrics.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"
#include "sim/world/active_cards.h"
#include "sim/world/active_shares.h"
#include "sim/world/decision.h"
#include "sim/world/issuer.h"
#include "sim/world/issuer_revocation.h"
#include "sim/world/limit_recall.h"
#include "sim/world/plan_run.h"
#include "sim/world/settlements.h"
#include "sim/world/world.h"

#include <sodium.h>

G_DEFINE_QUARK(replication - error - quark, replication_error)

struct Replication {
    World world;
    uint64_t number;
    SimEngine *engine;
    Pairs *pairs;
    Meetings *meetings;
    Issuer *issuer;
    PlanRun *plan;
    Exposure *exposure;          /* NULL where nothing leaks */
    RevokedCards *revoked_cards; /* NULL where nobody is revoked */
    LimitRecall *limit_recall;   /* NULL where no card is called in at its limit */
    Micros balanced_at;          /* the sample at which the books were balanced last */
    uint64_t next_balance;       /* arrivals before they are balanced again */
    ActiveShares *active;        /* NULL unless asked for */
    GError *failure;             /* NULL as long as there is none */
};

static CentsSum
add_up_balances(const Population *population)
{
    CentsSum sum = 0;

    for (uint32_t card = 0; card < population->n_cards; card++)
        sum += population_balance(population, card);
    return sum;
}

/* At the end of the run: posts what is left on cards whose terms have ended. It is what was on them
 * then, but for payments at terminals whose clocks are behind. Returns: the sum */
static CentsSum
strand_ended_cards(World *world)
{
    const Population *population = world->population;
    CentsSum sum = 0;
    Micros since;

    for (uint32_t card = 0; card < population->n_cards; card++) {
        const uint16_t expiry_day = population->records[card].expiry_day;
        const Cents balance = population_balance(population, card);

        if (balance > 0 && world_has_ended(world, expiry_day, world->end, &since)) {
            world_note_left(world, world->end, expiry_day, balance);
            sum += balance;
        }
    }
    return sum;
}

/* Stops the run if cards hold more or less than the books say. @balances: of all cards but those
 * whose money is stranded */
static void
balance_books(const Replication *replication, CentsSum balances)
{
    Cents residual;
    Micros by;

    if (recorder_has_outgrown(replication->world.recorder, &by))
        return; /* they are not whole, and the run fails */
    residual = recorder_balance_books(replication->world.recorder, balances);
    if (residual != 0)
        g_error("replication %" G_GUINT64_FORMAT ": the books are off by %" G_GINT64_FORMAT
                " minor units; this is a bug, please report it with the scenario and its seed",
                replication->number, residual);
}

/* Balances them at a sample if so much has happened since the last time that it costs little
 * beside. */
static void
balance_books_at_sample(Replication *replication, Micros sample)
{
    const World *world = &replication->world;
    uint64_t n_cards = world->population->n_cards;

    if (sample == replication->balanced_at || world->n_arrivals < replication->next_balance)
        return;
    balance_books(replication, add_up_balances(world->population));
    replication->balanced_at = sample;
    replication->next_balance =
        world->n_arrivals + (world->decision == NULL ? n_cards / 16 : 16 * n_cards);
}

/* What cards and records cannot number any more: nothing is sure then. NULL: they can */
static GError *
overfull(const Replication *replication)
{
    const World *world = &replication->world;
    g_autofree char *most = NULL;
    g_autofree char *time = NULL;

    if (world->ring->is_overfull)
        most =
            g_strdup_printf("%d different keys, with those that torn writes and attackers leave,",
                            KEYRING_PAIRS_MAX);
    else if (world->population->is_overfull)
        most = g_strdup_printf("%d kinds of cards", POPULATION_ENTRIES_MAX);
    else
        return NULL;
    time = quantity_print_duration(sim_engine_now(replication->engine));
    return g_error_new(REPLICATION_ERROR, REPLICATION_ERROR_OVERFULL,
                       "%s: replication %" G_GUINT64_FORMAT ": more than %s after %s",
                       world->scenario->path, replication->number, most, time);
}

/* More money than the books can hold. NULL: they can */
static GError *
outgrown(const Replication *replication)
{
    g_autofree char *time = NULL;
    Micros by;

    if (!recorder_has_outgrown(replication->world.recorder, &by))
        return NULL;
    time = quantity_print_duration(by);
    return g_error_new(REPLICATION_ERROR, REPLICATION_ERROR_OUTGROWN,
                       "%s: replication %" G_GUINT64_FORMAT ": expected at most %" G_GINT64_FORMAT
                       " minor units to be paid, destroyed, minted and stranded in all, found more "
                       "by %s",
                       replication->world.scenario->path, replication->number, INT64_MAX, time);
}

/* Whether the replication is worth nothing any more; then it ends where it is. */
static bool
has_failed(Replication *replication)
{
    if (replication->failure == NULL)
        replication->failure = overfull(replication);
    if (replication->failure == NULL)
        replication->failure = outgrown(replication);
    if (replication->failure == NULL)
        return false;
    sim_engine_set_end(replication->engine, sim_engine_now(replication->engine));
    return true;
}

/* The engine asks before each step. */
static Micros
next_meeting(gpointer data)
{
    Replication *replication = data;

    return has_failed(replication) ? INT64_MAX : meetings_next(replication->meetings);
}

/* At the wire level a settlement takes long enough for few to make a lot. */
#define WIRE_BLOCK 16

static void
run_meetings(SimEngine *engine, Micros until, gpointer data)
{
    Replication *replication = data;
    Micros next = meetings_next(replication->meetings);
    Micros sample = recorder_interval_end(replication->world.recorder, next);
    Micros horizon = replication->limit_recall == NULL
                         ? INT64_MAX
                         : limit_recall_horizon(replication->limit_recall, next);
    const MeetingBlock *block =
        meetings_draw(replication->meetings, MIN(MIN(until, sample), horizon),
                      replication->world.decision == NULL ? WIRE_BLOCK : MEETINGS_BLOCK);

    balance_books_at_sample(replication, sample);
    settlements_run_block(&replication->world, block);
    sim_engine_count(engine, block->at, block->n);
}

static void on_lift(SimEngine *engine, gpointer data);

static void
schedule_lift(Replication *replication)
{
    Micros at = sim_engine_now(replication->engine) + POPULATION_LIFT_PERIOD;

    if (at < replication->world.end)
        sim_engine_schedule(replication->engine, at, RANK_SAMPLE, on_lift, replication);
}

static void
on_lift(SimEngine *engine, gpointer data)
{
    Replication *replication = data;

    population_lift_ends(replication->world.population, sim_engine_now(engine));
    schedule_lift(replication);
}

static void
on_sample(SimEngine *engine, gpointer data)
{
    Replication *replication = data;
    World *world = &replication->world;
    Micros now = sim_engine_now(engine);
    Micros next = recorder_interval_end(world->recorder, now);

    observers_tell_sample(&world->observers, now);
    if (next < world->end)
        sim_engine_schedule(engine, next, RANK_SAMPLE, on_sample, replication);
}

/* ---- Setting up -------------------------------------------------------- */

/* What needs no cards yet. */
static void
set_up_world(World *world, const Scenario *scenario, uint64_t number)
{
    g_autoptr(GArray) transfer_ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    GArray *const ids[N_KEY_KINDS] = { transfer_ids, update_ids };
    uint8_t key_seed[KEYRING_SEED_BYTES];

    world->scenario = scenario;
    world->seed = scenario->seed;
    world->chips = scenario->chips;
    world->epoch = scenario->start * MICROS_PER_SECOND;
    world->active_within = scenario->active_within;
    world->end = scenario->duration;
    world->has_locks = scenario->mixing != MIXING_TRACE;
    world->has_merchants = scenario->mixing == MIXING_MERCHANTS;
    protocol_init(&world->protocol, &scenario->scheme);
    stream_derive(key_seed, sizeof key_seed, scenario->seed, 0, "keys");
    world->ring = keyring_new(key_seed);
    sodium_memzero(key_seed, sizeof key_seed);
    world->attacks = attacks_new(scenario, &world->protocol, world->ring);
    world->recorder = recorder_new(scenario->duration, scenario->sample_interval, ids,
                                   scheme_has_update_keys(&scenario->scheme));
    world->latency = latency_new(&world->protocol);
    world->terminals = terminals_new(scenario, number);
}

static void
sample_attacks(gpointer data, Micros now)
{
    const World *world = data;

    attacks_sample(world->attacks, world->population, now);
}

/* The keys that are to leak by their names; what is on a card that leaks is not known yet. */
static void
expect_leaks(Exposure *exposure, const Scenario *scenario)
{
    for (guint i = 0; i < scenario_n_plan(scenario); i++) {
        const ScenarioPlan *plan = scenario_plan(scenario, i);

        if (plan->what == PLAN_LEAK && plan->leak.is_set && plan_facts_leaks_key(plan->leak.what))
            exposure_expect_leak(exposure, plan_facts_leak_kind(&plan->leak), plan->leak.id);
    }
}

/* Who looks at cards, where the scenario has them looked at. Exposure counts all cards that enter.
 */
static void
set_up_observers(Replication *replication)
{
    World *world = &replication->world;
    const Scenario *scenario = world->scenario;

    if (plan_facts_has(scenario, PLAN_LEAK)) {
        replication->exposure = exposure_new(
            scenario->duration, scenario->sample_interval, world->recorder,
            scenario->active_within == SCENARIO_UNSET ? NULL : active_cards_count_exposed, world);
        expect_leaks(replication->exposure, scenario);
        exposure_join(replication->exposure, &world->observers);
    }
    if (plan_facts_has(scenario, PLAN_REVOKE) ||
        scenario_has_rogue_cards(scenario, ROGUE_CARDS_REVOKED))
        replication->revoked_cards =
            revoked_cards_new(scenario->duration, scenario->sample_interval);
    if (world->attacks != NULL)
        observers_join(&world->observers,
                       &(Observer){ .on_sample = sample_attacks, .data = world });
}

/* Cards of the cohorts are in circulation from the start. */
static void
set_up_population(Replication *replication)
{
    const Scenario *scenario = replication->world.scenario;
    int64_t n = plan_facts_n_issued(scenario);

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        n += scenario_cohort(scenario, i)->cards;
    replication->world.population = population_new((uint32_t)n + N_SIDES);
    if (replication->revoked_cards != NULL)
        revoked_cards_watch(replication->revoked_cards, &replication->world.observers,
                            replication->world.population);
    replication->pairs = pairs_new(scenario, replication->number);
    replication->issuer = issuer_new(&replication->world, replication->engine, replication->pairs,
                                     replication->revoked_cards, replication->number);
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        issuer_add_cards(replication->issuer, i, scenario_cohort(scenario, i)->cards,
                         RECORDER_FROM_THE_START);
    recorder_settle_shares(replication->world.recorder, RECORDER_FROM_THE_START);
}

static void
set_up_rogue_terminals(World *world)
{
    for (guint i = 0; i < world->terminals->n_groups; i++) {
        const Attacker *attacker = attacks_find(world->attacks, ATTACKS_TERMINALS, i);

        if (attacker != NULL)
            world->terminals->groups[i].place.rogue = attacker_rogue(attacker);
    }
}

/* Rogue terminals and cards settle byte by byte at either level. */
static bool
wants_wire(const World *world)
{
    for (guint i = 0; i < world->terminals->n_groups; i++)
        if (world->terminals->groups[i].place.rogue != NULL)
            return true;
    for (RogueCards kind = ROGUE_CARDS_POISON + 1; kind < N_ROGUE_CARDS; kind++)
        if (scenario_has_rogue_cards(world->scenario, kind))
            return true;
    return world->scenario->level != FIDELITY_DECISION;
}

/* How meetings are settled. */
static void
set_up_levels(Replication *replication)
{
    World *world = &replication->world;
    const Scenario *scenario = world->scenario;

    set_up_rogue_terminals(world);
    if (scenario->level == FIDELITY_DECISION)
        world->decision = decision_new(world);
    if (wants_wire(world))
        world->wire = wire_new(&world->protocol, world->population, world->ring, scenario->seed,
                               replication->number);
    if (world->protocol.has_certificates)
        world->revocation = revocation_new(world->wire);
    world->faults = faults_new(&scenario->faults, scenario->seed, replication->number);
}

static const SimCrowd meetings_crowd = { next_meeting, run_meetings };

/* Who meets, and what the issuer and attackers do meanwhile. */
static void
set_up_events(Replication *replication)
{
    World *world = &replication->world;
    const Scenario *scenario = world->scenario;

    issuer_revocation_revoke_rogues(replication->issuer, 0);
    if (scenario->reclaim != RECLAIM_NEVER && scheme_has_updates(&scenario->scheme))
        replication->limit_recall =
            limit_recall_new(world, replication->engine, replication->issuer);
    replication->meetings = meetings_new(scenario, (int64_t)replication->number, replication->pairs,
                                         world->population, world->terminals);
    meetings_follow_pairs(replication->meetings, 0);
    sim_engine_set_crowd(replication->engine, &meetings_crowd, replication);
    replication->plan =
        plan_run_new(world, replication->engine, replication->issuer, replication->pairs,
                     replication->meetings, replication->exposure, replication->number);
    replication->active = active_shares_new(world, replication->engine);
    schedule_lift(replication);
    /* only who asks what stands on the cards needs samples as events */
    if (world->observers.hear_samples)
        sim_engine_schedule(replication->engine, 0, RANK_SAMPLE, on_sample, replication);
}

Replication *
replication_new(const Scenario *scenario, int64_t number)
{
    Replication *replication = g_new0(Replication, 1);

    replication->number = (uint64_t)number;
    replication->engine = sim_engine_new();
    sim_engine_set_end(replication->engine, scenario->duration);
    set_up_world(&replication->world, scenario, replication->number);
    set_up_observers(replication);
    set_up_population(replication);
    set_up_levels(replication);
    set_up_events(replication);
    return replication;
}

void
replication_free(Replication *replication)
{
    World *world;

    if (replication == NULL)
        return;
    world = &replication->world;
    g_clear_error(&replication->failure);
    active_shares_free(replication->active);
    plan_run_free(replication->plan);
    issuer_free(replication->issuer);
    meetings_free(replication->meetings);
    sim_engine_free(replication->engine);
    pairs_free(replication->pairs);
    revocation_free(world->revocation);
    g_free(world->faults);
    wire_free(world->wire);
    decision_free(world->decision);
    attacks_free(world->attacks);
    terminals_free(world->terminals);
    latency_free(world->latency);
    exposure_free(replication->exposure);
    revoked_cards_free(replication->revoked_cards);
    limit_recall_free(replication->limit_recall);
    observers_clear(&world->observers);
    recorder_free(world->recorder);
    population_free(world->population);
    keyring_free(world->ring);
    g_free(replication);
}

void
replication_observe(Replication *replication, const Observer *observer)
{
    g_return_if_fail(observer->on_sample == NULL || sim_engine_now(replication->engine) == 0);
    if (observer->on_sample != NULL && !replication->world.observers.hear_samples)
        sim_engine_schedule(replication->engine, 0, RANK_SAMPLE, on_sample, replication);
    observers_join(&replication->world.observers, observer);
}

SimEngine *
replication_engine(Replication *replication)
{
    return replication->engine;
}

void
replication_cut(Replication *replication)
{
    Micros end =
        recorder_next_sample(replication->world.recorder, sim_engine_now(replication->engine));

    if (end >= replication->world.end)
        return;
    replication->world.end = end;
    sim_engine_set_end(replication->engine, end);
    recorder_set_end(replication->world.recorder, end);
}

void
replication_stop_meetings(Replication *replication)
{
    sim_engine_set_crowd(replication->engine, NULL, NULL);
}

World *
replication_world(Replication *replication)
{
    return &replication->world;
}

Issuer *
replication_issuer(Replication *replication)
{
    return replication->issuer;
}

Micros
replication_end(const Replication *replication)
{
    return replication->world.end;
}

bool
replication_has_leaked(const Replication *replication, KeyKind kind, uint32_t id)
{
    return replication->exposure != NULL && exposure_has(replication->exposure, kind, id);
}

const Recorder *
replication_recorder(const Replication *replication)
{
    return replication->world.recorder;
}

static GArray *
collect_uses(const World *world)
{
    const Terminals *terminals = world->terminals;
    uint32_t settings = world->scenario->chips->len * world->scenario->chips->len;
    GArray *uses = g_array_new(FALSE, FALSE, sizeof(TerminalUse));

    for (guint i = 0; i < terminals->n_groups; i++) {
        uint64_t n;
        MicrosSum occupied = latency_occupation(world->latency, i * settings, settings, &n);
        TerminalUse use = terminals_use(&terminals->groups[i], n, occupied, world->end);

        g_array_append_val(uses, use);
    }
    return uses;
}

static uint64_t
count_unserved(const Terminals *terminals)
{
    uint64_t sum = 0;

    for (guint i = 0; i < terminals->n_groups; i++)
        sum += terminals->groups[i].unserved;
    return sum;
}

/* Why the replication is worth nothing; NULL: it is whole */
static GError *
take_failure(Replication *replication)
{
    if (has_failed(replication))
        return g_steal_pointer(&replication->failure);
    return meetings_failure(replication->meetings) == NULL
               ? NULL
               : g_error_copy(meetings_failure(replication->meetings));
}

ReplicationResult
replication_finish(Replication *replication)
{
    ReplicationResult result = { 0 };

    if (replication->world.decision != NULL)
        decision_finish(replication->world.decision);
    recorder_close(replication->world.recorder);
    balance_books(replication, add_up_balances(replication->world.population) -
                                   strand_ended_cards(&replication->world));
    recorder_set_ties(replication->world.recorder, sim_engine_n_ties(replication->engine));
    result.uses = collect_uses(&replication->world);
    recorder_set_unserved(replication->world.recorder,
                          count_unserved(replication->world.terminals));
    if (replication->world.attacks != NULL)
        attacks_sample(replication->world.attacks, replication->world.population,
                       replication->world.end);
    result.attacks = g_steal_pointer(&replication->world.attacks);
    result.metrics = active_cards_take(&replication->world, replication->world.end);
    active_shares_add_metrics(replication->active, result.metrics);
    if (replication->exposure != NULL) {
        g_autoptr(GArray) ids = plan_facts_collect_ids(replication->world.scenario, KEY_TRANSFER);

        exposure_close(replication->exposure, ids, replication->world.end, result.metrics);
    }
    if (replication->revoked_cards != NULL)
        revoked_cards_close(replication->revoked_cards, replication->world.end, result.metrics);
    if (replication->limit_recall != NULL)
        metrics_add_integer(result.metrics, "reclaimed", "cards",
                            limit_recall_n_replaced(replication->limit_recall));
    result.exposure = g_steal_pointer(&replication->exposure);
    result.revoked_cards = g_steal_pointer(&replication->revoked_cards);
    result.failure = take_failure(replication);
    result.recorder = g_steal_pointer(&replication->world.recorder);
    result.latency = g_steal_pointer(&replication->world.latency);
    replication_free(replication);
    return result;
}

void
replication_result_clear(ReplicationResult *result)
{
    g_clear_pointer(&result->recorder, recorder_free);
    g_clear_pointer(&result->latency, latency_free);
    g_clear_pointer(&result->uses, g_array_unref);
    g_clear_pointer(&result->metrics, g_array_unref);
    g_clear_pointer(&result->attacks, attacks_free);
    g_clear_pointer(&result->exposure, exposure_free);
    g_clear_pointer(&result->revoked_cards, revoked_cards_free);
    g_clear_error(&result->failure);
}
