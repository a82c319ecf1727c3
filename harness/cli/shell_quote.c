/* shell_quote.c - see shell_quote.h. */
#include "harness/cli/shell_quote.h"

void shell_quote(FILE *out, const char *text)
{
    (void)fputc('\'', out);
    for (; *text; text++)
        if (*text == '\'')
            (void)fputs("'\\''", out);
        else
            (void)fputc(*text, out);
    (void)fputc('\'', out);
}
