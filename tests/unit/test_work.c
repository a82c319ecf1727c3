/* test_work.c - the supply of fetches and the slots of their results. */
#include "base/clock.h"
#include "fetch/due.h"
#include "fetch/slowdown.h"
#include "fetch/work.h"
#include "tests/support/check.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_work(void **state)
{
    static const struct work_target targets[] = {
        {.url = "http://a/", .expect = {.http_status = 200}},
        {.url = "http://bb/", .expect = {.http_status = 404}},
    };
    struct work_item item;
    struct err err = {""};
    struct work *work;
    struct work *other;
    size_t count;

    (void)state;
    assert_int_equal(work_create(&work, targets, 2, 5, NULL), 0);
    assert_false(work_take(work, 0, &item)); /* not armed yet */
    for (int round = 0; round < 2; round++) {
        work_arm(work, 5);
        for (size_t i = 0; i < 5; i++) {
            assert_true(work_take(work, (unsigned)i, &item));
            assert_int_equal(item.index, i);
            assert_int_equal(item.due_ns, 0); /* now */
            assert_string_equal(item.url, targets[i % 2].url);
            assert_int_equal(item.expect->http_status, targets[i % 2].expect.http_status);
            assert_int_equal(item.result->outcome, FETCH_LOST);
            assert_int_equal(item.result->worker, i);
            assert_true(item.result->begin_ns > 0);
            item.result->outcome = FETCH_OK;
        }
        for (int i = 0; i < 3; i++)
            assert_false(work_take(work, 0, &item));
    }
    /* The same supply, mapped again, as an exec'd process does it. */
    assert_int_equal(work_open(&other, dup(work_fd(work)), NULL), 0);
    assert_string_equal(work_url(other, 3), "http://bb/");
    assert_int_equal(work_results(other, &count)[4].outcome, FETCH_OK);
    assert_int_equal(count, 5);
    work_destroy(other);
    work_arm(work, 50); /* capped by its capacity */
    (void)work_results(work, &count);
    assert_int_equal(count, 5);
    work_destroy(work);
    assert_int_equal(work_open(&other, dup(STDERR_FILENO), &err), -1); /* not a supply */
    assert_true(err.text[0]);
}

/* Moments are counted from work_start(), an item begins no earlier than it is due, and
 * nothing is handed out once the supply has closed. */
static void test_work_with_times(void **state)
{
    static const struct work_target targets[] = {{.url = "http://a/"},
                                                 {.url = "http://bb/"}};
    static const struct work_moment moments[] = {
        {0, 1}, {CLOCK_NS_PER_MS, 0}, {CLOCK_NS_PER_S, 1}, {CLOCK_NS_PER_S, 0}};
    static const struct work_timing timing = {
        .moments = moments, .close_ns = CLOCK_NS_PER_S / 2, .cuts = true};
    struct work_item item;
    struct work *work;
    struct work *other;
    uint64_t start_ns;

    (void)state;
    assert_int_equal(work_create_timed(&work, targets, 2, 4, &timing, NULL), 0);
    assert_true(work_has_moments(work));
    assert_int_equal(work_open(&other, dup(work_fd(work)), NULL), 0);
    assert_string_equal(work_url(other, 0), "http://bb/");
    assert_int_equal(work_target_of(other, 2), 1);
    assert_int_equal(work_due_ns(other, 2), CLOCK_NS_PER_S);
    work_arm(work, 4);
    start_ns = work_start(other);
    assert_int_equal(work_started_ns(work), start_ns);
    assert_true(work_take(other, 0, &item));
    assert_string_equal(item.url, "http://bb/");
    assert_int_equal(item.due_ns, start_ns);
    assert_true(item.result->begin_ns > start_ns);
    assert_int_equal(item.result->stop_ns, start_ns + timing.close_ns);
    assert_true(work_take(other, 0, &item));
    work_await(&item);
    assert_true(clock_ns() >= start_ns + CLOCK_NS_PER_MS);
    assert_true(work_take(other, 0, &item)); /* a long time ahead */
    assert_int_equal(item.result->begin_ns, start_ns + CLOCK_NS_PER_S);
    clock_sleep_until(start_ns + timing.close_ns);
    assert_false(work_take(other, 0, &item));
    assert_int_equal(work_taken(work), 3);
    work_destroy(other);
    work_destroy(work);
}

