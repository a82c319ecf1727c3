/* test_guarded.c - foreign code in a child process: the message for its caller, and that
 * nothing of it is left. */
#include "base/guarded.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process_tree.h"
#include "tests/support/check.h"

/* Makes the next fork() fail. */
static bool fork_fails;

pid_t __real_fork(void);
pid_t __wrap_fork(void);

pid_t __wrap_fork(void)
{
    if (!fork_fails)
        return __real_fork();
    fork_fails = false;
    errno = EAGAIN;
    return -1;
}

/* The memory of the child. */
struct left {
    int number;
    pid_t pid;
};

static enum guarded_end guard_with(void (*run)(void *memory, const void *argument),
                                   const sigset_t *mask, struct left *left,
                                   struct err *err)
{
    static const int argument = 41;
    struct guarded guarded = {.run = run,
                              .argument = &argument,
                              .memory_bytes = sizeof(*left),
                              .limit_ns = CLOCK_NS_PER_S,
                              .mask = mask};

    *err = (struct err){""};
    *left = (struct left){-1, -1};
    return guarded_run(&guarded, left, err);
}

static enum guarded_end guard(void (*run)(void *memory, const void *argument),
                              struct left *left, struct err *err)
{
    return guard_with(run, NULL, left, err);
}

static void run_returns(void *memory, const void *argument)
{
    ((struct left *)memory)->number = *(const int *)argument + 1;
    (void)printf("this is seen nowhere\n");
    (void)fflush(stdout);
}

static void test_return(void **state)
{
    struct left left;
    struct err err;

    (void)state;
    assert_int_equal(guard(run_returns, &left, &err), GUARDED_RETURNED);
    assert_int_equal(left.number, 42);
    assert_string_equal(err.text, "");
}

static void run_crashes(void *memory, const void *argument)
{
    (void)argument;
    ((struct left *)memory)->number = 7;
    (void)fprintf(stderr, "first\nlast \033[1m line\n\n");
    (void)raise(SIGSEGV);
}

static void test_crash(void **state)
{
    struct left left;
    struct err err;

    (void)state;
    assert_int_equal(guard(run_crashes, &left, &err), GUARDED_DIED);
    assert_int_equal(left.number, 7); /* its work until then is known */
    assert_string_equal(err.text, "crashed with signal 11 (Segmentation fault); it last "
                                  "wrote 'last ?[1m line'");
}

static void run_exits(void *memory, const void *argument)
{
    (void)memory;
    (void)argument;
    exit(0);
}

static void test_exit(void **state)
{
    struct left left;
    struct err err;

    (void)state;
    assert_int_equal(guard(run_exits, &left, &err), GUARDED_DIED);
    assert_string_equal(err.text, "ended the process with status 0");
}

static void run_hangs(void *memory, const void *argument)
{
    (void)memory;
    (void)argument;
    for (;;)
        (void)pause();
}

static void test_hang(void **state)
{
    struct left left;
    struct err err;

    (void)state;
    assert_int_equal(guard(run_hangs, &left, &err), GUARDED_DIED);
    assert_string_equal(err.text, "did not return within 1 s");
}

/* Leaves a child, and a grandchild that has left group and session. */
static void run_leaves(void *memory, const void *argument)
{
    struct left *left = memory;

    if (!fork())
        run_hangs(NULL, NULL);
    if (!fork()) {
        (void)setsid();
        if (fork())
            _exit(0);
        left->pid = getpid();
        run_hangs(NULL, argument);
    }
    while (left->pid <= 0)
        clock_sleep_ns(CLOCK_NS_PER_MS);
}

static size_t count_children(void)
{
    struct process_tree children;
    size_t count;

    assert_int_equal(process_tree_read_children(&children, getpid()), 0);
    count = children.count;
    process_tree_free(&children);
    return count;
}

static void test_leftovers(void **state)
{
    pid_t spared = fork();
    struct left left;
    struct err err;
    int was_reaper = 1;

    (void)state;
    assert_true(spared >= 0);
    if (!spared)
        run_hangs(NULL, NULL);
    assert_int_equal(guard(run_leaves, &left, &err), GUARDED_RETURNED);
    assert_true(left.pid > 0);
    assert_int_equal(kill(left.pid, 0), -1);
    /* A child of the caller is none of its business. */
    assert_int_equal(count_children(), 1);
    assert_int_equal(kill(spared, SIGKILL), 0);
    assert_int_equal(waitpid(spared, NULL, 0), spared);
    assert_int_equal(prctl(PR_GET_CHILD_SUBREAPER, &was_reaper), 0);
    assert_int_equal(was_reaper, 0);
}

static void test_no_process(void **state)
{
    struct left left;
    struct err err;
    int was_reaper = 1;

    (void)state;
    fork_fails = true;
    assert_int_equal(guard(run_returns, &left, &err), GUARDED_NOT_STARTED);
    assert_int_equal(left.number, -1);
    assert_string_equal(err.text,
                        "cannot start a process: Resource temporarily unavailable");
    assert_int_equal(prctl(PR_GET_CHILD_SUBREAPER, &was_reaper), 0);
    assert_int_equal(was_reaper, 0);
}

static void on_signal(int number)
{
    (void)number;
}

static void run_interrupts(void *memory, const void *argument)
{
    (void)memory;
    (void)kill(getppid(), SIGUSR1);
    run_hangs(NULL, argument);
}

/* As in bench, the signal arrives only while the caller waits. */
static void test_interrupt(void **state)
{
    struct left left;
    struct err err;
    sigset_t blocked;
    sigset_t mask;

    (void)state;
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGUSR1);
    (void)sigprocmask(SIG_BLOCK, &blocked, &mask);
    (void)sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, NULL);
    assert_int_equal(guard_with(run_interrupts, &mask, &left, &err), GUARDED_INTERRUPTED);
    assert_int_equal(count_children(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_return),    cmocka_unit_test(test_crash),
        cmocka_unit_test(test_exit),      cmocka_unit_test(test_hang),
        cmocka_unit_test(test_leftovers), cmocka_unit_test(test_no_process),
        cmocka_unit_test(test_interrupt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
