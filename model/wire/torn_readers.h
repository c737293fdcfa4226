/* torn_readers.h - a torn settlement at the wire level: two readers that go silent.
 *
 * They stand between the terminal and its readers and let everything pass until the
 * moment of the tear; then a card is cut off in the middle of its program, or a command or
 * a response does not arrive. The terminal knows nothing of it but that no answer comes. */
#ifndef MODEL_WIRE_TORN_READERS_H
#define MODEL_WIRE_TORN_READERS_H

#include "model/protocol/tear.h"
#include "model/wire/card.h"
#include "model/wire/terminal.h"

/**
 * torn_readers_settle:
 * @cards: under power; the payer first
 * @timeline: of this settlement without the tear. It is found by letting copies of the cards
 *   settle first
 * @amount, @date, @now: see terminal_settle()
 *
 * Settles until @tear ends it. Listeners of the cards' readers hear what the terminal does: no
 * answer where one was lost.
 */
TornCourse torn_readers_settle(Terminal *terminal, Card *const cards[static N_SIDES],
                               const Timeline *timeline, const Tear *tear, Cents amount,
                               int64_t date, Micros now);

#endif
