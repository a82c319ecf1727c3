/* cell.h - one cell in a fresh process of its own.
 *
 * The harness writes a request into shared memory and starts this same program again as
 * `bench cell`; that process runs the strategy and leaves its report in the same memory.
 * A variant may name another build of bench for that (variant_program()).
 * No strategy inherits another's heap, caches or peak memory; and what a crashed cell had
 * done until then can still be read. */
#ifndef HARNESS_CELL_CELL_H
#define HARNESS_CELL_CELL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/child.h"
#include "base/cpus.h"
#include "base/err.h"
#include "base/loaded.h"
#include "base/shared.h"
#include "base/usage.h"
#include "fetch/policy.h"
#include "fetch/site.h"
#include "fetch/work.h"
#include "harness/cell/build.h"

#define CELL_MAGIC 0x6c6c656368636e62ull

enum { CELL_NAME_SIZE = 64, CELL_VERSION_SIZE = 64 };

/* Of what follows it in the memory: add one when the same bytes come to mean something
 * else. What another size shows need not be counted. */
enum { CELL_PROTOCOL = 2 };

/* How two builds of bench find out whether they mean the same by the same bytes. What the
 * memory begins with in every build, so nothing in here may ever move. */
struct cell_handshake {
    uint64_t memory_bytes; /* sizeof(struct cell_memory) and ... */
    uint64_t magic;
    uint32_t protocol;          /* ... CELL_PROTOCOL of the harness */
    uint32_t cell_protocol;     /* the same of the cell, written by its process ... */
    uint64_t cell_memory_bytes; /* ... 0: it has not come so far */
};

/* What the cell's process is to do. Plain data. */
struct cell_request {
    pid_t harness; /* the cell must not outlive it */
    char strategy[CELL_NAME_SIZE];
    unsigned level;
    unsigned workers; /* that divide the level, where a strategy has such */
    struct fetch_policy policy;
    bool has_site;
    struct fetch_site site; /* of the policy, if it has one */
    bool pinned;
    struct cpus cpus; /* where it may run, if it is pinned */
};

/* How far it came. */
enum cell_stage { CELL_NOT_STARTED, CELL_STARTED, CELL_OPENED, CELL_RAN, CELL_CLOSED };

/* What it found. Each group is there from the stage that it names. Plain data without
 * types that have invalid bytes, such as bool: the harness reads whatever is there. */
struct cell_report {
    uint32_t stage; /* enum cell_stage */

    char libcurl_version[CELL_VERSION_SIZE]; /* STARTED */
    char tls_version[CELL_VERSION_SIZE];
    char libevent_version[CELL_VERSION_SIZE];
    struct loaded program, libcurl;
    char build[BUILD_TEXT_SIZE];
    uint32_t injected; /* not 0: its requests cost more than they need, on purpose */

    uint64_t setup_ns; /* OPENED */

    uint64_t run_ns;         /* RAN */
    struct usage usage;      /* over setup and run, all processes */
    uint64_t peak_rss_bytes; /* 0: not known, some processes are gone */

    uint64_t teardown_ns; /* CLOSED */

    uint32_t failed; /* not 0: the machinery failed; `failure` says how */
    struct err failure;
};

struct cell_memory {
    struct cell_handshake handshake;
    struct cell_request request;
    struct cell_report report;
    struct usage shares[]; /* `request.level` of them, for worker processes */
};

enum cell_end {
    CELL_ENDED,          /* by itself; the report is complete */
    CELL_CRASHED,        /* it died, or left early */
    CELL_LEFT_PROCESSES, /* it ended and left processes behind, which were killed */
    CELL_HUNG,           /* killed, since it made no progress */
    CELL_INTERRUPTED,    /* killed because the harness was interrupted */
    CELL_STILL_RUNNING,
};

/* -- in the harness ------------------------------------------------------------ */

/* What may be stopped while a cell runs. */
enum cell_part { CELL_PART_ITSELF, CELL_PART_ORIGIN, CELL_PART_WORKERS, CELL_PART_COUNT };

/* A cell that was started. The harness does not trust it: the memory that it shares may
 * hold any bytes, and each is read once, into a copy. */
struct running_cell {
    pid_t pid;               /* also of its process group; 0: nothing runs */
    uint64_t started_ns;     /* clock_ns() before there was a process */
    const char *program;     /* borrowed; NULL: this one */
    struct shared memory;    /* its struct cell_memory */
    const struct work *work; /* borrowed */

    /* The caller may name the origin in it. Of the workers it is known when the cell
     * makes no progress, to a second. */
    struct child_stops stops[CELL_PART_COUNT];
};

/* Starts `request` over armed `work`, in `program` (NULL: this same one) with
 * `environment` in the form of environ(7). On 0 the caller closes it, on -1 there is
 * nothing to close. */
int cell_start(struct running_cell *running, const struct cell_request *request,
               const char *program, char *const *environment, const struct work *work,
               struct err *err);

/* Waits for its end until clock_ns() reaches `until_ns`, and says in `end_text` what came
 * if it is neither CELL_ENDED nor CELL_STILL_RUNNING. Nothing of a cell that has ended in
 * any way is left running. */
enum cell_end cell_poll(struct running_cell *running, uint64_t until_ns,
                        struct err *end_text);

/* The same to the end: a cell that takes no item and reaches no stage for as long as
 * `patience_ns` is hung. */
enum cell_end cell_wait(struct running_cell *running, uint64_t patience_ns,
                        struct err *end_text);

/* A copy of what it has reported until now; until cell_close(). See report_check.h for
 * what may be in it. */
struct cell_report cell_report_copy(const struct running_cell *running);

/* Kills what runs and gives everything back; also for one that is all zeros. */
void cell_close(struct running_cell *running);

#endif
