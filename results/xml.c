/* xml.c - see xml.h. */
#include "results/xml.h"

#include <string.h>

#include "results/utf8.h"

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

void xml_write_text(FILE *out, const char *text)
{
    while (*text) {
        size_t length = utf8_length(text);

        if (!length)
            (void)fputc('?', out);
        else if (length == 1)
            write_ascii(out, *text);
        else if (memcmp(text, "\xEF\xBF\xBE", 3) != 0 &&
                 memcmp(text, "\xEF\xBF\xBF", 3) !=
                     0) /* U+FFFE and U+FFFF are not XML's */
            (void)fwrite(text, 1, length, out);
        text += length ? length : 1;
    }
}
