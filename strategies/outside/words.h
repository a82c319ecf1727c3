/* words.h - splits a command into words, as a POSIX shell does, and expands nothing. */
#ifndef STRATEGIES_OUTSIDE_WORDS_H
#define STRATEGIES_OUTSIDE_WORDS_H

#include <stddef.h>

#include "base/err.h"

/* Writes each word of `command` into `words`, ended by a zero byte, and sets their
 * number. Spaces, tabs and line ends separate words. Within '...'
 * every byte is itself; within "..." a backslash quotes only ", \, $ and `; elsewhere it
 * quotes any byte, and a quoted line end vanishes, as in POSIX. -1: a quote is not
 * closed, the command ends with a backslash, has no word, or does not fit into `size`
 * bytes. */
int words_split(const char *command, char *words, size_t size, size_t *count,
                struct err *err);

#endif
