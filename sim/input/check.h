/* check.h - what the values of a scenario demand of each other.
 *
 * Mistakes go into the scenario's text. A value that reading has complained of
 * already is not judged again. */
#ifndef SIM_INPUT_CHECK_H
#define SIM_INPUT_CHECK_H

#include "sim/input/reading.h"
#include "sim/scenario/plan.h"

/**
 * scenario_check:
 *
 * Everything but the plan, and that.
 */
void check_scenario(const Reading *reading);

/**
 * check_action:
 *
 * One action of the plan by itself: which keys it has, and when it takes place.
 */
void check_action(const Reading *reading, const ScenarioPlan *plan);

/**
 * check_plan:
 *
 * Follows the plan in time: whether its cards exist, whether a swapped card can hold
 * the keys that it is given, and whether the population has entries for all kinds of cards.
 */
void check_plan(const Reading *reading);

/**
 * check_sums:
 *
 * What the cards may hold in all, and what is to be paid in the whole run as expected.
 */
void check_sums(const Reading *reading);

#endif
