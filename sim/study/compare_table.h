/* compare_table.h - a CSV file in two folders, compared row by row in constant memory. */
#ifndef SIM_STUDY_COMPARE_TABLE_H
#define SIM_STUDY_COMPARE_TABLE_H

#include "sim/study/compare.h"
#include "sim/study/differences.h"

#include <glib.h>
#include <stdbool.h>

/**
 * compare_table:
 * @paths: of the two files
 * @tolerances: of Tolerance*
 * @differences: what is found goes to the file that was begun last
 *
 * Returns: false with @error set (G_FILE_ERROR, ROW_READER_ERROR)
 */
bool compare_table(const char *const paths[static N_COMPARED], const GPtrArray *tolerances,
                   Differences *differences, GError **error);

#endif
