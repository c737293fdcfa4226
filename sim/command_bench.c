#include "sim/command.h"

#include "sim/bench_crypto.h"

int
command_bench(int argc, char **argv)
{
    const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };

    if (!command_parse(
            &argc, &argv, "crypto",
            "Measures this machine. crypto: libsodium's operations, and settlements at the "
            "wire\nlevel against the libsodium calls that they make.",
            entries))
        return EXIT_WRONG_INPUT;
    if (argc != 2 || !g_str_equal(argv[1], "crypto"))
        return command_misused("bench: expected crypto, found '%s'; see purseroll bench --help",
                               argc < 2 ? "nothing" : argv[1]);
    bench_crypto_print(stdout);
    return EXIT_DONE;
}
