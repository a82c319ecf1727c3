/* test_preflight.c - the cells that limits forbid, and the message for each limit. */
#include "base/clock.h"
#include "harness/cell/build.h"
#include "harness/plan/plan_cells.h"
#include "harness/plan/plan_fields.h"
#include "harness/sweep/preflight.h"
#include "harness/sweep/preflight_warn.h"
#include "harness/target/lookup.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

static const struct strategy one_at_a_time = {.name = "one", .level_limit = 1};
static const struct strategy many = {.name = "many", .needs = {.descriptors = 3}};
static const struct strategy multi = {
    .name = "multi", .multi = true, .needs = {.descriptors = 1}};
static const struct strategy tasks = {.name = "tasks", .needs = {.processes = 1}};
static const struct strategy threads = {
    .name = "threads", .level_limit = 1, .needs = {.threads = 1}};
static const struct strategy heavy = {.name = "heavy",
                                      .needs = {.memory_bytes = 1 << 20}};
static const struct strategy heavy_processes = {
    .name = "heavy-processes", .needs = {.processes = 1, .memory_bytes = 1 << 20}};

static struct plan plan_of(const struct strategy *strategy, const char *levels)
{
    struct plan plan = plan_defaults();

    plan.strategies[0] = strategy;
    plan.strategy_count = 1;
    assert_int_equal(levels_parse(&plan.levels, &levels_kind, levels, NULL), 0);
    return plan;
}

static bool forbidden(const struct plan *plan, const struct strategy *strategy,
                      unsigned level, const struct machine_limits *limits,
                      const char *words)
{
    struct cell cell = {
        .strategy = strategy, .level = level, .requests = plan_requests(plan, level)};
    struct verdict verdict;
    bool forbids = preflight_forbids(plan, &cell, limits, &verdict);

    if (forbids) {
        assert_int_equal(verdict.status, STATUS_INFEASIBLE);
        if (!strstr(verdict.reason, words))
            fail_msg("'%s' does not say '%s'", verdict.reason, words);
    }
    return forbids;
}

/* -- forbidden cells ----------------------------------------------------------- */

static void test_nothing_known_forbids_nothing(void **state)
{
    static const struct machine_limits limits = {.descriptors = 1000000};
    struct plan plan = plan_of(&many, "1");

    (void)state;
    assert_false(forbidden(&plan, &many, 100000, &limits, ""));
    assert_false(forbidden(&plan, &tasks, 100000, &limits, ""));
    assert_false(forbidden(&plan, &heavy, 100000, &limits, ""));
}

static void test_descriptors(void **state)
{
    static const struct machine_limits limits = {.descriptors = 364};
    struct plan plan = plan_of(&many, "1,100");

    (void)state;
    assert_false(forbidden(&plan, &many, 100, &limits, ""));
    assert_true(
        forbidden(&plan, &many, 101, &limits,
                  "needs 367 file descriptors in one process, but the limit is 364; "
                  "raise it with ulimit -n 367"));
    assert_false(forbidden(&plan, &multi, 300, &limits, ""));
    assert_true(forbidden(&plan, &multi, 301, &limits, "file descriptors"));
    assert_false(forbidden(&plan, &one_at_a_time, 100000, &limits, ""));
    plan.url = "http://127.0.0.1/"; /* another server uses its own descriptors */
    assert_false(forbidden(&plan, &tasks, 1000, &limits, ""));
}

static void test_tasks(void **state)
{
    struct machine_limits limits = {
        .descriptors = 1000000,
        .tasks = {true, 200, 92, RAISE_SYSCTL, "kernel.pid_max"},
    };
    struct plan plan = plan_of(&tasks, "1");

    (void)state;
    assert_false(forbidden(&plan, &tasks, 100, &limits, ""));
    assert_true(
        forbidden(&plan, &tasks, 101, &limits,
                  "needs 109 threads or processes, but the limit (kernel.pid_max) is "
                  "200 with 92 in use; use a lower level, or sysctl -w "
                  "kernel.pid_max=201"));
    assert_false(forbidden(&plan, &many, 101, &limits, "")); /* makes none */
    limits.tasks = (struct limit){true, 200, 92, RAISE_SHELL, "ulimit -u"};
    assert_true(forbidden(&plan, &tasks, 101, &limits, "(ulimit -u) is 200"));
    assert_true(forbidden(&plan, &tasks, 101, &limits, "or ulimit -u 201"));
    limits.tasks = (struct limit){true, 200, 92, RAISE_FILE, "/cg/pids.max"};
    assert_true(forbidden(&plan, &tasks, 101, &limits, "(of its control group) is 200"));
    assert_true(forbidden(&plan, &tasks, 101, &limits, "or echo 201 >/cg/pids.max"));
    limits.tasks.used = 300; /* a group can be over its limit */
    assert_true(forbidden(&plan, &tasks, 1, &limits, "300 in use"));
}

