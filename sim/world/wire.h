/* wire.h - settlements of the population's cards at the wire level.
 *
 * Puts two cards of the population into two readers, runs the terminal's program
 * over every byte, and writes back what the cards then hold. Certificates and
 * secret keys are derived when a card first needs them and kept. */
#ifndef SIM_WORLD_WIRE_H
#define SIM_WORLD_WIRE_H

#include "model/protocol/duration.h"
#include "model/protocol/population.h"
#include "model/protocol/tear.h"
#include "model/protocol/timeline.h"
#include "model/wire/rogue.h"
#include "model/wire/terminal.h"

#include "sim/traffic/terminals.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Wire Wire;

/**
 * wire_new:
 * @protocol, @population, @ring: borrowed
 * @seed, @replication: from which the authority, the cards' credentials and their
 *   random numbers follow
 */
Wire *wire_new(const Protocol *protocol, Population *population, KeyRing *ring, uint64_t seed,
               uint64_t replication);
void wire_free(Wire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wire, wire_free)

/**
 * WireListener: who hears what passes the two readers
 * @passed: see ReaderListener; @side: whose reader it was
 * @taken_back: what has been heard of this settlement is as if it had not been: it is torn, and
 *   begins again
 */
typedef struct {
    void (*passed)(void *data, Side side, const uint8_t *command, size_t n_command,
                   const uint8_t *response, size_t n_response);
    void (*taken_back)(void *data);
    void *data;
} WireListener;

/* From now on @listener hears each settlement, whoever is rogue or goes; NULL: nobody does, as at
 * first. At a rogue terminal it hears what passes between that and the cards. */
void wire_listen(Wire *wire, const WireListener *listener);

/**
 * wire_publish_crl:
 * @serials: of all certificates revoked so far, of guint64, ascending
 *
 * The authority signs a new list. Lists are numbered from 0, which is the empty one
 * that terminals have from the factory.
 *
 * Returns: its number
 */
guint wire_publish_crl(Wire *wire, const GArray *serials);

/**
 * WireMeeting: two cards at a terminal
 * @crl: number of the revocation list that the terminal holds
 * @cards: numbers of the payer and the payee, which differ
 * @date, @now: see terminal_settle()
 * @number: of the meeting in the replication; names the cards' random numbers
 */
typedef struct {
    TerminalPlace place;
    guint crl;
    uint32_t cards[N_SIDES];
    Cents amount;
    int64_t date;
    Micros now;
    uint64_t number;
} WireMeeting;

/**
 * WireResult:
 * @before, @after: the cards' memories
 * @report: of a rogue terminal
 */
typedef struct {
    Course course;
    RogueReport report;
    CardMemory before[N_SIDES];
    CardMemory after[N_SIDES];
} WireResult;

/* Settles between the two cards of @meeting and stores the result in their records. */
WireResult wire_settle(Wire *wire, const WireMeeting *meeting);

/**
 * wire_tear:
 * @meeting: as given to wire_settle()
 * @timeline: of that settlement
 * @result: of wire_settle(); (out) @after as it is then
 *
 * Takes the settlement just made back and has it torn.
 */
TornCourse wire_tear(Wire *wire, const WireMeeting *meeting, const Timeline *timeline,
                     const Tear *tear, WireResult *result);

/**
 * wire_swap:
 * @replacement: what the new card holds when it is issued, balance 0
 * @entry: its cohort entry
 * @swap: number of the swap in the replication
 *
 * The new card takes the old one's number. The old card pays it all it has, at a
 * counter with the newest revocation list; what a refusal leaves on the old card is lost to its
 * holder.
 *
 * Returns: the memories of the old card (SIDE_PAYER) and the new one (SIDE_PAYEE)
 */
WireResult wire_swap(Wire *wire, uint32_t card, uint16_t entry, const CardMemory *replacement,
                     int64_t date, Micros now, uint64_t swap);

/* The card has been replaced without wire_swap(): the new one has a certificate of its own. */
void wire_forget(Wire *wire, uint32_t card);
/* No card in circulation has this number. */
#define WIRE_NO_CARD UINT32_MAX

/**
 * WireOutsider: a card that is not in circulation
 * @number, @entry: whose certificate it has
 */
typedef struct {
    uint32_t number;
    uint16_t entry;
    CardMemory memory;
} WireOutsider;

/**
 * wire_visit:
 * @special: a card that stands at the counter for good
 * @visit: number of the visit in the replication
 *
 * The card comes to it: they settle, with nothing to pay, at a terminal with the newest
 * revocation list. What becomes of the special card is forgotten.
 *
 * Returns: the memories of the special card (SIDE_PAYER) and the card (SIDE_PAYEE)
 */
WireResult wire_visit(Wire *wire, uint32_t card, const WireOutsider *special, int64_t date,
                      Micros now, uint64_t visit);

/**
 * wire_tap:
 * @own: a card in the hands of who owns the terminal
 * @tap: number in the replication
 *
 * Likewise at a terminal that has no revocation list and whose clock stands long before any
 * term ends. What becomes of the card that comes is forgotten: the terminal lets it do no
 * more than hand out its key.
 */
WireResult wire_tap(Wire *wire, uint32_t card, const WireOutsider *own, int64_t date, Micros now,
                    uint64_t tap);

#endif
