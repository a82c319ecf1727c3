/* records.h - reading a CSV file of any size, some records at a time. */
#ifndef ANALYSIS_ROWS_RECORDS_H
#define ANALYSIS_ROWS_RECORDS_H

#include "analysis/rows/csv.h"

/* Reads records until csv_read() returns 0. The records and their fields are valid until
 * the call returns. */
typedef int records_part_fn(void *user, struct csv_reader *reader, struct err *err);

/* Calls `read` with one part of a file after another, each of whole records; a file may
 * be larger than the memory. Stops at the first -1. The message begins with the path. */
int records_each_part(const char *path, records_part_fn *read, void *user,
                      struct err *err);

#endif
