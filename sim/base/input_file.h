/* input_file.h - how a file that somebody names is opened and read.
 *
 * Plain files alone: a pipe might never begin, a device never end, and neither can be read twice,
 * as traces are. */
#ifndef SIM_BASE_INPUT_FILE_H
#define SIM_BASE_INPUT_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The longest text that is read as a whole; more is no scenario. */
#define INPUT_FILE_TEXT_BYTES (INT64_C(256) << 20)

/**
 * input_file_open:
 *
 * Returns: a descriptor to read from; -1 with @error set (a GFileError without the path) if there
 *   is none, or it is no plain file
 */
int input_file_open(const char *path, GError **error);

/**
 * input_file_read:
 * @data: (out) (transfer full): with a NUL behind it
 *
 * Reads all of a text. Returns: false with @error set (a GFileError that begins with the path),
 *   also above %INPUT_FILE_TEXT_BYTES
 */
bool input_file_read(const char *path, char **data, gsize *length, GError **error);

#endif
