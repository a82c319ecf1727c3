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

/* Every cell has the loader's warning of a library that it could not preload, and goes
 * on: it explains no end. */
static bool explains(const char *line)
{
    return strncmp(line, "ERROR: ld.so: object ", strlen("ERROR: ld.so: object ")) != 0;
}

const char *cell_lines_last(char *text, char line[CELL_LINE_SIZE])
{
    char *rest;

    line[0] = '\0';
    for (const char *next = strtok_r(text, "\r\n", &rest); next;
         next = strtok_r(NULL, "\r\n", &rest))
        if (explains(next))
            (void)terminal_text(next, line, CELL_LINE_SIZE);
    return line;
}
