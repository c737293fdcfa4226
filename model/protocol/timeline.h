/* timeline.h - the course of a settlement in time.
 *
 * Parts follow each other without a gap: per exchange the time before the command, the
 * command, each step of the card, the response (duration.h). */
#ifndef MODEL_PROTOCOL_TIMELINE_H
#define MODEL_PROTOCOL_TIMELINE_H

#include "model/protocol/duration.h"

#include <glib.h>
#include <stdint.h>

/* The parts of an exchange. */
typedef enum {
    PLACE_BEFORE, /* the reader has not begun to send the command */
    PLACE_THERE,  /* the command is on its way, or one of its chain */
    PLACE_STEP,   /* the card is at work */
    PLACE_BACK,   /* the response is on its way */
    N_PLACES,
} Place;

/**
 * Moment: a part of a settlement
 * @visit: which exchange, see course_exchanges()
 * @step: with PLACE_STEP
 */
typedef struct {
    uint8_t visit;
    Place place;
    CardStep step;
} Moment;

/**
 * TimelinePart:
 * @end: of it, in microseconds from the start of the settlement
 */
typedef struct {
    Micros end;
    Moment moment;
} TimelinePart;

/* All parts of the longest settlement. */
#define TIMELINE_PARTS_MAX (COURSE_EXCHANGES_MAX * (EXCHANGE_STEPS_MAX + 3))

/**
 * Timeline:
 * @begins, @sends: when each exchange begins, behind the last one the end of all; and when
 *   the reader begins to send its command
 * @refused: per exchange, what it would take if its card said at once that it will not
 * @parts: those that take no time included
 */
typedef struct {
    guint n_visits;
    ExchangeVisit visits[COURSE_EXCHANGES_MAX];
    Micros begins[COURSE_EXCHANGES_MAX + 1];
    Micros sends[COURSE_EXCHANGES_MAX];
    Micros refused[COURSE_EXCHANGES_MAX];
    guint n_parts;
    TimelinePart parts[TIMELINE_PARTS_MAX];
} Timeline;

/**
 * timeline_init:
 *
 * The timeline of a settlement of @protocol that runs @course, or another course of its
 * duration_class(). Its parts add up to duration_of().
 */
void timeline_init(Timeline *timeline, const Protocol *protocol, const Seat seats[static N_SIDES],
                   const LinkTerminal *terminal, const Course *course);

/* The moment of @instant, which is 0 or more and before the end. */
Moment timeline_moment(const Timeline *timeline, Micros instant);

static inline Micros
timeline_end(const Timeline *timeline)
{
    return timeline->begins[timeline->n_visits];
}

/* How much of each phase is over at @instant, which is not after the end. */
Duration timeline_until(const Timeline *timeline, Micros instant);

#endif
