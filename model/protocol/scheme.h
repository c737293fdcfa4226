/* scheme.h - the rules that every card and terminal of one scheme obeys.
 *
 * The five embodiments of the specification are points on four axes; a scheme
 * says where it stands on each and how it answers the questions that the
 * specification leaves open. It is constant during a run. */
#ifndef MODEL_PROTOCOL_SCHEME_H
#define MODEL_PROTOCOL_SCHEME_H

#include "model/protocol/suite.h"
#include "model/protocol/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What travels under the update key or in the envelope. */
typedef enum { DELIVER_KEY, DELIVER_ID, N_DELIVER } SchemeDeliver;

/* Which cryptography protects it; by update key: symmetric if both cards hold
 * the same update-key ID, public key otherwise. */
typedef enum {
    AUTHENTICATE_COMMON_KEY,
    AUTHENTICATE_PUBLIC_KEY,
    AUTHENTICATE_BY_UPDATE_KEY,
    N_AUTHENTICATE
} SchemeAuthenticate;

/* Whether a public-key update brings the newer card's update key along. */
typedef enum { UPDATE_KEY_STAYS, UPDATE_KEY_TRAVELS, N_UPDATE_KEY } SchemeUpdateKey;

/* With which key two cards pay: the newest of theirs, after an update; the oldest
 * that both hold from the start, no update at all (Mondex, US 6,366,894); or each
 * with its own (conventional). */
typedef enum {
    PAYS_WITH_NEWEST,
    PAYS_WITH_OLDEST_COMMON,
    PAYS_WITH_OWN,
    N_PAYS_WITH
} SchemePaysWith;

/* Which IDs a card takes, between its own and its limit. */
typedef enum {
    RANGE_INCLUSIVE,       /* own < new <= limit */
    RANGE_LIMIT_EXCLUSIVE, /* own < new < limit */
    RANGE_LOWER_INCLUSIVE, /* own <= new <= limit */
    N_RANGE
} SchemeRange;

/* What an expired card stops at Sx003. */
typedef enum {
    EXPIRED_STOP,             /* everything */
    EXPIRED_ALLOW_EQUAL_KEYS, /* the update only; equal IDs go on to Fig. 4 */
    EXPIRED_ALLOW_PAYER,      /* everything, unless it is the payer that expired */
    N_EXPIRED
} SchemeExpired;

/* Whose certificate the terminal looks up in the CRL. */
typedef enum { CRL_SCOPE_BOTH, CRL_SCOPE_PAYEE, N_CRL_SCOPE } SchemeCrlScope;

/* Whether a payer may go below zero at S2101A. */
typedef enum { OVERDRAFT_REFUSE, OVERDRAFT_ALLOW, N_OVERDRAFT } SchemeOverdraft;

/* What S8105A does when one of the two range checks fails. */
typedef enum {
    UK_RULE_STRICT,        /* neither key changes */
    UK_RULE_PER_FIELD,     /* each key that passes its own check is written */
    UK_RULE_TK_ONLY,       /* the transfer key may pass alone, the update key may not */
    UK_RULE_BIDIRECTIONAL, /* as per-field; then the update key goes the other way */
    N_UK_RULE
} SchemeUkRule;

/* What the challenges 224 and 226 authenticate besides 221, 222 and 223 or 225. */
typedef enum {
    FIG4_MAC_SPEC,                /* nothing: one form for both directions */
    FIG4_MAC_DIRECTION_TAG,       /* which of the two it is */
    FIG4_MAC_DIRECTION_AND_CARDS, /* that, and the serials of payer and payee */
    N_FIG4_MAC
} SchemeFig4Mac;

/* How long R, 223 and 225 serve. */
typedef enum {
    NONCE_LIFE_ONE_USE,  /* until they are used */
    NONCE_LIFE_POWER_ON, /* until power goes or another takes their place */
    N_NONCE_LIFE
} SchemeNonceLife;

/* What stands in a card's memory when power goes while it writes several fields: all
 * as before, or what was written so far, IDs before their keys or keys before their
 * IDs. S2104A and S2105B write an ID only where a card switches; the balance counts
 * as its key. */
