/* scenario_names.h - names in messages: lists of them, the nearest, quotations. */
#ifndef SIM_SCENARIO_NAMES_H
#define SIM_SCENARIO_NAMES_H

#include <glib.h>

/**
 * scenario_names_index:
 * @names: of char*
 *
 * Returns: where @name stands in @names, or -1
 */
int scenario_names_index(const GPtrArray *names, const char *name);

/**
 * scenario_names_one_of:
 *
 * Returns: (transfer full): `one of a, b, c`, or `only a`; a long list is cut short
 */
char *scenario_names_one_of(const GPtrArray *names);

/**
 * scenario_names_nearest:
 *
 * Returns: the name with the smallest edit distance from @name (a letter
 *   inserted, removed or replaced, or two neighbours exchanged), the first of
 *   several; NULL if none is near
 */
const char *scenario_names_nearest(const GPtrArray *names, const char *name);

/**
 * scenario_names_unknown:
 * @what: says what kind of name, `a key, ` for example; may be empty
 *
 * Returns: (transfer full): `expected one of ..., found '...'`, with a guess at
 *   what was meant where a name is near
 */
char *scenario_names_unknown(const char *what, const GPtrArray *names, const char *found);

/**
 * scenario_names_shown:
 * @text: from outside, any bytes
 * @length: in characters
 *
 * Returns: (transfer full): @text on one line, shortened to @length
 */
char *scenario_names_shown(const char *text, glong length);

/**
 * scenario_names_quoted:
 *
 * Returns: (transfer full): the same in quotation marks, of a length for messages
 */
char *scenario_names_quoted(const char *text);

#endif
