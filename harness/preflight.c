/* preflight.c - see preflight.h. */
#include "harness/preflight.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"

/* What a process has open besides what its level needs: standard streams, shared memory,
 * the loop, a listening socket, and some for the libraries. */
enum { DESCRIPTOR_SLACK = 64 };

/* Threads and processes left for the rest of the machine. */
enum { TASK_SLACK = 64 };

/* -- limits -------------------------------------------------------------------- */

/* The number in a file; UINT64_MAX when there is none, or "max". */
static uint64_t read_number(const char *path)
{
    FILE *file = fopen(path, "re");
    uint64_t value = UINT64_MAX;

    if (!file)
        return value;
    if (fscanf(file, "%" SCNu64, &value) != 1)
        value = UINT64_MAX;
    (void)fclose(file);
    return value;
}

static void lower(struct machine_limits *limits, uint64_t tasks, const char *name)
{
    if (tasks >= limits->tasks)
        return;
    limits->tasks = tasks;
    limits->tasks_name = name;
}

struct machine_limits machine_limits_now(void)
{
    struct machine_limits limits = {.tasks = UINT64_MAX, .tasks_name = "none"};
    struct rlimit files = {0};
    struct rlimit processes = {.rlim_cur = RLIM_INFINITY};

    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &files))
            (void)getrlimit(RLIMIT_NOFILE, &files);
    }
    limits.descriptors = files.rlim_cur;
    lower(&limits, read_number("/proc/sys/kernel/pid_max"), "kernel.pid_max");
    lower(&limits, read_number("/proc/sys/kernel/threads-max"), "kernel.threads-max");
    lower(&limits, read_number("/sys/fs/cgroup/pids.max"), "the cgroup's pids.max");
    lower(&limits, read_number("/sys/fs/cgroup/pids/pids.max"), "the cgroup's pids.max");
    /* The superuser is not held to this one. */
    if (geteuid() && !getrlimit(RLIMIT_NPROC, &processes) &&
        processes.rlim_cur != RLIM_INFINITY)
        lower(&limits, processes.rlim_cur, "ulimit -u");
    return limits;
}

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
                  " file descriptors in one process, the limit is %" PRIu64
                  ": raise it with ulimit -n %" PRIu64,
                  needed, limits->descriptors, needed);
}

static bool lacks_tasks(const struct cell *cell, const struct machine_limits *limits,
                        struct verdict *verdict)
{
    const struct strategy_needs *needs = &cell->strategy->needs;
    uint64_t each = needs->threads + needs->processes;
    uint64_t needed = each * cell->level + TASK_SLACK;

    if (!each || needed <= limits->tasks)
        return false;
    return forbid(verdict,
                  "needs %" PRIu64 " threads or processes, the limit (%s) is %" PRIu64
                  ": raise it, or use a lower level",
                  needed, limits->tasks_name, limits->tasks);
}

static bool would_time_out(const struct plan *plan, const struct cell *cell,
                           struct verdict *verdict)
{
    bool queues = plan->capacity || (plan->max_host_connections && cell->strategy->multi);
    uint64_t wait_ns = plan_longest_wait_ns(
        plan, strategy_in_flight_limit(cell->strategy, cell->level));
    uint64_t timeout_ns = plan_timeout_ns(plan);
    char timeout[DURATION_TEXT_SIZE];

    if (!queues || wait_ns < timeout_ns)
        return false;
    return forbid(verdict,
                  "with so few served at a time the last request waits %.1f s, over the "
                  "time-out of %s: give a longer --timeout",
                  clock_seconds(wait_ns), duration_text(timeout_ns, timeout));
}

bool preflight_forbids(const struct plan *plan, const struct cell *cell,
                       const struct machine_limits *limits, struct verdict *verdict)
{
    return lacks_descriptors(plan, cell, limits, verdict) ||
           lacks_tasks(cell, limits, verdict) || would_time_out(plan, cell, verdict);
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
        return err_set(err,
                       "every cell is predicted to be over --max-cell: nothing to do");
    (void)preflight_forbids(plan, first, limits, &verdict);
    return err_set(err, "no cell can work here; %s at level %u %s", first->strategy->name,
                   first->level, verdict.reason);
}
