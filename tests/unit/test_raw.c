/* test_raw.c - requests.csv: the content of a row, the numbering of connections, and that
 * the rows of a cell are written whole or not at all. */
#include "base/clock.h"
#include "harness/sweep/raw.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* -- a directory and a sweep ---------------------------------------------------- */

struct fixture {
    char dir[32], path[64];
    struct plan plan;
    struct recorded_sweep recorded;
    struct sweep_tally tally;
};

static void fixture_open(struct fixture *fixture, const char *levels)
{
    *fixture = (struct fixture){.dir = "/tmp/bench-test-XXXXXX",
                                .plan = recorded_sweep_plan(levels)};
    assert_non_null(mkdtemp(fixture->dir));
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s/requests.csv", fixture->dir);
    fixture->plan.strategies[0] = &mock_parallel;
    fixture->plan.strategy_count = 1;
    mock_open(&fixture->recorded.mock, &fixture->plan);
    assert_int_equal(raw_open(&fixture->recorded.raw, fixture->dir, NULL, NULL), 0);
}

static int fixture_run(struct fixture *fixture, struct err *err)
{
    return record_sweep(&fixture->recorded, &fixture->plan, &no_limits, &fixture->tally,
                        err);
}

/* The final file. Owner: the caller, free(). */
static char *fixture_close(struct fixture *fixture)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file;

    assert_int_equal(raw_close(fixture->recorded.raw, NULL), 0);
    file = fopen(fixture->path, "r");
    assert_non_null(file);
    assert_true(getdelim(&text, &size, '\0', file) > 0);
    (void)fclose(file);
    (void)unlink(fixture->path);
    (void)rmdir(fixture->dir);
    runs_free(&fixture->recorded.runs);
    mock_close(&fixture->recorded.mock);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;

    while ((text = strchr(text, '\n'))) {
        lines++;
        text++;
    }
    return lines;
}

/* -- rows ---------------------------------------------------------------------- */

/* Request 3 reuses the connection of 1; 4 has the port of 1 on a new connection; 5 was
 * taken and never ended, 6 never taken, 7 could not connect; 8 uses TLS. */
static void vary_outcomes(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *results = mock_results(measurement);

    (void)mock;
    results[2].local_port = results[0].local_port;
    results[2].connections = 0;
    results[2].end_ns = results[0].end_ns + 10;
    results[3].local_port = results[0].local_port;
    results[3].end_ns = results[0].end_ns + 20;
    results[4] = (struct fetch_result){.begin_ns = results[4].begin_ns, .worker = 4};
    results[5] = (struct fetch_result){.begin_ns = 0};
    results[6].outcome = FETCH_CONNECT_FAILED;
    results[6].curl_code = 7;
    results[6].local_port = 0;
    results[6].connect_us = 0;
    results[6].first_byte_ns = 0;
    results[6].http_status = 0;
    results[6].body_bytes = 0;
    results[6].has_origin_delay = 0;
    results[7].tls_us = 1040;
}

static void test_rows(void **state)
{
    static const char expected[] =
        "run_id,variant,round,strategy,level,rate_rps,request,url,worker,due_us,begin_us,"
        "start_us,"
        "first_byte_us,end_us,queue_us,connect_us,tls_us,outcome,status,body_bytes,"
        "new_connections,connection,local_port,curl_code,origin_delay_us\n"
        "RUN,default,1,mock-parallel,8,,1,http://mock/,0,,0.0,10.0,50090.0,50100.0,10.0,"
        "40.0,,ok,200,4000,1,1,40000,0,50000.0\n"
        "RUN,default,1,mock-parallel,8,,2,http://mock/,0,,1.0,11.0,50091.0,50101.0,10.0,"
        "40.0,,ok,200,4001,1,3,40001,0,50001.0\n"
        "RUN,default,1,mock-parallel,8,,3,http://mock/,0,,2.0,12.0,50092.0,50100.0,10.0,"
        ",,ok,200,4002,0,1,40000,0,50002.0\n"
        "RUN,default,1,mock-parallel,8,,4,http://mock/,0,,3.0,13.0,50093.0,50100.0,10.0,"
        "40.0,,ok,200,4003,1,2,40000,0,50003.0\n"
        "RUN,default,1,mock-parallel,8,,5,http://mock/,4,,4.0,,,,,,,lost,,,,,,,\n"
        "RUN,default,1,mock-parallel,8,,6,http://mock/,,,,,,,,,,lost,,,,,,,\n"
        "RUN,default,1,mock-parallel,8,,7,http://mock/,0,,6.0,16.0,,50106.0,10.0,"
        ",,connect_failed,,0,1,,,7,\n"
        "RUN,default,1,mock-parallel,8,,8,http://mock/,0,,7.0,17.0,50097.0,50107.0,10.0,"
        "40.0,1000.0,ok,200,4007,1,4,40007,0,50007.0\n";
    struct fixture fixture;
    char *text;

    (void)state;
    fixture_open(&fixture, "8");
    fixture.recorded.mock.alter = vary_outcomes;
    assert_int_equal(fixture_run(&fixture, NULL), 0);
    assert_int_equal(fixture.tally.statuses[STATUS_FAILED], 1);
    text = fixture_close(&fixture);
    assert_string_equal(text, expected);
    free(text);
}

