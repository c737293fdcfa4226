#include "model/protocol/tear.h"

const char *const tear_party_names[N_TEAR_PARTIES + 1] = {
    [TEAR_PAYER] = "payer",
    [TEAR_PAYEE] = "payee",
    [TEAR_TERMINAL] = "terminal",
};

Outcome
tear_outcome(bool debited, bool credited)
{
    return credited  ? OUTCOME_TORN_AFTER_CREDIT
           : debited ? OUTCOME_TORN_AFTER_DEBIT
                     : OUTCOME_TORN_BEFORE_DEBIT;
}

bool
tear_is_retried(const Scheme *scheme, const Timeline *timeline, TearParty party,
                const Moment *moment)
{
    const ExchangeVisit *visit = &timeline->visits[moment->visit];

    return scheme->recovery == RECOVERY_RETRY_IN_FIELD && party != TEAR_TERMINAL &&
           (guint)party == (guint)visit->to && exchanges[visit->exchange].phase == PHASE_VALUE;
}
