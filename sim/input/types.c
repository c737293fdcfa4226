#include "sim/input/types.h"

#include "sim/base/quantity.h"
#include "sim/base/wording.h"
#include "sim/input/choice.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/law.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/own_hardware.h"
#include "sim/scenario/plan_facts.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/contacts_reader.h"
#include "sim/scenario/handle.h"
#include "sim/scenario/stop_rule.h"
#include "sim/scenario/unset.h"

#include <string.h>

#define NAME_BYTES 100
#define BITS_OF_A_BYTE 8
#define EXPIRY_DAYS_MAX 65534
#define TERMINALS_MAX 10000000
#define RATE_PER_DAY_MAX 1000000.0
#define WEIGHT_MAX 1e6
#define SIGMA_MIN 0.001
#define SIGMA_MAX 5.0
#define NANOS_MAX INT64_C(4000000000) /* fits into 32 bits */
#define NANOS_PER_BYTE_MAX INT64_C(10000000)
#define PICOS_PER_NANO 1000
#define GAP_NANOS_MAX INT64_C(1000000000)
#define BIT_PICOS_MAX INT64_C(4000000000)

typedef struct TypeRow TypeRow;

/**
 * TypeRow:
 * @read, @print: as types_read() and types_print()
 * @expected: what a value looks like; NULL where it follows from the rest
 * @low, @high: range of a number
 * @word: may stand in place of the number @word_value
 * @names, @n_names: of a choice, from the key
 * @list_names: the same where the names stand elsewhere
 * @of_scenario: whether a scenario alone knows them
 * @choice: of a choice
 * @unit_ps: picoseconds that the field of a time counts in
 */
struct TypeRow {
    bool (*read)(const TypeRow *row, const char *text, void *field, const Scenario *scenario);
    char *(*print)(const TypeRow *row, const void *field, const Scenario *scenario);
    const char *expected;
    int64_t low;
    int64_t high;
    const char *word;
    int64_t word_value;
    const char *const *names;
    guint n_names;
    bool of_scenario;
    void (*list_names)(const Scenario *scenario, GPtrArray *names);
    const Choice *choice;
    int64_t unit_ps;
};

/* The words of @text between separators. */
static char **
split(const char *text, const char *separators)
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

static bool
is_in_range(const TypeRow *row, int64_t value)
{
    return value >= row->low && value <= row->high;
}

static bool
read_number(const TypeRow *row, const char *text, void *field,
            const Scenario *scenario G_GNUC_UNUSED)
{
    int64_t value;

    if (row->word != NULL && strcmp(text, row->word) == 0)
        value = row->word_value;
    else if (!quantity_read_number(text, &value) || !is_in_range(row, value))
        return false;
    *(int64_t *)field = value;
    return true;
}

static char *
print_number(const TypeRow *row, const void *field, const Scenario *scenario G_GNUC_UNUSED)
{
    const int64_t value = *(const int64_t *)field;

    if (value == SCENARIO_UNSET)
        return NULL;
    if (row->word != NULL && value == row->word_value)
        return g_strdup(row->word);
    return quantity_print_number(value);
}

/* A length on the wire: whole bytes. */
static bool
read_bits(const TypeRow *row, const char *text, void *field, const Scenario *scenario)
{
    int64_t value;

    if (!read_number(row, text, &value, scenario) || value % BITS_OF_A_BYTE != 0)
        return false;
    *(int64_t *)field = value;
    return true;
}

static bool
read_replications(const TypeRow *row, const char *text, void *field, const Scenario *scenario)
{
    StopRule rule;

    return read_number(row, text, field, scenario) || stop_rule_read(text, &rule, field);
}

static char *
print_replications(const TypeRow *row, const void *field, const Scenario *scenario)
{
    const StopRule *rule = scenario_stop_rule(scenario);

    if (rule->is_set)
        return stop_rule_print(rule, *(const int64_t *)field);
    return print_number(row, field, scenario);
}

static bool
read_seed(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
          const Scenario *scenario G_GNUC_UNUSED)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, &value, NULL))
        return false;
    *(uint64_t *)field = value;
    return true;
}

static char *
print_seed(const TypeRow *row G_GNUC_UNUSED, const void *field,
           const Scenario *scenario G_GNUC_UNUSED)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, (guint64) * (const uint64_t *)field);
}

