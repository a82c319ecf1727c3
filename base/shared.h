/* shared.h - memory that several processes share, also across exec().
 *
 * A memfd mapped MAP_SHARED: a process forked later shares it directly, and an exec'd one
 * maps it again from the inherited descriptor. It starts as zeros and vanishes with its
 * last user, however that process ends. Its size is sealed: no process that has it can
 * shrink it, so that reading within `size_bytes` never fails. */
#ifndef BASE_SHARED_H
#define BASE_SHARED_H

#include <stddef.h>

#include "base/err.h"

struct shared {
    void *memory; /* NULL when not mapped */
    size_t size_bytes;
    int fd; /* close-on-exec; owned */
};

/* `name` only appears in /proc. */
int shared_create(struct shared *shared, const char *name, size_t size_bytes,
                  struct err *err);

/* Maps an inherited descriptor as a whole and takes ownership of it. */
int shared_map(struct shared *shared, int fd, struct err *err);

/* Unmaps and closes; also one that is all zeros or incomplete. */
void shared_close(struct shared *shared);

#endif
