/* request_rows.h - the rows of a requests.csv, read back one by one. */
#ifndef ANALYSIS_ROWS_REQUEST_ROWS_H
#define ANALYSIS_ROWS_REQUEST_ROWS_H

#include "analysis/rows/field.h"
#include "base/err.h"

/* Called with each row, one field per request_column; valid until the call returns. */
typedef int requests_each_fn(void *user, const struct field *fields, struct err *err);

/* Calls `each` with every row of a file. Columns are found by their names; unknown ones
 * are ignored, missing ones are absent, but round, strategy, level and begin_us are
 * required. An incomplete last line, which a crash leaves, is ignored. */
int requests_each(const char *path, requests_each_fn *each, void *user, struct err *err);

/* The value; "" or NAN where it is absent. request_number() also reads a count. */
const char *request_text(const struct field *fields, enum request_column column);
double request_number(const struct field *fields, enum request_column column);
uint64_t request_count(const struct field *fields, enum request_column column);

#endif
