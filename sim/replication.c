#include "sim/replication.h"

#include "model/mixing.h"

#include "sim/arrivals.h"
#include "sim/plan.h"
#include "sim/revocation.h"
#include "sim/stream.h"
#include "sim/terminals.h"
#include "sim/wire.h"

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
    const Scenario *scenario;
    uint64_t number;
    Micros end;
    Protocol protocol;
    KeyRing *ring;
    Population *population;
    Mixing *mixing;
    Wire *wire;
    Revocation *revocation; /* NULL without certificates */
    SimEngine *engine;
    Recorder *recorder;
    Latency *latency;
    Arrivals arrivals;
    SimEventId next_arrival;
    Stream mixing_stream;
    Stream terminals_stream;
    Stream amounts_stream;
    Stream balances_stream;
    Terminals *terminals;
    Action *actions;
    GPtrArray *swaps;         /* of Swap, those that had to wait */
    GHashTable *swap_entries; /* plan action and old entry to 1 + new entry */
    uint64_t n_arrivals;
    uint64_t n_swaps;
};

static int64_t
draw_law(const Law *law, Stream *stream)
{
    uint64_t bits = stream_next(stream); /* always one, whatever the law */
    uint64_t width = (uint64_t)(law->high - law->low) + 1;

    if (law->kind == LAW_CONSTANT)
        return law->low;
    return law->low + (int64_t)((unsigned __int128)bits * width >> 64);
}

static const CohortEntry *
entry_of(const Replication *replication, uint32_t card)
{
    return population_entry(replication->population, replication->population->records[card].entry);
}

static uint32_t
id_of(const Replication *replication, KeyHandle handle)
{
    return handle == 0 ? 0 : keyring_id(replication->ring, handle);
}

/* Adds @n cards of a cohort with one new entry. */
static void
add_cards(Replication *replication, const ScenarioCohort *cohort, uint16_t index, int64_t n,
          Micros at)
{
    Micros now = MAX(at, 0);
    CohortEntry entry = plan_make_entry(replication->ring, &cohort->terms, index, now);
    uint16_t entry_index;

    if (n == 0)
        return;
    entry_index = population_add_entry(replication->population, &entry);
    for (int64_t i = 0; i < n; i++) {
        Cents balance = draw_law(&cohort->balance, &replication->balances_stream);
        CardMemory memory = plan_make_memory(replication->ring, &cohort->terms, balance, now);

        population_add_card(replication->population, entry_index, &memory, now);
        recorder_card_enters(replication->recorder, at, id_of(replication, memory.transfer_key),
                             id_of(replication, memory.update_key));
        recorder_book(replication->recorder,
                      at == RECORDER_FROM_THE_START ? BOOK_INITIAL : BOOK_LOADED, balance);
    }
    mixing_add_cards(replication->mixing, (uint32_t)n, cohort->activity_per_day);
}

/* A number for the seats that two cards have in a group of terminals. */
static uint32_t
setting_of(const Scenario *scenario, guint group, const Seat seats[static N_SIDES])
{
    const Chip *first = &g_array_index(scenario->chips, Chip, 0);
    uint32_t setting = group;

    for (Side side = 0; side < N_SIDES; side++)
        setting = setting * scenario->chips->len + (uint32_t)(seats[side].chip - first);
    return setting;
}

/* Posts what a settlement changed on both cards. */
static void
record_changes(Replication *replication, const WireResult *result, Micros at)
{
    Cents debit = result->before[SIDE_PAYER].balance - result->after[SIDE_PAYER].balance;
    Cents credit = result->after[SIDE_PAYEE].balance - result->before[SIDE_PAYEE].balance;

    recorder_meeting(replication->recorder, at, result->course.seen.outcome, credit);
    recorder_book(replication->recorder, debit >= credit ? BOOK_DESTROYED : BOOK_MINTED,
                  debit >= credit ? debit - credit : credit - debit);
    for (Side side = 0; side < N_SIDES; side++) {
        const CardMemory *before = &result->before[side];
        const CardMemory *after = &result->after[side];

        if (result->course.log[side].wrote == 0)
            continue;
        if (result->course.seen.path != PATH_NONE) /* a switch is no update */
            recorder_update(replication->recorder, result->course.seen.path);
        recorder_key_changes(replication->recorder, at, KEY_TRANSFER,
                             id_of(replication, before->transfer_key),
                             id_of(replication, after->transfer_key));
        recorder_key_changes(replication->recorder, at, KEY_UPDATE,
                             id_of(replication, before->update_key),
                             id_of(replication, after->update_key));
    }
}

