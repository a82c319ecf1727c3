/* preflight.c - see preflight.h. */
#include "harness/sweep/preflight.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"
#include "harness/plan/arrivals.h"
#include "harness/sweep/ports.h"
#include "strategies/support/threads.h"

/* The descriptors of a process beyond those of its level: standard streams, shared
 * memory, the loop, a listening socket, and some for the libraries. */
enum { DESCRIPTOR_SLACK = 64 };

/* The origin, the cell's first process, and a few that other programs start meanwhile. */
enum { TASK_SLACK = 8 };

/* The memory of a cell, its origin and the harness at any level: the peak of a memory
 * control group is 4 to 5 MiB at level 1. */
#define MEMORY_BASE_BYTES (UINT64_C(8) << 20)

/* The memory that TLS adds per connection, both ends of it together, and per process, for
 * the state of the TLS library: how much more the same peak rises from level 500 to 1500
 * than without TLS, rounded up. */
#define TLS_MEMORY_BYTES         (UINT64_C(120) << 10)
#define TLS_PROCESS_MEMORY_BYTES (UINT64_C(384) << 10)

/* The address space of a thread beside its stack. */
#define GUARD_BYTES (UINT64_C(4) << 10)
#define ARENA_BYTES (UINT64_C(64) << 20)

/* -- cells --------------------------------------------------------------------- */

static bool forbid(struct verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool forbid(struct verdict *verdict, const char *format, ...)
{
    va_list args;

    *verdict = (struct verdict){.status = STATUS_INFEASIBLE};
    va_start(args, format);
    (void)vsnprintf(verdict->reason, sizeof(verdict->reason), format, args);
    va_end(args);
    return true;
}

static const char *fewer_in_flight(const struct cell *cell)
{
    return cell->rate ? "a lower --max-in-flight" : "a lower level";
}

/* What cannot be planned at a rate. */
static bool cannot_hold_rate(const struct cell *cell, struct verdict *verdict)
{
    if (!cell->rate)
        return false;
    if (cell->strategy->level_limit == 1)
        return forbid(verdict, "holds one request at a time, so it cannot hold a rate; "
                               "choose another strategy, or --levels");
    if (cell->requests > ARRIVALS_MAX)
        return forbid(verdict,
                      "needs room for more than %" PRIu64
                      " requests, the most that bench keeps of a cell; use a lower rate "
                      "or a shorter --duration",
                      ARRIVALS_MAX);
    return !cell->requests && forbid(verdict, "has no request that becomes due within "
                                              "the duration; use a higher rate or a "
                                              "longer --duration");
}

static bool lacks_descriptors(const struct plan *plan, const struct cell *cell,
                              const struct machine_limits *limits,
                              struct verdict *verdict)
{
    uint64_t at_a_time = strategy_in_flight_limit(cell->strategy, cell->level);
    uint64_t client = cell->strategy->needs.descriptors * at_a_time + DESCRIPTOR_SLACK;
    uint64_t origin = plan->url ? 0 : at_a_time + DESCRIPTOR_SLACK;
    uint64_t needed = client > origin ? client : origin;

    if (needed <= limits->descriptors)
        return false;
    return forbid(verdict,
                  "needs %" PRIu64
                  " file descriptors in one process, but the limit is %" PRIu64
                  "; raise it with ulimit -n %" PRIu64,
                  needed, limits->descriptors, needed);
}

/* Forbids a cell that needs more than is left of a shared limit. The message counts in
 * `unit`. */
static bool lacks(const struct cell *cell, const struct limit *limit, uint64_t needed,
                  const char *what, uint64_t unit, struct verdict *verdict)
{
    uint64_t enough = limit->used + needed;
    char raise[LIMIT_NAME_SIZE + 64];
    const char *name = limit->name;

    if (needed <= limit_left(limit))
        return false;
    switch (limit->raise) {
    case RAISE_SYSCTL:
        (void)snprintf(raise, sizeof(raise), ", or sysctl -w %s=%" PRIu64, name, enough);
        break;
    case RAISE_SHELL:
        (void)snprintf(raise, sizeof(raise), ", or %s %" PRIu64, name, enough);
        break;
    case RAISE_FILE: /* its path is long, so it is named once, at the end */
        (void)snprintf(raise, sizeof(raise), ", or echo %" PRIu64 " >%s", enough, name);
        name = "of its control group";
        break;
    case RAISE_NOT:
        raise[0] = '\0';
    }
    return forbid(verdict,
                  "needs %" PRIu64 " %s, but the limit (%s) is %" PRIu64 " with %" PRIu64
                  " in use; use %s%s",
                  needed / unit, what, name, limit->max / unit, limit->used / unit,
                  fewer_in_flight(cell), raise);
}

static bool lacks_tasks(const struct cell *cell, const struct machine_limits *limits,
                        struct verdict *verdict)
{
    const struct strategy_needs *needs = &cell->strategy->needs;
    uint64_t each = needs->threads + needs->processes;

    return each && lacks(cell, &limits->tasks, each * cell->level + TASK_SLACK,
                         "threads or processes", 1, verdict);
}

/* The features of the plan that a strategy does not have. */
static bool is_not_made_for(const struct plan *plan, const struct cell *cell,
                            struct verdict *verdict)
{
    if (cell->strategy->fresh_only && plan->reuse_connections)
        return forbid(verdict,
                      "does not reuse connections; use --connections fresh or choose "
                      "another strategy");
    if (cell->strategy->plain_http_only && plan->tls)
        return forbid(verdict,
                      "does not support TLS; drop --tls or choose another strategy");
    if (cell->strategy->plain_http_only && !plan->url && plan->origin.body.gzip)
        return forbid(verdict, "does not decompress pages; use --body plain or chunked");
    if (cell->strategy->plain_http_only && plan->site && !plan->site->plain)
        return forbid(verdict, "fetches only from http://<IPv4 address>[:port]/%s",
                      plan->site->tls ? ", but some addresses are https" : "");
    if (cell->strategy->plain_http_only && plan->site && plan->site->fetch.headers[0])
        return forbid(verdict,
                      "does not send --header; drop it or choose another strategy");
    if (cell->strategy->plain_http_only && plan->site && plan->reuse_connections &&
        plan->site->server_count > 1)
        return forbid(verdict, "keeps connections to one server only; use "
                               "--connections fresh");
    return false;
}

static bool lacks_memory(const struct plan *plan, const struct cell *cell,
                         const struct machine_limits *limits, struct verdict *verdict)
{
    const struct strategy_needs *needs = &cell->strategy->needs;
    uint64_t each = needs->memory_bytes;

    if (each && plan->tls)
        each += TLS_MEMORY_BYTES + needs->processes * TLS_PROCESS_MEMORY_BYTES;
    return each && lacks(cell, &limits->memory, each * cell->level + MEMORY_BASE_BYTES,
                         "MiB of memory", 1 << 20, verdict);
}

/* glibc reserves one allocator arena per thread, up to eight per CPU (arena.c:
 * HEAP_MAX_SIZE). An allocator that gets none works without, but then the stacks of later
 * threads may get no address space either. */
static uint64_t threads_address_space(uint64_t threads)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t arenas_max = 8 * (uint64_t)(cpus > 0 ? cpus : 1);
    uint64_t arenas = threads < arenas_max ? threads : arenas_max;

    return threads * (THREAD_STACK_BYTES + GUARD_BYTES) + arenas * ARENA_BYTES;
}

