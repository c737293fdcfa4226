#include "sim/base/wording.h"
#include "sim/input/choice.h"
#include "sim/input/type_row.h"
#include "sim/scenario/contacts_reader.h"
#include "sim/scenario/plan_facts.h"

#include <string.h>

#define NAME_BYTES 100

/* Texts */

static void
replace_text(void *field, const char *text)
{
    g_free(*(char **)field);
    *(char **)field = g_strdup(text);
}

/* Whether @text can name a folder and stand in a CSV field as it is. */
bool
types_read_name(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    if (strlen(text) > NAME_BYTES || text[0] == '.' || text[0] == '-' || text[0] == '\0')
        return false;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        if (!g_unichar_isalnum(g_utf8_get_char(at)) && strchr("-_.", *at) == NULL)
            return false;
    replace_text(field, text);
    return true;
}

bool
types_read_text(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    replace_text(field, text);
    return true;
}

char *
types_print_text(const TypeRow *row G_GNUC_UNUSED, const void *field,
                 const Scenario *scenario G_GNUC_UNUSED)
{
    return g_strdup(*(char *const *)field);
}

/* Choices among names */

GPtrArray *
types_list_names(const TypeRow *row, const Scenario *scenario)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < row->n_names; i++)
        g_ptr_array_add(names, (char *)row->names[i]);
    if (row->list_names != NULL)
        row->list_names(scenario, names);
    return names;
}

bool
types_read_choice(const TypeRow *row, const char *text, void *field, const Scenario *scenario)
{
    g_autoptr(GPtrArray) names = types_list_names(row, scenario);
    const int index = wording_index(names, text);

    if (index < 0)
        return false;
    row->choice->store(index, field);
    return true;
}

char *
types_print_choice(const TypeRow *row, const void *field, const Scenario *scenario)
{
    const int index = row->choice->index(field);
    g_autoptr(GPtrArray) names = NULL;

    if (index < 0) /* there may be many names, and many fields without one */
        return NULL;
    names = types_list_names(row, scenario);
    return index < (int)names->len ? g_strdup(names->pdata[index]) : NULL;
}

bool
types_read_chip(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                const Scenario *scenario)
{
    const Chip *chip = scenario_find_chip(scenario, text);

    if (chip == NULL)
        return false;
    *(const Chip **)field = chip;
    return true;
}

char *
types_print_chip(const TypeRow *row G_GNUC_UNUSED, const void *field,
                 const Scenario *scenario G_GNUC_UNUSED)
{
    const Chip *chip = *(const Chip *const *)field;

    return chip != NULL ? g_strdup(chip->name) : NULL;
}

/* Appends the cohort that @name is, unless it is there already. */
static bool
append_cohort(GArray *cohorts, const char *name, const Scenario *scenario)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    int index;
    guint cohort;

    choice_list_cohorts(scenario, names);
    index = wording_index(names, name);
    if (index < 0)
        return false;
    cohort = (guint)index;
    for (guint i = 0; i < cohorts->len; i++)
        if (g_array_index(cohorts, guint, i) == cohort)
            return false;
    g_array_append_val(cohorts, cohort);
    return true;
}

bool
types_read_cohorts(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                   const Scenario *scenario)
{
    g_autoptr(GArray) cohorts = g_array_new(FALSE, FALSE, sizeof(guint));
    g_auto(GStrv) names = g_strsplit(text, ",", -1);
    GArray *list = *(GArray **)field;

    if (!append_cohort(cohorts, text, scenario)) /* a name may have commas */
        for (char **name = names; *name != NULL; name++)
            if (!append_cohort(cohorts, g_strstrip(*name), scenario))
                return false;
    g_array_set_size(list, 0);
    g_array_append_vals(list, cohorts->data, cohorts->len);
    return true;
}

char *
types_print_cohorts(const TypeRow *row G_GNUC_UNUSED, const void *field, const Scenario *scenario)
{
    const GArray *cohorts = *(GArray *const *)field;
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, g_array_index(cohorts, guint, i));

        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", cohort->name);
    }
    return g_string_free(text, cohorts->len == 0);
}

