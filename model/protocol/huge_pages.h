/* huge_pages.h - memory for arrays that are read at random.
 *
 * Cards meet at random, so each access is on a page of its own: with pages of 2 MiB the
 * processor finds them several times as fast. That is a wish; small pages do too. */
#ifndef MODEL_PROTOCOL_HUGE_PAGES_H
#define MODEL_PROTOCOL_HUGE_PAGES_H

#include <stddef.h>

/* Returns: at least @bytes, not set, to be given to free(); ends the program if there are
 * none. */
void *huge_pages_allocate(size_t bytes);

#endif