static bool lacks_address_space(const struct cell *cell,
                                const struct machine_limits *limits,
                                struct verdict *verdict)
{
    const struct strategy_needs *needs = &cell->strategy->needs;
    uint64_t level = strategy_in_flight_limit(cell->strategy, cell->level);
    uint64_t needed = MEMORY_BASE_BYTES + threads_address_space(needs->threads * level);

    if (!needs->processes) /* each process has its own address space */
        needed += needs->memory_bytes * level;
    return lacks(cell, &limits->address_space, needed / 1024,
                 "MiB of address space in one process", 1024, verdict);
}

static bool lacks_pidfds(const struct cell *cell, const struct machine_limits *limits,
                         struct verdict *verdict)
{
    return cell->strategy->needs.pidfds && limits->no_pidfds &&
           forbid(verdict, "needs pidfd_open(2), which this kernel or sandbox refuses; "
                           "choose another strategy");
}

/* -- ports --------------------------------------------------------------------- */

/* Every embedded origin has its own address, so only the cell itself uses up ports
 * towards it. The origin uses one more: the kernel gives a client no port that a server
 * has, whichever the address. Whether connections to a foreign server stay in TIME_WAIT
 * is not known. */
static bool lacks_ports(const struct plan *plan, const struct cell *cell,
                        const struct machine_limits *limits, struct verdict *verdict)
{
    unsigned servers = plan->url ? 0 : 1;
    uint64_t at_a_time = plan_origin_limit(plan, cell->strategy, cell->level) + servers;
    uint64_t needed = 0;

    if (!limits->ports)
        return false;
    if (at_a_time > limits->ports)
        return forbid(verdict,
                      "needs %" PRIu64
                      " ports for connections to one address at a time, but the limit "
                      "(net.ipv4.ip_local_port_range) is %" PRIu64 "; use %s%s",
                      at_a_time, limits->ports, fewer_in_flight(cell),
                      ports_fix(plan, limits, at_a_time));
    /* How many requests fit into a duration only a run shows: preflight_warn.h. */
    if (!plan->url && !plan->reuse_connections && (cell->rate || !plan_is_timed(plan)))
        needed = ports_taken(plan, limits, cell->requests, cell->length_ns) + servers;
    if (needed <= limits->ports)
        return false;
    return forbid(
        verdict,
        "needs %" PRIu64
        " ports for fresh connections to one address (TIME_WAIT keeps them), but "
        "the limit (net.ipv4.ip_local_port_range) is %" PRIu64
        "; use %s, or --connections reuse%s",
        needed, limits->ports,
        cell->rate ? "a lower rate or a shorter --duration" : "fewer --requests",
        ports_fix(plan, limits, needed));
}

