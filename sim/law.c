#include "sim/law.h"

void
law_draw(const Law *law, Stream *stream, int64_t *out, guint n)
{
    int64_t low = law->low;
    uint64_t width = (uint64_t)(law->high - low) + 1;
    Stream own = *stream; /* in registers */

    for (guint i = 0; i < n && law->kind == LAW_CONSTANT; i++)
        out[i] = low;
    if (law->kind == LAW_CONSTANT)
        return;
    for (guint i = 0; i < n; i++)
        out[i] = low + (int64_t)((unsigned __int128)stream_next(&own) * width >> 64);
    *stream = own;
}
