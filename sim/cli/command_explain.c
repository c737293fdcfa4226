#include "sim/cli/command.h"
#include "sim/base/wording.h"
#include "sim/input/load.h"
#include "sim/input/types.h"
#include "sim/runs/estimate.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/study/explain.h"
#include "sim/study/staged_meeting.h"

#include <stdio.h>
#include <string.h>

/* Two cards and a terminal: what `explain` shows without a scenario file. All of it
 * can be changed by --set, as in any scenario. */
static const char two_cards[] = "[scenario]\n"
                                "name = explain\n"
                                "[cohort older]\n"
                                "cards = 1\n"
                                "transfer-key = 1\n"
                                "update-key = 1\n"
                                "[cohort newer]\n"
                                "cards = 1\n"
                                "transfer-key = 2\n"
                                "update-key = 1\n"
                                "[terminals terminal]\n"
                                "[amount]\n"
                                "law = constant 250\n";

typedef struct {
    char **sets;
    char *embodiment;
    char *path;
    char *suite;
    char *chip;
    char *interface;
    char *payer;
    char *payee;
    char *terminals;
    char *at;
    gboolean is_crossed;
} Options;

static bool
parse_path(const char *name, Path *path)
{
    for (Path i = 0; i < N_PATHS; i++)
        if (g_str_equal(path_names[i], name)) {
            *path = i;
            return true;
        }
    return false;
}

/* The keys with which the two cards of our own take @path; in embodiments 4 and mondex
 * both cards hold both transfer keys. */
static void
add_preset(GStrvBuilder *overrides, const Options *options, Path path)
{
    if (path == PATH_NONE)
        command_add_override(overrides, "cohort older.transfer-key", "2");
    if (options->is_crossed)
        command_add_override(overrides, "cohort older.update-key", "2");
    else if (path == PATH_PUBLIC_KEY)
        command_add_override(overrides, "cohort newer.update-key", "2");
    command_add_override(overrides, "cohort older.preloaded", "1,2");
    command_add_override(overrides, "cohort newer.preloaded", "1,2");
}

static Scenario *
load(const char *file, const Options *options, Path path, GError **error)
{
    g_autoptr(GStrvBuilder) overrides = g_strv_builder_new();
    g_auto(GStrv) list = NULL;

    command_add_override(overrides, "scheme.embodiment", options->embodiment);
    command_add_override(overrides, "scheme.suite", options->suite);
    if (file == NULL)
        add_preset(overrides, options, path);
    if (options->sets != NULL)
        g_strv_builder_addv(overrides, (const char **)options->sets);
    list = g_strv_builder_end(overrides);
    return file == NULL ? scenario_parse("explain", two_cards, strlen(two_cards),
                                         (const char *const *)list, error)
                        : scenario_load(file, (const char *const *)list, error);
}

/* Which of @names an option is, from 0; -1 after a message if it is none of them. */
static int
find_name(const char *option, const char *what, const GPtrArray *names, const char *name)
{
    g_autofree char *complaint = NULL;
    int index = wording_index(names, name);

    if (index < 0) {
        complaint = wording_unknown(what, names, name);
        command_misused("explain: %s: %s", option, complaint);
    }
    return index;
}

/* The cohort that an option names; -1 if it is not given. Returns: false after a message */
static bool
find_cohort(const Scenario *scenario, const char *option, const char *name, int *cohort)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    *cohort = -1;
    if (name == NULL)
        return true;
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        g_ptr_array_add(names, scenario_cohort(scenario, i)->name);
    *cohort = find_name(option, "a cohort, ", names, name);
    return *cohort >= 0;
}

/* The update that cards of these cohorts would take, by their IDs. */
static Path
path_between(const Scenario *scenario, guint payer, guint payee)
{
    const CardTerms *a = &scenario_cohort(scenario, payer)->terms;
    const CardTerms *b = &scenario_cohort(scenario, payee)->terms;

    if (a->transfer_key == b->transfer_key || scenario->scheme.pays_with != PAYS_WITH_NEWEST)
        return PATH_NONE;
    if (scenario->scheme.authenticate == AUTHENTICATE_BY_UPDATE_KEY)
        return a->update_key == b->update_key ? PATH_SYMMETRIC : PATH_PUBLIC_KEY;
    return scenario->scheme.authenticate == AUTHENTICATE_COMMON_KEY ? PATH_SYMMETRIC
                                                                    : PATH_PUBLIC_KEY;
}

/* The first two cohorts, payer older if it comes to that, that take @path and are
 * @payer and @payee, unless these are -1. */
