#define _DEFAULT_SOURCE /* madvise() */

#include "model/protocol/huge_pages.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE_BYTES ((size_t)2 << 20)
#define CACHE_LINE_BYTES ((size_t)64)

void *
huge_pages_allocate(size_t bytes)
{
    bool is_large = bytes > HUGE_PAGE_BYTES;
    size_t page = is_large ? HUGE_PAGE_BYTES : CACHE_LINE_BYTES;
    size_t whole = (bytes / page + 1) * page;
    void *pages = aligned_alloc(page, whole);

    if (pages == NULL)
        g_error("no memory for an array of %zu bytes", bytes);
    if (is_large)
        madvise(pages, whole, MADV_HUGEPAGE);
    return pages;
}
