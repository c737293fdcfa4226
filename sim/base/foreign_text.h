/* foreign_text.h - files that are no plain text in UTF-8, told by how they begin. */
#ifndef SIM_BASE_FOREIGN_TEXT_H
#define SIM_BASE_FOREIGN_TEXT_H

#include <glib.h>

/* So many bytes from the beginning tell all but the ends of lines. */
#define FOREIGN_TEXT_BYTES 10

/**
 * foreign_text_kind:
 * @bytes: of the beginning of a file, @n of them; the more, the surer is what is said of lines
 *
 * Returns: (nullable): what it is, for a message: `a file packed by xz`; NULL if nothing speaks
 *   against text whose lines end with LF or CRLF
 */
const char *foreign_text_kind(const char *bytes, gsize n);

#endif
