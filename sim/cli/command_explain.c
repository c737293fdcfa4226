#include "sim/base/stream.h"
#include "sim/cli/command.h"
#include "sim/input/load.h"
#include "sim/input/types.h"
#include "sim/scenario/card_group.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/terminal_group.h"
#include "sim/study/apdu_trace.h"
#include "sim/world/card_terms.h"

#include <sodium.h>
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
    gboolean is_crossed;
} Options;

static void
add(GStrvBuilder *overrides, const char *key, const char *value)
{
    g_autofree char *text = value == NULL ? NULL : g_strdup_printf("%s=%s", key, value);

    if (text != NULL)
        g_strv_builder_add(overrides, text);
}

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
        add(overrides, "cohort older.transfer-key", "2");
    if (options->is_crossed)
        add(overrides, "cohort older.update-key", "2");
    else if (path == PATH_PUBLIC_KEY)
        add(overrides, "cohort newer.update-key", "2");
    add(overrides, "cohort older.preloaded", "1,2");
    add(overrides, "cohort newer.preloaded", "1,2");
    add(overrides, "cohort older.chip", options->chip);
    add(overrides, "cohort newer.chip", options->chip);
    add(overrides, "terminals terminal.interface", options->interface);
}

static Scenario *
load(const char *file, const Options *options, Path path, GError **error)
{
    g_autoptr(GStrvBuilder) overrides = g_strv_builder_new();
    g_auto(GStrv) list = NULL;

    add(overrides, "scheme.embodiment", options->embodiment);
    add(overrides, "scheme.suite", options->suite);
    if (file == NULL)
        add_preset(overrides, options, path);
    if (options->sets != NULL)
        g_strv_builder_addv(overrides, (const char **)options->sets);
    list = g_strv_builder_end(overrides);
    return file == NULL ? scenario_parse("explain", two_cards, strlen(two_cards),
                                         (const char *const *)list, error)
                        : scenario_load(file, (const char *const *)list, error);
}

static int
find_cohort(const Scenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario_n_cohorts(scenario); i++)
        if (g_str_equal(scenario_cohort(scenario, i)->name, name))
            return (int)i;
    return -1;
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
 * what the options want. */
static bool
choose_cohorts(const Scenario *scenario, const Options *options, Path path, bool any_path,
               guint chosen[static N_SIDES])
{
    int payer = options->payer == NULL ? -1 : find_cohort(scenario, options->payer);
    int payee = options->payee == NULL ? -1 : find_cohort(scenario, options->payee);

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
read_option(const Scenario *scenario, const char *option, ScenarioType type, const char *text,
            void *field)
{
    g_autofree char *complaint = NULL;

    if (text == NULL || types_read(PLAIN_TYPE(type), text, field, scenario))
        return true;
    complaint = types_complaint(PLAIN_TYPE(type), text, scenario);
    command_misused("explain: %s: %s", option, complaint);
    return false;
}

/* What the options put in place of the scenario's own chips and interfaces. */
static bool
apply_options(const Scenario *scenario, const Options *options)
{
    const Chip *chip = NULL;

    if (!read_option(scenario, "--chip", TYPE_CHIP, options->chip, &chip))
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
        if (!read_option(scenario, "--interface", TYPE_INTERFACES, options->interface,
                         scenario_terminals(scenario, i)->interface))
            return false;
    return true;
}

static const ScenarioTerminals *
choose_terminals(const Scenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario_n_terminals(scenario); i++) {
        const ScenarioTerminals *terminals = scenario_terminals(scenario, i);

        if (name == NULL || g_str_equal(terminals->name, name))
            return terminals;
    }
    return NULL;
}

/* One card of each cohort, and everything that it takes to settle between them. */
typedef struct {
    Protocol protocol;
    KeyRing *ring;
    Authority authority;
    CardCredential credentials[N_SIDES];
    CohortEntry entries[N_SIDES];
    CardMemory memories[N_SIDES];
    char *names[N_SIDES];
    uint8_t entropy_key[ENTROPY_KEY_BYTES];
} Stage;

static TraceSetup
set_stage(Stage *stage, const Scenario *scenario, const ScenarioTerminals *terminals,
          const guint cohorts[static N_SIDES])
{
    static const char *const roles[N_SIDES] = { "payer", "payee" };
    uint8_t seed[SEAL_SEED_BYTES];
    TraceSetup setup = {
        .protocol = &stage->protocol,
        .terminal = &link_terminals[terminals->kind],
        .clock_skew = terminals->clock_skew,
        .entropy_key = stage->entropy_key,
    };

    protocol_init(&stage->protocol, &scenario->scheme);
    stream_derive(seed, sizeof seed, scenario->seed, 0, "keys");
    stage->ring = keyring_new(seed);
    stream_derive(stage->entropy_key, sizeof stage->entropy_key, scenario->seed, 1, "cards");
    stream_derive(seed, sizeof seed, scenario->seed, 0, "authority");
    authority_init(&stage->authority, stage->protocol.suite, seed);
    setup.ring = stage->ring;
    setup.authority_key = stage->authority.public_key;
    for (Side side = 0; side < N_SIDES; side++) {
        const ScenarioCohort *cohort = scenario_cohort(scenario, cohorts[side]);
        const ExpiryLaw shortest = { cohort->terms.expiry.low, cohort->terms.expiry.low };

        stage->entries[side] =
            card_terms_make_entry(stage->ring, &cohort->terms, (uint16_t)cohorts[side], 0);
        stage->memories[side] =
            card_terms_make_memory(stage->ring, &cohort->terms, cohort->balance.low);
        card_terms_change_expiry(&stage->memories[side], &shortest, NULL, 0);
        card_credential_derive(&stage->credentials[side], &stage->authority,
                               certificate_serial(side, (uint16_t)cohorts[side]), 0,
                               stage->memories[side].expiry_day, seed);
        stage->names[side] = g_strdup_printf("%s (%s)", cohort->name, roles[side]);
        setup.names[side] = stage->names[side];
        setup.seats[side] = (Seat){ stage->entries[side].chip, terminals->interface[side] };
        setup.identities[side] = (CardIdentity){
            .memory = &stage->memories[side],
            .profile = &stage->entries[side].profile,
            .credential = stage->protocol.has_certificates ? &stage->credentials[side] : NULL,
            .serial = certificate_serial(side, (uint16_t)cohorts[side]),
        };
    }
    sodium_memzero(seed, sizeof seed);
    return setup;
}

