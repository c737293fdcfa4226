#include "sim/input/check.h"

#include "sim/base/quantity.h"
#include "sim/input/hardware.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
#include "sim/input/text.h"
#include "sim/input/types.h"
#include "sim/measure/metrics.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/law.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/scenario/unset.h"

#include <string.h>

#define SAMPLES_MAX 10000000
#define COHORTS_MAX 60000

static bool
is_sure(const Reading *reading, const char *header, const char *key)
{
    return text_is_sure(reading->text, header, key);
}

static bool
is_scheme_sure(const Reading *reading)
{
    return is_sure(reading, "scheme", NULL);
}

static void
check_scheme(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    g_autoptr(GError) error = NULL;

    if (is_scheme_sure(reading) && !scheme_is_possible(&scenario->scheme, &error))
        text_mistake(reading->text, "scheme", NULL, "%s", error->message);
}

static void
check_times(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    const Micros duration = scenario->duration, interval = scenario->sample_interval;
    g_autofree char *duration_text = quantity_print_duration(duration);
    g_autofree char *interval_text = quantity_print_duration(interval);

    if (!is_sure(reading, "scenario", "duration") ||
        !is_sure(reading, "scenario", "sample-interval"))
        return;
    if (interval > duration)
        text_mistake(reading->text, "scenario", "sample-interval",
                     "expected at most the duration, %s, found %s", duration_text, interval_text);
    else if ((duration - 1) / interval >= SAMPLES_MAX)
        text_mistake(reading->text, "scenario", "sample-interval",
                     "expected at most %d samples in %s, found one in %s", SAMPLES_MAX,
                     duration_text, interval_text);
}

/* Settlements of a trace leave no mark on a card of when they were. */
static void
check_activity(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    if (scenario->active_within != SCENARIO_UNSET && scenario->mixing == MIXING_TRACE &&
        is_sure(reading, "mixing", "model"))
        text_mistake(reading->text, "scenario", "active-within",
                     "expected this key without a trace only, found model = trace");
}

/* Whether the generation that replications wait for ever occurs. */
static void
check_replications(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    g_autoptr(GArray) ids = NULL;

    if (!scenario->until.is_set || !is_sure(reading, NULL, NULL))
        return;
    if (strcmp(scenario->until.metric, METRIC_TIME_TO_SHARE_ACTIVE) == 0 &&
        scenario->active_within == SCENARIO_UNSET && is_sure(reading, "scenario", "active-within"))
        text_mistake(reading->text, "scenario", "replications",
                     "expected active-within beside time-to-share-active, found none");
    ids = plan_facts_collect_ids(scenario, scenario->until.kind);
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, guint32, i) == scenario->until.id)
            return;
    text_mistake(reading->text, "scenario", "replications",
                 "expected a generation that cohorts or plan bring, found %u", scenario->until.id);
}

/* Complains of each required key of the group that has no value. */
static void
check_required(const Reading *reading, ScenarioGroup group, const char *header, const void *base)
{
    Scenario *scenario = reading->scenario;
    for (size_t i = 0; i < scenario_n_keys; i++) {
        const ScenarioKey *key = &scenario_keys[i];
        g_autofree char *expected = NULL;
        g_autofree char *value = NULL;

        if (key->group != group || key->required == NULL ||
            text_has(reading->text, header, key->name) || !is_sure(reading, header, key->name) ||
            (key->used != NULL && !is_scheme_sure(reading)) || !key->required(&scenario->scheme))
            continue;
        value = types_print(&key->value, (const char *)base + key->offset, scenario);
        expected = types_expected(&key->value, scenario);
        if (value == NULL)
            text_mistake(reading->text, header, key->name, "expected %s, found nothing", expected);
    }
}

/* The suites that a chip has, for a message. */
static char *
list_suites(const Chip *chip)
{
    GString *list = g_string_new(NULL);

    for (SuiteId suite = 0; suite < N_SUITES; suite++)
        if (chip_has_suite(chip, suite))
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", suites[suite].name);
    return g_string_free(list, FALSE);
}

