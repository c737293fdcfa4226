#include "sim/cli/fatal.h"

#include "sim/cli/command.h"

#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define LONGEST_LINE 512

static atomic_bool is_ending;

/* Without memory, locks or buffers: there may be none to have. */
static void
on_error(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
    char line[LONGEST_LINE];

    if ((level & G_LOG_LEVEL_ERROR) == 0) {
        g_log_default_handler(domain, level, message, data);
        return;
    }
    while (atomic_exchange(&is_ending, true)) /* another thread says it */
        pause();
    g_snprintf(line, sizeof line - 1, "purseroll: cannot go on: %s", message);
    g_strlcat(line, "\n", sizeof line);
    (void)!write(STDERR_FILENO, line, strlen(line));
    _exit(EXIT_COULD_NOT);
}

void
fatal_prepare(void)
{
    signal(SIGXFSZ, SIG_IGN);
    g_log_set_always_fatal((GLogLevelFlags)(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL));
    g_log_set_default_handler(on_error, NULL);
}
