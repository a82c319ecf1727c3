/* cell_process.c - see cell_process.h. */
#include "harness/cell/cell_process.h"

#include <curl/curl.h>
#include <errno.h>
#include <event2/event.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"
#include "fetch/fetch.h"
#include "fetch/slowdown.h"
#include "harness/cell/cell.h"
#include "harness/machine/procfs.h"
#include "strategies/outside/plugin_file.h"
#include "strategies/outside/program.h"
#include "strategies/strategy.h"

/* How late the kernel may wake a worker that sleeps until a request is due. */
enum { TIMER_SLACK_NS = 1000 };

struct cell_process {
    struct cell_memory *memory;
    struct work *work;
    const struct strategy *strategy;
    void *self;
};

/* True if the slowdown is for another cell, whose strategy must be one of this bench. */
static int is_elsewhere(const struct cell_process *process,
                        const struct slowdown *slowdown, bool *elsewhere, struct err *err)
{
    const struct cell_request *request = &process->memory->request;
    const char *at = strchr(slowdown->cell, '@');
    char name[SLOWDOWN_CELL_SIZE];
    uint64_t point;

    *elsewhere = false;
    if (!at)
        return 0;
    (void)snprintf(name, sizeof(name), "%.*s", (int)(at - slowdown->cell),
                   slowdown->cell);
    if (!strategy_find(name) && strcmp(name, request->strategy) != 0)
        return err_set(err, SLOWDOWN_VARIABLE ": unknown strategy '%s'; see bench list",
                       name);
    if (parse_count(at + 1, 1, UINT_MAX, &point, err))
        return err_prefix(err, SLOWDOWN_VARIABLE);
    *elsewhere = (strategy_find(name) != process->strategy &&
                  strcmp(name, request->strategy) != 0) ||
                 point != (request->rate ? request->rate : request->level);
    return 0;
}

static int inject(struct cell_process *process, struct err *err)
{
    struct slowdown slowdown;
    bool elsewhere;

    if (process->strategy == &program_strategy)
        return 0; /* its requests are its own */
    if (slowdown_parse(&slowdown, getenv(SLOWDOWN_VARIABLE), err) ||
        is_elsewhere(process, &slowdown, &elsewhere, err))
        return -1;
    if (elsewhere)
        return 0;
    work_slow_down(process->work, &slowdown);
    process->memory->report.injected = slowdown.kind != SLOWDOWN_NONE;
    return 0;
}

static int check_harness(const struct cell_request *request, struct err *err)
{
    return getppid() == request->harness ? 0 : err_set(err, "the harness is gone");
}

/* Shields the cell from its surroundings: it writes no file of TLS keys, survives closed
 * connections, and dies with the harness. */
static int isolate(const struct cell_request *request, struct err *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    bool has_program = request->outside.kind == OUTSIDE_PROGRAM;

    if (unsetenv("SSLKEYLOGFILE") || sigaction(SIGPIPE, &ignore, NULL) ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) ||
        (has_program && prctl(PR_SET_CHILD_SUBREAPER, 1)) ||
        prctl(PR_SET_NAME, "bench-cell"))
        return err_errno(err, "cannot prepare the cell's process");
    return check_harness(request, err);
}

/* Waits for the harness, until the origin serves if there is one. */
static int await_release(struct cell_process *process, struct err *err)
{
    while (sem_wait(&process->memory->released))
        if (errno != EINTR)
            return err_errno(err, "cannot wait for the harness");
    /* From here on a program's driver looks itself whether the harness is gone, and ends
     * all processes. */
    if (process->strategy == &program_strategy && prctl(PR_SET_PDEATHSIG, 0))
        return err_errno(err, "cannot prepare the cell's process");
    return check_harness(&process->memory->request, err);
}

static void note_program(struct cell_report *report)
{
    report->program = loaded_at((uintptr_t)cell_main);
    build_text(report->build);
}

static void note_versions(struct cell_report *report)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);

    (void)snprintf(report->libcurl_version, CELL_VERSION_SIZE, "%s", curl->version);
    (void)snprintf(report->tls_version, CELL_VERSION_SIZE, "%s",
                   curl->ssl_version ? curl->ssl_version : "none");
    (void)snprintf(report->libevent_version, CELL_VERSION_SIZE, "%s",
                   event_get_version());
    report->libcurl = loaded_at((uintptr_t)curl_easy_perform);
}

/* True when child processes were reaped: their resident memory is no longer known. */
static bool has_buried_children(void)
{
    struct rusage children;

    return !getrusage(RUSAGE_CHILDREN, &children) && children.ru_maxrss > 0;
}

/* Adds up this process and the strategy's other ones, which are still there. */
static int add_up_memory(struct cell_process *process, struct err *err)
{
    struct cell_report *report = &process->memory->report;
    size_t room = process->memory->request.level;
    pid_t *pids = calloc(room, sizeof(*pids));
    struct procfs_reading reading;
    size_t count = 0;
    int result = 0;

    if (!pids)
        return err_errno(err, "no memory for %zu pids", room);
    if (process->strategy->children)
        count = process->strategy->children(process->self, pids, room);
    if (!procfs_read(0, &reading))
        report->peak_rss_bytes = reading.peak_rss_bytes;
    for (size_t i = 0; i < count && i < room; i++) {
        if (procfs_read(pids[i], &reading)) {
            result = err_set(err, "worker process %ld died after the run", (long)pids[i]);
            continue;
        }
        report->peak_rss_bytes += reading.peak_rss_bytes;
    }
    if (has_buried_children())
        report->peak_rss_bytes = 0;
    free(pids);
    return result;
}

