/* settle.h - the decision level: a settlement as a function of two card records.
 *
 * No bytes, no cryptography, no certificates: it says what the programs of cards
 * and terminal would do with honest cards, from the rules of the scheme alone, and
 * never calls those programs. Outcome, both cards, exchanges and duration are those
 * of the wire level always.
 *
 * The answer is a class, a number below 256 that stands for one course: the engine
 * counts classes, and the course of each, from which its duration follows, stands in
 * a table. Whoever settles needs a Settle; it is not written to while settling, so
 * several threads may share one. */
#ifndef MODEL_DECISION_SETTLE_H
#define MODEL_DECISION_SETTLE_H

#include "model/protocol/duration.h"
#include "model/protocol/keyring.h"
#include "model/protocol/population.h"
#include "model/protocol/protocol.h"
#include "model/protocol/records.h"
#include "model/protocol/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * SettleKey: what the decision level knows of a key
 * @id: generation
 * @twin: stands for the key's bytes, see keyring_twin()
 * @is_issued: the issuer has signed it where the scheme signs keys
 */
typedef struct {
    uint32_t id;
    KeyHandle twin;
    bool is_issued;
} SettleKey;

#define SETTLE_NEVER_REVOKED UINT32_MAX

/**
 * SettleGate: of a cohort entry what every settlement asks
 * @revoked_by: first revocation list that names its cards, SETTLE_NEVER_REVOKED if
 *   none does
 * @chip: index in settle->chips
 */
typedef struct {
    uint32_t revoked_by;
    uint32_t chip;
} SettleGate;

/**
 * SettleEntry: what an update and the choice of a common key ask of a cohort entry
 * @transfer_key_end, @update_key_end: the smallest ID that is above the limit
 * @preloaded, @preloaded_id: ascending by ID, one key for each ID
 */
typedef struct {
    uint32_t transfer_key_end;
    uint32_t update_key_end;
    guint n_preloaded;
    KeyHandle preloaded[CARD_PRELOADED_MAX];
    uint32_t preloaded_id[CARD_PRELOADED_MAX];
} SettleEntry;

#define SETTLE_CLASSES 256
#define SETTLE_PAID 0       /* class of a payment without update or switch */
#define SETTLE_NO_ROOM 0xFF /* no class: see settle_cards() */

/**
 * Settle:
 * @gates, @entries: by cohort entry; @keys: by key handle
 * @plain_credit_max: the most that a payee may hold after a payment which needs no
 *   second look; -1 if every settlement needs one
 * @chips: of const Chip*, those of the entries; NULL stands for the chips of rogue cards, which
 *   are not settled here
 * @courses: by class. Their status words are 0; of classes that do not occur in the
 *   scheme they mean nothing
 */
typedef struct {
    SettleGate *gates;
    SettleEntry *entries;
    SettleKey *keys;
    Cents plain_credit_max;
    Scheme scheme;
    bool has_certificates;
    guint n_entries;
    guint n_keys;
    GPtrArray *chips;
    Course courses[SETTLE_CLASSES];
} Settle;

/* Knows no card and no key yet. */
Settle *settle_new(const Protocol *protocol);
void settle_free(Settle *settle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settle, settle_free)

/**
 * settle_learn:
 *
 * Takes over the cohort entries and the keys that were added since the last call.
 * Called before the first settlement and whenever there are new ones; those it knows
 * must not have changed.
 */
void settle_learn(Settle *settle, const Population *population, const KeyRing *ring);

/**
 * settle_day:
 * @clock: of the terminal: true time and its skew
 *
 * Returns: the date by the terminal's clock, as settle_cards() wants it:
 *   -1 before day 0, and no later one than the last on which a card can expire
 */
static inline int32_t
settle_day(Micros clock)
{
    if (clock < 0)
        return -1;
    return (int32_t)MIN(clock / MICROS_PER_DAY, CARD_NEVER_EXPIRES - 1);
}

/* All that needs a second look; see settle_cards(). */
uint8_t settle_cards_slowly(const Settle *settle, uint32_t crl, int32_t day, CardRecord *payer,
                            CardRecord *payee, int32_t *payer_high, int32_t *payee_high,
                            Cents amount);

/**
 * settle_is_untroubled:
 * @day: see settle_day()
 * @payer, @payee: two different cards, of a population without high halves of balances
 * @amount: what the payer pays, not negative
 *
 * Returns: whether keys and cohort entries alone decide, unless a revocation list names one of
 *   them: nobody expired, enough money and enough room for it
 */
static inline bool
settle_is_untroubled(const Settle *settle, int32_t day, const CardRecord *payer,
                     const CardRecord *payee, Cents amount)
{
    return day < payer->expiry_day && day < payee->expiry_day && amount <= payer->balance &&
           amount <= settle->plain_credit_max - payee->balance;
}

/* Whether, besides, this is the case that nearly always occurs: they have the same key. */
static inline bool
settle_is_plain(const Settle *settle, int32_t day, const CardRecord *payer, const CardRecord *payee,
                Cents amount)
{
    return payer->transfer_key == payee->transfer_key &&
           settle_is_untroubled(settle, day, payer, payee, amount);
}

/* Settles what settle_is_plain(): class SETTLE_PAID. */
static inline void
settle_plainly(CardRecord *payer, CardRecord *payee, Cents amount)
{
    payer->balance -= (uint32_t)amount;
    payee->balance += (uint32_t)amount;
}

/**
 * settle_cards:
 * @crl: number of the revocation list that the terminal holds; 0 is the empty one
 * @day, @amount: see settle_is_plain()
 * @payer, @payee: two different cards; written in place but for the end of the
 *   settlement, which the caller knows
 * @payer_high, @payee_high: high halves of their balances, in place; NULL as long as
 *   the population has none
 *
 * One settlement.
 *
 * Returns: the class; SETTLE_NO_ROOM, both cards as they were, if a balance needs a
 *   high half and there is none: call again after population_widen()
 */
static inline uint8_t
settle_cards(const Settle *settle, uint32_t crl, int32_t day, CardRecord *payer, CardRecord *payee,
             int32_t *payer_high, int32_t *payee_high, Cents amount)
{
    if (!settle_is_plain(settle, day, payer, payee, amount) ||
        crl >= settle->gates[payer->entry].revoked_by ||
        crl >= settle->gates[payee->entry].revoked_by ||
        (payer_high != NULL && (*payer_high | *payee_high) != 0))
        return settle_cards_slowly(settle, crl, day, payer, payee, payer_high, payee_high, amount);
    settle_plainly(payer, payee, amount);
    return SETTLE_PAID;
}

/* The course behind a class, but for what settle_note_limits() adds. */
static inline const Course *
settle_course(const Settle *settle, uint8_t class)
{
    return &settle->courses[class];
}

/**
 * settle_note_limits:
 * @before: the keys of both cards before the settlement
 * @entries: their cohort entries
 * @course: of the settlement; nobody has left it
 *
 * Sets at_limit in the logs of @course: classes do not tell limits from other reasons.
 */
void settle_note_limits(const Settle *settle, const CardMemory before[static N_SIDES],
                        const uint16_t entries[static N_SIDES], Course *course);

#endif