typedef enum {
    TORN_WRITE_ATOMIC,
    TORN_WRITE_ID_FIRST,
    TORN_WRITE_KEY_FIRST,
    N_TORN_WRITE
} SchemeTornWrite;

/* Which of two keys S8105A writes first; shows only in a torn write that is not atomic. */
typedef enum { TORN_PAIR_UK_FIRST, TORN_PAIR_TK_FIRST, N_TORN_PAIR } SchemeTornPair;

/* What the terminal does when a card does not answer a command of Fig. 4. */
typedef enum {
    RECOVERY_NONE,           /* the settlement ends */
    RECOVERY_RETRY_IN_FIELD, /* it sends the same command once more */
    RECOVERY_TORN_LOG,       /* the two cards finish it when they next pay each other */
    N_RECOVERY
} SchemeRecovery;
/* Who vouches for a key that an update brings: nobody but the card that hands it on; or
 * the issuer, whose signature over ID and key goes with it from card to card. */
typedef enum { KEY_AUTH_PEER, KEY_AUTH_ISSUER_SIGNED, N_KEY_AUTH } SchemeKeyAuth;

/* What encrypts under an update key: an authenticated cipher; or a key stream alone, which
 * lets an attacker who knows a part of the text exchange that part. */
typedef enum { UPDATE_CIPHER_AEAD, UPDATE_CIPHER_MALLEABLE, N_UPDATE_CIPHER } SchemeUpdateCipher;

/* Whether cards send their update-key ID where the terminal has no other use for it, so
 * that it sees at Sx003 that one cannot update the other. */
typedef enum { UK_HINT_NONE, UK_HINT_COHORT, N_UK_HINT } SchemeUkHint;

/* Names as written in a scenario, NULL-terminated. */
extern const char *const scheme_deliver_names[N_DELIVER + 1];
extern const char *const scheme_authenticate_names[N_AUTHENTICATE + 1];
extern const char *const scheme_update_key_names[N_UPDATE_KEY + 1];
extern const char *const scheme_pays_with_names[N_PAYS_WITH + 1];
extern const char *const scheme_range_names[N_RANGE + 1];
extern const char *const scheme_expired_names[N_EXPIRED + 1];
extern const char *const scheme_crl_scope_names[N_CRL_SCOPE + 1];
extern const char *const scheme_overdraft_names[N_OVERDRAFT + 1];
extern const char *const scheme_uk_rule_names[N_UK_RULE + 1];
extern const char *const scheme_fig4_mac_names[N_FIG4_MAC + 1];
extern const char *const scheme_nonce_life_names[N_NONCE_LIFE + 1];
extern const char *const scheme_torn_write_names[N_TORN_WRITE + 1];
extern const char *const scheme_torn_pair_names[N_TORN_PAIR + 1];
extern const char *const scheme_recovery_names[N_RECOVERY + 1];
extern const char *const scheme_key_auth_names[N_KEY_AUTH + 1];
extern const char *const scheme_update_cipher_names[N_UPDATE_CIPHER + 1];
extern const char *const scheme_uk_hint_names[N_UK_HINT + 1];

/* No largest balance (option max-balance = none). */
#define SCHEME_NO_MAX_BALANCE INT64_MAX

/* No largest step (option max-step = none). */
#define SCHEME_NO_MAX_STEP INT64_MAX

/* Random numbers R, 223 and 225: whole bytes. A key stream opens anything, so that R alone
 * tells another update key: it must be long there. */
#define SCHEME_NONCE_BITS_MAX 128
#define SCHEME_MALLEABLE_NONCE_BITS_MIN 64
/* With shorter ones 226 of another payment would now and then be taken for that of the one which
 * was torn. */
#define SCHEME_LOG_NONCE_BITS_MIN 64

/**
 * Scheme:
 * @update_ack: whether the older card reports after Sx006 that it refused
 * @max_balance: the most that a purse may hold, in minor units
 * @max_step: by how much a transfer key's ID may be above the card's own
 * @nonce_bits: length of the random numbers R, 223 and 225
 * @n_held: the most transfer keys that one card holds where it pays with the oldest
 *   common one; card information has a place for the ID of each
 * @presence_check: whether the terminal looks before S2003 if the payee is still there
 *
 * Source of the options: the questions of docs in model/README.md.
 */
