/* program.h - running another program as a filter, without a shell. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stddef.h>

#include "base/err.h"

struct program_output {
    char *bytes; /* its standard output; owned by the caller, free() */
    size_t size;
};

/* Runs argv[0], searched in PATH, with these bytes as its standard input, and waits for
 * its end. `package` is the Debian package to install if it is not there. -1: it is not
 * there, failed (the message ends with the last line that it wrote to standard error), or
 * there is no memory. */
int program_filter(const char *const argv[], const char *package, const char *bytes,
                   size_t size, struct program_output *output, struct err *err);

#endif
