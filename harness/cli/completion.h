/* completion.h - completion for bash, from the commands and their tables of options. */
#ifndef HARNESS_CLI_COMPLETION_H
#define HARNESS_CLI_COMPLETION_H

#include <stdio.h>

/* Prints a script that bash reads, which needs nothing but bash. */
void completion_print(FILE *out);

#endif
