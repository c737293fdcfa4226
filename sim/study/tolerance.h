/* tolerance.h - columns of numbers that a comparison need not find equal to the byte. */
#ifndef SIM_STUDY_TOLERANCE_H
#define SIM_STUDY_TOLERANCE_H

#include <glib.h>
#include <stdbool.h>

#define TOLERANCE_ERROR (tolerance_error_quark())
GQuark tolerance_error_quark(void);
typedef enum {
    TOLERANCE_ERROR_USAGE, /* message: what was expected and found */
} ToleranceError;

/**
 * Tolerance:
 * @relative: how far a result may be from the reference, as a share of the reference
 * @is_known: whether some file has the column; set by who reads the files
 */
typedef struct {
    char *column;
    double relative;
    bool is_known;
} Tolerance;

/**
 * tolerance_parse_all:
 * @assignments: NULL-terminated list of COLUMN=REL, or NULL; the last `=` separates
 *
 * Returns: (transfer full): of Tolerance*, or NULL with @error set (TOLERANCE_ERROR)
 */
GPtrArray *tolerance_parse_all(const char *const *assignments, GError **error);

/* Returns: the one for @column, or NULL */
Tolerance *tolerance_find(const GPtrArray *tolerances, const char *column);

/* Returns: false with @error set (TOLERANCE_ERROR) if no file has the column of one */
bool tolerance_check_known(const GPtrArray *tolerances, GError **error);

/**
 * tolerance_accepts:
 *
 * Returns: whether both are finite decimal numbers and
 *   |result - reference| <= relative x |reference|
 */
bool tolerance_accepts(const Tolerance *tolerance, const char *reference, const char *result);

#endif
