/* test_coroutine.c - what coroutines, tasks, callbacks and lists of tasks do, and awaits
 * that are errors. `bench demo` runs the article's examples. */
#include <string.h>

#include "base/clock.h"
#include "coroutine/fiber.h"
#include "tests/support/check.h"
#include "tests/support/event_log.h"

/* -- what runs when ------------------------------------------------------------ */

static void test_creating_a_coroutine_does_not_run_it(void **state)
{
    struct event_log event_log = {.text = ""};
    struct coroutine coroutine = {say, &event_log, "say"};
    struct task_loop *loop;
    struct task *task;

    (void)state;
    assert_string_equal(event_log.text, "");
    loop = event_log_open_loop(&event_log);
    assert_int_equal(task_create(&task, &coroutine, NULL), 0);
    assert_int_equal(task_start(task, loop, NULL), 0);
    assert_string_equal(event_log.text, ""); /* only the loop runs it */
    run_task(loop, task);
    assert_string_equal(event_log.text, "said");
    task_release(task);
    task_loop_close(loop);
}

static void test_task_states(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task *task = make_task(say, &event_log, "say"); /* before a loop exists */
    struct task_loop *loop = event_log_open_loop(&event_log);
    void *result = NULL;
    struct err err;

    (void)state;
    assert_int_equal(task_state(task), TASK_PENDING);
    assert_int_equal(task_result(task, &result, &err), -1);
    assert_string_equal(err.text, "task 'say' has no result yet: it is pending");
    run_task(loop, task);
    assert_int_equal(task_state(task), TASK_FINISHED);
    assert_string_equal(task_state_word(task_state(task)), "finished");
    assert_int_equal(task_result(task, &result, &err), 0);
    assert_ptr_equal(result, &event_log);
    task_loop_close(loop);
    assert_int_equal(task_result(task, &result, &err), 0); /* also without the loop */
    task_release(task);
}

static void on_done(struct task *task, void *user)
{
    void *result = NULL;

    assert_int_equal(task_state(task), TASK_FINISHED);
    assert_int_equal(task_result(task, &result, NULL), 0);
    assert_non_null(result);
    event_log_note(user, "called back");
}

static void test_done_callbacks(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task *task = make_task(say, &event_log, "say");
    struct task_loop *loop = event_log_open_loop(&event_log);

    (void)state;
    assert_int_equal(task_on_done(task, on_done, &event_log, NULL), 0);
    assert_int_equal(task_on_done(task, on_done, &event_log, NULL), 0);
    run_task(loop, task);
    assert_string_equal(event_log.text, "said called back called back");
    assert_int_equal(task_on_done(task, on_done, &event_log, NULL), 0); /* at once */
    assert_string_equal(event_log.text, "said called back called back called back");
    task_release(task);
    task_loop_close(loop);
}

struct list {
    struct task *tasks[5];
    struct sleeper sleepers[5];
    void *results[5];
};

static int wait_for_list(struct task *self, void *argument, void **result,
                         struct err *err)
{
    struct list *list = argument;

    (void)result;
    return gather(self, list->tasks, 5, list->results, err);
}

/* Five tasks: all begin before the first ends, and gather() waits for all. */
static void test_gathered_tasks_run_concurrently(void **state)
{
    static const char *const words[] = {"1", "2", "3", "4", "5"};
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct task *all;
    struct list list;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        /* The last to begin is the first to end. */
        list.sleepers[i] = (struct sleeper){&event_log, words[i], words[i],
                                            (5 - i) * 20 * CLOCK_NS_PER_MS};
        list.tasks[i] = make_task(sleep_async, &list.sleepers[i], words[i]);
    }
    all = make_task(wait_for_list, &list, "all");
    run_task(loop, all);
    assert_string_equal(event_log.text, "1 2 3 4 5 5 4 3 2 1");
    for (size_t i = 0; i < 5; i++) {
        assert_ptr_equal(list.results[i], &list.sleepers[i]); /* in list order */
        task_release(list.tasks[i]);
    }
    task_release(all);
    task_loop_close(loop);
}

/* -- awaits that are errors ---------------------------------------------------- */

static int await_invalid(struct task *self, void *argument, void **result,
                         struct err *err)
{
    static const char neither[] = "task 'nonsense' awaits what is not awaitable: it is "
                                  "neither a task nor a completion";
    char text[] = "200 OK";
    void *response = text; /* goes where a struct task * is wanted */
    struct task *list[] = {response};
    struct completion never_made = {0};
    struct err words;

