/* cgroup.h - the control groups that this process is in, and the limits that stand there.
 *
 * Both versions of the kernel's interface are read. `root` goes in front of /proc and
 * /sys:
 * "" for this machine, a directory of synthetic files in tests. */
#ifndef HARNESS_MACHINE_CGROUP_H
#define HARNESS_MACHINE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strict_math.h"

enum { CGROUP_DIR_SIZE = 512 };

/* One control group. */
struct cgroup {
    bool unified;              /* version 2: its files have other names */
    size_t mount_length;       /* so much of `dir` is where the tree is mounted */
    char dir[CGROUP_DIR_SIZE]; /* with `root` in front */
};

/* The group that this process is in, for a controller such as "pids". Where its own path
 * cannot be seen, as in many containers, the top of what is mounted stands for it. False
 * when there is none. */
bool cgroup_find(struct cgroup *group, const char *root, const char *controller);

/* Goes on to the group around it, whose limits hold as well; false at the top. */
bool cgroup_ascend(struct cgroup *group);

/* The number in one of its files; "max" is UINT64_MAX. False when there is none. */
bool cgroup_number(const struct cgroup *group, const char *file, uint64_t *value);

/* The number beside a key in one of its files, such as memory.stat. */
bool cgroup_keyed_number(const struct cgroup *group, const char *file, const char *key,
                         uint64_t *value);

/* How often the quotas of the groups have held their tasks back, and for how long in all,
 * added up over CPUs. False when no group counts that. */
bool cgroup_throttled(const char *root, uint64_t *count, uint64_t *throttled_us);

/* So many CPUs' worth of time the groups leave this process; INFINITY: no limit. */
double cgroup_cpu_quota(const char *root);

#endif