/* Only threads share a process, where each needs a stack and at first an arena. */
static void test_address_space(void **state)
{
    struct machine_limits limits = {
        .descriptors = 1000000,
        .address_space = {true, 2048ull * 1024, 48ull * 1024, RAISE_SHELL, "ulimit -v"},
    };
    static const struct strategy pool = {.name = "pool", .needs = {.threads = 1}};
    struct plan plan = plan_of(&pool, "1");

    (void)state;
    assert_false(forbidden(&plan, &pool, 10, &limits, ""));
    assert_true(
        forbidden(&plan, &pool, 100000, &limits,
                  "MiB of address space in one process, but the limit (ulimit -v) is "
                  "2048 with 48 in use; use a lower level, or ulimit -v "));
    assert_false(forbidden(&plan, &tasks, 100000, &limits, ""));
    assert_false(forbidden(&plan, &threads, 100000, &limits, "")); /* one at a time */
    assert_true(forbidden(&plan, &heavy, 100000, &limits, "address space"));
    assert_false(forbidden(&plan, &heavy_processes, 100000, &limits, ""));
    limits.address_space.max = 64ull * 1024;
    assert_true(forbidden(&plan, &pool, 10, &limits, "address space"));
    limits.address_space.known = false;
    assert_false(forbidden(&plan, &pool, 100000, &limits, ""));
}

static void test_pidfds(void **state)
{
    static const struct strategy waits = {.name = "waits", .needs = {.pidfds = true}};
    struct machine_limits limits = {.descriptors = 1000000, .no_pidfds = true};
    struct plan plan = plan_of(&waits, "1");

    (void)state;
    assert_true(forbidden(&plan, &waits, 1, &limits, "needs pidfd_open(2)"));
    assert_false(forbidden(&plan, &tasks, 1, &limits, ""));
    limits.no_pidfds = false;
    assert_false(forbidden(&plan, &waits, 1, &limits, ""));
}

/* Limits of a model are in its table of properties. */
static void test_limits_of_the_strategy(void **state)
{
    static const struct strategy forgetful = {.name = "forgetful", .fresh_only = true};
    static const struct strategy plain = {.name = "plain", .plain_http_only = true};
    static struct target_site site = {.plain = true};
    struct plan plan = plan_of(&forgetful, "10");
    struct machine_limits limits = {.descriptors = 1000};

    (void)state;
    assert_false(forbidden(&plan, &forgetful, 10, &limits, ""));
    assert_false(forbidden(&plan, &plain, 10, &limits, ""));
    plan.tls = true;
    assert_false(forbidden(&plan, &forgetful, 10, &limits, ""));
    assert_true(forbidden(&plan, &plain, 10, &limits, "does not support TLS"));
    plan.tls = false;
    plan.reuse_connections = true;
    assert_true(forbidden(&plan, &forgetful, 10, &limits, "--connections fresh"));
    assert_false(forbidden(&plan, &plain, 10, &limits, ""));
    plan.site = &site;
    assert_false(forbidden(&plan, &plain, 10, &limits, ""));
    site.server_count = 2;
    assert_true(forbidden(&plan, &plain, 10, &limits, "to one server only"));
    plan.reuse_connections = false;
    assert_false(forbidden(&plan, &plain, 10, &limits, ""));
    (void)snprintf(site.fetch.headers, sizeof(site.fetch.headers), "A: b\n");
    assert_true(forbidden(&plan, &plain, 10, &limits, "does not send --header"));
    assert_false(forbidden(&plan, &many, 10, &limits, ""));
    site.plain = false;
    assert_true(forbidden(&plan, &plain, 10, &limits, "<IPv4 address>"));
    site.tls = true;
    assert_true(forbidden(&plan, &plain, 10, &limits, "some addresses are https"));
}

