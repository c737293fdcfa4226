/* torn_log.h - the decision level: what cards have not finished (recovery = torn-log).
 *
 * What the logs of the cards at the wire level come to: a card waits for at most one credit, and
 * knows its last debit only. Only torn settlements leave something here, and not for long: the
 * next debit of the one and the next payment to the other put an end to it. */
#ifndef SIM_WORLD_TORN_LOG_H
#define SIM_WORLD_TORN_LOG_H

#include "model/decision/settle_torn.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct TornLog TornLog;

/* @scheme: borrowed */
TornLog *torn_log_new(const Scheme *scheme);
void torn_log_free(TornLog *log);

/* Whether one of the two has something to finish, with whomever; if not, a payment of the two that
 * comes to its end changes nothing here. */
bool torn_log_concerns(const TornLog *log, uint32_t card, uint32_t other);

/* The card with this number is another one now. */
void torn_log_forget(TornLog *log, uint32_t card);

/**
 * TornLogPayment: a settlement of two cards
 * @waited: whether each waits for a credit, from whomever
 * @finishes: whether each finishes that
 * @restored: what it is credited then, which may be nothing
 */
typedef struct {
    uint32_t cards[N_SIDES];
    Cents amount;
    bool waited[N_SIDES];
    bool finishes[N_SIDES];
    Cents restored[N_SIDES];
} TornLogPayment;

/**
 * torn_log_open:
 *
 * Credits the payee, at S2101B and so before anything is decided, with what it is owed. Sets
 * what @payment says of both.
 */
void torn_log_open(const TornLog *log, TornLogPayment *payment, CardMemory *payee);

/**
 * torn_log_close:
 * @course, @timeline: of the settlement if nobody leaves it
 * @tear: (nullable): what ends it
 * @outcome: the end
 * @before, @after: both cards, the payee as torn_log_open() left it
 *
 * Puts right what @payment says, and in @before and @after what came back, so that they differ by
 * this payment alone. Notes what the cards now wait for.
 */
void torn_log_close(TornLog *log, TornLogPayment *payment, const Course *course,
                    const Timeline *timeline, const Tear *tear, Outcome outcome,
                    CardMemory before[static N_SIDES], CardMemory after[static N_SIDES]);

#endif
