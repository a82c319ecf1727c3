/* text_checks.c - see text_checks.h. */
#include "tests/support/text_checks.h"

#include <string.h>

size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    while ((text = strstr(text, part))) {
        count++;
        text += strlen(part);
    }
    return count;
}

size_t longest_line(const char *text)
{
    size_t longest = 0;
    size_t length = 0;

    for (; *text; text++) {
        /* Bytes within a UTF-8 character are no characters. */
        length = *text == '\n' ? 0 : length + (((unsigned char)*text & 0xc0) != 0x80);
        longest = length > longest ? length : longest;
    }
    return longest;
}
