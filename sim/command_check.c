#include "sim/command.h"

#include "sim/estimate.h"
#include "sim/scenario.h"

#include <stdio.h>

int
command_check(int argc, char **argv)
{
    g_auto(GStrv) sets = NULL;
    gboolean describes = FALSE;
    const GOptionEntry entries[] = {
        { "set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &sets, "override or add a key",
          "GROUP.KEY=VALUE" },
        { "keys", 0, 0, G_OPTION_ARG_NONE, &describes, "print every key that a scenario may set",
          NULL },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(Scenario) scenario = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GKeyFile) file = NULL;
    g_autoptr(GPtrArray) unused = NULL;
    g_autofree char *text = NULL;

    if (!command_parse(
            &argc, &argv, "SCENARIO",
            "Checks a scenario; prints it with all defaults, what it will need, and which "
            "of its\nkeys have no effect.",
            entries))
        return EXIT_WRONG_INPUT;
    if (describes) {
        scenario_describe_keys(stdout);
        return EXIT_DONE;
    }
    if (argc != 2)
        return command_misused(
            "check: expected one scenario file, found %d; see purseroll check --help", argc - 1);
    scenario = scenario_load(argv[1], (const char *const *)sets, &error);
    if (scenario == NULL)
        return command_fail(error);
    file = scenario_to_key_file(scenario);
    text = g_key_file_to_data(file, NULL, NULL);
    unused = scenario_unused_keys(scenario);
    printf("%s\n", text);
    for (guint i = 0; i < unused->len; i++)
        printf("# without effect in this scheme: %s\n", (const char *)unused->pdata[i]);
    estimate_print(scenario, stdout);
    return EXIT_DONE;
}
