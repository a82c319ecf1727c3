/* text.h - putting text together: of any length in memory, or in a buffer that is there.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* A text that grows as it is written to `out`. It must not be moved while it is open. */
struct text {
    FILE *out; /* for fprintf() and whatever else writes to a FILE; ftell() works */
    char *bytes;
    size_t used, room;
};

/* -1: no memory; there is nothing to close then. */
int text_open(struct text *text, struct err *err);

/* Ends the writing. Hands the text over, terminated by a zero byte, with its length if
 * `size` is not NULL; the caller frees it. NULL: some write failed, also one whose result
 * was not looked at, and nothing is left. */
char *text_close(struct text *text, size_t *size, struct err *err);

/* Ends the writing and throws the text away. */
void text_drop(struct text *text);

/* Appends to the text that stands in `buffer`, which has `size` bytes. What has no room
 * is cut off; false then. */
bool text_append(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for an item of a list: ", " is put before every one but the first. */
bool text_append_item(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