/* The clock and resources are the program's, not those of this process. */
static void adopt_figures(struct cell_process *process)
{
    struct program_figures figures = program_figures(process->self);
    struct cell_report *report = &process->memory->report;

    report->setup_ns = 0;
    report->start_ns = figures.start_ns;
    report->go_ns = figures.go_ns;
    report->run_ns = figures.done_ns > figures.go_ns ? figures.done_ns - figures.go_ns
                                                     : 0;
    report->usage = figures.usage;
    report->peak_rss_bytes = figures.peak_rss_bytes;
    memcpy(report->told, figures.error, sizeof(report->told));
}

/* The part of the cell's life that is measured. */
static int measure(struct cell_process *process, struct err *err)
{
    struct cell_memory *memory = process->memory;
    struct cell_report *report = &memory->report;
    struct strategy_env env = {
        .work = process->work,
        .policy = &memory->request.policy,
        .level = memory->request.level,
        .workers = memory->request.workers,
        .shares = memory->shares,
        .outside = &memory->request.outside,
    };
    struct usage before = usage_now();
    uint64_t start_ns = clock_ns();
    struct usage after;
    int result;

    if (process->strategy->open(&process->self, &env, err))
        return -1;
    report->setup_ns = clock_ns() - start_ns;
    if (process->strategy == &program_strategy)
        adopt_figures(process);
    report->stage = CELL_OPENED;

    start_ns = work_start(process->work);
    result = process->strategy->run(process->self, err);
    report->run_ns = clock_ns() - start_ns;
    report->started_ns = work_started_ns(process->work);
    after = usage_now();
    report->usage = usage_difference(&after, &before);
    for (unsigned i = 0; i < env.level; i++)
        report->usage = usage_sum(&report->usage, &memory->shares[i]);
    if (process->strategy == &program_strategy)
        adopt_figures(process);
    else if (add_up_memory(process, result ? NULL : err))
        result = -1;
    report->stage = CELL_RAN;

    start_ns = clock_ns();
    process->strategy->close(process->self);
    report->teardown_ns = clock_ns() - start_ns;
    report->stage = CELL_CLOSED;
    return result;
}

/* The strategy of the request, from bench itself or from outside. */
static int find_strategy(struct cell_process *process, struct err *err)
{
    const struct cell_request *request = &process->memory->request;

    switch (request->outside.kind) {
    case OUTSIDE_PROGRAM:
        process->strategy = &program_strategy;
        break;
    case OUTSIDE_PLUGIN:
        return plugin_file_load(&request->outside.plugin, &process->strategy, err)
                   ? err_prefix(err, "%.200s", request->outside.plugin.path)
                   : 0;
    default:
        process->strategy = strategy_find(request->strategy);
    }
    return process->strategy
               ? 0
               : err_set(err, "unknown strategy '%s'; see bench list", request->strategy);
}

static int live(struct cell_process *process, struct err *err)
{
    const struct cell_request *request = &process->memory->request;
    int result;

    /* The kernel may wake sleepers 50 us late, to wake several at once. */
    if (work_has_moments(process->work) && prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS))
        return err_errno(err, "cannot have timers without slack");
    /* A plugin's constructors run in find_strategy(): they may start threads, which keep
     * the CPUs that they begin with. */
    if ((request->pinned && cpus_confine(&request->cpus, err)) || isolate(request, err) ||
        find_strategy(process, err) || inject(process, err) || fetch_global_init(err))
        return -1;
    note_program(&process->memory->report);
    if (process->strategy != &program_strategy)
        note_versions(&process->memory->report);
    if (await_release(process, err))
        return -1;
    process->memory->report.stage = CELL_STARTED;
    result = measure(process, err);
    fetch_global_cleanup();
    return result;
}

static int not_for_people(struct err *err)
{
    return err_set(err, "bench cell is for internal use; see bench --help");
}

/* Tells the harness which build this is. Until both are known to agree, only the
 * handshake may be accessed. */
static int greet(const struct shared *shared, struct err *err)
{
    struct cell_handshake *handshake = shared->memory;

    if (shared->size_bytes < sizeof(*handshake) || handshake->magic != CELL_MAGIC)
        return not_for_people(err);
    handshake->cell_protocol = CELL_PROTOCOL;
    handshake->cell_memory_bytes = sizeof(struct cell_memory);
    if (handshake->protocol != CELL_PROTOCOL ||
        handshake->memory_bytes != sizeof(struct cell_memory) ||
        shared->size_bytes < sizeof(struct cell_memory))
        return err_set(err, "the bench that started this cell is another version");
    return 0;
}

int cell_main(int memory_fd, int work_fd, struct err *err)
{
    struct cell_process process = {0};
    struct cell_request *request;
    struct shared shared;
    struct err failure = {""};

    if (shared_map(&shared, memory_fd, NULL))
        return not_for_people(err);
    if (greet(&shared, err)) {
        shared_close(&shared);
        return -1;
    }
    process.memory = shared.memory;
    request = &process.memory->request;
    request->policy.site = request->has_site ? &request->site : NULL;
    if (work_open(&process.work, work_fd, &failure) || live(&process, &failure)) {
        process.memory->report.failed = 1;
        process.memory->report.failure = failure;
    }
    work_destroy(process.work);
    shared_close(&shared);
    return 0;
}
