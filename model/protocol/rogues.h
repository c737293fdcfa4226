/* rogues.h - what attackers do: with terminals of theirs, and with cards. */
#ifndef MODEL_PROTOCOL_ROGUES_H
#define MODEL_PROTOCOL_ROGUES_H

/* What a terminal does to the cards. */
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

/* What an attacker does with cards of theirs.
 * ROGUE_CARDS_POISON: they are as other cards, but for a key of the attacker's
 * ROGUE_CARDS_LEAKED_KEY: the attacker has a transfer key and nothing else of the scheme's: their
 * program pays from nothing, their update key and their certificate are the attacker's
 * ROGUE_CARDS_CLONE: they are copies of one honest card
 * ROGUE_CARDS_REVOKED: they show another card's certificate in the place of their own, which is
 *   revoked; their secret key is their own */
typedef enum {
    ROGUE_CARDS_NONE,
    ROGUE_CARDS_POISON,
    ROGUE_CARDS_LEAKED_KEY,
    ROGUE_CARDS_CLONE,
    ROGUE_CARDS_REVOKED,
    N_ROGUE_CARDS
} RogueCards;

/* As written in a scenario, NULL-terminated, in the order of the enums. */
extern const char *const rogue_names[N_ROGUES + 1];
extern const char *const rogue_cards_names[N_ROGUE_CARDS + 1];

/* A terminal that does one of these; only the wire level makes one. */
typedef struct Rogue Rogue;

#endif
