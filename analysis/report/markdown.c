/* markdown.c - see markdown.h. */
#include "analysis/report/markdown.h"

#include <string.h>

#include "base/utf8.h"

static void write_character(FILE *out, const char *character, size_t length)
{
    char letter = *character;

    if (length > 1)
        (void)fwrite(character, 1, length, out);
    else if (letter < ' ' || letter == 0x7f)
        (void)fputc(' ', out);
    else if (letter == '<')
        (void)fputs("&lt;", out);
    else if (letter == '&')
        (void)fputs("&amp;", out);
    else if (strchr("@#", letter)) /* no mention and no issue: GitHub has no escape */
        (void)fprintf(out, "%c<!-- -->", letter);
    else
        (void)fprintf(out, "%s%c", strchr("\\`*_{}[]()>|~", letter) ? "\\" : "", letter);
}

void markdown_write_text(FILE *out, const char *text)
{
    utf8_write(out, text, write_character);
}

/* The longest run of backticks: the fence must be longer. */
static size_t longest_run(const char *text)
{
    size_t longest = 0;

    while (*text) {
        size_t run = strspn(text, "`");

        if (run > longest)
            longest = run;
        text += run ? run : 1;
    }
    return longest;
}

static void write_fence(FILE *out, size_t length, const char *behind)
{
    while (length--)
        (void)fputc('`', out);
    (void)fprintf(out, "%s\n", behind);
}

void markdown_write_code(FILE *out, const char *lines)
{
    size_t run = longest_run(lines);
    size_t fence = run < 3 ? 3 : run + 1;
    size_t length = strlen(lines);

    write_fence(out, fence, "text");
    (void)fputs(lines, out);
    if (length && lines[length - 1] != '\n')
        (void)fputc('\n', out);
    write_fence(out, fence, "");
}
