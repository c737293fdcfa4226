#include "sim/base/quantity.h"
#include "sim/input/type_row.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/stop_rule.h"
#include "sim/scenario/unset.h"

#include <string.h>

#define WEIGHT_MAX 1e6

/* The words of @text between separators. */
char **
types_split(const char *text, const char *separators)
{
    g_auto(GStrv) parts = g_strsplit_set(text, separators, -1);
    GPtrArray *words = g_ptr_array_new();

    for (char **part = parts; *part != NULL; part++)
        if (**part != '\0')
            g_ptr_array_add(words, g_strdup(*part));
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

/* Numbers */

bool
types_is_in_range(const TypeRow *row, int64_t value)
{
    return value >= row->low && value <= row->high;
}

bool
types_read_number(const TypeRow *row, const char *text, void *field,
                  const Scenario *scenario G_GNUC_UNUSED)
{
    int64_t value;

    if (row->word != NULL && strcmp(text, row->word) == 0)
        value = row->word_value;
    else if (!quantity_read_number(text, &value) || !types_is_in_range(row, value))
        return false;
    *(int64_t *)field = value;
    return true;
}

char *
types_print_number(const TypeRow *row, const void *field, const Scenario *scenario G_GNUC_UNUSED)
{
    const int64_t value = *(const int64_t *)field;

    if (value == SCENARIO_UNSET)
        return NULL;
    if (row->word != NULL && value == row->word_value)
        return g_strdup(row->word);
    return quantity_print_number(value);
}

/* A length on the wire: whole bytes. */
bool
types_read_bits(const TypeRow *row, const char *text, void *field, const Scenario *scenario)
{
    int64_t value;

    if (!types_read_number(row, text, &value, scenario) || value % BITS_OF_A_BYTE != 0)
        return false;
    *(int64_t *)field = value;
    return true;
}

bool
types_read_replications(const TypeRow *row, const char *text, void *field, const Scenario *scenario)
{
    StopRule rule;

    return types_read_number(row, text, field, scenario) || stop_rule_read(text, &rule, field);
}

char *
types_print_replications(const TypeRow *row, const void *field, const Scenario *scenario)
{
    const StopRule *rule = scenario_stop_rule(scenario);

    if (rule->is_set)
        return stop_rule_print(rule, *(const int64_t *)field);
    return types_print_number(row, field, scenario);
}

bool
types_read_seed(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, &value, NULL))
        return false;
    *(uint64_t *)field = value;
    return true;
}

char *
types_print_seed(const TypeRow *row G_GNUC_UNUSED, const void *field,
                 const Scenario *scenario G_GNUC_UNUSED)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, (guint64) * (const uint64_t *)field);
}

bool
types_read_share(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                 const Scenario *scenario G_GNUC_UNUSED)
{
    double share;

    if (!quantity_read_share(text, &share) || share > 1)
        return false;
    *(double *)field = share;
    return true;
}

char *
types_print_share(const TypeRow *row G_GNUC_UNUSED, const void *field,
                  const Scenario *scenario G_GNUC_UNUSED)
{
    const double share = *(const double *)field;

    return share < 0 ? NULL : quantity_print_share(share);
}

bool
types_read_exponent(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                    const Scenario *scenario G_GNUC_UNUSED)
{
    double exponent;

    if (!quantity_read_real(text, &exponent) || exponent > 10)
        return false;
    *(double *)field = exponent;
    return true;
}

char *
types_print_exponent(const TypeRow *row G_GNUC_UNUSED, const void *field,
                     const Scenario *scenario G_GNUC_UNUSED)
{
    return quantity_print_real(*(const double *)field);
}

