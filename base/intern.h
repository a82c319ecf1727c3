/* intern.h - texts of which each is kept once, so that equal ones have one address. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include "base/err.h"

struct intern; /* opaque */

/* Owner: the caller, intern_close(). NULL without memory. */
struct intern *intern_open(struct err *err);

/* The kept copy of a text, until intern_close(). NULL without memory. */
const char *intern_text(struct intern *intern, const char *text, struct err *err);

void intern_close(struct intern *intern); /* NULL is fine */

#endif
