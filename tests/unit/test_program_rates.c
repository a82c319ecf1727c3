/* test_program_rates.c - programs whose requests become due at planned moments: their
 * job, their mistakes, and the results that the driver records. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/guarded.h"
#include "strategies/outside/program.h"
#include "strategies/outside/program_job.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/in_processes.h"

enum { REQUESTS = 12, LEVEL = 4, SPACING_MS = 20, LAST_MS = 1000, STOP_MS = 2000 };

/* -- lines --------------------------------------------------------------------- */

static int parse(struct program_line *line, const char *text)
{
    return program_line_parse(line, text, strlen(text), NULL);
}

static void test_lines(void **state)
{
    static const char *const bad[] = {
        "ready 0",           "0 1 2 unfinished",     "0 - 2 unfinished",
        "0 1 - unfinished ", "0 1 - unfinished 200", "0 unfinished",
        "0 1 - unfinishe",
    };
    struct program_line line;

    (void)state;
    assert_int_equal(parse(&line, "ready 1"), 0);
    assert_int_equal(line.protocol, 1);
    assert_int_equal(parse(&line, "ready 2"), 0);
    assert_int_equal(line.protocol, 2);
    assert_int_equal(parse(&line, "7 1 - unfinished"), 0);
    assert_true(line.result.unfinished && line.result.has_start);
    assert_false(line.result.has_stamps || line.result.failed);
    assert_int_equal(parse(&line, "7 - - unfinished"), 0);
    assert_true(line.result.unfinished && !line.result.has_start);
    assert_int_equal(parse(&line, "7 1 - 200 0 0"), 0);
    assert_false(line.result.unfinished || line.result.has_start);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(parse(&line, bad[i]), -1);
}

/* -- the job ------------------------------------------------------------------- */