static void test_memory(void **state)
{
    struct machine_limits limits = {
        .descriptors = 1000000,
        .memory = {true, 300ull << 20, 100ull << 20, RAISE_NOT, "the memory"},
    };
    struct plan plan = plan_of(&heavy, "1");

    (void)state;
    assert_false(forbidden(&plan, &heavy, 192, &limits, ""));
    assert_true(
        forbidden(&plan, &heavy, 193, &limits,
                  "needs 201 MiB of memory, but the limit (the memory) is 300 with "
                  "100 in use; use a lower level"));
    plan.tls = true; /* 1 MiB and 120 KiB each */
    assert_false(forbidden(&plan, &heavy, 171, &limits, ""));
    assert_true(forbidden(&plan, &heavy, 172, &limits, "needs 200 MiB of memory"));
    /* ... and 384 KiB per process for the library's state. */
    assert_false(forbidden(&plan, &heavy_processes, 128, &limits, ""));
    assert_true(forbidden(&plan, &heavy_processes, 129, &limits, "MiB of memory"));
    plan.tls = false;
    assert_false(forbidden(&plan, &heavy_processes, 192, &limits, ""));
    limits.memory.raise = RAISE_FILE;
    assert_true(forbidden(&plan, &heavy, 193, &limits, "or echo 315621376 >the memory"));
    assert_false(forbidden(&plan, &many, 10000, &limits, "")); /* declares no memory */
}

static void test_timeout(void **state)
{
    static const struct machine_limits limits = {.descriptors = 1000000};
    struct plan plan = plan_of(&many, "1,100");

    (void)state;
    plan.origin.capacity = 1;
    plan.timeout_ns = CLOCK_NS_PER_S; /* the 20th is due after 1 s */
    assert_false(forbidden(&plan, &many, 19, &limits, ""));
    assert_true(forbidden(&plan, &many, 20, &limits,
                          "wait 1.0 s, above the timeout of 1s; use a longer --timeout"));
    plan.origin.capacity = 0;
    plan.max_host_connections = 1; /* ignored without libcurl's queue */
    assert_false(forbidden(&plan, &many, 20, &limits, ""));
    assert_true(forbidden(&plan, &multi, 20, &limits, "--timeout"));
}

/* At a rate only unanswered requests wait for the origin, which answers 20 per second. */
static void test_timeout_at_a_rate(void **state)
{
    static const struct machine_limits limits = {.descriptors = 1000000};
    struct plan plan = plan_of(&multi, "1");
    struct cell cell = {.strategy = &multi, .level = 500, .rate = 20, .requests = 200};
    struct verdict verdict;

    (void)state;
    plan.levels.count = 0;
    assert_int_equal(levels_parse(&plan.rates, &rates_kind, "20", NULL), 0);
    plan.duration_ns = 10 * CLOCK_NS_PER_S;
    plan.timeout_ns = CLOCK_NS_PER_S;
    plan.origin.capacity = 1;
    assert_false(preflight_forbids(&plan, &cell, &limits, &verdict));
    cell.requests = 219;
    assert_false(preflight_forbids(&plan, &cell, &limits, &verdict));
    cell.requests = 220;
    assert_true(preflight_forbids(&plan, &cell, &limits, &verdict));
    assert_non_null(strstr(verdict.reason, "wait 1.0 s, above the timeout of 1s"));
    cell.level = 19; /* the others wait in the client */
    cell.requests = 100000;
    assert_false(preflight_forbids(&plan, &cell, &limits, &verdict));
    cell.level = 500;
    plan.origin.capacity = 0; /* so does libcurl's own queue */
    plan.max_host_connections = 1;
    assert_true(preflight_forbids(&plan, &cell, &limits, &verdict));
    cell.requests = 200;
    assert_false(preflight_forbids(&plan, &cell, &limits, &verdict));
}

/* -- ports --------------------------------------------------------------------- */

static bool requests_forbidden(const struct plan *plan, uint64_t requests,
                               uint64_t length_s, const struct machine_limits *limits,
                               const char *words)
{
    struct cell cell = {.strategy = &multi,
                        .level = 10,
                        .requests = requests,
                        .length_ns = length_s * CLOCK_NS_PER_S};
    struct verdict verdict;
    bool forbids = preflight_forbids(plan, &cell, limits, &verdict);

    if (forbids && !strstr(verdict.reason, words))
        fail_msg("'%s' does not say '%s'", verdict.reason, words);
    return forbids;
}