/* The revocation list that a terminal holds at @arrival. */
static guint
crl_of(const Replication *replication, const TerminalChoice *terminal, Micros arrival)
{
    if (replication->revocation == NULL)
        return 0;
    return revocation_list_at(replication->revocation,
                              terminals_crl_period(replication->terminals, terminal->group),
                              terminal->crl_phase, arrival);
}

/* One settlement at a terminal. Returns: its end. */
static Micros
settle(Replication *replication, const TerminalChoice *terminal, uint32_t payer, uint32_t payee,
       Cents amount, Micros arrival, Micros start)
{
    const WirePlace *place = terminals_place(replication->terminals, terminal->group);
    int64_t date = replication->scenario->start * MICROS_PER_SECOND + start;
    Seat seats[N_SIDES] = {
        { entry_of(replication, payer)->chip, place->interface[SIDE_PAYER] },
        { entry_of(replication, payee)->chip, place->interface[SIDE_PAYEE] },
    };
    WireResult result =
        wire_settle(replication->wire, place, crl_of(replication, terminal, arrival), payer, payee,
                    amount, date, start, replication->n_arrivals);
    const LatencyClass *class =
        latency_class(replication->latency, &result.course,
                      setting_of(replication->scenario, terminal->group, seats), seats,
                      terminals_kind(replication->terminals, terminal->group));

    record_changes(replication, &result, start);
    latency_count(replication->latency, class, start - arrival);
    return start + class->duration.total;
}

static void schedule_arrival(Replication *replication);

/* Every arrival draws the same number of random numbers, whatever becomes of it. */
static void
on_arrival(SimEngine *engine, gpointer data)
{
    Replication *replication = data;
    Micros now = sim_engine_now(engine);
    uint64_t which = stream_next(&replication->mixing_stream);
    uint64_t who = stream_next(&replication->mixing_stream);
    uint32_t payer = mixing_draw_payer(replication->mixing, which, who);
    uint32_t payee =
        mixing_draw_payee(replication->mixing, payer, stream_next(&replication->mixing_stream));
    uint64_t which_group = stream_next(&replication->terminals_stream);
    TerminalChoice terminal = terminals_choose(replication->terminals, which_group,
                                               stream_next(&replication->terminals_stream));
    Cents amount = draw_law(&replication->scenario->amount, &replication->amounts_stream);
    Micros start = terminals_start(replication->terminals, &terminal, now);
    Micros end;

    replication->n_arrivals++;
    arrivals_advance(&replication->arrivals);
    schedule_arrival(replication);
    if (population_is_busy(replication->population, payer, now) ||
        population_is_busy(replication->population, payee, now)) {
        recorder_card_busy(replication->recorder, now);
        return;
    }
    if (start >= replication->end)
        return;
    end = settle(replication, &terminal, payer, payee, amount, now, start);
    terminals_occupy(replication->terminals, &terminal, end);
    population_set_end(replication->population, payer, end);
    population_set_end(replication->population, payee, end);
}

static void
schedule_arrival(Replication *replication)
{
    replication->next_arrival = 0;
    if (replication->arrivals.next < replication->end)
        replication->next_arrival = sim_engine_schedule(
            replication->engine, replication->arrivals.next, RANK_ARRIVAL, on_arrival, replication);
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
    entry = *population_entry(replication->population, old);
    plan_change_entry(replication->ring, &entry, &action->plan->terms, now);
    found = 1U + population_add_entry(replication->population, &entry);
    g_hash_table_insert(replication->swap_entries, key, GUINT_TO_POINTER(found));
    return (uint16_t)(found - 1);
}

static void on_swap(SimEngine *engine, gpointer data);