static void
clear_stage(Stage *stage)
{
    keyring_free(stage->ring);
    for (Side side = 0; side < N_SIDES; side++)
        g_free(stage->names[side]);
    sodium_memzero(stage, sizeof *stage);
}

static void
print_cards(const Stage *stage, const TraceSetup *setup, const char *when)
{
    for (Side side = 0; side < N_SIDES; side++) {
        const CardMemory *memory = &stage->memories[side];

        printf("%-7s %-24s transfer key %u", when, setup->names[side],
               keyring_id(stage->ring, memory->transfer_key));
        if (scheme_has_update_keys(&stage->protocol.scheme))
            printf(", update key %u", keyring_id(stage->ring, memory->update_key));
        printf(", balance %" G_GINT64_FORMAT "; %s, %s\n", memory->balance,
               setup->seats[side].chip->name, setup->seats[side].interface->name);
    }
}

static int
explain(const Scenario *scenario, const ScenarioTerminals *terminals,
        const guint cohorts[static N_SIDES])
{
    g_autofree Stage *stage = g_new0(Stage, 1);
    TraceSetup setup = set_stage(stage, scenario, terminals, cohorts);
    g_autoptr(ApduTrace) trace = NULL;
    const char *embodiment = scheme_embodiment(&scenario->scheme);
    int64_t date = scenario->start * MICROS_PER_SECOND;

    printf("One settlement, embodiment %s%s%s, terminal %s\n",
           embodiment != NULL ? embodiment : "of its own",
           stage->protocol.has_certificates ? ", suite " : "",
           stage->protocol.has_certificates ? stage->protocol.suite->name : "",
           setup.terminal->name);
    print_cards(stage, &setup, "before");
    printf("\n");
    trace = apdu_trace_new(&setup, scenario->amount.low, date, 0);
    apdu_trace_print(trace, &setup, stdout);
    print_cards(stage, &setup, "after");
    clear_stage(stage);
    return EXIT_DONE;
}

static int
choose_and_explain(const char *file, const Options *options)
{
    Path path = options->is_crossed ? PATH_PUBLIC_KEY : PATH_SYMMETRIC;
    bool any_path = options->path == NULL;
    g_autoptr(Scenario) scenario = NULL;
    g_autoptr(GError) error = NULL;
    const ScenarioTerminals *terminals;
    guint cohorts[N_SIDES];

    if (options->path != NULL && !parse_path(options->path, &path))
        return command_misused(
            "explain: --path: expected none, symmetric or public-key, found '%s'", options->path);
    scenario = load(file, options, path, &error);
    if (scenario == NULL)
        return command_fail(error);
    if (file != NULL && !apply_options(scenario, options))
        return EXIT_WRONG_INPUT;
    if (options->payer != NULL && find_cohort(scenario, options->payer) < 0)
        return command_misused("explain: --payer: no cohort '%s' in %s", options->payer,
                               scenario->path);
    if (options->payee != NULL && find_cohort(scenario, options->payee) < 0)
        return command_misused("explain: --payee: no cohort '%s' in %s", options->payee,
                               scenario->path);
    terminals = choose_terminals(scenario, options->terminals);
    if (terminals == NULL)
        return command_misused("explain: --terminals: no terminals '%s' in %s", options->terminals,
                               scenario->path);
    if (!choose_cohorts(scenario, options, path, any_path, cohorts))
        return command_misused("explain: no two cohorts of %s take path %s in this scheme",
                               scenario->path, path_names[path]);
    return explain(scenario, terminals, cohorts);
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
}

int
command_explain(int argc, char **argv)
{
    Options options = { 0 };
    const GOptionEntry entries[] = {
        { "embodiment", 'e', 0, G_OPTION_ARG_STRING, &options.embodiment,
          "1, 2, 3, 4, 5, conventional or mondex", "E" },
        { "path", 'p', 0, G_OPTION_ARG_STRING, &options.path, "none, symmetric or public-key",
          "PATH" },
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
        { "payee", 0, 0, G_OPTION_ARG_STRING, &options.payee, "cohort of the payee", "COHORT" },
        { "terminals", 0, 0, G_OPTION_ARG_STRING, &options.terminals,
          "group of terminals (default: the first)", "NAME" },
        { "set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.sets,
          "set any key, as in purseroll run; cohorts are older and newer", "GROUP.KEY=VALUE" },
        G_OPTION_ENTRY_NULL,
    };
    int status = EXIT_WRONG_INPUT;

    if (command_parse(
            &argc, &argv, "[SCENARIO]",
            "Shows one settlement of two cards as it passes through the readers: steps, "
            "APDUs,\nfields, time. The keys of SCENARIO's cohorts decide the path; without "
            "a file,\na card `older` pays a card `newer`.",
            entries)) {
        if (argc > 2)
            status = command_misused("explain: expected at most one scenario, found %d", argc - 1);
        else
            status = choose_and_explain(argc == 2 ? argv[1] : NULL, &options);
    }
    clear_options(&options);
    return status;
}
