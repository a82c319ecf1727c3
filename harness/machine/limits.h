/* limits.h - what this machine allows this process, and how much of it is taken already.
 */
#ifndef HARNESS_MACHINE_LIMITS_H
#define HARNESS_MACHINE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum { LIMIT_NAME_SIZE = 576 };

/* What a person types to raise a limit, with its name. */
enum limit_raise {
    RAISE_NOT,    /* it is what the machine has */
    RAISE_SYSCTL, /* sysctl -w NAME=NUMBER */
    RAISE_SHELL,  /* NAME NUMBER */
    RAISE_FILE,   /* echo NUMBER >NAME */
};

/* A limit on something that is shared with others; all zeros: none is known. */
struct limit {
    bool known;
    uint64_t max, used;
    enum limit_raise raise;
    char name[LIMIT_NAME_SIZE]; /* "kernel.pid_max", or a file of a control group */
};

/* What may still be taken. */
uint64_t limit_left(const struct limit *limit);

struct machine_limits {
    uint64_t descriptors; /* of one process */
    struct limit tasks;   /* threads and processes: of several limits the tightest */
    struct limit memory;  /* in bytes, likewise */
    struct limit address_space; /* of one process, in KiB; used: by this one */
    bool no_pidfds;             /* pidfd_open(2) is refused, as some sandboxes do */

    /* TCP in this network namespace; 0: not known. */
    uint64_t ports;     /* that clients have towards one address and port */
    uint64_t somaxconn; /* the longest queue of connections to be accepted */

    uint64_t memory_maps; /* of one process; 0: not known */

    /* A port in TIME_WAIT, which lasts a minute, may be used again after a second. */
    bool ports_reused_on_loopback, ports_reused;
};

/* Raises the soft limit of open files to the hard one, for this process and all that it
 * starts, and looks up what is allowed. */
struct machine_limits machine_limits_now(void);

/* The part of it that stands in files. `root` is put in front of /proc and /sys: "" for
 * this machine, a directory of synthetic files in tests. */
void machine_limits_read(struct machine_limits *limits, const char *root);

#endif
