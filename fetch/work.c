/* work.c - see work.h. One mapping: header, targets, their URLs, moments,
 * result slots. */
#include "fetch/work.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/shared.h"
#include "fetch/slowdown.h"

/* Only lock-free atomics may be shared between processes. */
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "the item counter must be lock-free");

#define WORK_MAGIC 0x6b726f7768636e62ull

struct target {
    size_t url_offset; /* from the start of the mapping */
    struct work_expectation expect;
};

/* The counter is alone on its cache line, which costs 64 bytes of padding.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct header {
    uint64_t magic;
    uint64_t header_bytes; /* sizeof(struct header) and ... */
    uint64_t result_bytes; /* ... of a slot: another build would differ */
    size_t target_count, capacity, count;
    size_t targets_offset, moments_offset, results_offset; /* moments_offset 0: none */
    uint64_t close_ns, started_ns;
    bool cuts;
    alignas(64) atomic_ullong next; /* alone on its cache line: every worker writes it */
};

struct work {
    struct shared shared;
    struct header *header;        /* in it; any worker may have overwritten it */
    struct fetch_result *results; /* in it */

    /* The data that this process relies on. `image` has the header, the targets and their
     * URLs as they were made: a private copy in the process that made them, elsewhere the
     * mapping. */
    const char *image;
    char *own_image; /* owned; NULL where `image` is the mapping */
    const struct target *targets;
    const struct work_moment *moments; /* NULL: items are not timed */
    size_t target_count, capacity, count;
    uint64_t close_ns;
    bool cuts;
    struct slowdown slowdown; /* of every item that is taken in this process */
};

static size_t align_up(size_t size, size_t alignment)
{
    return (size + alignment - 1) / alignment * alignment;
}

/* Copies the header of `image`, which is as it was made. */
static void find_parts(struct work *work, const char *image)
{
    const struct header *header = (const void *)image;

    work->header = work->shared.memory;
    work->results = (void *)((char *)work->shared.memory + header->results_offset);
    work->image = image;
    work->targets = (const void *)(image + header->targets_offset);
    if (header->moments_offset)
        work->moments = (const void *)(image + header->moments_offset);
    work->close_ns = header->close_ns;
    work->cuts = header->cuts;
    work->target_count = header->target_count;
    work->capacity = header->capacity;
    work->count = header->count;
}

static void copy_targets(char *image, const struct work_target *targets)
{
    const struct header *header = (const void *)image;
    struct target *copies = (void *)(image + header->targets_offset);
    size_t offset = header->targets_offset + header->target_count * sizeof(*copies);

    for (size_t i = 0; i < header->target_count; i++) {
        size_t size = strlen(targets[i].url) + 1;

        memcpy(image + offset, targets[i].url, size);
        copies[i] = (struct target){offset, targets[i].expect};
        offset += size;
    }
}

/* Where the parts of a supply begin. */
struct layout {
    size_t targets, moments, results, end;
};

static struct layout plan_layout(const struct work_target *targets, size_t target_count,
                                 size_t capacity, const struct work_timing *timing)
{
    struct layout layout = {
        .targets = align_up(sizeof(struct header), alignof(struct target))};
    size_t size = layout.targets + target_count * sizeof(struct target);

    for (size_t i = 0; i < target_count; i++)
        size += strlen(targets[i].url) + 1;
    if (timing->moments) {
        layout.moments = align_up(size, alignof(struct work_moment));
        size = layout.moments + capacity * sizeof(struct work_moment);
    }
    layout.results = align_up(size, alignof(struct fetch_result));
    layout.end = layout.results + capacity * sizeof(struct fetch_result);
    return layout;
}

/* The supply as it is made, without the slots for results. Owner: the caller. */
static char *make_image(const struct layout *layout, const struct work_target *targets,
                        size_t target_count, size_t capacity,
                        const struct work_timing *timing)
{
    char *image = aligned_alloc(alignof(struct header),
                                align_up(layout->results, alignof(struct header)));

    if (!image)
        return NULL;
    memset(image, 0, layout->results);
    *(struct header *)(void *)image = (struct header){
        .magic = WORK_MAGIC,
        .header_bytes = sizeof(struct header),
        .result_bytes = sizeof(struct fetch_result),
        .target_count = target_count,
        .capacity = capacity,
        .targets_offset = layout->targets,
        .moments_offset = layout->moments,
        .results_offset = layout->results,
        .close_ns = timing->close_ns,
        .cuts = timing->cuts,
    };
    copy_targets(image, targets);
    if (timing->moments)
        memcpy(image + layout->moments, timing->moments,
               capacity * sizeof(struct work_moment));
    return image;
}

int work_create_timed(struct work **out, const struct work_target *targets,
                      size_t target_count, size_t capacity,
                      const struct work_timing *timing, struct err *err)
{
    struct layout layout = plan_layout(targets, target_count, capacity, timing);
    struct work *work = calloc(1, sizeof(*work));

    if (!work)
        return err_errno(err, "no memory for the supply of work");
    work->own_image = make_image(&layout, targets, target_count, capacity, timing);
    if (!work->own_image)
        (void)err_errno(err, "no memory for %zu URLs", target_count);
    if (!work->own_image || shared_create(&work->shared, "bench-work", layout.end, err)) {
        work_destroy(work);
        return -1;
    }
    memcpy(work->shared.memory, work->own_image, layout.results);
    find_parts(work, work->own_image);
    *out = work;
    return 0;
}

int work_create(struct work **out, const struct work_target *targets, size_t target_count,
                size_t capacity, struct err *err)
{
    static const struct work_timing none;

    return work_create_timed(out, targets, target_count, capacity, &none, err);
}

