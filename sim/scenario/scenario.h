/* scenario.h - what is to be simulated, as data: what a scenario file says, after it has been read
 * and checked (sim/input), with every default filled in. */
#ifndef SIM_SCENARIO_SCENARIO_H
#define SIM_SCENARIO_SCENARIO_H

#include "model/protocol/chip.h"
#include "model/protocol/keyring.h"
#include "model/protocol/link.h"
#include "model/protocol/population.h"
#include "model/protocol/rogues.h"
#include "model/protocol/scheme.h"
#include "model/protocol/tear.h"
#include "model/protocol/units.h"

#include "sim/base/inverse_cdf.h"
#include "sim/scenario/activity.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/fault_rates.h"
#include "sim/scenario/handle.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/stop_rule.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What decides a settlement: the cards' programs on the wire; the decision level; by default
 * whichever the estimated time of the run allows. */
typedef enum { FIDELITY_AUTO, FIDELITY_APDU, FIDELITY_DECISION, N_FIDELITIES } Fidelity;
extern const char *const scenario_fidelity_names[N_FIDELITIES + 1];

/* When the issuer calls in a card for its limit. */
typedef enum { RECLAIM_NEVER, RECLAIM_ON_REACH, RECLAIM_ON_REFUSE, N_RECLAIMS } ReclaimRule;

/* Who meets whom: drawn; or as a file says. */
typedef enum {
    MIXING_UNIFORM,
    MIXING_ACTIVITY,
    MIXING_MERCHANTS,
    MIXING_COMMUNITIES,
    MIXING_TRACE,
    N_MIXINGS
} MixingModel;

/**
 * ScenarioAxis: GROUP.KEY = VALUE, VALUE, ... in [sweep]
 */
typedef struct {
    char *group;
    char *key;
    char **values;
    guint n_values;
} ScenarioAxis;

/**
 * Scenario:
 * @path: the file, as given
 * @inputs: of char*, where all files are that it is read from, this one first
 * @files_folder: where the files that it names are looked for before its own folder: that of the
 *   scenario from which a run.ini comes; NULL: nowhere
 * @name: names the results folder and stands in every row
 * @start: calendar date of time 0 in seconds since 1970-01-01 UTC; enters 222
 * @duration, @sample_interval: microseconds
 * @population_seed: of the population's random stream; equals @seed unless given
 * @replications: how many at most
 * @until: when fewer are enough
 * @active_within: how long ago a card may have been used to count as active; SCENARIO_UNSET
 * @fidelity: as asked for
 * @level: what is run: FIDELITY_APDU or FIDELITY_DECISION; estimate_choose_level() decides
 *   where FIDELITY_AUTO is asked for, the wire level until then
 * @reclaim, @reclaim_delay: when cards are called in, and how long that takes
 * @amount: what a payer pays, in minor units
 * @day_profile, @week_profile: see profile.h, of double
 * @own_chips: of ScenarioChip*, in the order of the file
 * @own_interfaces: of ScenarioInterface*, likewise
 * @chips: of Chip, all that cards of this scenario may have: the shipped ones, then its
 *   own; their addresses stay
 * @interfaces: of LinkInterface, likewise
 * @quantiles: of InverseCdf*, the tables that its laws draw from
 * @zipf: popularity of the merchant of rank k goes with k to the power of minus this
 * @person_to_person: share of payments that go to no merchant
 * @cross: share of payments that leave the payer's region; SCENARIO_SHARE_UNSET: none
 * @matrix_file: as written; NULL: none
 * @regions: of char*, borrowed, in the order of the cohorts; filled with MIXING_COMMUNITIES
 * @matrix: weights of payments between regions, by rows of the payer's; NULL: none
 * @trace_file: as written; NULL: none
 * @trace_format: how it is read; its path is that of the file
 * @trace: NULL unless @mixing is MIXING_TRACE
 * @cohorts: of ScenarioCohort*, in the order of the file
 * @terminals: of ScenarioTerminals*, likewise; at least one
 * @plan: of ScenarioPlan*, likewise
 * @sweep: of ScenarioAxis*, likewise; empty: no sweep
 * @n_points: of the sweep, 1 without one
 * @point: which of them this is, from 0
 * @written: values of the keys that the file sets, as they stand there; those of a sweep's axes
 *   are any point's
 * @without_effect: of NoEffect *, what the file sets for nothing, and keys at their defaults, in
 *   the order of the file
 */
struct Scenario {
    char *path;
    GPtrArray *inputs;
    char *files_folder;
    char *name;
    char *title;
    int64_t start;
    Micros duration;
    Micros sample_interval;
    uint64_t seed;
    uint64_t population_seed;
    int64_t replications;
    StopRule until;
    Micros active_within;
    Fidelity fidelity;
    Fidelity level;
    Scheme scheme;
    ReclaimRule reclaim;
    Micros reclaim_delay;
    GPtrArray *own_chips;
    GPtrArray *own_interfaces;
    GArray *chips;
    GArray *interfaces;
    GPtrArray *cohorts;
    GPtrArray *terminals;
    GPtrArray *plan;
    GPtrArray *sweep;
    guint n_points;
    guint point;
    Law amount;
    GArray *day_profile;
    GArray *week_profile;
    ScenarioFaults faults;
    GPtrArray *quantiles;
    MixingModel mixing;
    double zipf;
    double person_to_person;
    double cross;
    char *matrix_file;
    GPtrArray *regions;
    double *matrix;
    char *trace_file;
    ContactsFormat trace_format;
    Contacts *trace;
    GKeyFile *written;
    GPtrArray *without_effect;
};

/* Nothing is set yet, or everything to its default. @path: the file, as given */
Scenario *scenario_new(const char *path);

/* Each adds a member of a group, with nothing set.
 * Returns: the struct in which the member's keys have their fields */
void *scenario_add_chip(Scenario *scenario, const char *name, int line);
void *scenario_add_interface(Scenario *scenario, const char *name, int line);
void *scenario_add_cohort(Scenario *scenario, const char *name, int line);
void *scenario_add_terminals(Scenario *scenario, const char *name, int line);
void *scenario_add_plan(Scenario *scenario, const char *name, int line);

#endif
