/* decision_state.h - what the files of the decision level share; see decision.h.
 *
 * decision.c has the loops that nearly all meetings pass, decision_meeting.c all that may become
 * of one meeting, and decision_classes.c what settlements are counted by. */
#ifndef SIM_WORLD_DECISION_STATE_H
#define SIM_WORLD_DECISION_STATE_H

#include "model/decision/settle.h"

#include "sim/base/histogram.h"
#include "sim/measure/latency.h"
#include "sim/traffic/meetings.h"
#include "sim/traffic/terminals.h"
#include "sim/world/outcome_cache.h"
#include "sim/world/torn_log.h"
#include "sim/world/world.h"

#include <stdbool.h>
#include <stdint.h>

/* The day that the terminals of a group hold to be today, and while they do.
 * @plain_until: before this a payment that starts needs no second look: it falls into the
 *   interval that begins at @boundary's last sample, on that day, before the run's end */
typedef struct {
    int32_t day;
    Micros from;
    Micros until;
    Micros boundary;
    Micros plain_until;
} DayWindow;

/* Payments without update between two chips in a group of terminals. */
typedef struct {
    Micros duration; /* 0: not yet known */
    uint64_t count;
} Plain;

struct Decision {
    World *world;
    Settle *settle;
    DayWindow *windows;   /* by group */
    LatencyClass ***rows; /* by setting, NULL until needed: by class, NULL until it occurs */
    Plain *plain;         /* by setting */
    guint n_chips;        /* that settings tell apart */
    uint64_t counts[SETTLE_CLASSES]; /* of settlements in the block that are not yet posted */
    uint8_t counted[SETTLE_CLASSES]; /* classes whose count is not 0 */
    guint n_counted;
    uint64_t n_unposted; /* their sum */
    uint64_t n_plain;    /* plain payments besides */
    Cents moved;         /* by all of them */
    Micros latest;
    Micros waits[MEETINGS_BLOCK];      /* of plain payments in the block that had to wait */
    guint wait_groups[MEETINGS_BLOCK]; /* where */
    Histogram *plain_waits;            /* by group, of the blocks before; handed on at the end */
    bool is_heard;                     /* somebody wants to hear of settlements one by one */
    bool is_watched;                   /* likewise, or of each change of keys */
    TornLog *log;                      /* NULL if cards keep none */
    OutcomeCache cache;
};

/* Two chips in a group of terminals, each combination. */
static inline guint
decision_state_n_settings(const Decision *decision)
{
    return decision->world->terminals->n_groups * decision->n_chips * decision->n_chips;
}

/* The number of the one that two cards have there. */
static inline guint
decision_state_setting(const Decision *decision, guint group, const CardRecord *payer,
                       const CardRecord *payee)
{
    const SettleGate *gates = decision->settle->gates;

    return (group * decision->n_chips + gates[payer->entry].chip) * decision->n_chips +
           gates[payee->entry].chip;
}

/* The reader and the chip of @card. */
static inline Seat
decision_state_seat(const World *world, const TerminalGroup *terminals, const CardRecord *card,
                    Side side)
{
    return (Seat){ population_entry(world->population, card->entry)->chip,
                   terminals->place.interface[side] };
}

#endif
