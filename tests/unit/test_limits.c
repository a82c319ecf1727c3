/* test_limits.c - reading limits from synthetic files. */
#include "harness/machine/cgroup.h"
#include "harness/machine/limits.h"
#include "tests/support/check.h"
#include "tests/support/tree.h"

#include <math.h>
#include <stdio.h>

static struct machine_limits read_limits(const struct tree *tree)
{
    struct machine_limits limits = {.descriptors = 1000000};

    machine_limits_read(&limits, tree->root);
    return limits;
}

static void test_no_files(void **state)
{
    struct machine_limits limits;
    struct tree tree;

    (void)state;
    tree_make(&tree);
    limits = read_limits(&tree);
    assert_false(limits.tasks.known);
    assert_false(limits.memory.known);
    assert_int_equal(limit_left(&limits.tasks), UINT64_MAX);
    assert_int_equal(limits.ports, 0);
    assert_int_equal(limits.somaxconn, 0);
    assert_true(isinf(cgroup_cpu_quota(tree.root)));
    tree_remove(&tree);
}

static void test_tasks_of_the_machine(void **state)
{
    struct machine_limits limits;
    struct tree tree;

    (void)state;
    tree_make(&tree);
    tree_write(&tree, "/proc/loadavg", "0.22 3.23 3.37 1/89 22840\n");
    tree_write(&tree, "/proc/sys/kernel/pid_max", "32768\n");
    limits = read_limits(&tree);
    assert_string_equal(limits.tasks.name, "kernel.pid_max");
    assert_int_equal(limits.tasks.used, 89);
    assert_int_equal(limit_left(&limits.tasks), 32768 - 89);
    tree_write(&tree, "/proc/sys/kernel/threads-max", "900\n");
    limits = read_limits(&tree);
    assert_string_equal(limits.tasks.name, "kernel.threads-max");
    assert_int_equal(limits.tasks.max, 900);
    tree_remove(&tree);
}

