/* failure.h - why a fetch failed, with what to do about it where that is known. */
#ifndef HARNESS_VALIDITY_FAILURE_H
#define HARNESS_VALIDITY_FAILURE_H

#include "fetch/result.h"

enum { FAILURE_TEXT_SIZE = 200 };

/* Returns `text`. */
const char *failure_text(const struct fetch_result *result, char text[FAILURE_TEXT_SIZE]);

#endif
