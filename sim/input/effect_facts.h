/* effect_facts.h - what can happen at all in a scenario, as far as the file alone tells.
 *
 * Each errs on one side: what is said to be possible may never happen, what is not never does. */
#ifndef SIM_INPUT_EFFECT_FACTS_H
#define SIM_INPUT_EFFECT_FACTS_H

#include "model/protocol/keyring.h"
#include "model/protocol/units.h"

#include "sim/input/reading.h"
#include "sim/scenario/contacts_reader.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * EffectFacts:
 * @has_news: a card may meet one with another transfer key, and one of them update the other
 * @has_update_keys: cards hold update keys, and not all the same
 * @takes_public_key: an update may take the public-key path
 * @has_lists: a certificate may be named by a revocation list
 * @may_tear: somebody may leave a settlement
 * @least, @most: IDs of each kind that cards may have in use
 */
typedef struct {
    const Reading *reading;
    const Scenario *scenario;
    bool has_news;
    bool has_update_keys;
    bool takes_public_key;
    bool has_lists;
    bool may_tear;
    int64_t least[N_KEY_KINDS];
    int64_t most[N_KEY_KINDS];
} EffectFacts;

/* Of a scenario without mistakes. */
EffectFacts effect_facts_gather(const Reading *reading);

/* Whether cards of a cohort are ever in circulation. */
bool effect_facts_has_cards(const Scenario *scenario, guint cohort);

/* Whether the plan issues cards of a cohort. */
bool effect_facts_is_issued(const Scenario *scenario, guint cohort);

/* Whether cards that are called in may be replaced by those of a cohort. */
bool effect_facts_is_successor(const Scenario *scenario, guint cohort);

/* Whether the term of some card may end before the run does, by a clock that is ahead by
 * @skew. */
bool effect_facts_has_term(const Scenario *scenario, Micros skew);

/* The same by any terminal's clock. */
bool effect_facts_has_term_anywhere(const Scenario *scenario);

/* Whether some card may have that chip, some terminal that interface. */
bool effect_facts_has_chip(const Scenario *scenario, const char *name);
bool effect_facts_has_interface(const Scenario *scenario, const char *name);

/* Whether some group of terminals attacks. */
bool effect_facts_has_rogue_terminals(const Scenario *scenario);

/* Whether some group of terminals has queues. */
bool effect_facts_has_queues(const Scenario *scenario);

/* Whether something of the population is drawn. */
bool effect_facts_draws_population(const Scenario *scenario);

/* Whether the rows of a trace have a column. */
bool effect_facts_has_column(const Scenario *scenario, ContactsColumn column);

#endif
