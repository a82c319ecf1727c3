/* fixture.c - see fixture.h. */
#include "tests/support/fixture.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct work_target target_of_page(const struct fixture *fixture,
                                         const struct page *page,
                                         const struct fixture_options *options,
                                         char **url)
{
    struct work_target target = {
        .expect = {.http_status = options->http_status ? options->http_status : 200}};

    if (page) {
        target.expect.body_known = true;
        target.expect.delay_stamped = true;
        target.expect.body_bytes = page->body_bytes;
        target.expect.body_crc32 = page->crc32 ^ (options->wrong_checksum ? 1u : 0u);
    }
    assert_true(asprintf(url, "%s://127.0.0.1:%u%s", fixture->ca ? "https" : "http",
                         fixture->origin.port, page ? page->path : options->path) > 0);
    target.url = *url;
    return target;
}

static void make_work(struct fixture *fixture, size_t capacity,
                      const struct fixture_options *options)
{
    size_t count = options->path ? 1 : PAGE_DETAIL_COUNT;
    struct work_target targets[PAGE_DETAIL_COUNT];
    char *urls[PAGE_DETAIL_COUNT] = {0};
    struct err err = {""};

    for (size_t i = 0; i < count; i++) {
        const struct page *page = options->path ? page_find(fixture->pages, options->path,
                                                            strlen(options->path))
                                                : &fixture->pages->pages[1 + i];

        targets[i] = target_of_page(fixture, page, options, &urls[i]);
    }
    if (options->timing ? work_create_timed(&fixture->work, targets, count, capacity,
                                            options->timing, &err)
                        : work_create(&fixture->work, targets, count, capacity, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < count; i++)
        free(urls[i]);
}

/* Creates the CA of the origin and the CA that the client trusts. */
static void make_ca(struct fixture *fixture, bool wrong)
{
    char *trusted = fixture->policy.ca;
    struct ca *other = NULL;
    struct err err = {""};

    if (ca_create(&fixture->ca, &err) || ca_create(&other, &err))
        fail_msg("%s", err.text);
    (void)snprintf(trusted, sizeof(fixture->policy.ca), "%s",
                   ca_pem(wrong ? other : fixture->ca));
    ca_destroy(other);
}

void fixture_make(struct fixture *fixture, size_t capacity,
                  const struct fixture_options *options)
{
    struct origin_options origin = {.address = "127.0.0.1",
                                    .behaviour = {.delay = delay_fixed(options->delay_ns),
                                                  .capacity = options->capacity,
                                                  .faults = options->faults},
                                    .tls_sessions = options->policy.tls_sessions};
    struct err err = {""};

    *fixture = (struct fixture){.policy = options->policy};
    if (!fixture->policy.timeout_ms)
        fixture->policy.timeout_ms = 20000;
    if (options->tls)
        make_ca(fixture, options->wrong_ca);
    origin.ca = fixture->ca;
    if (page_set_create(&fixture->pages, &options->body, &err) ||
        origin_start(&fixture->origin, &origin, fixture->pages, capacity, &err))
        fail_msg("%s", err.text);
    /* The port was open just now, so it is closed after the stop. */
    if (options->closed_port && origin_stop(&fixture->origin, &err))
        fail_msg("%s", err.text);
    make_work(fixture, capacity, options);
}

void fixture_open(struct fixture *fixture, const struct strategy *strategy,
                  unsigned level)
{
    struct strategy_env env = {.work = fixture->work,
                               .policy = &fixture->policy,
                               .level = level,
                               .workers = FIXTURE_WORKERS};
    struct err err = {""};

    if (shared_create(&fixture->shares, "bench-test-shares", level * sizeof(struct usage),
                      &err))
        fail_msg("%s", err.text);
    env.shares = fixture->shares.memory;
    fixture->strategy = strategy;
    fixture->level = level;
    fixture->self = NULL;
    if (strategy->open(&fixture->self, &env, &err))
        fail_msg("%s at level %u: %s", strategy->name, level, err.text);
}

int fixture_run(struct fixture *fixture, size_t requests, struct err *err)
{
    int result;

    err->text[0] = '\0';
    work_arm(fixture->work, requests);
    fixture->run_begin_ns = work_start(fixture->work);
    result = fixture->strategy->run(fixture->self, err);
    fixture->run_end_ns = clock_ns();
    return result;
}

void fixture_close(struct fixture *fixture)
{
    fixture->strategy->close(fixture->self);
    shared_close(&fixture->shares);
}

void fixture_destroy(struct fixture *fixture)
{
    struct err err = {""};

    if (origin_stop(&fixture->origin, &err))
        fail_msg("%s", err.text);
    origin_close(&fixture->origin);
    work_destroy(fixture->work);
    page_set_destroy(fixture->pages);
    ca_destroy(fixture->ca);
}

size_t fixture_count(const struct fixture *fixture, enum fetch_outcome outcome)
{
    size_t count;
    size_t matching = 0;
    const struct fetch_result *results = work_results(fixture->work, &count);

    for (size_t i = 0; i < count; i++)
        matching += results[i].outcome == outcome;
    return matching;
}

size_t fixture_peak(const struct fixture *fixture)
{
    size_t count;
    size_t peak = 0;
    const struct fetch_result *results = work_results(fixture->work, &count);

    /* When a fetch begins, all fetches that began before and end later are in flight. */
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

/* At most as many threads: `b` may have counted one that was ending. */
static bool same_footprint(const struct footprint *a, const struct footprint *b)
{
    return a->descriptors == b->descriptors && a->threads <= b->threads &&
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
    assert_true(now.threads <= before->threads);
    assert_int_equal(now.children, before->children);
}
