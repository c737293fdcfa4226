/* keys.h - the one table of groups and keys.
 *
 * Reading, defaults, the effective scenario, the list of unused keys and the
 * manual all follow from it: a new key is one new row, and a field for it. */
#ifndef SIM_INPUT_KEYS_H
#define SIM_INPUT_KEYS_H

#include "model/protocol/scheme.h"

#include "sim/input/types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* In the order in which they are read and printed. */
typedef enum {
    GROUP_SCENARIO,
    GROUP_SCHEME,
    GROUP_CHIP,
    GROUP_INTERFACE,
    GROUP_COHORT,
    GROUP_TERMINALS,
    GROUP_MIXING,
    GROUP_PLAN,
    GROUP_AMOUNT,
    GROUP_FAULTS,
    GROUP_SWEEP, /* has no rows: its keys are those of the other groups */
    N_GROUPS
} ScenarioGroup;

/**
 * ScenarioGroupRow:
 * @name: what stands in brackets, before the name of the member if there are several
 * @has_members: [cohort NAME] rather than [scheme]
 * @meaning: for the manual
 */
typedef struct {
    const char *name;
    bool has_members;
    const char *meaning;
} ScenarioGroupRow;

extern const ScenarioGroupRow scenario_groups[N_GROUPS];

/**
 * ScenarioKey:
 * @group: where it is written
 * @value: its type, which reads and prints it and knows its unit; of a choice its names as well
 * @name: what it is called there
 * @offset: of the field in the group's struct (ScenarioChip, ScenarioInterface,
 *   ScenarioCohort, ScenarioTerminals, ScenarioPlan; Scenario for the others)
 * @preset: the value where it is not set; NULL: the field keeps what the reader
 *   puts there
 * @otherwise: what that is, for the manual
 * @required: under which schemes a key without a value is a mistake; NULL: none
 * @used: which schemes use it; NULL: all
 * @models: which mixing models use it, bit 1 << MIXING_...; 0: all
 * @plan_key: of [plan], its bit in the rows of plan_actions; 0: every action has it
 * @meaning: one line for the manual
 * @describe: (transfer full): the same where it is put together from another table
 */
typedef struct {
    ScenarioGroup group;
    ValueType value;
    const char *name;
    size_t offset;
    const char *preset;
    const char *otherwise;
    bool (*required)(const Scheme *scheme);
    bool (*used)(const Scheme *scheme);
    unsigned models;
    unsigned plan_key;
    const char *meaning;
    char *(*describe)(void);
} ScenarioKey;

extern const ScenarioKey scenario_keys[];
extern const size_t scenario_n_keys;

/* Whether a key has an effect under a MixingModel. */
bool keys_is_of_model(const ScenarioKey *key, guint model);

/* Returns: whether the key says only what `embodiment` can say as well */
bool keys_is_axis(const ScenarioKey *key);

/**
 * keys_demand_names:
 *
 * Stops the program if a choice lacks a name for one of its values, or two have the same: what
 * was written then would be taken for something else.
 */
void keys_demand_names(void);

/**
 * keys_find:
 *
 * Returns: the row, or NULL
 */
const ScenarioKey *keys_find(ScenarioGroup group, const char *name);

/**
 * keys_find_group:
 * @header: what stands in brackets
 * @member: (out) (optional): points into @header at the name behind the first
 *   space; empty if there is none
 *
 * Returns: which group it is; N_GROUPS if none
 */
ScenarioGroup keys_find_group(const char *header, const char **member);

/**
 * keys_header:
 *
 * Returns: (transfer full): `cohort NAME`: what stands in a member's brackets
 */
char *keys_header(ScenarioGroup group, const char *member);

#endif
