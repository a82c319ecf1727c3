/* bounds.h - the bounds on the counts of a row whose failed requests are allowed. A
 * request that failed may have reached the origin or not, so the counts need not be
 * equal, but they still bound each other. */
#ifndef HARNESS_VALIDITY_BOUNDS_H
#define HARNESS_VALIDITY_BOUNDS_H

#include "harness/validity/evidence.h"

/* Returns true, and sets the verdict, if a count is beyond its bound. */
bool bounds_are_exceeded(const struct evidence *the, struct verdict *verdict);

#endif