static bool
read_share(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
           const Scenario *scenario G_GNUC_UNUSED)
{
    double share;

    if (!quantity_read_share(text, &share) || share > 1)
        return false;
    *(double *)field = share;
    return true;
}

static char *
print_share(const TypeRow *row G_GNUC_UNUSED, const void *field,
            const Scenario *scenario G_GNUC_UNUSED)
{
    const double share = *(const double *)field;

    return share < 0 ? NULL : quantity_print_share(share);
}

static bool
read_exponent(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
              const Scenario *scenario G_GNUC_UNUSED)
{
    double exponent;

    if (!quantity_read_real(text, &exponent) || exponent > 10)
        return false;
    *(double *)field = exponent;
    return true;
}

static char *
print_exponent(const TypeRow *row G_GNUC_UNUSED, const void *field,
               const Scenario *scenario G_GNUC_UNUSED)
{
    return quantity_print_real(*(const double *)field);
}

/* So many weights, one of them above 0 */
static bool
read_weights(const TypeRow *row, const char *text, void *field,
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
    if (!is_in_range(row, weights->len) || !(sum > 0))
        return false;
    g_array_set_size(list, 0);
    g_array_append_vals(list, weights->data, weights->len);
    return true;
}

static char *
print_weights(const TypeRow *row G_GNUC_UNUSED, const void *field,
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

static int
compare_ids(const void *a, const void *b)
{
    const uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

    return (first > second) - (first < second);
}

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

static bool
read_preloaded(const TypeRow *row, const char *text, void *field,
               const Scenario *scenario G_GNUC_UNUSED)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_auto(GStrv) parts = g_strsplit(text, ",", SCENARIO_PRELOADED_MAX + 2);
    GArray *list = *(GArray **)field;

    if (row->word == NULL || strcmp(text, row->word) != 0)
        for (char **part = parts; *part != NULL; part++)
            if (!append_id(ids, *part))
                return false;
    g_array_sort(ids, compare_ids);
    g_array_set_size(list, 0);
    g_array_append_vals(list, ids->data, ids->len);
    return true;
}

static char *
print_preloaded(const TypeRow *row, const void *field, const Scenario *scenario G_GNUC_UNUSED)
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

static bool
read_current(const TypeRow *row, const char *text, void *field G_GNUC_UNUSED,
             const Scenario *scenario G_GNUC_UNUSED)
{
    int64_t id;

    return strcmp(text, "lowest") == 0 || strcmp(text, "highest") == 0 ||
           (quantity_read_number(text, &id) && is_in_range(row, id));
}

/* Durations and dates */

static bool
read_duration(const TypeRow *row, const char *text, void *field,
              const Scenario *scenario G_GNUC_UNUSED)
{
    Micros value;

    if (!quantity_read_duration(text, &value) || !is_in_range(row, value))
        return false;
    *(Micros *)field = value;
    return true;
}

static char *
print_duration(const TypeRow *row G_GNUC_UNUSED, const void *field,
               const Scenario *scenario G_GNUC_UNUSED)
{
    const Micros value = *(const Micros *)field;

    return value == SCENARIO_UNSET ? NULL : quantity_print_duration(value);
}

static bool
read_date(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
          const Scenario *scenario G_GNUC_UNUSED)
{
    return quantity_read_date(text, field);
}

static char *
print_date(const TypeRow *row G_GNUC_UNUSED, const void *field,
           const Scenario *scenario G_GNUC_UNUSED)
{
    return quantity_print_date(*(const int64_t *)field);
}

/* `WORD DURATION`, for example `network 12h` */
static bool
read_word_and_duration(const char *text, const char *word, Micros *value)
{
    g_auto(GStrv) words = split(text, " \t");

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
    return is_in_range(row, *days);
}

/* `never`, `fixed D` or `uniform D D` */
static bool
read_expiry(const TypeRow *row, const char *text, void *field,
            const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) words = split(text, " \t");
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