/* True if a mapping of this size is a supply of this build, as its maker left it. */
static bool is_supply(const struct header *header, size_t size_bytes)
{
    return size_bytes >= sizeof(*header) && header->magic == WORK_MAGIC &&
           header->header_bytes == sizeof(*header) &&
           header->result_bytes == sizeof(struct fetch_result) && header->target_count &&
           header->results_offset <= size_bytes &&
           header->targets_offset <= header->results_offset &&
           header->target_count <= (header->results_offset - header->targets_offset) /
                                       sizeof(struct target) &&
           header->capacity <=
               (size_bytes - header->results_offset) / sizeof(struct fetch_result) &&
           header->moments_offset <= header->results_offset &&
           (!header->moments_offset ||
            header->capacity <= (header->results_offset - header->moments_offset) /
                                    sizeof(struct work_moment)) &&
           header->count <= header->capacity;
}

int work_open(struct work **out, int fd, struct err *err)
{
    struct work *work = calloc(1, sizeof(*work));

    if (!work)
        return err_errno(err, "no memory for the supply of work");
    if (shared_map(&work->shared, fd, err)) {
        free(work);
        return -1;
    }
    if (!is_supply(work->shared.memory, work->shared.size_bytes)) {
        work_destroy(work);
        return err_set(err, "descriptor %d holds no supply of work of this build", fd);
    }
    find_parts(work, work->shared.memory);
    *out = work;
    return 0;
}

void work_destroy(struct work *work)
{
    if (!work)
        return;
    shared_close(&work->shared);
    free(work->own_image);
    free(work);
}

int work_fd(const struct work *work)
{
    return work->shared.fd;
}

void work_arm(struct work *work, size_t count)
{
    /* Slots that were never armed are empty, and may be too many to touch. */
    memset(work->results, 0, work->count * sizeof(struct fetch_result));
    work->count = count < work->capacity ? count : work->capacity;
    work->header->count = work->count;
    atomic_store(&work->header->next, 0);
}

void work_settle(struct work *work)
{
    work->count = work_taken(work);
}

const struct fetch_result *work_results(const struct work *work, size_t *count)
{
    *count = work->count;
    return work->results;
}

struct fetch_result *work_results_copy(const struct work *work, size_t *count,
                                       struct err *err)
{
    size_t bytes = work->count * sizeof(struct fetch_result);
    /* Never zero bytes, for which NULL is no failure. */
    struct fetch_result *copy = aligned_alloc(
        alignof(struct fetch_result), bytes ? bytes : sizeof(struct fetch_result));

    if (!copy) {
        (void)err_errno(err, "no memory for %zu results", work->count);
        return NULL;
    }
    memcpy(copy, work->results, bytes);
    *count = work->count;
    return copy;
}

size_t work_taken(const struct work *work)
{
    /* A worker that found nothing left has advanced the counter, too. */
    unsigned long long next = atomic_load(&work->header->next);

    return next < work->count ? (size_t)next : work->count;
}

size_t work_lost_by(const struct work *work, unsigned worker, size_t *first)
{
    size_t lost = 0;

    for (size_t i = 0; i < work->count; i++) {
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

/* -- times --------------------------------------------------------------------- */

uint64_t work_start(struct work *work)
{
    return work->header->started_ns = clock_ns();
}

uint64_t work_started_ns(const struct work *work)
{
    return work->header->started_ns;
}

bool work_has_moments(const struct work *work)
{
    return work->moments != NULL;
}

uint64_t work_due_ns(const struct work *work, size_t index)
{
    return work->moments ? work->moments[index].due_ns : 0;
}

uint64_t work_close_ns(const struct work *work)
{
    return work->close_ns;
}

/* -- items --------------------------------------------------------------------- */

size_t work_target_count(const struct work *work)
{
    return work->target_count;
}

size_t work_target_of(const struct work *work, size_t index)
{
    return (work->moments ? work->moments[index].target : index) % work->target_count;
}

const char *work_target_url(const struct work *work, size_t target)
{
    return work->image + work->targets[target].url_offset;
}

const char *work_url(const struct work *work, size_t index)
{
    return work_target_url(work, work_target_of(work, index));
}

const struct work_expectation *work_expected(const struct work *work, size_t index)
{
    return &work->targets[work_target_of(work, index)].expect;
}

/* The moments of an item that is taken at `now_ns`. */
static void set_moments(const struct work *work, struct work_item *item, uint64_t now_ns)
{
    if (work->moments)
        item->due_ns = work->header->started_ns + work_due_ns(work, item->index);
    if (work->cuts)
        item->result->stop_ns = work->header->started_ns + work->close_ns;
    item->result->begin_ns = item->due_ns > now_ns ? item->due_ns : now_ns;
}

bool work_take(struct work *work, unsigned worker, struct work_item *item)
{
    unsigned long long index;

    if (work->close_ns && clock_ns() >= work->header->started_ns + work->close_ns)
        return false;
    index = atomic_fetch_add_explicit(&work->header->next, 1, memory_order_relaxed);
    if (index >= work->header->count)
        return false;
    *item = (struct work_item){
        .index = index,
        .url = work_url(work, index),
        .expect = work_expected(work, index),
        .result = &work->results[index],
    };
    item->result->worker = worker;
    set_moments(work, item, clock_ns());
    if (work->slowdown.kind)
        slowdown_suffer(&work->slowdown);
    return true;
}

void work_await(const struct work_item *item)
{
    if (item->due_ns)
        clock_sleep_until(item->due_ns);
}
