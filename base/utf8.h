/* utf8.h - recognising UTF-8 in arbitrary bytes. File names may contain any bytes; XML
 * and JSON must be valid UTF-8. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdio.h>

/* The length of the first character of `text`: 1 to 4 bytes; 0 if it is not UTF-8, or at
 * the end of the text. */
size_t utf8_length(const char *text);

/* Writes one character, of `length` bytes, escaped as the format requires. */
typedef void utf8_write_fn(FILE *out, const char *character, size_t length);

/* Writes a text character by character. A byte that is not UTF-8 is written as '?'. */
void utf8_write(FILE *out, const char *text, utf8_write_fn *write);

#endif
