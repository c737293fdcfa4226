#include "sim/base/quantity.h"
#include "sim/cli/command.h"
#include "sim/study/bench_crypto.h"
#include "sim/study/bench_engine.h"

/* Without --cards: these numbers, and so many transfers that both kinds of cost show, that of
 * instructions and that of memory. */
#define CARDS_FROM 10000
#define CARDS_TO 10000000
#define TRANSFERS 20000000

typedef struct {
    char *cards;
    char *transfers;
    char *scenario;
    gboolean is_csv;
} Options;

static int
measure(BenchScenario scenario, int64_t cards, const Options *options)
{
    BenchRun run = { .scenario = scenario, .cards = cards, .transfers = MAX(TRANSFERS, cards) };
    g_autoptr(GError) error = NULL;
    BenchSpeed speed;

    if (options->transfers != NULL &&
        (!quantity_read_number(options->transfers, &run.transfers) || run.transfers < 1))
        return command_misused("bench engine: --transfers: expected a number from 1, found '%s'",
                               options->transfers);
    if (!bench_engine_measure(&run, &speed, &error))
        return command_fail(error);
    bench_engine_print(&run, &speed, options->is_csv, stdout);
    return EXIT_DONE;
}

/* One scenario for one number of cards, or for all that are usual. */
static int
measure_scenario(BenchScenario scenario, const Options *options)
{
    int64_t cards;
    int status = EXIT_DONE;

    if (options->cards == NULL) {
        for (cards = CARDS_FROM; cards <= CARDS_TO && status == EXIT_DONE; cards *= 10)
            status = measure(scenario, cards, options);
        return status;
    }
    if (!quantity_read_number(options->cards, &cards) || cards < BENCH_CARDS_LEAST ||
        cards > BENCH_CARDS_MOST)
        return command_misused(
            "bench engine: --cards: expected a number from %d to %" G_GINT64_FORMAT ", found '%s'",
            BENCH_CARDS_LEAST, BENCH_CARDS_MOST, options->cards);
    return measure(scenario, cards, options);
}

static int
bench_engine(const Options *options)
{
    bool is_all = options->scenario == NULL || g_str_equal(options->scenario, "all");
    bool is_known = is_all;
    int status = EXIT_DONE;

    for (BenchScenario i = 0; i < N_BENCH_SCENARIOS && !is_known; i++)
        is_known = g_str_equal(options->scenario, bench_scenario_names[i]);
    if (!is_known)
        return command_misused("bench engine: --scenario: expected plain, full, activity, "
                               "merchants, communities, torn or all, found '%s'",
                               options->scenario);
    bench_engine_print_header(options->is_csv, stdout);
    for (BenchScenario i = 0; i < N_BENCH_SCENARIOS && status == EXIT_DONE; i++)
        if (is_all || g_str_equal(options->scenario, bench_scenario_names[i]))
            status = measure_scenario(i, options);
    return status;
}

static int
bench_crypto(const Options *options)
{
    if (options->cards != NULL || options->transfers != NULL || options->scenario != NULL ||
        options->is_csv)
        return command_misused("bench crypto: expected no options, found one of bench engine");
    bench_crypto_print(stdout);
    return EXIT_DONE;
}

int
command_bench(int argc, char **argv)
{
    Options options = { 0 };
    const GOptionEntry entries[] = {
        { "cards", 0, 0, G_OPTION_ARG_STRING, &options.cards,
          "engine: cards, such as 36M (default: 10k, 100k, 1M and 10M)", "N" },
        { "transfers", 0, 0, G_OPTION_ARG_STRING, &options.transfers,
          "engine: transfers (default: 20M, at least one a card)", "N" },
        { "scenario", 0, 0, G_OPTION_ARG_STRING, &options.scenario,
          "engine: plain, full, activity, merchants, communities, torn or all (default: all)",
          "NAME" },
        { "csv", 0, 0, G_OPTION_ARG_NONE, &options.is_csv, "engine: print CSV", NULL },
        G_OPTION_ENTRY_NULL,
    };
    int status;

    if (!command_parse(
            &argc, &argv, "engine|crypto",
            "Measures this machine.\n"
            "engine: settlements at the decision level, in a plain scenario, in a full one, and "
            "where\n"
            "activities differ, merchants are paid, cards live in regions, or settlements are "
            "torn.\n"
            "crypto: libsodium's operations, and settlements at the wire level against the\n"
            "libsodium calls that they make.",
            entries))
        status = EXIT_WRONG_INPUT;
    else if (argc == 2 && g_str_equal(argv[1], "engine"))
        status = bench_engine(&options);
    else if (argc == 2 && g_str_equal(argv[1], "crypto"))
        status = bench_crypto(&options);
    else
        status = command_misused(
            "bench: expected engine or crypto, found '%s'; see purseroll bench --help",
            argc < 2 ? "nothing" : argv[argc == 2 ? 1 : 2]);
    g_free(options.cards);
    g_free(options.transfers);
    g_free(options.scenario);
    return status;
}
