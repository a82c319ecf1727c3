/* utf8.c - see utf8.h. */
#include "base/utf8.h"

#include <stdint.h>

/* The first code point that needs `length` bytes; a smaller one is an overlong form. */
static const uint32_t first_points[] = {0, 1, 0x80, 0x800, 0x10000};

enum { LAST_POINT = 0x10FFFF, FIRST_SURROGATE = 0xD800, LAST_SURROGATE = 0xDFFF };

static size_t length_by_lead(unsigned char lead)
{
    if (lead < 0x80)
        return lead ? 1 : 0;
    if ((lead & 0xE0) == 0xC0)
        return 2;
    if ((lead & 0xF0) == 0xE0)
        return 3;
    return (lead & 0xF8) == 0xF0 ? 4 : 0;
}

size_t utf8_length(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = length_by_lead(bytes[0]);
    uint32_t point;

    if (length < 2)
        return length;
    point = bytes[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (bytes[i] & 0x3FU);
    }
    if (point < first_points[length] || point > LAST_POINT ||
        (point >= FIRST_SURROGATE && point <= LAST_SURROGATE))
        return 0;
    return length;
}

void utf8_write(FILE *out, const char *text, utf8_write_fn *write)
{
    while (*text) {
        size_t length = utf8_length(text);

        if (length)
            write(out, text, length);
        else
            (void)fputc('?', out);
        text += length ? length : 1;
    }
}