static bool
choose_cohorts(const Scenario *scenario, int payer, int payee, Path path, bool any_path,
               guint chosen[static N_SIDES])
{
    for (guint a = 0; a < scenario_n_cohorts(scenario); a++)
        for (guint b = 0; b < scenario_n_cohorts(scenario); b++) {
            bool newer_pays = scenario_cohort(scenario, a)->terms.transfer_key >
                              scenario_cohort(scenario, b)->terms.transfer_key;

            if ((payer >= 0 && (guint)payer != a) || (payee >= 0 && (guint)payee != b) ||
                (payer < 0 && payee < 0 && newer_pays) ||
                (!any_path && path_between(scenario, a, b) != path) ||
                (any_path && payer < 0 && payee < 0 && scenario_n_cohorts(scenario) > 1 && a == b))
                continue;
            chosen[SIDE_PAYER] = a;
            chosen[SIDE_PAYEE] = b;
            return true;
        }
    return false;
}

/* Reads the value of an option like that of a key. */
static bool
read_option(const Scenario *scenario, const char *option, const ValueType *type, const char *text,
            void *field)
{
    g_autofree char *complaint = NULL;

    if (text == NULL || types_read(type, text, field, scenario))
        return true;
    complaint = types_complaint(type, text, scenario);
    command_misused("explain: %s: %s", option, complaint);
    return false;
}

/* What the options put in place of the scenario's own chips and interfaces. */
static bool
apply_options(const Scenario *scenario, const Options *options)
{
    const Chip *chip = NULL;

    if (!read_option(scenario, "--chip", PLAIN_TYPE(TYPE_CHIP), options->chip, &chip))
        return false;
    if (chip != NULL && scheme_has_suite(&scenario->scheme) &&
        !chip_has_suite(chip, scenario->scheme.suite)) {
        command_misused("explain: --chip: expected a chip with suite %s, found %s",
                        suites[scenario->scheme.suite].name, chip->name);
        return false;
    }
    for (guint i = 0; chip != NULL && i < scenario_n_cohorts(scenario); i++)
        scenario_cohort(scenario, i)->terms.chip = chip;
    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        if (!read_option(scenario, "--interface", PLAIN_TYPE(TYPE_INTERFACES), options->interface,
                         scenario_terminals(scenario, i)->interface))
            return false;
    return true;
}

/* Returns: the index of the group, 0 if none is named; -1 after a message */
static int
find_terminals(const Scenario *scenario, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < scenario_n_terminals(scenario); i++)
        g_ptr_array_add(names, scenario_terminals(scenario, i)->name);
    return name == NULL ? 0 : find_name("--terminals", "a group of terminals, ", names, name);
}

/* Whether all cards of the scenario have room: their records alone, since only cards that
 * meet get credentials. Prints what is wrong. */
static bool
has_room(Scenario *scenario)
{
    g_autoptr(GPtrArray) points = g_ptr_array_new();
    g_autofree char *shortage = NULL;

    scenario->level = FIDELITY_DECISION;
    g_ptr_array_add(points, scenario);
    shortage = estimate_shortage(points, 1);
    if (shortage != NULL)
        fprintf(stderr, "%s: %s\n", scenario->path, shortage);
    return shortage == NULL;
}

/* The moment of --at, which is before the end of the run. */
static bool
read_moment(const Scenario *scenario, const char *text, Micros *at)
{
    g_autofree char *end = NULL;

    if (!read_option(scenario, "--at", PLAIN_TYPE(TYPE_INSTANT), text, at))
        return false;
    if (*at < scenario->duration)
        return true;
    end = types_print(PLAIN_TYPE(TYPE_INSTANT), &scenario->duration, scenario);
    command_misused("explain: --at: expected a time before the end of the run, %s, found '%s'", end,
                    text);
    return false;
}

static int
explain(const Scenario *scenario, Micros at, guint terminals, const guint cohorts[static N_SIDES])
{
    g_autoptr(StagedMeeting) meeting = staged_meeting_new(scenario, at, cohorts, terminals);

    explain_settlement(meeting, cohorts, scenario->amount.low, stdout);
    return EXIT_DONE;
}

/* Whether the options that can be judged without a scenario are right. */
static bool
check_options(const char *file, const Options *options, Path *path)
{
    const ValueType embodiment = { .type = TYPE_EMBODIMENT,
                                   .names = scheme_embodiment_names,
                                   .n_names = N_EMBODIMENTS };
    Scheme scheme = { 0 };

    if (options->path != NULL && !parse_path(options->path, path)) {
        command_misused("explain: --path: expected none, symmetric or public-key, found '%s'",
                        options->path);
        return false;
    }
    if (options->is_crossed && file != NULL) {
        command_misused("explain: --crossed: expected no scenario, found '%s'", file);
        return false;
    }
    return read_option(NULL, "--embodiment", &embodiment, options->embodiment, &scheme) &&
           read_option(NULL, "--suite", PLAIN_TYPE(TYPE_SUITE), options->suite, &scheme.suite);
}