static void
check_chip(const Reading *reading, const char *header, const Chip *chip)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *own = chip != NULL ? keys_header(GROUP_CHIP, chip->name) : NULL;
    g_autofree char *has = NULL;

    if (chip == NULL || !is_sure(reading, header, "chip") || !is_scheme_sure(reading) ||
        (text_has(reading->text, own, NULL) && !is_sure(reading, own, NULL)) ||
        !scheme_has_suite(&scenario->scheme) || chip_has_suite(chip, scenario->scheme.suite))
        return;
    has = list_suites(chip);
    text_mistake(reading->text, header, "chip",
                 "expected a chip with suite %s, found %s, which has %s",
                 suites[scenario->scheme.suite].name, chip->name, has[0] != '\0' ? has : "none");
}

/* Complains if @id is above @limit, both being set and used. */
static void
check_limit(const Reading *reading, const char *header, const char *key, int64_t id, int64_t limit)
{
    g_autofree char *limit_key = g_strconcat(key, "-limit", NULL);

    if (is_sure(reading, header, key) && is_sure(reading, header, limit_key) && id > limit)
        text_mistake(reading->text, header, key,
                     "expected at most the %s, %" G_GINT64_FORMAT ", found %" G_GINT64_FORMAT,
                     limit_key, limit, id);
}

static bool
contains(const GArray *ids, int64_t id)
{
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, uint32_t, i) == id)
            return true;
    return false;
}

/* Whether the key in use is preloaded, and the one that `current` names. */
static void
check_preloaded(const Reading *reading, const char *header, const CardTerms *terms)
{
    Scenario *scenario = reading->scenario;
    ScenarioText *text = reading->text;
    const char *key = text_has(text, header, "transfer-key") ? "transfer-key" : "current";
    const GArray *ids = terms->preloaded;
    g_autofree char *current = text_value(text, header, "current");
    int64_t id = SCENARIO_UNSET;

    if (terms->transfer_key == SCENARIO_UNSET || !is_sure(reading, header, "preloaded") ||
        !is_sure(reading, header, key) || !is_sure(reading, header, "current"))
        return;
    if (ids->len > 0 && !contains(ids, terms->transfer_key)) {
        text_mistake(text, header, key,
                     "expected one of the preloaded IDs, found %" G_GINT64_FORMAT,
                     terms->transfer_key);
        return;
    }
    if (current == NULL)
        return;
    if (strcmp(current, "lowest") == 0 && ids->len > 0)
        id = g_array_index(ids, uint32_t, 0);
    else if (strcmp(current, "highest") == 0 && ids->len > 0)
        id = g_array_index(ids, uint32_t, ids->len - 1);
    else if (!types_read(PLAIN_TYPE(TYPE_ID), current, &id, scenario))
        return; /* lowest or highest of one */
    if (id != terms->transfer_key)
        text_mistake(text, header, "current",
                     "expected the transfer-key, %" G_GINT64_FORMAT
                     ", found %s, which is %" G_GINT64_FORMAT,
                     terms->transfer_key, current, id);
}

static void
check_keys(const Reading *reading, const char *header, const CardTerms *terms)
{
    Scenario *scenario = reading->scenario;
    if (!is_scheme_sure(reading))
        return;
    if (scheme_delivers_keys(&scenario->scheme))
        check_limit(reading, header, "transfer-key", terms->transfer_key,
                    terms->transfer_key_limit);
    if (scheme_moves_update_keys(&scenario->scheme))
        check_limit(reading, header, "update-key", terms->update_key, terms->update_key_limit);
    if (scheme_has_preloaded_keys(&scenario->scheme))
        check_preloaded(reading, header, terms);
}

static void
check_balance(const Reading *reading, const char *header, Law *balance)
{
    Scenario *scenario = reading->scenario;
    const Cents most = scenario->scheme.max_balance;

    if (is_sure(reading, header, "balance") && is_sure(reading, "scheme", "max-balance") &&
        balance->high > most && balance->kind >= LAW_EXPONENTIAL)
        balance->high = most; /* a law without end is cut where a purse is full */
    else if (is_sure(reading, header, "balance") && is_sure(reading, "scheme", "max-balance") &&
             balance->high > most)
        text_mistake(reading->text, header, "balance",
                     "expected at most max-balance, %" G_GINT64_FORMAT ", found %" G_GINT64_FORMAT,
                     most, balance->high);
}

