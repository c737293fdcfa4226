#include "sim/law.h"

void
law_draw(const Law *law, Stream *stream, int64_t *out, guint n)
{
    uint64_t width = (uint64_t)(law->high - law->low) + 1;
    Stream own = *stream; /* in registers */

    for (guint i = 0; i < n; i++)
        out[i] = law->low +
                 (law->kind == LAW_CONSTANT
                      ? 0
                      : (int64_t)((unsigned __int128)stream_next(&own) * width >> 64));
    *stream = own;
}
