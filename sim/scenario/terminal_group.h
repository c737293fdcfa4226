/* terminal_group.h - the terminals of one group: how many, where, and whose. */
#ifndef SIM_SCENARIO_TERMINAL_GROUP_H
#define SIM_SCENARIO_TERMINAL_GROUP_H

#include "model/protocol/link.h"
#include "model/protocol/rogues.h"
#include "model/protocol/units.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * ScenarioTerminals: [terminals NAME]
 * @share: of all settlements that take place here, as written: whoever draws a group
 *   divides by the sum of all shares, which is above 0
 * @count: terminals, each with its own queue; 0: unlimited, nobody waits
 * @interface: of the payer's reader and of the payee's
 * @crl_period: how often a terminal fetches the CRL; 0: built in at the factory
 * @clock_skew: what the terminals' clocks are ahead
 * @rogue: what they do to the cards; @rogue_id: to which ID they malleate
 * @stale_share: of the terminals, whose clocks stand at time 0
 */
typedef struct {
    char *name;
    int line;
    double share;
    int64_t count;
    TerminalKind kind;
    const LinkInterface *interface[2];
    Micros crl_period;
    Micros clock_skew;
    RogueKind rogue;
    int64_t rogue_id;
    double stale_share;
} ScenarioTerminals;

#endif