/* Required keys of the chips and interfaces that the scenario defines, and the rest. */
static void
check_hardware(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    for (guint i = 0; i < scenario->own_chips->len; i++) {
        const ScenarioChip *chip = scenario->own_chips->pdata[i];
        g_autofree char *header = keys_header(GROUP_CHIP, chip->name);

        check_required(reading, GROUP_CHIP, header, chip);
    }
    for (guint i = 0; i < scenario->own_interfaces->len; i++) {
        const ScenarioInterface *interface = scenario->own_interfaces->pdata[i];
        g_autofree char *header = keys_header(GROUP_INTERFACE, interface->name);

        check_required(reading, GROUP_INTERFACE, header, interface);
    }
    hardware_check(reading);
}

/* Complains of each key that is another than in the original's cohort. */
static void
check_copied_keys(const Reading *reading, const char *header, const ScenarioCohort *clones,
                  const ScenarioCohort *of)
{
    Scenario *scenario = reading->scenario;
    static const char *const keys[] = { "transfer-key", "update-key",       "transfer-key-limit",
                                        "preloaded",    "update-key-limit", "expiry",
                                        "balance" };

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const ScenarioKey *key = keys_find(GROUP_COHORT, keys[i]);
        g_autofree char *expected =
            types_print(&key->value, (const char *)of + key->offset, scenario);
        g_autofree char *found =
            types_print(&key->value, (const char *)clones + key->offset, scenario);

        if (is_sure(reading, header, key->name) && g_strcmp0(expected, found) != 0)
            text_mistake(reading->text, header, key->name,
                         "expected %s, as in [cohort %s], found %s", expected, of->name, found);
    }
}

/* Of clones there must be an original, which is there before them, and honest. */
static void
check_clones(const Reading *reading, const char *header, const ScenarioCohort *clones)
{
    Scenario *scenario = reading->scenario;
    GPtrArray *cohorts = scenario->cohorts;
    const ScenarioCohort *of = clones->clone_of < 0 ? NULL : cohorts->pdata[clones->clone_of];
    g_autofree char *other = of == NULL ? NULL : keys_header(GROUP_COHORT, of->name);
    guint own;

    g_ptr_array_find(cohorts, clones, &own);
    if (!is_sure(reading, header, "clone-of") ||
        (of != NULL && (!is_sure(reading, other, "rogue") || !is_sure(reading, other, "cards"))))
        return;
    if (of == NULL || (guint)clones->clone_of >= own)
        text_mistake(reading->text, header, "clone-of", "expected a cohort further up, found %s",
                     of == NULL ? "nothing" : of->name);
    else if (of->rogue != ROGUE_CARDS_NONE || of->cards == 0)
        text_mistake(reading->text, header, "clone-of",
                     "expected a cohort of honest cards, some of them from the start, "
                     "found %s",
                     of->name);
    else if (is_sure(reading, other, NULL))
        check_copied_keys(reading, header, clones, of);
}

/* Whose certificate could be shown. */
static bool
has_honest_card(const Scenario *scenario)
{
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, i);

        if (cohort->rogue == ROGUE_CARDS_NONE && cohort->cards != 0)
            return true;
    }
    return false;
}

