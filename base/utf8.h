/* utf8.h - which bytes are text. File names may contain any bytes; XML and JSON must be
 * valid UTF-8. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdio.h>

/* How many bytes the first character of `text` has: 1 to 4; 0 when they are no UTF-8, or
 * when the text is over. */
size_t utf8_length(const char *text);

/* Writes one character, of `length` bytes, in the way of some format. */
typedef void utf8_write_fn(FILE *out, const char *character, size_t length);

/* Writes a text character by character. A byte that is no UTF-8 is written as '?'. */
void utf8_write(FILE *out, const char *text, utf8_write_fn *write);

#endif
