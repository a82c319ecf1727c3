/* output.h - where a sweep leaves its rows: runs.csv and env.json in a directory, or CSV
 * in one file or on standard output. */
#ifndef HARNESS_OUTPUT_H
#define HARNESS_OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "base/err.h"
#include "results/row.h"

struct output {
    char *dir;            /* NULL: no directory is written */
    FILE *runs;           /* runs.csv in it; NULL: none */
    FILE *csv;            /* what --csv asked for; NULL: nothing */
    const char *csv_path; /* of that, for words; borrowed */
};

/* Opens what was asked for: `dir` (NULL: none), `csv_path` (NULL: none, "-": standard
 * output), and writes the header. With neither, the directory is results/<UTC time>.
 * Never overwrites a runs.csv. On -1 nothing is left open. */
int output_open(struct output *output, const char *dir, const char *csv_path,
                int64_t wall_s, struct err *err);

/* Writes and flushes one row everywhere. */
int output_row(struct output *output, const struct row *row, struct err *err);

/* Writes env.json, in one piece, over an earlier one. Without a directory it does
 * nothing. */
int output_env(const struct output *output, const json_t *env, struct err *err);

/* Closes; fine for all zeros. -1 if something did not reach the disk. */
int output_close(struct output *output, struct err *err);

#endif
