/* checksum_line.h - a file and its SHA-256, as `sha256sum` prints and checks them:
 * 64 hexadecimal digits, two spaces, the name. */
#ifndef SIM_BASE_CHECKSUM_LINE_H
#define SIM_BASE_CHECKSUM_LINE_H

#include <glib.h>

/* (transfer full) */
char *checksum_line_new(const char *checksum, const char *name);

/* (transfer full) (nullable): the line of the plain file @name in @folder as it stands there; NULL
 * if there is none, or it cannot be read. A link is no plain file. */
char *checksum_line_of(const char *folder, const char *name);

/* The name in a line; NULL if it is no such line, or the name is none of a file in a folder. */
const char *checksum_line_name(const char *line);

#endif
