/* memory_probe.h - a cell's processes, threads and memory while its level is in flight.
 *
 * Reading the memory of 500 processes takes 90 ms of a core, so no timed run does it. A
 * memory probe is a separate pass without a row: the same cell runs against an origin
 * that answers no request, until the whole level is in flight; then bench reads the
 * memory of its processes and kills it. */
#ifndef HARNESS_CELL_MEMORY_PROBE_H
#define HARNESS_CELL_MEMORY_PROBE_H

#include "harness/cell/measure.h"

/* The memory probes taken so far, one per strategy, level and variant, and per round if
 * the plan says so. */
struct memory_probe_book {
    struct memory_probe_entry *entries;
    size_t count;
};

/* Takes the memory probe of a cell, or returns the one in the book. A probe that fails is
 * taken once more; if that fails too, `*memory_probe` is not known and says why: the cell
 * or the origin ended, or the level was not reached. Without an embedded origin there is
 * no probe. `*end` is CELL_INTERRUPTED if the user interrupted it. -1 means that nothing
 * can be measured on this machine. */
int memory_probe_get(struct memory_probe_book *book, struct measurer *measurer,
                     const struct cell *cell, struct memory_probe *memory_probe,
                     enum cell_end *end, struct err *err);

void memory_probe_book_free(struct memory_probe_book *book); /* fine for all zeros */

#endif