static char *
print_expiry(const TypeRow *row G_GNUC_UNUSED, const void *field,
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

static bool
read_crl_source(const TypeRow *row, const char *text, void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    Micros period = 0;

    if (strcmp(text, "factory") != 0 &&
        (!read_word_and_duration(text, "network", &period) || !is_in_range(row, period)))
        return false;
    *(Micros *)field = period;
    return true;
}

static char *
print_crl_source(const TypeRow *row G_GNUC_UNUSED, const void *field,
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

static bool
read_time(const TypeRow *row, const char *text, void *field, const Scenario *scenario G_GNUC_UNUSED)
{
    if (row->word == NULL || strcmp(text, row->word) != 0)
        return read_short_time(text, row->unit_ps, row->low, row->high, field);
    *(int64_t *)field = row->word_value;
    return true;
}

static char *
print_time(const TypeRow *row, const void *field, const Scenario *scenario G_GNUC_UNUSED)
{
    const int64_t value = *(const int64_t *)field;

    if (value == SCENARIO_UNSET)
        return NULL;
    if (row->word != NULL && value == row->word_value)
        return g_strdup(row->word);
    return quantity_print_picos(value * row->unit_ps);
}

/* `BASE`, or `BASE + PER-BYTE` */
static bool
read_cost(const TypeRow *row, const char *text, void *field, const Scenario *scenario G_GNUC_UNUSED)
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

static char *
print_cost(const TypeRow *row, const void *field, const Scenario *scenario G_GNUC_UNUSED)
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

/* Laws */

/* `exponential MEAN` or `log-normal MEDIAN SIGMA` */
static bool
read_law_with_quantiles(char **words, guint n_words, Law *law)
{
    InverseCdfLaw distribution;
    double most;

    if (n_words == 2 && strcmp(words[0], "exponential") == 0)
        law->kind = LAW_EXPONENTIAL;
    else if (n_words == 3 && strcmp(words[0], "log-normal") == 0 &&
             quantity_read_real(words[2], &law->sigma) && law->sigma >= SIGMA_MIN &&
             law->sigma <= SIGMA_MAX)
        law->kind = LAW_LOG_NORMAL;
    else
        return false;
    if (!quantity_read_number(words[1], &law->scale) || law->scale < 1 ||
        law->scale > SCENARIO_MONEY_MAX)
        return false;
    law_distribution(law, &distribution);
    most = inverse_cdf_most(&distribution) * (double)law->scale;
    law->high = most < (double)SCENARIO_MONEY_MAX ? (int64_t)(most + 0.5) : SCENARIO_MONEY_MAX;
    return true;
}

static bool
read_law(const TypeRow *row, const char *text, void *field, const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) words = split(text, " \t");
    const guint n_words = g_strv_length(words);
    Law law = { .kind = LAW_CONSTANT };

    if (n_words == 2 && strcmp(words[0], "constant") == 0) {
        if (!quantity_read_number(words[1], &law.low))
            return false;
        law.high = law.low;
    } else if (n_words == 3 && strcmp(words[0], "uniform") == 0) {
        law.kind = LAW_UNIFORM;
        if (!quantity_read_number(words[1], &law.low) || !quantity_read_number(words[2], &law.high))
            return false;
    } else if (!read_law_with_quantiles(words, n_words, &law)) {
        return false;
    }
    if (law.low > law.high || !is_in_range(row, law.low) || !is_in_range(row, law.high))
        return false;
    *(Law *)field = law;
    return true;
}

static char *
print_law(const TypeRow *row G_GNUC_UNUSED, const void *field,
          const Scenario *scenario G_GNUC_UNUSED)
{
    const Law *law = field;

    g_autofree char *sigma = quantity_print_real(law->sigma);

    if (law->kind == LAW_EXPONENTIAL)
        return g_strdup_printf("exponential %" G_GINT64_FORMAT, law->scale);
    if (law->kind == LAW_LOG_NORMAL)
        return g_strdup_printf("log-normal %" G_GINT64_FORMAT " %s", law->scale, sigma);
    if (law->kind == LAW_CONSTANT)
        return g_strdup_printf("constant %" G_GINT64_FORMAT, law->low);
    return g_strdup_printf("uniform %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, law->low, law->high);
}

/* How the laws of activity are written: a word, a shape unless it is constant, the mean. */
static const struct {
    const char *word;
    double shape_min; /* 0: it has none */
    double shape_max;
} activities[] = {
    [ACTIVITY_CONSTANT] = { "constant", 0, 0 },
    [ACTIVITY_GAMMA] = { "gamma", INVERSE_CDF_GAMMA_SHAPE_MIN, INVERSE_CDF_GAMMA_SHAPE_MAX },
    [ACTIVITY_LOG_NORMAL] = { "log-normal", SIGMA_MIN, SIGMA_MAX },
    [ACTIVITY_PARETO] = { "pareto", 1.001, 1000 },
    [ACTIVITY_EMPIRICAL] = { "empirical", 0, 0 },
};

static bool
read_real_between(const char *text, double low, double high, double *value)
{
    return quantity_read_real(text, value) && *value >= low && *value <= high;
}

/* Words behind the first, of a law that is no file. */
static bool
read_parameters(char **words, ActivityLaw *law)
{
    const bool has_shape = activities[law->kind].shape_min > 0;

    if (g_strv_length(words) != (has_shape ? 3 : 2))
        return false;
    if (has_shape && !read_real_between(words[1], activities[law->kind].shape_min,
                                        activities[law->kind].shape_max, &law->shape))
        return false;
    return quantity_read_rate(words[has_shape ? 2 : 1], &law->per_day) &&
           law->per_day <= RATE_PER_DAY_MAX;
}

/* The rest of @text behind its first word: the name of a file. */
static char *
rest_behind(const char *text, const char *word)
{
    return g_strstrip(g_strdup(text + strlen(word)));
}

static bool
read_activity(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
              const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) words = split(text, " \t");
    ActivityLaw law = { .kind = ACTIVITY_CONSTANT };

    while (law.kind < G_N_ELEMENTS(activities) &&
           g_strcmp0(words[0], activities[law.kind].word) != 0)
        law.kind++;
    if (law.kind == G_N_ELEMENTS(activities))
        return false;
    if (law.kind == ACTIVITY_EMPIRICAL && words[1] == NULL)
        return false;
    if (law.kind == ACTIVITY_EMPIRICAL)
        law.file = rest_behind(text, words[0]);
    else if (!read_parameters(words, &law))
        return false;
    activity_clear(field);
    *(ActivityLaw *)field = law;
    return true;
}

static char *
print_activity(const TypeRow *row G_GNUC_UNUSED, const void *field,
               const Scenario *scenario G_GNUC_UNUSED)
{
    const ActivityLaw *law = field;
    const char *word = activities[law->kind].word;
    g_autofree char *shape = quantity_print_real(law->shape);
    g_autofree char *rate = quantity_print_rate(law->per_day);

    if (law->kind == ACTIVITY_EMPIRICAL)
        return g_strconcat(word, " ", law->file, NULL);
    if (law->kind == ACTIVITY_CONSTANT)
        return g_strconcat(word, " ", rate, NULL);
    return g_strconcat(word, " ", shape, " ", rate, NULL);
}

/* Texts */

static void
replace_text(void *field, const char *text)
{
    g_free(*(char **)field);
    *(char **)field = g_strdup(text);
}

/* Whether @text can name a folder and stand in a CSV field as it is. */
static bool
read_name(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
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

static bool
read_text(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
          const Scenario *scenario G_GNUC_UNUSED)
{
    replace_text(field, text);
    return true;
}

static char *
print_text(const TypeRow *row G_GNUC_UNUSED, const void *field,
           const Scenario *scenario G_GNUC_UNUSED)
{
    return g_strdup(*(char *const *)field);
}

/* Choices among names */

static GPtrArray *
list_names(const TypeRow *row, const Scenario *scenario)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < row->n_names; i++)
        g_ptr_array_add(names, (char *)row->names[i]);
    if (row->list_names != NULL)
        row->list_names(scenario, names);
    return names;
}

