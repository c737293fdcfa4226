#include "sim/base/inverse_cdf.h"
#include "sim/base/quantity.h"
#include "sim/input/type_row.h"
#include "sim/scenario/activity.h"
#include "sim/scenario/law.h"
#include "sim/scenario/limits.h"

#include <string.h>

#define SIGMA_MIN 0.001
#define SIGMA_MAX 5.0

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

bool
types_read_law(const TypeRow *row, const char *text, void *field,
               const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) words = types_split(text, " \t");
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
    if (law.low > law.high || !types_is_in_range(row, law.low) || !types_is_in_range(row, law.high))
        return false;
    *(Law *)field = law;
    return true;
}

char *
types_print_law(const TypeRow *row G_GNUC_UNUSED, const void *field,
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

bool
types_read_activity(const TypeRow *row G_GNUC_UNUSED, const char *text, void *field,
                    const Scenario *scenario G_GNUC_UNUSED)
{
    g_auto(GStrv) words = types_split(text, " \t");
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

char *
types_print_activity(const TypeRow *row G_GNUC_UNUSED, const void *field,
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
