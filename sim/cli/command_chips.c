#include "sim/cli/command.h"
#include "sim/study/hardware_tables.h"

#include <stdio.h>

int
command_chips(int argc, char **argv)
{
    const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };

    if (!command_parse(&argc, &argv, "",
                       "Prints what chips, interfaces and terminals cost in time, with sources.",
                       entries))
        return EXIT_WRONG_INPUT;
    if (argc != 1)
        return command_misused("chips: expected no argument, found '%s'", argv[1]);
    hardware_tables_print(stdout);
    return EXIT_DONE;
}
