/* descriptors.h - closed standard streams, and room in the table of open files. */
#ifndef BASE_DESCRIPTORS_H
#define BASE_DESCRIPTORS_H

#include "base/err.h"

/* Opens /dev/null for each standard stream that is closed, so that no file opened later
 * is mistaken for one. */
int descriptors_fill_standard(struct err *err);

/* Makes room for `count` descriptors at once, or for as many as the limit allows.
 *
 * The kernel doubles a full table. When threads share it, the thread that fills it waits
 * for an RCU grace period, 5 to 20 ms, and so do all other threads that open a file. A
 * program that will have many descriptors in many threads calls this before it starts
 * them. */
void descriptors_reserve(unsigned count);

#endif
