/* http_header.h - the user's request headers, "Name: value". */
#ifndef HARNESS_TARGET_HTTP_HEADER_H
#define HARNESS_TARGET_HTTP_HEADER_H

#include <stdbool.h>

#include "base/err.h"

/* Fails for a text that is not a header, and for headers that change how the request is
 * sent, which is under test. */
int http_header_check(const char *header, struct err *err);

/* True when both have the same name. */
bool http_header_same_name(const char *a, const char *b);

/* True when its value is the mask of http_header_masked(). */
bool http_header_is_masked(const char *header);

/* The form in which a header is recorded, "Name: value" or with "--header=" before it:
 * unchanged, or with "****" as its value if the name suggests a secret, such as
 * Authorization or Cookie. Owner: the caller, free(). NULL: no memory. */
char *http_header_masked(const char *argument);

#endif
