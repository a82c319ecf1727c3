/* html_run.h - the conditions and the machine of a run in the HTML report. */
#ifndef ANALYSIS_REPORT_HTML_RUN_H
#define ANALYSIS_REPORT_HTML_RUN_H

#include <stdio.h>

#include "base/err.h"

/* Writes the conditions and the machine as the files beside the rows record them, what
 * distinguishes the strategies, and the command, if not NULL, that measures the same
 * again. -1: a file is damaged, or no memory. */
int html_run_write(const char *path, const char *command, FILE *out, struct err *err);

#endif
