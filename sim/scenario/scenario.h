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
#include "sim/scenario/contacts.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A limit that is not set (`none`). */
#define SCENARIO_NO_LIMIT UINT32_MAX
/* A number that a plan action does not set. */
#define SCENARIO_UNSET INT64_MIN
/* All cards of a trace that no other cohort has (`rest`). */
#define SCENARIO_REST (INT64_MIN + 1)
/* A share that is not set. */
#define SCENARIO_SHARE_UNSET (-1.0)
/* A rate that is not set. */
#define SCENARIO_RATE_UNSET (-1.0)
/* A card that never expires, in days. */
#define SCENARIO_NEVER_EXPIRES INT64_MAX

/* What decides a settlement: the cards' programs on the wire; the decision level; by default
 * whichever the estimated time of the run allows. */
typedef enum { FIDELITY_AUTO, FIDELITY_APDU, FIDELITY_DECISION, N_FIDELITIES } Fidelity;
extern const char *const scenario_fidelity_names[];

/**
 * Law:
 * @kind: how an amount of money is drawn
 * @low: the constant, or the smallest value
 * @high: the largest value, included
 * @scale: the mean of an exponential law, the median of a log-normal one
 * @sigma: of a log-normal law, the deviation of the logarithm
 * @quantiles: borrowed; NULL with the laws that have none
 */
typedef struct {
    enum { LAW_CONSTANT, LAW_UNIFORM, LAW_EXPONENTIAL, LAW_LOG_NORMAL } kind;
    int64_t low;
    int64_t high;
    int64_t scale;
    double sigma;
    const InverseCdf *quantiles;
} Law;

/**
 * ScenarioCost: see ChipCost; SCENARIO_UNSET in @base_ns if it is not given
 */
typedef struct {
    int64_t base_ns;
    int64_t byte_ns;
} ScenarioCost;

/**
 * ScenarioChip: [chip NAME], the fields of a Chip as they are written
 * @like: the shipped chip from which it has what is not given; NULL: none
 */
typedef struct {
    char *name;
    int line; /* of the group's header */
    const Chip *like;
    ScenarioCost cost[N_CHIP_OPERATIONS];
    int64_t suite_ns[N_SUITES][N_CHIP_SUITE_OPERATIONS];
    char *source;
} ScenarioChip;

/**
 * ScenarioInterface: [interface NAME], likewise the fields of a LinkInterface
 * @protocol: a LinkProtocol; -1 if it is not given
 * @block_bytes: payload of a block; 0: the protocol has no blocks
 */
typedef struct {
    char *name;
    int line;
    const LinkInterface *like;
    int protocol;
    int64_t bit_ps;
    int64_t byte_bits;
    int64_t block_overhead;
    int64_t block_bytes;
    int64_t card_gap_ns;
    int64_t reader_gap_ns;
    Micros activation;
    char *source;
} ScenarioInterface;

/* How many of each a scenario may define: results number the pairs of chips that meet
 * in a group of terminals in LATENCY_SETTINGS_MAX. */
#define SCENARIO_CHIPS_MAX 100
#define SCENARIO_INTERFACES_MAX 100
#define SCENARIO_TERMINALS_MAX 5000

/**
 * ExpiryLaw: a card's term of validity in whole days from its issue; the last valid instant is one
 *   microsecond before
 * @low, @high: drawn uniformly from @low to @high, both included; both SCENARIO_NEVER_EXPIRES if
 *   it has none
 */
typedef struct {
    int64_t low;
    int64_t high;
} ExpiryLaw;

/**
 * CardTerms: what a cohort gives its cards and a plan action may change.
 * @transfer_key, @update_key: IDs
 * @transfer_key_limit, @update_key_limit: SCENARIO_NO_LIMIT if none
 * @preloaded: transfer-key IDs that the card holds from the start (embodiment
 *   4), ascending; empty: its own only
 * @chip: one of the scenario's chips
 * @expiry: from issue
 *
 * In a plan action SCENARIO_UNSET, an empty list or NULL leave what was. All
 * numbers are therefore int64_t.
 */
typedef struct {
    int64_t transfer_key;
    int64_t update_key;
    int64_t transfer_key_limit;
    int64_t update_key_limit;
    GArray *preloaded; /* of uint32_t */
    const Chip *chip;
    ExpiryLaw expiry;
} CardTerms;

/* What the cards of a cohort do, where there are merchants. */
typedef enum { ROLE_PERSON, ROLE_MERCHANT, N_ROLES } CohortRole;
extern const char *const scenario_role_names[];

/* When the issuer calls in a card for its limit. */
typedef enum { RECLAIM_NEVER, RECLAIM_ON_REACH, RECLAIM_ON_REFUSE, N_RECLAIMS } ReclaimRule;
extern const char *const scenario_reclaim_names[];

