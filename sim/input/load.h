/* load.h - a scenario file: read strictly, checked, printed back.
 *
 * The file is a GKeyFile. A scanner of ours walks its lines first and refuses
 * what GKeyFile would let pass; then every key of the table in keys.c
 * is read by its type. What is not in that table is an error. */
#ifndef SIM_INPUT_LOAD_H
#define SIM_INPUT_LOAD_H

#include "sim/input/scenario_error.h"
#include "sim/scenario/handle.h"

#include <glib.h>

/**
 * scenario_load:
 * @path: file to read
 * @overrides: NULL-terminated list of GROUP.KEY=VALUE, or NULL; the last dot
 *   before the first `=` separates group and key; a group that is not in the
 *   file is added
 *
 * Reads and checks everything before anything runs.
 *
 * Returns: a scenario, the first point of its sweep if it has one, or NULL with
 *   @error set; the message holds one line per
 *   mistake, `FILE:LINE: expected ..., found ...`, with the nearest known name
 *   where a name is unknown
 */
Scenario *scenario_load(const char *path, const char *const *overrides, GError **error);

/* The same for a text of @length bytes; @path names it in messages. */
Scenario *scenario_parse(const char *path, const char *data, gsize length,
                         const char *const *overrides, GError **error);

/**
 * scenario_load_points:
 *
 * Returns: (transfer full): of Scenario*, every point of the sweep, at least one; NULL with
 *   @error set if one of them has a mistake
 */
GPtrArray *scenario_load_points(const char *path, const char *const *overrides, GError **error);

/* The group of a run.ini that says what was run: no part of the scenario. Its key
 * SCENARIO_RUN_FOLDER says where the files that the scenario names begin. */
#define SCENARIO_RUN_GROUP "run"
#define SCENARIO_RUN_FOLDER "folder"

#endif