/* What cards write down of payments to programs that are not the scheme's is not known. */
static void
check_rogue_cards(const Reading *reading, const char *header, const ScenarioCohort *cohort)
{
    Scenario *scenario = reading->scenario;
    if (!is_sure(reading, header, "rogue"))
        return;
    if (cohort->rogue == ROGUE_CARDS_CLONE)
        check_clones(reading, header, cohort);
    else if (cohort->clone_of >= 0)
        text_mistake(reading->text, header, "clone-of",
                     "expected this key with rogue = clone only, found rogue = %s",
                     rogue_cards_names[cohort->rogue]);
    if (cohort->rogue == ROGUE_CARDS_REVOKED && is_sure(reading, NULL, NULL) &&
        !has_honest_card(scenario))
        text_mistake(reading->text, header, "rogue",
                     "expected honest cards from the start beside revoked ones, which "
                     "show the certificate of one, found none");
    if (cohort->rogue > ROGUE_CARDS_POISON && scenario->scheme.recovery == RECOVERY_TORN_LOG)
        text_mistake(reading->text, header, "rogue",
                     "expected none or poison with recovery = torn-log, found %s",
                     rogue_cards_names[cohort->rogue]);
}

static void
check_cohort(const Reading *reading, ScenarioCohort *cohort)
{
    g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);

    check_required(reading, GROUP_COHORT, header, cohort);
    check_chip(reading, header, cohort->terms.chip);
    check_keys(reading, header, &cohort->terms);
    check_balance(reading, header, &cohort->balance);
    check_rogue_cards(reading, header, cohort);
}

static void
check_number_of_cohorts(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    const guint n_cohorts = scenario->cohorts->len;

    if (n_cohorts == 0 && is_sure(reading, NULL, NULL))
        text_mistake(reading->text, NULL, NULL,
                     "expected at least one group [cohort NAME], found none");
    if (n_cohorts > COHORTS_MAX) {
        const ScenarioCohort *first = scenario_cohort(scenario, COHORTS_MAX);
        g_autofree char *header = keys_header(GROUP_COHORT, first->name);

        text_mistake(reading->text, header, NULL, "expected at most %d cohorts, found %u",
                     COHORTS_MAX, n_cohorts);
    }
}

/* Sums are reported at the last cohort, where they are complete. */
static void
check_number_of_cards(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    const GPtrArray *cohorts = scenario->cohorts;
    const int64_t issued = plan_facts_n_issued(scenario);
    g_autofree char *header = NULL;
    int64_t cards = 0;

    for (guint i = 0; i < cohorts->len; i++) {
        const ScenarioCohort *cohort = cohorts->pdata[i];

        if (cohort->cards == SCENARIO_UNSET)
            return;
        cards += cohort->cards;
    }
    if (cohorts->len == 0 || !is_sure(reading, NULL, NULL))
        return;
    header = keys_header(GROUP_COHORT, ((ScenarioCohort *)cohorts->pdata[cohorts->len - 1])->name);
    if (cards < 2)
        text_mistake(reading->text, header, "cards",
                     "expected at least 2 cards in all cohorts, found %" G_GINT64_FORMAT, cards);
    else if (cards + issued > SCENARIO_CARDS_MAX)
        text_mistake(reading->text, header, "cards",
                     "expected at most %" G_GINT64_FORMAT
                     " cards in all, issued ones included, found %" G_GINT64_FORMAT,
                     SCENARIO_CARDS_MAX, cards + issued);
}

/* Attackers bring keys of their own. */
static int64_t
count_keys_of_attackers(const Scenario *scenario)
{
    int64_t n = 0;

    for (guint i = 0; i < scenario->cohorts->len; i++)
        n += scenario_cohort(scenario, i)->rogue == ROGUE_CARDS_POISON ||
             scenario_cohort(scenario, i)->rogue == ROGUE_CARDS_LEAKED_KEY;
    for (guint i = 0; i < scenario->plan->len; i++)
        n += scenario_plan(scenario, i)->what == PLAN_INJECT;
    return n;
}

