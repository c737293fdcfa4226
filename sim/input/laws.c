#include "sim/input/laws.h"

#include "sim/base/quantity.h"
#include "sim/base/wording.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
#include "sim/input/side_file.h"
#include "sim/input/text.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/law.h"

#include <string.h>

#define RATES_MAX 10000000
#define RATE_MAX 1e6
#define WEIGHT_MAX 1e12

/* The rates and weights of a file. */
typedef struct {
    GArray *rates;
    GArray *weights;
} Rates;

/* A field of a row as a number from 0 to @most; where there is none, @otherwise. */
static bool
read_field(RowReader *rows, guint index, bool (*read)(const char *text, double *value), double most,
           double otherwise, double *value)
{
    RowField field;
    g_autofree char *text = NULL;

    *value = otherwise;
    if (!row_reader_field(rows, index, &field))
        return otherwise >= 0;
    text = g_strstrip(g_strndup(field.text, field.length));
    return strlen(text) <= field.length && read(text, value) && *value <= most;
}

static bool
read_rate(const char *text, double *per_day)
{
    return quantity_read_real(text, per_day) || quantity_read_rate(text, per_day);
}

static char *
read_row(RowReader *rows, gpointer data)
{
    Rates *read = data;
    guint n = row_reader_n_fields(rows);
    double rate;
    double weight;

    if (n == 0) /* a blank line */
        return NULL;
    if (n > 2 || !read_field(rows, 0, read_rate, RATE_MAX, -1, &rate) ||
        !read_field(rows, 1, quantity_read_real, WEIGHT_MAX, 1, &weight)) {
        const GString *bytes = row_reader_bytes(rows);
        g_autofree char *line =
            g_strndup(bytes->str, bytes->len - strlen(row_reader_line_end(rows)));
        g_autofree char *found = wording_quoted(line);

        return g_strdup_printf("expected a rate such as 0.5 or 3/w, at most 1000000/d, and "
                               "perhaps a weight, found %s",
                               found);
    }
    if (read->rates->len == RATES_MAX)
        return g_strdup_printf("expected at most %d rates, found more", RATES_MAX);
    g_array_append_val(read->rates, rate);
    g_array_append_val(read->weights, weight);
    return NULL;
}

/* Takes what was read. Returns: whether one of the rates has a weight */
static bool
take_rates(ActivityLaw *law, const Rates *read)
{
    double sum = 0;

    if (read->rates->len == 0)
        return false;
    law->rates = g_array_ref(read->rates);
    law->choice = alias_new(read->rates->len);
    for (guint i = 0; i < read->rates->len; i++) {
        law->choice->columns[i].weight = g_array_index(read->weights, double, i);
        sum += g_array_index(read->weights, double, i) * g_array_index(read->rates, double, i);
    }
    alias_build(law->choice);
    law->per_day = sum / law->choice->total;
    return law->choice->total > 0;
}

static bool
load_rates(const Reading *reading, ScenarioCohort *cohort, GError **error)
{
    g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);
    g_autoptr(GArray) rates = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(double));
    Rates read = { rates, weights };
    SideFile file = { .group = header,
                      .key = "activity",
                      .file = cohort->activity.file,
                      .read_row = read_row,
                      .data = &read };

    if (!side_file_read(reading, &file, error))
        return false;
    if (text_is_sure(reading->text, header, "activity") && !take_rates(&cohort->activity, &read))
        text_mistake(reading->text, header, "activity",
                     "expected a file with a rate of weight above 0, found none in it");
    return true;
}

bool
laws_load(const Reading *reading, GError **error)
{
    Scenario *scenario = reading->scenario;
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        ScenarioCohort *cohort = scenario_cohort(scenario, i);

        if (cohort->activity.kind == ACTIVITY_EMPIRICAL && !load_rates(reading, cohort, error))
            return false;
    }
    return true;
}

static void
build_money_law(Scenario *scenario, Law *money)
{
    InverseCdfLaw law;

    if (law_distribution(money, &law))
        money->quantiles = scenario_quantiles(scenario, &law);
}

void
laws_build(Scenario *scenario)
{
    InverseCdfLaw law;

    for (guint i = 0; i < scenario_n_cohorts(scenario); i++) {
        ActivityLaw *activity = &scenario_cohort(scenario, i)->activity;

        if (activity_distribution(activity, &law))
            activity->quantiles = scenario_quantiles(scenario, &law);
        build_money_law(scenario, &scenario_cohort(scenario, i)->balance);
    }
    build_money_law(scenario, scenario_amount(scenario));
}
