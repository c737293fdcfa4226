#include "sim/world/limit_recall.h"

#include "sim/scenario/scenario.h"
#include "sim/world/issuer_orders.h"

/* A card that has been called in. */
typedef struct {
    LimitRecall *limit_recall;
    uint32_t card;
} Call;

/* @called: cards that have been called in and not been replaced since */
struct LimitRecall {
    World *world;
    SimEngine *engine;
    Issuer *issuer;
    IssuerOrder *order;
    IssuerSet *called;
    int64_t n_replaced;
};

static void
replace(gpointer data, uint32_t card, Micros now)
{
    LimitRecall *limit_recall = data;

    if (!issuer_set_has(limit_recall->called, card))
        return;
    issuer_orders_renew(limit_recall->issuer, card, now);
    limit_recall->n_replaced++;
}

Micros
limit_recall_horizon(const LimitRecall *limit_recall, Micros next)
{
    Micros delay = MAX(limit_recall->world->scenario->reclaim_delay, 1);

    return next > INT64_MAX - delay ? INT64_MAX : next + delay;
}

int64_t
limit_recall_n_replaced(const LimitRecall *limit_recall)
{
    return limit_recall->n_replaced;
}

/* ---- Which cards ------------------------------------------------------- */

/* Whether a limit leaves no room for @id. */
static bool
is_beyond(const Scheme *scheme, uint64_t id, uint32_t limit)
{
    return limit != CARD_NO_LIMIT &&
           (scheme->range == RANGE_LIMIT_EXCLUSIVE ? id >= limit : id > limit);
}

static bool
is_preloaded_above(const World *world, const CardProfile *profile, uint32_t id)
{
    for (guint i = 0; i < profile->n_preloaded; i++)
        if (world_id(world, profile->preloaded[i]) > id)
            return true;
    return false;
}

/* Whether a card with such a profile can take no transfer key from @id on. */
static bool
ends_before(const World *world, const CardProfile *profile, uint64_t id)
{
    const Scheme *scheme = &world->protocol.scheme;

    if (scheme->deliver == DELIVER_ID)
        return !is_preloaded_above(world, profile, (uint32_t)(id - 1));
    return is_beyond(scheme, id, profile->transfer_key_limit);
}

static const CardProfile *
profile_of(const World *world, uint32_t card)
{
    return &population_entry(world->population, world->population->records[card].entry)->profile;
}

static bool
has_reached(const World *world, uint32_t card, const CardMemory *before, const CardMemory *after)
{
    const Scheme *scheme = &world->protocol.scheme;
    const CardProfile *profile = profile_of(world, card);

    if (after->transfer_key != before->transfer_key &&
        ends_before(world, profile, world_id(world, after->transfer_key) + UINT64_C(1)))
        return true;
    return scheme->update_key == UPDATE_KEY_TRAVELS && after->update_key != before->update_key &&
           is_beyond(scheme, world_id(world, after->update_key) + UINT64_C(1),
                     profile->update_key_limit);
}

/* ---- When -------------------------------------------------------------- */

static void
on_due(SimEngine *engine, gpointer data)
{
    g_autofree Call *call = data;
    LimitRecall *limit_recall = call->limit_recall;

    issuer_orders_carry_out(limit_recall->order, call->card, sim_engine_now(engine));
    recorder_settle_shares(limit_recall->world->recorder, sim_engine_now(engine));
}

static void
call_in(LimitRecall *limit_recall, uint32_t card, Micros at)
{
    const World *world = limit_recall->world;
    Micros delay = world->scenario->reclaim_delay;
    Call *call;

    if (issuer_set_has(limit_recall->called, card) || at >= world->end - delay)
        return;
    issuer_set_add(limit_recall->called, card);
    call = g_new(Call, 1);
    *call = (Call){ limit_recall, card };
    sim_engine_schedule(limit_recall->engine, at + delay, RANK_PLAN, on_due, call);
}

/* The side of the first card in circulation whose new state is kept; N_SIDES if there is none. A
 * tapped card does not notice what an attacker's reader has offered it; a card that has been handed
 * out in a swap is as the issuer wanted it. */
static Side
first_concerned(ObservedKind kind)
{
    switch (kind) {
    case OBSERVED_MEETING:
        return SIDE_PAYER;
    case OBSERVED_SPECIAL:
    case OBSERVED_INJECT:
    case OBSERVED_RECALL:
        return SIDE_PAYEE;
    case OBSERVED_SWAP:
    case OBSERVED_TAP:
    case N_OBSERVED_KINDS:
        break;
    }
    return N_SIDES;
}

/* Calls in which of two cards that have settled is to be. */
static void
look(gpointer data, const ObservedSettlement *settlement)
{
    LimitRecall *limit_recall = data;
    const World *world = limit_recall->world;
    const Course *course = settlement->course;

    for (Side side = first_concerned(settlement->kind); side < N_SIDES; side++) {
        uint32_t card = settlement->cards[side];
        bool is_due =
            world->scenario->reclaim == RECLAIM_ON_REACH
                ? has_reached(world, card, &settlement->before[side], &settlement->after[side])
                : course != NULL && course->log[side].at_limit;

        if (is_due)
            call_in(limit_recall, card, settlement->start);
    }
}

/* ---- The whole --------------------------------------------------------- */

LimitRecall *
limit_recall_new(World *world, SimEngine *engine, Issuer *issuer)
{
    LimitRecall *limit_recall = g_new0(LimitRecall, 1);

    limit_recall->world = world;
    limit_recall->engine = engine;
    limit_recall->issuer = issuer;
    limit_recall->order = issuer_orders_add_task(issuer, replace, limit_recall);
    limit_recall->called = issuer_watch(issuer, NULL);
    observers_join(&world->observers, &(Observer){ .on_settlement = look, .data = limit_recall });
    return limit_recall;
}

void
limit_recall_free(LimitRecall *limit_recall)
{
    g_free(limit_recall);
}
