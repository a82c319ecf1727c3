/* test_child.c - waiting for a child that stops, continues and ends. */
#include "base/child.h"
#include "base/clock.h"
#include "tests/support/check.h"

#include <sys/wait.h>
#include <unistd.h>

/* Starts a child that stops itself `times` times and then ends. */
static pid_t start(int times)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid)
        return pid;
    while (times--)
        (void)raise(SIGSTOP);
    _exit(0);
}

/* Waits until the kernel reports that it stopped, and leaves the report for later calls.
 */
static void wait_until_stopped(pid_t pid)
{
    siginfo_t info;

    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
}

static void test_stop_is_timed(void **state)
{
    pid_t pid = start(1);
    struct child_stops stops = {.pid = pid};
    uint64_t begin_ns;
    uint64_t least_ns;
    int status;

    (void)state;
    wait_until_stopped(pid);
    assert_int_equal(child_wait_watching(pid, 0, NULL, &stops, 1, &status),
                     CHILD_RUNNING);
    assert_int_equal(stops.count, 1);
    assert_true(stops.since_ns > 0);
    begin_ns = clock_ns();
    assert_int_equal(child_wait_watching(pid, begin_ns + 20 * CLOCK_NS_PER_MS, NULL,
                                         &stops, 1, &status),
                     CHILD_RUNNING);
    least_ns = clock_ns() - begin_ns;
    assert_true(child_stopped_ns(&stops, clock_ns()) >= least_ns);
    assert_int_equal(kill(pid, SIGCONT), 0);
    assert_int_equal(child_wait_watching(pid, UINT64_MAX, NULL, &stops, 1, &status),
                     CHILD_ENDED);
    assert_true(child_succeeded(status));
    assert_int_equal(stops.count, 1);
    assert_true(child_stopped_ns(&stops, clock_ns()) >= least_ns);
}

/* The kernel keeps a stop that happens between two calls. */
static void test_stop_between_two_calls(void **state)
{
    pid_t pid = start(2);
    struct child_stops stops = {.pid = pid};
    int status;

    (void)state;
    wait_until_stopped(pid);
    assert_int_equal(kill(pid, SIGCONT), 0);
    wait_until_stopped(pid);
    assert_int_equal(child_wait_watching(pid, 0, NULL, &stops, 1, &status),
                     CHILD_RUNNING);
    assert_int_equal(kill(pid, SIGCONT), 0);
    assert_int_equal(child_wait_watching(pid, UINT64_MAX, NULL, &stops, 1, &status),
                     CHILD_ENDED);
    assert_true(stops.count >= 1);
}

/* A change of another child interrupts the wait only briefly. */
static void test_other_child(void **state)
{
    pid_t other = start(1);
    pid_t pid = start(1);
    struct child_stops stops[] = {{.pid = pid}, {.pid = other}, {.pid = 0}};
    int status;

    (void)state;
    wait_until_stopped(pid);
    wait_until_stopped(other);
    assert_int_equal(child_wait_watching(pid, 0, NULL, stops, 3, &status), CHILD_RUNNING);
    assert_int_equal(stops[0].count, 1);
    assert_int_equal(stops[1].count, 1);
    assert_int_equal(stops[2].count, 0);
    assert_int_equal(kill(pid, SIGCONT), 0);
    assert_int_equal(child_wait_watching(pid, UINT64_MAX, NULL, stops, 3, &status),
                     CHILD_ENDED);
    assert_true(stops[1].since_ns > 0); /* that one is still stopped */
    child_kill(other);
}

/* The signal mask of the caller is restored. */
static void test_mask_is_kept(void **state)
{
    pid_t pid = start(0);
    sigset_t before;
    sigset_t after;
    int status;

    (void)state;
    assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &before), 0);
    assert_int_equal(child_wait_watching(pid, UINT64_MAX, NULL, NULL, 0, &status),
                     CHILD_ENDED);
    assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &after), 0);
    assert_int_equal(sigismember(&before, SIGCHLD), sigismember(&after, SIGCHLD));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stop_is_timed),
        cmocka_unit_test(test_stop_between_two_calls),
        cmocka_unit_test(test_other_child),
        cmocka_unit_test(test_mask_is_kept),
    };

    return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
