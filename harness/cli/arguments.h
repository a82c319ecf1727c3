/* arguments.h - a command line that grows, for commands that run others. */
#ifndef HARNESS_CLI_ARGUMENTS_H
#define HARNESS_CLI_ARGUMENTS_H

#include <jansson.h>

#include "base/err.h"

struct arguments {
    char **items; /* NULL-terminated; owned, with their texts */
    int count;
};

/* Adds one, as printf() makes it. After a failure it does nothing, and arguments_check()
 * tells. */
void arguments_add(struct arguments *arguments, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds those of a list of texts, such as plan.arguments of env.json. */
void arguments_add_json(struct arguments *arguments, const json_t *list);

/* -1 if any could not be added for want of memory. */
int arguments_check(const struct arguments *arguments, struct err *err);

void arguments_free(struct arguments *arguments); /* fine for all zeros */

#endif
