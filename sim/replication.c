#include "sim/replication.h"

#include "sim/law.h"
#include "sim/plan.h"
#include "sim/stream.h"
#include "sim/world.h"

#include <sodium.h>

/* A plan action, and the swap of one card that had to wait. */
typedef struct {
    Replication *replication;
    const ScenarioPlan *plan;
    guint index; /* among the plan's actions */
} Action;

typedef struct {
    const Action *action;
    uint32_t card;
} Swap;

struct Replication {
    World world;
    uint64_t number;
    SimEngine *engine;
    Mixing *mixing;
    Meetings *meetings;
    Stream balances_stream;
    Action *actions;
    GPtrArray *swaps;         /* of Swap, those that had to wait */
    GHashTable *swap_entries; /* plan action and old entry to 1 + new entry */
    uint64_t n_swaps;
};

/* Cards whose balances are drawn at once. */
#define CARDS_AT_ONCE 1024

/* Adds @n cards of a cohort with one new entry. */
static void
add_cards(Replication *replication, const ScenarioCohort *cohort, uint16_t index, int64_t n,
          Micros at)
{
    World *world = &replication->world;
    Micros now = MAX(at, 0);
    CohortEntry entry = plan_make_entry(world->ring, &cohort->terms, index, now);
    CardMemory memory = plan_make_memory(world->ring, &cohort->terms, 0, now);
    Cents balances[CARDS_AT_ONCE];
    Cents sum = 0;
    uint16_t entry_index;

    if (n == 0)
        return;
    entry_index = population_add_entry(world->population, &entry);
    for (int64_t i = 0; i < n; i++) {
        if (i % CARDS_AT_ONCE == 0)
            law_draw(&cohort->balance, &replication->balances_stream, balances,
                     (guint)MIN(n - i, CARDS_AT_ONCE));
        memory.balance = balances[i % CARDS_AT_ONCE];
        sum += memory.balance;
        population_add_card(world->population, entry_index, &memory, now);
    }
    recorder_cards_enter(world->recorder, at, (uint64_t)n, world_id(world, memory.transfer_key),
                         world_id(world, memory.update_key));
    recorder_book(world->recorder, at == RECORDER_FROM_THE_START ? BOOK_INITIAL : BOOK_LOADED, sum);
    mixing_add_cards(replication->mixing, (uint32_t)n, cohort->activity_per_day);
}

static Micros
next_meeting(gpointer data)
{
    return meetings_next(((const Replication *)data)->meetings);
}

/* At the wire level a settlement takes long enough for few to make a lot. */
#define WIRE_BLOCK 16

static void
run_meetings(SimEngine *engine, Micros until, gpointer data)
{
    Replication *replication = data;
    Micros sample = recorder_interval_end(replication->world.recorder,
                                          meetings_next(replication->meetings));
    const MeetingBlock *block =
        meetings_draw(replication->meetings, MIN(until, sample),
                      replication->world.decision == NULL ? WIRE_BLOCK : MEETINGS_BLOCK);

    world_settle(&replication->world, block);
    sim_engine_count(engine, block->at, block->n);
}

/* The entry that cards of @old move to by this action. */
static uint16_t
swap_entry(Replication *replication, const Action *action, uint16_t old, Micros now)
{
    gpointer key = GSIZE_TO_POINTER((gsize)action->index << 16 | old);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(replication->swap_entries, key));
    CohortEntry entry;

    if (found != 0)
        return (uint16_t)(found - 1);
    entry = *population_entry(replication->world.population, old);
    plan_change_entry(replication->world.ring, &entry, &action->plan->terms, now);
    found = 1U + population_add_entry(replication->world.population, &entry);
    g_hash_table_insert(replication->swap_entries, key, GUINT_TO_POINTER(found));
    return (uint16_t)(found - 1);
}

static void on_swap(SimEngine *engine, gpointer data);

/* A card that is in a settlement or waits for one is swapped when it is free. */
static void
swap_when_free(const Action *action, uint32_t card, Micros now)
{
    Replication *replication = action->replication;
    Micros end = population_end(replication->world.population, card, now);
    Swap *swap;

    if (end >= replication->world.end)
        return;
    swap = g_new(Swap, 1);
    *swap = (Swap){ .action = action, .card = card };
    g_ptr_array_add(replication->swaps, swap);
    sim_engine_schedule(replication->engine, end, RANK_PLAN, on_swap, swap);
}

static void
swap_card(const Action *action, uint32_t card, Micros now)
{
    Replication *replication = action->replication;
    CardMemory replacement = population_memory(replication->world.population, card);
    uint16_t entry;

    if (world_is_busy(&replication->world, card, now)) {
        swap_when_free(action, card, now);
        return;
    }
    entry = swap_entry(replication, action, replication->world.population->records[card].entry, now);
    plan_change_memory(replication->world.ring, &replacement, &action->plan->terms, now);
    world_swap(&replication->world, card, entry, &replacement, now, replication->n_swaps++);
}

