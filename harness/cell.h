/* cell.h - one cell in a fresh process of its own.
 *
 * The harness writes a request into shared memory and starts this same program again as
 * `bench cell`; that process runs the strategy and leaves its report in the same memory.
 * No strategy inherits another's heap, caches or peak memory; and what a crashed cell had
 * done until then can still be read. */
#ifndef HARNESS_CELL_H
#define HARNESS_CELL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/shared.h"
#include "base/usage.h"
#include "fetch/policy.h"
#include "fetch/work.h"

enum { CELL_NAME_SIZE = 64, CELL_VERSION_SIZE = 64 };

/* What the cell's process is to do. Plain data. */
struct cell_request {
    uint64_t memory_bytes; /* sizeof(struct cell_memory): another build would differ */
    pid_t harness;         /* the cell must not outlive it */
    char strategy[CELL_NAME_SIZE];
    unsigned level;
    struct fetch_policy policy;
};

/* How far it came. */
enum cell_stage { CELL_NOT_STARTED, CELL_STARTED, CELL_OPENED, CELL_RAN, CELL_CLOSED };

/* What it found. Each group is there from the stage that it names. Plain data. */
struct cell_report {
    uint32_t stage; /* enum cell_stage */

    char libcurl_version[CELL_VERSION_SIZE]; /* STARTED */
    char tls_version[CELL_VERSION_SIZE];
    char libevent_version[CELL_VERSION_SIZE];

    uint64_t setup_ns; /* OPENED */

    uint64_t run_ns;    /* RAN */
    struct usage usage; /* over setup and run, all processes */
    uint64_t peak_rss_bytes;
    uint64_t threads, processes;

    uint64_t teardown_ns; /* CLOSED */

    bool failed; /* the machinery failed; `failure` says how */
    struct err failure;
};

struct cell_memory {
    struct cell_request request;
    struct cell_report report;
    struct usage shares[]; /* `request.level` of them, for worker processes */
};

enum cell_end {
    CELL_ENDED,       /* by itself; the report is complete */
    CELL_CRASHED,     /* `end_text` says how */
    CELL_HUNG,        /* killed at its deadline */
    CELL_INTERRUPTED, /* killed because the harness was interrupted */
};

/* -- in the harness ------------------------------------------------------------ */

/* Runs `request` over armed `work`, at most until clock_ns() reaches `deadline_ns`, and
 * leaves no process of it behind. `memory` comes back mapped, with the report; the caller
 * closes it. -1 only if the cell could not be started at all. */
int cell_run(const struct cell_request *request, const struct work *work,
             uint64_t deadline_ns, struct shared *memory, enum cell_end *end,
             struct err *end_text, struct err *err);

/* -- in the cell's process ----------------------------------------------------- */

/* The whole life of `bench cell MEMORY_FD WORK_FD`; returns its exit status. */
int cell_main(int memory_fd, int work_fd, struct err *err);

#endif