typedef struct {
    SchemeDeliver deliver;
    SchemeAuthenticate authenticate;
    SchemeUpdateKey update_key;
    SchemePaysWith pays_with;
    SuiteId suite;
    SchemeRange range;
    SchemeExpired expired;
    bool update_ack;
    SchemeCrlScope crl_scope;
    SchemeOverdraft overdraft;
    Cents max_balance;
    SchemeUkRule uk_rule;
    SchemeFig4Mac fig4_mac;
    SchemeKeyAuth key_auth;
    int64_t max_step;
    int64_t nonce_bits;
    SchemeUpdateCipher update_cipher;
    SchemeUkHint uk_hint;
    uint8_t n_held;
    SchemeNonceLife nonce_life;
    SchemeTornWrite torn_write;
    SchemeTornPair torn_pair;
    SchemeRecovery recovery;
    bool presence_check;
} Scheme;

/* Mondex cards hold two. */
#define SCHEME_HELD_AT_LEAST 2

/* The settings of the four axes that have a name of their own. */
typedef enum {
    EMBODIMENT_1,
    EMBODIMENT_2,
    EMBODIMENT_3,
    EMBODIMENT_4,
    EMBODIMENT_5,
    EMBODIMENT_CONVENTIONAL,
    EMBODIMENT_MONDEX,
    N_EMBODIMENTS
} SchemeEmbodiment;
extern const char *const scheme_embodiment_names[N_EMBODIMENTS + 1];

/**
 * scheme_set_embodiment:
 * @name: one of scheme_embodiment_names
 *
 * Moves the four axes of @scheme to where the embodiment stands; options stay.
 *
 * Returns: false, @scheme unchanged, if there is no such embodiment
 */
bool scheme_set_embodiment(Scheme *scheme, const char *name);

/**
 * scheme_embodiment:
 *
 * Returns: the name of the embodiment that stands where @scheme stands on the
 *   four axes, or NULL if none does (embodiment 4 with public key, for example)
 */
const char *scheme_embodiment(const Scheme *scheme);

/* The specification's defaults: embodiment 5, every option faithful to the text. */
Scheme scheme_default(void);

#define SCHEME_ID_BYTES 4   /* of a transfer key or an update key */
#define SCHEME_KEY_BYTES 16 /* of either key itself */

/**
 * scheme_payload_bytes:
 * @public_key: of a public-key update; a symmetric one otherwise
 *
 * Returns: length of ID and key, or of what else an update delivers
 */
guint scheme_payload_bytes(const Scheme *scheme, bool public_key);

/* Returns: how many keys an update delivers with the issuer's signature */
guint scheme_n_signed_keys(const Scheme *scheme, bool public_key);

/**
 * scheme_is_possible:
 *
 * Checks what the axes demand of each other and that the suite's envelope holds
 * the payload.
 *
 * Returns: false with @error set if the combination does not exist
 */
bool scheme_is_possible(const Scheme *scheme, GError **error);

/* What a card of the scheme carries besides its transfer key. */
bool scheme_has_certificates(const Scheme *scheme);   /* public-key updates occur */
bool scheme_has_update_keys(const Scheme *scheme);    /* symmetric updates occur */
bool scheme_has_update_key_ids(const Scheme *scheme); /* the terminal looks at them */

/* Whether something is signed or verified in the scheme, by its suite. */
bool scheme_has_suite(const Scheme *scheme);

/* What moves from card to card before a payment. */
bool scheme_has_updates(const Scheme *scheme);        /* anything at all */
bool scheme_delivers_keys(const Scheme *scheme);      /* transfer keys themselves */
bool scheme_has_preloaded_keys(const Scheme *scheme); /* no: cards have them from the start */
bool scheme_moves_update_keys(const Scheme *scheme);

#define SCHEME_ERROR (scheme_error_quark())
GQuark scheme_error_quark(void);
typedef enum { SCHEME_ERROR_IMPOSSIBLE } SchemeError;

#endif
