/* memory_probe.c - see memory_probe.h. */
#include "harness/cell/memory_probe.h"

#include <stdlib.h>

#include "base/clock.h"
#include "harness/machine/procfs.h"

/* Longer than any memory probe takes, so that no response and no timeout disturbs it. */
#define HOLD_NS (3600 * CLOCK_NS_PER_S)

/* How often the origin is asked whether the level has arrived, and how long it may be
 * without another request (the cell makes its workers meanwhile) until it is given up. */
#define LOOK_EVERY_NS   CLOCK_NS_PER_MS
#define STALL_NS        (3 * CLOCK_NS_PER_S)
#define STALL_OF_ONE_NS (20 * CLOCK_NS_PER_MS)

/* Waits until `level` requests are at the origin, or the cell ends, or no more come. */
static enum cell_end wait_for_level(struct running_cell *running,
                                    const volatile struct origin_stats *origin,
                                    uint64_t level)
{
    uint64_t stall_ns = STALL_NS + level * STALL_OF_ONE_NS;
    uint64_t until_ns = clock_ns() + stall_ns;
    enum cell_end end = CELL_STILL_RUNNING;
    uint64_t before = 0;

    while (end == CELL_STILL_RUNNING && origin->in_flight < level &&
           clock_ns() < until_ns) {
        end = cell_poll(running, clock_ns() + LOOK_EVERY_NS, NULL);
        if (origin->in_flight != before)
            until_ns = clock_ns() + stall_ns;
        before = origin->in_flight;
    }
    return end;
}

static void read_memory_probe(pid_t group, struct memory_probe *memory_probe)
{
    struct procfs_group reading;

    if (procfs_read_group(group, &reading))
        return;
    *memory_probe = (struct memory_probe){
        .known = true,
        .processes = reading.processes,
        .threads = reading.threads,
        .peak_rss_bytes = reading.peak_rss_bytes,
        .pss_bytes = reading.pss_bytes,
    };
}

static int hold_and_read(struct measurement *measurement, const struct cell *cell,
                         const struct cell_request *request, uint64_t level,
                         struct memory_probe *memory_probe, enum cell_end *end,
                         struct err *err)
{
    struct running_cell running;
    int result = measurement_start(measurement, cell, request, &running, err);

    if (result)
        return -1;
    *end = wait_for_level(&running, measurement->origin, level);
    if (*end == CELL_STILL_RUNNING && measurement->origin->in_flight == level)
        read_memory_probe(running.pid, memory_probe);
    cell_close(&running);
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
    if (plan->url)
        return 0;
    held.requests = plan_inflight_limit(plan, cell->strategy, cell->level);
    request.policy.timeout_ms = (uint32_t)(2 * HOLD_NS / CLOCK_NS_PER_MS);
    result = measurement_prepare(&measurement, measurer, &held,
                                 &(struct behaviour){.delay = delay_fixed(HOLD_NS)}, err);
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

/* Which round's memory probe a cell takes part in. */
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
    if (take(measurer, cell, memory_probe, end, err))
        return -1;
    return *end == CELL_INTERRUPTED ? 0 : note(book, cell, round, memory_probe, err);
}

void memory_probe_book_free(struct memory_probe_book *book)
{
    free(book->entries);
    *book = (struct memory_probe_book){0};
}
