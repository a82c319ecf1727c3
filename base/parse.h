/* parse.h - checked parsing of numbers and durations, and durations as text. */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include <stdint.h>

#include "base/err.h"

enum { DURATION_TEXT_SIZE = 32 };

/* A whole decimal number from `min` to `max`, nothing before or after it. On -1 the
 * message names the text and the range. */
int parse_count(const char *text, uint64_t min, uint64_t max, uint64_t *out,
                struct err *err);

/* Reads the first item of a list such as "0-2,5" at `*cursor`: a number up to `max`, or a
 * range of two that does not descend. Moves the cursor to the next item, or to the end of
 * the text. */
int parse_range(const char **cursor, uint64_t max, uint64_t *from, uint64_t *to,
                struct err *err);

/* A decimal number such as "0.052", as written by printf; nothing before or after it. */
int parse_number(const char *text, double *out, struct err *err);

/* A duration with its unit: "50ms", "1.5s", "200us", "100ns", "2m", "1h", or plain "0".
 * Exact to the nanosecond; finer fractions are refused rather than rounded. */
int parse_duration(const char *text, uint64_t *out_ns, struct err *err);

/* The shortest text that parse_duration() reads back as the same value: "50ms". */
const char *duration_text(uint64_t ns, char text[DURATION_TEXT_SIZE]);

#endif
