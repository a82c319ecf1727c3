/* cell_lines.c - see cell_lines.h. */
#include "harness/cell/cell_lines.h"

#include <string.h>

#include "base/terminal.h"

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
    return hash;
}

static bool is_known(const struct cell_lines *lines, uint64_t hash)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->seen[i] == hash)
            return true;
    return false;
}

static void add(struct cell_lines *lines, const char *line)
{
    uint64_t hash = hash_of(line);

    if (is_known(lines, hash) || lines->is_full)
        return;
    if (lines->count < CELL_LINES_MAX) {
        lines->seen[lines->count++] = hash;
        lines->pass_on(lines->user, line);
        return;
    }
    lines->is_full = true;
    lines->pass_on(lines->user, "(further lines of cells are not shown)");
}

void cell_lines_add(struct cell_lines *lines, char *text)
{
    char *rest;

    if (!lines->pass_on)
        return;
    for (const char *line = strtok_r(text, "\r\n", &rest); line;
         line = strtok_r(NULL, "\r\n", &rest))
        add(lines, line);
}

/* Deletes the loader's warnings of a library that it could not preload: every cell has
 * them and goes on, so they explain no end. */
static void delete_warnings(char *text)
{
    static const char warning[] = "ERROR: ld.so: object ";

    while (*text) {
        size_t length = strcspn(text, "\r\n");

        if (!strncmp(text, warning, strlen(warning)))
            memset(text, '\n', length);
        text += length + (text[length] != '\0');
    }
}

const char *cell_lines_last(char *text, char line[CELL_LINE_SIZE])
{
    delete_warnings(text);
    return terminal_last_line(text, line, CELL_LINE_SIZE);
}
