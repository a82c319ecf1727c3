/* troff.h - text in a man page, escaped for groff and mandoc. */
#ifndef HARNESS_CLI_TROFF_H
#define HARNESS_CLI_TROFF_H

#include <stdio.h>

/* How a text is put on lines. */
enum troff_form {
    TROFF_FILLED,   /* a paragraph: the formatter breaks lines */
    TROFF_VERBATIM, /* each line as it is; between .nf and .fi */
    TROFF_ARGUMENT, /* one line, also inside the double quotes of a macro's argument */
};

/* Writes a text so that the page shows its characters and obeys none of them. A part
 * `in backquotes` is bold, except in an argument. A control character and a byte that is
 * not UTF-8 are shown as '?'. Ends without a line end. */
void troff_write(FILE *out, const char *text, enum troff_form form);

#endif
