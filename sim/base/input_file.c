#include "sim/base/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES 65536

static void
set_cause(int cause, GError **error)
{
    g_set_error_literal(error, G_FILE_ERROR, (gint)g_file_error_from_errno(cause),
                        g_strerror(cause));
}

/* To open a pipe without O_NONBLOCK would wait for its other end. */
int
input_file_open(const char *path, GError **error)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (file < 0) {
        set_cause(errno, error);
        return -1;
    }
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        return file;
    if (S_ISDIR(status.st_mode))
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "that is a folder");
    else
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "that is no plain file");
    close(file);
    return -1;
}

/* Whatever size the file says that it has. */
static bool
read_all(int file, GByteArray *bytes, GError **error)
{
    g_autofree guint8 *buffer = g_malloc(BUFFER_BYTES);

    for (;;) {
        ssize_t n = read(file, buffer, BUFFER_BYTES);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            set_cause(errno, error);
        if (n <= 0)
            return n == 0;
        if ((int64_t)bytes->len + n > INPUT_FILE_TEXT_BYTES) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                        "expected at most %" G_GINT64_FORMAT " MiB, found more",
                        INPUT_FILE_TEXT_BYTES >> 20);
            return false;
        }
        g_byte_array_append(bytes, buffer, (guint)n);
    }
}

bool
input_file_read(const char *path, char **data, gsize *length, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    int file = input_file_open(path, error);
    bool is_read = file >= 0 && read_all(file, bytes, error);

    if (file >= 0)
        close(file);
    if (!is_read) {
        g_autofree char *shown = g_filename_display_name(path);

        g_prefix_error(error, "%s: cannot read: ", shown);
        return false;
    }
    *length = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    *data = (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
    return true;
}