/* Two servers, and a third that differs from the second only in its port. 1 and 2 have
 * the same local port at the same time, towards different servers; 3 and 4 reuse these
 * two connections; 5 has the same port towards the third; 6 is a new connection between
 * the same ends as 1. */
static void use_one_port_for_three_servers(struct mock *mock,
                                           struct measurement *measurement)
{
    static const struct {
        uint8_t server;
        uint16_t remote_port, connections;
    } requests[6] = {{1, 80, 1}, {2, 80, 1}, {1, 80, 0},
                     {2, 80, 0}, {2, 81, 1}, {1, 80, 1}};
    struct fetch_result *results = mock_results(measurement);

    (void)mock;
    for (size_t i = 0; i < 6; i++) {
        results[i].local_port = 40000;
        results[i].remote_address[FETCH_ADDRESS_BYTES - 1] = requests[i].server;
        results[i].remote_port = requests[i].remote_port;
        results[i].connections = requests[i].connections;
    }
}

/* The values of one column, as a string such as "1,2,". */
static void collect_column(const char *text, int column, char *out)
{
    while ((text = strchr(text, '\n')) && text[1]) {
        text++;
        const char *at = text;

        for (int i = 0; i < column; i++)
            at = strchr(at, ',') + 1;
        out += sprintf(out, "%.*s,", (int)strcspn(at, ",\n"), at);
    }
}

static void test_one_port_and_several_servers(void **state)
{
    enum { CONNECTION_COLUMN = 21 };
    char numbers[64] = "";
    struct fixture fixture;
    char *text;

    (void)state;
    fixture_open(&fixture, "6");
    fixture.recorded.mock.alter = use_one_port_for_three_servers;
    assert_int_equal(fixture_run(&fixture, NULL), 0);
    text = fixture_close(&fixture);
    collect_column(text, CONNECTION_COLUMN, numbers);
    assert_string_equal(numbers, "1,2,1,2,3,4,");
    free(text);
}

/* The requests of a cell are written before its row; warm-up and cells that did not run
 * write none. 900 requests are more than one block. */
static void test_cells(void **state)
{
    struct fixture fixture;
    char *text;

    (void)state;
    fixture_open(&fixture, "10,900,1000");
    fixture.plan.rounds = 2;
    fixture.plan.warmup_rounds = 1;
    fixture.plan.max_cell_ns = 190 * CLOCK_NS_PER_MS; /* level 1000 is skipped */
    assert_int_equal(fixture_run(&fixture, NULL), 0);
    assert_int_equal(fixture.tally.statuses[STATUS_VALID], 4);
    assert_int_equal(fixture.tally.statuses[STATUS_SKIPPED], 1);
    assert_int_equal(fixture.recorded.requests_before_row, 4);
    text = fixture_close(&fixture);
    assert_int_equal(count_lines(text), 1 + 1820);
    assert_true(strlen(text) > 2ul * 64 * 1024);
    free(text);
}

/* -- errors -------------------------------------------------------------------- */

static void set_file_limit(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Leaves no disk space for the requests of the second cell. */
static void fill_the_disk(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    (void)measurement;
    set_file_limit((rlim_t)200 * 1024);
}

static void test_full_disk(void **state)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    struct err err = {""};
    struct fixture fixture;
    char *text;

    (void)state;
    assert_int_equal(sigaction(SIGXFSZ, &ignore, &before), 0);
    fixture_open(&fixture, "1000");
    fixture.plan.rounds = 3;
    fixture.recorded.mock.alter = fill_the_disk;
    fixture.recorded.mock.alter_after = 1;
    assert_int_equal(fixture_run(&fixture, &err), -1);
    set_file_limit(RLIM_INFINITY);
    assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
    assert_non_null(strstr(err.text, "requests.csv: File too large"));
    /* The second cell has neither requests nor a row, although one block fitted. */
    assert_int_equal(fixture.recorded.runs.count, 1);
    text = fixture_close(&fixture);
    assert_int_equal(count_lines(text), 1 + 1000);
    assert_true(text[strlen(text) - 1] == '\n');
    free(text);
}

static void test_never_overwrites(void **state)
{
    struct raw *second = NULL;
    struct err err = {""};
    struct fixture fixture;

    (void)state;
    fixture_open(&fixture, "1");
    assert_int_equal(raw_open(&second, fixture.dir, NULL, &err), -1);
    assert_non_null(strstr(err.text, "already exists; give another --out"));
    assert_int_equal(raw_open(&second, "/no/such/directory", NULL, &err), -1);
    assert_non_null(strstr(err.text, "cannot write /no/such/directory/requests.csv"));
    free(fixture_close(&fixture));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_one_port_and_several_servers),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_never_overwrites),
    };

    return cmocka_run_group_tests_name("raw", tests, NULL, NULL);
}
