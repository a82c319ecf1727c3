/* point.h - the point at which a cell is measured: its rate where requests become due at
 * planned moments, else its level. Cells differ in strategy, point and variant. */
#ifndef ANALYSIS_ROWS_POINT_H
#define ANALYSIS_ROWS_POINT_H

#include "analysis/rows/request_rows.h"
#include "analysis/rows/row.h"

enum point_kind { POINT_LEVEL, POINT_RATE };

enum point_kind row_point_kind(const struct row *row);
uint64_t row_point(const struct row *row);

/* The same of a row of requests.csv. */
enum point_kind request_point_kind(const struct field *fields);
uint64_t request_point(const struct field *fields);

/* "level" or "rate"; "levels" or "rates". */
const char *point_word(enum point_kind kind);
const char *point_words(enum point_kind kind);

/* The column that has it, as a key of exports: "level" or "rate_rps". */
const char *point_key(enum point_kind kind);

/* "500" or "2000/s". Returns `text`. */
enum { POINT_TEXT_SIZE = 24 };
const char *point_text(enum point_kind kind, uint64_t point, char text[POINT_TEXT_SIZE]);

#endif
