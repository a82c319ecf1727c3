/* preflight_warn.c - see preflight_warn.h. */
#include "harness/sweep/preflight_warn.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "harness/cell/build.h"
#include "harness/sweep/ports.h"
#include "harness/sweep/preflight.h"

/* Above this a warning says how long the sweep takes. */
#define LONG_SWEEP_S 3600.0

static void warn(struct preflight_warnings *warnings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void warn(struct preflight_warnings *warnings, const char *format, ...)
{
    va_list args;

    if (warnings->count == PREFLIGHT_WARNINGS_MAX)
        return;
    va_start(args, format);
    (void)vsnprintf(warnings->lines[warnings->count++], PREFLIGHT_WARNING_SIZE, format,
                    args);
    va_end(args);
}

/* The highest of a figure over the cells that will be visited. */
static uint64_t highest(const struct plan *plan, const struct cell_list *cells,
                        const struct machine_limits *limits,
                        uint64_t figure(const struct plan *plan, const struct cell *cell))
{
    struct verdict verdict;
    uint64_t most = 0;

    for (size_t i = 0; i < cells->count; i++)
        if (!cells->cells[i].skipped && figure(plan, &cells->cells[i]) > most &&
            !preflight_forbids(plan, &cells->cells[i], limits, &verdict))
            most = figure(plan, &cells->cells[i]);
    return most;
}

static uint64_t connections_at_a_time(const struct plan *plan, const struct cell *cell)
{
    return plan->url ? 0 : plan_origin_limit(plan, cell->strategy, cell->level);
}

/* A stack and its guard are two mappings, unless the C library guards stacks
 * otherwise. */
static uint64_t maps_of_threads(const struct plan *plan, const struct cell *cell)
{
    (void)plan;
    return 2ull * cell->strategy->needs.threads * cell->level;
}

/* The queue overflows only if the origin falls behind, so this is only a risk; a row in
 * which it overflowed is invalid. */
static void warn_of_backlog(uint64_t connections, const struct machine_limits *limits,
                            struct preflight_warnings *warnings)
{
    if (limits->somaxconn && connections > limits->somaxconn)
        warn(warnings,
             "%" PRIu64
             " connections at a time may overflow the origin's listen queue and "
             "make rows invalid: net.core.somaxconn limits it to %" PRIu64
             "; raise it with sysctl -w net.core.somaxconn=%" PRIu64,
             connections, limits->somaxconn, connections);
}

static void warn_of_maps(uint64_t maps, const struct machine_limits *limits,
                         struct preflight_warnings *warnings)
{
    if (limits->memory_maps && maps > limits->memory_maps)
        warn(warnings,
             "the stacks of %" PRIu64 " threads may need %" PRIu64
             " memory maps, but vm.max_map_count is %" PRIu64
             ", so rows may fail; raise it with sysctl -w vm.max_map_count=%" PRIu64,
             maps / 2, maps, limits->memory_maps, 2 * maps);
}

/* The ports that a cell at a level may take within a duration. */
static void warn_of_ports_in_time(const struct plan *plan, const struct cell_list *cells,
                                  const struct machine_limits *limits,
                                  struct preflight_warnings *warnings)
{
    uint64_t most = 0;

    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *cell = &cells->cells[i];
        uint64_t taken = ports_taken(plan, limits, cell->requests, cell->length_ns);

        most = !cell->skipped && taken > most ? taken : most;
    }
    if (most > limits->ports)
        warn(
            warnings,
            "a cell may open more fresh connections within its duration than the %" PRIu64
            " ports of net.ipv4.ip_local_port_range, which TIME_WAIT keeps, so requests "
            "may fail; use --connections reuse%s",
            limits->ports, ports_fix(plan, limits, most));
}

/* The ports of all cells towards one foreign address add up. */
static void warn_of_ports(const struct plan *plan, const struct cell_list *cells,
                          const struct machine_limits *limits,
                          struct preflight_warnings *warnings)
{
    uint64_t requests = 0;
    uint64_t taken;

    if (plan->reuse_connections || !limits->ports)
        return;
    if (plan_is_timed(plan) && !plan_has_rates(plan)) {
        warn_of_ports_in_time(plan, cells, limits, warnings);
        return;
    }
    if (!plan->url)
        return;
    for (size_t i = 0; i < cells->count; i++)
        if (!cells->cells[i].skipped)
            requests += cells->cells[i].requests;
    taken = ports_taken(plan, limits, requests,
                        (uint64_t)(cells->predicted_s * (double)CLOCK_NS_PER_S));
    if (taken > limits->ports)
        warn(warnings,
             "%" PRIu64 " fresh connections to one address may stand in TIME_WAIT at a "
             "time, but net.ipv4.ip_local_port_range has %" PRIu64
             " ports, so late cells may fail; use --connections reuse%s",
             taken, limits->ports, ports_fix(plan, limits, taken));
}

static void warn_of_time(const struct cell_list *cells,
                         struct preflight_warnings *warnings)
{
    if (cells->predicted_s > LONG_SWEEP_S)
        warn(warnings,
             "this takes about %.1f hours; --rounds 1 shortens it, --max-cell 1m "
             "skips cells longer than a minute, --dry-run lists all cells",
             cells->predicted_s / LONG_SWEEP_S);
}

static void warn_of_refusals(const struct plan *plan, uint64_t connections,
                             struct preflight_warnings *warnings)
{
    const struct behaviour *origin = &plan->origin;

    if (!plan->url && origin->overload == OVERLOAD_REFUSE &&
        connections > origin->capacity)
        warn(warnings,
             "%" PRIu64 " requests at a time exceed --capacity %zu, so the origin "
             "refuses some (--overload refuse) and their rows count as failed",
             connections, origin->capacity);
}

static void warn_of_build(struct preflight_warnings *warnings)
{
    char build[BUILD_TEXT_SIZE];

    build_text(build);
    if (build_is_slow())
        warn(warnings,
             "this build of bench is not optimized (%s): its figures are too high; "
             "build with cmake --preset release, or -DCMAKE_BUILD_TYPE=Release",
             build);
}

void preflight_warn(const struct plan *plan, const struct cell_list *cells,
                    const struct machine_limits *limits,
                    struct preflight_warnings *warnings)
{
    uint64_t connections = highest(plan, cells, limits, connections_at_a_time);

    *warnings = (struct preflight_warnings){.count = 0};
    warn_of_time(cells, warnings);
    warn_of_refusals(plan, connections, warnings);
    warn_of_backlog(connections, limits, warnings);
    warn_of_maps(highest(plan, cells, limits, maps_of_threads), limits, warnings);
    warn_of_ports(plan, cells, limits, warnings);
    warn_of_build(warnings);
}
