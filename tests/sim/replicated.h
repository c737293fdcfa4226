/* replicated.h - a scenario's text, one replication of it, and the rows that it left. */
#ifndef TESTS_SIM_REPLICATED_H
#define TESTS_SIM_REPLICATED_H

#include "sim/input/load.h"
#include "sim/scenario/scenario.h"
#include "sim/world/replication.h"

#include "tests/sim/written.h"

#include <math.h>
#include <string.h>

/* The four files of one replication, header lines included. */
typedef struct {
    char *files[N_FILES];
} Rows;

static inline void
rows_clear(Rows *rows)
{
    for (guint i = 0; i < N_FILES; i++)
        g_free(rows->files[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rows, rows_clear)

/* @overrides: as with --set; NULL if none. */
static inline Scenario *
parse(const char *text, const char *const *overrides)
{
    g_autoptr(GError) error = NULL;
    Scenario *scenario = scenario_parse("test.ini", text, strlen(text), overrides, &error);

    g_assert_no_error(error);
    return scenario;
}

static inline Rows
write_rows(const Recorder *recorder, const Latency *latency, const RunId *id)
{
    g_autoptr(GArray) metrics = recorder_metrics(recorder, latency);
    Written written;
    Rows rows;

    written_init(&written, N_FILES, recorder_file_names, recorder_file_columns);
    recorder_write(recorder, latency, id, written.tables);
    metrics_write(metrics, id, written.tables[FILE_SUMMARY]);
    for (guint i = 0; i < N_FILES; i++)
        rows.files[i] = written_finish(&written, i);
    written_clear(&written);
    return rows;
}

/* Finishes a replication, which is gone then. */
static inline Rows
rows_of_replication(Replication *replication, const Scenario *scenario, int64_t number)
{
    RunId id = { .scenario = scenario->name, .replication = number };
    g_auto(ReplicationResult) result = replication_finish(replication);

    return write_rows(result.recorder, result.latency, &id);
}

static inline Rows
finish(Replication *replication, const Scenario *scenario, int64_t number)
{
    g_assert_cmpint(sim_engine_next_time(replication_engine(replication)), >=,
                    replication_end(replication));
    return rows_of_replication(replication, scenario, number);
}

static inline Rows
replicate(const Scenario *scenario, int64_t number)
{
    Replication *replication = replication_new(scenario, number);

    while (sim_engine_step(replication_engine(replication)))
        continue;
    return finish(replication, scenario, number);
}

#define SETS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static inline Rows
run_text(const char *text, const char *const *overrides)
{
    g_autoptr(Scenario) scenario = parse(text, overrides);

    return replicate(scenario, 1);
}

/* The fields behind @key in the first row whose columns after the first three begin so;
 * NULL if there is none. */
static inline char *
find_row(const Rows *rows, RecorderFile file, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(rows->files[file], "\n", -1);

    for (guint i = 1; lines[i] != NULL; i++) {
        const char *fields = lines[i];

        for (guint column = 0; column < 3 && fields != NULL; column++) {
            fields = strchr(fields, ',');
            fields = fields == NULL ? NULL : fields + 1;
        }
        if (fields != NULL && g_str_has_prefix(fields, key))
            return g_strdup(fields + strlen(key));
    }
    return NULL;
}

/* A number of summary.csv, for example of "paid" or "time-to-share,transfer,2,0.5"; NAN
 * if the field is empty. */
static inline double
metric(const Rows *rows, const char *name)
{
    g_autofree char *key = g_strconcat(name, ",", NULL);
    g_autofree char *row = find_row(rows, FILE_SUMMARY, key);
    const char *value;

    g_assert_nonnull(row);
    value = strrchr(row, ',') + 1;
    return *value == '\0' ? NAN : g_ascii_strtod(value, NULL);
}

/* Field @n, counted from 0, of those behind @key in @file. */
static inline double
number_at(const Rows *rows, RecorderFile file, const char *key, guint n)
{
    g_autofree char *row = find_row(rows, file, key);
    g_auto(GStrv) fields = NULL;

    g_assert_nonnull(row);
    fields = g_strsplit(row, ",", -1);
    g_assert_cmpuint(g_strv_length(fields), >, n);
    return g_ascii_strtod(fields[n], NULL);
}

static inline void
assert_same_rows(const Rows *a, const Rows *b)
{
    for (guint i = 0; i < N_FILES; i++)
        g_assert_cmpstr(a->files[i], ==, b->files[i]);
}

#endif
