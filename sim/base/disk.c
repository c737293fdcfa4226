#define _GNU_SOURCE /* fallocate; NOLINT(bugprone-reserved-identifier) */

#include "sim/base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MOST_BYTES 0x1p62

static int
check_limit(double end)
{
    struct rlimit limit;

    return end > MOST_BYTES || (getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                                limit.rlim_cur != RLIM_INFINITY && end > (double)limit.rlim_cur)
               ? EFBIG
               : 0;
}

/* Where nothing can be set aside. */
static int
check_free(int file, double bytes)
{
    struct statvfs disk;

    return fstatvfs(file, &disk) == 0 && bytes > (double)disk.f_bavail * (double)disk.f_frsize
               ? ENOSPC
               : 0;
}

int
disk_reserve(int file, int64_t size, double bytes)
{
    int failure = check_limit((double)size + bytes);

    if (failure != 0 || bytes < 1)
        return failure;
    if (fallocate(file, FALLOC_FL_KEEP_SIZE, size, (off_t)bytes) == 0)
        return 0;
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? errno : check_free(file, bytes);
}

int
disk_release(int file, int64_t size)
{
    return ftruncate(file, size) == 0 ? 0 : errno;
}
