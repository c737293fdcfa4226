#include "sim/cli/command.h"
#include "sim/cli/fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

static void
print_usage(FILE *out)
{
    fprintf(out, "Usage:\n  purseroll COMMAND [ARGUMENT...] [OPTION...]\n\n"
                 "How long until the cards hold a new key, what it costs at the till, and what is\n"
                 "at risk meanwhile: a simulator of offline e-money cards.\n\nCommands:\n");
    for (const Command *command = commands; command->name != NULL; command++)
        fprintf(out, "  %-10s %s\n", command->name, command->summary);
    fprintf(out, "\n  purseroll COMMAND --help    its options\n"
                 "  purseroll --version\n\n"
                 "Exit status: 0 done, 1 could not, 2 wrong usage or scenario, 3 compare or\n"
                 "validate found a difference or run did not get as precise as it should, 130\n"
                 "interrupted.\n");
}

/* What was printed and did not arrive was not done. */
static int
finish_output(int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "purseroll: cannot write to standard output: %s\n",
            g_strerror(errno != 0 ? errno : EIO));
    return status == EXIT_DONE ? EXIT_COULD_NOT : status;
}

static int
run_command(int argc, char **argv)
{
    for (const Command *command = commands; command->name != NULL; command++)
        if (g_str_equal(argv[0], command->name))
            return command->run(argc, argv);
    fprintf(stderr, "purseroll: expected a command, found '%s'; see purseroll --help\n", argv[0]);
    return EXIT_WRONG_INPUT;
}

/* Without one of the first three descriptors, a file of results would get its number, and the
 * messages that are meant for it. What is printed to one that was closed still fails: the null
 * device is opened the other way round. */
static void
fill_descriptors(void)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

    for (int fd = 0; fd < (int)G_N_ELEMENTS(modes); fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
            _exit(EXIT_COULD_NOT);
}

int
main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;

    fill_descriptors();
    fatal_prepare();
    setlocale(LC_CTYPE, ""); /* texts only; numbers do not depend on the locale */
    if (sodium_init() < 0) {
        fprintf(stderr, "purseroll: libsodium cannot be initialised on this machine\n");
        return EXIT_COULD_NOT;
    }
    if (name == NULL) {
        print_usage(stderr);
        return EXIT_WRONG_INPUT;
    }
    if (g_str_equal(name, "--version")) {
        printf("purseroll %s\n", PURSEROLL_VERSION);
        return finish_output(EXIT_DONE);
    }
    if (g_str_equal(name, "--help") || g_str_equal(name, "-h") || g_str_equal(name, "help")) {
        print_usage(stdout);
        return finish_output(EXIT_DONE);
    }
    return finish_output(run_command(argc - 1, argv + 1));
}
