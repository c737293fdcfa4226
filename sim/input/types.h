/* types.h - the types of a scenario's values: read, print, say what is
 * expected. One row a type; a key of the table in keys.c names its row. */
#ifndef SIM_INPUT_TYPES_H
#define SIM_INPUT_TYPES_H

#include "sim/scenario/limits.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Scenario Scenario;

/* What the field holds stands behind each type. */
typedef enum {
    TYPE_NAME,              /* char * */
    TYPE_TEXT,              /* char * */
    TYPE_DATE,              /* int64_t, seconds */
    TYPE_PERIOD,            /* Micros, above 0 */
    TYPE_REST,              /* Micros, from 0 to a year */
    TYPE_INSTANT,           /* Micros, 0 or more */
    TYPE_SKEW,              /* Micros, of either sign */
    TYPE_SEED,              /* uint64_t */
    TYPE_REPLICATIONS,      /* int64_t, the most; the reader takes in the rule */
    TYPE_CHOICE,            /* an enum; its names stand in the key's row */
    TYPE_EMBODIMENT,        /* the four axes of a Scheme */
    TYPE_SUITE,             /* SuiteId */
    TYPE_YES_NO,            /* bool */
    TYPE_MAX_BALANCE,       /* Cents */
    TYPE_MAX_STEP,          /* int64_t */
    TYPE_NONCE_BITS,        /* int64_t */
    TYPE_SHIPPED_CHIP,      /* const Chip *, not of the scenario's own */
    TYPE_COST,              /* ScenarioCost */
    TYPE_SUITE_COST,        /* int64_t, ns */
    TYPE_SHIPPED_INTERFACE, /* const LinkInterface *, not of the scenario's own */
    TYPE_PROTOCOL,          /* int, a LinkProtocol */
    TYPE_BIT_TIME,          /* int64_t, ps */
    TYPE_BYTE_BITS,         /* int64_t */
    TYPE_BLOCK_BYTES,       /* int64_t */
    TYPE_BLOCK_OVERHEAD,    /* int64_t */
    TYPE_GAP,               /* int64_t, ns */
    TYPE_ACTIVATION,        /* Micros */
    TYPE_CARDS,             /* int64_t */
    TYPE_COHORT_CARDS,      /* the same, or SCENARIO_REST */
    TYPE_ID,                /* int64_t */
    TYPE_LIMIT,             /* int64_t */
    TYPE_PRELOADED,         /* GArray * of uint32_t, made by the caller */
    TYPE_CHANGED_PRELOADED, /* the same, not empty */
    TYPE_CURRENT,           /* the transfer key, which is printed; reading stores nothing */
    TYPE_CHIP,              /* const Chip * */
    TYPE_EXPIRY,            /* ExpiryLaw */
    TYPE_ACTIVITY,          /* ActivityLaw */
    TYPE_MONEY_LAW,         /* Law */
    TYPE_DAY_PROFILE,       /* GArray * of double, made by the caller */
    TYPE_WEEK_PROFILE,      /* likewise */
    TYPE_EXPONENT,          /* double */
    TYPE_SHARE,             /* double */
    TYPE_COUNT,             /* int64_t */
    TYPE_KIND,              /* TerminalKind */
    TYPE_INTERFACES,        /* const LinkInterface *[2] */
    TYPE_CRL_SOURCE,        /* Micros */
    TYPE_TRACE_COLUMNS,     /* char **, NULL-terminated */
    TYPE_DELIMITER,         /* char */
    TYPE_DO,                /* PlanDo */
    TYPE_COHORT,            /* int, index */
    TYPE_COHORTS,           /* GArray * of guint, indices, made by the caller */
    TYPE_TERMINALS,         /* int, index */
    TYPE_TIMES,             /* int64_t */
    TYPE_TRIGGER,           /* PlanTrigger */
    TYPE_RATE,              /* double, per day */
    TYPE_HAZARD,            /* the same, or 0 */
    TYPE_TORN_PARTY,        /* TornParty */
    TYPE_LEAK,              /* PlanLeak */
    N_SCENARIO_TYPES
} ScenarioType;

/**
 * ValueType: the type of a key's values
 * @names: of a choice whose type has none of its own, by their value; NULL: none
 * @n_names: how many there must be
 */
typedef struct {
    ScenarioType type;
    const char *const *names;
    guint n_names;
} ValueType;

/* A type that needs no names from a key. */
#define PLAIN_TYPE(kind) (&(const ValueType){ .type = (kind) })

/* Whether values of the type are names between commas. */
bool types_is_list(ScenarioType type);

/**
 * types_names:
 *
 * Returns: (transfer full) (nullable): of char *, the names that a choice has in any scenario, by
 *   their value; NULL among them where one is missing. NULL if the type is no choice, or only a
 *   scenario knows its names
 */
GPtrArray *types_names(const ValueType *type);

/**
 * types_read:
 * @scenario: for names that a scenario defines itself
 *
 * Returns: false, the field as it was, if @text is no value of the type
 */
bool types_read(const ValueType *type, const char *text, void *field, const Scenario *scenario);

/**
 * types_print:
 *
 * Returns: (transfer full) (nullable): canonical text; NULL if the field is not set
 */
char *types_print(const ValueType *type, const void *field, const Scenario *scenario);

/**
 * types_complaint:
 * @text: what types_read() refused
 *
 * Returns: (transfer full): `expected ..., found ...`
 */
char *types_complaint(const ValueType *type, const char *text, const Scenario *scenario);

/**
 * types_expected:
 * @scenario: NULL for the manual
 *
 * Returns: (transfer full): what a value looks like, its unit and range
 */
char *types_expected(const ValueType *type, const Scenario *scenario);

#endif