/* So many weights, one of them above 0 */
bool
types_read_weights(const TypeRow *row, const char *text, void *field,
                   const Scenario *scenario G_GNUC_UNUSED)
{
    g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(double));
    g_auto(GStrv) parts = g_strsplit(text, ",", (gint)row->high + 1);
    GArray *list = *(GArray **)field;
    double sum = 0;

    for (char **part = parts; *part != NULL; part++) {
        double weight;

        if (!quantity_read_real(g_strstrip(*part), &weight) || weight > WEIGHT_MAX)
            return false;
        g_array_append_val(weights, weight);
        sum += weight;
    }
    if (!types_is_in_range(row, weights->len) || !(sum > 0))
        return false;
    g_array_set_size(list, 0);
    g_array_append_vals(list, weights->data, weights->len);
    return true;
}

char *
types_print_weights(const TypeRow *row G_GNUC_UNUSED, const void *field,
                    const Scenario *scenario G_GNUC_UNUSED)
{
    const GArray *weights = *(GArray *const *)field;
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < weights->len; i++) {
        g_autofree char *weight = quantity_print_real(g_array_index(weights, double, i));

        g_string_append_printf(text, "%s%s", i > 0 ? "," : "", weight);
    }
    return g_string_free(text, weights->len == 0);
}

/* IDs */

/* Appends the ID that @text says, if it is new. */
static bool
append_id(GArray *ids, const char *text)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text));
    int64_t value;
    uint32_t id;

    if (!quantity_read_number(stripped, &value) || value < 1 || value > SCENARIO_ID_MAX)
        return false;
    id = (uint32_t)value;
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, uint32_t, i) == id)
            return false;
    g_array_append_val(ids, id);
    return ids->len <= SCENARIO_PRELOADED_MAX;
}

bool
types_read_preloaded(const TypeRow *row, const char *text, void *field,
                     const Scenario *scenario G_GNUC_UNUSED)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_auto(GStrv) parts = g_strsplit(text, ",", SCENARIO_PRELOADED_MAX + 2);
    GArray *list = *(GArray **)field;

    if (row->word == NULL || strcmp(text, row->word) != 0)
        for (char **part = parts; *part != NULL; part++)
            if (!append_id(ids, *part))
                return false;
    g_array_sort(ids, plan_facts_compare_ids);
    g_array_set_size(list, 0);
    g_array_append_vals(list, ids->data, ids->len);
    return true;
}

char *
types_print_preloaded(const TypeRow *row, const void *field, const Scenario *scenario G_GNUC_UNUSED)
{
    const GArray *ids = *(GArray *const *)field;
    GString *text;

    if (ids->len == 0)
        return g_strdup(row->word);
    text = g_string_new(NULL);
    for (guint i = 0; i < ids->len; i++)
        g_string_append_printf(text, "%s%" G_GUINT32_FORMAT, i > 0 ? "," : "",
                               g_array_index(ids, uint32_t, i));
    return g_string_free(text, FALSE);
}

bool
types_read_current(const TypeRow *row, const char *text, void *field G_GNUC_UNUSED,
                   const Scenario *scenario G_GNUC_UNUSED)
{
    int64_t id;

    return strcmp(text, "lowest") == 0 || strcmp(text, "highest") == 0 ||
           (quantity_read_number(text, &id) && types_is_in_range(row, id));
}

/* Rates */

bool
types_read_rate(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    double per_day;

    if (!quantity_read_rate(text, &per_day) || !(per_day > 0) || per_day > RATE_PER_DAY_MAX)
        return false;
    *(double *)field = per_day;
    return true;
}

bool
types_read_hazard(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                  const Scenario *scenario G_GNUC_UNUSED)
{
    double per_day;

    if (!quantity_read_rate(text, &per_day) || per_day > RATE_PER_DAY_MAX)
        return false;
    *(double *)field = per_day;
    return true;
}

char *
types_print_rate(const TypeRow *row G_GNUC_UNUSED, const void *field,
                 const Scenario *scenario G_GNUC_UNUSED)
{
    const double per_day = *(const double *)field;

    return per_day < 0 ? NULL : quantity_print_rate(per_day);
}
