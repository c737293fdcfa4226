#include "model/protocol/outcome.h"

const char *const outcome_names[N_OUTCOMES] = {
    [OUTCOME_PAID] = "paid",
    [OUTCOME_PAID_AFTER_SYMMETRIC_UPDATE] = "paid-after-symmetric-update",
    [OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE] = "paid-after-public-key-update",
    [OUTCOME_REFUSED_EXPIRED] = "refused-expired",
    [OUTCOME_REFUSED_REVOKED] = "refused-revoked",
    [OUTCOME_REFUSED_UPDATE_KEY] = "refused-update-key",
    [OUTCOME_REFUSED_UPDATE_KEY_ORDER] = "refused-update-key-order",
    [OUTCOME_REFUSED_UPDATE_KEY_LIMIT] = "refused-update-key-limit",
    [OUTCOME_REFUSED_LIMIT] = "refused-limit",
    [OUTCOME_REFUSED_CERTIFICATE] = "refused-certificate",
    [OUTCOME_REFUSED_DIFFERENT_IDS] = "refused-different-ids",
    [OUTCOME_REFUSED_AUTHENTICATION] = "refused-authentication",
    [OUTCOME_REFUSED_BALANCE] = "refused-balance",
    [OUTCOME_TORN_BEFORE_DEBIT] = "torn-before-debit",
    [OUTCOME_TORN_AFTER_DEBIT] = "torn-after-debit",
    [OUTCOME_TORN_AFTER_CREDIT] = "torn-after-credit",
    [OUTCOME_CARD_BUSY] = "card-busy",
};

bool
outcome_is_paid(Outcome outcome)
{
    return outcome <= OUTCOME_PAID_AFTER_PUBLIC_KEY_UPDATE;
}

bool
outcome_is_refused(Outcome outcome)
{
    return outcome >= OUTCOME_REFUSED_EXPIRED && outcome <= OUTCOME_REFUSED_BALANCE;
}

bool
outcome_is_torn(Outcome outcome)
{
    return outcome >= OUTCOME_TORN_BEFORE_DEBIT && outcome <= OUTCOME_TORN_AFTER_CREDIT;
}
