/* memory_probe.c - see memory_probe.h. */
#include "harness/cell/memory_probe.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "harness/machine/procfs.h"
#include "harness/plan/outside.h"

/* Longer than any memory probe takes, so that no response and no timeout disturbs it. */
#define HOLD_NS (3600 * CLOCK_NS_PER_S)

/* How often bench checks whether the level has arrived, and how long it waits for another
 * request, while the cell may be creating workers, before it gives up. */
#define LOOK_EVERY_NS   CLOCK_NS_PER_MS
#define STALL_NS        (3 * CLOCK_NS_PER_S)
#define STALL_OF_ONE_NS (20 * CLOCK_NS_PER_MS)

/* How often a failing probe is taken. */
enum { ATTEMPTS = 2 };

/* A program may take `ready_ns` to get ready, and its driver ends it then. A request
 * before that is a mistake that its row tells. */
static enum cell_end wait_until_ready(struct running_cell *running,
                                      const volatile struct origin_stats *origin,
                                      uint64_t ready_ns, struct err *end_text)
{
    uint64_t until_ns = clock_ns() + ready_ns + STALL_NS;
    enum cell_end end = CELL_STILL_RUNNING;

    while (end == CELL_STILL_RUNNING && !origin->in_flight && clock_ns() < until_ns &&
           cell_report_copy(running).stage < CELL_OPENED)
        end = cell_poll(running, clock_ns() + LOOK_EVERY_NS, end_text);
    return end;
}

/* Waits until `level` requests are at the origin, or the cell ends, or no more come; of a
 * program after it is ready (`ready_ns`, else 0). */
static enum cell_end wait_for_level(struct running_cell *running, uint64_t ready_ns,
                                    const volatile struct origin_stats *origin,
                                    uint64_t level, struct err *end_text)
{
    uint64_t stall_ns = STALL_NS + level * STALL_OF_ONE_NS;
    enum cell_end end = CELL_STILL_RUNNING;
    uint64_t until_ns;
    uint64_t before = 0;

    if (ready_ns)
        end = wait_until_ready(running, origin, ready_ns, end_text);
    until_ns = clock_ns() + stall_ns;
    while (end == CELL_STILL_RUNNING && origin->in_flight < level &&
           clock_ns() < until_ns) {
        end = cell_poll(running, clock_ns() + LOOK_EVERY_NS, end_text);
        if (origin->in_flight != before)
            until_ns = clock_ns() + stall_ns;
        before = origin->in_flight;
    }
    return end;
}

/* The driver of a program in the cell's own process is not part of what is measured. */
static void read_memory_probe(pid_t group, bool is_program,
                              struct memory_probe *memory_probe)
{
    struct procfs_group reading;

    if (is_program ? procfs_read_descendants(group, &reading)
                   : procfs_read_group(group, &reading)) {
        (void)err_set(&memory_probe->failure,
                      "/proc does not show the memory of the cell's processes");
        return;
    }
    *memory_probe = (struct memory_probe){
        .known = true,
        .processes = reading.processes,
        .threads = reading.threads,
        .peak_rss_bytes = reading.peak_rss_bytes,
        .pss_bytes = reading.pss_bytes,
    };
}

/* Why a cell that ended without a crash did not hold its level. */
static void explain_end(struct running_cell *running, uint64_t level,
                        struct memory_probe *memory_probe)
{
    struct cell_report report = cell_report_copy(running);

    /* A text that the cell may have overwritten. */
    report.failure.text[sizeof(report.failure.text) - 1] = '\0';
    if (report.failed && report.failure.text[0])
        memory_probe->failure = report.failure;
    else
        (void)err_set(&memory_probe->failure,
                      "the cell ended before %" PRIu64 " %s in flight", level,
                      plural(level, "request was", "requests were"));
}

static void explain_arrivals(const struct running_cell *running, uint64_t arrived,
                             uint64_t level, struct memory_probe *memory_probe)
{
    (void)err_set(
        &memory_probe->failure, "%" PRIu64 " %s in flight instead of %" PRIu64 "%s%s",
        arrived, plural(arrived, "request was", "requests were"), level,
        running->stops[CELL_PART_ITSELF].count ? "; the cell was stopped" : "",
        running->stops[CELL_PART_ORIGIN].count ? "; the origin was stopped" : "");
}

