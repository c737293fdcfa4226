#include "sim/input/mixing_keys.h"

#include "sim/base/quantity.h"
#include "sim/base/wording.h"
#include "sim/input/keys.h"
#include "sim/input/reading.h"
#include "sim/input/side_file.h"
#include "sim/input/text.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"

#include <string.h>

#define REGIONS_MAX 1000
#define WEIGHT_MAX 1e12

static bool
is_sure(const Reading *reading, const char *group, const char *key)
{
    return text_is_sure(reading->text, group, key);
}

/* Merchants */

static int64_t
count_cards(const Scenario *scenario, CohortRole role)
{
    int64_t n = 0;

    for (guint i = 0; i < scenario->cohorts->len; i++)
        if (scenario_cohort(scenario, i)->role == role && scenario_cohort(scenario, i)->cards > 0)
            n += scenario_cohort(scenario, i)->cards;
    return n;
}

static bool
has_queues(const Scenario *scenario)
{
    for (guint i = 0; i < scenario->terminals->len; i++)
        if (scenario_terminals(scenario, i)->count > 0)
            return true;
    return false;
}

static void
finish_merchants(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    if (!is_sure(reading, NULL, NULL))
        return;
    for (guint i = 0; i < scenario->cohorts->len; i++) {
        g_autofree char *header = keys_header(GROUP_COHORT, scenario_cohort(scenario, i)->name);

        if (!is_sure(reading, header, NULL))
            return;
    }
    if (count_cards(scenario, ROLE_MERCHANT) == 0)
        text_mistake(reading->text, "mixing", "model",
                     "expected a merchant (a cohort with role = merchant and cards), "
                     "found none");
    else if (count_cards(scenario, ROLE_PERSON) == 0)
        text_mistake(reading->text, "mixing", "model",
                     "expected a person (a cohort with role = person and cards), found "
                     "merchants alone");
    for (guint i = 0; i < scenario->terminals->len; i++) {
        const ScenarioTerminals *group = scenario_terminals(scenario, i);
        g_autofree char *header = keys_header(GROUP_TERMINALS, group->name);

        if (!is_sure(reading, header, "count"))
            return;
    }
    if (!has_queues(scenario))
        text_mistake(reading->text, "mixing", "model",
                     "expected a group of terminals with a count, where merchants stand, "
                     "found unlimited ones alone");
}

/* Communities */

static guint
number_region(Scenario *scenario, char *region)
{
    guint i = 0;

    while (i < scenario->regions->len && strcmp(scenario->regions->pdata[i], region) != 0)
        i++;
    if (i == scenario->regions->len)
        g_ptr_array_add(scenario->regions, region);
    return i;
}

/* Returns: whether all regions are known and not too many */
static bool
number_regions(const Reading *reading)
{
    Scenario *scenario = reading->scenario;
    bool is_complete = is_sure(reading, NULL, NULL);

    for (guint i = 0; i < scenario->cohorts->len; i++) {
        ScenarioCohort *cohort = scenario_cohort(scenario, i);
        g_autofree char *header = keys_header(GROUP_COHORT, cohort->name);

        if (cohort->region != NULL) {
            cohort->region_index = number_region(scenario, cohort->region);
            continue;
        }
        is_complete = false;
        if (is_sure(reading, header, "region"))
            text_mistake(reading->text, header, "region",
                         "expected the name of a region ([mixing] model = communities), "
                         "found nothing");
    }
    if (scenario->regions->len <= REGIONS_MAX)
        return is_complete;
    text_mistake(reading->text, "mixing", "model", "expected at most %d regions, found %u",
                 REGIONS_MAX, scenario->regions->len);
    return false;
}

/* A matrix that is being read. @columns: of the regions that the first row names */
typedef struct {
    Scenario *scenario;
    GArray *columns; /* of guint */
    bool *has_row;
    guint n_rows;
} Matrix;

static char *
text_of(RowReader *rows, guint index)
{
    RowField field;

    if (!row_reader_field(rows, index, &field))
        return g_strdup("");
    return g_strstrip(g_strndup(field.text, field.length));
}

/* Returns: which region the field names; the number of regions if none */
static guint
region_in(RowReader *rows, guint index, const Scenario *scenario)
{
    g_autofree char *name = text_of(rows, index);
    guint i = 0;

    while (i < scenario->regions->len && strcmp(scenario->regions->pdata[i], name) != 0)
        i++;
    return i;
}

