/* fault_rates.h - how often settlements are torn. */
#ifndef SIM_SCENARIO_FAULT_RATES_H
#define SIM_SCENARIO_FAULT_RATES_H

#include "model/protocol/tear.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Whom the key `torn-party` names. */
typedef enum { TORN_PARTY_ANY, TORN_PARTY_PAYER, TORN_PARTY_PAYEE, TORN_PARTY_TERMINAL } TornParty;

/**
 * ScenarioFaults: [faults], what of it the scheme does not answer
 * @per_day: how often each party would go from a settlement that lasted a day
 * @torn: share of settlements that are torn besides, at any instant of theirs
 * @torn_party: by whom
 */
typedef struct {
    double per_day[N_TEAR_PARTIES];
    double torn;
    TornParty torn_party;
} ScenarioFaults;

#endif
