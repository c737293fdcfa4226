/* manual.h - the list of keys that scenarios/README.md prints. */
#ifndef SIM_INPUT_MANUAL_H
#define SIM_INPUT_MANUAL_H

#include <stdio.h>

/**
 * scenario_describe_keys:
 *
 * Prints to @out, as a Markdown table per group, every key with its unit, default
 * and meaning: the text of scenarios/README.md between its two marks.
 */
void scenario_describe_keys(FILE *out);

#endif