/* The meeting that the options ask for. Returns: its exit status */
static int
choose_and_explain(Scenario *scenario, const Options *options, Path path)
{
    Micros at = 0;
    int payer, payee, terminals;
    guint cohorts[N_SIDES];

    if (!apply_options(scenario, options) ||
        !find_cohort(scenario, "--payer", options->payer, &payer) ||
        !find_cohort(scenario, "--payee", options->payee, &payee))
        return EXIT_WRONG_INPUT;
    terminals = find_terminals(scenario, options->terminals);
    if (terminals < 0 || !read_moment(scenario, options->at, &at))
        return EXIT_WRONG_INPUT;
    if (!choose_cohorts(scenario, payer, payee, path, options->path == NULL, cohorts))
        return command_misused(
            "explain: --path: expected a path that two such cards take in this scheme, found '%s'",
            path_names[path]);
    if (!has_room(scenario))
        return EXIT_COULD_NOT;
    scenario->level = FIDELITY_APDU;
    return explain(scenario, at, (guint)terminals, cohorts);
}

static int
load_and_explain(const char *file, const Options *options)
{
    Path path = options->is_crossed ? PATH_PUBLIC_KEY : PATH_SYMMETRIC;
    g_autoptr(Scenario) scenario = NULL;
    g_autoptr(GError) error = NULL;

    if (!check_options(file, options, &path))
        return EXIT_WRONG_INPUT;
    scenario = load(file, options, path, &error);
    return scenario == NULL ? command_fail(error) : choose_and_explain(scenario, options, path);
}

static void
clear_options(Options *options)
{
    g_strfreev(options->sets);
    g_free(options->embodiment);
    g_free(options->path);
    g_free(options->suite);
    g_free(options->chip);
    g_free(options->interface);
    g_free(options->payer);
    g_free(options->payee);
    g_free(options->terminals);
    g_free(options->at);
}

int
command_explain(int argc, char **argv)
{
    Options options = { 0 };
    const GOptionEntry entries[] = {
        { "embodiment", 'e', 0, G_OPTION_ARG_STRING, &options.embodiment,
          "1, 2, 3, 4, 5, conventional or mondex", "E" },
        { "path", 'p', 0, G_OPTION_ARG_STRING, &options.path,
          "none, symmetric or public-key: chooses keys, or SCENARIO's cohorts", "PATH" },
        { "crossed", 0, 0, G_OPTION_ARG_NONE, &options.is_crossed,
          "the older card has the newer update key (without SCENARIO)", NULL },
        { "suite", 0, 0, G_OPTION_ARG_STRING, &options.suite, "p256, rsa-1024 or rsa-2048",
          "SUITE" },
        { "chip", 0, 0, G_OPTION_ARG_STRING, &options.chip,
          "of both cards (see purseroll chips), or one of SCENARIO's own", "CHIP" },
        { "interface", 0, 0, G_OPTION_ARG_STRING, &options.interface,
          "of both readers, or PAYER,PAYEE", "NAME" },
        { "payer", 0, 0, G_OPTION_ARG_STRING, &options.payer,
          "cohort of the payer; without SCENARIO: older or newer", "COHORT" },
        { "payee", 0, 0, G_OPTION_ARG_STRING, &options.payee,
          "cohort of the payee (default of both: the first that fit)", "COHORT" },
        { "terminals", 0, 0, G_OPTION_ARG_STRING, &options.terminals,
          "group of terminals (default: the first)", "NAME" },
        { "at", 0, 0, G_OPTION_ARG_STRING, &options.at, "when in the run (default: 0s)", "TIME" },
        { "set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.sets,
          "set any key, as in purseroll run; own cohorts: older and newer", "GROUP.KEY=VALUE" },
        G_OPTION_ENTRY_NULL,
    };
    int status = EXIT_WRONG_INPUT;

    if (command_parse(
            &argc, &argv, "[SCENARIO]",
            "Shows one settlement of two cards as it passes through the readers: steps, "
            "APDUs,\nfields, time. The keys of SCENARIO's cohorts decide the path; without "
            "a file,\na card `older` pays a card `newer`. The cards are those of the run with "
            "that seed:\nthe first of each cohort, with its serial number and certificate. Rogue "
            "cards, rogue\nterminals, tears and clocks are as in the run.\n\n"
            "--at TIME takes into account what the plan does up to then (cards issued, "
            "replaced or\nrevoked, limits, recalls), the list that the terminal holds, and terms "
            "of validity. It\nleaves out what other settlements would do: no payment and no "
            "update has taken place, and\nan action that waits for the share of a key finds "
            "only what the plan alone brings about.",
            entries)) {
        if (argc > 2)
            status = command_misused("explain: expected at most one scenario, found %d", argc - 1);
        else
            status = load_and_explain(argc == 2 ? argv[1] : NULL, &options);
    }
    clear_options(&options);
    return status;
}
