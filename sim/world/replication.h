/* replication.h - one run of a scenario from time 0 to its end.
 *
 * Puts population, arrivals, mixing, terminals, plan and recorder together on one
 * engine. A settlement is decided when it arrives: both cards are fixed from then
 * to its end, and its terminal's queue is known. */
#ifndef SIM_WORLD_REPLICATION_H
#define SIM_WORLD_REPLICATION_H

#include "sim/base/engine.h"
#include "sim/measure/exposure.h"
#include "sim/measure/latency.h"
#include "sim/measure/observers.h"
#include "sim/measure/recorder.h"
#include "sim/measure/revoked_cards.h"
#include "sim/world/attacks.h"

#define REPLICATION_ERROR (replication_error_quark())
GQuark replication_error_quark(void);

/* Messages begin with FILE: replication N: and say when. */
typedef enum {
    REPLICATION_ERROR_OVERFULL, /* out of numbers for keys or kinds of cards */
    REPLICATION_ERROR_OUTGROWN, /* more value was moved than the books can hold */
} ReplicationError;

typedef struct Issuer Issuer;
typedef struct Scenario Scenario;
typedef struct World World;
typedef struct Replication Replication;

/**
 * replication_new:
 * @scenario: borrowed
 * @number: counted from 1
 */
Replication *replication_new(const Scenario *scenario, int64_t number);
void replication_free(Replication *replication);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Replication, replication_free)

/* Has @observer, whose data is borrowed, hear of all that happens from now on: not of the cards
 * that are there from the start. One that waits for samples must join before the run begins; if
 * no other does, its samples are events of their own, which the count of ties shows. */
void replication_observe(Replication *replication, const Observer *observer);

/* The engine to run until there is nothing before the end. */
SimEngine *replication_engine(Replication *replication);

/**
 * replication_cut:
 *
 * Ends the run at the next sample: from there on it is as if its duration had been
 * that short. Nothing changes where that is the end anyway.
 */
void replication_cut(Replication *replication);

/* From now on nobody meets by themselves; the plan takes its course. */
void replication_stop_meetings(Replication *replication);

/* What it consists of, to stage a meeting; there is room for one more card a side. */
World *replication_world(Replication *replication);
Issuer *replication_issuer(Replication *replication);

/* When the run ends: the scenario's duration, unless it was cut. */
Micros replication_end(const Replication *replication);

/* Whether a key has leaked so far. */
bool replication_has_leaked(const Replication *replication, KeyKind kind, uint32_t id);

const Recorder *replication_recorder(const Replication *replication);

/**
 * ReplicationResult: what is left of a replication; the cards are gone
 * @uses: of TerminalUse, one for each group of terminals
 * @metrics: of Metric, those that are no recorder's: of the cards in use, see active_cards_take()
 * and active_shares_add_metrics(), and of what leaked, was revoked and was called in
 * @attacks: NULL: nobody attacked
 * @exposure: NULL if nothing can leak
 * @revoked_cards: NULL if nobody is revoked
 * @failure: why it is worth nothing: its trace could not be read again, or see %ReplicationError;
 *   NULL: it is whole
 */
typedef struct {
    Recorder *recorder;
    Latency *latency;
    GArray *uses;
    GArray *metrics;
    Attacks *attacks;
    Exposure *exposure;
    RevokedCards *revoked_cards;
    GError *failure;
} ReplicationResult;

void replication_result_clear(ReplicationResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReplicationResult, replication_result_clear)

/**
 * replication_finish:
 * @replication: (transfer full): its engine has run to the end
 *
 * Closes the books. Stops the program if they do not balance: results after a bug
 * are worth nothing.
 */
ReplicationResult replication_finish(Replication *replication);

#endif