/* Sums are reported at the last action, or the last cohort. Torn writes may leave more keys. */
static void
check_number_of_keys(const Reading *reading)
{
    const Scenario *scenario = reading->scenario;
    const GPtrArray *cohorts = scenario->cohorts;
    const GPtrArray *plan = scenario->plan;
    g_autoptr(GArray) transfer_ids = plan_facts_collect_ids(scenario, KEY_TRANSFER);
    g_autoptr(GArray) update_ids = plan_facts_collect_ids(scenario, KEY_UPDATE);
    const int64_t keys =
        INT64_C(0) + transfer_ids->len + update_ids->len + count_keys_of_attackers(scenario);
    g_autofree char *header = NULL;

    if (keys <= KEYRING_PAIRS_MAX || cohorts->len == 0 || !is_sure(reading, NULL, NULL))
        return;
    header = plan->len > 0
                 ? keys_header(GROUP_PLAN, scenario_plan(scenario, plan->len - 1)->name)
                 : keys_header(GROUP_COHORT, scenario_cohort(scenario, cohorts->len - 1)->name);
    text_mistake(reading->text, header, NULL,
                 "expected at most %d different keys in cohorts and plan, of transfer-key, "
                 "update-key, preloaded and times, found %" G_GINT64_FORMAT,
                 KEYRING_PAIRS_MAX, keys);
}

static void
check_number_of_terminals(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    const GPtrArray *terminals = scenario->terminals;
    const ScenarioTerminals *first;
    g_autofree char *header = NULL;

    if (terminals->len <= SCENARIO_TERMINALS_MAX)
        return;
    first = terminals->pdata[SCENARIO_TERMINALS_MAX];
    header = keys_header(GROUP_TERMINALS, first->name);
    text_mistake(reading->text, header, NULL, "expected at most %d groups of terminals, found %u",
                 SCENARIO_TERMINALS_MAX, terminals->len);
}

/* The ID that goes into an update must be given, where terminals put one in. What terminals that
 * attack make of the cards' logs is not known. */
static void
check_rogue(const Reading *reading, const char *header, const ScenarioTerminals *group)
{
    Scenario *scenario = reading->scenario;
    g_autofree char *expected = types_expected(PLAIN_TYPE(TYPE_ID), scenario);

    if (group->rogue == ROGUE_MALLEATE && group->rogue_id == SCENARIO_UNSET &&
        is_sure(reading, header, "rogue-transfer-key"))
        text_mistake(reading->text, header, "rogue-transfer-key", "expected %s, found nothing",
                     expected);
    if (group->rogue != ROGUE_NONE && scenario->scheme.recovery == RECOVERY_TORN_LOG)
        text_mistake(reading->text, header, "rogue",
                     "expected none with recovery = torn-log, found %s", rogue_names[group->rogue]);
}

static void
check_terminals(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    const GPtrArray *terminals = scenario->terminals;
    const ScenarioTerminals *last = terminals->pdata[terminals->len - 1];
    g_autofree char *last_header = keys_header(GROUP_TERMINALS, last->name);
    double sum = 0;

    for (guint i = 0; i < terminals->len; i++) {
        const ScenarioTerminals *group = terminals->pdata[i];
        g_autofree char *header = keys_header(GROUP_TERMINALS, group->name);

        if (!is_sure(reading, header, "share"))
            return;
        if (group->share < 0) {
            text_mistake(reading->text, header, "share",
                         "expected a share, as other groups of terminals have, "
                         "found nothing");
            return;
        }
        sum += group->share;
        check_rogue(reading, header, group);
    }
    if (!(sum > 0))
        text_mistake(reading->text, last_header, "share",
                     "expected a share above 0 in some group of terminals, found none");
}

static void
check_plan_member(const Reading *reading, const ScenarioPlan *plan)
{
    g_autofree char *header = keys_header(GROUP_PLAN, plan->name);

    check_required(reading, GROUP_PLAN, header, plan);
    check_action(reading, plan);
    check_chip(reading, header, plan->terms.chip);
}

void
check_scenario(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    check_scheme(reading);
    check_times(reading);
    check_activity(reading);
    check_replications(reading);
    check_hardware(reading);
    for (guint i = 0; i < scenario->cohorts->len; i++)
        check_cohort(reading, scenario_cohort(scenario, i));
    check_number_of_cohorts(reading);
    check_number_of_cards(reading);
    check_number_of_keys(reading);
    check_number_of_terminals(reading);
    check_terminals(reading);
    for (guint i = 0; i < scenario->plan->len; i++)
        check_plan_member(reading, scenario_plan(scenario, i));
    check_plan(reading);
    check_sums(reading);
}
