/* compare_scenario.h - the effective scenarios of two runs, key by key. */
#ifndef SIM_STUDY_COMPARE_SCENARIO_H
#define SIM_STUDY_COMPARE_SCENARIO_H

#include "sim/study/compare.h"
#include "sim/study/differences.h"

#include <glib.h>
#include <stdbool.h>

/**
 * compare_scenarios:
 * @paths: of the two run.ini
 * @differences: what is found goes to the file that was begun last
 *
 * Group [run] does not count, nor does the order of keys; that of groups does: cards are
 * numbered by cohort. A key that one of them lacks counts as its default, where that is a value
 * of its own and not what other keys make of it: so a key that the program learns changes no
 * older result.
 *
 * Returns: false with @error set (G_FILE_ERROR, G_KEY_FILE_ERROR)
 */
bool compare_scenarios(const char *const paths[static N_COMPARED], Differences *differences,
                       GError **error);

#endif
