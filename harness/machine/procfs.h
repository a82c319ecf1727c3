/* procfs.h - memory, threads and state of processes, from /proc. */
#ifndef HARNESS_MACHINE_PROCFS_H
#define HARNESS_MACHINE_PROCFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Memory is counted without memory shared by memfd, which belongs to bench itself, see
 * fetch/work.h. */
struct procfs_reading {
    uint64_t peak_rss_bytes; /* VmHWM: of this process image alone, unlike ru_maxrss */
    uint64_t threads;
};

/* Reads process `pid` (0: the caller). -1 if it is gone or the kernel does not say. */
int procfs_read(pid_t pid, struct procfs_reading *reading);

/* A process group at one moment. */
struct procfs_group {
    uint64_t processes, threads;
    uint64_t peak_rss_bytes; /* summed; pages of programs and libraries count in each */
    uint64_t pss_bytes;      /* summed; such pages are shared out among their users */
};

/* Reads all processes of `group`. -1 if there is none, or one cannot be read. */
int procfs_read_group(pid_t group, struct procfs_group *reading);

/* The same for all descendants of `pid`, without itself: also those that have left its
 * group. */
int procfs_read_descendants(pid_t pid, struct procfs_group *reading);

/* True when a descendant of `pid` is stopped. Reads only the descendants, so the cost
 * grows with their number. */
bool procfs_has_stopped_child(pid_t pid);

#endif
