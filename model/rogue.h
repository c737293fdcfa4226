/* rogue.h - terminals that do something else than they should.
 *
 * A rogue terminal runs the true terminal's program, but stands between it and the cards: it
 * alters what passes, holds it back, or sends it elsewhere. It has no key and no secret; it
 * knows what passed through it, in this settlement and in those before. */
#ifndef MODEL_ROGUE_H
#define MODEL_ROGUE_H

#include "model/terminal.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    ROGUE_NONE,
    ROGUE_MINT,                /* 225 of the payee goes to the other card as 223, whose 224 comes
                                * back as 226: a credit without a debit */
    ROGUE_BURN,                /* S2004 is never sent: a debit without a credit */
    ROGUE_REPLAY,              /* S2004 is sent twice */
    ROGUE_REPLAY_DEBIT,        /* S2003 is sent twice */
    ROGUE_REPLAY_UPDATE,       /* Sx006 of an earlier update, where R happens to be the same */
    ROGUE_FREEZE,              /* cards with different transfer keys look alike: no update */
    ROGUE_FORCE_PUBLIC_KEY,    /* cards with equal update keys look different */
    ROGUE_IGNORE_EXPIRY,       /* expired cards look valid */
    ROGUE_IGNORE_CRL,          /* no list is looked at */
    ROGUE_MALLEATE,            /* the ID in Sx006 is exchanged for another */
    ROGUE_FOREIGN_CERTIFICATE, /* a revoked card shows, at Sx002, another card's certificate */
    N_ROGUES,
} RogueKind;

/* As written in a scenario, NULL-terminated. */
extern const char *const rogue_names[];

typedef struct Rogue Rogue;

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
