/* troff.c - see troff.h. */
#include "harness/cli/troff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/* Filled lines are broken at the first space behind this column: mandoc reports lines of
 * over 80 bytes. */
enum { FILL_COLUMN = 60 };

struct writer {
    FILE *out;
    enum troff_form form;
    int column; /* in bytes that the formatter reads */
    bool bold;
};

static void put(struct writer *writer, const char *piece)
{
    writer->column += (int)strlen(piece);
    (void)fputs(piece, writer->out);
}

static void end_line(struct writer *writer)
{
    (void)fputc('\n', writer->out);
    writer->column = 0;
}

/* Characters that are a command, or that the formatter would replace by a typographic
 * one. A '.' is a command only at the beginning of a line. NULL: no such character. */
static const char *escape(char character)
{
    switch (character) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '"':
        return "\\(dq";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    default:
        return NULL;
    }
}

static uint32_t code_point(const char *character, size_t length)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)character[0] & masks[length];

    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)character[i] & 0x3f);
    return code;
}

static void put_character(struct writer *writer, const char *character, size_t length)
{
    char piece[16] = {character[0]};
    uint32_t code = length ? code_point(character, length) : 0;

    if (code < ' ' || (code >= 0x7f && code < 0xa0))
        put(writer, "?");
    else if (length > 1) {
        (void)snprintf(piece, sizeof(piece), "\\[u%04X]", (unsigned)code);
        put(writer, piece);
    } else if (escape(character[0])) {
        put(writer, escape(character[0]));
    } else {
        if (!writer->column && character[0] == '.')
            put(writer, "\\&");
        put(writer, piece);
    }
}

/* A space or line end in the text, of which `next` follows. */
static void put_blank(struct writer *writer, char blank, const char *next)
{
    bool ends = !next[strspn(next, " \n")] || next[0] == '\n';

    if (writer->form == TROFF_VERBATIM) {
        if (blank == '\n')
            end_line(writer);
        else if (!ends)
            put(writer, " ");
    } else if (ends || next[0] == ' ') {
        return; /* one blank is enough */
    } else if (writer->form == TROFF_FILLED && writer->column > FILL_COLUMN) {
        end_line(writer);
    } else if (writer->column) {
        put(writer, " ");
    }
}

static void put_backquote(struct writer *writer, const char *next)
{
    if (writer->form == TROFF_ARGUMENT || (!writer->bold && !strchr(next, '`'))) {
        put(writer, escape('`'));
        return;
    }
    writer->bold = !writer->bold;
    put(writer, writer->bold ? "\\fB" : "\\fR");
}

void troff_write(FILE *out, const char *text, enum troff_form form)
{
    struct writer writer = {.out = out, .form = form};

    while (*text) {
        size_t length = utf8_length(text);
        const char *next = text + (length ? length : 1);

        if (*text == ' ' || *text == '\n')
            put_blank(&writer, *text, next);
        else if (*text == '`')
            put_backquote(&writer, next);
        else
            put_character(&writer, text, length);
        text = next;
    }
}
