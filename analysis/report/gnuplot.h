/* gnuplot.h - running gnuplot, and texts as it reads them. */
#ifndef ANALYSIS_REPORT_GNUPLOT_H
#define ANALYSIS_REPORT_GNUPLOT_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* Writes a foreign text as a string of gnuplot, with its quotes: it can neither end the
 * string nor run a command, and shows no control character. Cut off to fit. */
enum { GNUPLOT_TEXT_SIZE = 512 };
void gnuplot_text(FILE *out, const char *text);

/* Runs gnuplot on a script that writes one picture to its standard output, and returns
 * the picture in `*picture`, which the caller frees. No shell, no start-up file and no
 * file of a known name is involved. -1: gnuplot is not installed, or failed. */
int gnuplot_run(const char *script, size_t script_size, char **picture, size_t *size,
                struct err *err);

#endif
