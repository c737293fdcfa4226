/* rogue.h - terminals that do something else than they should.
 *
 * A rogue terminal runs the true terminal's program, but stands between it and the cards: it
 * alters what passes, holds it back, or sends it elsewhere. It has no key and no secret; it
 * knows what passed through it, in this settlement and in those before. */
#ifndef MODEL_WIRE_ROGUE_H
#define MODEL_WIRE_ROGUE_H

#include "model/protocol/rogues.h"
#include "model/wire/terminal.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * rogue_new:
 * @kind: not ROGUE_NONE
 * @protocol: borrowed
 * @target_id: the transfer-key ID that ROGUE_MALLEATE puts in
 */
Rogue *rogue_new(RogueKind kind, const Protocol *protocol, uint32_t target_id);
void rogue_free(Rogue *rogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rogue, rogue_free)

/**
 * RogueReport: of one settlement
 * @attempted: there was something to attack, and it was tried
 * @succeeded: as far as the terminal can tell from what the cards answered
 */
typedef struct {
    bool attempted;
    bool succeeded;
} RogueReport;

/**
 * rogue_settle:
 * @report: (out): what came of the attack
 *
 * One settlement at such a terminal; the rest as terminal_settle().
 *
 * Returns: what the true terminal's program saw of it
 */
Settlement rogue_settle(Rogue *rogue, Terminal *terminal, Reader *payer, Reader *payee,
                        Cents amount, int64_t date, Micros now, RogueReport *report);

#endif