/* -- time ---------------------------------------------------------------------- */

/* The most requests that wait for the origin at a time. At a rate these are the ones that
 * it has not answered when the last one is due; the median stands for drawn delays. */
static unsigned most_waiting(const struct plan *plan, const struct cell *cell)
{
    uint64_t limit = plan_inflight_limit(plan, cell->strategy, cell->level);
    uint64_t places = plan->origin.capacity;
    uint64_t delay_ns = delay_median_ns(&plan->origin.delay);
    uint64_t answered;

    if (!cell->rate || !delay_ns)
        return (unsigned)limit;
    if (plan->max_host_connections && cell->strategy->multi &&
        (!places || plan->max_host_connections < places))
        places = plan->max_host_connections;
    answered = places * (plan->duration_ns / delay_ns);
    if (cell->requests < answered + limit)
        limit = cell->requests > answered + places ? cell->requests - answered : places;
    return (unsigned)limit;
}

static bool would_time_out(const struct plan *plan, const struct cell *cell,
                           struct verdict *verdict)
{
    bool queues = plan->origin.capacity ||
                  (plan->max_host_connections && cell->strategy->multi);
    char timeout[DURATION_TEXT_SIZE];
    uint64_t timeout_ns;
    uint64_t wait_ns;

    if (!queues)
        return false;
    timeout_ns = plan_timeout_ns(plan);
    wait_ns = plan_longest_wait_ns(plan, most_waiting(plan, cell));
    if (wait_ns < timeout_ns)
        return false;
    return forbid(verdict,
                  "lets the last request wait %.1f s, above the timeout of %s; use a "
                  "longer --timeout%s",
                  clock_seconds(wait_ns), duration_text(timeout_ns, timeout),
                  cell->rate ? ", a lower rate or a lower --max-in-flight" : "");
}

bool preflight_forbids(const struct plan *plan, const struct cell *cell,
                       const struct machine_limits *limits, struct verdict *verdict)
{
    return is_not_made_for(plan, cell, verdict) || cannot_hold_rate(cell, verdict) ||
           lacks_descriptors(plan, cell, limits, verdict) ||
           lacks_tasks(cell, limits, verdict) ||
           lacks_memory(plan, cell, limits, verdict) ||
           lacks_address_space(cell, limits, verdict) ||
           lacks_pidfds(cell, limits, verdict) ||
           lacks_ports(plan, cell, limits, verdict) ||
           would_time_out(plan, cell, verdict);
}

int preflight_check(const struct plan *plan, const struct cell_list *cells,
                    const struct machine_limits *limits, struct err *err)
{
    struct verdict verdict;
    const struct cell *first = NULL;

    for (size_t i = 0; i < cells->count; i++) {
        if (cells->cells[i].skipped)
            continue;
        if (!preflight_forbids(plan, &cells->cells[i], limits, &verdict))
            return 0;
        if (!first)
            first = &cells->cells[i];
    }
    if (!first)
        return err_set(
            err,
            "nothing to run: every cell is predicted to exceed --max-cell; raise it");
    (void)preflight_forbids(plan, first, limits, &verdict);
    return err_set(err, "nothing to run: %s at %s %u %s", first->strategy->name,
                   first->rate ? "rate" : "level",
                   first->rate ? first->rate : first->level, verdict.reason);
}