static bool
read_choice(const TypeRow *row, const char *text, void *field, const Scenario *scenario)
{
    g_autoptr(GPtrArray) names = list_names(row, scenario);
    const int index = wording_index(names, text);

    if (index < 0)
        return false;
    row->choice->store(index, field);
    return true;
}

static char *
print_choice(const TypeRow *row, const void *field, const Scenario *scenario)
{
    g_autoptr(GPtrArray) names = list_names(row, scenario);
    const int index = row->choice->index(field);

    return index >= 0 && index < (int)names->len ? g_strdup(names->pdata[index]) : NULL;
}

static bool
read_chip(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field, const Scenario *scenario)
{
    const Chip *chip = scenario_find_chip(scenario, text);

    if (chip == NULL)
        return false;
    *(const Chip **)field = chip;
    return true;
}

static char *
print_chip(const TypeRow *row G_GNUC_UNUSED, const void *field,
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

static bool
read_cohorts(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
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

static char *
print_cohorts(const TypeRow *row G_GNUC_UNUSED, const void *field, const Scenario *scenario)
{
    const GArray *cohorts = *(GArray *const *)field;
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < cohorts->len; i++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, g_array_index(cohorts, guint, i));

        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", cohort->name);
    }
    return g_string_free(text, cohorts->len == 0);
}