static void read_job(const struct work_timing *timing, char text[1024])
{
    static const struct work_target targets[] = {{.url = "http://127.0.0.1:1/a"},
                                                 {.url = "http://127.0.0.1:1/b"}};
    struct fetch_policy policy = {.timeout_ms = 1500};
    struct strategy_env env = {.policy = &policy, .level = 7};
    struct program_job job;
    struct work *work;
    ssize_t got;
    int fd;

    assert_int_equal(work_create_timed(&work, targets, 2, 3, timing, NULL), 0);
    work_arm(work, 3);
    env.work = work;
    assert_int_equal(program_job_make(&job, &env, NULL), 0);
    fd = open(job.path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    got = read(fd, text, 1023);
    assert_true(got > 0);
    text[got] = '\0';
    (void)close(fd);
    program_job_close(&job);
    work_destroy(work);
}

static void test_job(void **state)
{
    static const struct work_moment moments[] = {{0, 1}, {2500000, 0}, {10000000000, 1}};
    char text[1024];

    (void)state;
    read_job(&(struct work_timing){.moments = NULL}, text);
    assert_string_equal(
        text,
        "{\"protocol\": 1, \"requests\": 3, \"level\": 7, \"urls\": "
        "[\"http://127.0.0.1:1/a\", \"http://127.0.0.1:1/b\", \"http://127.0.0.1:1/a\"], "
        "\"connections\": \"fresh\", \"timeout_s\": 1.5, \"expect_status\": \"2xx\", "
        "\"ca_file\": null, \"insecure\": false, \"resolve\": {}, \"headers\": [], "
        "\"gzip\": false}");
    read_job(&(struct work_timing){.moments = moments, .close_ns = 11500000000}, text);
    assert_string_equal(
        text,
        "{\"protocol\": 2, \"requests\": 3, \"level\": 7, \"urls\": "
        "[\"http://127.0.0.1:1/b\", \"http://127.0.0.1:1/a\", \"http://127.0.0.1:1/b\"], "
        "\"connections\": \"fresh\", \"timeout_s\": 1.5, \"expect_status\": \"2xx\", "
        "\"ca_file\": null, \"insecure\": false, \"resolve\": {}, \"headers\": [], "
        "\"gzip\": false, \"due_ns\": [0, 2500000, 10000000000], "
        "\"stop_ns\": 11500000000}");
    /* A supply without an end: one timeout after the last is due, as all fit into the
     * level. */
    read_job(&(struct work_timing){.moments = moments}, text);
    assert_non_null(strstr(text, "\"stop_ns\": 11500000000}"));
}

/* -- one run of a program ------------------------------------------------------ */

/* The end of a run, in memory that its process shares. */
struct ending {
    int result; /* of open() or run() */
    struct err err;
    struct program_figures figures;
    bool has_run;
};

struct run {
    const char *fault; /* of tests/support/programs/rates.py */
    unsigned delay_ms;
    bool timed;
    unsigned ready_ms; /* the driver's patience; 0: long */
    struct fixture fixture;
    struct ending ending;
};

/* The driver ends all children of its process when it closes. */
static void drive(void *memory, const void *argument)
{
    const struct run *run = argument;
    struct ending *ending = memory;
    struct outside_request outside = {.kind = OUTSIDE_PROGRAM,
                                      .count = 3,
                                      .patience_ms = run->ready_ms ? run->ready_ms
                                                                   : 20000,
                                      .harness = getppid()};
    struct strategy_env env = {.work = run->fixture.work,
                               .policy = &run->fixture.policy,
                               .level = LEVEL,
                               .outside = &outside};
    void *self = NULL;

    (void)snprintf(outside.words, sizeof(outside.words), "/usr/bin/python3%c%s%c%s", '\0',
                   TESTS_DIR "/support/programs/rates.py", '\0', run->fault);
    ending->result = prctl(PR_SET_CHILD_SUBREAPER, 1)
                         ? -1
                         : program_strategy.open(&self, &env, &ending->err);
    if (ending->result)
        return;
    ending->result = program_strategy.run(self, &ending->err);
    ending->figures = program_figures(self);
    ending->has_run = true;
    program_strategy.close(self);
}

/* The last is due long after the others, so that even a busy machine can begin it too
 * early. */
static uint64_t due_ns(size_t i)
{
    return (i + 1 < REQUESTS ? i * SPACING_MS : LAST_MS) * CLOCK_NS_PER_MS;
}

static void run_program(struct run *run)
{
    struct work_moment moments[REQUESTS];
    struct work_timing timing = {
        .moments = moments, .close_ns = STOP_MS * CLOCK_NS_PER_MS, .cuts = true};
    struct fixture_options options = {.delay_ns = run->delay_ms * CLOCK_NS_PER_MS,
                                      .timing = run->timed ? &timing : NULL};
    struct guarded guarded = {.run = drive,
                              .argument = run,
                              .memory_bytes = sizeof(run->ending),
                              .limit_ns = 40 * CLOCK_NS_PER_S};
    struct err err = {""};

    for (size_t i = 0; i < REQUESTS; i++)
        moments[i] = (struct work_moment){due_ns(i), (uint32_t)i};
    fixture_make(&run->fixture, REQUESTS, &options);
    work_arm(run->fixture.work, REQUESTS);
    if (guarded_run(&guarded, &run->ending, &err) != GUARDED_RETURNED)
        fail_msg("%s: %s", run->fault, err.text);
}

static const struct fetch_result *results_of(const struct run *run)
{
    size_t count;
    const struct fetch_result *results = work_results(run->fixture.work, &count);

    assert_int_equal(count, REQUESTS);
    return results;
}

static void test_holds(void **state)
{
    struct run run = {.fault = "", .delay_ms = 5, .timed = true};
    const struct fetch_result *results;
    uint64_t zero_ns;

    (void)state;
    run_program(&run);
    assert_string_equal(run.ending.err.text, "");
    assert_int_equal(run.ending.result, 0);
    zero_ns = run.ending.figures.go_ns;
    assert_true(zero_ns == work_started_ns(run.fixture.work));
    assert_int_equal(fixture_count(&run.fixture, FETCH_OK), REQUESTS);
    results = results_of(&run);
    for (size_t i = 0; i < REQUESTS; i++) {
        assert_true(results[i].begin_ns >= zero_ns + due_ns(i));
        assert_true(results[i].start_ns == results[i].begin_ns);
        assert_true(results[i].end_ns <= run.ending.figures.done_ns);
    }
    fixture_destroy(&run.fixture);
}

/* Four begin and never end, the others never begin. */
static void test_unfinished(void **state)
{
    struct run run = {.fault = "", .delay_ms = 60000, .timed = true};
    const struct fetch_result *results;
    uint64_t stop_ns;

    (void)state;
    run_program(&run);
    assert_string_equal(run.ending.err.text, "");
    assert_int_equal(fixture_count(&run.fixture, FETCH_UNFINISHED), REQUESTS);
    stop_ns = run.ending.figures.go_ns + STOP_MS * CLOCK_NS_PER_MS;
    assert_true(run.ending.figures.done_ns >= stop_ns);
    results = results_of(&run);
    for (size_t i = 0; i < LEVEL; i++) {
        assert_true(results[i].begin_ns && results[i].start_ns == results[i].begin_ns);
        assert_true(results[i].end_ns == stop_ns);
    }
    for (size_t i = LEVEL; i < REQUESTS; i++)
        assert_true(!results[i].begin_ns && !results[i].start_ns && !results[i].end_ns);
    for (size_t i = 0; i < REQUESTS; i++)
        assert_int_equal(results[i].unknown, FETCH_UNKNOWN_PHASES);
    fixture_destroy(&run.fixture);
}

/* A program of protocol 2 takes a job without moments, too. */
static void test_no_moments(void **state)
{
    struct run run = {.fault = "", .delay_ms = 5};

    (void)state;
    run_program(&run);
    assert_string_equal(run.ending.err.text, "");
    assert_int_equal(fixture_count(&run.fixture, FETCH_OK), REQUESTS);
    fixture_destroy(&run.fixture);
}

/* -- programs that do something wrong ------------------------------------------ */

static const struct {
    const char *fault, *message;
    struct run run;
} wrong[] = {
    {"protocol-1", "cannot hold a rate: it speaks protocol 1, and rates need 2", {0}},
    {"protocol-3", "this bench speaks protocols 1 and 2", {0}},
    {"early", " s before it was due", {0}},
    {"own-zero", "s before it was due", {0}},
    {"gives-up", "gave up request 3 1.", {.delay_ms = 5}},
    {"all-unfinished", "gave up request 0 0.", {.delay_ms = 5}},
    {"end-of-unfinished", "END of an unfinished request must be '-'", {.delay_ms = 5}},
    {"future", "says that request 11 began after 'done'", {0}},
    {"silent-unfinished", "reported 0 of 12 requests", {.delay_ms = 60000}},
    {"stays", "did not write 'done' within 4.0 s", {.ready_ms = 2000}},
};

static int be_wrong(size_t index)
{
    struct run run = wrong[index].run;

    run.fault = wrong[index].fault;
    run.timed = true;
    run_program(&run);
    if (run.ending.result == -1 && strstr(run.ending.err.text, wrong[index].message)) {
        fixture_destroy(&run.fixture);
        return 0;
    }
    print_error("%s: %d, '%s'\n", run.fault, run.ending.result, run.ending.err.text);
    return 1;
}

static void test_wrong(void **state)
{
    (void)state;
    assert_int_equal(in_processes(sizeof(wrong) / sizeof(wrong[0]), be_wrong), 0);
}

/* Whether they began too early is not known, then. */
static void test_no_stamps(void **state)
{
    struct run run = {.fault = "no-stamps", .delay_ms = 5, .timed = true};

    (void)state;
    run_program(&run);
    assert_string_equal(run.ending.err.text, "");
    assert_true(results_of(&run)[5].unknown & FETCH_UNKNOWN_STAMPS);
    fixture_destroy(&run.fixture);
}

/* A program cannot be unfinished where there is no end. */
static void test_unfinished_without_moments(void **state)
{
    struct run run = {.fault = "all-unfinished", .delay_ms = 5};

    (void)state;
    run_program(&run);
    assert_int_equal(run.ending.result, -1);
    assert_non_null(
        strstr(run.ending.err.text, "which only a job with 'stop_ns' allows"));
    fixture_destroy(&run.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong), /* first: it forks */
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_job),
        cmocka_unit_test(test_holds),
        cmocka_unit_test(test_unfinished),
        cmocka_unit_test(test_no_moments),
        cmocka_unit_test(test_no_stamps),
        cmocka_unit_test(test_unfinished_without_moments),
    };

    return cmocka_run_group_tests_name("program_rates", tests, NULL, NULL);
}
