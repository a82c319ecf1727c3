/* field.h - one value of a row, or none, for any list of columns; and a line of them. */
#ifndef ANALYSIS_ROWS_FIELD_H
#define ANALYSIS_ROWS_FIELD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "analysis/rows/column.h"
#include "base/err.h"

struct field {
    bool present; /* absent stays absent: an empty field, never 0 */
    union {
        const char *text; /* borrowed */
        uint64_t count;
        double number; /* seconds, microseconds, per second */
    };
};

/* Each is for columns of one type; a wrong type is a programming error and leaves the
 * field unchanged. An empty text and a number that is not finite are absent too. */
void field_set_text(struct field *field, const struct column_info *column,
                    const char *text);
void field_set_count(struct field *field, const struct column_info *column,
                     uint64_t count);
void field_set_number(struct field *field, const struct column_info *column,
                      double number);

/* Sets it from its text in a file; the text is borrowed. Empty is absent. */
int field_parse(struct field *field, const struct column_info *column, const char *text,
                struct err *err);

/* Writes a line as in RFC 4180, but with a plain newline: the names of the columns, or
 * one field for each of them. Failures show in ferror(). */
void fields_write_header(FILE *out, const struct column_list *list);
void fields_write(FILE *out, const struct column_list *list, const struct field *fields);

#endif
