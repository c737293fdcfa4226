/* Any bytes as a scenario file: they are refused with a message, or they mean something that can
 * be printed and read again. `make fuzz` runs it. */
#include "sim/input/effective.h"

#include "sim/input/load.h"
#include "sim/scenario/scenario.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FILE_NAME "fuzz.ini"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

int
LLVMFuzzerInitialize(int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
    return 0;
}

static char *
print(const Scenario *scenario)
{
    g_autoptr(GKeyFile) file = scenario_to_key_file((const Scenario *const[]){ scenario }, 1);

    return g_key_file_to_data(file, NULL, NULL);
}

/* Every line of a refusal says where, and is a line. Where may be in a file that the scenario
 * takes for a trace. */
static void
check_refusal(const GError *error)
{
    g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);

    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    for (char **line = lines; *line != NULL; line++) {
        g_assert_true(g_str_has_prefix(*line, FILE_NAME ":") || g_str_has_prefix(*line, "and ") ||
                      g_regex_match_simple("^[^:]+:[0-9]+: ", *line, 0, 0));
        for (const char *at = *line; *at != '\0'; at++)
            g_assert_false(g_ascii_iscntrl(*at));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario =
        scenario_parse(FILE_NAME, (const char *)data, length, NULL, &error);
    g_autoptr(Scenario) again = NULL;
    g_autofree char *text = NULL;
    g_autofree char *text_again = NULL;

    if (scenario == NULL) {
        check_refusal(error);
        return 0;
    }
    text = print(scenario);
    again = scenario_parse(FILE_NAME, text, strlen(text), NULL, &error);
    g_assert_no_error(error);
    text_again = print(again);
    g_assert_cmpstr(text, ==, text_again);
    return 0;
}
