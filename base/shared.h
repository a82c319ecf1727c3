/* shared.h - memory that several processes see, also across exec().
 *
 * A memfd mapped MAP_SHARED: a process forked later shares it as it stands, and one that
 * was exec'd maps it again from the inherited descriptor. It begins as zeros and vanishes
 * with its last user, however that ends. Its size is sealed: no process that has it can
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

/* `name` is for people who look into /proc only. */
int shared_create(struct shared *shared, const char *name, size_t size_bytes,
                  struct err *err);

/* Maps the whole of an inherited descriptor, which is owned from then on. */
int shared_map(struct shared *shared, int fd, struct err *err);

/* Unmaps and closes; also for one that is all zeros or half-made. */
void shared_close(struct shared *shared);

#endif
