#include "sim/cli/command.h"
#include "sim/study/compare.h"
#include "sim/study/tolerance.h"

#include <stdio.h>

static int
fail(const GError *error)
{
    return error->domain == TOLERANCE_ERROR
               ? command_misused("compare: --tolerance: %s", error->message)
               : command_fail(error);
}

int
command_compare(int argc, char **argv)
{
    g_auto(GStrv) assignments = NULL;
    gboolean is_json = FALSE;
    const GOptionEntry entries[] = {
        { "tolerance", 't', 0, G_OPTION_ARG_STRING_ARRAY, &assignments,
          "accept numbers in a column that are off by at most REL times the reference",
          "COLUMN=REL" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, "print one JSON object", NULL },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GPtrArray) tolerances = NULL;
    g_autoptr(Differences) differences = NULL;
    g_autoptr(GError) error = NULL;

    if (!command_parse(
            &argc, &argv, "REFERENCE RESULT",
            "Compares two folders of results byte by byte: their CSV files, and run.ini "
            "without [run].\nPrints the first difference of each file and how many there "
            "are; exit status 3 if any.",
            entries))
        return EXIT_WRONG_INPUT;
    if (argc != 3)
        return command_misused(
            "compare: expected two folders, found %d; see purseroll compare --help", argc - 1);
    tolerances = tolerance_parse_all((const char *const *)assignments, &error);
    if (tolerances != NULL)
        differences = compare_folders(argv[1], argv[2], tolerances, &error);
    if (differences == NULL)
        return fail(error);
    if (is_json)
        differences_print_json(differences, stdout);
    else
        differences_print(differences, stdout);
    return differences_n(differences) == 0 ? EXIT_DONE : EXIT_DIFFERENT;
}
