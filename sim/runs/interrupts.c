#include "sim/runs/interrupts.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

static void on_signal(int number);

static const struct {
    int number;
    void (*handler)(int number);
    bool may_stay_ignored; /* where it was so at the start */
} caught[] = {
    { SIGINT, on_signal, true },   { SIGTERM, on_signal, true }, { SIGHUP, on_signal, true },
    { SIGALRM, on_signal, false }, { SIGPIPE, SIG_IGN, false },
};

static struct {
    void (*tell)(gpointer data);
    gpointer data;
    guint source; /* 0: nobody listens */
    int pipe[2];  /* of the process; stays open, since a handler may be about to write */
    bool has_pipe;
    struct sigaction before[G_N_ELEMENTS(caught)];
} listening;

static atomic_int n_signals;

/* Only calls that a handler may make. The alarm is the end of the grace. */
static void
on_signal(int number)
{
    const int failure = errno;
    const int n = number == SIGALRM ? G_MAXINT8 : atomic_fetch_add(&n_signals, 1) + 1;

    if (n > 2)
        _exit(INTERRUPTS_STATUS);
    if (n == 2)
        alarm(INTERRUPTS_GRACE_S);
    (void)!write(listening.pipe[1], "", 1);
    errno = failure;
}

static gboolean
on_told(gint fd, GIOCondition condition G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
    char byte;

    if (read(fd, &byte, 1) == 1)
        listening.tell(listening.data);
    return G_SOURCE_CONTINUE;
}

static void
handle(gsize i)
{
    struct sigaction action = { .sa_handler = caught[i].handler, .sa_flags = SA_RESTART };
    struct sigaction *before = &listening.before[i];

    sigfillset(&action.sa_mask);
    sigaction(caught[i].number, &action, before);
    if (caught[i].may_stay_ignored && before->sa_handler == SIG_IGN)
        sigaction(caught[i].number, before, NULL);
}

void
interrupts_begin(void (*tell)(gpointer data), gpointer data)
{
    char byte;

    g_assert(listening.source == 0);
    if (!listening.has_pipe && !g_unix_open_pipe(listening.pipe, FD_CLOEXEC, NULL))
        g_error("no pipe for signals");
    listening.has_pipe = true;
    g_unix_set_fd_nonblocking(listening.pipe[0], TRUE, NULL);
    while (read(listening.pipe[0], &byte, 1) == 1) /* for those who listened before */
        continue;
    listening.tell = tell;
    listening.data = data;
    listening.source = g_unix_fd_add(listening.pipe[0], G_IO_IN, on_told, NULL);
    atomic_store(&n_signals, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(caught); i++)
        handle(i);
}

void
interrupts_end(void)
{
    if (listening.source == 0)
        return;
    alarm(0);
    for (gsize i = 0; i < G_N_ELEMENTS(caught); i++)
        sigaction(caught[i].number, &listening.before[i], NULL);
    g_clear_handle_id(&listening.source, g_source_remove);
}
