/* side_file.h - small CSV files that a scenario names, read row by row. */
#ifndef SIM_INPUT_SIDE_FILE_H
#define SIM_INPUT_SIDE_FILE_H

#include "sim/base/row_reader.h"

#include <stdbool.h>

#include "sim/input/reading.h"

/* Returns: (transfer full): where a file is that the scenario names; relative paths begin in
 * the scenario's folder, of a run.ini in that of the scenario that was run, if it is there */
char *side_file_path(const Scenario *scenario, const char *file);

/**
 * SideFile: what reads a file
 * @read_row: returns (transfer full) (nullable): `expected ..., found ...` if it is wrong
 */
typedef struct {
    const char *group;
    const char *key;
    const char *file; /* as written */
    char *(*read_row)(RowReader *rows, gpointer data);
    gpointer data;
} SideFile;

/**
 * side_file_read:
 *
 * Calls @read_row for each row. Notes what is wrong with the file.
 *
 * Returns: false with @error set (SCENARIO_ERROR_UNREADABLE) if the machine failed
 */
bool side_file_read(const Reading *reading, const SideFile *file, GError **error);

#endif