static void
on_swap(SimEngine *engine, gpointer data)
{
    const Swap *swap = data;

    swap_card(swap->action, swap->card, sim_engine_now(engine));
    recorder_settle_shares(swap->action->replication->world.recorder, sim_engine_now(engine));
}

static void
swap_cards(const Action *action, Micros now)
{
    Replication *replication = action->replication;
    g_autoptr(GArray) cards = plan_choose_cards(action->plan, replication->world.population->n_cards,
                                                replication->world.scenario->seed, replication->number);

    for (guint i = 0; i < cards->len; i++)
        swap_card(action, g_array_index(cards, guint32, i), now);
    recorder_settle_shares(replication->world.recorder, now);
}

static void
issue_cards(const Action *action, Micros now)
{
    Replication *replication = action->replication;

    add_cards(replication, replication->world.scenario->cohorts->pdata[action->plan->cohort],
              (uint16_t)action->plan->cohort, action->plan->cards, now);
    recorder_settle_shares(replication->world.recorder, now);
    if (replication->world.decision != NULL)
        decision_learn(replication->world.decision);
    meetings_follow_mixing(replication->meetings, now);
}

/* The entry of revoked cards that were of @entry; @entries: from the one to 1 + the other. */
static uint16_t
revoked_entry(Population *population, GHashTable *entries, uint16_t entry, uint32_t list)
{
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(entries, GUINT_TO_POINTER(entry)));

    if (found == 0) {
        found = 1U + population_add_revoked_entry(population, entry, list);
        g_hash_table_insert(entries, GUINT_TO_POINTER(entry), GUINT_TO_POINTER(found));
    }
    return (uint16_t)(found - 1);
}

static void
revoke_cards(const Action *action, Micros now)
{
    World *world = &action->replication->world;
    g_autoptr(GArray) cards = plan_choose_cards(action->plan, world->population->n_cards,
                                                world->scenario->seed, action->replication->number);
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autoptr(GHashTable) entries = g_hash_table_new(g_direct_hash, g_direct_equal);

    if (world->revocation == NULL)
        return;
    for (guint i = 0; i < cards->len; i++) {
        guint32 card = g_array_index(cards, guint32, i);
        CardRecord *record = &world->population->records[card];
        const CohortEntry *entry = population_entry(world->population, record->entry);
        guint64 serial = certificate_serial(card, entry->certificate_entry);

        if (entry->revoked_by != POPULATION_NOT_REVOKED)
            continue;
        g_array_append_val(serials, serial);
        record->entry = revoked_entry(world->population, entries, record->entry,
                                      world_newest_crl(world) + 1);
    }
    revocation_revoke(world->revocation, serials, now);
    if (world->decision != NULL)
        decision_learn(world->decision);
}

static void
on_action(SimEngine *engine, gpointer data)
{
    const Action *action = data;

    switch (action->plan->what) {
    case PLAN_ISSUE:
        issue_cards(action, sim_engine_now(engine));
        break;
    case PLAN_SWAP:
        swap_cards(action, sim_engine_now(engine));
        break;
    case PLAN_REVOKE:
        revoke_cards(action, sim_engine_now(engine));
        break;
    case N_PLAN_DO:
        g_assert_not_reached();
    }
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
set_up_population(Replication *replication)
{
    const Scenario *scenario = replication->world.scenario;
    int64_t n = plan_n_issued(scenario);

    for (guint i = 0; i < scenario->cohorts->len; i++)
        n += ((const ScenarioCohort *)scenario->cohorts->pdata[i])->cards;
    replication->world.population = population_new((uint32_t)n);
    replication->mixing = mixing_new();
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario->cohorts->pdata[i];

        add_cards(replication, cohort, (uint16_t)i, cohort->cards, RECORDER_FROM_THE_START);
    }
    recorder_settle_shares(replication->world.recorder, 0);
}

static void
set_up_plan(Replication *replication)
{
    const GPtrArray *plan = replication->world.scenario->plan;

    replication->actions = g_new(Action, plan->len);
    for (guint i = 0; i < plan->len; i++) {
        Action *action = &replication->actions[i];

        *action = (Action){ .replication = replication, .plan = plan->pdata[i], .index = i };
        sim_engine_schedule(replication->engine, action->plan->at, RANK_PLAN, on_action, action);
    }
}

