/* bytes.h - integers as they stand on the wire: big-endian, most significant
 * byte first, as ISO 7816-4 has them. */
#ifndef MODEL_PROTOCOL_BYTES_H
#define MODEL_PROTOCOL_BYTES_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

static inline void
bytes_put_u16(uint8_t *out, uint16_t value)
{
    value = GUINT16_TO_BE(value);
    memcpy(out, &value, sizeof value);
}

static inline void
bytes_put_u32(uint8_t *out, uint32_t value)
{
    value = GUINT32_TO_BE(value);
    memcpy(out, &value, sizeof value);
}

static inline void
bytes_put_u64(uint8_t *out, uint64_t value)
{
    value = GUINT64_TO_BE(value);
    memcpy(out, &value, sizeof value);
}

static inline uint16_t
bytes_get_u16(const uint8_t *in)
{
    uint16_t value;

    memcpy(&value, in, sizeof value);
    return GUINT16_FROM_BE(value);
}

static inline uint32_t
bytes_get_u32(const uint8_t *in)
{
    uint32_t value;

    memcpy(&value, in, sizeof value);
    return GUINT32_FROM_BE(value);
}

static inline uint64_t
bytes_get_u64(const uint8_t *in)
{
    uint64_t value;

    memcpy(&value, in, sizeof value);
    return GUINT64_FROM_BE(value);
}

#endif
