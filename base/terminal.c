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

void terminal_write_lines(FILE *out, const char *text)
{
    if (text)
        utf8_write(out, text, write_or_line_end);
}
