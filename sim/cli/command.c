#include "sim/cli/command.h"

#include "sim/input/load.h"
#include "sim/runs/results.h"

#include <stdarg.h>
#include <stdio.h>

const Command commands[] = {
    { "run", "run a scenario and write its results", command_run },
    { "check", "check a scenario and print what it amounts to", command_check },
    { "explain", "one settlement, step by step, byte by byte", command_explain },
    { "compare", "compare two folders of results", command_compare },
    { "validate", "hold simulations against theory", command_validate },
    { "chips", "print the chips, interfaces and suites", command_chips },
    { "bench", "measure this machine", command_bench },
    { NULL, NULL, NULL },
};

bool
command_parse(int *argc, char ***argv, const char *arguments, const char *summary,
              const GOptionEntry *entries)
{
    g_autoptr(GOptionContext) context = g_option_context_new(arguments);
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_strconcat("purseroll ", (*argv)[0], NULL);

    g_set_prgname(program); /* stands before the arguments in --help */
    g_option_context_set_summary(context, summary);
    g_option_context_add_main_entries(context, entries, NULL);
    if (g_option_context_parse(context, argc, argv, &error))
        return true;
    fprintf(stderr, "%s: %s; see %s --help\n", program, error->message, program);
    return false;
}

void
command_add_override(GStrvBuilder *overrides, const char *key, const char *value)
{
    g_autofree char *text = value == NULL ? NULL : g_strdup_printf("%s=%s", key, value);

    if (text != NULL)
        g_strv_builder_add(overrides, text);
}

int
command_fail(const GError *error)
{
    fprintf(stderr, "%s\n", error->message);
    return g_error_matches(error, SCENARIO_ERROR, SCENARIO_ERROR_INVALID) ||
                   error->domain == RESULTS_ERROR
               ? EXIT_WRONG_INPUT
               : EXIT_COULD_NOT;
}

int
command_misused(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fprintf(stderr, "purseroll: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    return EXIT_WRONG_INPUT;
}
