/* terminal.h - writing foreign text to a terminal without its control characters. All
 * text from files, servers and command lines that is printed for people goes through
 * here. */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* Writes a text and replaces by '?' every character that a terminal may interpret:
 * control characters (C0, DEL, C1), line ends, characters that change the writing
 * direction, and bytes that are not UTF-8. NULL writes nothing. */
void terminal_write(FILE *out, const char *text);

/* The same as a copy, for a format with a width; cut off to fit `size`. Returns
 * `copy`. */
const char *terminal_text(const char *text, char *copy, size_t size);

/* The last line of `text` that is not empty, likewise copied; "" if there is none. CR
 * ends a line too. Returns `line`. */
const char *terminal_last_line(const char *text, char *line, size_t size);

/* Like terminal_write(), but keeps '\n': for our own text of several lines with foreign
 * parts. */
void terminal_write_lines(FILE *out, const char *text);

/* Writes lines, each broken at spaces so that it has at most `columns` characters, with
 * `indent` spaces before it and two more before a continuation. A word that is longer
 * stays whole. ASCII texts. */
void terminal_wrap(FILE *out, const char *lines, unsigned columns, unsigned indent);

/* How many characters a line of `out` has: those of the terminal; else of the environment
 * variable COLUMNS, or TERMINAL_COLUMNS. */
enum { TERMINAL_COLUMNS = 100 };
unsigned terminal_columns(FILE *out);

/* Whether the user's locale is one of UTF-8, by the text of LC_ALL, LC_CTYPE or LANG, the
 * first of them that is set: this program stays in the C locale. */
bool terminal_takes_utf8(void);

/* Whether `out` is a terminal that obeys escape sequences: not if TERM is unset or dumb.
 */
bool terminal_obeys(FILE *out);

#endif
