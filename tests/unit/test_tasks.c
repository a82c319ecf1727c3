/* test_tasks.c - tasks that fail, are cancelled, wait for events, are many, or overflow
 * their stacks. */
#include <event2/event_struct.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/support/check.h"
#include "tests/support/event_log.h"

struct list {
    struct task *tasks[5];
    void *results[5];
};

static int wait_for_list(struct task *self, void *argument, void **result,
                         struct err *err)
{
    struct list *list = argument;

    (void)result;
    return gather(self, list->tasks, 5, list->results, err);
}

/* -- failures and cancelling --------------------------------------------------- */

static int fail_task(struct task *self, void *argument, void **result, struct err *err)
{
    (void)argument;
    (void)result;
    if (await_sleep(self, 0, err))
        return -1;
    return err_set(err, "the page was torn");
}

static int await_argument(struct task *self, void *argument, void **result,
                          struct err *err)
{
    return await_task(self, argument, result, err);
}

static void test_failure_reaches_the_awaiting_task(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct task *inner = make_task(fail_task, NULL, "inner");
    struct task *outer = make_task(await_argument, inner, "outer");
    struct err err;

    (void)state;
    assert_int_equal(task_loop_run(loop, outer, &err), -1);
    assert_string_equal(err.text, "the page was torn");
    task_release(inner);
    task_release(outer);
    task_loop_close(loop);
    assert_string_equal(event_log.unseen, "");
}

static void test_unobserved_failure_is_reported(void **state)
{
    struct event_log event_log = {.text = ""};
    struct sleeper sleeper = {&event_log, "begins", "ends", 5 * CLOCK_NS_PER_MS};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct task *forgotten = make_task(fail_task, NULL, "forgotten");
    struct task *kept = make_task(fail_task, NULL, "kept");
    struct task *main_task = make_task(sleep_async, &sleeper, "main");

    (void)state;
    assert_int_equal(task_start(forgotten, loop, NULL), 0);
    assert_int_equal(task_start(kept, loop, NULL), 0);
    task_release(forgotten); /* it still runs */
    run_task(loop, main_task);
    assert_string_equal(event_log.unseen, "forgotten: the page was torn;");
    task_release(main_task);
    task_loop_close(loop);
    task_release(kept); /* after its loop is closed */
    assert_string_equal(event_log.unseen,
                        "forgotten: the page was torn;kept: the page was torn;");
}

static void test_gather_reports_the_first_failure_in_list_order(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct list list = {.tasks = {NULL}};
    struct task *all = make_task(wait_for_list, &list, "all");
    struct err err;

    (void)state;
    for (size_t i = 0; i < 5; i++)
        list.tasks[i] = make_task(i < 2 ? say : fail_task, &event_log, "one");
    assert_int_equal(task_loop_run(loop, all, &err), -1);
    assert_string_equal(err.text, "the page was torn");
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(task_state(list.tasks[i]), TASK_FINISHED); /* none left */
        task_release(list.tasks[i]);
    }
    task_release(all);
    task_loop_close(loop);
    assert_string_equal(event_log.unseen, "");
}

static int cancel_task(struct task *self, void *argument, void **result, struct err *err)
{
    (void)result;
    if (await_sleep(self, 0, err))
        return -1;
    assert_int_equal(task_state(argument), TASK_SUSPENDED);
    task_cancel(argument);
    return await_end(self, argument, err);
}

