/* corrupting_strategies.c - see corrupting_strategies.h. */
#include "tests/support/corrupting_strategies.h"

#include <fcntl.h>
#include <signal.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "fetch/fetch.h"
#include "harness/cell/cell.h"

/* The header of the shared memory of fetch/work.c; find_parts() checks it.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct work_header {
    uint64_t magic, header_bytes, result_bytes;
    size_t target_count, capacity, count;
    size_t targets_offset, moments_offset, results_offset;
    uint64_t close_ns, started_ns;
    bool cuts;
    alignas(64) uint64_t next;
};

/* All memory that a cell shares with the harness. */
struct shared_parts {
    struct cell_memory *cell;
    size_t cell_bytes;
    char *work;
    size_t work_bytes;
    struct work_header *header;
    struct fetch_result *results;
    size_t count;
    unsigned level;
    char *urls; /* the first URL; they end where the results begin */
};

static struct shared_parts find_parts(const struct strategy_env *env)
{
    struct shared_parts parts = {.level = env->level};
    struct stat info;

    parts.cell = (void *)((char *)env->shares - offsetof(struct cell_memory, shares));
    parts.cell_bytes = sizeof(struct cell_memory) + env->level * sizeof(struct usage);
    if (fstat(work_fd(env->work), &info))
        abort();
    parts.work_bytes = (size_t)info.st_size;
    parts.work = mmap(NULL, parts.work_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                      work_fd(env->work), 0);
    if (parts.work == MAP_FAILED)
        abort();
    parts.header = (void *)parts.work;
    parts.count = parts.header->count;
    parts.results = (void *)(parts.work + parts.header->results_offset);
    for (size_t i = parts.header->targets_offset; !parts.urls && i < parts.work_bytes;
         i++)
        if (!memcmp(parts.work + i, "http://", 7))
            parts.urls = parts.work + i;
    if (parts.header->header_bytes != sizeof(struct work_header) ||
        parts.header->result_bytes != sizeof(struct fetch_result) || !parts.urls ||
        parts.cell->handshake.magic != CELL_MAGIC)
        abort(); /* the layout has changed: nothing would be tested */
    return parts;
}

/* The harness names a URL only if a fetch failed. */
static void fail_one(struct shared_parts *parts)
{
    parts->results[3].outcome = FETCH_IO_FAILED;
}

/* -- the supply of work -------------------------------------------------------- */

static void zeroes_work(struct shared_parts *parts)
{
    memset(parts->work, 0, parts->work_bytes);
}

static void fills_work(struct shared_parts *parts)
{
    memset(parts->work, 0xff, parts->work_bytes);
}

static void no_targets(struct shared_parts *parts)
{
    parts->header->target_count = 0;
    fail_one(parts);
}

static void many_targets(struct shared_parts *parts)
{
    parts->header->target_count = SIZE_MAX / 3;
    fail_one(parts);
}

static void many_results(struct shared_parts *parts)
{
    parts->header->count = parts->header->capacity = SIZE_MAX / 1024;
    fail_one(parts);
}

static void no_results(struct shared_parts *parts)
{
    parts->header->count = parts->header->capacity = 0;
    fail_one(parts);
}

static void far_parts(struct shared_parts *parts)
{
    parts->header->targets_offset = (size_t)1 << 40;
    parts->header->moments_offset = (size_t)1 << 42;
    parts->header->results_offset = (size_t)1 << 41;
    fail_one(parts);
}

static void endless_urls(struct shared_parts *parts)
{
    memset(parts->urls, 'A', (size_t)((char *)parts->results - parts->urls));
    fail_one(parts);
}

/* Overwrites the offsets of the URLs and the expectations. */
static void far_urls(struct shared_parts *parts)
{
    char *targets = parts->work + parts->header->targets_offset;

    memset(targets, 0x7f, (size_t)(parts->urls - targets));
    fail_one(parts);
}

static void counter_at_end(struct shared_parts *parts)
{
    parts->header->next = UINT64_MAX;
    fail_one(parts);
}

/* -- the size of the shared memory --------------------------------------------- */

