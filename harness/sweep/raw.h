/* raw.h - requests.csv: one row for each request of every cell, for --raw.
 *
 * The rows of a cell are written when it has ended, before its row goes to runs.csv. So
 * a row of runs.csv has all its requests, and what a crash leaves behind are at the most
 * rows here, the last perhaps torn, of a cell that runs.csv does not have: they mean
 * nothing and may be dropped. */
#ifndef HARNESS_SWEEP_RAW_H
#define HARNESS_SWEEP_RAW_H

#include "analysis/rows/runs.h"
#include "base/err.h"
#include "harness/cell/measure.h"

struct raw; /* opaque */

/* Makes requests.csv in `dir`, with its header. Never overwrites one: with the rows that
 * runs.csv has already (`earlier`, else NULL) it goes on with the one that is there, and
 * cuts off what belongs to none of them. -1 also if one of them lacks some of its
 * requests, or if there is no memory to tell. */
int raw_open(struct raw **out, const char *dir, const struct runs *earlier,
             struct err *err);

/* Writes the requests of the cell whose row is `row`, which says what identifies it. The
 * rows go out in blocks; if one cannot be written, all rows of the cell are taken back.
 * It takes memory for some numbers per request. */
int raw_write(struct raw *raw, const struct row *row,
              const struct measurement *measurement, struct err *err);

/* Closes; NULL is fine. -1 if something did not reach the disk. */
int raw_close(struct raw *raw, struct err *err);

#endif
