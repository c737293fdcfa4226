/* compare.h - two folders of results, compared byte by byte.
 *
 * Every CSV file that stands in either folder, row by row in constant memory, and the
 * effective scenario in run.ini, whose group [run] (version, date, fidelity and the like)
 * does not count. */
#ifndef SIM_STUDY_COMPARE_H
#define SIM_STUDY_COMPARE_H

#include "sim/study/differences.h"

#include <glib.h>

/* The two folders; differences are reported in this order. */
enum { REFERENCE, RESULT, N_COMPARED };

/**
 * compare_folders:
 * @reference, @result: folders that runs have written
 * @tolerances: of Tolerance*: columns whose numbers need not be equal to the byte
 *
 * Counts each file that one folder lacks, each field, each line end, each row that one
 * file has beyond the other's end, each key of the scenario. Rows below header lines that
 * differ are not compared.
 *
 * Returns: NULL with @error set if a file or folder cannot be read (G_FILE_ERROR,
 *   G_KEY_FILE_ERROR, ROW_READER_ERROR), or if no file has a column of @tolerances
 *   (TOLERANCE_ERROR)
 */
Differences *compare_folders(const char *reference, const char *result, const GPtrArray *tolerances,
                             GError **error);

#endif
