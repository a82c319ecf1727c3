/* runs.h - the rows of runs.csv files, read back. */
#ifndef ANALYSIS_ROWS_RUNS_H
#define ANALYSIS_ROWS_RUNS_H

#include "analysis/rows/row.h"

/* Only the functions below add rows: they keep track of the room. */
struct runs {
    struct row *rows;
    size_t count;
    char **texts; /* the rows point into these */
    size_t text_count;
};

/* Adds the rows of a file, or of the runs.csv in a directory. Columns are found by their
 * names, in any order; unknown ones are ignored, missing ones are absent, but strategy,
 * level and status are required. On -1 the message names file and line; rows read before
 * it stay. */
int runs_read(struct runs *runs, const char *path, struct err *err);

/* The same for a file that may have been cut off in the middle of a line: reads its
 * complete lines, stores their length in `*bytes`, and ignores the rest. No complete line
 * is no error. */
int runs_read_whole_lines(struct runs *runs, const char *path, int64_t *bytes,
                          struct err *err);

/* Called with each row; it and its texts are valid until the call returns. */
typedef int runs_each_fn(void *user, const struct row *row, struct err *err);

/* Calls `each` with every row of what runs_read() would add, without keeping them: a file
 * may be larger than the memory. Stops at the first -1. */
int runs_each(const char *path, runs_each_fn *each, void *user, struct err *err);

/* Adds a copy of a row, its texts included. */
int runs_add(struct runs *runs, const struct row *row, struct err *err);

void runs_free(struct runs *runs); /* fine for all zeros */

#endif
