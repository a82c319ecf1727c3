/* xml.c - see xml.h. */
#include "analysis/report/xml.h"

#include <string.h>

#include "base/utf8.h"

static void write_ascii(FILE *out, char letter)
{
    switch (letter) {
    case '&':
        (void)fputs("&amp;", out);
        break;
    case '<':
        (void)fputs("&lt;", out);
        break;
    case '>':
        (void)fputs("&gt;", out);
        break;
    case '"':
        (void)fputs("&quot;", out);
        break;
    case '\t':
    case '\n':
    case '\r': /* a parser would make a space of it in an attribute */
        (void)fprintf(out, "&#%d;", letter);
        break;
    default:
        if (letter >= ' ')
            (void)fputc(letter, out);
    }
}

/* U+FFFE and U+FFFF are characters, but none of XML's. */
static void write_character(FILE *out, const char *character, size_t length)
{
    if (length == 1)
        write_ascii(out, *character);
    else if (length != 3 || (memcmp(character, "\xEF\xBF\xBE", length) != 0 &&
                             memcmp(character, "\xEF\xBF\xBF", length) != 0))
        (void)fwrite(character, 1, length, out);
}

void xml_write_text(FILE *out, const char *text)
{
    utf8_write(out, text, write_character);
}

void xml_write_attribute(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, " %s=\"", name);
    xml_write_text(out, text);
    (void)fputc('"', out);
}
