#include "sim/runs/progress.h"

#include <stdio.h>
#include <unistd.h>

const char *const progress_mode_names[N_PROGRESS + 1] = {
    [PROGRESS_AUTO] = "auto",
    [PROGRESS_PLAIN] = "plain",
    [PROGRESS_NONE] = "none",
};

static const guint periods_ms[N_PROGRESS] = { 200, 5000, 0 };

void
progress_init(Progress *progress, ProgressMode mode)
{
    if (mode == PROGRESS_AUTO && !isatty(STDERR_FILENO))
        mode = PROGRESS_NONE;
    *progress = (Progress){ .mode = mode, .started = g_get_monotonic_time() };
}

guint
progress_period_ms(const Progress *progress)
{
    return periods_ms[progress->mode];
}

static void
format_seconds(char *text, gsize size, double seconds)
{
    if (seconds < 120)
        g_snprintf(text, size, "%.0f s", seconds);
    else if (seconds < 7200)
        g_snprintf(text, size, "%.0f min", seconds / 60);
    else
        g_snprintf(text, size, "%.1f h", seconds / 3600);
}

/* What a line begins with where it takes the place of the one before. */
static const char *
line_start(const Progress *progress)
{
    return progress->mode == PROGRESS_AUTO ? "\r\033[K" : "";
}

void
progress_show(Progress *progress, double share, uint64_t n_events, const char *what)
{
    double passed = (double)(g_get_monotonic_time() - progress->started) / G_USEC_PER_SEC;
    char eta[32] = "?";

    if (progress->mode == PROGRESS_NONE || passed <= 0)
        return;
    if (share > 0)
        format_seconds(eta, sizeof eta, passed * (1 - share) / share);
    fprintf(stderr, "%s%5.1f %%  %s, %.0f events/s, %s to go%s", line_start(progress), 100 * share,
            what, (double)n_events / passed, eta, progress->mode == PROGRESS_AUTO ? "" : "\n");
    fflush(stderr);
}

void
progress_say(const Progress *progress, const char *text)
{
    if (progress->mode != PROGRESS_NONE)
        fprintf(stderr, "%s%s\n", line_start(progress), text);
}

void
progress_end(Progress *progress)
{
    if (progress->mode == PROGRESS_AUTO)
        fprintf(stderr, "\r\033[K");
}
