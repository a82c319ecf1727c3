/* output.h - writes the rows of a sweep: to runs.csv in a directory, beside plan.json and
 * env.json, or as CSV to one file or to standard output. */
#ifndef HARNESS_SWEEP_OUTPUT_H
#define HARNESS_SWEEP_OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/rows/runs.h"
#include "base/err.h"

struct output {
    char *dir;            /* NULL: no directory is written */
    FILE *runs;           /* runs.csv in it, locked; NULL: none */
    long whole_bytes;     /* of it, up to the last complete row */
    bool begun_again;     /* runs.csv existed, without a row */
    FILE *csv;            /* for --csv; NULL: none */
    const char *csv_path; /* its path, for messages; borrowed */
};

/* Where the rows are to go. */
struct output_options {
    const char *dir;            /* NULL: none */
    const char *csv_path;       /* NULL: none; "-": standard output */
    const char *run_id;         /* for the name of a directory */
    const struct runs *earlier; /* the rows already in `dir`; NULL: it is new */
    int64_t earlier_bytes;      /* of runs.csv in `dir`, that are kept */
};

/* Opens the outputs and writes the header. With neither directory nor file, the directory
 * is results/<run id>. Never overwrites a row: continues an earlier runs.csv, whose rows
 * go into the CSV file too, and starts one without rows again. After -1 nothing is left
 * open. */
int output_open(struct output *output, const struct output_options *options,
                struct err *err);

/* Writes one row to every output and flushes it. After -1 runs.csv has no part of it. */
int output_row(struct output *output, const struct row *row, struct err *err);

/* Replaces plan.json or env.json, in one piece. Without a directory it does nothing. */
int output_json(const struct output *output, const char *name, json_t *json,
                struct err *err);

/* Closes; fine for all zeros. -1 if something did not reach the disk. */
int output_close(struct output *output, struct err *err);

#endif
