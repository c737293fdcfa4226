/* trace_notes.h - what may have been read otherwise than it was meant in a trace: said by `check`
 * and by a run. */
#ifndef SIM_RUNS_TRACE_NOTES_H
#define SIM_RUNS_TRACE_NOTES_H

#include <stdio.h>

typedef struct Scenario Scenario;

/**
 * trace_notes_print:
 * @lead: what each line begins with
 *
 * Prints nothing without a trace, or where there is nothing to be said: cards that are in no row,
 * two names that may be one card's, an order that was turned round or may be wrong.
 */
void trace_notes_print(const Scenario *scenario, const char *lead, FILE *out);

#endif
