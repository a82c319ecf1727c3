/* test_fail_open.c - if any resource is refused, open() or run() reports it and leaks
 * nothing.
 *
 * The linker replaces the functions that give out resources with those below (--wrap, see
 * CMakeLists.txt), so the product has no hooks. For every strategy the first call fails,
 * then the second, and so on until open(), or run(), succeeds. */
#include "fetch/fetch.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"

#include <curl/curl.h>
#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

static atomic_long calls_until_failure = -1; /* -1: none fails */

/* True: this call is the one that fails. */
static bool fails_now(int code)
{
    if (atomic_load(&calls_until_failure) < 0 ||
        atomic_fetch_sub(&calls_until_failure, 1) != 0)
        return false;
    errno = code;
    return true;
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now(ENOMEM) ? NULL : __real_calloc(count, size);
}

void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return fails_now(ENOMEM) ? MAP_FAILED
                             : __real_mmap(at, size, protection, flags, fd, offset);
}

int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags);
int __wrap_epoll_create1(int flags)
{
    return fails_now(EMFILE) ? -1 : __real_epoll_create1(flags);
}

pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t __wrap_fork(void)
{
    return fails_now(EAGAIN) ? -1 : __real_fork();
}

int __real_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags)
{
    return fails_now(EMFILE) ? -1 : __real_eventfd(value, flags);
}

int __real_signalfd(int fd, const sigset_t *mask, int flags);
int __wrap_signalfd(int fd, const sigset_t *mask, int flags);
int __wrap_signalfd(int fd, const sigset_t *mask, int flags)
{
    return fails_now(EMFILE) ? -1 : __real_signalfd(fd, mask, flags);
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *), void *argument)
{
    return fails_now(0) ? EAGAIN
                        : __real_pthread_create(thread, attributes, run, argument);
}

CURL *__real_curl_easy_init(void);
CURL *__wrap_curl_easy_init(void);
CURL *__wrap_curl_easy_init(void)
{
    return fails_now(0) ? NULL : __real_curl_easy_init();
}

CURLM *__real_curl_multi_init(void);
CURLM *__wrap_curl_multi_init(void);
CURLM *__wrap_curl_multi_init(void)
{
    return fails_now(0) ? NULL : __real_curl_multi_init();
}

struct event_base *__real_event_base_new_with_config(const struct event_config *config);
struct event_base *__wrap_event_base_new_with_config(const struct event_config *config);
struct event_base *__wrap_event_base_new_with_config(const struct event_config *config)
{
    return fails_now(0) ? NULL : __real_event_base_new_with_config(config);
}

static void test_open_survives(void **state)
{
    const struct strategy *strategy = *state;
    struct fixture_options options = {0};
    struct usage shares[4] = {{0}};
    struct strategy_env env = {.level = 4, .workers = FIXTURE_WORKERS, .shares = shares};
    struct footprint before;
    struct fixture fixture;
    void *self = NULL;
    long failures = 0;
    int result;

    fixture_make(&fixture, 4, &options);
    env.work = fixture.work;
    env.policy = &fixture.policy;
    /* A library keeps some resources after its first use. */
    assert_int_equal(strategy->open(&self, &env, NULL), 0);
    strategy->close(self);
    before = footprint_now();
    do {
        struct err err = {""};

        self = NULL;

        calls_until_failure = failures;
        result = strategy->open(&self, &env, &err);
        calls_until_failure = -1;
        if (!result)
            strategy->close(self);
        else if (!err.text[0])
            fail_msg("%s fails without a word at call %ld", strategy->name, failures);
        footprint_assert(&before);
        failures++;
    } while (result && failures < 200);
    assert_int_equal(result, 0);
    /* At least its own memory and a handle. A worker process's own failures are seen only
     * by its siblings, so they are not all counted here. */
    assert_in_range(failures, 3, 199);
    fixture_destroy(&fixture);
}

/* The same within run(), where some models create threads, processes and stacks: an item
 * may be lost, but the message says why, and nothing leaks. */
static void test_run_survives(void **state)
{
    const struct strategy *strategy = *state;
    struct fixture_options options = {0};
    struct footprint before;
    struct fixture fixture;
    bool failed = true;

    fixture_make(&fixture, 12, &options);
    before = footprint_now();
    for (long i = 0; failed && i < 200; i++) {
        struct err err = {""};
        int result;

        fixture_open(&fixture, strategy, 4);
        work_arm(fixture.work, 12);
        calls_until_failure = i;
        result = strategy->run(fixture.self, &err);
        failed = calls_until_failure < 0;
        calls_until_failure = -1;
        if (result && !err.text[0])
            fail_msg("%s fails without a word at call %ld", strategy->name, i);
        if (!result && fixture_count(&fixture, FETCH_LOST))
            fail_msg("%s loses an item without a word at call %ld", strategy->name, i);
        fixture_close(&fixture);
        footprint_assert(&before);
    }
    assert_false(failed);
    fixture_destroy(&fixture);
}

int main(void)
{
    int failures = 0;

    if (fetch_global_init(NULL))
        return 1;
    for (size_t i = 0; strategies[i]; i++) {
        const struct CMUnitTest tests[] = {
            {.name = strategies[i]->name,
             .test_func = test_open_survives,
             .initial_state = (void *)strategies[i]},
            {.name = strategies[i]->name,
             .test_func = test_run_survives,
             .initial_state = (void *)strategies[i]},
        };

        failures += cmocka_run_group_tests_name("fail_open", tests, NULL, NULL);
    }
    fetch_global_cleanup();
    return failures ? 1 : 0;
}
