/* interrupts.h - SIGINT, SIGTERM and SIGHUP, so that a program ends wherever it is.
 *
 * One that is ignored when the program starts stays so (nohup, a shell's background). A first
 * signal is told to the main loop, which ends in good order. A second one is told too, but leaves
 * INTERRUPTS_GRACE_S for it: then the process ends with INTERRUPTS_STATUS, whatever its threads are
 * doing, and so it does at once on a third. Temporary files that stay then are removed by whoever
 * writes into the folder next. One at a time in a process. */
#ifndef SIM_RUNS_INTERRUPTS_H
#define SIM_RUNS_INTERRUPTS_H

#include <glib.h>

#define INTERRUPTS_GRACE_S 1
#define INTERRUPTS_STATUS 130

/* From now on @tell is called for each signal in the default main context. What reads this
 * program's output may go away meanwhile: then writing fails, and nothing else. */
void interrupts_begin(void (*tell)(gpointer data), gpointer data);

/* All signals do what they did before. */
void interrupts_end(void);

#endif
