/* text.h - building text, of any length in memory or in a given buffer. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* A text that grows as it is written to `out`. It must not be moved while it is open. */
struct text {
    FILE *out; /* for fprintf() and the like; ftell() works */
    char *bytes;
    size_t used, room;
};

/* -1: no memory, and nothing to close. */
int text_open(struct text *text, struct err *err);

/* Ends the writing and returns the text, terminated by a zero byte, with its length in
 * `*size` unless `size` is NULL; the caller frees it. NULL: a write failed, whether its
 * result was checked or not, and nothing is left. */
char *text_close(struct text *text, size_t *size, struct err *err);

/* Ends the writing and discards the text. */
void text_drop(struct text *text);

/* Appends to the text in `buffer`, which has `size` bytes. False: it did not fit and was
 * cut off. */
bool text_append(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for an item of a list: writes ", " before every item but the first. */
bool text_append_item(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The word for `count` things: `one` for 1, else `many`. */
const char *plural(size_t count, const char *one, const char *many);

/* Takes the next item of a comma list from `*rest`, which it modifies, without the spaces
 * around the item. After the last item `*rest` is NULL; then the result is NULL. */
char *text_take_item(char **rest);

#endif
