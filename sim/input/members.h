/* members.h - the members of a scenario's groups, by group. */
#ifndef SIM_INPUT_MEMBERS_H
#define SIM_INPUT_MEMBERS_H

#include "sim/input/keys.h"
#include "sim/scenario/handle.h"

#include <glib.h>

/* Of the structs in which the keys of the group have their fields, in the order of the file; NULL
 * if the group has no members. */
GPtrArray *members_of_group(const Scenario *scenario, ScenarioGroup group);

/* What the header of a member's group calls it. */
const char *members_name(ScenarioGroup group, const void *member);

#endif
