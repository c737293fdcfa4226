#include "sim/base/quantity.h"
#include "sim/input/type_row.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/unset.h"

#include <string.h>

#define NANOS_PER_BYTE_MAX INT64_C(10000000)

/* Durations and dates */

bool
types_read_duration(const TypeRow *row, const char *text, void *field,
                    const Scenario *scenario G_GNUC_UNUSED)
{
    Micros value;

    if (!quantity_read_duration(text, &value) || !types_is_in_range(row, value))
        return false;
    *(Micros *)field = value;
    return true;
}

char *
types_print_duration(const TypeRow *row G_GNUC_UNUSED, const void *field,
                     const Scenario *scenario G_GNUC_UNUSED)
{
    const Micros value = *(const Micros *)field;

    return value == SCENARIO_UNSET ? NULL : quantity_print_duration(value);
}

bool
types_read_date(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    return quantity_read_date(text, field);
}

char *
types_print_date(const TypeRow *row G_GNUC_UNUSED, const void *field,
                 const Scenario *scenario G_GNUC_UNUSED)
{
    return quantity_print_date(*(const int64_t *)field);
}

/* `WORD DURATION`, for example `network 12h` */
static bool
read_word_and_duration(const char *text, const char *word, Micros *value)
{
    g_auto(GStrv) words = types_split(text, " \t");

    return g_strv_length(words) == 2 && strcmp(words[0], word) == 0 &&
           quantity_read_duration(words[1], value);
}

static bool
read_days(const TypeRow *row, const char *text, int64_t *days)
{
    Micros value;

    if (!quantity_read_duration(text, &value) || value % MICROS_PER_DAY != 0)
        return false;
    *days = value / MICROS_PER_DAY;
    return types_is_in_range(row, *days);
}

/* `never`, `fixed D` or `uniform D D` */
bool
types_read_expiry(const TypeRow *row, const char *text, void *field,
                  const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) words = types_split(text, " \t");
    const guint n_words = g_strv_length(words);
    ExpiryLaw law = { SCENARIO_NEVER_EXPIRES, SCENARIO_NEVER_EXPIRES };

    if (n_words == 2 && strcmp(words[0], "fixed") == 0) {
        if (!read_days(row, words[1], &law.low))
            return false;
        law.high = law.low;
    } else if (n_words == 3 && strcmp(words[0], "uniform") == 0) {
        if (!read_days(row, words[1], &law.low) || !read_days(row, words[2], &law.high) ||
            law.low > law.high)
            return false;
    } else if (strcmp(text, "never") != 0) {
        return false;
    }
    *(ExpiryLaw *)field = law;
    return true;
}

char *
types_print_expiry(const TypeRow *row G_GNUC_UNUSED, const void *field,
                   const Scenario *scenario G_GNUC_UNUSED)
{
    const ExpiryLaw *law = field;

    if (law->low == SCENARIO_UNSET)
        return NULL;
    if (law->low == SCENARIO_NEVER_EXPIRES)
        return g_strdup("never");
    if (law->low == law->high)
        return g_strdup_printf("fixed %" G_GINT64_FORMAT "d", law->low);
    return g_strdup_printf("uniform %" G_GINT64_FORMAT "d %" G_GINT64_FORMAT "d", law->low,
                           law->high);
}

bool
types_read_crl_source(const TypeRow *row, const char *text, void *field,
                      const Scenario *scenario G_GNUC_UNUSED)
{
    Micros period = 0;

    if (strcmp(text, "factory") != 0 &&
        (!read_word_and_duration(text, "network", &period) || !types_is_in_range(row, period)))
        return false;
    *(Micros *)field = period;
    return true;
}

char *
types_print_crl_source(const TypeRow *row G_GNUC_UNUSED, const void *field,
                       const Scenario *scenario G_GNUC_UNUSED)
{
    const Micros period = *(const Micros *)field;
    g_autofree char *text = quantity_print_duration(period);

    return period == 0 ? g_strdup("factory") : g_strconcat("network ", text, NULL);
}

/* What chips and lines take */

/* @text in units of @unit_ps, from @low to @high. */
static bool
read_short_time(const char *text, int64_t unit_ps, int64_t low, int64_t high, int64_t *value)
{
    int64_t picos;

    if (!quantity_read_picos(text, &picos) || picos % unit_ps != 0 || picos / unit_ps < low ||
        picos / unit_ps > high)
        return false;
    *value = picos / unit_ps;
    return true;
}

bool
types_read_time(const TypeRow *row, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    if (row->word == NULL || strcmp(text, row->word) != 0)
        return read_short_time(text, row->unit_ps, row->low, row->high, field);
    *(int64_t *)field = row->word_value;
    return true;
}

char *
types_print_time(const TypeRow *row, const void *field, const Scenario *scenario G_GNUC_UNUSED)
{
    const int64_t value = *(const int64_t *)field;

    if (value == SCENARIO_UNSET)
        return NULL;
    if (row->word != NULL && value == row->word_value)
        return g_strdup(row->word);
    return quantity_print_picos(value * row->unit_ps);
}

/* `BASE`, or `BASE + PER-BYTE` */
bool
types_read_cost(const TypeRow *row, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) parts = g_strsplit(text, "+", 3);
    const guint n_parts = g_strv_length(parts);
    ScenarioCost cost = { 0 };

    if (n_parts < 1 || n_parts > 2 ||
        !read_short_time(g_strstrip(parts[0]), row->unit_ps, row->low, row->high, &cost.base_ns))
        return false;
    if (n_parts == 2 && !read_short_time(g_strstrip(parts[1]), row->unit_ps, row->low,
                                         NANOS_PER_BYTE_MAX, &cost.byte_ns))
        return false;
    *(ScenarioCost *)field = cost;
    return true;
}

char *
types_print_cost(const TypeRow *row, const void *field, const Scenario *scenario G_GNUC_UNUSED)
{
    const ScenarioCost *cost = field;
    g_autofree char *base = NULL;
    g_autofree char *byte = NULL;

    if (cost->base_ns == SCENARIO_UNSET)
        return NULL;
    base = quantity_print_picos(cost->base_ns * row->unit_ps);
    byte = quantity_print_picos(cost->byte_ns * row->unit_ps);
    return cost->byte_ns == 0 ? g_steal_pointer(&base) : g_strconcat(base, " + ", byte, NULL);
}
