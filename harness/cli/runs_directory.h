/* runs_directory.h - the directory of the runs that a command was given. */
#ifndef HARNESS_CLI_RUNS_DIRECTORY_H
#define HARNESS_CLI_RUNS_DIRECTORY_H

#include <stdio.h>

/* Writes the directory of a runs.csv, or the directory itself, with '/' behind it;
 * nothing for a file in the present one. */
void runs_directory_write(FILE *out, const char *runs);

#endif