/* A card that is in a settlement or waits for one is swapped when it is free. */
static void
swap_when_free(const Action *action, uint32_t card, Micros now)
{
    Replication *replication = action->replication;
    Micros end = population_end(replication->population, card, now);
    Swap *swap;

    if (end >= replication->end)
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
    CardMemory replacement = population_memory(replication->population, card);
    uint16_t entry;
    WireResult result;

    if (population_is_busy(replication->population, card, now)) {
        swap_when_free(action, card, now);
        return;
    }
    entry = swap_entry(replication, action, replication->population->records[card].entry, now);
    plan_change_memory(replication->ring, &replacement, &action->plan->terms, now);
    result = wire_swap(replication->wire, card, entry, &replacement,
                       replication->scenario->start * MICROS_PER_SECOND + now, now,
                       replication->n_swaps++);
    recorder_key_changes(replication->recorder, now, KEY_TRANSFER,
                         id_of(replication, result.before[SIDE_PAYER].transfer_key),
                         id_of(replication, result.after[SIDE_PAYEE].transfer_key));
    recorder_key_changes(replication->recorder, now, KEY_UPDATE,
                         id_of(replication, result.before[SIDE_PAYER].update_key),
                         id_of(replication, result.after[SIDE_PAYEE].update_key));
    recorder_book(replication->recorder, BOOK_STRANDED,
                  result.before[SIDE_PAYER].balance - result.after[SIDE_PAYEE].balance);
}

static void
on_swap(SimEngine *engine, gpointer data)
{
    const Swap *swap = data;

    swap_card(swap->action, swap->card, sim_engine_now(engine));
    recorder_settle_shares(swap->action->replication->recorder, sim_engine_now(engine));
}

static void
swap_cards(const Action *action, Micros now)
{
    Replication *replication = action->replication;
    g_autoptr(GArray) cards = plan_choose_cards(action->plan, replication->population->n_cards,
                                                replication->scenario->seed, replication->number);

    for (guint i = 0; i < cards->len; i++)
        swap_card(action, g_array_index(cards, guint32, i), now);
    recorder_settle_shares(replication->recorder, now);
}

static void
issue_cards(const Action *action, Micros now)
{
    Replication *replication = action->replication;

    add_cards(replication, replication->scenario->cohorts->pdata[action->plan->cohort],
              (uint16_t)action->plan->cohort, action->plan->cards, now);
    recorder_settle_shares(replication->recorder, now);
    arrivals_set_rate(&replication->arrivals, now, replication->mixing->total_rate);
    if (replication->next_arrival != 0)
        sim_engine_cancel(replication->engine, replication->next_arrival);
    schedule_arrival(replication);
}

static void
revoke_cards(const Action *action, Micros now)
{
    Replication *replication = action->replication;
    g_autoptr(GArray) cards = plan_choose_cards(action->plan, replication->population->n_cards,
                                                replication->scenario->seed, replication->number);
    g_autoptr(GArray) serials = g_array_new(FALSE, FALSE, sizeof(guint64));

    if (replication->revocation == NULL)
        return;
    for (guint i = 0; i < cards->len; i++) {
        guint32 card = g_array_index(cards, guint32, i);
        guint64 serial = certificate_serial(card, replication->population->records[card].entry);

        g_array_append_val(serials, serial);
    }
    revocation_revoke(replication->revocation, serials, now);
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

    if (at < replication->end)
        sim_engine_schedule(replication->engine, at, RANK_SAMPLE, on_lift, replication);
}

static void
on_lift(SimEngine *engine, gpointer data)
{
    Replication *replication = data;

    population_lift_ends(replication->population, sim_engine_now(engine));
    schedule_lift(replication);
}

static void
set_up_population(Replication *replication)
{
    const Scenario *scenario = replication->scenario;
    int64_t n = plan_n_issued(scenario);

    for (guint i = 0; i < scenario->cohorts->len; i++)
        n += ((const ScenarioCohort *)scenario->cohorts->pdata[i])->cards;
    replication->population = population_new((uint32_t)n);
    replication->mixing = mixing_new();
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario->cohorts->pdata[i];

        add_cards(replication, cohort, (uint16_t)i, cohort->cards, RECORDER_FROM_THE_START);
    }
    recorder_settle_shares(replication->recorder, 0);
}

static void
set_up_plan(Replication *replication)
{
    const GPtrArray *plan = replication->scenario->plan;

    replication->actions = g_new(Action, plan->len);
    for (guint i = 0; i < plan->len; i++) {
        Action *action = &replication->actions[i];

        *action = (Action){ .replication = replication, .plan = plan->pdata[i], .index = i };
        sim_engine_schedule(replication->engine, action->plan->at, RANK_PLAN, on_action, action);
    }
}