    (void)result;
    (void)err;
    assert_int_equal(await_completion(self, NULL, &words), -1);
    assert_string_equal(words.text,
                        "task 'nonsense' awaits NULL, which is not awaitable");
    assert_int_equal(await_completion(self, &never_made, &words), -1);
    assert_string_equal(words.text, neither);
    assert_int_equal(await_task(self, NULL, NULL, &words), -1);
    assert_string_equal(words.text,
                        "task 'nonsense' awaits NULL, which is not awaitable");
    assert_int_equal(await_task(self, response, NULL, &words), -1);
    assert_string_equal(words.text, neither);
    assert_int_equal(await_end(self, response, &words), -1);
    assert_string_equal(words.text, neither);
    assert_int_equal(gather(self, list, 1, NULL, &words), -1);
    assert_string_equal(words.text, neither);
    assert_int_equal(await_task(self, self, NULL, &words), -1);
    assert_string_equal(words.text, "task 'nonsense' awaits itself");
    event_log_note(argument, "continued");
    return 0;
}

static void test_not_awaitable(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct task *task = make_task(await_invalid, &event_log, "nonsense");

    (void)state;
    run_task(loop, task);
    assert_string_equal(event_log.text, "continued");
    task_release(task);
    task_loop_close(loop);
}

static int await_for_another(struct task *self, void *argument, void **result,
                             struct err *err)
{
    (void)self;
    (void)result;
    return await_sleep(argument, 0, err);
}

static void test_await_outside_a_coroutine(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct task *task = make_task(say, &event_log, "say");
    struct task *other = make_task(await_for_another, task, "other");
    struct err err;

    (void)state;
    assert_int_equal(await_sleep(NULL, 1, &err), -1);
    assert_string_equal(err.text,
                        "await outside a coroutine: there is no task to suspend");
    assert_int_equal(await_sleep(task, 1, &err), -1);
    assert_string_equal(err.text,
                        "await outside a coroutine: task 'say' is pending, not running");
    assert_int_equal(await_task(task, other, NULL, &err), -1);
    assert_int_equal(await_all(task, &other, 1, &err), -1);
    /* Within a coroutine, but with the handle of another. */
    assert_int_equal(task_loop_run(loop, other, &err), -1);
    assert_string_equal(err.text,
                        "await outside a coroutine: task 'say' is pending, not running");
    run_task(loop, task);
    assert_int_equal(await_sleep(task, 1, &err), -1);
    assert_string_equal(err.text,
                        "await outside a coroutine: task 'say' is finished, not running");
    task_release(task);
    task_release(other);
    task_loop_close(loop);
}

static int run_inside(struct task *self, void *argument, void **result, struct err *err)
{
    (void)result;
    return task_loop_run(argument, self, err);
}

static int await_each_other(struct task *self, void *argument, void **result,
                            struct err *err)
{
    return await_task(self, *(struct task **)argument, result, err);
}

static void test_deadlocks_are_reported(void **state)
{
    struct event_log event_log = {.text = ""};
    struct task_loop *loop = event_log_open_loop(&event_log);
    struct task *a = NULL;
    struct task *b = NULL;
    struct task *inside = make_task(run_inside, loop, "inside");
    struct err err;

    (void)state;
    a = make_task(await_each_other, &b, "a");
    b = make_task(await_each_other, &a, "b");
    assert_int_equal(task_loop_run(loop, a, &err), -1);
    assert_string_equal(err.text,
                        "deadlock: task 'a' is suspended and nothing is left to wake it");
    assert_int_equal(task_loop_run(loop, inside, &err), -1);
    assert_string_equal(err.text,
                        "the loop is already running: await task 'inside' instead");
    assert_int_equal(task_start(inside, loop, &err), -1);
    assert_string_equal(err.text, "task 'inside' was already started: it is finished");
    task_release(a);
    task_release(b);
    task_release(inside);
    task_loop_close(loop);
    assert_string_equal(event_log.unseen, "");
}

static void test_bad_arguments(void **state)
{
    struct task_loop *loop = NULL;
    struct task *task = NULL;
    struct err err;

    (void)state;
    assert_int_equal(task_create(&task, &(struct coroutine){0}, &err), -1);
    assert_string_equal(err.text, "not a coroutine: it has no function");
    assert_int_equal(task_loop_open(&loop, NULL, &err), -1);
    assert_string_equal(err.text, "a task loop needs the function on_unseen");
    task_release(NULL);
    task_loop_close(NULL);
    fiber_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_creating_a_coroutine_does_not_run_it),
        cmocka_unit_test(test_task_states),
        cmocka_unit_test(test_done_callbacks),
        cmocka_unit_test(test_gathered_tasks_run_concurrently),
        cmocka_unit_test(test_not_awaitable),
        cmocka_unit_test(test_await_outside_a_coroutine),
        cmocka_unit_test(test_deadlocks_are_reported),
        cmocka_unit_test(test_bad_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
