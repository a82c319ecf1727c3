/* output.h - where a sweep leaves its rows: runs.csv and env.json in a directory, or CSV
 * in one file or on standard output. */
#ifndef HARNESS_SWEEP_OUTPUT_H
#define HARNESS_SWEEP_OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/rows/runs.h"
#include "base/err.h"

struct output {
    char *dir;            /* NULL: no directory is written */
    FILE *runs;           /* runs.csv in it, locked; NULL: none */
    long whole_bytes;     /* of it, up to the last whole row */
    bool begun_again;     /* runs.csv was there, without a row */
    FILE *csv;            /* what --csv asked for; NULL: nothing */
    const char *csv_path; /* of that, for words; borrowed */
};

/* Where the rows are to go. */
struct output_options {
    const char *dir;            /* NULL: none */
    const char *csv_path;       /* NULL: none; "-": standard output */
    const char *run_id;         /* for the name of a directory */
    const struct runs *earlier; /* the rows that are in `dir` already; NULL: it is new */
    int64_t earlier_bytes;      /* of runs.csv in `dir`, as far as it is to be kept */
};

/* Opens what was asked for and writes the header. With neither directory nor file, the
 * directory is results/<run id>. Never overwrites a row: an earlier runs.csv is gone on
 * with, and its rows go into the CSV file too. One that has no row is begun again. On -1
 * nothing is left open. */
int output_open(struct output *output, const struct output_options *options,
                struct err *err);

/* Writes and flushes one row everywhere. When that fails runs.csv has none of it. */
int output_row(struct output *output, const struct row *row, struct err *err);

/* Replaces plan.json or env.json, in one piece. Without a directory it does nothing. */
int output_json(const struct output *output, const char *name, json_t *json,
                struct err *err);

/* Closes; fine for all zeros. -1 if something did not reach the disk. */
int output_close(struct output *output, struct err *err);

#endif
