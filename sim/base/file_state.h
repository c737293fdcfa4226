/* file_state.h - which file stands under a name, and whether somebody has written to it. */
#ifndef SIM_BASE_FILE_STATE_H
#define SIM_BASE_FILE_STATE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * FileState:
 * @device, @inode: which file it is
 * @size: in bytes
 * @written: nanoseconds since 1970-01-01 UTC
 */
typedef struct {
    uint64_t device;
    uint64_t inode;
    int64_t size;
    int64_t written;
} FileState;

/* Follows links. Returns: false, and nothing in @state, if there is no such file */
bool file_state_of(const char *path, FileState *state);

/* Whether two names are of one file. */
bool file_state_is_of_one(const FileState *a, const FileState *b);

/* Whether it is one file that nobody has written to in between, as far as its size and time tell.
 */
bool file_state_is_equal(const FileState *a, const FileState *b);

#endif
