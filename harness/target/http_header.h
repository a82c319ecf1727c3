/* http_header.h - headers of the user's own, "Name: value". */
#ifndef HARNESS_TARGET_HTTP_HEADER_H
#define HARNESS_TARGET_HTTP_HEADER_H

#include <stdbool.h>

#include "base/err.h"

/* 0 if it can be sent with every request. Fails, in words, for what is no header and for
 * those that say how the request is sent, which is what is measured. */
int http_header_check(const char *header, struct err *err);

/* True when both have the same name. */
bool http_header_same_name(const char *a, const char *b);

/* True when its value is the mask below. */
bool http_header_is_masked(const char *header);

/* What is recorded of an argument of the command line, "Name: value" or with "--header="
 * before it: itself; but where the name says that the value is a secret, such as
 * Authorization or Cookie, "****" in its place. Owner: the caller, free(). NULL for want
 * of memory. */
char *http_header_masked(const char *argument);

#endif
