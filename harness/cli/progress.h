/* progress.h - the progress line of a sweep, on a terminal only. It never wraps. */
#ifndef HARNESS_CLI_PROGRESS_H
#define HARNESS_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
    FILE *out; /* NULL: nothing is drawn */
    size_t cells_total, cells_done;
    double predicted_total_s, predicted_done_s;
    uint64_t started_ns;
    size_t drawn; /* characters of the line that the cursor is behind; 0: none */
};

/* `out` NULL: everything below does nothing. */
void progress_start(struct progress *progress, FILE *out, size_t cells,
                    double predicted_s);

/* Shows what is being measured now. */
void progress_show(struct progress *progress, const char *strategy, unsigned level);

/* A cell that was predicted to take this long is done. */
void progress_advance(struct progress *progress, double predicted_s);

/* Erases the progress line, so that another can be printed. */
void progress_clear(struct progress *progress);

#endif