/* Resizes every memfd of this process. */
static int resize_all(int resize(int fd, off_t size))
{
    int changed = 0;

    for (int fd = 3; fd < 64; fd++) {
        char name[64];
        char file[64] = "";
        struct stat info;

        (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
        if (readlink(name, file, sizeof(file) - 1) > 0 && strstr(file, "memfd:bench") &&
            !fstat(fd, &info))
            changed += !resize(fd, info.st_size);
    }
    return changed;
}

static int truncate_one(int fd, off_t size)
{
    (void)size;
    return ftruncate(fd, 0);
}

static int grow_one(int fd, off_t size)
{
    return ftruncate(fd, size + (1 << 20));
}

static int punch_one(int fd, off_t size)
{
    return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, size);
}

/* If the kernel refuses, the strategy aborts: a valid row would show that it did not
 * refuse. */
static void truncates(struct shared_parts *parts)
{
    (void)parts;
    if (!resize_all(truncate_one))
        abort();
}

static void grows(struct shared_parts *parts)
{
    (void)parts;
    if (!resize_all(grow_one))
        abort();
}

static void punches_holes(struct shared_parts *parts)
{
    (void)parts;
    if (!resize_all(punch_one))
        abort();
}

/* -- results ------------------------------------------------------------------- */

/* NOLINTBEGIN(bugprone-macro-parentheses): the name of a variable */
#define EACH_RESULT(parts, result)                       \
    for (struct fetch_result *result = (parts)->results; \
         result < (parts)->results + (parts)->count; result++)
/* NOLINTEND(bugprone-macro-parentheses) */

static void odd_outcomes(struct shared_parts *parts)
{
    parts->results[2].outcome = FETCH_OUTCOME_COUNT;
    parts->results[3].outcome = UINT16_MAX;
}

static void backward_stamps(struct shared_parts *parts)
{
    EACH_RESULT(parts, result)
    {
        uint64_t begin_ns = result->begin_ns;

        result->begin_ns = result->end_ns;
        result->end_ns = begin_ns;
    }
}

static void future_stamps(struct shared_parts *parts)
{
    EACH_RESULT(parts, result)
    result->end_ns = UINT64_MAX;
}

static void ancient_stamps(struct shared_parts *parts)
{
    EACH_RESULT(parts, result)
    result->begin_ns = 1;
}

static void no_begins(struct shared_parts *parts)
{
    EACH_RESULT(parts, result)
    result->begin_ns = result->start_ns = 0;
}

static void wrapping_lengths(struct shared_parts *parts)
{
    parts->results[0].body_bytes += (uint64_t)1 << 63;
    parts->results[1].encoded_bytes += (uint64_t)1 << 63;
}

static void odd_codes(struct shared_parts *parts)
{
    EACH_RESULT(parts, result)
    {
        result->outcome = FETCH_IO_FAILED;
        result->curl_code = result->http_status = result->connections = UINT16_MAX;
        result->worker = result->tls_us = result->connect_us = UINT32_MAX;
    }
}

/* -- the report ---------------------------------------------------------------- */

static void endless_versions(struct shared_parts *parts)
{
    struct cell_report *report = &parts->cell->report;

    memset(report->libcurl_version, 'A', sizeof(report->libcurl_version));
    memset(report->tls_version, 'A', sizeof(report->tls_version));
    memset(&report->program, 'A', sizeof(report->program));
    memset(&report->libcurl, 'A', sizeof(report->libcurl));
}

static void control_characters(struct shared_parts *parts)
{
    (void)snprintf(parts->cell->report.libevent_version, CELL_VERSION_SIZE,
                   "2.1\nRUN,base,\x1b[31m");
}

static void endless_run(struct shared_parts *parts)
{
    parts->cell->report.run_ns = UINT64_MAX / 2;
}

static void wrapping_times(struct shared_parts *parts)
{
    parts->cell->report.setup_ns = (uint64_t)1 << 63;
    parts->cell->report.run_ns += (uint64_t)1 << 63;
}

static void wrapping_cpu(struct shared_parts *parts)
{
    parts->cell->report.usage.user_us = (uint64_t)1 << 63;
    parts->cell->report.usage.system_us = (uint64_t)1 << 63;
}

static void many_switches(struct shared_parts *parts)
{
    parts->cell->report.usage.voluntary_switches = UINT64_MAX;
}

static void many_faults(struct shared_parts *parts)
{
    parts->cell->report.usage.minor_faults = UINT64_MAX / 2;
}

