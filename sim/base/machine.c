#include "sim/base/machine.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define AVAILABLE "MemAvailable:"
#define BYTES_OF_KB 1024

/* How each version of control groups calls what it says of memory. */
typedef struct {
    const char *controller; /* in /proc/self/cgroup */
    const char *folder;     /* of its tree */
    const char *limit;
    const char *used;
    const char *cached; /* in memory.stat: files that can be dropped */
} GroupVersion;

static const GroupVersion group_versions[] = {
    { "", ".", "memory.max", "memory.current", "inactive_file " },
    { "memory", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
      "total_inactive_file " },
};

/* A number in a file of @folder, after @label where there is one; false if there is none. */
static bool
read_number(const char *folder, const char *name, const char *label, double *number)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    const char *place;
    char *end;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    place = label == NULL ? text : strstr(text, label);
    if (place == NULL)
        return false;
    place += label == NULL ? 0 : strlen(label);
    *number = (double)g_ascii_strtoull(place, &end, 10);
    return end != place;
}

/* What one group gives; infinite if it sets no limit. */
static double
bytes_of_group(const GroupVersion *version, const char *folder)
{
    double limit;
    double used;
    double cached = 0;

    if (!read_number(folder, version->limit, NULL, &limit) ||
        !read_number(folder, version->used, NULL, &used))
        return INFINITY;
    (void)read_number(folder, "memory.stat", version->cached, &cached);
    return MAX(0, limit - used + cached);
}

/* The least of a group and all that it stands in, up to the root of its tree: a container sees its
 * own group as the root. */
static double
bytes_of_groups(const GroupVersion *version, const char *root, const char *path)
{
    g_autofree char *top = g_canonicalize_filename(version->folder, root);
    g_autofree char *folder = g_build_filename(top, path, NULL);
    double least = bytes_of_group(version, top);

    while (strlen(folder) > strlen(top)) {
        char *parent = g_path_get_dirname(folder);
        double bytes = bytes_of_group(version, folder);

        least = MIN(least, bytes);
        g_free(folder);
        folder = parent;
    }
    return least;
}

double
machine_group_bytes(const char *groups, const char *root)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL; /* number:controllers:path */
    double least = INFINITY;

    if (!g_file_get_contents(groups, &text, NULL, NULL))
        return INFINITY;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ":", 3);

        for (guint v = 0; g_strv_length(fields) == 3 && v < G_N_ELEMENTS(group_versions); v++)
            if (g_str_equal(fields[1], group_versions[v].controller)) {
                double bytes = bytes_of_groups(&group_versions[v], root, fields[2]);

                least = MIN(least, bytes);
            }
    }
    return least;
}

/* What the limit of address space (ulimit -v) leaves. */
static double
address_space(void)
{
    struct rlimit limit;
    double pages;

    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        !read_number("/proc/self", "statm", NULL, &pages))
        return INFINITY;
    return MAX(0, (double)limit.rlim_cur - pages * (double)sysconf(_SC_PAGESIZE));
}

double
machine_free_bytes(void)
{
    double kilobytes;
    double bytes = INFINITY;
    double given = machine_group_bytes("/proc/self/cgroup", "/sys/fs/cgroup");
    double addresses = address_space();

    if (read_number("/proc", "meminfo", AVAILABLE, &kilobytes))
        bytes = kilobytes * BYTES_OF_KB;
    return fmin(bytes, fmin(given, addresses));
}

double
machine_resident_bytes(void)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) pages = NULL; /* all of the program's, resident ones, ... */

    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
        return 0;
    pages = g_strsplit(text, " ", 3);
    return pages[0] == NULL || pages[1] == NULL
               ? 0
               : (double)g_ascii_strtoull(pages[1], NULL, 10) * (double)sysconf(_SC_PAGESIZE);
}

guint
machine_processors(void)
{
    return g_get_num_processors();
}

guint
machine_allow_files(guint n)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= n)
        return n;
    limit.rlim_cur = MIN(n, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    return (guint)MIN(n, limit.rlim_cur);
}
