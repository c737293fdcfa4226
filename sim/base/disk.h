/* disk.h - room for what a file is going to hold. */
#ifndef SIM_BASE_DISK_H
#define SIM_BASE_DISK_H

#include <stdint.h>

/**
 * disk_reserve:
 * @file: open for writing
 * @size: that it has
 * @bytes: that are to follow, of which there may be more than any file holds
 *
 * Sets room aside where the file system can do that, and looks for it everywhere. The file's size
 * stays; disk_release() gives back what was not written.
 *
 * Returns: 0, or the error number that writing them would end with: ENOSPC, EDQUOT, EFBIG
 */
int disk_reserve(int file, int64_t size, double bytes);

/* @file ends with @size bytes: nothing is set aside any more. Returns: 0, or an error number */
int disk_release(int file, int64_t size);

#endif
