/* variant.h - a named environment in which cells run, for example with another libcurl by
 * LD_LIBRARY_PATH. A variant only sets variables of the cell's process; one of them,
 * BENCH_PROGRAM, names another build of bench to run the cell. */
#ifndef HARNESS_PLAN_VARIANT_H
#define HARNESS_PLAN_VARIANT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { VARIANT_SETTINGS_MAX = 16, VARIANT_NAME_MAX = 32 };

struct variant {
    const char *name;
    char *settings[VARIANT_SETTINGS_MAX]; /* "VAR=VALUE"; owned */
    size_t setting_count;
    char *owned_name; /* NULL: the name is a constant */
};

/* The variant of a plan that names none: the environment as it is. */
extern const struct variant variant_default;

/* Reads NAME:VAR=VALUE[,VAR=VALUE...]; NAME: and NAME leave the environment as it is. A
 * comma separates only where VAR= follows, spaces ignored, so that values may have
 * commas. Owner: the caller, variant_free(). */
int variant_parse(struct variant *variant, const char *text, struct err *err);
void variant_free(struct variant *variant); /* fine for all zeros */

/* The same in two steps: a variant of this name, and one more "VAR=VALUE" for it. After
 * -1 from the first there is nothing to free. */
int variant_named(struct variant *variant, const char *name, struct err *err);
int variant_add(struct variant *variant, const char *setting, struct err *err);

/* The same name and the same settings in the same order? */
bool variant_equal(const struct variant *a, const struct variant *b);

/* The program of its cells, borrowed; NULL: the one that is running. */
const char *variant_program(const struct variant *variant);

/* -1 if its program does not exist or cannot be executed. */
int variant_check(const struct variant *variant, struct err *err);

/* This process's environment with the settings put in, in the form of environ(7). The
 * texts are borrowed; free() the array. NULL: no memory. */
char **variant_environment(const struct variant *variant, struct err *err);

#endif