static bool
read_trigger(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
             const Scenario *scenario G_GNUC_UNUSED)
{
    return plan_facts_read_trigger(text, field);
}

static char *
print_trigger(const TypeRow *row G_GNUC_UNUSED, const void *field,
              const Scenario *scenario G_GNUC_UNUSED)
{
    return plan_facts_print_trigger(field);
}

static bool
read_leak(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
          const Scenario *scenario G_GNUC_UNUSED)
{
    return plan_facts_read_leak(text, field);
}

static char *
print_leak(const TypeRow *row G_GNUC_UNUSED, const void *field,
           const Scenario *scenario G_GNUC_UNUSED)
{
    return plan_facts_print_leak(field);
}

static bool
read_rate(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
          const Scenario *scenario G_GNUC_UNUSED)
{
    double per_day;

    if (!quantity_read_rate(text, &per_day) || !(per_day > 0) || per_day > RATE_PER_DAY_MAX)
        return false;
    *(double *)field = per_day;
    return true;
}

static bool
read_hazard(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
            const Scenario *scenario G_GNUC_UNUSED)
{
    double per_day;

    if (!quantity_read_rate(text, &per_day) || per_day > RATE_PER_DAY_MAX)
        return false;
    *(double *)field = per_day;
    return true;
}

static char *
print_rate(const TypeRow *row G_GNUC_UNUSED, const void *field,
           const Scenario *scenario G_GNUC_UNUSED)
{
    const double per_day = *(const double *)field;

    return per_day < 0 ? NULL : quantity_print_rate(per_day);
}

