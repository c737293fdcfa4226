/* outcome.h - how a settlement ended. */
#ifndef MODEL_PROTOCOL_OUTCOME_H
#define MODEL_PROTOCOL_OUTCOME_H

#include <stdbool.h>

typedef enum {
    OUTCOME_PAID,
    OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE,
    OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE,
    OUTCOME_REFUSED_EXPIRED,
    OUTCOME_REFUSED_REVOKED,
    OUTCOME_REFUSED_UPDATE_KEY,       /* R did not come back: different update keys */
    OUTCOME_REFUSED_UPDATE_KEY_ORDER, /* S8105A: the update key offered is older */
    OUTCOME_REFUSED_UPDATE_KEY_LIMIT, /* S8105A: it is above the card's limit */
    OUTCOME_REFUSED_LIMIT,            /* transfer key out of range, or not preloaded */
    OUTCOME_REFUSED_CERTIFICATE,      /* certificate, signature, envelope or padding */
    OUTCOME_REFUSED_DIFFERENT_IDS,    /* no update in this scheme */
    OUTCOME_REFUSED_AUTHENTICATION,   /* challenge 224 or 226 */
    OUTCOME_REFUSED_BALANCE,
    OUTCOME_TORN_BEFORE_DEBIT,
    OUTCOME_TORN_AFTER_DEBIT,
    OUTCOME_TORN_AFTER_CREDIT,
    OUTCOME_CARD_BUSY, /* of an arrival; never of a settlement */
    N_OUTCOMES,
} Outcome;

/* As written in outcomes.csv, in the order of the enum. */
extern const char *const outcome_names[N_OUTCOMES];

/* The three kinds into which summary.csv adds them up. */
bool outcome_is_paid(Outcome outcome);
bool outcome_is_refused(Outcome outcome);
bool outcome_is_torn(Outcome outcome);

#endif
