/* terminal.c - see terminal.h. */
#include "base/terminal.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/* Code points above ASCII that steer: C1; line and paragraph separators with the marks of
 * direction U+202A to U+202E; the isolates U+2066 to U+2069; U+200E and U+200F. */
static bool steers(const char *character, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)character;

    if (length == 1)
        return bytes[0] < ' ' || bytes[0] == 0x7f;
    if (length == 2)
        return bytes[0] == 0xc2 && bytes[1] < 0xa0;
    if (length != 3 || bytes[0] != 0xe2)
        return false;
    return (bytes[1] == 0x80 && (bytes[2] == 0x8e || bytes[2] == 0x8f ||
                                 (bytes[2] >= 0xa8 && bytes[2] <= 0xae))) ||
           (bytes[1] == 0x81 && bytes[2] >= 0xa6 && bytes[2] <= 0xa9);
}

static void write_character(FILE *out, const char *character, size_t length)
{
    if (steers(character, length))
        (void)fputc('?', out);
    else
        (void)fwrite(character, 1, length, out);
}

static void write_or_line_end(FILE *out, const char *character, size_t length)
{
    if (*character == '\n')
        (void)fputc('\n', out);
    else
        write_character(out, character, length);
}

void terminal_write(FILE *out, const char *text)
{
    if (text)
        utf8_write(out, text, write_character);
}

const char *terminal_text(const char *text, char *copy, size_t size)
{
    size_t used = 0;

    while (*text) {
        size_t length = utf8_length(text);
        bool is_text = length && !steers(text, length);
        size_t needed = is_text ? length : 1;

        if (used + needed >= size)
            break;
        if (is_text)
            memcpy(copy + used, text, length);
        else
            copy[used] = '?';
        used += needed;
        text += length ? length : 1;
    }
    copy[used] = '\0';
    return copy;
}

void terminal_write_lines(FILE *out, const char *text)
{
    if (text)
        utf8_write(out, text, write_or_line_end);
}
