/* machine.h - what this machine has. Nothing here may reach a result. */
#ifndef SIM_BASE_MACHINE_H
#define SIM_BASE_MACHINE_H

#include <glib.h>

/* Memory that can be used without swapping, in bytes: what is free, as far as the program's control
 * groups and its limit of address space let it have that; infinite where the system does not say.
 */
double machine_free_bytes(void);

/**
 * machine_group_bytes:
 * @groups: /proc/self/cgroup, or a file like it
 * @root: /sys/fs/cgroup, or a folder like it
 *
 * Memory in bytes that the control groups of @groups, of version 1 or 2, still give; cached files
 * that can be dropped count as free. Infinite where none sets a limit.
 */
double machine_group_bytes(const char *groups, const char *root);

/* Memory of this program that is not swapped out, in bytes; 0 where the system does not say. */
double machine_resident_bytes(void);

/* Processors that this program may use. */
guint machine_processors(void);

/**
 * machine_allow_files:
 * @n: files open at the same time
 *
 * Raises the program's own limit where the system lets it. Returns: how many may be open now, at
 *   most @n
 */
guint machine_allow_files(guint n);

#endif
