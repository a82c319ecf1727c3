/* memory_probe.h - a cell's processes, threads and memory while its level is in flight.
 *
 * To read the memory of 500 processes takes 90 ms of a core, so it is not done in a timed
 * run. A memory probe is a pass of its own, which leaves no row: the same cell against an
 * origin that answers nobody, until all of the level is in flight; then the cell is read
 * and killed. */
#ifndef HARNESS_CELL_MEMORY_PROBE_H
#define HARNESS_CELL_MEMORY_PROBE_H

#include "harness/cell/measure.h"

/* The memory probes that have been taken, one per strategy, level and variant;
 * and round, where the plan says so. */
struct memory_probe_book {
    struct memory_probe_entry *entries;
    size_t count;
};

/* Takes the memory probe of a cell, or gives the one that is in the book. One that fails
 * is taken once more; `*memory_probe` is not known then and says why: the cell or the
 * origin ended, or the level was not reached. With another address than the embedded
 * origin's none is taken. `*end` is CELL_INTERRUPTED if that is what happened. -1 is for
 * a machine on which nothing can be measured. */
int memory_probe_get(struct memory_probe_book *book, struct measurer *measurer,
                     const struct cell *cell, struct memory_probe *memory_probe,
                     enum cell_end *end, struct err *err);

void memory_probe_book_free(struct memory_probe_book *book); /* fine for all zeros */

#endif