bool
types_read_trigger(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                   const Scenario *scenario G_GNUC_UNUSED)
{
    return plan_facts_read_trigger(text, field);
}

char *
types_print_trigger(const TypeRow *row G_GNUC_UNUSED, const void *field,
                    const Scenario *scenario G_GNUC_UNUSED)
{
    return plan_facts_print_trigger(field);
}

bool
types_read_leak(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    return plan_facts_read_leak(text, field);
}

char *
types_print_leak(const TypeRow *row G_GNUC_UNUSED, const void *field,
                 const Scenario *scenario G_GNUC_UNUSED)
{
    return plan_facts_print_leak(field);
}

/* `both`, or `payer, payee` */
bool
types_read_interfaces(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                      const Scenario *scenario)
{
    g_auto(GStrv) names = g_strsplit(text, ",", 3);
    const guint n_names = g_strv_length(names);
    const LinkInterface *found[2] = { NULL, NULL };

    if (n_names < 1 || n_names > G_N_ELEMENTS(found))
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(found); i++) {
        found[i] = scenario_find_interface(scenario, g_strstrip(names[i % n_names]));
        if (found[i] == NULL)
            return false;
    }
    memcpy(field, found, sizeof found);
    return true;
}

char *
types_print_interfaces(const TypeRow *row G_GNUC_UNUSED, const void *field,
                       const Scenario *scenario G_GNUC_UNUSED)
{
    const LinkInterface *const *interface = field;

    if (interface[0] == interface[1])
        return g_strdup(interface[0]->name);
    return g_strconcat(interface[0]->name, ",", interface[1]->name, NULL);
}

/* Columns of a trace, of which the last two may be missing */
static bool
is_list_of_columns(char **names)
{
    const guint n = g_strv_length(names);

    if (n <= TRACE_PAYEE || n > N_TRACE_COLUMNS)
        return false;
    for (guint i = 0; i < n; i++) {
        g_strstrip(names[i]);
        if (names[i][0] == '\0' && i <= TRACE_PAYEE)
            return false;
        for (guint k = 0; k < i; k++)
            if (names[i][0] != '\0' && strcmp(names[i], names[k]) == 0)
                return false;
    }
    return true;
}

bool
types_read_trace_columns(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                         const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) names = g_strsplit(text, ",", N_TRACE_COLUMNS + 1);

    if (!is_list_of_columns(names))
        return false;
    g_strfreev(*(char ***)field);
    *(char ***)field = g_steal_pointer(&names);
    return true;
}

char *
types_print_trace_columns(const TypeRow *row G_GNUC_UNUSED, const void *field,
                          const Scenario *scenario G_GNUC_UNUSED)
{
    char **names = *(char **const *)field;

    return names == NULL ? NULL : g_strjoinv(",", names);
}

/* Delimiters that go by a name: a scenario file could not show all of them */
static const struct {
    const char *name;
    char delimiter;
} delimiters[] = { { "comma", ',' }, { "semicolon", ';' }, { "tab", '\t' }, { "space", ' ' } };

bool
types_read_delimiter(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                     const Scenario *scenario G_GNUC_UNUSED)
{
    char *delimiter = field;

    for (size_t i = 0; i < G_N_ELEMENTS(delimiters); i++)
        if (strcmp(text, delimiters[i].name) == 0) {
            *delimiter = delimiters[i].delimiter;
            return true;
        }
    if (!g_ascii_ispunct(text[0]) || text[1] != '\0' || strchr("\".-", text[0]) != NULL)
        return false;
    *delimiter = text[0];
    return true;
}

char *
types_print_delimiter(const TypeRow *row G_GNUC_UNUSED, const void *field,
                      const Scenario *scenario G_GNUC_UNUSED)
{
    const char *delimiter = field;

    for (size_t i = 0; i < G_N_ELEMENTS(delimiters); i++)
        if (*delimiter == delimiters[i].delimiter)
            return g_strdup(delimiters[i].name);
    return g_strndup(delimiter, 1);
}