Replication *
replication_new(const Scenario *scenario, int64_t number)
{
    Replication *replication = g_new0(Replication, 1);
    g_autoptr(GArray) transfer_ids = plan_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_collect_ids(scenario, KEY_UPDATE);
    GArray *const ids[N_KEY_KINDS] = { transfer_ids, update_ids };
    uint8_t key_seed[KEYRING_SEED_BYTES];
    uint64_t seed = scenario->seed;

    replication->scenario = scenario;
    replication->number = (uint64_t)number;
    replication->end = scenario->duration;
    protocol_init(&replication->protocol, &scenario->scheme);
    stream_derive(key_seed, sizeof key_seed, seed, 0, "keys");
    replication->ring = keyring_new(key_seed);
    sodium_memzero(key_seed, sizeof key_seed);
    stream_init(&replication->mixing_stream, seed, replication->number, "mixing");
    stream_init(&replication->terminals_stream, seed, replication->number, "terminals");
    stream_init(&replication->amounts_stream, seed, replication->number, "amounts");
    stream_init(&replication->balances_stream, scenario->population_seed, replication->number,
                "population");
    arrivals_init(&replication->arrivals, seed, replication->number);
    replication->recorder = recorder_new(scenario->duration, scenario->sample_interval, ids,
                                         scheme_has_update_keys(&scenario->scheme));
    replication->latency = latency_new(&replication->protocol);
    replication->engine = sim_engine_new();
    replication->swaps = g_ptr_array_new_with_free_func(g_free);
    replication->swap_entries = g_hash_table_new(g_direct_hash, g_direct_equal);
    replication->terminals = terminals_new(scenario, seed, replication->number);
    set_up_population(replication);
    replication->wire = wire_new(&replication->protocol, replication->population, replication->ring,
                                 seed, replication->number);
    if (replication->protocol.has_certificates)
        replication->revocation = revocation_new(replication->wire);
    set_up_plan(replication);
    arrivals_set_rate(&replication->arrivals, 0, replication->mixing->total_rate);
    schedule_arrival(replication);
    schedule_lift(replication);
    return replication;
}

void
replication_free(Replication *replication)
{
    if (replication == NULL)
        return;
    terminals_free(replication->terminals);
    g_free(replication->actions);
    g_ptr_array_unref(replication->swaps);
    g_hash_table_unref(replication->swap_entries);
    revocation_free(replication->revocation);
    wire_free(replication->wire);
    sim_engine_free(replication->engine);
    latency_free(replication->latency);
    recorder_free(replication->recorder);
    mixing_free(replication->mixing);
    population_free(replication->population);
    keyring_free(replication->ring);
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
    Micros end = recorder_next_sample(replication->recorder, sim_engine_now(replication->engine));

    if (end >= replication->end)
        return;
    replication->end = end;
    sim_engine_set_end(replication->engine, end);
    recorder_set_end(replication->recorder, end);
}

Micros
replication_end(const Replication *replication)
{
    return replication->end;
}

static void
close_books(Replication *replication)
{
    Cents balances = 0;
    Cents residual;

    for (uint32_t card = 0; card < replication->population->n_cards; card++)
        balances += population_balance(replication->population, card);
    residual = recorder_close_books(replication->recorder, balances);
    recorder_set_ties(replication->recorder, sim_engine_n_ties(replication->engine));
    if (residual != 0)
        g_error("replication %" G_GUINT64_FORMAT ": the books are off by %" G_GINT64_FORMAT
                " minor units; this is a bug, please report it with the scenario and its seed",
                replication->number, residual);
}

const Recorder *
replication_recorder(const Replication *replication)
{
    return replication->recorder;
}

const Latency *
replication_latency(const Replication *replication)
{
    return replication->latency;
}

ReplicationResult
replication_finish(Replication *replication)
{
    ReplicationResult result = { 0 };

    close_books(replication);
    result.recorder = g_steal_pointer(&replication->recorder);
    result.latency = g_steal_pointer(&replication->latency);
    replication_free(replication);
    return result;
}

void
replication_result_clear(ReplicationResult *result)
{
    g_clear_pointer(&result->recorder, recorder_free);
    g_clear_pointer(&result->latency, latency_free);
}