static void much_memory(struct shared_parts *parts)
{
    parts->cell->report.peak_rss_bytes = UINT64_MAX;
}

/* The sum is a multiple of 2^64. In run(), before the cell adds the shares. */
static void wrapping_shares(struct shared_parts *parts)
{
    for (unsigned i = 0; i < parts->level; i++)
        parts->cell->shares[i] = (struct usage){.voluntary_switches = (uint64_t)1 << 62,
                                                .minor_faults = (uint64_t)1 << 62};
}

static void endless_failure(struct shared_parts *parts)
{
    parts->cell->report.failed = 0x01010101;
    memset(&parts->cell->report.failure, 'A', sizeof(parts->cell->report.failure));
}

static void odd_stage(struct shared_parts *parts)
{
    parts->cell->report.stage = 0x7fffffff;
    _exit(0);
}

/* -- all shared memory --------------------------------------------------------- */

static void fill_all(struct shared_parts *parts, int byte)
{
    memset(parts->work, byte, parts->work_bytes);
    memset(parts->cell, byte, parts->cell_bytes);
}

static void zeroes_all_and_exits(struct shared_parts *parts)
{
    fill_all(parts, 0);
    _exit(0);
}

static void fills_all_and_exits(struct shared_parts *parts)
{
    fill_all(parts, 0xff);
    _exit(0);
}

static void fills_all_and_dies(struct shared_parts *parts)
{
    fill_all(parts, 0xff);
    (void)raise(SIGKILL);
}

static void make_noise(struct random *random, char *memory, size_t size)
{
    for (size_t i = 0; i < size; i++)
        memory[i] = (char)random_below(random, 256);
}

/* Random bytes, different at each level, with a report of a normal end. */
static void noise_and_exits(struct shared_parts *parts)
{
    struct random random = {parts->level};

    make_noise(&random, parts->work, parts->work_bytes);
    make_noise(&random, (char *)parts->cell, parts->cell_bytes);
    parts->cell->report.stage = CELL_CLOSED;
    _exit(0);
}

/* Hangs while it changes all counters that show progress. */
static void feigns_progress(struct shared_parts *parts)
{
    for (unsigned i = 0;; i++) {
        parts->header->next = i % 7;
        parts->cell->report.stage = i % 5;
        clock_sleep_ns(20 * CLOCK_NS_PER_MS);
    }
}

/* -- the strategies ------------------------------------------------------------ */

static int open_corrupting(void **self, const struct strategy_env *env, struct err *err)
{
    struct strategy_env *copy = malloc(sizeof(*copy));

    if (!copy)
        return err_errno(err, "no memory");
    *copy = *env;
    *self = copy;
    return 0;
}

static int run_well(void *self, struct err *err)
{
    const struct strategy_env *env = self;
    struct work_item item;
    struct fetch *fetch;

    if (fetch_create(&fetch, env->policy, err))
        return -1;
    while (work_take(env->work, 0, &item))
        fetch_perform(fetch, &item);
    fetch_destroy(fetch);
    return 0;
}

/* In close(), when the report is complete except for its end; the shares are added
 * before. */
static void close_corrupting(void *self, void corrupt(struct shared_parts *parts))
{
    struct shared_parts parts = find_parts(self);

    if (corrupt != wrapping_shares)
        corrupt(&parts);
    free(self);
}

static int run_corrupting(void *self, void corrupt(struct shared_parts *parts),
                          struct err *err)
{
    struct shared_parts parts = find_parts(self);

    if (run_well(self, err))
        return -1;
    if (corrupt == wrapping_shares)
        corrupt(&parts);
    return 0;
}

#define X(id, words)                                                                 \
    static int run_##id(void *self, struct err *err)                                 \
    {                                                                                \
        return run_corrupting(self, id, err);                                        \
    }                                                                                \
    static void close_##id(void *self)                                               \
    {                                                                                \
        close_corrupting(self, id);                                                  \
    }                                                                                \
    const struct strategy corrupting_##id = {.name = (words),                        \
                                             .level_limit = 1,                       \
                                             .summary = "overwrites what is shared", \
                                             .waits = "none",                        \
                                             .shared = "nothing",                    \
                                             .sessions = "none",                     \
                                             .open = open_corrupting,                \
                                             .run = run_##id,                        \
                                             .close = close_##id};
CORRUPTING_STRATEGIES(X)
#undef X