static void test_ports(void **state)
{
    struct machine_limits limits = {.descriptors = 1000000, .ports = 1000};
    struct plan plan = plan_of(&multi, "10");

    (void)state;
    assert_false(requests_forbidden(&plan, 999, 1, &limits, ""));
    assert_true(requests_forbidden(
        &plan, 1000, 1, &limits,
        "needs 1001 ports for fresh connections to one address (TIME_WAIT keeps them), "
        "but "
        "the limit (net.ipv4.ip_local_port_range) is 1000; use fewer --requests, or "
        "--connections reuse, or sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\""));
    /* A port is free after a minute, */
    assert_false(requests_forbidden(&plan, 1998, 120, &limits, ""));
    assert_true(requests_forbidden(&plan, 2020, 120, &limits, "needs 1011 ports"));
    /* or after a second, */
    limits.ports_reused_on_loopback = true;
    assert_true(requests_forbidden(&plan, 1001, 1, &limits, "port_range"));
    assert_false(requests_forbidden(&plan, 1998, 2, &limits, ""));
    limits.ports_reused_on_loopback = false;
    limits.ports = 64000;
    assert_true(requests_forbidden(&plan, 70000, 1, &limits, "tcp_tw_reuse=1"));
    limits.ports = 1000;
    /* or the connection is kept. Each connection in use needs a port in any case. */
    plan.reuse_connections = true;
    assert_false(requests_forbidden(&plan, 5000, 1, &limits, ""));
    assert_true(forbidden(&plan, &multi, 1000, &limits,
                          "needs 1001 ports for connections to one address at a time"));
    plan.reuse_connections = false;
    plan.url = "there"; /* unknown which end closes first */
    assert_false(requests_forbidden(&plan, 1001, 1, &limits, ""));
    assert_false(forbidden(&plan, &multi, 1000, &limits, ""));
    assert_true(forbidden(&plan, &multi, 1001, &limits, "needs 1001 ports"));
    limits.ports = 0;
    assert_false(forbidden(&plan, &multi, 100000, &limits, ""));
}

/* How many requests fit into a duration is not known before: no reason to forbid. */
static void test_ports_in_time(void **state)
{
    struct machine_limits limits = {.descriptors = 1000000, .ports = 1000};
    struct plan plan = plan_of(&multi, "10");

    (void)state;
    plan.duration_ns = CLOCK_NS_PER_S;
    assert_false(requests_forbidden(&plan, 5000, 1, &limits, ""));
    assert_true(forbidden(&plan, &multi, 1000, &limits, "at a time"));
}

/* -- a plan -------------------------------------------------------------------- */

static void test_one_cell_is_enough(void **state)
{
    struct machine_limits limits = {.descriptors = 364};
    struct plan plan = plan_of(&many, "1,1000");
    struct cell_list list;
    struct err err = {""};

    (void)state;
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(preflight_check(&plan, &list, &limits, &err), 0);
    limits.descriptors = 10;
    assert_int_equal(preflight_check(&plan, &list, &limits, &err), -1);
    assert_non_null(strstr(err.text, "nothing to run: "));
    assert_non_null(strstr(err.text, "ulimit -n"));
    cell_list_free(&list);
}

/* The only warning of a plan, or "", apart from the one on the build type. */
static const char *warning(const struct plan *plan, const struct machine_limits *limits)
{
    static struct preflight_warnings warnings;
    struct cell_list list;

    assert_int_equal(plan_cells(plan, &list, NULL), 0);
    preflight_warn(plan, &list, limits, &warnings);
    cell_list_free(&list);
    if (build_is_slow()) {
        assert_true(warnings.count > 0);
        assert_non_null(strstr(warnings.lines[--warnings.count],
                               "this build of bench is not optimized ("));
    }
    assert_true(warnings.count <= 1);
    return warnings.count ? warnings.lines[0] : "";
}

static void expect_words(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("'%s' does not say '%s'", text, words);
}

/* Literal addresses, so that no name is looked up. */
static void fetch_from(struct plan *plan, struct target_site *site, const char *template)
{
    target_site_begin(site);
    assert_int_equal(target_site_add_template(site, template, NULL), 0);
    assert_int_equal(lookup_servers(site, AF_UNSPEC, NULL), 0);
    plan->site = site;
    plan->url = site->name;
}

