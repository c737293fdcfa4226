/* faults.h - which settlements are torn, by whom and when.
 *
 * Hazards act on the time that settlements take, one after the other: drawn is how much of
 * it passes until somebody goes, and not something for each settlement. Likewise how many
 * settlements pass until one of the share that is torn anyway. Random numbers: stream
 * "faults". */
#ifndef SIM_TRAFFIC_FAULTS_H
#define SIM_TRAFFIC_FAULTS_H

#include "model/protocol/tear.h"

#include "sim/base/stream.h"
#include "sim/scenario/fault_rates.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Scenario Scenario;

/**
 * Faults:
 * @time_left: that settlements take until somebody goes, in microseconds
 * @settlements_left: before the one that is torn anyway
 */
typedef struct {
    Micros time_left;
    int64_t settlements_left;
    const ScenarioFaults *rates;
    double per_micro; /* hazard of all parties */
    double torn_rate; /* -ln(1 - torn) */
    Stream stream;
} Faults;

/**
 * faults_new:
 *
 * Returns: (nullable): NULL if @rates are such that nothing is ever torn
 */
Faults *faults_new(const ScenarioFaults *rates, uint64_t seed, uint64_t replication);

/**
 * faults_spare:
 * @duration: of the settlement that comes next, above 0
 *
 * Returns: whether it is spared; if not, nothing has changed and faults_draw() must follow
 */
static inline bool
faults_spare(Faults *faults, Micros duration)
{
    if (__builtin_expect(faults->time_left < duration || faults->settlements_left == 0, 0))
        return false;
    faults->time_left -= duration;
    faults->settlements_left--;
    return true;
}

/* How the next settlement is torn, which is not spared. */
Tear faults_draw(Faults *faults, Micros duration);

#endif