static char *
complain_of_region(RowReader *rows, guint index, const Scenario *scenario)
{
    g_autofree char *name = text_of(rows, index);
    g_autofree char *found = wording_quoted(name);

    if (region_in(rows, index, scenario) < scenario->regions->len)
        return g_strdup_printf("expected each region once, found %s again", found);
    return wording_unknown("a region, ", scenario->regions, name);
}

/* The first row: the regions of the payees, behind an empty corner. */
static char *
read_columns(RowReader *rows, Matrix *matrix)
{
    const Scenario *scenario = matrix->scenario;
    guint n = row_reader_n_fields(rows);

    if (n != scenario->regions->len + 1)
        return g_strdup_printf("expected a corner and %u regions, found %u fields",
                               scenario->regions->len, n);
    for (guint i = 1; i < n; i++) {
        guint region = region_in(rows, i, scenario);

        for (guint k = 0; k < matrix->columns->len; k++)
            if (g_array_index(matrix->columns, guint, k) == region)
                region = scenario->regions->len;
        if (region == scenario->regions->len)
            return complain_of_region(rows, i, scenario);
        g_array_append_val(matrix->columns, region);
    }
    return NULL;
}

/* A payer's region and its weights. */
static char *
read_weights(RowReader *rows, Matrix *matrix)
{
    Scenario *scenario = matrix->scenario;
    guint n = scenario->regions->len;
    guint region = region_in(rows, 0, scenario);
    double sum = 0;

    if (region == n || matrix->has_row[region])
        return complain_of_region(rows, 0, scenario);
    if (row_reader_n_fields(rows) != n + 1)
        return g_strdup_printf("expected a region and %u weights, found %u fields", n,
                               row_reader_n_fields(rows));
    for (guint i = 0; i < n; i++) {
        guint column = g_array_index(matrix->columns, guint, i);
        double *weight = &scenario->matrix[(gsize)region * n + column];
        g_autofree char *text = text_of(rows, i + 1);
        g_autofree char *found = wording_quoted(text);

        if (!quantity_read_share(text, weight) || *weight > WEIGHT_MAX)
            return g_strdup_printf("expected a weight such as 3, 0.4 or 40%%, found %s", found);
        sum += *weight;
    }
    if (!(sum > 0))
        return g_strdup("expected a weight above 0, found none");
    matrix->has_row[region] = true;
    matrix->n_rows++;
    return NULL;
}

static char *
read_matrix_row(RowReader *rows, gpointer data)
{
    Matrix *matrix = data;

    if (row_reader_n_fields(rows) == 0)
        return NULL;
    return matrix->columns->len == 0 ? read_columns(rows, matrix) : read_weights(rows, matrix);
}

static bool
load_matrix(const Reading *reading, GError **error)
{
    Scenario *scenario = reading->scenario;
    guint n = scenario->regions->len;
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree bool *has_row = g_new0(bool, n);
    Matrix matrix = { .scenario = scenario, .columns = columns, .has_row = has_row };
    SideFile file = { .group = "mixing",
                      .key = "matrix",
                      .file = scenario->matrix_file,
                      .read_row = read_matrix_row,
                      .data = &matrix };

    scenario->matrix = g_new0(double, (gsize)n *n);
    if (!side_file_read(reading, &file, error))
        return false;
    if (is_sure(reading, "mixing", "matrix") && matrix.n_rows < n)
        text_mistake(reading->text, "mixing", "matrix",
                     "expected a file with a row for each of %u regions, found %u rows", n,
                     matrix.n_rows);
    return true;
}

static bool
finish_communities(const Reading *reading, GError **error)
{
    Scenario *scenario = reading->scenario;
    bool has_cross = text_has(reading->text, "mixing", "cross");

    if (!number_regions(reading) || !is_sure(reading, "mixing", NULL))
        return true;
    if (scenario->matrix_file == NULL && !has_cross)
        text_mistake(reading->text, "mixing", "cross",
                     "expected a share, or a matrix, found neither");
    else if (scenario->matrix_file != NULL && has_cross)
        text_mistake(reading->text, "mixing", "cross",
                     "expected no share beside a matrix, found both");
    else if (scenario->matrix_file != NULL)
        return load_matrix(reading, error);
    return true;
}

bool
mixing_keys_finish(const Reading *reading, GError **error)
{
    Scenario *scenario = reading->scenario;
    if (scenario->mixing == MIXING_MERCHANTS)
        finish_merchants(reading);
    return scenario->mixing != MIXING_COMMUNITIES || finish_communities(reading, error);
}
