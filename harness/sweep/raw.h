/* raw.h - requests.csv: one row per request of every cell, for --raw.
 *
 * The rows of a cell are written when it has ended, before its row goes to runs.csv. So
 * every row of runs.csv has all its requests. At most, a crash leaves rows here of a cell
 * that runs.csv does not have, the last one perhaps incomplete: they mean nothing and may
 * be dropped. */
#ifndef HARNESS_SWEEP_RAW_H
#define HARNESS_SWEEP_RAW_H

#include "analysis/rows/runs.h"
#include "base/err.h"
#include "harness/cell/measure.h"

struct raw; /* opaque */

/* Creates requests.csv in `dir`, with its header. Never overwrites one: given the rows
 * that runs.csv already has (`earlier`, else NULL), continues the existing file and cuts
 * off lines that belong to none of them. -1 also if one of them lacks some of its
 * requests, or if there is no memory to check. */
int raw_open(struct raw **out, const char *dir, const struct runs *earlier,
             struct err *err);

/* Writes the requests of a cell, which `row` identifies. The rows go out in blocks; if
 * one cannot be written, all rows of the cell are removed again. Needs memory for some
 * numbers per request. */
int raw_write(struct raw *raw, const struct row *row,
              const struct measurement *measurement, struct err *err);

/* Closes; NULL is fine. -1 if something did not reach the disk. */
int raw_close(struct raw *raw, struct err *err);

#endif
