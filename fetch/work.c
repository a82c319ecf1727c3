/* work.c - see work.h. One mapping: header, targets, their URLs, result slots. */
#include "fetch/work.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/shared.h"

/* Only lock-free atomics may be shared between processes. */
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "the item counter must be lock-free");

#define WORK_MAGIC 0x6b726f7768636e62ull

struct target {
    size_t url_offset; /* from the start of the mapping */
    struct work_expectation expect;
};

struct header {
    uint64_t magic;
    uint64_t header_bytes; /* sizeof(struct header) and ... */
    uint64_t result_bytes; /* ... of a slot: another build would differ */
    size_t target_count, capacity, count;
    size_t targets_offset, results_offset;
    alignas(64) atomic_ullong next; /* alone on its cache line: every worker writes it */
};

struct work {
    struct shared shared;
    struct header *header;
    struct target *targets;
    struct fetch_result *results;
    struct slowdown slowdown; /* of every item that is taken in this process */
};

static size_t align_up(size_t size, size_t alignment)
{
    return (size + alignment - 1) / alignment * alignment;
}

static void *at(const struct work *work, size_t offset)
{
    return (char *)work->shared.memory + offset;
}

static void find_parts(struct work *work)
{
    work->header = work->shared.memory;
    work->targets = at(work, work->header->targets_offset);
    work->results = at(work, work->header->results_offset);
}

static void copy_targets(struct work *work, const struct work_target *targets)
{
    size_t offset = work->header->targets_offset +
                    work->header->target_count * sizeof(struct target);

    for (size_t i = 0; i < work->header->target_count; i++) {
        size_t size = strlen(targets[i].url) + 1;

        memcpy(at(work, offset), targets[i].url, size);
        work->targets[i] = (struct target){offset, targets[i].expect};
        offset += size;
    }
}

int work_create(struct work **out, const struct work_target *targets, size_t target_count,
                size_t capacity, struct err *err)
{
    struct work *work = calloc(1, sizeof(*work));
    size_t targets_offset = align_up(sizeof(struct header), alignof(struct target));
    size_t size = targets_offset + target_count * sizeof(struct target);
    size_t results_offset;

    if (!work)
        return err_errno(err, "no memory for the supply of work");
    for (size_t i = 0; i < target_count; i++)
        size += strlen(targets[i].url) + 1;
    results_offset = align_up(size, alignof(struct fetch_result));
    size = results_offset + capacity * sizeof(struct fetch_result);
    if (shared_create(&work->shared, "bench-work", size, err)) {
        free(work);
        return -1;
    }
    *(struct header *)work->shared.memory = (struct header){
        .magic = WORK_MAGIC,
        .header_bytes = sizeof(struct header),
        .result_bytes = sizeof(struct fetch_result),
        .target_count = target_count,
        .capacity = capacity,
        .targets_offset = targets_offset,
        .results_offset = results_offset,
    };
    find_parts(work);
    copy_targets(work, targets);
    *out = work;
    return 0;
}

int work_open(struct work **out, int fd, struct err *err)
{
    struct work *work = calloc(1, sizeof(*work));
    const struct header *header;

    if (!work)
        return err_errno(err, "no memory for the supply of work");
    if (shared_map(&work->shared, fd, err)) {
        free(work);
        return -1;
    }
    header = work->shared.memory;
    if (work->shared.size_bytes < sizeof(*header) || header->magic != WORK_MAGIC ||
        header->header_bytes != sizeof(*header) ||
        header->result_bytes != sizeof(struct fetch_result)) {
        work_destroy(work);
        return err_set(err, "descriptor %d holds no work of this build", fd);
    }
    find_parts(work);
    *out = work;
    return 0;
}

void work_destroy(struct work *work)
{
    if (!work)
        return;
    shared_close(&work->shared);
    free(work);
}

int work_fd(const struct work *work)
{
    return work->shared.fd;
}

void work_arm(struct work *work, size_t count)
{
    memset(work->results, 0, work->header->capacity * sizeof(struct fetch_result));
    work->header->count = count < work->header->capacity ? count : work->header->capacity;
    atomic_store(&work->header->next, 0);
}

const struct fetch_result *work_results(const struct work *work, size_t *count)
{
    *count = work->header->count;
    return work->results;
}

size_t work_taken(const struct work *work)
{
    /* A worker that finds nothing left has counted on, too. */
    unsigned long long next = atomic_load(&work->header->next);

    return next < work->header->count ? (size_t)next : work->header->count;
}

size_t work_lost_by(const struct work *work, unsigned worker, size_t *first)
{
    size_t lost = 0;

    for (size_t i = 0; i < work->header->count; i++) {
        const struct fetch_result *result = &work->results[i];

        if (!result->begin_ns || result->worker != worker ||
            result->outcome != FETCH_LOST)
            continue;
        if (!lost++)
            *first = i;
    }
    return lost;
}

void work_slow_down(struct work *work, const struct slowdown *slowdown)
{
    work->slowdown = *slowdown;
}

static const struct target *target_of(const struct work *work, size_t index)
{
    return &work->targets[index % work->header->target_count];
}

size_t work_target_count(const struct work *work)
{
    return work->header->target_count;
}

const char *work_url(const struct work *work, size_t index)
{
    return at(work, target_of(work, index)->url_offset);
}

bool work_take(struct work *work, unsigned worker, struct work_item *item)
{
    unsigned long long index = atomic_fetch_add_explicit(&work->header->next, 1,
                                                         memory_order_relaxed);

    if (index >= work->header->count)
        return false;
    *item = (struct work_item){
        .index = index,
        .url = work_url(work, index),
        .expect = &target_of(work, index)->expect,
        .result = &work->results[index],
    };
    item->result->worker = worker;
    item->result->begin_ns = clock_ns();
    if (work->slowdown.kind)
        slowdown_suffer(&work->slowdown);
    return true;
}
