/* cgroup.h - the control groups of this process, and their limits.
 *
 * Reads both versions of the kernel's interface. `root` is put in front of /proc and
 * /sys: "" for this machine, a directory of synthetic files in tests. */
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
    size_t mount_length;       /* the part of `dir` that is the mount point */
    char dir[CGROUP_DIR_SIZE]; /* with `root` in front */
};

/* The group that this process is in, for a controller such as "pids". Where its path
 * cannot be seen, as in many containers, takes the top of the mounted tree instead.
 * False: there is none. */
bool cgroup_find(struct cgroup *group, const char *root, const char *controller);

/* Goes on to its parent, whose limits hold as well; false at the top. */
bool cgroup_ascend(struct cgroup *group);

/* The number in one of its files; "max" is UINT64_MAX. False when there is none. */
bool cgroup_number(const struct cgroup *group, const char *file, uint64_t *value);

/* The number after a key in one of its files, such as memory.stat. */
bool cgroup_keyed_number(const struct cgroup *group, const char *file, const char *key,
                         uint64_t *value);

/* How often the CPU quotas of the groups have throttled their tasks, and for how long in
 * all, added up over CPUs. False: no group counts that. */
bool cgroup_throttled(const char *root, uint64_t *count, uint64_t *throttled_us);

/* The CPU quota of this process, in CPUs: the least of its groups. INFINITY: no limit. */
double cgroup_cpu_quota(const char *root);

#endif