static void
set_up_world(World *world, const Scenario *scenario, uint64_t number)
{
    g_autoptr(GArray) transfer_ids = plan_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_collect_ids(scenario, KEY_UPDATE);
    GArray *const ids[N_KEY_KINDS] = { transfer_ids, update_ids };
    uint8_t key_seed[KEYRING_SEED_BYTES];

    world->scenario = scenario;
    world->end = scenario->duration;
    world->has_locks = scenario->mixing != MIXING_TRACE;
    protocol_init(&world->protocol, &scenario->scheme);
    stream_derive(key_seed, sizeof key_seed, scenario->seed, 0, "keys");
    world->ring = keyring_new(key_seed);
    sodium_memzero(key_seed, sizeof key_seed);
    world->recorder = recorder_new(scenario->duration, scenario->sample_interval, ids,
                                   scheme_has_update_keys(&scenario->scheme));
    world->latency = latency_new(&world->protocol);
    world->terminals = terminals_new(scenario, number);
}

static const SimCrowd meetings_crowd = { next_meeting, run_meetings };

Replication *
replication_new(const Scenario *scenario, int64_t number)
{
    Replication *replication = g_new0(Replication, 1);
    World *world = &replication->world;

    replication->number = (uint64_t)number;
    set_up_world(world, scenario, replication->number);
    stream_init(&replication->balances_stream, scenario->population_seed, replication->number,
                "population");
    replication->engine = sim_engine_new();
    sim_engine_set_end(replication->engine, world->end);
    replication->swaps = g_ptr_array_new_with_free_func(g_free);
    replication->swap_entries = g_hash_table_new(g_direct_hash, g_direct_equal);
    set_up_population(replication);
    if (scenario->level == FIDELITY_DECISION)
        world->decision = decision_new(world);
    else
        world->wire = wire_new(&world->protocol, world->population, world->ring, scenario->seed,
                               replication->number);
    if (world->protocol.has_certificates)
        world->revocation = revocation_new(world->wire);
    set_up_plan(replication);
    replication->meetings =
        meetings_new(scenario, number, replication->mixing, world->population, world->terminals);
    meetings_follow_mixing(replication->meetings, 0);
    sim_engine_set_crowd(replication->engine, &meetings_crowd, replication);
    schedule_lift(replication);
    return replication;
}

void
replication_free(Replication *replication)
{
    World *world;

    if (replication == NULL)
        return;
    world = &replication->world;
    g_free(replication->actions);
    g_ptr_array_unref(replication->swaps);
    g_hash_table_unref(replication->swap_entries);
    meetings_free(replication->meetings);
    sim_engine_free(replication->engine);
    mixing_free(replication->mixing);
    revocation_free(world->revocation);
    wire_free(world->wire);
    decision_free(world->decision);
    terminals_free(world->terminals);
    latency_free(world->latency);
    recorder_free(world->recorder);
    population_free(world->population);
    keyring_free(world->ring);
    g_free(replication);
}

SimEngine *
replication_engine(Replication *replication)
{
    return replication->engine;
}

void
replication_cut(Replication *replication)
{
    Micros end = recorder_next_sample(replication->world.recorder, sim_engine_now(replication->engine));

    if (end >= replication->world.end)
        return;
    replication->world.end = end;
    sim_engine_set_end(replication->engine, end);
    recorder_set_end(replication->world.recorder, end);
}

Micros
replication_end(const Replication *replication)
{
    return replication->world.end;
}

static void
close_books(Replication *replication)
{
    Cents balances = 0;
    Cents residual;

    for (uint32_t card = 0; card < replication->world.population->n_cards; card++)
        balances += population_balance(replication->world.population, card);
    residual = recorder_close_books(replication->world.recorder, balances);
    recorder_set_ties(replication->world.recorder, sim_engine_n_ties(replication->engine));
    if (residual != 0)
        g_error("replication %" G_GUINT64_FORMAT ": the books are off by %" G_GINT64_FORMAT
                " minor units; this is a bug, please report it with the scenario and its seed",
                replication->number, residual);
}

const Recorder *
replication_recorder(const Replication *replication)
{
    return replication->world.recorder;
}

const Latency *
replication_latency(const Replication *replication)
{
    return replication->world.latency;
}

static GArray *
collect_uses(const World *world)
{
    const Terminals *terminals = world->terminals;
    uint32_t settings = world->scenario->chips->len * world->scenario->chips->len;
    GArray *uses = g_array_new(FALSE, FALSE, sizeof(TerminalUse));

    for (guint i = 0; i < terminals->n_groups; i++) {
        uint64_t n;
        Micros occupied = latency_occupation(world->latency, i * settings, settings, &n);
        TerminalUse use = terminals_use(&terminals->groups[i], n, occupied, world->end);

        g_array_append_val(uses, use);
    }
    return uses;
}

ReplicationResult
replication_finish(Replication *replication)
{
    ReplicationResult result = { 0 };

    if (replication->world.decision != NULL)
        decision_finish(replication->world.decision);
    close_books(replication);
    result.uses = collect_uses(&replication->world);
    if (meetings_failure(replication->meetings) != NULL)
        result.failure = g_error_copy(meetings_failure(replication->meetings));
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
    g_clear_error(&result->failure);
}
