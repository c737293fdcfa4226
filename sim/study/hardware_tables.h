/* hardware_tables.h - the tables that durations are computed from, printed whole. */
#ifndef SIM_STUDY_HARDWARE_TABLES_H
#define SIM_STUDY_HARDWARE_TABLES_H

#include <stdio.h>

/* Prints chips, suites, interfaces, terminals, step operations and the cost of one
 * symmetric and one public-key update on each chip. Every figure that enters a
 * duration is printed in full, so that it can be computed again from this text. */
void hardware_tables_print(FILE *out);

#endif
