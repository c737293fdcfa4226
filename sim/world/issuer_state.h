/* issuer_state.h - what the files of the issuer share; see issuer.h, issuer_orders.h and
 * issuer_revocation.h. */
#ifndef SIM_WORLD_ISSUER_STATE_H
#define SIM_WORLD_ISSUER_STATE_H

#include "sim/base/engine.h"
#include "sim/base/stream.h"
#include "sim/measure/revoked_cards.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/plan.h"
#include "sim/traffic/pairs.h"
#include "sim/world/attacks.h"
#include "sim/world/world.h"

#include <glib.h>
#include <stdint.h>

typedef struct Issuer Issuer;
typedef struct IssuerOrder IssuerOrder;

/* Cards first .. first + n - 1 are of one cohort. */
typedef struct {
    guint cohort;
    uint32_t first;
    uint32_t n;
} Range;

/**
 * CardTemplate: what new cards of a cohort are like
 * @terms: as in the scenario, but for limits that were set since
 * @entry: 1 + their cohort entry; 0: none yet
 * @copied: of clones, the entry that the original had then
 * @renewal: by which cards of other cohorts are replaced by such; NULL: none yet
 */
typedef struct {
    CardTerms terms;
    guint entry;
    uint16_t copied;
    const IssuerOrder *renewal;
} CardTemplate;

struct Issuer {
    World *world;
    SimEngine *engine;
    Pairs *pairs;
    RevokedCards *revoked; /* NULL where none ever is */
    Stream balances_stream;
    Stream terms_of_new; /* of validity; likewise */
    Stream terms_of_replacements;
    CardTemplate *templates;
    GArray *ranges;      /* of Range, by card number */
    GPtrArray *orders;   /* of IssuerOrder */
    GPtrArray *waiting;  /* of Waiting */
    GPtrArray *sets;     /* of IssuerSet */
    GHashTable *entries; /* order and old entry to 1 + new entry */
    GHashTable *kinds;   /* order and all that an entry says, as text, to the same */
    uint64_t n_swaps;
    uint64_t n_visits;
};

/* @entry: of the special card. @cohort: 1 + that of the new cards; 0: they stay in theirs. @task:
 * in the place of all that, if it is not NULL */
struct IssuerOrder {
    Issuer *issuer;
    PlanDo what;
    CardTerms terms;
    gsize number;
    uint16_t entry;
    Attacker *attacker; /* NULL: the key is the scheme's */
    guint cohort;
    void (*task)(gpointer data, uint32_t card, Micros now);
    gpointer data;
};

#endif
