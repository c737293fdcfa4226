/* fatal.h - how the program ends where it cannot go on. */
#ifndef SIM_CLI_FATAL_H
#define SIM_CLI_FATAL_H

/**
 * fatal_prepare:
 *
 * Call it first of all. From then on a file that grows above this process's limit is an error of
 * writing, not a signal. Where memory, threads or files run out within GLib, or g_error() is
 * called, one line on stderr says so and the program ends with EXIT_COULD_NOT, wherever it is. A
 * failed assertion or a critical message is a fault of the program and aborts it.
 */
void fatal_prepare(void);

#endif
