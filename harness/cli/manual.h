/* manual.h - the man page bench(1), from the commands and their tables of options. */
#ifndef HARNESS_CLI_MANUAL_H
#define HARNESS_CLI_MANUAL_H

#include <stdio.h>

void manual_print(FILE *out);

#endif
