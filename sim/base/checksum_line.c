#include "sim/base/checksum_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECKSUM_DIGITS 64
#define BETWEEN "  "
#define NAME_AT (CHECKSUM_DIGITS + sizeof BETWEEN - 1)
#define BUFFER_BYTES 65536

char *
checksum_line_new(const char *checksum, const char *name)
{
    return g_strconcat(checksum, BETWEEN, name, NULL);
}

/* A pipe must not keep us waiting. Returns: -1 if it is no plain file that can be read */
static int
open_plain(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status;

    if (file < 0)
        return -1;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        return file;
    close(file);
    return -1;
}

static bool
add_content(GChecksum *checksum, int file)
{
    g_autofree guchar *buffer = g_malloc(BUFFER_BYTES);
    gssize n;

    do {
        n = read(file, buffer, BUFFER_BYTES);
        if (n > 0)
            g_checksum_update(checksum, buffer, n);
    } while (n > 0 || (n < 0 && errno == EINTR));
    return n == 0;
}

char *
checksum_line_of(const char *folder, const char *name)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    int file = open_plain(folder, name);
    bool is_read = file >= 0 && add_content(checksum, file);

    if (file >= 0)
        close(file);
    return is_read ? checksum_line_new(g_checksum_get_string(checksum), name) : NULL;
}

const char *
checksum_line_name(const char *line)
{
    const char *name = line + NAME_AT;

    if (strspn(line, "0123456789abcdef") != CHECKSUM_DIGITS ||
        !g_str_has_prefix(line + CHECKSUM_DIGITS, BETWEEN))
        return NULL;
    return name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL ? NULL : name;
}
