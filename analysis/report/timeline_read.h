/* timeline_read.h - reads the requests of the chosen cells of a requests.csv. */
#ifndef ANALYSIS_REPORT_TIMELINE_READ_H
#define ANALYSIS_REPORT_TIMELINE_READ_H

#include "analysis/report/timeline_choice.h"

/* Reads a requests.csv, or that of a directory or beside a runs.csv. Whether a round is
 * valid says the runs.csv beside it, if there is one; cells that have no row there were
 * cut off and are ignored. Without it a cell is valid if all its requests were. Owner:
 * the caller, timeline_free(), also after -1. */
int timeline_read(struct timeline *timeline, const char *path,
                  const struct timeline_choice *choice, struct err *err);

/* The path of the requests.csv that timeline_read() would read. Owner: the caller,
 * free(). NULL: it is not there, or no memory. */
char *timeline_requests_path(const char *path, struct err *err);

#endif
