#include "sim/base/machine.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define AVAILABLE "MemAvailable:"

double
machine_free_bytes(void)
{
    g_autofree char *text = NULL;
    const char *line;

    if (!g_file_get_contents("/proc/meminfo", &text, NULL, NULL))
        return INFINITY;
    line = strstr(text, AVAILABLE);
    if (line == NULL)
        return INFINITY;
    return (double)g_ascii_strtoull(line + strlen(AVAILABLE), NULL, 10) * 1024;
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