static int hold_and_read(struct measurement *measurement, const struct cell *cell,
                         const struct cell_request *request, uint64_t level,
                         struct memory_probe *memory_probe, enum cell_end *end,
                         struct err *err)
{
    struct running_cell running;
    bool is_program = request->outside.kind == OUTSIDE_PROGRAM;
    struct err end_text = {""};
    uint64_t arrived;

    if (measurement_start(measurement, cell, request, &running, err))
        return -1;
    cell_release(&running);
    *end = wait_for_level(&running,
                          is_program ? request->outside.patience_ms * CLOCK_NS_PER_MS : 0,
                          measurement->origin, level, &end_text);
    arrived = measurement->origin->in_flight;
    /* A program may hold less than the level; its row says so. */
    if (*end == CELL_STILL_RUNNING &&
        (arrived == level || (is_program && arrived && arrived < level)))
        read_memory_probe(running.pid, is_program, memory_probe);
    else if (*end == CELL_STILL_RUNNING)
        explain_arrivals(&running, arrived, level, memory_probe);
    else if (*end == CELL_ENDED)
        explain_end(&running, level, memory_probe);
    else
        memory_probe->failure = end_text;
    cell_close(&running);
    /* If the origin ended, the cell ended because of it. */
    if (!memory_probe->known)
        (void)origin_stop(&measurement->origin_process, &memory_probe->failure);
    return 0;
}

static int take(struct measurer *measurer, const struct cell *cell,
                struct memory_probe *memory_probe, enum cell_end *end, struct err *err)
{
    const struct plan *plan = measurer->plan;
    struct cell_request request = measurer_request(measurer, cell);
    struct measurement measurement = {0};
    struct cell held = *cell;
    int result;

    *memory_probe = (struct memory_probe){0};
    *end = CELL_ENDED;
    if (!plan_probes_memory(plan))
        return 0;
    held.requests = plan_inflight_limit(plan, cell->strategy, cell->level);
    request.policy.timeout_ms = (uint32_t)(2 * HOLD_NS / CLOCK_NS_PER_MS);
    result = measurement_prepare(&measurement, measurer, &held,
                                 &(struct behaviour){.delay = delay_fixed(HOLD_NS)}, true,
                                 err);
    if (!result)
        result = hold_and_read(&measurement, cell, &request,
                               plan_origin_limit(plan, cell->strategy, cell->level),
                               memory_probe, end, err);
    measurement_free(&measurement);
    return result;
}

/* -- the book ------------------------------------------------------------------ */

struct memory_probe_entry {
    const struct strategy *strategy;
    const struct variant *variant;
    unsigned level;
    unsigned round; /* 0: for all of them */
    struct memory_probe memory_probe;
};

/* The round whose memory probe a cell shares. */
static unsigned round_of(const struct measurer *measurer, const struct cell *cell)
{
    return measurer->plan->probe_each_round ? cell->round : 0;
}

static int note(struct memory_probe_book *book, const struct cell *cell, unsigned round,
                const struct memory_probe *memory_probe, struct err *err)
{
    struct memory_probe_entry *entries = realloc(book->entries,
                                                 (book->count + 1) * sizeof(*entries));

    if (!entries)
        return err_errno(err, "no memory for a memory probe");
    book->entries = entries;
    entries[book->count++] = (struct memory_probe_entry){
        cell->strategy, cell->variant, cell->level, round, *memory_probe};
    return 0;
}

int memory_probe_get(struct memory_probe_book *book, struct measurer *measurer,
                     const struct cell *cell, struct memory_probe *memory_probe,
                     enum cell_end *end, struct err *err)
{
    unsigned round = round_of(measurer, cell);

    for (size_t i = 0; i < book->count; i++) {
        const struct memory_probe_entry *entry = &book->entries[i];

        if (entry->strategy == cell->strategy && entry->variant == cell->variant &&
            entry->level == cell->level && entry->round == round) {
            *memory_probe = entry->memory_probe;
            *end = CELL_ENDED;
            return 0;
        }
    }
    /* A program repeats its mistakes: one attempt is enough. */
    for (int i = 0;
         i < (outside_is_program(measurer->plan, cell->strategy) ? 1 : ATTEMPTS); i++) {
        if (take(measurer, cell, memory_probe, end, err))
            return -1;
        if (*end == CELL_INTERRUPTED || !memory_probe->failure.text[0])
            break;
    }
    return *end == CELL_INTERRUPTED ? 0 : note(book, cell, round, memory_probe, err);
}

void memory_probe_book_free(struct memory_probe_book *book)
{
    free(book->entries);
    *book = (struct memory_probe_book){0};
}
