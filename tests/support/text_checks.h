/* text_checks.h - questions about a text that was written. */
#ifndef TESTS_SUPPORT_TEXT_CHECKS_H
#define TESTS_SUPPORT_TEXT_CHECKS_H

#include <stddef.h>

/* How often a part stands in a text. */
size_t count_of(const char *text, const char *part);

/* The characters of the longest line. */
size_t longest_line(const char *text);

#endif
