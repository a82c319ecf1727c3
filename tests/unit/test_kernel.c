/* test_kernel.c - reading the kernel's counters from synthetic files, and counters that
 * decrease. */
#include "harness/machine/kernel.h"
#include "tests/support/check.h"
#include "tests/support/tree.h"

#include <stdio.h>
#include <string.h>

static const char netstat[] =
    "TcpExt: SyncookiesSent TCPTimeouts ListenOverflows ListenDrops\n"
    "TcpExt: 9 %d %d %d\n";
static const char snmp[] = "Tcp: RtoAlgorithm RetransSegs\nTcp: 1 %d\n";

/* Two CPUs of the client with the usual 100 ticks per second, and one that is not the
 * client's. */
static const char stat[] = "cpu  9 9 9 9 9 9 9 9 0 0\n"
                           "cpu0 7 0 7 %d %d 0 0 %d 0 0\n"
                           "cpu1 7 0 7 %d %d 0 0 %d 0 0\n"
                           "cpu2 7 0 7 100000 100000 0 0 100000 0 0\n";

struct counts {
    int timeouts, overflows, drops, retransmits;
    int idle[2], waiting[2], stolen[2]; /* in ticks of 10 ms */
};

static struct kernel_counters read_counts(const struct counts *counts)
{
    struct kernel_counters counters;
    struct cpus client = {{0}};
    struct tree tree;
    char text[512];

    tree_make(&tree);
    (void)snprintf(text, sizeof(text), netstat, counts->timeouts, counts->overflows,
                   counts->drops);
    tree_write(&tree, "/proc/net/netstat", text);
    (void)snprintf(text, sizeof(text), snmp, counts->retransmits);
    tree_write(&tree, "/proc/net/snmp", text);
    (void)snprintf(text, sizeof(text), stat, counts->idle[0], counts->waiting[0],
                   counts->stolen[0], counts->idle[1], counts->waiting[1],
                   counts->stolen[1]);
    tree_write(&tree, "/proc/stat", text);
    cpus_add(&client, 0);
    cpus_add(&client, 1);
    counters = kernel_counters_read(tree.root, &client);
    tree_remove(&tree);
    return counters;
}

static struct kernel_counters since(const struct counts *before,
                                    const struct counts *after)
{
    struct kernel_counters first = read_counts(before);
    struct kernel_counters last = read_counts(after);

    return kernel_counters_since(&first, &last);
}

static const struct counts begin = {.timeouts = 10,
                                    .overflows = 20,
                                    .drops = 30,
                                    .retransmits = 40,
                                    .idle = {1000, 2000},
                                    .waiting = {500, 600},
                                    .stolen = {70, 80}};

static void test_counter_differences(void **state)
{
    struct counts end = begin;
    struct kernel_counters added;

    (void)state;
    end.timeouts += 1;
    end.overflows += 2;
    end.drops += 3;
    end.retransmits += 4;
    end.idle[0] += 5;
    end.idle[1] += 6;
    end.waiting[1] += 7;
    end.stolen[0] += 8;
    added = since(&begin, &end);
    assert_true(added.known);
    assert_true(added.cpu_known);
    assert_int_equal(added.tcp_timeouts, 1);
    assert_int_equal(added.listen_overflows, 2);
    assert_int_equal(added.listen_drops, 3);
    assert_int_equal(added.tcp_retransmits, 4);
    assert_int_equal(added.cpu_idle_ms, 110);
    assert_int_equal(added.cpu_waiting_ms, 70);
    assert_int_equal(added.cpu_stolen_ms, 80);
}

/* proc(5): iowait "may decrease in certain conditions"; steal does after a migration. A
 * counter that decreases adds nothing and leaves the others unchanged. */
