/* Signals to a process of its own, which listens to its main loop or no longer does. */
#include "sim/runs/interrupts.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

static guint n_told;

static void
count(gpointer data G_GNUC_UNUSED)
{
    n_told++;
}

/* Waits for what has been raised to be told. */
static void
listen_for(guint n)
{
    while (n_told < n)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(n_told, ==, n);
}

static void
each_signal_is_told(void)
{
    n_told = 0;
    interrupts_begin(count, NULL);
    raise(SIGINT);
    listen_for(1);
    raise(SIGTERM);
    listen_for(2);
    interrupts_end();
}

static void
one_of_before_is_not_told(void)
{
    n_told = 0;
    interrupts_begin(count, NULL);
    raise(SIGINT);
    interrupts_end();
    interrupts_begin(count, NULL);
    raise(SIGINT);
    listen_for(1);
    g_assert_false(g_main_context_iteration(NULL, FALSE));
    interrupts_end();
}

/* A child that never comes back to its main loop. Returns: how it ended, as waitpid() says */
static int
end_of_deaf_child(guint n_signals, bool has_ended)
{
    int status;
    pid_t child = fork();

    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        interrupts_begin(count, NULL);
        if (has_ended)
            interrupts_end();
        for (guint i = 0; i < n_signals; i++)
            raise(i % 2 == 0 ? SIGINT : SIGTERM);
        for (;;)
            pause();
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return status;
}

static void
second_signal_ends_a_deaf_program(void)
{
    for (guint n_signals = 2; n_signals <= 3; n_signals++) {
        int status = end_of_deaf_child(n_signals, false);

        g_assert_true(WIFEXITED(status));
        g_assert_cmpint(WEXITSTATUS(status), ==, INTERRUPTS_STATUS);
    }
}

static void
signals_end_as_before_afterwards(void)
{
    int status = end_of_deaf_child(1, true);

    g_assert_true(WIFSIGNALED(status));
    g_assert_cmpint(WTERMSIG(status), ==, SIGINT);
}

int
main(int argc, char **argv)
{
    signal(SIGINT, SIG_DFL); /* a shell that runs tests in the background has it ignored */
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/interrupts/begin/each-signal-is-told", each_signal_is_told);
    g_test_add_func("/interrupts/begin/one-of-before-is-not-told", one_of_before_is_not_told);
    g_test_add_func("/interrupts/begin/second-signal-ends-a-deaf-program",
                    second_signal_ends_a_deaf_program);
    g_test_add_func("/interrupts/end/signals-end-as-before-afterwards",
                    signals_end_as_before_afterwards);
    return g_test_run();
}
