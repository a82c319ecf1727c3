/* row.h - one row of runs.csv: a value for each column, or none. */
#ifndef ANALYSIS_ROWS_ROW_H
#define ANALYSIS_ROWS_ROW_H

#include <stdint.h>
#include <stdio.h>

#include "analysis/rows/field.h"
#include "base/err.h"

struct row {
    struct field fields[COLUMN_COUNT];
};

/* As the functions of field.h, on the field of a column. */
void row_set_text(struct row *row, enum column column, const char *text);
void row_set_count(struct row *row, enum column column, uint64_t count);
void row_set_number(struct row *row, enum column column, double number);

/* The value; "", 0 or NAN where it is absent. row_number() also reads a count. */
const char *row_text(const struct row *row, enum column column);
uint64_t row_count(const struct row *row, enum column column);
double row_number(const struct row *row, enum column column);

int row_parse(struct row *row, enum column column, const char *text, struct err *err);

/* Write the header, or one row, as in RFC 4180 but with a plain newline. A row goes out
 * in one piece and is flushed. */
int row_write_header(FILE *out, struct err *err);
int row_write(FILE *out, const struct row *row, struct err *err);

/* A field as messages show it: a text in quotes, a number, or "absent". Returns
 * `text`. */
enum { ROW_VALUE_SIZE = 64 };
const char *row_value_text(const struct row *row, enum column column,
                           char text[ROW_VALUE_SIZE]);

#endif
