/* guarded.h - runs foreign code in a child process: there, a crash, an exit and a hang
 * are a message for the caller, and its output disturbs no other. */
#ifndef BASE_GUARDED_H
#define BASE_GUARDED_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct guarded {
    /* Runs in the child, with `memory_bytes` of zeros that the caller gets a copy of. */
    void (*run)(void *memory, const void *argument);
    const void *argument;
    size_t memory_bytes;
    uint64_t limit_ns;    /* after this time the child is killed */
    const sigset_t *mask; /* of signals, in the child and while the caller waits; NULL:
                             unchanged */
};

enum guarded_end {
    GUARDED_RETURNED,    /* run() returned */
    GUARDED_DIED,        /* it did not: "crashed with signal 11 (Segmentation fault)" */
    GUARDED_INTERRUPTED, /* the caller has handled a signal */
    GUARDED_NOT_STARTED, /* there was no child */
};

/* Runs it and waits for its end. Copies its memory to `*memory` unless there was no
 * child. Kills all that the child has started. The caller
 * must not have other threads. The message of GUARDED_DIED is a predicate without a
 * subject, and quotes the last line that was written to standard error. */
enum guarded_end guarded_run(const struct guarded *guarded, void *memory,
                             struct err *err);

#endif
