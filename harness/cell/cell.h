/* cell.h - one cell in a fresh process.
 *
 * The harness writes a request into shared memory and starts this same program again as
 * `bench cell`; that process runs the strategy and leaves its report in the same memory.
 * A variant may name another build of bench for that (variant_program()).
 * No strategy inherits another's heap, caches or peak memory, and the report of a crashed
 * cell can be read up to the crash. */
#ifndef HARNESS_CELL_CELL_H
#define HARNESS_CELL_CELL_H

#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/child.h"
#include "base/cpus.h"
#include "base/err.h"
#include "base/loaded.h"
#include "base/process_tree.h"
#include "base/shared.h"
#include "base/usage.h"
#include "fetch/policy.h"
#include "fetch/site.h"
#include "fetch/work.h"
#include "harness/cell/build.h"
#include "harness/cell/cell_lines.h"
#include "origin/stats.h"
#include "strategies/outside/program_line.h"
#include "strategies/outside/request.h"

#define CELL_MAGIC 0x6c6c656368636e62ull

enum { CELL_NAME_SIZE = 64, CELL_VERSION_SIZE = 64 };

/* The version of the memory's layout: add one when the same bytes change their meaning. A
 * change of size needs none, since the handshake compares sizes. */
enum { CELL_PROTOCOL = 2 };

/* How two builds of bench find out whether they agree on the memory's layout. Every build
 * begins the memory with it, so no field in here may ever move. */
struct cell_handshake {
    uint64_t memory_bytes; /* sizeof(struct cell_memory) and ... */
    uint64_t magic;
    uint32_t protocol;          /* ... CELL_PROTOCOL of the harness */
    uint32_t cell_protocol;     /* both of the cell, written by its process; ... */
    uint64_t cell_memory_bytes; /* ... 0: not written yet */
};

/* The task of the cell's process. Plain data. */
struct cell_request {
    pid_t harness; /* the cell must not outlive it */
    char strategy[CELL_NAME_SIZE];
    struct outside_request outside; /* where the strategy comes from, if from outside */
    unsigned level;
    unsigned rate;    /* 0: not at a rate */
    unsigned workers; /* that divide the level, for strategies that use them */
    struct fetch_policy policy;
    bool has_site;
    struct fetch_site site; /* of the policy, if has_site */
    bool pinned;
    struct cpus cpus; /* where it may run, if pinned */
};

/* How far the cell's process has got. */
enum cell_stage { CELL_NOT_STARTED, CELL_STARTED, CELL_OPENED, CELL_RAN, CELL_CLOSED };

/* The results of the cell's process. Each group is valid from the stage that it names on.
 * Plain data, without types such as bool that have invalid values: the harness reads it
 * even if the cell has overwritten it. */
struct cell_report {
    uint32_t stage; /* enum cell_stage */

    char libcurl_version[CELL_VERSION_SIZE]; /* STARTED */
    char tls_version[CELL_VERSION_SIZE];
    char libevent_version[CELL_VERSION_SIZE];
    struct loaded program, libcurl;
    char build[BUILD_TEXT_SIZE];
    uint32_t injected; /* not 0: BENCH_INJECT made its requests cost more */

    uint64_t setup_ns; /* OPENED */

    uint64_t run_ns;         /* RAN */
    uint64_t started_ns;     /* of work with times: when its clock started; else 0 */
    struct usage usage;      /* over setup and run, all processes */
    uint64_t peak_rss_bytes; /* 0: not known, since some processes are gone */

    uint64_t teardown_ns; /* CLOSED */

    /* Of a program from outside, from the stage at which each is known; else 0. */
    uint64_t start_ns;             /* OPENED: how long it took to get ready */
    uint64_t go_ns;                /* RAN: when its clock started */
    char told[PROGRAM_ERROR_SIZE]; /* RAN: its text of the failed request of the lowest
                                      index */

    uint32_t failed; /* not 0: the machinery failed, see `failure` */
    struct err failure;
};

struct cell_memory {
    struct cell_handshake handshake;
    sem_t released; /* shared: posted once the cell may begin */
    struct cell_request request;
    struct cell_report report;
    struct usage shares[]; /* `request.level` of them, for worker processes */
};

enum cell_end {
    CELL_ENDED,          /* it ended; the report is complete */
    CELL_CRASHED,        /* it died, or exited early */
    CELL_LEFT_PROCESSES, /* it ended and left processes behind, which were killed */
    CELL_HUNG,           /* killed, since it made no progress */
    CELL_INTERRUPTED,    /* killed because the harness was interrupted */
    CELL_STILL_RUNNING,
};

/* -- in the harness ------------------------------------------------------------ */

/* The parts of a cell that a signal may stop. */
enum cell_part { CELL_PART_ITSELF, CELL_PART_ORIGIN, CELL_PART_WORKERS, CELL_PART_COUNT };

/* A cell that was started. The harness does not trust it: the memory that it shares may
 * hold any bytes, and each is read once, into a copy. */
struct running_cell {
    bool is_outside; /* it may start processes that escape its group */
    /* Requests that it counts are progress too: those of a program are seen there alone.
     * Borrowed; the caller may set it. NULL: none. */
    const volatile struct origin_stats *witness;
    struct process_tree spared; /* our other children, if it is from outside */

    pid_t pid;               /* also of its process group; 0: nothing runs */
    uint64_t started_ns;     /* clock_ns() before there was a process */
    const char *program;     /* borrowed; NULL: this one */
    struct shared memory;    /* its struct cell_memory */
    struct shared wrote;     /* its standard error, CELL_LINES_BYTES of text */
    const struct work *work; /* borrowed */

    /* Where the lines of its standard error go when it is closed. Borrowed; the caller
     * may name one. */
    struct cell_lines *lines;

    /* Stops of the workers are noticed, to within a second, only while the cell makes no
     * progress. */
    struct child_stops stops[CELL_PART_COUNT];
};

/* Starts `request` over armed `work`, in `program` (NULL: this same one) with
 * `environment` in the form of environ(7). The process loads its libraries, and then
 * waits for cell_release(), so that the caller can start an origin meanwhile. On 0 the
 * caller closes it; on -1 there is nothing to close. */
int cell_start(struct running_cell *running, const struct cell_request *request,
               const char *program, char *const *environment, const struct work *work,
               struct err *err);

/* Names its origin, a child of the caller that was started after it: it is watched for
 * stops, and is not one of the cell's processes. */
int cell_set_origin(struct running_cell *running, pid_t origin, struct err *err);

/* Lets it begin; call it once. */
void cell_release(struct running_cell *running);

/* Waits for its end until clock_ns() reaches `until_ns`, and explains in `end_text` an
 * end that is neither CELL_ENDED nor CELL_STILL_RUNNING. No process of a cell that has
 * ended is left running. */
enum cell_end cell_poll(struct running_cell *running, uint64_t until_ns,
                        struct err *end_text);

/* Waits for its end. A cell that takes no item and reaches no stage for `patience_ns` is
 * hung. */
enum cell_end cell_wait(struct running_cell *running, uint64_t patience_ns,
                        struct err *end_text);

/* A copy of its report so far; call it before cell_close(). The copy may hold any bytes,
 * see report_check.h. */
struct cell_report cell_report_copy(const struct running_cell *running);

/* Kills its processes and frees everything; fine for all zeros. */
void cell_close(struct running_cell *running);

#endif
