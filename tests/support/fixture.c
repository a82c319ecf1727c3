/* fixture.c - see fixture.h. */
#include "tests/support/fixture.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct work_target target_of_page(const struct bed *bed, const struct page *page,
                                         const struct bed_options *options, char **url)
{
    struct work_target target = {
        .expect = {.http_status = options->http_status ? options->http_status : 200}};

    if (page) {
        target.expect.body_known = true;
        target.expect.body_bytes = page->body_bytes;
        target.expect.body_crc32 = page->crc32 ^ (options->wrong_checksum ? 1u : 0u);
    }
    assert_true(asprintf(url, "%s://127.0.0.1:%u%s", bed->authority ? "https" : "http",
                         bed->origin.port, page ? page->path : options->path) > 0);
    target.url = *url;
    return target;
}

static void make_work(struct bed *bed, size_t capacity, const struct bed_options *options)
{
    size_t count = options->path ? 1 : PAGE_DETAIL_COUNT;
    struct work_target targets[PAGE_DETAIL_COUNT];
    char *urls[PAGE_DETAIL_COUNT] = {0};
    struct err err = {""};

    for (size_t i = 0; i < count; i++) {
        const struct page *page = options->path ? page_find(bed->pages, options->path,
                                                            strlen(options->path))
                                                : &bed->pages->pages[1 + i];

        targets[i] = target_of_page(bed, page, options, &urls[i]);
    }
    if (work_create(&bed->work, targets, count, capacity, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < count; i++)
        free(urls[i]);
}

/* The authority that the origin has, and that the client trusts or does not. */
static void make_authority(struct bed *bed, bool wrong)
{
    char *trusted = bed->policy.authority;
    struct authority *other = NULL;
    struct err err = {""};

    if (authority_create(&bed->authority, &err) || authority_create(&other, &err))
        fail_msg("%s", err.text);
    (void)snprintf(trusted, sizeof(bed->policy.authority), "%s",
                   authority_pem(wrong ? other : bed->authority));
    authority_destroy(other);
}

void bed_make(struct bed *bed, size_t capacity, const struct bed_options *options)
{
    struct origin_options origin = {.address = "127.0.0.1",
                                    .behaviour = {.delay = delay_fixed(options->delay_ns),
                                                  .capacity = options->capacity,
                                                  .faults = options->faults},
                                    .tls_sessions = options->policy.tls_sessions};
    struct err err = {""};

    *bed = (struct bed){.policy = options->policy};
    if (!bed->policy.timeout_ms)
        bed->policy.timeout_ms = 20000;
    if (options->tls)
        make_authority(bed, options->wrong_authority);
    origin.authority = bed->authority;
    if (page_set_create(&bed->pages, &options->body, &err) ||
        origin_start(&bed->origin, &origin, bed->pages, capacity, &err))
        fail_msg("%s", err.text);
    /* A port that was open a moment ago is surely closed now. */
    if (options->closed_port && origin_stop(&bed->origin, &err))
        fail_msg("%s", err.text);
    make_work(bed, capacity, options);
}

void bed_open(struct bed *bed, const struct strategy *strategy, unsigned level)
{
    struct strategy_env env = {.work = bed->work,
                               .policy = &bed->policy,
                               .level = level,
                               .workers = BED_WORKERS};
    struct err err = {""};

    if (shared_create(&bed->shares, "bench-test-shares", level * sizeof(struct usage),
                      &err))
        fail_msg("%s", err.text);
    env.shares = bed->shares.memory;
    bed->strategy = strategy;
    bed->level = level;
    bed->self = NULL;
    if (strategy->open(&bed->self, &env, &err))
        fail_msg("%s at level %u: %s", strategy->name, level, err.text);
}

int bed_run(struct bed *bed, size_t requests, struct err *err)
{
    int result;

    err->text[0] = '\0';
    work_arm(bed->work, requests);
    bed->run_begin_ns = clock_ns();
    result = bed->strategy->run(bed->self, err);
    bed->run_end_ns = clock_ns();
    return result;
}

void bed_close(struct bed *bed)
{
    bed->strategy->close(bed->self);
    shared_close(&bed->shares);
}

void bed_destroy(struct bed *bed)
{
    struct err err = {""};

    if (origin_stop(&bed->origin, &err))
        fail_msg("%s", err.text);
    origin_close(&bed->origin);
    work_destroy(bed->work);
    page_set_destroy(bed->pages);
    authority_destroy(bed->authority);
}

size_t bed_count(const struct bed *bed, enum fetch_outcome outcome)
{
    size_t count;
    size_t matching = 0;
    const struct fetch_result *results = work_results(bed->work, &count);

    for (size_t i = 0; i < count; i++)
        matching += results[i].outcome == outcome;
    return matching;
}

size_t bed_peak(const struct bed *bed)
{
    size_t count;
    size_t peak = 0;
    const struct fetch_result *results = work_results(bed->work, &count);

    /* At its begin, a fetch is in flight with all that began before and end after. */
    for (size_t i = 0; i < count; i++) {
        size_t in_flight = 0;

        for (size_t j = 0; j < count; j++)
            in_flight += results[j].begin_ns <= results[i].begin_ns &&
                         results[j].end_ns > results[i].begin_ns;
        if (in_flight > peak)
            peak = in_flight;
    }
    return peak;
}

static size_t count_entries(const char *path)
{
    DIR *directory = opendir(path);
    size_t count = 0;

    assert_non_null(directory);
    while (readdir(directory))
        count++;
    (void)closedir(directory);
    return count;
}

static size_t count_children(void)
{
    FILE *file = fopen("/proc/thread-self/children", "r");
    size_t count = 0;
    long pid;

    assert_non_null(file);
    while (fscanf(file, "%ld", &pid) == 1)
        count++;
    (void)fclose(file);
    return count;
}

struct footprint footprint_now(void)
{
    return (struct footprint){.descriptors = count_entries("/proc/self/fd"),
                              .threads = count_entries("/proc/self/task"),
                              .children = count_children()};
}

static bool same_footprint(const struct footprint *a, const struct footprint *b)
{
    return a->descriptors == b->descriptors && a->threads == b->threads &&
           a->children == b->children;
}

void footprint_assert(const struct footprint *before)
{
    struct footprint now = footprint_now();

    for (int i = 0; i < 1000 && !same_footprint(&now, before); i++) {
        clock_sleep_ns(CLOCK_NS_PER_MS);
        now = footprint_now();
    }
    assert_int_equal(now.descriptors, before->descriptors);
    assert_int_equal(now.threads, before->threads);
    assert_int_equal(now.children, before->children);
}