/* `both`, or `payer, payee` */
static bool
read_interfaces(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
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

static char *
print_interfaces(const TypeRow *row G_GNUC_UNUSED, const void *field,
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

static bool
read_trace_columns(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                   const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) names = g_strsplit(text, ",", N_TRACE_COLUMNS + 1);

    if (!is_list_of_columns(names))
        return false;
    g_strfreev(*(char ***)field);
    *(char ***)field = g_steal_pointer(&names);
    return true;
}

static char *
print_trace_columns(const TypeRow *row G_GNUC_UNUSED, const void *field,
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

static bool
read_delimiter(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
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

static char *
print_delimiter(const TypeRow *row G_GNUC_UNUSED, const void *field,
                const Scenario *scenario G_GNUC_UNUSED)
{
    const char *delimiter = field;

    for (size_t i = 0; i < G_N_ELEMENTS(delimiters); i++)
        if (*delimiter == delimiters[i].delimiter)
            return g_strdup(delimiters[i].name);
    return g_strndup(delimiter, 1);
}

#define VALUE(kind) .read = read_##kind, .print = print_##kind
#define NUMBER(from, to) VALUE(number), .low = (from), .high = (to)
#define DURATION(from, to) VALUE(duration), .low = (from), .high = (to)
#define CHOICE(how) VALUE(choice), .choice = &choice_##how
#define MONEY_LAW                                                                                  \
    "`constant N`, `uniform A B` with 0 <= A <= B <= 9000000000000000, `exponential MEAN` or "     \
    "`log-normal MEDIAN SIGMA` with MEAN, MEDIAN from 1 and SIGMA from 0.001 to 5"

static const TypeRow rows[N_SCENARIO_TYPES] = {
    [TYPE_NAME] = { .read = read_name,
                    .print = print_text,
                    .expected =
                        "a name of letters, digits, `_` and, behind the first, `-` and `.`" },
    [TYPE_TEXT] = { VALUE(text), .expected = "text" },
    [TYPE_DATE] = { VALUE(date), .expected = "a date YYYY-MM-DD from 1970-01-01 on" },
    [TYPE_PERIOD] = { DURATION(1, SCENARIO_DURATION_MAX),
                      .expected = "a duration such as 12h or 30d, above 0s and at most 100y" },
    [TYPE_REST] = { DURATION(0, 365 * MICROS_PER_DAY),
                    .expected = "a duration such as 12h or 30d, at most 1y" },
    [TYPE_INSTANT] = { DURATION(0, SCENARIO_DURATION_MAX),
                       .expected = "a duration such as 12h or 30d, at most 100y" },
    [TYPE_SKEW] = { DURATION(-SCENARIO_DURATION_MAX, SCENARIO_DURATION_MAX),
                    .expected = "a duration such as 90s or -2h, from -100y to 100y" },
    [TYPE_SEED] = { VALUE(seed), .expected = "a whole number from 0 to 18446744073709551615" },
    [TYPE_REPLICATIONS] = { VALUE(replications), .low = 1, .high = SCENARIO_REPLICATIONS_MAX,
                            .expected = "a number from 1 to 1000000, or `LEAST..MOST until "
                                        "time-to-share(transfer, ID, SHARE) +- PRECISION`" },
    [TYPE_CHOICE] = { CHOICE(of_enum) },
    [TYPE_EMBODIMENT] = { CHOICE(of_embodiment) },
    [TYPE_SUITE] = { CHOICE(of_enum), .list_names = choice_list_suites },
    [TYPE_YES_NO] = { CHOICE(of_bool), .list_names = choice_list_yes_no },
    [TYPE_MAX_BALANCE] = { NUMBER(1, SCENARIO_MONEY_MAX), .word = "none",
                           .word_value = SCHEME_NO_MAX_BALANCE },
    [TYPE_MAX_STEP] = { NUMBER(1, SCENARIO_ID_MAX), .word = "none",
                        .word_value = SCHEME_NO_MAX_STEP },
    [TYPE_NONCE_BITS] = { .read = read_bits,
                          .print = print_number,
                          .expected = "a number from 8 to 128 in steps of 8",
                          .low = BITS_OF_A_BYTE,
                          .high = SCHEME_NONCE_BITS_MAX },
    [TYPE_SHIPPED_CHIP] = { CHOICE(of_chip), .list_names = choice_list_shipped_chips },
    [TYPE_COST] = { VALUE(cost),
                    .expected = "a time, or two: at once and for each byte, such as `2.1ms + 3us`, "
                                "in whole ns, at most 4s + 10ms",
                    .low = 0, .high = NANOS_MAX, .unit_ps = PICOS_PER_NANO },
    [TYPE_SUITE_COST] = { VALUE(time),
                          .expected =
                              "a time such as 27ms in whole ns, above 0s and at most 4s, or "
                              "none",
                          .low = 1, .high = NANOS_MAX, .unit_ps = PICOS_PER_NANO, .word = "none",
                          .word_value = CHIP_LACKS },
    [TYPE_SHIPPED_INTERFACE] = { CHOICE(of_interface),
                                 .list_names = choice_list_shipped_interfaces },
    [TYPE_PROTOCOL] = { CHOICE(of_int) },
    [TYPE_BIT_TIME] = { VALUE(time),
                        .expected = "a time such as 9.44us in whole ps, above 0s and at most 4ms",
                        .low = 1, .high = BIT_PICOS_MAX, .unit_ps = 1 },
    [TYPE_BYTE_BITS] = { NUMBER(8, 32) },
    [TYPE_BLOCK_BYTES] = { NUMBER(1, UINT16_MAX), .word = "none", .word_value = 0 },
    [TYPE_BLOCK_OVERHEAD] = { NUMBER(0, UINT8_MAX) },
    [TYPE_GAP] = { VALUE(time), .expected = "a time such as 86.4us in whole ns, at most 1s",
                   .low = 0, .high = GAP_NANOS_MAX, .unit_ps = PICOS_PER_NANO },
    [TYPE_ACTIVATION] = { DURATION(0, 60 * MICROS_PER_SECOND),
                          .expected = "a duration such as 5ms, at most 1min" },
    [TYPE_CARDS] = { NUMBER(0, SCENARIO_CARDS_MAX) },
    [TYPE_COHORT_CARDS] = { NUMBER(0, SCENARIO_CARDS_MAX), .word = "rest",
                            .word_value = SCENARIO_REST },
    [TYPE_ID] = { NUMBER(1, SCENARIO_ID_MAX) },
    [TYPE_LIMIT] = { NUMBER(1, SCENARIO_ID_MAX), .word = "none", .word_value = SCENARIO_NO_LIMIT },
    [TYPE_PRELOADED] = { VALUE(preloaded),
                         .expected = "1 to 16 different IDs from 1 to 4294967294, separated by "
                                     "commas, or own",
                         .word = "own" },
    [TYPE_CHANGED_PRELOADED] = { VALUE(preloaded),
                                 .expected =
                                     "1 to 16 different IDs from 1 to 4294967294, separated by "
                                     "commas" },
    [TYPE_CURRENT] = { .read = read_current,
                       .print = print_number,
                       .expected = "lowest, highest or an ID",
                       .low = 1,
                       .high = SCENARIO_ID_MAX },
    [TYPE_CHIP] = { VALUE(chip), .list_names = choice_list_chips },
    [TYPE_EXPIRY] = { VALUE(expiry),
                      .expected = "never, `fixed Nd` or `uniform Ad Bd` with whole days from 0 to "
                                  "65534, A at most B",
                      .low = 0, .high = EXPIRY_DAYS_MAX },
    [TYPE_ACTIVITY] = { VALUE(activity),
                        .expected = "`constant R`, `gamma SHAPE R`, `log-normal SIGMA R`, "
                                    "`pareto SHAPE R` or `empirical FILE`, with R such as 0.5/d, "
                                    "2/h, 3/w or 7/y, at most 1000000/d; SHAPE from 0.05, with "
                                    "pareto 1.001, to 1000, SIGMA from 0.001 to 5" },
    [TYPE_MONEY_LAW] = { VALUE(law), .expected = MONEY_LAW, .low = 0, .high = SCENARIO_MONEY_MAX },
    [TYPE_DAY_PROFILE] = { VALUE(weights), .low = 1, .high = PROFILE_PARTS_MAX,
                           .expected = "1 to 1440 weights from 0 to 1000000, one of them above 0, "
                                       "separated by commas" },
    [TYPE_WEEK_PROFILE] = { VALUE(weights), .low = PROFILE_WEEK_DAYS, .high = PROFILE_WEEK_DAYS,
                            .expected =
                                "7 weights from 0 to 1000000, one of them above 0, separated "
                                "by commas" },
    [TYPE_EXPONENT] = { VALUE(exponent), .expected = "a number from 0 to 10, such as 1 or 0.8" },
    [TYPE_SHARE] = { VALUE(share), .expected = "a share such as 40% or 0.4, at most 100%" },
    [TYPE_COUNT] = { NUMBER(1, TERMINALS_MAX), .word = "unlimited", .word_value = 0 },
    [TYPE_KIND] = { CHOICE(of_enum), .list_names = choice_list_kinds },
    [TYPE_INTERFACES] = { VALUE(interfaces), .list_names = choice_list_interfaces },
    [TYPE_CRL_SOURCE] = { VALUE(crl_source),
                          .expected =
                              "factory, or `network D` with a duration D above 0s and at most 100y",
                          .low = 1, .high = SCENARIO_DURATION_MAX },
    [TYPE_TRACE_COLUMNS] = { VALUE(trace_columns),
                             .expected = "three to five different columns, separated by commas: "
                                         "time, payer, payee, amount, terminal (amount may be left "
                                         "empty)" },
    [TYPE_DELIMITER] = { VALUE(delimiter),
                         .expected = "comma, semicolon, tab, space, or one punctuation mark but "
                                     "`\"`, `.` and `-`" },
    [TYPE_DO] = { CHOICE(of_enum), .list_names = choice_list_actions },
    [TYPE_COHORT] = { CHOICE(of_int), .of_scenario = true, .list_names = choice_list_cohorts },
    [TYPE_COHORTS] = { VALUE(cohorts), .expected = "names of cohorts, separated by commas",
                       .of_scenario = true, .list_names = choice_list_cohorts },
    [TYPE_TERMINALS] = { CHOICE(of_int), .of_scenario = true, .list_names = choice_list_terminals },
    [TYPE_TIMES] = { NUMBER(1, PLAN_FACTS_TIMES_MAX) },
    [TYPE_TRIGGER] = { VALUE(trigger),
                       .expected = "`share-at-least(transfer, ID) > SHARE`, with update instead of "
                                   "transfer or >= instead of > if you like" },
    [TYPE_RATE] = { VALUE(rate), .expected =
                                     "a rate such as 0.23/y, 500/d or 2/h, above 0 and at most "
                                     "1000000/d" },
    [TYPE_HAZARD] = { .read = read_hazard,
                      .print = print_rate,
                      .expected = "a rate such as 0.001/s or 2/h, at most 1000000/d" },
    [TYPE_TORN_PARTY] = { CHOICE(of_enum), .list_names = choice_list_torn_parties },
    [TYPE_LEAK] = { VALUE(leak),
                    .expected = "`transfer-key ID`, `update-key ID`, card-secret or whole-card" },
};

/* The row of the type, with the names that come with the key. */
static TypeRow
row_of(const ValueType *type)
{
    TypeRow row = rows[type->type];

    row.names = type->names;
    row.n_names = type->n_names;
    return row;
}

static bool
is_choice(const TypeRow *row)
{
    return row->names != NULL || row->list_names != NULL;
}

bool
types_is_list(ScenarioType type)
{
    return type == TYPE_INTERFACES || type == TYPE_COHORTS;
}

GPtrArray *
types_names(const ValueType *type)
{
    const TypeRow row = row_of(type);

    return is_choice(&row) && !row.of_scenario ? list_names(&row, NULL) : NULL;
}

bool
types_read(const ValueType *type, const char *text, void *field, const Scenario *scenario)
{
    const TypeRow row = row_of(type);

    return row.read(&row, text, field, scenario);
}

char *
types_print(const ValueType *type, const void *field, const Scenario *scenario)
{
    const TypeRow row = row_of(type);

    return row.print(&row, field, scenario);
}

/* The name in @text that is none of @names, or NULL. */
static char *
first_unknown(ScenarioType type, const GPtrArray *names, const char *text)
{
    /* a single name may have commas */
    g_auto(GStrv) parts = g_strsplit(text, ",", types_is_list(type) ? -1 : 1);

    for (char **part = parts; *part != NULL; part++)
        if (wording_index(names, g_strstrip(*part)) < 0)
            return g_strdup(*part);
    return NULL;
}

char *
types_complaint(const ValueType *type, const char *text, const Scenario *scenario)
{
    const TypeRow row = row_of(type);
    g_autofree char *expected = NULL;
    g_autofree char *found = NULL;

    if (is_choice(&row)) {
        g_autoptr(GPtrArray) names = list_names(&row, scenario);
        g_autofree char *unknown = first_unknown(type->type, names, text);

        if (unknown != NULL)
            return wording_unknown("", names, unknown);
    }
    expected = types_expected(type, scenario);
    found = wording_quoted(text);
    return g_strdup_printf("expected %s, found %s", expected, found);
}

/* One of the names of a choice. */
static char *
expected_name(const TypeRow *row, ScenarioType type, const Scenario *scenario)
{
    g_autoptr(GPtrArray) names = list_names(row, scenario);
    g_autofree char *one_of = wording_one_of(names);
    const char *own = "";

    if (scenario == NULL)
        own = type == TYPE_CHIP         ? ", or of your own"
              : type == TYPE_INTERFACES ? " or of your own"
                                        : "";
    return g_strconcat(one_of, own,
                       type == TYPE_INTERFACES ? "; or two of them, separated by a comma: "
                                                 "payer's, payee's"
                                               : "",
                       NULL);
}

char *
types_expected(const ValueType *type, const Scenario *scenario)
{
    const TypeRow row = row_of(type);

    if (row.expected != NULL)
        return g_strdup(row.expected);
    if (type->type == TYPE_COHORT && scenario == NULL)
        return g_strdup("the name of a cohort");
    if (type->type == TYPE_TERMINALS && scenario == NULL)
        return g_strdup("the name of a group of terminals");
    if (is_choice(&row))
        return expected_name(&row, type->type, scenario);
    return g_strdup_printf("a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s%s",
                           row.low, row.high, row.word != NULL ? ", or " : "",
                           row.word != NULL ? row.word : "");
}
