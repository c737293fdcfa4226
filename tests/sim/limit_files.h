/* limit_files.h - a disk with room for so much in each file, and no more. */
#ifndef TESTS_SIM_LIMIT_FILES_H
#define TESTS_SIM_LIMIT_FILES_H

#include <glib.h>
#include <signal.h>
#include <sys/resource.h>

/* No file of this process may be larger from now on. @bytes: RLIM_INFINITY: as large as before */
static inline void
limit_files(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = bytes == RLIM_INFINITY ? limit.rlim_max : bytes;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

#endif
