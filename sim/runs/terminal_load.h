/* terminal_load.h - groups of terminals that have more to do than they can: said by `check` as far
 * as it can be known, and by a run as it was.
 *
 * The load of a group is its rate of arrivals, times the mean time that one takes, divided by its
 * terminals. Near 1 waits grow long, above 1 they grow until the run ends. */
#ifndef SIM_RUNS_TERMINAL_LOAD_H
#define SIM_RUNS_TERMINAL_LOAD_H

#include <glib.h>
#include <stdio.h>

typedef struct Scenario Scenario;

/* A load above this is worth a line. */
#define TERMINAL_LOAD_HIGH 0.95

/* A line about a group of terminals, if its load is high. @load: NaN: nobody waits there */
void terminal_load_print(const char *name, double load, FILE *out);

/* The lines of `check`, of the point of a sweep with the highest load. @points: of Scenario* */
void terminal_load_print_expected(const GPtrArray *points, FILE *out);

#endif
