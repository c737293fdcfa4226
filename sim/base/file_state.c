#include "sim/base/file_state.h"

#include <sys/stat.h>

bool
file_state_of(const char *path, FileState *state)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return false;
    *state = (FileState){
        .device = status.st_dev,
        .inode = status.st_ino,
        .size = status.st_size,
        .written = INT64_C(1000000000) * status.st_mtim.tv_sec + status.st_mtim.tv_nsec,
    };
    return true;
}

bool
file_state_is_of_one(const FileState *a, const FileState *b)
{
    return a->device == b->device && a->inode == b->inode;
}

bool
file_state_is_equal(const FileState *a, const FileState *b)
{
    return file_state_is_of_one(a, b) && a->size == b->size && a->written == b->written;
}
