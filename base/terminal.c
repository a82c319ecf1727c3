/* terminal.c - see terminal.h. */
#include "base/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/parse.h"
#include "base/utf8.h"

enum { COLUMNS_MIN = 20, COLUMNS_MAX = 1000 };

/* True for control characters (C0, DEL, C1) and for those that change line or direction:
 * U+2028 to U+202E, the isolates U+2066 to U+2069, U+200E and U+200F. */
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

/* Copies up to `text_end`, at which no character is cut. */
static const char *copy_text(const char *text, const char *text_end, char *copy,
                             size_t size)
{
    size_t used = 0;

    while (text < text_end) {
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

const char *terminal_text(const char *text, char *copy, size_t size)
{
    return copy_text(text, text + strlen(text), copy, size);
}

const char *terminal_last_line(const char *text, char *line, size_t size)
{
    static const char ends[] = "\r\n";
    const char *last = text;
    const char *last_end = text;

    for (text += strspn(text, ends); *text; text += strspn(text, ends)) {
        last = text;
        text += strcspn(text, ends);
        last_end = text;
    }
    return copy_text(last, last_end, line, size);
}

void terminal_write_lines(FILE *out, const char *text)
{
    if (text)
        utf8_write(out, text, write_or_line_end);
}

static void write_spaces(FILE *out, unsigned count)
{
    (void)fprintf(out, "%*s", (int)count, "");
}

/* One line up to its end. */
static void wrap_line(FILE *out, const char *line, size_t length, unsigned columns,
                      unsigned indent)
{
    size_t used = indent;

    write_spaces(out, indent);
    for (size_t at = 0; at < length;) {
        size_t word = 0;

        while (at + word < length && line[at + word] != ' ')
            word++;
        if (at && used + 1 + word > columns) {
            (void)fputc('\n', out);
            write_spaces(out, indent + 2);
            used = indent + 2;
        } else if (at) {
            (void)fputc(' ', out);
            used++;
        }
        (void)fwrite(line + at, 1, word, out);
        used += word;
        at += word + 1;
    }
    (void)fputc('\n', out);
}

void terminal_wrap(FILE *out, const char *lines, unsigned columns, unsigned indent)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");

        wrap_line(out, lines, length, columns, indent);
        lines += length + (lines[length] == '\n');
    }
}

unsigned terminal_columns(FILE *out)
{
    const char *typed = getenv("COLUMNS");
    struct winsize size;
    uint64_t columns;

    if (isatty(fileno(out)) && !ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col)
        return size.ws_col;
    if (typed && !parse_count(typed, COLUMNS_MIN, COLUMNS_MAX, &columns, NULL))
        return (unsigned)columns;
    return TERMINAL_COLUMNS;
}

bool terminal_obeys(FILE *out)
{
    const char *kind = getenv("TERM");

    return isatty(fileno(out)) && kind && *kind && strcmp(kind, "dumb") != 0;
}

bool terminal_takes_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !(locale && *locale); i++)
        locale = getenv(names[i]);
    return locale && (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}
