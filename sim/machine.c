#include "sim/machine.h"

#include <math.h>
#include <string.h>

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

guint
machine_processors(void)
{
    return g_get_num_processors();
}