static void test_counter_that_decreases(void **state)
{
    static const size_t fields[] = {
        offsetof(struct counts, timeouts), offsetof(struct counts, overflows),
        offsetof(struct counts, drops),    offsetof(struct counts, retransmits),
        offsetof(struct counts, idle),     offsetof(struct counts, waiting),
        offsetof(struct counts, stolen),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct counts end = begin;
        struct kernel_counters added;
        uint64_t sums[7];

        for (int *at = (int *)&end; at < (int *)(&end + 1); at++)
            *at += 3;
        *(int *)((char *)&end + fields[i]) -= 10;
        added = since(&begin, &end);
        memcpy(sums,
               (uint64_t[]){added.tcp_timeouts, added.listen_overflows,
                            added.listen_drops, added.tcp_retransmits, added.cpu_idle_ms,
                            added.cpu_waiting_ms, added.cpu_stolen_ms},
               sizeof(sums));
        for (size_t j = 0; j < 7; j++)
            assert_int_equal(sums[j], j == i ? 0 : j < 4 ? 3 : 60);
    }
}

/* A group and its parent group, in both versions of control groups. */
static void test_throttled(void **state)
{
    static const struct {
        const char *cgroup, *root, *group, *inner, *outer;
        uint64_t count, us;
    } cases[] = {
        {"0::/a/b\n", "/sys/fs/cgroup", "/sys/fs/cgroup/a/b",
         "usage_usec 5\nnr_periods 9\nnr_throttled 2\nthrottled_usec 3000\n",
         "usage_usec 7\nnr_periods 9\nnr_throttled 1\nthrottled_usec 500\n", 3, 3500},
        {"4:cpu,cpuacct:/a/b\n0::/\n", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu/a/b",
         "nr_periods 9\nnr_throttled 2\nthrottled_time 3000000\n",
         "nr_periods 9\nnr_throttled 1\nthrottled_time 500000\n", 3, 3500},
        {"0::/\n", "/sys/fs/cgroup", "/sys/fs/cgroup", "usage_usec 5\nuser_usec 4\n",
         "usage_usec 5\n", UINT64_MAX, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct kernel_counters counters;
        char path[128];
        struct tree tree;

        tree_make(&tree);
        tree_write(&tree, "/proc/self/cgroup", cases[i].cgroup);
        (void)snprintf(path, sizeof(path), "%s/a/cpu.stat", cases[i].root);
        tree_write(&tree, path, cases[i].outer);
        (void)snprintf(path, sizeof(path), "%s/cpu.stat", cases[i].group);
        tree_write(&tree, path, cases[i].inner);
        counters = kernel_counters_read(tree.root, NULL);
        assert_int_equal(counters.throttle_known, cases[i].count != UINT64_MAX);
        if (counters.throttle_known) {
            assert_int_equal(counters.throttle_count, cases[i].count);
            assert_int_equal(counters.throttled_us, cases[i].us);
        }
        tree_remove(&tree);
    }
}

/* The counters of a group that was created again start from 0. */
static void test_throttle_counter_that_decreases(void **state)
{
    struct kernel_counters before = {
        .throttle_known = true, .throttle_count = 5, .throttled_us = 50};
    struct kernel_counters after = {
        .throttle_known = true, .throttle_count = 1, .throttled_us = 60};
    struct kernel_counters added = kernel_counters_since(&before, &after);

    (void)state;
    assert_true(added.throttle_known);
    assert_int_equal(added.throttle_count, 0);
    assert_int_equal(added.throttled_us, 10);
    after.throttle_known = false;
    assert_false(kernel_counters_since(&before, &after).throttle_known);
}

static void test_no_files(void **state)
{
    struct kernel_counters none;
    struct tree tree;

    (void)state;
    tree_make(&tree);
    none = kernel_counters_read(tree.root, NULL);
    assert_false(none.known);
    assert_false(none.cpu_known);
    assert_false(none.throttle_known);
    tree_remove(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counter_differences),
        cmocka_unit_test(test_counter_that_decreases),
        cmocka_unit_test(test_throttled),
        cmocka_unit_test(test_throttle_counter_that_decreases),
        cmocka_unit_test(test_no_files),
    };

    return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