static void test_cancelling(void **state)
{
    struct event_log event_log = {.text = ""};
    struct sleeper sleeper = {&event_log, "begins", "ends", 3600 * CLOCK_NS_PER_S};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct task *unstarted = make_task(say, &event_log, "unstarted");
    struct task *queued = make_task(say, &event_log, "queued");
    struct task *victim = make_task(sleep_async, &sleeper, "victim");
    struct task *killer = make_task(cancel_task, victim, "killer");
    struct err err;

    (void)state;
    task_cancel(unstarted);
    assert_int_equal(task_state(unstarted), TASK_CANCELLED);
    assert_int_equal(task_start(unstarted, loop, &err), -1);
    assert_int_equal(task_start(queued, loop, NULL), 0);
    task_cancel(queued);
    assert_int_equal(task_start(victim, loop, NULL), 0);
    run_task(loop, killer);
    assert_int_equal(task_state(victim), TASK_CANCELLED);
    assert_int_equal(task_result(victim, NULL, &err), -1);
    assert_string_equal(err.text, "task 'victim' was cancelled");
    assert_int_equal(task_loop_run(loop, queued, &err), -1);
    assert_int_equal(task_state(queued), TASK_CANCELLED);
    assert_string_equal(event_log.text, "begins"); /* no other task ran or ended */
    task_cancel(victim);
    task_release(unstarted);
    task_release(queued);
    task_release(victim);
    task_release(killer);
    task_loop_close(loop);
    assert_string_equal(event_log.unseen, ""); /* a cancelled task has not failed */
}

/* Closing the loop cancels and unwinds suspended tasks, so they can free memory; the
 * address sanitizer would report a leak. */
static int hold_memory(struct task *self, void *argument, void **result, struct err *err)
{
    char *memory = malloc(100);
    int failed = await_completion(self, argument, err);

    (void)result;
    free(memory);
    return failed;
}

static void test_closing_the_loop_cancels_suspended_tasks(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct sleeper sleeper = {&event_log, "begins", "ends", CLOCK_NS_PER_MS};
    struct task *main_task = make_task(sleep_async, &sleeper, "main");
    struct task *tasks[3];
    struct completion never;

    (void)state;
    completion_init(&never);
    for (size_t i = 0; i < 3; i++) {
        tasks[i] = make_task(hold_memory, &never, "holder");
        assert_int_equal(task_start(tasks[i], loop, NULL), 0);
    }
    run_task(loop, main_task);
    assert_int_equal(task_state(tasks[1]), TASK_SUSPENDED);
    task_loop_close(loop);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(task_state(tasks[i]), TASK_CANCELLED);
        task_release(tasks[i]);
    }
    task_release(main_task);
}

/* -- the loop and its events --------------------------------------------------- */

static void on_event(evutil_socket_t socket, short what, void *user)
{
    (void)socket;
    (void)what;
    completion_complete(user);
}

