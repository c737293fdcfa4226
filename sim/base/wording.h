/* wording.h - names in messages: lists of them, the nearest, quotations. */
#ifndef SIM_BASE_WORDING_H
#define SIM_BASE_WORDING_H

#include <glib.h>

/**
 * wording_index:
 * @names: of char*
 *
 * Returns: where @name stands in @names, or -1
 */
int wording_index(const GPtrArray *names, const char *name);

/**
 * wording_one_of:
 *
 * Returns: (transfer full): `one of a, b, c`, or `only a`; a long list is cut short
 */
char *wording_one_of(const GPtrArray *names);

/**
 * wording_nearest:
 * @names: of char*
 *
 * Returns: (transfer none) (nullable): the one that @name may have been meant to be
 */
const char *wording_nearest(const GPtrArray *names, const char *name);

/**
 * wording_unknown:
 * @what: says what kind of name, `a key, ` for example; may be empty
 *
 * Returns: (transfer full): `expected one of ..., found '...'`, with a guess at
 *   what was meant where a name is near
 */
char *wording_unknown(const char *what, const GPtrArray *names, const char *found);

/**
 * wording_shown:
 * @text: from outside, any bytes
 * @length: in characters
 *
 * Returns: (transfer full): @text on one line, shortened to @length
 */
char *wording_shown(const char *text, glong length);

/**
 * wording_quoted:
 *
 * Returns: (transfer full): the same in quotation marks, of a length for messages
 */
char *wording_quoted(const char *text);

#endif
