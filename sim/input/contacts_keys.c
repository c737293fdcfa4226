#include "sim/input/contacts_keys.h"

#include "sim/base/wording.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
#include "sim/input/scenario_error.h"
#include "sim/input/side_file.h"
#include "sim/input/text.h"
#include "sim/input/types.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/contacts_reader.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/unset.h"

#include <string.h>

#define MIXING_GROUP "mixing"
#define FIELDS_MAX 10000

/* How many cards are left cannot be told. */
static void
leave_cards_open(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        ScenarioCohort *cohort = scenario_cohort(scenario, i);
        g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);

        if (cohort->cards != SCENARIO_REST)
            continue;
        cohort->cards = SCENARIO_UNSET;
        text_doubt(reading->text, header);
    }
}

/* Nor when the trace ends. */
static void
leave_open(const Reading *reading)
{
    leave_cards_open(reading);
    if (!text_has(reading->text, "scenario", "duration"))
        text_doubt(reading->text, "scenario");
}

/* A cohort of the rest, where there is nothing to be left. */
static void
check_no_rest(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    if (!text_is_sure(reading->text, MIXING_GROUP, "model")) {
        leave_open(reading);
        return;
    }
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        g_autofree char *header = keys_header(GROUP_COHORT, scenario_cohort(scenario, i)->name);

        if (scenario_cohort(scenario, i)->cards == SCENARIO_REST)
            text_mistake(reading->text, header, "cards",
                         "expected a number of cards, found rest without a trace "
                         "([mixing] model = trace)");
    }
    leave_cards_open(reading);
}

/* The columns of a file without header are numbers. */
static bool
check_columns(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    ContactsFormat *format = &scenario->trace_format;

    if (format->columns == NULL)
        format->columns = g_strsplit(format->has_header ? "time,payer,payee" : "1,2,3", ",", -1);
    for (char **column = format->columns; !format->has_header && *column != NULL; column++) {
        g_autofree char *found = wording_quoted(*column);
        guint64 number;

        if ((*column)[0] == '\0' ||
            g_ascii_string_to_unsigned(*column, 10, 1, FIELDS_MAX, &number, NULL))
            continue;
        text_mistake(reading->text, MIXING_GROUP, "trace-columns",
                     "expected numbers of columns from 1 to %d, as there is no header, "
                     "found %s",
                     FIELDS_MAX, found);
        return false;
    }
    return true;
}

static void
take_terminals(Scenario *scenario)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < scenario->terminals->len; i++)
        g_ptr_array_add(names, g_strdup(scenario_terminals(scenario, i)->name));
    g_ptr_array_add(names, NULL);
    scenario->trace_format.terminals = (char **)g_ptr_array_free(names, FALSE);
}

/* Notes what is wrong with the file. Returns: false if it is not the file's fault */
static bool
note_mistake(const Reading *reading, GError *failure, GError **error)
{
    Scenario *scenario = reading->scenario;
    g_autoptr(GError) cause = failure;
    g_autofree char *found = wording_quoted(scenario->trace_format.path);

    g_assert(cause != NULL);
    if (g_error_matches(cause, CONTACTS_ERROR, CONTACTS_ERROR_INVALID)) {
        text_foreign_mistake(reading->text, MIXING_GROUP, "trace-file", cause->message);
    } else if (g_error_matches(cause, CONTACTS_ERROR, CONTACTS_ERROR_UNREADABLE)) {
        text_mistake(reading->text, MIXING_GROUP, "trace-file",
                     "expected a file that can be read, found %s: %s", found, cause->message);
    } else {
        g_set_error_literal(error, SCENARIO_ERROR, SCENARIO_ERROR_UNREADABLE, cause->message);
        return false;
    }
    return true;
}

/* The cards that no other cohort has. */
static void
take_rest(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    int64_t left = contacts_facts(scenario->trace)->n_cards;
    ScenarioCohort *rest = NULL;

    for (guint i = 0; i < scenario->cohorts->len; i++) {
        ScenarioCohort *cohort = scenario_cohort(scenario, i);
        g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);

        if (cohort->cards != SCENARIO_REST) {
            left -= cohort->cards == SCENARIO_UNSET ? 0 : cohort->cards;
        } else if (rest == NULL) {
            rest = cohort;
        } else {
            text_mistake(reading->text, header, "cards",
                         "expected a number of cards, found rest again (as in [cohort "
                         "%s])",
                         rest->name);
            cohort->cards = SCENARIO_UNSET;
        }
    }
    if (rest != NULL)
        rest->cards = MAX(0, left);
}

/* A trace runs to its end: the first whole second after its last row. */
static void
take_duration(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    if (text_has(reading->text, "scenario", "duration"))
        return;
    scenario->duration =
        (contacts_facts(scenario->trace)->last / MICROS_PER_SECOND + 1) * MICROS_PER_SECOND;
    scenario->sample_interval = MIN(scenario->sample_interval, scenario->duration);
}

static bool
check_cards(const Reading *reading, GError **error)
{
    Scenario *scenario = reading->scenario;
    int64_t cards = 0;
    GError *failure = NULL;

    for (guint i = 0; i < scenario->cohorts->len; i++) {
        if (scenario_cohort(scenario, i)->cards == SCENARIO_UNSET)
            return true;
        cards += scenario_cohort(scenario, i)->cards;
    }
    if (scenario->cohorts->len == 0 || !text_is_sure(reading->text, NULL, NULL) ||
        contacts_facts(scenario->trace)->n_cards <= cards)
        return true;
    contacts_complain_of_card(scenario->trace, cards, &failure);
    return note_mistake(reading, failure, error);
}

/* Whether there is a file to be read, in a way that is known. */
static bool
check_keys(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    if (scenario->trace_file == NULL && text_is_sure(reading->text, MIXING_GROUP, "trace-file"))
        text_mistake(reading->text, MIXING_GROUP, "trace-file",
                     "expected a file with the trace, found nothing");
    return check_columns(reading) && scenario->trace_file != NULL &&
           text_is_sure(reading->text, MIXING_GROUP, NULL);
}

bool
contacts_keys_finish(const Reading *reading, const Scenario *before, GError **error)
{
    Scenario *scenario = reading->scenario;
    GError *failure = NULL;

    if (scenario->mixing != MIXING_TRACE) {
        check_no_rest(reading);
        return true;
    }
    if (!check_keys(reading)) {
        leave_open(reading);
        return true;
    }
    scenario->trace_format.path = side_file_path(scenario, scenario->trace_file);
    g_ptr_array_add(scenario->inputs, g_strdup(scenario->trace_format.path));
    take_terminals(scenario);
    if (before != NULL && before->trace != NULL &&
        contacts_is_of(before->trace, &scenario->trace_format))
        scenario->trace = contacts_ref(before->trace);
    else
        scenario->trace = contacts_new(&scenario->trace_format, &failure);
    if (scenario->trace == NULL) {
        leave_open(reading);
        return note_mistake(reading, failure, error);
    }
    take_rest(reading);
    take_duration(reading);
    return check_cards(reading, error);
}