/* What is claimed ahead is handed over when it is due, in order, and once. */
static void test_due(void **state)
{
    static const struct work_target target = {.url = "http://a/"};
    static const struct work_moment moments[] = {
        {0, 0}, {0, 0}, {5 * CLOCK_NS_PER_MS, 0}};
    static const struct work_timing timing = {.moments = moments};
    struct work_item item;
    struct work *work;
    struct due due;

    (void)state;
    assert_int_equal(work_create_timed(&work, &target, 1, 3, &timing, NULL), 0);
    work_arm(work, 3);
    due_begin(&due, work, 7);
    (void)work_start(work);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(due_ns(&due), UINT64_MAX);
        assert_true(due_take(&due, &item));
        assert_int_equal(item.index, i);
        assert_int_equal(item.result->worker, 7);
    }
    assert_false(due_take(&due, &item));
    assert_int_equal(due_ns(&due), work_started_ns(work) + 5 * CLOCK_NS_PER_MS);
    clock_sleep_until(due_ns(&due));
    assert_true(due_take(&due, &item));
    assert_int_equal(item.index, 2);
    assert_false(due_take(&due, &item));
    assert_int_equal(due_ns(&due), UINT64_MAX);
    assert_int_equal(work_taken(work), 3);
    work_destroy(work);
}

/* Many processes take items concurrently: each item goes to exactly one. */
static void test_work_between_processes(void **state)
{
    enum { ITEMS = 20000, TAKERS = 4 };
    static const struct work_target target = {.url = "http://a/"};
    const struct fetch_result *results;
    unsigned by_taker[TAKERS] = {0};
    struct work *work;
    size_t count;

    (void)state;
    assert_int_equal(work_create(&work, &target, 1, ITEMS, NULL), 0);
    work_arm(work, ITEMS);
    for (unsigned i = 0; i < TAKERS; i++) {
        struct work_item item;
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid)
            continue;
        while (work_take(work, i, &item))
            item.result->curl_code++; /* a second fetch would show */
        _exit(0);
    }
    for (unsigned i = 0; i < TAKERS; i++)
        assert_true(wait(NULL) > 0);
    results = work_results(work, &count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(results[i].curl_code, 1);
        by_taker[results[i].worker]++;
    }
    assert_int_equal(by_taker[0] + by_taker[1] + by_taker[2] + by_taker[3], ITEMS);
    work_destroy(work);
}

static void test_slowdown_words(void **state)
{
    static const struct {
        const char *text;
        enum slowdown_kind kind;
        uint64_t amount;
        const char *cell;
    } good[] = {
        {NULL, SLOWDOWN_NONE, 0, ""},
        {"cpu:20us", SLOWDOWN_CPU, 20000, ""},
        {"wait:2ms", SLOWDOWN_WAIT, 2000000, ""},
        {"instructions:500", SLOWDOWN_INSTRUCTIONS, 500, ""},
        {"cpu:20us@event-loop@100", SLOWDOWN_CPU, 20000, "event-loop@100"},
    };
    static const char *const bad[] = {"",
                                      "cpu",
                                      "cpu:",
                                      "cpu:20",
                                      "cpu:0",
                                      "cpu:11s",
                                      "cpus:20us",
                                      "wait:-1s",
                                      "20us",
                                      "instructions:5us",
                                      "instructions:0",
                                      "cpu:20us@event-loop",
                                      "cpu:20us@",
                                      "cpu:@event-loop@100"};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct slowdown slowdown;

        assert_int_equal(slowdown_parse(&slowdown, good[i].text, NULL), 0);
        assert_int_equal(slowdown.kind, good[i].kind);
        assert_int_equal(slowdown.amount, good[i].amount);
        assert_string_equal(slowdown.cell, good[i].cell);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct slowdown slowdown;
        struct err err = {""};

        if (!slowdown_parse(&slowdown, bad[i], &err))
            fail_msg("'%s' was taken", bad[i]);
        assert_non_null(strstr(err.text, "BENCH_INJECT="));
    }
}

/* Each item costs CPU time or sleep, and nothing else does. */
static void test_slowdown(void **state)
{
    static const struct work_target target = {.url = "http://a/"};
    struct slowdown cpu = {SLOWDOWN_CPU, 2000000, ""};
    struct slowdown wait = {SLOWDOWN_WAIT, 2000000, ""};
    struct work_item item;
    struct work *work;
    uint64_t start_ns;

    (void)state;
    assert_int_equal(work_create(&work, &target, 1, 5, NULL), 0);
    work_arm(work, 5);
    work_slow_down(work, &cpu);
    start_ns = clock_thread_cpu_ns();
    for (int i = 0; i < 5; i++)
        assert_true(work_take(work, 0, &item));
    assert_true(clock_thread_cpu_ns() - start_ns >= 5 * cpu.amount);
    work_arm(work, 5);
    work_slow_down(work, &wait);
    start_ns = clock_ns();
    for (int i = 0; i < 5; i++)
        assert_true(work_take(work, 0, &item));
    assert_true(clock_ns() - start_ns >= 5 * wait.amount);
    work_destroy(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_work),
        cmocka_unit_test(test_work_with_times),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_work_between_processes),
        cmocka_unit_test(test_slowdown_words),
        cmocka_unit_test(test_slowdown),
    };

    return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
