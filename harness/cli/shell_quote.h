/* shell_quote.h - text in a shell script. */
#ifndef HARNESS_CLI_SHELL_QUOTE_H
#define HARNESS_CLI_SHELL_QUOTE_H

#include <stdio.h>

/* Writes a text as one word of a shell, in single quotes. */
void shell_quote(FILE *out, const char *text);

#endif
