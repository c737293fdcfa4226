/* duration.h - how long a settlement takes.
 *
 * Nothing is measured while it runs: given the scheme, both chips, both links
 * and how far the settlement came, its duration is a constant, the sum over its
 * steps of line and chip time, each rounded to whole microseconds. */
#ifndef MODEL_PROTOCOL_DURATION_H
#define MODEL_PROTOCOL_DURATION_H

#include "model/protocol/chip.h"
#include "model/protocol/link.h"
#include "model/protocol/records.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * Seat: one card in one reader
 */
typedef struct {
    const Chip *chip;
    const LinkInterface *interface;
} Seat;

/**
 * Course: how far a settlement came and what the cards did, all that its duration
 * depends on besides seats and terminal
 */
typedef struct {
    Settlement seen;
    CardLog log[N_SIDES];
} Course;

/**
 * Duration: microseconds in each phase
 */
typedef struct {
    Micros phase[N_PHASES];
    Micros total;
} Duration;

/**
 * duration_of:
 *
 * Returns: the duration of a settlement of @protocol that ran @course
 */
Duration duration_of(const Protocol *protocol, const Seat seats[static N_SIDES],
                     const LinkTerminal *terminal, const Course *course);

/**
 * ExchangeTime: the parts of one exchange, one after the other, in microseconds
 * @before: until the reader begins to send; of the first exchange with the activation of
 *   both cards
 * @there: until the card has the whole command
 * @steps: of the card, @n_steps of them
 * @back: until the reader has the response
 */
typedef struct {
    Micros before;
    Micros there;
    Micros steps[EXCHANGE_STEPS_MAX];
    uint8_t n_steps;
    Micros back;
} ExchangeTime;

/**
 * duration_exchange:
 * @visit: of course_exchanges(), counted from 0
 *
 * Returns: the times of that exchange of a settlement that ran @course
 */
ExchangeTime duration_exchange(const Protocol *protocol, const Seat seats[static N_SIDES],
                               const LinkTerminal *terminal, const Course *course, guint visit);

/* Returns: the time of an exchange whose card says at once that it will not */
Micros duration_refused_exchange(const Protocol *protocol, const Seat *seat,
                                 const LinkTerminal *terminal, Path path, Exchange exchange);

/**
 * duration_card_step:
 * @refused: whether the step refused
 * @log: of the card: what it wrote, and whether it waited for a credit
 *
 * Returns: what @step costs on @chip, in whole microseconds
 */
Micros duration_card_step(const Protocol *protocol, Path path, const Chip *chip, CardStep step,
                          bool refused, const CardLog *log);

/**
 * duration_class:
 *
 * Returns: a number that two courses share exactly if they take the same time in
 *   equal seats
 */
uint64_t duration_class(const Course *course);

#define DURATION_CLASS_BITS 38 /* it is below 2^38 */

/**
 * ExchangeVisit: the order in which a settlement goes through the table
 */
typedef struct {
    Exchange exchange;
    Side to;
} ExchangeVisit;

#define COURSE_EXCHANGES_MAX 14

/**
 * course_exchanges:
 *
 * Returns: how many exchanges @seen began; fills @visits with them in order
 */
guint course_exchanges(const Settlement *seen, ExchangeVisit visits[static COURSE_EXCHANGES_MAX]);

#endif
