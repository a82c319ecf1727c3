/* measure.h - measures one cell: a fresh origin, the cell's process, and the evidence of
 * each witness. */
#ifndef HARNESS_CELL_MEASURE_H
#define HARNESS_CELL_MEASURE_H

#include "fetch/work.h"
#include "harness/cell/cell.h"
#include "harness/machine/kernel.h"
#include "harness/plan/plan.h"
#include "origin/process.h"

enum { MEASUREMENT_ADDRESS_SIZE = 16 };

/* The processes and memory of a cell while its level is in flight, see memory_probe.h. */
struct memory_probe {
    struct err failure; /* "", or why the requested figures are not known */
    bool known;
    uint64_t processes, threads;
    uint64_t peak_rss_bytes, pss_bytes;
};

/* The state that the cells of a plan share. */
struct measurer {
    const struct plan *plan; /* borrowed */
    struct page_set *pages;  /* of the embedded origin */
    struct ca *ca;           /* of its certificates; NULL: no TLS */
    struct fetch_policy policy;
    uint32_t next_address;   /* the host part of the next origin's 127.x.y.z */
    struct cell_lines lines; /* of standard error; the caller may name who gets them */
};

/* The evidence of all witnesses for one cell, before it is judged. */
struct measurement {
    enum cell_end end;
    struct err end_text;                /* unless CELL_ENDED */
    struct memory_probe memory_probe;   /* of the same cell in a separate pass */
    struct cell_report report;          /* the cell's own */
    const struct fetch_result *results; /* one per request */
    size_t result_count;
    struct fetch_result *owned_results; /* the same; NULL: `results` is borrowed */
    bool slots_full;        /* there was no room for more results than these */
    struct err overwritten; /* "", or why the report or results are invalid */
    bool has_origin;
    const struct origin_stats *origin; /* borrowed from `origin_process` */
    struct err origin_failure;         /* "" if it served to the end */
    struct kernel_counters kernel;     /* added while the cell ran */
    int64_t time_wait_before;          /* -1: not known */
    struct cell_stops {
        unsigned count;
        uint64_t stopped_ns;
    } stops[CELL_PART_COUNT]; /* processes that were stopped meanwhile */

    struct work *work;
    struct cell_lines *lines;               /* borrowed from the measurer */
    char address[MEASUREMENT_ADDRESS_SIZE]; /* of the origin */
    struct origin_options origin_options;   /* point to it: no measurement is copied */
    const struct page_set *pages;           /* borrowed from the measurer */
    struct origin_process origin_process;
};

/* Prepares for all cells of the plan: the pages of its origins, and a CA. Close it also
 * on -1. */
int measurer_open(struct measurer *measurer, const struct plan *plan, struct err *err);
void measurer_close(struct measurer *measurer); /* fine for all zeros */

/* How long the cell may make no progress before it counts as hung. */
uint64_t measure_patience_ns(const struct plan *plan, const struct cell *cell);

/* Measures one cell. A cell that fails is in the measurement; -1 means that nothing can
 * be measured on this machine. Free it with measurement_free(). */
int measure_cell(struct measurer *measurer, const struct cell *cell,
                 struct measurement *measurement, struct err *err);
void measurement_free(struct measurement *measurement);

/* -- its steps, for a memory probe --------------------------------------------------- */

/* The request for the cell's process. */
struct cell_request measurer_request(const struct measurer *measurer,
                                     const struct cell *cell);

/* Opens the port of the cell's origin, which is to behave like `origin`, at an address
 * chosen here, and makes the cell's supply. Free it with measurement_free(), also on -1.
 */
int measurement_prepare(struct measurement *measurement, struct measurer *measurer,
                        const struct cell *cell, const struct behaviour *origin,
                        bool at_once, struct err *err);

/* Starts the cell's process, and its origin while that process loads its libraries. The
 * caller releases the cell, and closes it. */
int measurement_start(struct measurement *measurement, const struct cell *cell,
                      const struct cell_request *request, struct running_cell *running,
                      struct err *err);

#endif
