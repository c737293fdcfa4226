/* observers.h - whoever wants to hear what becomes of cards while a replication runs.
 *
 * Each observer names the functions that it wants called; the others are NULL. They are called in
 * the order in which the observers joined, after the recorder, and change neither cards nor keys.
 * Whoever joins hears of what happens from then on. */
#ifndef SIM_MEASURE_OBSERVERS_H
#define SIM_MEASURE_OBSERVERS_H

#include "model/protocol/duration.h"
#include "model/protocol/keyring.h"
#include "model/protocol/outcome.h"
#include "model/protocol/records.h"
#include "model/protocol/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * ObservedKind: what brought two cards together
 * @OBSERVED_MEETING: a payment at a terminal, the only one that counts as a meeting
 * @OBSERVED_SWAP: the old card pays its money to the new one, which has the same number
 * @OBSERVED_SPECIAL: a special card (payer) updates a card
 * @OBSERVED_INJECT: a card (payer) of an attacker updates a card
 * @OBSERVED_RECALL: the issuer, who is no card, writes a key onto a card, or cannot for its limit
 * @OBSERVED_TAP: a card (payee) comes to an attacker's reader, whose own card is the payer
 */
typedef enum {
    OBSERVED_MEETING,
    OBSERVED_SWAP,
    OBSERVED_SPECIAL,
    OBSERVED_INJECT,
    OBSERVED_RECALL,
    OBSERVED_TAP,
    N_OBSERVED_KINDS
} ObservedKind;

/* The number of what is no card in circulation. */
#define OBSERVED_NO_CARD UINT32_MAX

/**
 * ObservedSettlement: what a settlement changed
 * @cards: numbers of the two; OBSERVED_NO_CARD of one that is not in circulation
 * @decided: when they arrived
 * @start: when it began
 * @outcome, @path, @wrote: of the settlement; wrote: WROTE_* bits. They mean nothing of a recall
 * that wrote and of a swap without money, in which nothing is settled
 * @before, @after: the cards' memories. Of a card whose state is not kept, which is the special
 *   card, the attacker's that updates others, and the card that is tapped, both are the same
 * @course: NULL if it was torn, or if nothing was settled
 */
typedef struct {
    ObservedKind kind;
    const uint32_t *cards;
    Micros decided;
    Micros start;
    Outcome outcome;
    Path path;
    uint8_t wrote[N_SIDES];
    const CardMemory *before;
    const CardMemory *after;
    const Course *course;
} ObservedSettlement;

/**
 * Observer:
 * @on_settlement: a settlement has been decided
 * @hears_plain: whether @on_settlement is called for each payment between cards with the same
 *   keys. They are nearly all, and cost most time when told one by one; without it few are told
 * @on_keys: a card's key changes at @at from one ID to the other, as was decided at @now; @at is
 *   not before @now. The IDs are the same if the key has other bytes under its ID. 0: no key
 * @on_cards: @n cards, @first and those after it, enter with these keys at @at, which may be
 *   RECORDER_FROM_THE_START
 * @on_sample: it is the time of a sample, 0 included and the end excluded
 */
typedef struct {
    void (*on_settlement)(gpointer data, const ObservedSettlement *settlement);
    bool hears_plain;
    void (*on_keys)(gpointer data, Micros now, Micros at, KeyKind kind, uint32_t from, uint32_t to);
    void (*on_cards)(gpointer data, Micros at, uint32_t first, uint64_t n, uint32_t transfer_id,
                     uint32_t update_id);
    void (*on_sample)(gpointer data, Micros now);
    gpointer data;
} Observer;

/**
 * Observers: all zero, nobody listens
 * @list: of Observer; NULL: none
 * @hear_settlements: whether somebody listens to settlements
 * @hear_plain: even to plain payments
 * @hear_keys: whether somebody listens to changes of keys
 * @hear_samples: or waits for samples
 */
typedef struct {
    GArray *list;
    bool hear_settlements;
    bool hear_plain;
    bool hear_keys;
    bool hear_samples;
} Observers;

/* Adds a copy of @observer; its data is borrowed. */
void observers_join(Observers *observers, const Observer *observer);
void observers_clear(Observers *observers);

void observers_tell_settlement(const Observers *observers, const ObservedSettlement *settlement);
void observers_tell_keys(const Observers *observers, Micros now, Micros at, KeyKind kind,
                         uint32_t from, uint32_t to);
void observers_tell_cards(const Observers *observers, Micros at, uint32_t first, uint64_t n,
                          uint32_t transfer_id, uint32_t update_id);
void observers_tell_sample(const Observers *observers, Micros now);

#endif
