/* limits.h - the machine's limits for this process, and how much of each is in use. */
#ifndef HARNESS_MACHINE_LIMITS_H
#define HARNESS_MACHINE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum { LIMIT_NAME_SIZE = 576 };

/* The command that raises a limit, with its name. */
enum limit_raise {
    RAISE_NOT,    /* the machine has no more */
    RAISE_SYSCTL, /* sysctl -w NAME=NUMBER */
    RAISE_SHELL,  /* NAME NUMBER */
    RAISE_FILE,   /* echo NUMBER >NAME */
};

/* A limit on a shared resource; all zeros: no limit is known. */
struct limit {
    bool known;
    uint64_t max, used;
    enum limit_raise raise;
    char name[LIMIT_NAME_SIZE]; /* "kernel.pid_max", or a file of a control group */
};

/* How much is left. */
uint64_t limit_left(const struct limit *limit);

struct machine_limits {
    uint64_t descriptors; /* of one process */
    struct limit tasks;   /* threads and processes: of several limits the tightest */
    struct limit memory;  /* in bytes, likewise */
    struct limit address_space; /* of one process, in KiB; used: by this one */
    bool no_pidfds;             /* pidfd_open(2) is refused, as some sandboxes do */

    /* TCP in this network namespace; 0: not known. */
    uint64_t ports;     /* for connections of clients to one address and port */
    uint64_t somaxconn; /* the longest queue of connections to be accepted */

    uint64_t memory_maps; /* of one process; 0: not known */

    /* A port in TIME_WAIT, which lasts a minute, may be used again after a second. */
    bool ports_reused_on_loopback, ports_reused;
};

/* Raises the soft limit of open files to the hard one, for this process and all that it
 * starts, and reads all limits. */
struct machine_limits machine_limits_now(void);

/* The part of it that comes from files. `root` is put in front of /proc and /sys: "" for
 * this machine, a directory of synthetic files in tests. */
void machine_limits_read(struct machine_limits *limits, const char *root);

#endif
