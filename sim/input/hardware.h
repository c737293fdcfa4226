/* hardware.h - the chips and interfaces that a scenario may name: the shipped
 * ones and those that it defines itself. */
#ifndef SIM_INPUT_HARDWARE_H
#define SIM_INPUT_HARDWARE_H

#include "sim/input/reading.h"

/**
 * hardware_gather:
 *
 * Gives each own chip and interface what it has from `like`, and fills the scenario's
 * tables. To be called once, when they have been read and nothing has named one yet.
 */
void hardware_gather(const Reading *reading);

/**
 * hardware_check:
 *
 * Whether names are new and fit to be named, suites whole, blocks as the protocol has
 * them; and how many there are.
 */
void hardware_check(const Reading *reading);

#endif