/* The ports of loopback may be reusable where others are not. */
static void test_loopback(void **state)
{
    static const char *const here[] = {"http://127.0.0.1/", "http://127.1.2.3:80/{1..9}",
                                       "http://[::1]:8080/{id}", "http://127.0.0.{1,2}/"};
    static const char *const elsewhere[] = {"http://10.1.2.3/", "http://[::2]/",
                                            "http://{127.0.0.1,10.1.2.3}/"};
    struct machine_limits limits = {
        .descriptors = 1000000, .ports = 5000, .ports_reused_on_loopback = true};
    struct plan plan = plan_of(&multi, "400");
    static struct target_site site;

    (void)state;
    plan.rounds = 30; /* 12000 connections in 3 s */
    for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++) {
        fetch_from(&plan, &site, here[i]);
        assert_string_equal(warning(&plan, &limits), "");
        target_site_free(&site);
    }
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
        fetch_from(&plan, &site, elsewhere[i]);
        expect_words(warning(&plan, &limits), "12000 fresh connections");
        target_site_free(&site);
    }
}

static void test_warnings(void **state)
{
    struct machine_limits limits = {
        .descriptors = 1000000, .ports = 1000, .somaxconn = 128};
    struct plan plan = plan_of(&multi, "128");
    static struct target_site site;

    (void)state;
    assert_string_equal(warning(&plan, &limits), "");
    plan = plan_of(&multi, "129");
    expect_words(warning(&plan, &limits), "sysctl -w net.core.somaxconn=129");
    plan = plan_of(&one_at_a_time, "129"); /* one connection at a time */
    assert_string_equal(warning(&plan, &limits), "");
    plan = plan_of(&multi, "129,2000"); /* of what is forbidden nothing more is said */
    expect_words(warning(&plan, &limits), "somaxconn=129");
    plan = plan_of(&multi, "100,400"); /* nor of what is skipped */
    plan.max_cell_ns = 60 * CLOCK_NS_PER_MS;
    assert_string_equal(warning(&plan, &limits), "");

    plan = plan_of(&threads, "500");
    limits.memory_maps = 1000;
    assert_string_equal(warning(&plan, &limits), "");
    plan = plan_of(&threads, "501");
    expect_words(warning(&plan, &limits), "sysctl -w vm.max_map_count=2004");

    plan = plan_of(&multi, "400");
    plan.rounds = 2;
    fetch_from(&plan, &site, "http://10.1.2.3/");
    assert_string_equal(warning(&plan, &limits), "");
    plan.rounds = 3; /* 1200 connections within a minute */
    expect_words(warning(&plan, &limits), "1200 fresh connections to one address");
    plan.reuse_connections = true;
    assert_string_equal(warning(&plan, &limits), "");
    plan.reuse_connections = false;
    limits.ports_reused_on_loopback = true;
    expect_words(warning(&plan, &limits), "--connections reuse");
    limits.ports_reused = true;
    expect_words(warning(&plan, &limits), "--connections reuse"); /* within a second */
    limits.ports = 1200;
    assert_string_equal(warning(&plan, &limits), "");

    limits.ports = 1000;
    plan = plan_of(&multi, "100");
    plan.duration_ns = CLOCK_NS_PER_S; /* at most 2100 connections */
    expect_words(warning(&plan, &limits),
                 "a cell may open more fresh connections within its duration than the "
                 "1000 ports of net.ipv4.ip_local_port_range, which TIME_WAIT keeps");
    plan.reuse_connections = true;
    assert_string_equal(warning(&plan, &limits), "");
    plan.reuse_connections = false;
    limits.ports = 2100;
    assert_string_equal(warning(&plan, &limits), "");

    plan = plan_of(&one_at_a_time, "100"); /* 5 s and some */
    plan.once_above_ns = 0;
    plan.rounds = 700;
    assert_string_equal(warning(&plan, &limits), "");
    plan.rounds = 720;
    expect_words(warning(&plan, &limits), "this takes about 1.0 hours");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_known_forbids_nothing),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_tasks),
        cmocka_unit_test(test_address_space),
        cmocka_unit_test(test_pidfds),
        cmocka_unit_test(test_limits_of_the_strategy),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_timeout_at_a_rate),
        cmocka_unit_test(test_ports),
        cmocka_unit_test(test_ports_in_time),
        cmocka_unit_test(test_one_cell_is_enough),
        cmocka_unit_test(test_loopback),
        cmocka_unit_test(test_warnings),
    };

    return cmocka_run_group_tests_name("preflight", tests, NULL, NULL);
}
