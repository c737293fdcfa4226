#include "sim/base/quantity.h"
#include "sim/cli/command.h"
#include "sim/input/effective.h"
#include "sim/input/effects.h"
#include "sim/input/load.h"
#include "sim/input/manual.h"
#include "sim/runs/estimate.h"
#include "sim/runs/lock_excess.h"
#include "sim/runs/terminal_load.h"
#include "sim/runs/trace_notes.h"
#include "sim/scenario/contacts.h"
#include "sim/scenario/scenario.h"

#include <stdio.h>

static void
print_trace(const Scenario *scenario)
{
    const ContactsFacts *facts = contacts_facts(scenario->trace);
    g_autofree char *last = quantity_print_duration(facts->last);

    printf("# %s: %" G_GUINT64_FORMAT " rows, %" G_GUINT64_FORMAT " of them from a card to itself, "
           "%" G_GINT64_FORMAT " cards, the last row at %s\n",
           scenario->trace_format.path, facts->n_rows, facts->n_self, facts->n_cards, last);
    trace_notes_print(scenario, "# ", stdout);
}

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
    g_autoptr(GPtrArray) points = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GKeyFile) file = NULL;
    g_autofree char *text = NULL;

    if (!command_parse(
            &argc, &argv, "SCENARIO",
            "Checks a scenario; prints it with all defaults, what it will need, what in it "
            "has\nno effect, and which terminals have more to do than they can.",
            entries))
        return EXIT_WRONG_INPUT;
    if (describes) {
        scenario_describe_keys(stdout);
        return EXIT_DONE;
    }
    if (argc != 2)
        return command_misused(
            "check: expected one scenario file, found %d; see purseroll check --help", argc - 1);
    points = scenario_load_points(argv[1], (const char *const *)sets, &error);
    if (points == NULL)
        return command_fail(error);
    estimate_choose_level(points);
    file = scenario_to_key_file((const Scenario *const *)points->pdata, points->len);
    text = g_key_file_to_data(file, NULL, NULL);
    printf("%s\n", text);
    effects_print(points, stdout);
    for (guint i = 0; i < points->len; i++) {
        const Scenario *point = points->pdata[i];

        if (point->trace != NULL &&
            (i == 0 || point->trace != ((const Scenario *)points->pdata[i - 1])->trace))
            print_trace(point);
    }
    estimate_print(points, stdout);
    terminal_load_print_expected(points, stdout);
    lock_excess_print(points, stdout);
    return EXIT_DONE;
}
