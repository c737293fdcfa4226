/* command.h - the commands of the program, and how each of them ends. */
#ifndef SIM_CLI_COMMAND_H
#define SIM_CLI_COMMAND_H

#include "sim/runs/interrupts.h"

#include <glib.h>
#include <stdbool.h>

enum {
    EXIT_DONE = 0,
    EXIT_COULD_NOT = 1,   /* I/O, memory */
    EXIT_WRONG_INPUT = 2, /* usage or scenario */
    EXIT_DIFFERENT = 3,   /* two results, theory and simulation, or precision and rule */
    EXIT_INTERRUPTED = INTERRUPTS_STATUS,
};

/**
 * Command:
 * @run: gets the command line from its own name on
 */
typedef struct {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} Command;

/* NULL-terminated by a name of NULL. */
extern const Command commands[];

int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_validate(int argc, char **argv);
int command_chips(int argc, char **argv);
int command_bench(int argc, char **argv);

/**
 * command_parse:
 * @arguments: what the command takes besides options, for its --help
 * @summary: first lines of its --help
 * @entries: its options
 *
 * Parses in place; what remains in @argv are the arguments.
 *
 * Returns: false after printing what is wrong
 */
bool command_parse(int *argc, char ***argv, const char *arguments, const char *summary,
                   const GOptionEntry *entries);

/* Adds what an option that is short for --set says; @value: NULL if it was not given. */
void command_add_override(GStrvBuilder *overrides, const char *key, const char *value);

/* Prints @error as one or more lines of this program. Returns: its exit status. */
int command_fail(const GError *error);

/* Prints a message about wrong usage. Returns: EXIT_WRONG_INPUT. */
int command_misused(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