/* A task can await the completion that a callback of the same libevent loop makes. */
static void test_event_callback_completes_an_await(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct completion completion;
    struct task *task = make_task(hold_memory, &completion, "reader");
    struct event event;
    int ends[2];

    (void)state;
    completion_init(&completion);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(event_assign(&event, task_loop_base(loop), ends[0], EV_READ,
                                  on_event, &completion),
                     0);
    assert_int_equal(event_add(&event, NULL), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    run_task(loop, task);
    task_release(task);
    task_loop_close(loop);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static int sleep_until_due(struct task *self, void *argument, void **result,
                           struct err *err)
{
    (void)argument;
    (void)result;
    for (uint64_t us = 1; us < 5000; us = us * 3 + 1) {
        uint64_t start_ns = clock_ns();

        if (await_sleep(self, us * CLOCK_NS_PER_US, err))
            return -1;
        assert_true(clock_ns() - start_ns >= us * CLOCK_NS_PER_US);
    }
    return 0;
}

static void test_timer_is_never_early(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct task *task = make_task(sleep_until_due, NULL, "timer");

    (void)state;
    run_task(loop, task);
    task_release(task);
    task_loop_close(loop);
}

/* -- many tasks ---------------------------------------------------------------- */

#if defined(__SANITIZE_THREAD__)
enum { MANY = 2000 }; /* the thread sanitizer allows 8,000 fibers and threads */
#else
enum { MANY = 10000 };
#endif

struct suspended_tasks {
    struct task_loop *loop;
    struct completion gate;
    struct task **tasks;
    size_t passed;
    uint64_t bytes_each;
};

static uint64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages[2] = {0};

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu %lu", &pages[0], &pages[1]), 2);
    (void)fclose(file);
    return (uint64_t)pages[1] * (uint64_t)sysconf(_SC_PAGESIZE);
}

static int await_gate(struct task *self, void *argument, void **result, struct err *err)
{
    struct suspended_tasks *suspended = argument;

    (void)result;
    if (await_completion(self, &suspended->gate, err))
        return -1;
    suspended->passed++;
    return 0;
}

static int complete_gate(struct task *self, void *argument, void **result,
                         struct err *err)
{
    struct suspended_tasks *suspended = argument;
    uint64_t before_bytes = resident_bytes();

    (void)result;
    for (size_t i = 0; i < MANY; i++) {
        suspended->tasks[i] = make_task(await_gate, suspended, "one of many");
        assert_int_equal(task_start(suspended->tasks[i], suspended->loop, err), 0);
    }
    if (await_sleep(self, 0, err))
        return -1;
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(task_state(suspended->tasks[i]), TASK_SUSPENDED);
    suspended->bytes_each = (resident_bytes() - before_bytes) / MANY;
    assert_int_equal(suspended->passed, 0);
    completion_complete(&suspended->gate);
    return await_all(self, suspended->tasks, MANY, err);
}

static void test_many_suspended_tasks(void **state)
{
    struct event_log event_log = {.text = ""};
    struct suspended_tasks suspended = {.loop = event_log_open_loop(&event_log)};
    struct task *task = make_task(complete_gate, &suspended, "opener");

    (void)state;
    completion_init(&suspended.gate);
    suspended.tasks = calloc(MANY, sizeof(struct task *));
    assert_non_null(suspended.tasks);
    run_task(suspended.loop, task);
    assert_int_equal(suspended.passed, MANY);
    (void)printf("%d suspended tasks, %llu bytes each\n", MANY,
                 (unsigned long long)suspended.bytes_each);
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
    assert_in_range(suspended.bytes_each, 4096,
                    16384); /* one or two pages of stack, and the task */
#endif
    for (size_t i = 0; i < MANY; i++)
        task_release(suspended.tasks[i]);
    free(suspended.tasks);
    task_release(task);
    task_loop_close(suspended.loop);
}

/* -- stacks -------------------------------------------------------------------- */

static int use_stack(const volatile char *above, unsigned depth)
{
    volatile char here[1024];

    here[0] = 0;
    here[1023] = 0;
    if (above)
        here[0] = above[0];
    return depth ? use_stack(here, depth - 1) + here[1023] : here[0];
}

/* Uses 300 KiB of a stack of 256 KiB with another stack below it. */
static int overflow(struct task *self, void *argument, void **result, struct err *err)
{
    (void)argument;
    (void)result;
    if (await_sleep(self, 0, err))
        return -1;
    return use_stack(NULL, 300);
}

/* The overflow crashes instead of writing into the next stack. */
static void test_stack_overflow_crashes(void **state)
{
    struct event_log event_log = {.text = ""};
    int status;
    pid_t pid;

    (void)state;
    (void)fflush(stdout);
    pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        struct task_loop *loop = event_log_open_loop(&event_log);
        struct task *digger = make_task(overflow, NULL, "overflowing");
        struct task *neighbour = make_task(fail_task, NULL, "neighbour");

        (void)close(STDERR_FILENO); /* a sanitizer's report is expected */
        (void)sigaction(SIGSEGV, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        (void)task_start(digger, loop, NULL);
        (void)task_start(neighbour, loop, NULL);
        (void)task_loop_run(loop, digger, NULL);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failure_reaches_the_awaiting_task),
        cmocka_unit_test(test_unobserved_failure_is_reported),
        cmocka_unit_test(test_gather_reports_the_first_failure_in_list_order),
        cmocka_unit_test(test_cancelling),
        cmocka_unit_test(test_closing_the_loop_cancels_suspended_tasks),
        cmocka_unit_test(test_event_callback_completes_an_await),
        cmocka_unit_test(test_timer_is_never_early),
        cmocka_unit_test(test_many_suspended_tasks),
        cmocka_unit_test(test_stack_overflow_crashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
