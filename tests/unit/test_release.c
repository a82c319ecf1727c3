/* test_release.c - a cell does nothing until its harness releases it, and does not
 * outlive a harness that never does. */
#include "base/clock.h"
#include "harness/cell/cell.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Nothing listens there: the only request of a cell fails at once. */
static const struct work_target target = {.url = "http://127.0.0.1:1/"};

static struct work *make_work(void)
{
    struct work *work;

    assert_int_equal(work_create(&work, &target, 1, 1, NULL), 0);
    work_arm(work, 1);
    return work;
}

static struct cell_request make_request(enum outside_kind kind)
{
    struct cell_request request = {
        .strategy = "sequential",
        .level = 1,
        .outside = {.kind = kind, .count = 1, .patience_ms = 10000},
        .policy = {.timeout_ms = 1000},
    };

    if (kind == OUTSIDE_PROGRAM)
        (void)snprintf(request.outside.words, sizeof(request.outside.words), "cat");
    return request;
}

static int start(struct running_cell *running, enum outside_kind kind,
                 const struct work *work, struct err *err)
{
    struct cell_request request = make_request(kind);

    return cell_start(running, &request, getenv("BENCH"), environ, work, err);
}

static void test_waits_for_the_release(void **state)
{
    struct work *work = make_work();
    struct running_cell running;
    struct err err = {""};

    (void)state;
    if (start(&running, OUTSIDE_NOT, work, &err))
        fail_msg("%s", err.text);
    assert_int_equal(cell_poll(&running, clock_ns() + 500 * CLOCK_NS_PER_MS, &err),
                     CELL_STILL_RUNNING);
    assert_int_equal(cell_report_copy(&running).stage, CELL_NOT_STARTED);
    assert_int_equal(work_taken(work), 0);
    cell_release(&running);
    if (cell_wait(&running, 30 * CLOCK_NS_PER_S, &err) != CELL_ENDED)
        fail_msg("%s", err.text);
    assert_int_equal(cell_report_copy(&running).stage, CELL_CLOSED);
    assert_int_equal(work_taken(work), 1);
    cell_close(&running);
    work_destroy(work);
}

/* A harness that starts a cell, waits, and ends without releasing it. Writes the pid of
 * the cell to `fd`. */
static _Noreturn void be_harness(int fd, enum outside_kind kind, uint64_t wait_ns)
{
    struct work *work = make_work();
    struct running_cell running;

    if (start(&running, kind, work, NULL) ||
        write(fd, &running.pid, sizeof(running.pid)) != sizeof(running.pid))
        _exit(1);
    clock_sleep_ns(wait_ns);
    _exit(0);
}

static void assert_cell_ends(enum outside_kind kind, uint64_t wait_ns)
{
    pid_t harness;
    pid_t cell = 0;
    int status;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    harness = fork();
    assert_true(harness >= 0);
    if (!harness)
        be_harness(ends[1], kind, wait_ns);
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &cell, sizeof(cell)), sizeof(cell));
    assert_int_equal(waitpid(harness, &status, 0), harness);
    assert_true(child_succeeded(status));
    /* This process, a subreaper, inherits the cell. */
    if (child_wait(cell, clock_ns() + 30 * CLOCK_NS_PER_S, NULL, &status) !=
        CHILD_ENDED) {
        child_kill(cell);
        fail_msg("the cell outlived its harness");
    }
    (void)close(ends[0]);
}

static void test_ends_with_the_harness(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        assert_cell_ends(OUTSIDE_NOT, i * 300 * CLOCK_NS_PER_MS);
        assert_cell_ends(OUTSIDE_PROGRAM, i * 300 * CLOCK_NS_PER_MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits_for_the_release),
        cmocka_unit_test(test_ends_with_the_harness),
    };

    if (!getenv("BENCH") || prctl(PR_SET_CHILD_SUBREAPER, 1))
        return 1;
    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
