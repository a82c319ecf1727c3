/* level_check.h - whether the level was in flight, and only while the clock ran. Each
 * returns true, and sets the verdict, if the row is not valid. */
#ifndef HARNESS_VALIDITY_LEVEL_CHECK_H
#define HARNESS_VALIDITY_LEVEL_CHECK_H

#include "harness/validity/evidence.h"

/* More than the level was in flight, by the stamps of the client if it has them. */
bool level_check_exceeds(const struct evidence *the, struct verdict *verdict);

/* Another number than the level was in flight. */
bool level_check_differs(const struct evidence *the, struct verdict *verdict);

/* A program fetched before its clock started. */
bool level_check_before_go(const struct evidence *the, struct verdict *verdict);

/* The model waited for responses before it sent further requests of its level. */
bool level_check_held_back(const struct evidence *the, struct verdict *verdict);

#endif
