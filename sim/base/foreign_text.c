#include "sim/base/foreign_text.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *kind;
    const char *bytes;
    gsize n;
} beginnings[] = {
    { "a file packed by gzip", "\x1f\x8b", 2 },
    { "a file packed by xz",
      "\xfd"
      "7zXZ\0",
      6 },
    { "a file packed by bzip2", "BZh", 3 },
    { "a file packed by zip", "PK\x03\x04", 4 },
    { "a file packed by zstd", "\x28\xb5\x2f\xfd", 4 },
    { "a file packed by 7-Zip", "7z\xbc\xaf\x27\x1c", 6 },
    { "text in UTF-16", "\xff\xfe", 2 },
    { "text in UTF-16", "\xfe\xff", 2 },
};

/* What bzip2 packs goes on with a number and the digits of pi, which no header of columns does. */
static bool
is_bzip2(const char *bytes, gsize n)
{
    return n >= 10 && memcmp(bytes + 4, "1AY&SY", 6) == 0;
}

/* Of text in UTF-16 without a mark every other byte is NUL. */
static bool
is_utf_16(const char *bytes, gsize n)
{
    return n >= 4 && ((bytes[0] == '\0' && bytes[1] != '\0' && bytes[2] == '\0') ||
                      (bytes[0] != '\0' && bytes[1] == '\0' && bytes[3] == '\0'));
}

/* The last byte may be half of a CRLF. */
static bool
has_cr_alone(const char *bytes, gsize n)
{
    return n > 1 && memchr(bytes, '\r', n - 1) != NULL && memchr(bytes, '\n', n) == NULL;
}

const char *
foreign_text_kind(const char *bytes, gsize n)
{
    for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++)
        if (n >= beginnings[i].n && memcmp(bytes, beginnings[i].bytes, beginnings[i].n) == 0 &&
            (beginnings[i].bytes[0] != 'B' || is_bzip2(bytes, n)))
            return beginnings[i].kind;
    if (is_utf_16(bytes, n))
        return "text in UTF-16";
    return has_cr_alone(bytes, n) ? "lines that end with CR alone" : NULL;
}
