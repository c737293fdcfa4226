/* differences.h - what a comparison of two folders found: per file the first difference
 * and how many there are. */
#ifndef SIM_STUDY_DIFFERENCES_H
#define SIM_STUDY_DIFFERENCES_H

#include <glib.h>
#include <stdio.h>

typedef enum {
    DIFFERENCE_FILE,     /* in one folder only */
    DIFFERENCE_KEY,      /* of the scenario */
    DIFFERENCE_GROUPS,   /* same groups of the scenario, another order */
    DIFFERENCE_HEADER,   /* of a CSV file */
    DIFFERENCE_ROW,      /* in one file only */
    DIFFERENCE_VALUE,    /* a field */
    DIFFERENCE_LINE_END, /* of a row */
    N_DIFFERENCES
} DifferenceKind;

/**
 * Difference: fields that do not apply are 0 or NULL
 * @row: from 1; 0 is the header line
 * @line: that the row begins on, from 1
 * @column: its name; its number from 1 in the header line and beyond it
 * @group, @key: of the scenario
 * @reference, @result: bytes that differ; NULL where there are none
 */
typedef struct {
    DifferenceKind kind;
    guint64 row;
    guint64 line;
    char *column;
    char *group;
    char *key;
    GString *reference;
    GString *result;
} Difference;

typedef struct Differences Differences;

/* @reference, @result: the two folders */
Differences *differences_new(const char *reference, const char *result);
void differences_free(Differences *differences);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Differences, differences_free)

/* What is added from here on concerns the file @name. */
void differences_begin_file(Differences *differences, const char *name);

/**
 * differences_add:
 *
 * Counts a difference in the file that was begun last.
 *
 * Returns: (transfer none) (nullable): to be filled in if it is the first of its file
 */
Difference *differences_add(Differences *differences, DifferenceKind kind);

/* Returns: how many there are in the file that was begun last */
guint64 differences_n_in_file(const Differences *differences);

/* Returns: how many there are in all */
guint64 differences_n(const Differences *differences);

/* Two lines per file that differs, and one for all. */
void differences_print(const Differences *differences, FILE *out);

/* The same as one JSON object on one line; its keys stand in results/README.md. */
void differences_print_json(const Differences *differences, FILE *out);

#endif
