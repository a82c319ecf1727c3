/* intern.h - string interning: one copy per distinct text, so that equal texts have the
 * same address. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include "base/err.h"

struct intern; /* opaque */

/* Owner: the caller, intern_close(). NULL: no memory. */
struct intern *intern_open(struct err *err);

/* The one copy of a text, valid until intern_close(). NULL: no memory. */
const char *intern_text(struct intern *intern, const char *text, struct err *err);

void intern_close(struct intern *intern); /* NULL is fine */

#endif
