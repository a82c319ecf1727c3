/* row.h - one row of runs.csv: a value for each column, or none. */
#ifndef RESULTS_ROW_H
#define RESULTS_ROW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "results/column.h"

struct field {
    bool present; /* absent stays absent: an empty field, never 0 */
    union {
        const char *text; /* borrowed */
        uint64_t count;
        double number; /* seconds, microseconds, per second */
    };
};

struct row {
    struct field fields[COLUMN_COUNT];
};

/* Each is for columns of its own type; the wrong type is a mistake in the program and
 * leaves the field empty. An empty text and a number that is not finite are absent too.
 */
void row_set_text(struct row *row, enum column column, const char *text);
void row_set_count(struct row *row, enum column column, uint64_t count);
void row_set_number(struct row *row, enum column column, double number);

/* The value, or what stands for an absent one: "", 0 and NAN. row_number() also reads a
 * count. */
const char *row_text(const struct row *row, enum column column);
uint64_t row_count(const struct row *row, enum column column);
double row_number(const struct row *row, enum column column);

/* Sets a column from its text in a file; the text is borrowed. Empty is absent. */
int row_parse(struct row *row, enum column column, const char *text, struct err *err);

/* Writes the header and one row as RFC 4180 has them, with a plain newline. A row goes
 * out in one piece and is flushed. */
int row_write_header(FILE *out, struct err *err);
int row_write(FILE *out, const struct row *row, struct err *err);

#endif
