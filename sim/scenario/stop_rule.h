/* stop_rule.h - how many replications are enough.
 *
 * `LEAST..MOST until time-to-share(KIND, ID, SHARE) +- PRECISION`: replications go on until the
 * half width of the 95 % interval of that mean is at most so large a part of it. That is looked
 * at after every tenth replication, in their order, so that the number of workers has no say. */
#ifndef SIM_SCENARIO_STOP_RULE_H
#define SIM_SCENARIO_STOP_RULE_H

#include "model/protocol/keyring.h"

#include "sim/measure/ensemble.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * StopRule: when replications are enough
 * @is_set: false: as many replications as there are to be
 * @metric: name of the metric
 * @share: index in metric_shares
 * @precision: part of the mean
 */
typedef struct {
    bool is_set;
    int64_t least;
    const char *metric;
    KeyKind kind;
    uint32_t id;
    int share;
    double precision;
} StopRule;

#define STOP_RULE_STEP 10

/* Returns: false if @text is no rule; @most: (out) */
bool stop_rule_read(const char *text, StopRule *rule, int64_t *most);

/* (transfer full) */
char *stop_rule_print(const StopRule *rule, int64_t most);

/* Half the width of the 95 % interval, as a part of the mean; infinite if there is none, as where
 * a replication has not reached the share. */
double stop_rule_half_width(const StopRule *rule, const Ensemble *ensemble);

/* Whether the replications in @ensemble were enough; false where no rule is set. */
bool stop_rule_was_met(const StopRule *rule, const Ensemble *ensemble);

/* Whether that is now looked at, and they are. */
bool stop_rule_is_met(const StopRule *rule, const Ensemble *ensemble);

#endif