/* The parent group has less room than the group itself. */
static void test_groups_of_version_2(void **state)
{
    struct machine_limits limits;
    struct tree tree;
    char name[128];

    (void)state;
    tree_make(&tree);
    tree_write(&tree, "/proc/self/cgroup", "0::/outer/inner\n");
    tree_write(&tree, "/sys/fs/cgroup/outer/inner/pids.max", "100\n");
    tree_write(&tree, "/sys/fs/cgroup/outer/inner/pids.current", "10\n");
    tree_write(&tree, "/sys/fs/cgroup/outer/pids.max", "max\n");
    limits = read_limits(&tree);
    assert_int_equal(limits.tasks.max, 100);
    assert_int_equal(limits.tasks.used, 10);
    tree_write(&tree, "/sys/fs/cgroup/outer/pids.max", "120\n");
    tree_write(&tree, "/sys/fs/cgroup/outer/pids.current", "50\n");
    limits = read_limits(&tree);
    assert_int_equal(limit_left(&limits.tasks), 70);
    (void)snprintf(name, sizeof(name), "%s/sys/fs/cgroup/outer/pids.max", tree.root);
    assert_string_equal(limits.tasks.name, name);
    assert_int_equal(limits.tasks.raise, RAISE_FILE);

    tree_write(&tree, "/sys/fs/cgroup/outer/memory.max", "104857600\n");
    tree_write(&tree, "/sys/fs/cgroup/outer/memory.current", "52428800\n");
    tree_write(&tree, "/sys/fs/cgroup/outer/memory.stat",
               "anon 1\nfile 9\nactive_file 1048576\ninactive_file 4194304\n");
    limits = read_limits(&tree);
    assert_int_equal(limits.memory.max, 100 << 20);
    assert_int_equal(limits.memory.used, 45 << 20);

    assert_true(isinf(cgroup_cpu_quota(tree.root)));
    tree_write(&tree, "/sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
    assert_true(isinf(cgroup_cpu_quota(tree.root)));
    tree_write(&tree, "/sys/fs/cgroup/outer/cpu.max", "150000 100000\n");
    assert_true(fabs(cgroup_cpu_quota(tree.root) - 1.5) < 1e-9);
    tree_remove(&tree);
}

/* In version 1 each controller has its own tree; a hybrid system also has the tree of
 * version 2. */
static void test_groups_of_version_1(void **state)
{
    struct machine_limits limits;
    struct tree tree;

    (void)state;
    tree_make(&tree);
    tree_write(&tree, "/proc/self/cgroup",
               "9:name=systemd:/x\n8:pids:/a\n4:memory:/m\n1:cpu,cpuacct:/c\n0::/x\n");
    tree_write(&tree, "/sys/fs/cgroup/pids/a/pids.max", "64\n");
    tree_write(&tree, "/sys/fs/cgroup/pids/a/pids.current", "4\n");
    tree_write(&tree, "/sys/fs/cgroup/memory/memory.limit_in_bytes",
               "9223372036854771712\n");
    tree_write(&tree, "/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "-1\n");
    tree_write(&tree, "/sys/fs/cgroup/cpu/c/cpu.cfs_period_us", "100000\n");
    limits = read_limits(&tree);
    assert_int_equal(limit_left(&limits.tasks), 60);
    assert_false(limits.memory.known);
    assert_true(isinf(cgroup_cpu_quota(tree.root)));
    tree_write(&tree, "/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "1000000\n");
    tree_write(&tree, "/sys/fs/cgroup/memory/m/memory.usage_in_bytes", "300000\n");
    tree_write(&tree, "/sys/fs/cgroup/memory/m/memory.stat",
               "inactive_file 1\ntotal_inactive_file 400000\n");
    limits = read_limits(&tree);
    assert_int_equal(limits.memory.max, 1000000);
    assert_int_equal(limits.memory.used, 0); /* never negative */
    tree_write(&tree, "/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "50000\n");
    assert_true(fabs(cgroup_cpu_quota(tree.root) - 0.5) < 1e-9);
    tree_remove(&tree);
}

/* In a container, /proc names the path on the host, but the mounted tree is the
 * container's. */
static void test_group_that_cannot_be_seen(void **state)
{
    static const char *const paths[] = {"0::/\n", "0::/docker/0123abcd\n",
                                        "0::/../../outside\n"};
    struct machine_limits limits;
    struct tree tree;

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        tree_make(&tree);
        tree_write(&tree, "/proc/self/cgroup", paths[i]);
        tree_write(&tree, "/sys/fs/cgroup/pids.max", "77\n");
        /* Outside the mounted tree: */
        tree_write(&tree, "/sys/fs/pids.max", "5\n");
        tree_write(&tree, "/sys/outside/pids.max", "5\n");
        limits = read_limits(&tree);
        assert_int_equal(limits.tasks.max, 77);
        tree_remove(&tree);
    }
}

static void test_memory_of_the_machine(void **state)
{
    struct machine_limits limits;
    struct tree tree;

    (void)state;
    tree_make(&tree);
    tree_write(&tree, "/proc/meminfo",
               "MemTotal:       1000 kB\nMemFree:  1 kB\nMemAvailable:    600 kB\n"
               "SwapTotal:  50 kB\nSwapFree:     20 kB\n");
    limits = read_limits(&tree);
    assert_int_equal(limits.memory.max, 1020 * 1024);
    assert_int_equal(limit_left(&limits.memory), 620 * 1024);
    assert_int_equal(limits.memory.raise, RAISE_NOT);
    tree_remove(&tree);
}

static void test_network(void **state)
{
    struct machine_limits limits;
    struct tree tree;

    (void)state;
    tree_make(&tree);
    tree_write(&tree, "/proc/sys/vm/max_map_count", "65530\n");
    tree_write(&tree, "/proc/sys/net/core/somaxconn", "4096\n");
    tree_write(&tree, "/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    limits = read_limits(&tree);
    assert_int_equal(limits.ports, 28232);
    assert_int_equal(limits.somaxconn, 4096);
    assert_int_equal(limits.memory_maps, 65530);
    assert_false(limits.ports_reused_on_loopback);
    tree_write(&tree, "/proc/sys/net/ipv4/ip_local_reserved_ports",
               "80,32760-32777,40000,60999-61005\n");
    limits = read_limits(&tree);
    assert_int_equal(limits.ports, 28232 - 10 - 1 - 1);
    tree_write(&tree, "/proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
    tree_write(&tree, "/proc/sys/net/ipv4/tcp_tw_reuse", "2\n");
    limits = read_limits(&tree);
    assert_false(limits.ports_reused_on_loopback); /* requires TCP time stamps */
    tree_write(&tree, "/proc/sys/net/ipv4/tcp_timestamps", "1\n");
    limits = read_limits(&tree);
    assert_true(limits.ports_reused_on_loopback);
    assert_false(limits.ports_reused);
    tree_write(&tree, "/proc/sys/net/ipv4/tcp_tw_reuse", "1\n");
    limits = read_limits(&tree);
    assert_true(limits.ports_reused);
    tree_remove(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_files),
        cmocka_unit_test(test_tasks_of_the_machine),
        cmocka_unit_test(test_groups_of_version_2),
        cmocka_unit_test(test_groups_of_version_1),
        cmocka_unit_test(test_group_that_cannot_be_seen),
        cmocka_unit_test(test_memory_of_the_machine),
        cmocka_unit_test(test_network),
    };

    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