/**
 * ScenarioCohort: [cohort NAME]
 * @cards: at time 0
 * @region: NULL: none
 * @region_index: among the scenario's regions, if it has any
 * @rogue: what an attacker does with them; @clone_of: index of the cohort whose first card they
 *   are copies of; -1: none
 * @dormant: share of its cards that do not pay; SCENARIO_SHARE_UNSET: none
 * @successor: index of the cohort that cards which are called in are replaced from; -1: its own
 */
typedef struct {
    char *name;
    int line; /* of the group's header */
    int64_t cards;
    CardTerms terms;
    ActivityLaw activity;
    double dormant;
    CohortRole role;
    RogueCards rogue;
    int clone_of;
    char *region;
    guint region_index;
    int successor;
    Law balance;
} ScenarioCohort;

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

/* Who meets whom: drawn; or as a file says. */
typedef enum {
    MIXING_UNIFORM,
    MIXING_ACTIVITY,
    MIXING_MERCHANTS,
    MIXING_COMMUNITIES,
    MIXING_TRACE,
    N_MIXINGS
} MixingModel;
extern const char *const scenario_mixing_names[];

/* What a plan action does. */
typedef enum {
    PLAN_ISSUE,
    PLAN_SWAP,
    PLAN_REVOKE,
    PLAN_CAMPAIGN,
    PLAN_REPLACE,
    PLAN_ROTATE,
    PLAN_LIMITS,
    PLAN_RECALL,
    PLAN_SPECIAL,
    PLAN_WAKE,
    PLAN_INJECT,
    PLAN_LEAK,
    N_PLAN_DO
} PlanDo;
extern const char *const scenario_plan_do_names[];

/**
 * PlanTrigger: the first sample in which so large a share of the cards holds the generation or
 * a newer one
 * @is_set: false: no condition
 * @or_equal: whether @share itself is enough
 */
typedef struct {
    bool is_set;
    KeyKind kind;
    uint32_t id;
    bool or_equal;
    double share;
} PlanTrigger;

/* What comes into the hands of an attacker. */
typedef enum {
    LEAK_TRANSFER_KEY,
    LEAK_UPDATE_KEY,
    LEAK_CARD_SECRET, /* secret key and certificate of a card, without which nothing */
    LEAK_WHOLE_CARD,  /* all that a card holds */
    N_LEAKS
} LeakWhat;

/**
 * PlanLeak:
 * @is_set: false: none
 * @id: of the key; 0 where a card is drawn
 */
typedef struct {
    bool is_set;
    LeakWhat what;
    uint32_t id;
} PlanLeak;

/**
 * ScenarioPlan: [plan NAME], one intervention
 * @at, @every, @when: when; exactly one of them is set. @every: first after one period
 * @times: how often at most, with @every; SCENARIO_UNSET: until the end
 * @cards: how many cards it concerns
 * @share: of the cards of @from that it concerns, instead of @cards; below 0 if not set
 * @rate_per_day: see the table of keys; below 0 if not set
 * @cohort: index of the cohort that issued cards belong to; -1 otherwise
 * @from: indices of the cohorts whose cards it concerns, of guint; empty: all cards
 * @terminals: index of the group of terminals where it takes place; -1 otherwise
 * @leak: what leaks
 * @taps_per_day: cards that come to the attacker's reader from then on; below 0 if none does
 * @terms: what changes
 */
typedef struct {
    char *name;
    int line;
    PlanDo what;
    Micros at;
    Micros every;
    int64_t times;
    PlanTrigger when;
    int64_t cards;
    double share;
    double rate_per_day;
    int cohort;
    GArray *from;
    int terminals;
    PlanLeak leak;
    double taps_per_day;
    CardTerms terms;
} ScenarioPlan;

/**
 * StopRule: see stop_rule.h
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
 */
typedef struct {
    char *path;
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
    struct ScenarioText *text; /* what was set and where; private to the reader */
    void (*free_text)(struct ScenarioText *text);
} Scenario;

/* Nothing is set yet, or everything to its default. @path: the file, as given */
Scenario *scenario_new(const char *path);
void scenario_free(Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

/* Each adds a member of a group, with nothing set.
 * Returns: the struct in which the member's keys have their fields */
void *scenario_add_chip(Scenario *scenario, const char *name, int line);
void *scenario_add_interface(Scenario *scenario, const char *name, int line);
void *scenario_add_cohort(Scenario *scenario, const char *name, int line);
void *scenario_add_terminals(Scenario *scenario, const char *name, int line);
void *scenario_add_plan(Scenario *scenario, const char *name, int line);

/* Whether some cohort's cards are rogue in that way. */
bool scenario_has_rogue_cards(const Scenario *scenario, RogueCards kind);

#endif
