/* scenario_file.h - small CSV files that a scenario names, read row by row. */
#ifndef SIM_SCENARIO_FILE_H
#define SIM_SCENARIO_FILE_H

#include "sim/row_reader.h"
#include "sim/scenario.h"

#include <stdbool.h>

/* Returns: (transfer full): where a file is that the scenario names; relative paths begin in
 * the scenario's folder */
char *scenario_file_path(const Scenario *scenario, const char *file);

/**
 * ScenarioFile: what reads a file
 * @read_row: returns (transfer full) (nullable): `expected ..., found ...` if it is wrong
 */
typedef struct {
    const char *group;
    const char *key;
    const char *file; /* as written */
    char *(*read_row)(RowReader *rows, gpointer data);
    gpointer data;
} ScenarioFile;

/**
 * scenario_file_read:
 *
 * Calls @read_row for each row. Notes what is wrong with the file.
 *
 * Returns: false with @error set (SCENARIO_ERROR_UNREADABLE) if the machine failed
 */
bool scenario_file_read(Scenario *scenario, const ScenarioFile *file, GError **error);

#endif
