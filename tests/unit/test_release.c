/* test_release.c - a cell does nothing until its harness releases it, and does not
 * outlive a harness that is killed before or after that. */
#include "base/clock.h"
#include "harness/cell/cell.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nothing listens there: the only request of a cell fails at once. */
static const struct work_target target = {.url = "http://127.0.0.1:1/"};

/* The driver of a program takes some time to write down this many requests. */
enum { MANY = 300000 };

static struct work *make_work(size_t count)
{
    struct work *work;

    assert_int_equal(work_create(&work, &target, 1, count, NULL), 0);
    work_arm(work, count);
    return work;
}

static struct cell_request make_request(enum outside_kind kind)
{
    struct cell_request request = {
        .strategy = "sequential",
        .level = 1,
        .outside = {.kind = kind, .count = 3, .patience_ms = 60000},
        .policy = {.timeout_ms = 1000},
    };

    /* It never ends. */
    if (kind == OUTSIDE_PROGRAM)
        (void)snprintf(request.outside.words, sizeof(request.outside.words),
                       "/bin/sh%c-c%cecho ready 1; read go; exec sleep 1000", '\0', '\0');
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
    struct work *work = make_work(1);
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

/* The life of a harness until it is killed. */
struct life {
    enum outside_kind kind;
    bool releases;              /* the cell */
    enum cell_stage kill_stage; /* that the cell has reached by then, and ... */
    unsigned wait_ms;           /* ... for how long */
};

/* Writes the pid of the cell to `fd`. Fails if the cell does not get that far. */
static _Noreturn void be_harness(int fd, const struct life *life)
{
    struct work *work = make_work(MANY);
    uint64_t until_ns = clock_ns() + 30 * CLOCK_NS_PER_S;
    struct running_cell running;

    if (start(&running, life->kind, work, NULL) ||
        write(fd, &running.pid, sizeof(running.pid)) != sizeof(running.pid))
        _exit(1);
    if (life->releases)
        cell_release(&running);
    while (cell_report_copy(&running).stage < life->kill_stage) {
        if (clock_ns() >= until_ns)
            _exit(1);
        clock_sleep_ns(CLOCK_NS_PER_MS / 10);
    }
    clock_sleep_ns(life->wait_ms * CLOCK_NS_PER_MS);
    _exit(0);
}

static void assert_cell_ends(const struct life *life)
{
    pid_t harness;
    pid_t cell = 0;
    int status;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    harness = fork();
    assert_true(harness >= 0);
    if (!harness)
        be_harness(ends[1], life);
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &cell, sizeof(cell)), sizeof(cell));
    assert_int_equal(waitpid(harness, &status, 0), harness);
    assert_true(child_succeeded(status));
    /* This process, a subreaper, inherits the cell. */
    if (child_wait(cell, clock_ns() + 20 * CLOCK_NS_PER_S, NULL, &status) !=
        CHILD_ENDED) {
        child_kill(cell);
        fail_msg("the cell outlived its harness");
    }
    (void)close(ends[0]);
}

static void test_ends_with_the_harness(void **state)
{
    static const struct life lives[] = {
        {OUTSIDE_NOT, false, CELL_NOT_STARTED, 0},
        {OUTSIDE_NOT, false, CELL_NOT_STARTED, 300},
        {OUTSIDE_PROGRAM, false, CELL_NOT_STARTED, 0},
        {OUTSIDE_PROGRAM, false, CELL_NOT_STARTED, 300},
        /* Once it has begun: while it opens its strategy, and while that runs. */
        {OUTSIDE_NOT, true, CELL_STARTED, 0},
        {OUTSIDE_PROGRAM, true, CELL_STARTED, 0},
        {OUTSIDE_PROGRAM, true, CELL_OPENED, 100},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++)
        assert_cell_ends(&lives[i]);
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
