/* cell_lines.h - the lines that cells write to standard error, each passed on once.
 *
 * A warning of the loader or of a library comes from every cell of a sweep. So a cell's
 * standard error is shared memory of a fixed size, read after the cell has ended: the
 * cell never waits for a reader, and lines beyond the end are dropped. */
#ifndef HARNESS_CELL_CELL_LINES_H
#define HARNESS_CELL_CELL_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CELL_LINES_BYTES = 16384, /* of one cell */
    CELL_LINES_MAX = 100,     /* different lines of one sweep */
    CELL_LINE_SIZE = 160,     /* the last line, in the reason of a row */
};

/* The lines of a sweep so far. Fine as all zeros, which passes on nothing. */
struct cell_lines {
    void *user;
    void (*pass_on)(void *user, const char *line);
    uint64_t seen[CELL_LINES_MAX]; /* hashes */
    size_t count;
    bool is_full; /* and a last line has said so */
};

/* Passes on each line of `text` that is new. Takes `text` apart. */
void cell_lines_add(struct cell_lines *lines, char *text);

/* Copies the last line of `text` that may explain the end of a cell, cut to its room and
 * safe for a terminal; "" if there is none. Takes `text` apart. Returns `line`. */
const char *cell_lines_last(char *text, char line[CELL_LINE_SIZE]);

#endif
